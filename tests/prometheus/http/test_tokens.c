/*
 * A token of OAuth2 and two questions that need it at the same time.
 */
#include "prometheus/asking.h"
#include "prometheus/web_and_own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct reply token_replies[] = {
    {BYTES("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"access_token\":\"t\"}"), .held = true,
     .wanted = "POST /token "},
    WEB,
    OWN,
};

static void open_with_tokens(struct talk *talk, const struct reply replies[], size_t count)
{
    struct oauth2_settings *oauth2 = &talk->settings.oauth2;
    talk_serve(talk, replies, count);
    snprintf(oauth2->client_id, sizeof oauth2->client_id, "wall");
    snprintf(oauth2->client_secret, sizeof oauth2->client_secret, "secret");
    snprintf(oauth2->token_url, sizeof oauth2->token_url, "http://127.0.0.1:%d/token",
             server_port(talk->server));
    talk_open(talk);
}

static void a_token_is_fetched_once_for_both(void **state)
{
    struct talk *talk = *state;
    open_with_tokens(talk, token_replies, 3);
    talk_start_both(talk);
    talk_until_given(talk, 0, 1);
    server_release(talk->server, 0);
    talk_expect_both(talk, NULL);
    talk_was_sent(talk, "\r\nAuthorization: Bearer t\r\n");
    for (int i = 0; i < 5; i++) {
        talk_start_both(talk);
        talk_expect_both(talk, NULL);
    }
    assert_int_equal(server_given(talk->server, 0), 1);
}

/* A query ends while a token is fetched: neither connection to Prometheus is pushed out. */
static void fetching_tokens_costs_no_other_connection(void **state)
{
    static const struct reply replies[] = {
        {BYTES("HTTP/1.1 200 OK\r\nContent-Length: 35\r\n\r\n"
               "{\"access_token\":\"t\",\"expires_in\":1}"),
         .held = true, .wanted = "POST /token "},
        {BYTES(OK "web"), .held = true, .wanted = "=web&"},
        {BYTES(OK "own"), .held = true, .wanted = "=own&"},
    };
    struct talk *talk = *state;
    open_with_tokens(talk, replies, 3);
    for (size_t i = 0; i < 3; i++) {
        server_release(talk->server, 0);
        server_release(talk->server, 0);
        talk_start_both(talk);
        talk_until_given(talk, 1, 2 * i + 1); /* both are under way */
        talk_until_given(talk, 2, 2 * i + 1);
        server_release(talk->server, 1);
        server_release(talk->server, 2);
        talk_expect_both(talk, NULL);
        server_release(talk->server, 0);
        talk_start(talk, CLIENT_WORKLOADS);
        talk_until_given(talk, 1, 2 * i + 2);
        talk_start(talk, CLIENT_OWN);
        talk_until_given(talk, 0, 4 * i + 4);
        server_release(talk->server, 1);
        talk_expect_answer(talk, CLIENT_WORKLOADS);
        server_release(talk->server, 0);
        server_release(talk->server, 2);
        talk_expect_answer(talk, CLIENT_OWN);
    }
    assert_int_equal(server_connections(talk->server), 2 + server_given(talk->server, 0));
}

static void who_waits_for_a_token_fetches_it_when_the_other_is_cancelled(void **state)
{
    struct talk *talk = *state;
    open_with_tokens(talk, token_replies, 3);
    talk_start_both(talk);
    talk_until_given(talk, 0, 1);
    client_cancel(talk->client, CLIENT_WORKLOADS);
    talk_until_given(talk, 0, 2);
    server_release(talk->server, 0);
    server_release(talk->server, 0);
    talk_expect_answer(talk, CLIENT_OWN);
}

static void a_token_that_is_refused_is_refused_to_both(void **state)
{
    static const struct reply replies[] = {
        {BYTES(EMPTY("403 Forbidden")), .held = true, .wanted = "POST /token "}, WEB, OWN};
    struct talk *talk = *state;
    open_with_tokens(talk, replies, 3);
    talk_start_both(talk);
    talk_until_given(talk, 0, 1);
    server_release(talk->server, 0);
    talk_expect_both(talk, "token_url gives no token (HTTP 403)");
    assert_int_equal(server_given(talk->server, 0), 1);
}

static void a_token_that_never_comes_is_waited_for_in_time(void **state)
{
    static const struct reply replies[] = {
        {BYTES(""), .end = SERVER_STALLS, .wanted = "POST /token "}, WEB, OWN};
    struct talk *talk = *state;
    open_with_tokens(talk, replies, 3);
    talk->settings.timeout_ms = ASKING_PATIENCE_MS;
    talk_start(talk, CLIENT_OWN); /* has time, and fetches */
    talk_until_given(talk, 0, 1);
    talk->settings.timeout_ms = 200;
    talk_start(talk, CLIENT_WORKLOADS);
    talk_expect_failure(talk, CLIENT_WORKLOADS, "no whole answer from 127.0.0.1");
    assert_true(client_busy(talk->client, CLIENT_OWN));
}

/* The token that was sent with a question is wiped by the other one's 401 before it is answered. */
static void an_answer_is_judged_with_the_token_that_was_sent_for_it(void **state)
{
    static const struct reply replies[] = {
        {BYTES("HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{\"access_token\":\"0123456789ab\"}"),
         .held = true, .wanted = "POST /token "},
        {BYTES(EMPTY("400 Bad Request")), .held = true, .wanted = "=web&"},
        {BYTES(EMPTY("401 Unauthorized")), .held = true, .wanted = "=own&"},
    };
    struct talk *talk = *state;
    const struct http_answer *answer = &talk->answer;
    open_with_tokens(talk, replies, 3);
    server_release(talk->server, 0);
    talk_start(talk, CLIENT_WORKLOADS);
    talk_until_given(talk, 1, 1);
    talk_start(talk, CLIENT_OWN);
    talk_until_given(talk, 2, 1);
    server_release(talk->server, 2);
    talk_until_given(talk, 0, 2); /* another token is wanted */
    server_release(talk->server, 1);
    assert_int_equal(talk_hear(talk), CLIENT_ANSWER);
    assert_int_equal(talk->channel, CLIENT_WORKLOADS);
    assert_int_equal(answer->status, 400);
    assert_true(answer->repeats(answer->sent, "query Bearer 0123456789ab"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_fetched_once_for_both),
        TEST(fetching_tokens_costs_no_other_connection),
        TEST(who_waits_for_a_token_fetches_it_when_the_other_is_cancelled),
        TEST(a_token_that_is_refused_is_refused_to_both),
        TEST(a_token_that_never_comes_is_waited_for_in_time),
        TEST(an_answer_is_judged_with_the_token_that_was_sent_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
