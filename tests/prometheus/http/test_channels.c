/*
 * Two questions side by side: neither waits for the other, and they share what can be shared.
 */
#include "prometheus/asking.h"
#include "prometheus/web_and_own.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void one_that_is_never_answered_holds_nobody_up(void **state)
{
    static const struct reply replies[] = {{BYTES(""), .end = SERVER_STALLS, .wanted = "=own&"},
                                           WEB};
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    talk_open(talk);
    talk_start(talk, CLIENT_OWN);
    for (int i = 0; i < 10; i++) {
        talk_start(talk, CLIENT_WORKLOADS);
        talk_expect_answer(talk, CLIENT_WORKLOADS);
        assert_true(client_busy(talk->client, CLIENT_OWN));
    }
    assert_int_equal(server_connections(talk->server), 2);
}

static void each_has_a_time_out_of_its_own(void **state)
{
    static const struct reply replies[] = {{BYTES(""), .end = SERVER_STALLS, .wanted = "=own&"},
                                           {BYTES(OK "web"), .held = true, .wanted = "=web&"}};
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    talk->settings.timeout_ms = 500;
    talk_open(talk);
    talk_start(talk, CLIENT_OWN);
    talk_until_given(talk, 0, 1);
    talk->settings.timeout_ms = ASKING_PATIENCE_MS;
    talk_start(talk, CLIENT_WORKLOADS);
    talk_expect_failure(talk, CLIENT_OWN, "no whole answer from 127.0.0.1");
    server_release(talk->server, 1);
    talk_expect_answer(talk, CLIENT_WORKLOADS);
}

static void answers_come_in_either_order(void **state)
{
    static const struct reply replies[CLIENT_CHANNELS][2] = {
        {{BYTES(OK "web"), .held = true, .wanted = "=web&"}, OWN},
        {{BYTES(OK "own"), .held = true, .wanted = "=own&"}, WEB},
    };
    struct talk *talk = *state;
    for (enum client_channel late = 0; late < CLIENT_CHANNELS; late++) {
        talk_serve(talk, replies[late], 2);
        talk_open(talk);
        for (int i = 0; i < 10; i++) {
            talk_start(talk, late);
            talk_start(talk, 1 - late);
            talk_expect_answer(talk, 1 - late);
            server_release(talk->server, 0);
            talk_expect_answer(talk, late);
        }
        assert_int_equal(server_connections(talk->server), 2);
        client_close(talk->client);
        server_stop(talk->server);
        talk->client = NULL;
        talk->server = NULL;
    }
}

static void an_answer_stays_while_the_other_is_heard(void **state)
{
    static const struct reply replies[] = {WEB, OWN};
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    talk_open(talk);
    for (int i = 0; i < 20; i++) {
        talk_start_both(talk);
        talk_hear(talk);
        enum client_channel first = talk->channel;
        struct http_answer answer = talk->answer;
        talk_hear(talk);
        assert_int_equal(talk->channel, 1 - first);
        talk_start(talk, talk->channel);
        talk_hear(talk);
        assert_memory_equal(answer.body, talk_queries[first], 3);
    }
    assert_int_equal(server_requests(talk->server), 60);
}

/* Each fails at once, and is asked again at once. */
static void they_take_turns(void **state)
{
    struct talk *talk = *state;
    talk->settings = asking_settings(1);
    talk_open(talk);
    talk_start_both(talk);
    talk_hear(talk);
    for (int i = 0; i < 20; i++) {
        enum client_channel last = talk->channel;
        talk_start(talk, last);
        talk_hear(talk);
        assert_int_equal(talk->channel, 1 - last);
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
    struct talk *talk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        talk_serve(talk, rows[i].replies, 2);
        talk_open(talk);
        talk_start_both(talk);
        enum client_event event = talk_hear(talk);
        assert_int_equal(talk->channel, CLIENT_OWN);
        assert_int_equal(event, rows[i].status > 0 ? CLIENT_ANSWER : CLIENT_FAILED);
        if (event == CLIENT_ANSWER)
            assert_int_equal(talk->answer.status, rows[i].status);
        server_release(talk->server, 1);
        talk_expect_answer(talk, CLIENT_WORKLOADS);
        client_close(talk->client);
        server_stop(talk->server);
        talk->client = NULL;
        talk->server = NULL;
    }
}

static void what_is_cancelled_is_not_heard_of(void **state)
{
    static const struct reply replies[] = {
        {BYTES(""), .end = SERVER_STALLS, .wanted = "=own&"}, WEB, {BYTES(OK "own")}};
    struct talk *talk = *state;
    talk_serve(talk, replies, 3);
    talk_open(talk);
    client_cancel(talk->client, CLIENT_OWN); /* nothing is under way */
    talk_start(talk, CLIENT_OWN);
    talk_until_given(talk, 0, 1);
    talk_start(talk, CLIENT_WORKLOADS);
    client_cancel(talk->client, CLIENT_OWN);
    assert_false(client_busy(talk->client, CLIENT_OWN));
    talk_expect_answer(talk, CLIENT_WORKLOADS);
    asking_start(talk->client, CLIENT_OWN, "another"); /* on a new connection */
    talk_expect_answer(talk, CLIENT_OWN);
    talk_start(talk, CLIENT_WORKLOADS);
    asking_start(talk->client, CLIENT_OWN, "another");
    talk_hear(talk);
    client_cancel(talk->client, 1 - talk->channel); /* perhaps it is not heard yet */
    assert_int_equal(
        client_wait(talk->client, NULL, 0, 0, &talk->channel, &talk->answer, &talk->error),
        CLIENT_NOTHING);
}

static void closing_waits_for_neither(void **state)
{
    static const struct reply stalled = {BYTES(""), .end = SERVER_STALLS};
    struct talk *talk = *state;
    talk_serve(talk, &stalled, 1);
    talk->settings.timeout_ms = 2 * ASKING_PATIENCE_MS;
    talk_open(talk);
    talk_start_both(talk);
    talk_until_given(talk, 0, 2);
    int64_t from_ms = clock_monotonic_ms();
    client_close(talk->client);
    talk->client = NULL;
    assert_true(clock_monotonic_ms() - from_ms < ASKING_PATIENCE_MS);
}

static void it_is_said_when_a_question_was_sent(void **state)
{
    static const struct reply held = {BYTES(OK "web"), .held = true};
    struct talk *talk = *state;
    talk_serve(talk, &held, 1);
    talk_open(talk);
    int64_t before_ms = clock_monotonic_ms();
    talk_start(talk, CLIENT_WORKLOADS);
    int64_t after_ms = clock_monotonic_ms();
    talk_until_given(talk, 0, 1);
    server_release(talk->server, 0);
    talk_expect_answer(talk, CLIENT_WORKLOADS);
    assert_in_range(talk->answer.sent_ms, before_ms, after_ms);
}

static void each_question_has_a_name_of_its_own(void **state)
{
    struct talk *talk = *state;
    char names[3][CLIENT_ASK_SIZE];
    talk->settings = asking_settings(1);
    talk_open(talk);
    client_name_question(talk->client, names[0]);
    client_name_question(talk->client, names[1]);
    client_close(talk->client);
    talk_open(talk);
    client_name_question(talk->client, names[2]);
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
    struct talk *talk = *state;
    talk_serve(talk, replies, 3);
    talk_open(talk);
    talk_start(talk, CLIENT_WORKLOADS);
    talk_expect_answer(talk, CLIENT_WORKLOADS);
    talk_start(talk, CLIENT_OWN);
    talk_expect_answer(talk, CLIENT_OWN);
    assert_int_equal(server_given(talk->server, 0), 1);
}

/* A certificate that is none: the files are read again after a pause, for each on its own. */
static void each_pauses_on_its_own(void **state)
{
    static const struct reply good = {BYTES(OK "web")};
    struct talk *talk = *state;
    FILE *file = fopen(talk->secret, "w");
    assert_non_null(file);
    fputs("-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n", file);
    assert_int_equal(fclose(file), 0);
    talk_serve(talk, &good, 1);
    struct prometheus_settings *settings = &talk->settings;
    snprintf(settings->url, sizeof settings->url, "https://127.0.0.1:%d/",
             server_port(talk->server));
    snprintf(settings->tls_config.cert_file, CLIENT_PATH_SIZE, "%s", talk->secret);
    snprintf(settings->tls_config.key_file, CLIENT_PATH_SIZE, "%s", talk->secret);
    talk_open(talk);
    talk_start_both(talk);
    talk_expect_both(talk, "tls_config");
    int64_t end_ms = clock_monotonic_ms() + ASKING_PATIENCE_MS; /* until the server has seen it */
    while (server_connections(talk->server) < 4 && clock_monotonic_ms() < end_ms)
        assert_int_equal(poll(NULL, 0, 1), 0);
    assert_int_equal(server_connections(talk->server), 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

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
