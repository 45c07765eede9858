/*
 * What questions to one Prometheus share: a token, and that POST is refused. Without a socket.
 */
#include "prometheus/http/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define URL "https://prom.example.org/p"
#define QUERY URL "/api/v1/query"

enum { ONE, OTHER, QUESTIONS };

struct fixture {
    struct prometheus_settings settings;
    struct session session;
    struct exchange questions[QUESTIONS];
    struct message message;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    f->settings = (struct prometheus_settings){.url = URL,
                                               .poll_interval_ms = 10000,
                                               .follow_redirects = true,
                                               .oauth2 = {.token_url = "https://tokens/"}};
    bool good = true;
    for (int i = 0; i < QUESTIONS; i++)
        good = good && exchange_open(&f->questions[i], &f->settings, &f->session);
    return !good;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < QUESTIONS; i++)
        exchange_close(&f->questions[i]);
    token_wipe(&f->session.token);
    free(f);
    return 0;
}

static void use_oauth2(struct fixture *f)
{
    text_copy(f->settings.oauth2.client_id, CLIENT_NAME_SIZE, "wall");
    text_copy(f->settings.oauth2.client_secret, CLIENT_SECRET_SIZE, "secret");
}

static void begin(struct fixture *f, int which, enum next next)
{
    static const char *const asks[] = {"0123456789abcdef", "fedcba9876543210"};
    enum next is = exchange_begin(&f->questions[which], "up", asks[which], 0, &f->error);
    if (is != next)
        fail_msg("%d, not %d", (int)is, (int)next);
}

/* The query goes out, with this line among its headers. */
static void send_query(struct fixture *f, int which, const char *line)
{
    struct peer peer;
    assert_true(exchange_message(&f->questions[which], NEXT_QUERY, &f->message, &peer));
    if (strstr(f->message.lines->data, line) == NULL)
        fail_msg("\"%s\" is not in:\n%s", line, f->message.lines->data);
}

static void answer(struct fixture *f, int which, long status, enum next next)
{
    enum next is = exchange_answered(&f->questions[which], status, status == 307 ? URL "/q" : NULL,
                                     0, &f->error);
    if (is != next)
        fail_msg("after %ld: %d, not %d", status, (int)is, (int)next);
}

static const struct echo sent; /* nothing that anybody repeats */

static void give_token(struct fixture *f, int which, const char *body)
{
    const struct http_answer http = {.status = 200, .body = body, .length = strlen(body)};
    assert_int_equal(exchange_token(&f->questions[which], &http, &sent, 0, &f->error), NEXT_QUERY);
}

/* Both are on their way with the same token. */
static void send_both(struct fixture *f)
{
    use_oauth2(f);
    begin(f, ONE, NEXT_TOKEN);
    give_token(f, ONE, "{\"access_token\":\"one\"}");
    begin(f, ONE, NEXT_QUERY);
    begin(f, OTHER, NEXT_QUERY);
    send_query(f, ONE, "Bearer one\n");
    send_query(f, OTHER, "Bearer one\n");
}

static void a_revoked_token_is_fetched_once_for_both(void **state)
{
    struct fixture *f = *state;
    send_both(f);
    answer(f, ONE, 401, NEXT_TOKEN);
    answer(f, OTHER, 401, NEXT_TOKEN); /* it waits for that one */
    give_token(f, ONE, "{\"access_token\":\"two\"}");
    assert_int_equal(exchange_share_token(&f->questions[OTHER], 0), NEXT_QUERY);
    send_query(f, OTHER, "Bearer two\n");
    answer(f, OTHER, 401, NEXT_ANSWER);
}

static void a_token_that_was_replaced_is_not_fetched_again(void **state)
{
    struct fixture *f = *state;
    send_both(f);
    answer(f, ONE, 401, NEXT_TOKEN);
    give_token(f, ONE, "{\"access_token\":\"two\"}");
    answer(f, OTHER, 401, NEXT_QUERY);
    send_query(f, OTHER, "Bearer two\n");
}

static void a_token_that_does_not_last_is_not_shared(void **state)
{
    struct fixture *f = *state;
    send_both(f);
    answer(f, ONE, 401, NEXT_TOKEN);
    answer(f, OTHER, 401, NEXT_TOKEN);
    give_token(f, ONE, "{\"access_token\":\"two\",\"expires_in\":1}");
    assert_int_equal(exchange_share_token(&f->questions[OTHER], 0), NEXT_TOKEN);
}

static void a_redirect_does_not_go_without_a_token(void **state)
{
    struct fixture *f = *state;
    send_both(f);
    answer(f, ONE, 401, NEXT_TOKEN);
    answer(f, OTHER, 307, NEXT_TOKEN);
    give_token(f, ONE, "{\"access_token\":\"two\",\"expires_in\":1}");
    send_query(f, ONE, "Bearer two\n");
    answer(f, ONE, 307, NEXT_QUERY); /* the same one, short as its life is */
    send_query(f, ONE, "Bearer two\n");
    assert_string_equal(f->message.url, URL "/q");
}

static void that_post_is_refused_is_known_to_both(void **state)
{
    struct fixture *f = *state;
    begin(f, ONE, NEXT_QUERY);
    begin(f, OTHER, NEXT_QUERY);
    answer(f, ONE, 405, NEXT_QUERY);
    send_query(f, ONE, "Cache-Control: no-cache\n");
    assert_null(f->message.form);
    assert_string_equal(f->message.url,
                        QUERY "?amberbar_ask=0123456789abcdef&query=up&timeout=7000ms");
    answer(f, ONE, 200, NEXT_ANSWER);
    answer(f, OTHER, 307, NEXT_QUERY);
    send_query(f, OTHER, "Accept");
    assert_non_null(f->message.form); /* its query is not in that URL */
    begin(f, OTHER, NEXT_QUERY);
    send_query(f, OTHER, "Accept");
    assert_null(f->message.form);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_revoked_token_is_fetched_once_for_both),
        TEST(a_token_that_was_replaced_is_not_fetched_again),
        TEST(a_token_that_does_not_last_is_not_shared),
        TEST(a_redirect_does_not_go_without_a_token),
        TEST(that_post_is_refused_is_known_to_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
