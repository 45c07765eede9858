/*
 * Two questions side by side: neither waits for the other, and they share what can be shared.
 */
#include "prometheus/asking.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) .bytes = (literal), .length = sizeof(literal) - 1
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
#define EMPTY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"

/* Replies by what is asked. */
#define WEB                                     \
    {                                           \
        BYTES(OK "web"), .wanted = "query=web&" \
    }
#define OWN                                     \
    {                                           \
        BYTES(OK "own"), .wanted = "query=own&" \
    }

static void one_that_is_never_answered_holds_nobody_up(void **state)
{
    static const struct reply replies[] = {{BYTES(""), .end = SERVER_STALLS, .wanted = "=own&"},
                                           WEB};
    struct exchange *exchange = *state;
    exchange_serve(exchange, replies, 2);
    exchange_open(exchange);
    exchange_start(exchange, CLIENT_OWN);
    for (int i = 0; i < 10; i++) {
        exchange_start(exchange, CLIENT_WORKLOADS);
        exchange_expect_answer(exchange, CLIENT_WORKLOADS);
        assert_true(client_busy(exchange->client, CLIENT_OWN));
    }
    assert_int_equal(server_connections(exchange->server), 2);
}

static void each_has_a_time_out_of_its_own(void **state)
{
    static const struct reply replies[] = {{BYTES(""), .end = SERVER_STALLS, .wanted = "=own&"},
                                           {BYTES(OK "web"), .held = true, .wanted = "=web&"}};
    struct exchange *exchange = *state;
    exchange_serve(exchange, replies, 2);
    exchange->settings.timeout_ms = 500;
    exchange_open(exchange);
    exchange_start(exchange, CLIENT_OWN);
    exchange_until_given(exchange, 0, 1);
    exchange->settings.timeout_ms = ASKING_PATIENCE_MS;
    exchange_start(exchange, CLIENT_WORKLOADS);
    exchange_expect_failure(exchange, CLIENT_OWN, "no whole answer from 127.0.0.1");
    server_release(exchange->server, 1);
    exchange_expect_answer(exchange, CLIENT_WORKLOADS);
}

static void answers_come_in_either_order(void **state)
{
    static const struct reply replies[CLIENT_CHANNELS][2] = {
        {{BYTES(OK "web"), .held = true, .wanted = "=web&"}, OWN},
        {{BYTES(OK "own"), .held = true, .wanted = "=own&"}, WEB},
    };
    struct exchange *exchange = *state;
    for (enum client_channel late = 0; late < CLIENT_CHANNELS; late++) {
        exchange_serve(exchange, replies[late], 2);
        exchange_open(exchange);
        for (int i = 0; i < 10; i++) {
            exchange_start(exchange, late);
            exchange_start(exchange, 1 - late);
            exchange_expect_answer(exchange, 1 - late);
            server_release(exchange->server, 0);
            exchange_expect_answer(exchange, late);
        }
        assert_int_equal(server_connections(exchange->server), 2);
        client_close(exchange->client);
        server_stop(exchange->server);
        exchange->client = NULL;
        exchange->server = NULL;
    }
}

static void an_answer_stays_while_the_other_is_heard(void **state)
{
    static const struct reply replies[] = {WEB, OWN};
    struct exchange *exchange = *state;
    exchange_serve(exchange, replies, 2);
    exchange_open(exchange);
    for (int i = 0; i < 20; i++) {
        exchange_start_both(exchange);
        exchange_hear(exchange);
        enum client_channel first = exchange->channel;
        struct http_answer answer = exchange->answer;
        exchange_hear(exchange);
        assert_int_equal(exchange->channel, 1 - first);
        exchange_start(exchange, exchange->channel);
        exchange_hear(exchange);
        assert_memory_equal(answer.body, exchange_queries[first], 3);
    }
    assert_int_equal(server_requests(exchange->server), 60);
}

/* Each fails at once, and is asked again at once. */
static void they_take_turns(void **state)
{
    struct exchange *exchange = *state;
    exchange->settings = asking_settings(1);
    exchange_open(exchange);
    exchange_start_both(exchange);
    exchange_hear(exchange);
    for (int i = 0; i < 20; i++) {
        enum client_channel last = exchange->channel;
        exchange_start(exchange, last);
        exchange_hear(exchange);
        assert_int_equal(exchange->channel, 1 - last);
    }
}

static void one_is_refused_while_the_other_goes_on(void **state)
{
    static const struct {
        struct reply replies[2];
        long status; /* 0: it fails */
    } rows[] = {
        {{{BYTES(EMPTY("422 Unprocessable")), .wanted = "=own&"},
          {BYTES(OK "web"), .held = true, .wanted = "=web&"}},
         422},
        {{{BYTES(EMPTY("401 Unauthorized")), .wanted = "=own&"},
          {BYTES(OK "web"), .held = true, .wanted = "=web&"}},
         401},
        {{{BYTES(""), .end = SERVER_RESETS, .wanted = "=own&"},
          {BYTES(OK "web"), .held = true, .wanted = "=web&"}},
         0},
    };
    struct exchange *exchange = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        exchange_serve(exchange, rows[i].replies, 2);
        exchange_open(exchange);
        exchange_start_both(exchange);
        enum client_event event = exchange_hear(exchange);
        assert_int_equal(exchange->channel, CLIENT_OWN);
        assert_int_equal(event, rows[i].status > 0 ? CLIENT_ANSWER : CLIENT_FAILED);
        if (event == CLIENT_ANSWER)
            assert_int_equal(exchange->answer.status, rows[i].status);
        server_release(exchange->server, 1);
        exchange_expect_answer(exchange, CLIENT_WORKLOADS);
        client_close(exchange->client);
        server_stop(exchange->server);
        exchange->client = NULL;
        exchange->server = NULL;
    }
}

static void what_is_cancelled_is_not_heard_of(void **state)
{
    static const struct reply replies[] = {
        {BYTES(""), .end = SERVER_STALLS, .wanted = "=own&"}, WEB, {BYTES(OK "own")}};
    struct exchange *exchange = *state;
    exchange_serve(exchange, replies, 3);
    exchange_open(exchange);
    client_cancel(exchange->client, CLIENT_OWN); /* nothing is under way */
    exchange_start(exchange, CLIENT_OWN);
    exchange_until_given(exchange, 0, 1);
    exchange_start(exchange, CLIENT_WORKLOADS);
    client_cancel(exchange->client, CLIENT_OWN);
    assert_false(client_busy(exchange->client, CLIENT_OWN));
    exchange_expect_answer(exchange, CLIENT_WORKLOADS);
    asking_start(exchange->client, CLIENT_OWN, "another"); /* on a new connection */
    exchange_expect_answer(exchange, CLIENT_OWN);
    exchange_start(exchange, CLIENT_WORKLOADS);
    asking_start(exchange->client, CLIENT_OWN, "another");
    exchange_hear(exchange);
    client_cancel(exchange->client, 1 - exchange->channel); /* perhaps it is not heard yet */
    assert_int_equal(client_wait(exchange->client, NULL, 0, 0, &exchange->channel,
                                 &exchange->answer, &exchange->error),
                     CLIENT_NOTHING);
}

static void closing_waits_for_neither(void **state)
{
    static const struct reply stalled = {BYTES(""), .end = SERVER_STALLS};
    struct exchange *exchange = *state;
    exchange_serve(exchange, &stalled, 1);
    exchange->settings.timeout_ms = 2 * ASKING_PATIENCE_MS;
    exchange_open(exchange);
    exchange_start_both(exchange);
    exchange_until_given(exchange, 0, 2);
    int64_t from_ms = clock_monotonic_ms();
    client_close(exchange->client);
    exchange->client = NULL;
    assert_true(clock_monotonic_ms() - from_ms < ASKING_PATIENCE_MS);
}

static void it_is_said_when_a_question_was_sent(void **state)
{
    static const struct reply held = {BYTES(OK "web"), .held = true};
    struct exchange *exchange = *state;
    exchange_serve(exchange, &held, 1);
    exchange_open(exchange);
    int64_t before_ms = clock_monotonic_ms();
    exchange_start(exchange, CLIENT_WORKLOADS);
    int64_t after_ms = clock_monotonic_ms();
    exchange_until_given(exchange, 0, 1);
    server_release(exchange->server, 0);
    exchange_expect_answer(exchange, CLIENT_WORKLOADS);
    assert_in_range(exchange->answer.sent_ms, before_ms, after_ms);
}

static void each_question_has_a_name_of_its_own(void **state)
{
    struct exchange *exchange = *state;
    char names[3][CLIENT_ASK_SIZE];
    exchange->settings = asking_settings(1);
    exchange_open(exchange);
    client_name_question(exchange->client, names[0]);
    client_name_question(exchange->client, names[1]);
    client_close(exchange->client);
    exchange_open(exchange);
    client_name_question(exchange->client, names[2]);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(strspn(names[i], "0123456789abcdef"), 16);
        assert_int_equal(strlen(names[i]), 16);
        assert_string_not_equal(names[i], names[(i + 1) % 3]);
    }
}

static void what_is_known_of_the_server_is_known_to_both(void **state)
{
    static const struct reply replies[] = {
        {BYTES(EMPTY("405 Method Not Allowed")), .wanted = "POST "}, WEB, OWN};
    struct exchange *exchange = *state;
    exchange_serve(exchange, replies, 3);
    exchange_open(exchange);
    exchange_start(exchange, CLIENT_WORKLOADS);
    exchange_expect_answer(exchange, CLIENT_WORKLOADS);
    exchange_start(exchange, CLIENT_OWN);
    exchange_expect_answer(exchange, CLIENT_OWN);
    assert_int_equal(server_given(exchange->server, 0), 1);
}

/* A certificate that is none: the files are read again after a pause, for each on its own. */
static void each_pauses_on_its_own(void **state)
{
    static const struct reply good = {BYTES(OK "web")};
    struct exchange *exchange = *state;
    FILE *file = fopen(exchange->secret, "w");
    assert_non_null(file);
    fputs("-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n", file);
    assert_int_equal(fclose(file), 0);
    exchange_serve(exchange, &good, 1);
    struct prometheus_settings *settings = &exchange->settings;
    snprintf(settings->url, sizeof settings->url, "https://127.0.0.1:%d/",
             server_port(exchange->server));
    snprintf(settings->tls_config.cert_file, CLIENT_PATH_SIZE, "%s", exchange->secret);
    snprintf(settings->tls_config.key_file, CLIENT_PATH_SIZE, "%s", exchange->secret);
    exchange_open(exchange);
    exchange_start_both(exchange);
    exchange_expect_both(exchange, "tls_config");
    int64_t end_ms = clock_monotonic_ms() + ASKING_PATIENCE_MS; /* until the server has seen it */
    while (server_connections(exchange->server) < 4 && clock_monotonic_ms() < end_ms)
        assert_int_equal(poll(NULL, 0, 1), 0);
    assert_int_equal(server_connections(exchange->server), 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, exchange_set_up, exchange_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_that_is_never_answered_holds_nobody_up),
        TEST(each_has_a_time_out_of_its_own),
        TEST(answers_come_in_either_order),
        TEST(an_answer_stays_while_the_other_is_heard),
        TEST(they_take_turns),
        TEST(one_is_refused_while_the_other_goes_on),
        TEST(what_is_cancelled_is_not_heard_of),
        TEST(closing_waits_for_neither),
        TEST(it_is_said_when_a_question_was_sent),
        TEST(each_question_has_a_name_of_its_own),
        TEST(what_is_known_of_the_server_is_known_to_both),
        TEST(each_pauses_on_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
