/*
 * Which request comes next: redirects, refusals, tokens and pauses, without a socket.
 */
#include "prometheus/http/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define URL "https://prom.example.org/p"
#define QUERY URL "/api/v1/query"
#define GET_QUERY QUERY "?amberbar_ask=0123456789abcdef&query=up&timeout=7000ms"

struct fixture {
    struct prometheus_settings settings;
    struct session session;
    struct exchange exchange;
    struct message message;
    struct peer peer;
    struct error error;
    char file[64];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    f->settings = (struct prometheus_settings){
        .url = URL "/", .poll_interval_ms = 10000, .follow_redirects = true};
    snprintf(f->settings.authorization.type, sizeof f->settings.authorization.type, "Bearer");
    snprintf(f->file, sizeof f->file, "/tmp/amberbar-question-XXXXXX");
    int fd = mkstemp(f->file);
    return fd < 0 || close(fd) != 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    exchange_close(&f->exchange);
    token_wipe(&f->session.token);
    unlink(f->file);
    free(f);
    return 0;
}

static void put(char *to, const char *text)
{
    memcpy(to, text, strlen(text) + 1);
}

static void write_file(const struct fixture *f, const char *text)
{
    FILE *file = fopen(f->file, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void use_oauth2(struct fixture *f)
{
    put(f->settings.oauth2.client_id, "wall");
    put(f->settings.oauth2.client_secret, "secret");
    put(f->settings.oauth2.token_url, "https://tokens/");
}

static enum next begin(struct fixture *f, int64_t now_ms)
{
    if (f->exchange.settings == NULL)
        assert_true(exchange_open(&f->exchange, &f->settings, &f->session));
    return exchange_begin(&f->exchange, "up", "0123456789abcdef", now_ms, &f->error);
}

/* What is sent for `next` holds these lines. */
static void expect_message(struct fixture *f, enum next next, const char *url, const char *line,
                           bool there)
{
    assert_true(exchange_message(&f->exchange, next, &f->message, &f->peer));
    assert_string_equal(f->message.url, url);
    if ((strstr(f->message.lines->data, line) != NULL) != there)
        fail_msg("\"%s\" is %sin:\n%s", line, there ? "not " : "", f->message.lines->data);
}

static const struct {
    const char *sentence;
    const char *targets[5]; /* of one redirect after the other */
    const char *words;      /* of the error; NULL: the last one is followed */
    bool trusted;           /* it is sent the credentials */
} redirects[] = {
    {"another path", {URL "/q"}, NULL, true},
    {"three steps", {QUERY, QUERY, QUERY}, NULL, true},
    {"four steps", {QUERY, QUERY, QUERY, QUERY}, "more than three times", false},
    {"another host", {"https://other/q"}, NULL, false},
    {"another port", {"https://prom.example.org:8443/"}, NULL, false},
    {"away and back", {"https://other/q", QUERY}, NULL, false},
    {"plain http", {"http://prom.example.org/"}, "would be plain http", false},
    {"plain http later", {"https://other/q", "http://other/"}, "would be plain http", false},
    {"another protocol", {"ftp://prom.example.org/"}, "which is not followed", false},
    {"a file", {"file:///etc/shadow"}, "which is not followed", false},
    {"a user", {"https://me:pw@prom.example.org/"}, "another address, which is not", false},
    {"a user that looks like the host",
     {"https://prom.example.org:443@other/"},
     "another address, which is not",
     false},
};

static void redirects_keep_to_the_rules(void **state)
{
    struct fixture *f = *state;
    put(f->settings.authorization.credentials, "s3cret");
    put(f->settings.tls_config.cert, "C");
    put(f->settings.tls_config.key, "K");
    put(f->settings.tls_config.server_name, "");
    f->settings.http_headers[0] = (struct http_pair){"X-Tenant", "t", PAIR_VALUE};
    for (size_t i = 0; i < sizeof redirects / sizeof redirects[0]; i++) {
        enum next next = begin(f, 0);
        const char *last = NULL;
        for (size_t k = 0; next == NEXT_QUERY && redirects[i].targets[k] != NULL; k++) {
            last = redirects[i].targets[k];
            next = exchange_answered(&f->exchange, 307, last, 0, &f->error);
        }
        if (next != (redirects[i].words == NULL ? NEXT_QUERY : NEXT_FAILURE))
            fail_msg("%s: %d, %s", redirects[i].sentence, (int)next, f->error.text);
        if (redirects[i].words != NULL && (strstr(f->error.text, redirects[i].words) == NULL ||
                                           strstr(f->error.text, "pw") != NULL))
            fail_msg("%s: %s", redirects[i].sentence, f->error.text);
        if (next != NEXT_QUERY)
            continue;
        expect_message(f, NEXT_QUERY, last, "s3cret", redirects[i].trusted);
        expect_message(f, NEXT_QUERY, last, "X-Tenant", redirects[i].trusted);
        assert_true((f->message.key->text != NULL) == redirects[i].trusted);
        assert_true((f->message.cert->text != NULL) == redirects[i].trusted);
        assert_non_null(f->message.form);
        assert_int_equal(begin(f, 0), NEXT_QUERY); /* the next question forgets it all */
        expect_message(f, NEXT_QUERY, QUERY, "s3cret", true);
    }
}

static void none_is_followed_where_none_is_wanted(void **state)
{
    struct fixture *f = *state;
    f->settings.follow_redirects = false;
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    assert_int_equal(exchange_answered(&f->exchange, 307, URL "/q", 0, &f->error), NEXT_FAILURE);
    assert_non_null(strstr(f->error.text, "which follow_redirects forbids"));
}

static void credentials_that_stayed_behind_are_told_of(void **state)
{
    struct fixture *f = *state;
    put(f->settings.authorization.credentials, "s3cret");
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    exchange_answered(&f->exchange, 307, "https://other/q?a", 0, &f->error);
    assert_int_equal(exchange_answered(&f->exchange, 401, NULL, 0, &f->error), NEXT_FAILURE);
    assert_string_equal(f->error.text, "prom.example.org redirects to https://other/q, where "
                                       "credentials are not sent; set url to where Prometheus is");
}

static void server_name_leads_to_the_host(void **state)
{
    struct fixture *f = *state;
    put(f->settings.tls_config.server_name, "inner");
    put(f->settings.authorization.credentials, "s3cret");
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    expect_message(f, NEXT_QUERY, "https://inner:443/p/api/v1/query", "Host: prom.example.org\n",
                   true);
    assert_string_equal(f->message.connect_to, "inner:443:prom.example.org:443");
    /* libcurl makes a relative target absolute with the name it was given */
    assert_int_equal(exchange_answered(&f->exchange, 302, "https://inner:443/q", 0, &f->error),
                     NEXT_QUERY);
    expect_message(f, NEXT_QUERY, "https://inner:443/q", "s3cret", true);
    exchange_answered(&f->exchange, 302, "https://other/q", 0, &f->error);
    expect_message(f, NEXT_QUERY, "https://other/q", "Host:", false);
    assert_null(f->message.connect_to);
}

static void a_refusal_is_tried_again_once_with_a_fresh_secret(void **state)
{
    struct fixture *f = *state;
    put(f->settings.authorization.credentials_file, f->file);
    write_file(f, "old");
    for (long status = 401; status <= 403; status += 2) {
        write_file(f, "old");
        assert_int_equal(begin(f, 0), NEXT_QUERY);
        expect_message(f, NEXT_QUERY, QUERY, "Authorization: Bearer old\n", true);
        write_file(f, "new");
        assert_int_equal(exchange_answered(&f->exchange, status, NULL, 0, &f->error), NEXT_QUERY);
        expect_message(f, NEXT_QUERY, QUERY, "Authorization: Bearer new\n", true);
        write_file(f, "newest");
        if (status == 403) { /* GET may be allowed, with what was sent last */
            assert_int_equal(exchange_answered(&f->exchange, 403, NULL, 0, &f->error), NEXT_QUERY);
            expect_message(f, NEXT_QUERY, GET_QUERY, "Authorization: Bearer new\n", true);
            assert_null(f->message.form);
        }
        assert_int_equal(exchange_answered(&f->exchange, status, NULL, 0, &f->error), NEXT_ANSWER);
    }
    assert_int_equal(begin(f, 0), NEXT_QUERY); /* unchanged, or gone: not again */
    assert_int_equal(exchange_answered(&f->exchange, 401, NULL, 0, &f->error), NEXT_ANSWER);
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    unlink(f->file);
    assert_int_equal(exchange_answered(&f->exchange, 401, NULL, 0, &f->error), NEXT_ANSWER);
    assert_int_equal(begin(f, 0), NEXT_FAILURE);
    write_file(f, "new");
}

static const struct {
    const char *sentence;
    long answers[3]; /* to one request after the other; 0: no more come */
    bool asked_by_get, kept;
} methods[] = {
    {"POST is answered", {200}, false, false},
    {"RBAC refuses POST", {403, 200}, true, true},
    {"a proxy refuses POST", {405, 200}, true, true},
    {"a proxy does not know POST", {501, 200}, true, true},
    {"both are forbidden", {403, 403}, true, false},
    {"both are refused", {405, 405}, true, false},
    {"GET is too long", {403, 414}, true, false},
    {"GET is not answered now", {405, 503}, true, false},
    {"who we are is not known", {401}, false, false},
    {"POST has failed", {500}, false, false},
    {"the query is bad", {400}, false, false},
};

static void get_is_tried_once_and_kept_when_it_is_answered(void **state)
{
    struct fixture *f = *state;
    put(f->settings.authorization.credentials, "s3cret");
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        enum next next = begin(f, 0);
        f->session.get = false;
        f->session.refused = 0;
        for (size_t k = 0; methods[i].answers[k] != 0; k++) {
            if (next != NEXT_QUERY)
                fail_msg("%s: no request %zu", methods[i].sentence, k);
            expect_message(f, NEXT_QUERY, k == 0 ? QUERY : GET_QUERY, "Bearer s3cret\n", true);
            assert_true((f->message.form == NULL) == (k > 0));
            next = exchange_answered(&f->exchange, methods[i].answers[k], NULL, 0, &f->error);
        }
        if (next != NEXT_ANSWER || f->exchange.get != methods[i].asked_by_get ||
            f->session.get != methods[i].kept ||
            f->session.refused != (methods[i].kept ? methods[i].answers[0] : 0))
            fail_msg("%s: %d, kept %d", methods[i].sentence, (int)next, f->session.get);
        f->session.get = false;
    }
}

static void get_from_the_start_is_no_news(void **state)
{
    struct fixture *f = *state;
    f->settings.http_method = HTTP_METHOD_GET;
    f->settings.extra_params[0] = (struct http_pair){"namespace", "a b", PAIR_VALUE};
    f->settings.extra_params[1] = (struct http_pair){"a", "2", PAIR_VALUE};
    f->settings.extra_params[2] = (struct http_pair){"a-b", "1", PAIR_VALUE};
    f->settings.extra_params[3] = (struct http_pair){"a", "1", PAIR_VALUE};
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    expect_message(f, NEXT_QUERY,
                   QUERY "?a=1&a=2&a-b=1&amberbar_ask=0123456789abcdef&namespace=a%20b&query=up"
                         "&timeout=7000ms",
                   "Accept", true);
    assert_int_equal(exchange_answered(&f->exchange, 200, NULL, 0, &f->error), NEXT_ANSWER);
    assert_int_equal(f->session.refused, 0);
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    assert_int_equal(exchange_answered(&f->exchange, 405, NULL, 0, &f->error), NEXT_ANSWER);
}

static void extra_params_stand_in_the_address_of_a_post(void **state)
{
    struct fixture *f = *state;
    f->settings.extra_params[0] = (struct http_pair){"namespace", "cms", PAIR_VALUE};
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    expect_message(f, NEXT_QUERY, QUERY "?namespace=cms", "Accept", true);
    assert_null(strstr(f->message.form->data, "namespace"));
    assert_int_equal(exchange_answered(&f->exchange, 307, URL "/q", 0, &f->error), NEXT_QUERY);
    expect_message(f, NEXT_QUERY, URL "/q?namespace=cms", "Accept", true);
    assert_int_equal(exchange_answered(&f->exchange, 307, URL "/q?namespace=x", 0, &f->error),
                     NEXT_QUERY);
    expect_message(f, NEXT_QUERY, URL "/q?namespace=x", "Accept", true);
}

static void what_is_signed_goes_to_its_origin_alone(void **state)
{
    struct fixture *f = *state;
    put(f->settings.sigv4.region, "eu-central-1");
    put(f->settings.sigv4.access_key, "AKID");
    put(f->settings.sigv4.secret_key_file, f->file);
    write_file(f, "s3cret\n");
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    expect_message(f, NEXT_QUERY, QUERY, "Authorization", false);
    assert_string_equal(f->message.signature->scope, "aws:amz:eu-central-1:aps");
    assert_string_equal(f->message.signature->access_key->text, "AKID");
    assert_string_equal(f->message.signature->secret_key->text, "s3cret");
    assert_string_equal(f->message.lines->data, "Cache-Control: no-cache\n");
    assert_int_equal(exchange_answered(&f->exchange, 307, "https://other/q", 0, &f->error),
                     NEXT_QUERY);
    expect_message(f, NEXT_QUERY, "https://other/q", "Authorization", false);
    assert_null(f->message.signature);
    assert_int_equal(begin(f, 0), NEXT_QUERY); /* 403 is of the signature: GET has the same */
    assert_int_equal(exchange_answered(&f->exchange, 403, NULL, 0, &f->error), NEXT_ANSWER);
}

static void a_plus_sign_that_libcurl_signs_wrongly_goes_by_post(void **state)
{
    struct fixture *f = *state;
    f->settings.http_method = HTTP_METHOD_GET;
    put(f->settings.sigv4.region, "eu-central-1");
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    expect_message(f, NEXT_QUERY, GET_QUERY, "Accept", false);
    assert_int_equal(exchange_begin(&f->exchange, "1+1", "0123456789abcdef", 0, &f->error),
                     NEXT_QUERY);
    expect_message(f, NEXT_QUERY, QUERY, "Accept", false);
    assert_non_null(f->message.form);
}

static const struct echo sent; /* nothing that anybody repeats */

static void give_token(struct fixture *f, const char *body, int64_t now_ms, enum next next)
{
    const struct http_answer answer = {.status = 200, .body = body, .length = strlen(body)};
    assert_int_equal(exchange_token(&f->exchange, &answer, &sent, now_ms, &f->error), next);
}

#define DAY (TOKEN_LIFE_MAX_MS - TOKEN_EARLY_MS - 1)

static void tokens_are_fetched_before_they_expire(void **state)
{
    static const struct {
        const char *body;
        int64_t last_good_ms; /* -1: never again */
    } rows[] = {
        {"{\"access_token\":\"t\",\"expires_in\":100}", 69999},
        {"{\"access_token\":\"t\",\"expires_in\":\"100\"}", 69999},
        {"{\"access_token\":\"t\",\"expires_in\":30}", -1},
        {"{\"access_token\":\"t\",\"expires_in\":0}", -1},
        {"{\"access_token\":\"t\"}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":null}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":86400}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":86401}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":4294967296}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":1e300}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":\"99999999999999999999\"}", DAY},
        {"{\"access_token\":\"t\",\"expires_in\":-1}", -1},
        {"{\"access_token\":\"t\",\"expires_in\":-1e300}", -1},
        {"{\"access_token\":\"t\",\"expires_in\":\"-3600\"}", -1},
        {"{\"access_token\":\"t\",\"expires_in\":\"soon\",\"token_type\":\"BEARER\"}", -1},
    };
    struct fixture *f = *state;
    use_oauth2(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t last = rows[i].last_good_ms;
        token_wipe(&f->session.token);
        assert_int_equal(begin(f, 0), NEXT_TOKEN);
        expect_message(f, NEXT_TOKEN, "https://tokens/", "Authorization: Basic d2FsbDpzZWNyZXQ=\n",
                       true);
        give_token(f, rows[i].body, 0, NEXT_QUERY);
        expect_message(f, NEXT_QUERY, QUERY, "Authorization: Bearer t\n", true);
        if (last >= 0)
            assert_int_equal(begin(f, last), NEXT_QUERY);
        assert_int_equal(begin(f, last + 1), NEXT_TOKEN);
    }
}

/* The query goes out with this token, and is refused. */
static void refuse_token(struct fixture *f, const char *line, long status, enum next next)
{
    expect_message(f, NEXT_QUERY, QUERY, line, true);
    assert_int_equal(exchange_answered(&f->exchange, status, NULL, 0, &f->error), next);
}

static void a_revoked_token_is_fetched_once(void **state)
{
    struct fixture *f = *state;
    use_oauth2(f);
    assert_int_equal(begin(f, 0), NEXT_TOKEN);
    give_token(f, "{\"access_token\":\"one\"}", 0, NEXT_QUERY);
    refuse_token(f, "Bearer one\n", 401, NEXT_ANSWER);
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    refuse_token(f, "Bearer one\n", 403, NEXT_TOKEN);
    give_token(f, "{\"access_token\":\"two\"}", 0, NEXT_QUERY);
    refuse_token(f, "Bearer two\n", 403, NEXT_QUERY); /* by GET */
    expect_message(f, NEXT_QUERY, GET_QUERY, "Bearer two\n", true);
    assert_int_equal(exchange_answered(&f->exchange, 403, NULL, 0, &f->error), NEXT_ANSWER);
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    refuse_token(f, "Bearer two\n", 401, NEXT_TOKEN);
    give_token(f, "{\"access_token\":\"three\"}", 0, NEXT_QUERY);
    refuse_token(f, "Bearer three\n", 401, NEXT_ANSWER);
}

static void another_client_secret_wants_another_token(void **state)
{
    struct fixture *f = *state;
    use_oauth2(f);
    f->settings.oauth2.client_secret[0] = '\0';
    put(f->settings.oauth2.client_secret_file, f->file);
    write_file(f, "one");
    assert_int_equal(begin(f, 0), NEXT_TOKEN);
    give_token(f, "{\"access_token\":\"t\"}", 0, NEXT_QUERY);
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    write_file(f, "two");
    assert_int_equal(begin(f, 0), NEXT_TOKEN);
}

static void the_secret_goes_into_the_form_where_basic_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct http_answer refusal = {.status = 401, .body = "", .length = 0};
    use_oauth2(f);
    assert_int_equal(begin(f, 0), NEXT_TOKEN);
    assert_int_equal(exchange_token(&f->exchange, &refusal, &sent, 0, &f->error), NEXT_TOKEN);
    expect_message(f, NEXT_TOKEN, "https://tokens/", "Authorization", false);
    assert_string_equal(f->message.form->data,
                        "grant_type=client_credentials&client_id=wall&client_secret=secret");
    give_token(f, "{\"access_token\":\"t\",\"expires_in\":1}", 0, NEXT_QUERY);
    assert_int_equal(begin(f, 0), NEXT_TOKEN);
    expect_message(f, NEXT_TOKEN, "https://tokens/", "Authorization", false); /* remembered */
    assert_int_equal(exchange_token(&f->exchange, &refusal, &sent, 0, &f->error), NEXT_FAILURE);
}

static void bad_tokens_are_refused(void **state)
{
    static const struct {
        const char *body, *words;
    } rows[] = {
        {"", "no reason given"},
        {"{\"access_token\":\"\"}", "gives no token (HTTP 200)"},
        {"{\"access_token\":\"a\\nX: b\"}", "cannot go into a header"},
        {"{\"access_token\":\"\xC3\xA4\"}", "cannot go into a header"},
        {"{\"access_token\":\"a\",\"token_type\":\"mac\"}", "not of the type Bearer"},
        {"{\"access_token\":\"a\"", "gives no token"},
        {"{\"error\":\"invalid_scope\"}", "invalid_scope"},
        {"{\"error\":\"x\",\"error_description\":\"it is\\u001b[2J late\"}", "it is?[2J late"},
    };
    struct fixture *f = *state;
    use_oauth2(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(begin(f, 0), NEXT_TOKEN);
        give_token(f, rows[i].body, 0, NEXT_FAILURE);
        if (strstr(f->error.text, rows[i].words) == NULL)
            fail_msg("%s: %s", rows[i].body, f->error.text);
    }
}

static void who_gives_no_token_tells_what_helps(void **state)
{
    static const struct {
        long status;
        const char *advice;
    } rows[] = {
        {200, "; check token_url"},
        {302, "; it points elsewhere, and is not followed: correct token_url"},
        {400, "; check client_id, client_secret and scopes"},
        {403, "; check client_id, client_secret and scopes"},
        {404, "; check token_url"},
        {429, "; asking again"},
        {503, "; asking again"},
    };
    struct fixture *f = *state;
    use_oauth2(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct http_answer answer = {.status = rows[i].status, .body = ""};
        f->session.token.in_form = true;
        assert_int_equal(begin(f, 0), NEXT_TOKEN);
        assert_int_equal(exchange_token(&f->exchange, &answer, &sent, 0, &f->error), NEXT_FAILURE);
        if (strstr(f->error.text, rows[i].advice) == NULL)
            fail_msg("%ld: %s", rows[i].status, f->error.text);
    }
}

static void a_pair_that_does_not_fit_is_read_again_once(void **state)
{
    struct fixture *f = *state;
    put(f->settings.tls_config.cert_file, f->file);
    put(f->settings.tls_config.key, "K");
    write_file(f, "C1");
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    assert_int_equal(exchange_broken(&f->exchange, FAULT_REFUSED), NEXT_FAILURE);
    assert_int_equal(exchange_broken(&f->exchange, FAULT_CLIENT_CERTIFICATE), NEXT_PAUSE);
    write_file(f, "C2");
    assert_int_equal(exchange_resume(&f->exchange, 0, &f->error), NEXT_QUERY);
    expect_message(f, NEXT_QUERY, QUERY, "Accept", true);
    assert_string_equal(f->message.cert->text, "C2");
    assert_int_equal(exchange_broken(&f->exchange, FAULT_CLIENT_CERTIFICATE), NEXT_FAILURE);
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    assert_int_equal(exchange_broken(&f->exchange, FAULT_CLIENT_CERTIFICATE), NEXT_PAUSE);
    unlink(f->file);
    assert_int_equal(exchange_resume(&f->exchange, 0, &f->error), NEXT_FAILURE);
    put(f->settings.tls_config.cert, "C"); /* in the config: it will be the same again */
    f->settings.tls_config.cert_file[0] = '\0';
    assert_int_equal(begin(f, 0), NEXT_QUERY);
    assert_int_equal(exchange_broken(&f->exchange, FAULT_CLIENT_CERTIFICATE), NEXT_FAILURE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(redirects_keep_to_the_rules),
        TEST(none_is_followed_where_none_is_wanted),
        TEST(credentials_that_stayed_behind_are_told_of),
        TEST(server_name_leads_to_the_host),
        TEST(a_refusal_is_tried_again_once_with_a_fresh_secret),
        TEST(get_is_tried_once_and_kept_when_it_is_answered),
        TEST(get_from_the_start_is_no_news),
        TEST(extra_params_stand_in_the_address_of_a_post),
        TEST(what_is_signed_goes_to_its_origin_alone),
        TEST(a_plus_sign_that_libcurl_signs_wrongly_goes_by_post),
        TEST(tokens_are_fetched_before_they_expire),
        TEST(a_revoked_token_is_fetched_once),
        TEST(another_client_secret_wants_another_token),
        TEST(the_secret_goes_into_the_form_where_basic_is_refused),
        TEST(bad_tokens_are_refused),
        TEST(who_gives_no_token_tells_what_helps),
        TEST(a_pair_that_does_not_fit_is_read_again_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
