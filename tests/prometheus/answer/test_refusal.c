/*
 * Sentences of refusals, each by itself. Whole answers that are refused: test_response.c.
 */
#include "prometheus/answer/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define KIND "unwell"
#define WORDS "its own words"

/* Of a server that reports the error WORDS of the type KIND. */
static const struct {
    const char *sentence;
    long status;
    const char *before; /* its number */
    bool quotes;        /* what the server reports */
    const char *advice; /* how it begins */
    enum retry retry;
    bool get;
    const char *reason; /* of a 401 or 403; NULL: none */
} statuses[] = {
    {"the last that points elsewhere", 399, "the server points elsewhere", false,
     "set url to where", RETRY_SLOWLY, false, NULL},
    {"a query that is none", 400, "Prometheus cannot read the query", true, "correct it",
     RETRY_SLOWLY, false, NULL},
    {"who asks", 401, "authentication failed", false, "check basic_auth", RETRY_SLOWLY, false,
     NULL},
    {"an unknown one", 402, "the server refuses the request", true, "check url, and the proxy",
     RETRY_SLOWLY, false, NULL},
    {"what may be read", 403, "access is forbidden", false, "check what these", RETRY_SLOWLY, false,
     NULL},
    {"the address", 404, "no API at this address", false, "another program listens", RETRY_SLOWLY,
     false, NULL},
    {"POST", 405, "the server refuses POST", false, "let the proxy pass POST", RETRY_SLOWLY, false,
     NULL},
    {"GET", 405, "the server refuses GET", false, "let the proxy pass GET", RETRY_SLOWLY, true,
     NULL},
    {"JSON", 406, "the server refuses to answer in JSON", true, "check what url", RETRY_SLOWLY,
     false, NULL},
    {"the server's patience", 408, "the server waited too long for the query", true, "asking again",
     RETRY_BACK_OFF, false, NULL},
    {"the length of what is posted", 413, "the query is too long for the server", false,
     "select fewer names", RETRY_SLOWLY, false, NULL},
    {"the length of the address", 414, "the address is too long for the server", false,
     "select fewer names", RETRY_SLOWLY, false, NULL},
    {"... with the question in it", 414,
     "the question is in the address (GET), which is too long for it", false,
     "let the server take POST, raise its limit for addresses", RETRY_SLOWLY, true, NULL},
    {"what cannot run", 422, "Prometheus cannot execute the query", true, "select fewer workloads",
     RETRY_SLOWLY, false, NULL},
    {"haste", 429, "the server is asked too often", true, "raise poll_interval", RETRY_BACK_OFF,
     false, NULL},
    {"the length of headers", 431, "the headers are too long for the server", false,
     "shorten http_headers", RETRY_SLOWLY, false, NULL},
    {"... with the question in the address", 431,
     "the question is in the address (GET), which is too long with the headers", false,
     "let the server take POST, raise its limit for headers", RETRY_SLOWLY, true, NULL},
    {"what was given up", 499, "the query was cancelled", true, "asking again", RETRY_BACK_OFF,
     false, NULL},
    {"the server's fault", 500, "Prometheus failed inside", true, "see its log", RETRY_BACK_OFF,
     false, NULL},
    {"another server", 501, "this is no Prometheus", true, "correct url", RETRY_SLOWLY, false,
     NULL},
    {"a proxy alone", 502, "the proxy does not reach Prometheus", false, "see whether Prometheus",
     RETRY_BACK_OFF, false, NULL},
    {"not yet", 503, "Prometheus is not available", true, "see whether it is starting",
     RETRY_BACK_OFF, false, NULL},
    {"the proxy's patience", 504, "Prometheus does not answer its proxy in time", false,
     "see whether Prometheus is overloaded", RETRY_BACK_OFF, false, NULL},
    {"a later one that is unknown", 505, "the server failed", true, "see its log", RETRY_BACK_OFF,
     false, NULL},
    {"a network's login", 511, "this network lets nothing through before a login", false, "log in",
     RETRY_BACK_OFF, false, NULL},
    {"no signature, by API Gateway", 403, "this is Amazon's, which wants requests signed", false,
     "write sigv4", RETRY_SLOWLY, false, "Missing Authentication Token"},
    {"no signature, by the service", 403, "this is Amazon's, which wants requests signed", false,
     "write sigv4", RETRY_SLOWLY, false, "Authorization header requires 'Credential'"},
    {"another signature", 403, "the signature is not accepted", false, "check secret_key and",
     RETRY_SLOWLY, false, "The request signature we calculated does not match yours"},
    {"another key", 403, "the access key is not accepted", false, "check access_key", RETRY_SLOWLY,
     false, "The security token included in the request is invalid."},
    {"another region", 403, "the signature is for another place", false, "check region",
     RETRY_SLOWLY, false, "Credential should be scoped to a valid region"},
    {"late", 403, "the signature is too old", false, "set this machine's clock", RETRY_SLOWLY,
     false, "Signature expired: 1"},
    {"early", 403, "the signature is of the future", false, "set this machine's clock",
     RETRY_SLOWLY, false, "Signature not yet current: 1"},
};

static void each_status_has_its_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct http_answer http = {.status = statuses[i].status, .get = statuses[i].get};
        struct refusal refusal = {.authentication = true};
        const char *reason = statuses[i].reason;
        char behind[256];
        snprintf(http.reason, sizeof http.reason, "%s", reason == NULL ? "" : reason);
        const char *words = statuses[i].quotes ? WORDS : http.reason;
        const char *mark = words[0] != '\0' ? "\"" : "";
        snprintf(behind, sizeof behind, " (HTTP %ld%s)%s%s%s%s; %s", http.status,
                 statuses[i].quotes ? ", " KIND : "", mark[0] != '\0' ? ": " : "", mark, words,
                 mark, statuses[i].advice);
        assert_false(refuse_status(&http, (struct reported){KIND, WORDS}, &refusal));
        const char *text = refusal.error.text;
        const char *found = strstr(text, behind);
        if (strncmp(text, statuses[i].before, strlen(statuses[i].before)) != 0 || found == NULL)
            fail_msg("%s: %s, and not: %s ...%s", statuses[i].sentence, text, statuses[i].before,
                     behind);
        if (refusal.retry != statuses[i].retry ||
            refusal.authentication != (http.status == 401 || http.status == 403))
            fail_msg("%s: retry %d, authentication %d", statuses[i].sentence, (int)refusal.retry,
                     refusal.authentication);
    }
}

/* What a body or a header says counts with the one status that it is known to come with. */
static void a_hint_counts_with_its_status_alone(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool stopping, anonymous;
        long status;
        const char *words;
        bool quotes; /* what the server reports */
    } hints[] = {
        {"HTTP request to an HTTPS server", false, false, 400, "speaks https", false},
        {"HTTP request was sent to HTTPS port", false, false, 400, "speaks https", false},
        {"", true, false, 503, "starting or stopping", false},
        {"no org id", false, false, 401, "wants a tenant", false},
        {"", false, true, 401, "credentials are wanted", false},
        {"request or configuration is malformed", false, false, 400, "wants a namespace", true},
    };
    static const long all[] = {400, 401, 403, 404, 500, 503};
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
            const struct http_answer http = {.status = all[k],
                                             .stopping = hints[i].stopping,
                                             .anonymous = hints[i].anonymous,
                                             .body = hints[i].body,
                                             .length = strlen(hints[i].body)};
            struct refusal refusal;
            refuse_status(&http, (struct reported){NULL, WORDS}, &refusal);
            const char *text = refusal.error.text;
            if ((strstr(text, hints[i].words) != NULL) != (all[k] == hints[i].status))
                fail_msg("%s with %ld: %s", hints[i].words, all[k], text);
            if (hints[i].status == all[k] && (strstr(text, WORDS) != NULL) != hints[i].quotes)
                fail_msg("%s: %s", hints[i].words, text);
        }
}

/* As if Prometheus had sent the status that it has for that type. */
static void a_reported_type_stands_for_its_status(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        long status;
        enum retry retry;
    } types[] = {
        {"bad_data", 400, RETRY_SLOWLY},    {"execution", 422, RETRY_SLOWLY},
        {"canceled", 499, RETRY_BACK_OFF},  {"timeout", 503, RETRY_BACK_OFF},
        {"internal", 500, RETRY_BACK_OFF},  {"unavailable", 500, RETRY_BACK_OFF},
        {"not_found", 404, RETRY_SLOWLY},   {"not_acceptable", 406, RETRY_SLOWLY},
        {"400", 400, RETRY_SLOWLY},         {"422", 422, RETRY_SLOWLY},
        {"something", 500, RETRY_BACK_OFF}, {NULL, 500, RETRY_BACK_OFF},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct http_answer http = {.status = 200};
        const struct reported reported = {types[i].type, WORDS};
        struct refusal reported_so, sent_so;
        assert_false(refuse_reported(&http, reported, &reported_so));
        http.status = types[i].status;
        refuse_status(&http, reported, &sent_so);
        const char *seen = reported_so.error.text, *wanted = sent_so.error.text;
        const size_t what = strcspn(wanted, "(");
        if (strstr(seen, " (HTTP 200") != seen + what - 1 || strncmp(seen, wanted, what) != 0 ||
            reported_so.retry != types[i].retry || reported_so.authentication)
            fail_msg("%s: %s", types[i].type == NULL ? "no type" : types[i].type, seen);
    }
}

/* A body is quoted where it is plain text, its first line, as far as there is room. */
static void a_plain_body_is_quoted(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *type;
        size_t length; /* of x, before what follows them */
        const char *rest;
        size_t quoted;
        const char *end; /* of the quote */
    } bodies[] = {
        {"a line", "text/plain", 5, "", 5, ""},
        {"a letter", "text/plain", 1, "", 1, ""},
        {"a line of Windows", "text/plain; charset=utf-8", 5, "\r\nmore", 5, ""},
        {"a line of others", "text/plain", 5, "\nmore", 5, ""},
        {"nothing", "text/plain", 0, "", 0, ""},
        {"no plain text", "text/plait", 5, "", 0, ""},
        {"a page", "text/html", 5, "", 0, ""},
        {"the longest", "text/plain", 199, "", 199, ""},
        {"one character more", "text/plain", 200, "", 195, " ..."},
        {"many more", "text/plain", 300, "", 195, " ..."},
        {"a word that does not fit", "text/plain", 170, " and word after word after x y z", 170,
         " and word after word ..."},
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char body[320], quoted[320], words[400];
        memset(body, 'x', sizeof body);
        memset(quoted, 'x', sizeof quoted);
        quoted[bodies[i].quoted] = '\0';
        snprintf(body + bodies[i].length, sizeof body - bodies[i].length, "%s", bodies[i].rest);
        struct http_answer http = {
            .status = 500, .body = body, .length = bodies[i].length + strlen(bodies[i].rest)};
        struct refusal refusal;
        snprintf(http.content_type, sizeof http.content_type, "%s", bodies[i].type);
        if (bodies[i].quoted > 0)
            snprintf(words, sizeof words, "(HTTP 500): \"%s%s\"; see", quoted, bodies[i].end);
        else
            snprintf(words, sizeof words, "(HTTP 500); see");
        refuse_status(&http, (struct reported){0}, &refusal);
        if (strstr(refusal.error.text, words) == NULL)
            fail_msg("%s: %s", bodies[i].sentence, refusal.error.text);
    }
}

static void sentences_are_cut_to_their_room(void **state)
{
    (void)state;
    struct refusal refusal = {.authentication = true, .fault = EVIDENCE_FOREIGN};
    char text[3 * ERROR_TEXT_SIZE];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(refuse(&refusal, RETRY_SLOWLY, "%s", text));
    assert_int_equal(strlen(refusal.error.text), ERROR_TEXT_SIZE - 1);
    assert_string_equal(refusal.error.text + ERROR_TEXT_SIZE - 5, "x...");
    assert_int_equal(refusal.retry, RETRY_SLOWLY);
    assert_false(refusal.authentication); /* of an answer before */
    assert_int_equal(refusal.fault, 0);
    const struct http_answer http = {.status = 400};
    refuse_status(&http, (struct reported){"a type of thirty-two characters", NULL}, &refusal);
    assert_non_null(strstr(refusal.error.text, "(HTTP 400, a type of thirty-two characters);"));
    refuse_status(&http, (struct reported){"a type of thirty-two characters!", NULL}, &refusal);
    assert_non_null(strstr(refusal.error.text, "(HTTP 400, a type of thirty-two characters);"));
}

static void a_body_is_named_by_its_type(void **state)
{
    (void)state;
    static const struct {
        const char *type, *words;
        enum retry retry;
    } rows[] = {
        {"", "malformed JSON: it is odd; see", RETRY_BACK_OFF},
        {"application/json", "malformed JSON: it is odd; see", RETRY_BACK_OFF},
        {"application/problem+json; charset=utf-8", "malformed JSON: it is odd; see",
         RETRY_BACK_OFF},
        {"text/html; charset=json", "got text/html (HTTP 200): a login page", RETRY_SLOWLY},
        {";json", "malformed JSON: it is odd; see", RETRY_BACK_OFF},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_answer http = {.status = 200};
        struct refusal refusal;
        snprintf(http.content_type, sizeof http.content_type, "%s", rows[i].type);
        assert_false(refuse_body(&http, "it is odd", &refusal));
        if (strstr(refusal.error.text, rows[i].words) == NULL || refusal.retry != rows[i].retry)
            fail_msg("%s: %s", rows[i].type, refusal.error.text);
    }
}

static void who_asks_once_does_not_ask_again(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, "it failed" RETRY_WORDS " soon");
    retry_words_cut(&error);
    assert_string_equal(error.text, "it failed");
    retry_words_cut(&error);
    assert_string_equal(error.text, "it failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_its_sentence),
        cmocka_unit_test(a_hint_counts_with_its_status_alone),
        cmocka_unit_test(a_reported_type_stands_for_its_status),
        cmocka_unit_test(a_plain_body_is_quoted),
        cmocka_unit_test(sentences_are_cut_to_their_room),
        cmocka_unit_test(a_body_is_named_by_its_type),
        cmocka_unit_test(who_asks_once_does_not_ask_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
