/*
 * What the client sends, and how it answers to what a good server says.
 */
#include "prometheus/asking.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define GOOD                                                                          \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n" \
    "{\"status\":\"success\"}"
#define EMPTY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n"

static const struct reply good[] = {{BYTES(GOOD)}};

static void fifty_polls_take_one_connection(void **state)
{
    struct talk *talk = *state;
    talk_serve(talk, good, 1);
    talk_open(talk);
    for (int i = 0; i < 50; i++)
        talk_expect(talk, 200);
    assert_int_equal(server_requests(talk->server), 50);
    assert_int_equal(server_connections(talk->server), 1);
}

static void the_query_goes_as_a_form(void **state)
{
    struct talk *talk = *state;
    talk_serve(talk, good, 1);
    talk->settings.http_headers[0] = (struct http_pair){"X-Scope-OrgID", "team-1", PAIR_SECRET};
    talk->settings.http_headers[1] = (struct http_pair){"X-Empty", "", PAIR_VALUE};
    talk_open(talk);
    assert_true(
        client_ask(talk->client, CLIENT_WORKLOADS, "up{a=\"b c&d\"} +\n1%", ASK, &talk->error));
    assert_int_equal(asking_finish(talk->client, &talk->channel, &talk->answer, &talk->error),
                     CLIENT_ANSWER);
    talk_was_sent(talk, "POST /prom/api/v1/query HTTP/1.1\r\n");
    talk_was_sent(
        talk, "query=up%7Ba%3D%22b%20c%26d%22%7D%20%2B%0A1%25&timeout=4000ms&amberbar_ask=" ASK);
    talk_was_sent(talk, "\r\nCache-Control: no-cache\r\n");
    talk_was_sent(talk, "\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    talk_was_sent(talk, "\r\nAccept-Encoding: identity\r\n");
    talk_was_sent(talk, "\r\nX-Scope-OrgID: team-1\r\n");
    talk_was_sent(talk, "\r\nX-Empty:\r\n");
    talk_was_not_sent(talk, "Expect");
    talk_was_not_sent(talk, "Authorization");
}

static void a_large_answer_is_asked_for_compressed_next_time(void **state)
{
    static const struct reply replies[] = {
        {BYTES("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n"), .again = "0123456789abcdef",
         .again_length = 16, .times = 4096},
        {BYTES(GOOD)},
    };
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    talk_open(talk);
    talk_expect(talk, 200);
    assert_int_equal(talk->answer.length, 65536);
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAccept-Encoding: gzip, deflate\r\n");
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAccept-Encoding: identity\r\n");
}

static void nothing_listens(void **state)
{
    struct talk *talk = *state;
    talk_serve(talk, good, 1);
    talk_open(talk);
    talk_expect(talk, 200);
    server_stop(talk->server);
    talk->server = NULL;
    char words[64];
    assert_int_equal(asking(talk->client, &talk->answer, &talk->error), CLIENT_FAILED);
    snprintf(words, sizeof words, "nothing listens on %.21s", talk->settings.url + 7);
    words[strcspn(words, "/")] = '\0';
    if (strstr(talk->error.text, words) == NULL)
        fail_msg("%s", talk->error.text);
}

/* A listener whose queue is full drops what comes: a host that does not answer. */
static void nobody_answers_the_connection(void **state)
{
    struct talk *talk = *state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 0), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    int waiting[4];
    for (int i = 0; i < 4; i++) {
        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(waiting[i], (struct sockaddr *)&address, size) != 0)
            continue;
    }
    talk->settings = asking_settings(ntohs(address.sin_port));
    talk->settings.connect_timeout_ms = 200;
    talk_open(talk);
    assert_int_equal(asking(talk->client, &talk->answer, &talk->error), CLIENT_FAILED);
    if (strstr(talk->error.text, "timed out: no connection to 127.0.0.1:") == NULL ||
        strstr(talk->error.text, "within 200 ms") == NULL)
        fail_msg("%s", talk->error.text);
    for (int i = 0; i < 4; i++)
        close(waiting[i]);
    close(listener);
}

static void a_redirect_within_the_server_keeps_the_query(void **state)
{
    static const struct reply replies[] = {
        {BYTES(EMPTY("303 See Other") "Location: /other?x=1\r\n\r\n")}, {BYTES(GOOD)}};
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    talk_open(talk);
    talk_expect(talk, 200);
    talk_was_sent(talk, "POST /other?x=1 HTTP/1.1\r\n");
    talk_was_sent(talk, "query=up&timeout=");
    talk_expect(talk, 200);
    talk_was_sent(talk, "POST /prom/api/v1/query HTTP/1.1\r\n");
}

static void a_server_that_refuses_post_is_asked_by_get(void **state)
{
    static const struct reply replies[] = {{BYTES(EMPTY("405 Method Not Allowed") "\r\n")},
                                           {BYTES(GOOD)}};
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    talk_open(talk);
    talk_expect(talk, 200);
    talk_was_sent(talk, "GET /prom/api/v1/query?amberbar_ask=" ASK
                        "&query=up&timeout=4000ms HTTP/1.1\r\n");
    talk_was_not_sent(talk, "Content-Length");
    assert_true(talk->answer.get);
    assert_true(client_notice(talk->client, &talk->error));
    assert_string_equal(talk->error.text,
                        "the server refuses POST (HTTP 405) and answers GET: GET is used from now "
                        "on; http_method: GET does so from the start");
    assert_false(client_notice(talk->client, &talk->error)); /* told once */
    talk_expect(talk, 200);
    talk_was_sent(talk, "GET /prom/api/v1/query?");
    assert_false(client_notice(talk->client, &talk->error));
    char query[16000];
    memset(query, 'x', sizeof query - 1);
    query[sizeof query - 1] = '\0';
    assert_true(client_ask(talk->client, CLIENT_WORKLOADS, query, ASK, &talk->error));
    assert_int_equal(asking_finish(talk->client, &talk->channel, &talk->answer, &talk->error),
                     CLIENT_ANSWER);
    talk_was_sent(talk, "xxx&timeout=4000ms HTTP/1.1\r\n"); /* a server has its own limit */
}

static void why_it_is_forbidden_is_told_without_our_secret(void **state)
{
    static const struct {
        const char *sentence;
        struct reply reply;
        const char *reason;
    } rows[] = {
        {"Kubernetes",
         {BYTES("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n"
                "Content-Length: 60\r\n\r\n"
                "{\"kind\":\"Status\",\"message\":\"User \\\"wall\\\" cannot create it\"}")},
         "User \"wall\" cannot create it"},
        {"plain text",
         {BYTES("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n"
                "Content-Length: 12\r\n\r\nNo\x1b[2J\nmore.")},
         "No?[2J"},
        {"a page",
         {BYTES("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n"
                "Content-Length: 13\r\n\r\n<html></html>")},
         ""},
        {"one that repeats what it was sent",
         {BYTES("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n"
                "Content-Length: 31\r\n\r\nunknown token s3cret-t0ken-12 !")},
         ""},
        {"one that repeats some of it",
         {BYTES("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n"
                "Content-Length: 31\r\n\r\nunknown token ...et-t0ken-12..!")},
         ""},
    };
    struct talk *talk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        talk_serve(talk, &rows[i].reply, 1);
        text_copy(talk->settings.authorization.type, 32, "Bearer");
        text_copy(talk->settings.authorization.credentials, CLIENT_TOKEN_SIZE,
                  "s3cret-t0ken-123456");
        talk_open(talk);
        asking(talk->client, &talk->answer, &talk->error);
        if (strcmp(talk->answer.reason, rows[i].reason) != 0)
            fail_msg("%s: \"%s\"", rows[i].sentence, talk->answer.reason);
        client_close(talk->client);
        server_stop(talk->server);
        talk->client = NULL;
        talk->server = NULL;
    }
}

static void headers_of_the_answer_are_read(void **state)
{
    static const struct {
        const char *sentence;
        struct reply reply;
        int64_t retry_after_ms;
        bool stopping;
    } rows[] = {
        {"none", {BYTES(EMPTY("503 Service Unavailable") "\r\n")}, -1, false},
        {"seconds", {BYTES(EMPTY("429 Too Many") "Retry-After: 7\r\n\r\n")}, 7000, false},
        {"zero", {BYTES(EMPTY("429 Too Many") "Retry-After: 0\r\n\r\n")}, 0, false},
        {"more than five minutes",
         {BYTES(EMPTY("429 Too Many") "Retry-After: 86400\r\n\r\n")},
         300000,
         false},
        {"more than a number holds",
         {BYTES(EMPTY("429 Too Many") "Retry-After: 9223372036854775807\r\n\r\n")},
         300000,
         false},
        {"no number", {BYTES(EMPTY("429 Too Many") "Retry-After: soon\r\n\r\n")}, 0, false},
        {"a date long ago",
         {BYTES(EMPTY("429 Too Many") "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n")},
         0,
         false},
        {"a date far ahead",
         {BYTES(EMPTY("429 Too Many") "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n\r\n")},
         300000,
         false},
        {"stopping",
         {BYTES(EMPTY("503 Service Unavailable") "X-Prometheus-Stopping: false\r\n\r\n")},
         -1,
         true},
    };
    struct talk *talk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        talk_serve(talk, &rows[i].reply, 1);
        talk_open(talk);
        assert_int_equal(asking(talk->client, &talk->answer, &talk->error), CLIENT_ANSWER);
        if (talk->answer.retry_after_ms != rows[i].retry_after_ms ||
            talk->answer.stopping != rows[i].stopping)
            fail_msg("%s: %lld ms", rows[i].sentence, (long long)talk->answer.retry_after_ms);
        client_close(talk->client);
        server_stop(talk->server);
        talk->client = NULL;
        talk->server = NULL;
    }
}

static void age_and_date_are_read(void **state)
{
#define ANSWER(headers)                       \
    {                                         \
        BYTES(EMPTY("200 OK") headers "\r\n") \
    }
    static const int64_t ages = (INT64_C(1) << 31) * 1000, date = INT64_C(784111777000);
    static const struct {
        const char *sentence;
        struct reply reply;
        int64_t age_ms, date_ms;
    } rows[] = {
        {"none", ANSWER(""), 0, -1},
        {"a fresh one", ANSWER("Age: 0\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 0, date},
        {"an age", ANSWER("age:   75  \r\n"), 75000, -1},
        {"several ages", ANSWER("Age: 5\r\nAge: 75\r\nAge: 6\r\n"), 75000, -1},
        {"a list of ages", ANSWER("Age: 5, 6\r\n"), ages, -1},
        {"a negative age", ANSWER("Age: -5\r\n"), ages, -1},
        {"a fraction", ANSWER("Age: 0.5\r\n"), ages, -1},
        {"words for an age", ANSWER("Age: old\r\n"), ages, -1},
        {"no words for an age", ANSWER("Age:\r\n"), ages, -1},
        {"the largest age", ANSWER("Age: 2147483648\r\n"), ages, -1},
        {"a larger age", ANSWER("Age: 2147483649\r\n"), ages, -1},
        {"more than a number holds", ANSWER("Age: 99999999999999999999\r\n"), ages, -1},
        {"the form of RFC 850", ANSWER("Date: Sunday, 06-Nov-94 08:49:37 GMT\r\n"), 0, date},
        {"the form of asctime()", ANSWER("Date: Sun Nov  6 08:49:37 1994\r\n"), 0, date},
        {"the first date", ANSWER("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"), 0, 0},
        {"a date before", ANSWER("Date: Wed, 31 Dec 1969 12:00:00 GMT\r\n"), 0, -1},
        {"two dates",
         ANSWER("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nDate: Sun, 06 Nov 1994 08:49:38 GMT\r\n"),
         0, -1},
        {"no date", ANSWER("Date: soon\r\n"), 0, -1},
        {"an impossible date", ANSWER("Date: Sun, 99 Nov 1994 08:49:37 GMT\r\n"), 0, -1},
        {"an empty date", ANSWER("Date:\r\n"), 0, -1},
    };
    struct talk *talk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        talk_serve(talk, &rows[i].reply, 1);
        talk_open(talk);
        talk_expect(talk, 200);
        if (talk->answer.age_ms != rows[i].age_ms || talk->answer.date_ms != rows[i].date_ms)
            fail_msg("%s: age %lld ms, date %lld ms", rows[i].sentence,
                     (long long)talk->answer.age_ms, (long long)talk->answer.date_ms);
        client_close(talk->client);
        server_stop(talk->server);
        talk->client = NULL;
        talk->server = NULL;
    }
#undef ANSWER
}

static void other_descriptors_wake_it(void **state)
{
    static const struct reply stalled[] = {{BYTES(""), .end = SERVER_STALLS}};
    struct talk *talk = *state;
    int ends[2];
    talk_serve(talk, stalled, 1); /* before, for it has a copy of all that is open */
    talk_open(talk);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    struct pollfd fds[] = {{.fd = ends[0], .events = POLLIN}};
    assert_int_equal(
        client_wait(talk->client, fds, 1, 10000, &talk->channel, &talk->answer, &talk->error),
        CLIENT_NOTHING); /* at rest */
    assert_int_equal(fds[0].revents, POLLIN);
    assert_true(client_ask(talk->client, CLIENT_WORKLOADS, "up", ASK, &talk->error));
    int64_t end_ms = clock_monotonic_ms() + 10000;
    fds[0].revents = 0;
    while (fds[0].revents == 0 && clock_monotonic_ms() < end_ms) /* in mid-request */
        client_wait(talk->client, fds, 1, 10000, &talk->channel, &talk->answer, &talk->error);
    assert_int_equal(fds[0].revents, POLLIN);
    close(ends[1]);
    assert_int_equal(read(ends[0], &(char){0}, 1), 1);
    assert_int_equal(
        client_wait(talk->client, fds, 1, 10000, &talk->channel, &talk->answer, &talk->error),
        CLIENT_NOTHING); /* still under way, and is closed so */
    assert_int_equal(fds[0].revents, POLLHUP);
    close(ends[0]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fifty_polls_take_one_connection),
        TEST(the_query_goes_as_a_form),
        TEST(a_large_answer_is_asked_for_compressed_next_time),
        TEST(nothing_listens),
        TEST(nobody_answers_the_connection),
        TEST(a_redirect_within_the_server_keeps_the_query),
        TEST(a_server_that_refuses_post_is_asked_by_get),
        TEST(why_it_is_forbidden_is_told_without_our_secret),
        TEST(headers_of_the_answer_are_read),
        TEST(age_and_date_are_read),
        TEST(other_descriptors_wake_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
