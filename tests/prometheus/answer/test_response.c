/*
 * How answers are judged, from the outside in. What a good one's series become: test_rows.c.
 */
#include "prometheus/answer/envelope.h"
#include "prometheus/answer/rows.h"
#include "prometheus/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BODY(literal) .body = (literal), .length = sizeof literal - 1
#define SUCCESS(data) "{\"status\":\"success\",\"data\":" data "}"
#define VECTOR(series) SUCCESS("{\"resultType\":\"vector\",\"result\":[" series "]}")
#define RESULT "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
#define WEB                                                                               \
    "{\"metric\":{\"__name__\":\"kube_deployment_spec_replicas\",\"deployment\":\"web\"," \
    "\"namespace\":\"shop\"},\"value\":[1700000000.5,\"3\"]}"
#define ERROR(type, text) "{\"status\":\"error\",\"errorType\":" type ",\"error\":" text "}"
#define TEN(x) x x x x x x x x x x
#define HTML "<html><body>Please log in</body></html>"

struct judgement {
    const char *sentence;
    long status;
    const char *type;
    const char *body;
    size_t length;
    bool stopping;
    const char *words; /* in the refusal; NULL: it is good */
    enum retry retry;
    bool authentication;
    bool get;
    bool anonymous;
    const char *reason; /* that was read of it before; NULL: none */
};

static const struct judgement judgements[] = {
    {"a vector with a row is good", 200, "application/json", BODY(VECTOR(WEB)), .words = NULL},
    {"an empty vector is good and empty", 200, "application/json", BODY(VECTOR("")), .words = NULL},
    {"unknown keys anywhere are ignored", 200, "application/json",
     BODY("{\"stats\":{\"a\":[1]},\"status\":\"success\",\"data\":{\"stats\":{},\"resultType\":"
          "\"vector\",\"analysis\":null,\"result\":[]},\"infos\":[\"x\"],\"trace\":[]}"),
     .words = NULL},
    {"an escaped character is no NUL for its zeros", 200, "application/json",
     BODY("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"a\":\"\\u0009\\u0001\","
          "\"result\":[]}}"),
     .words = NULL},
    {"JSON under a wrong content type is still JSON", 200, "text/plain", BODY(VECTOR(WEB)),
     .words = NULL},
    {"white space around the object is fine", 200, "", BODY(" \n" VECTOR(WEB) "\r\n\t "),
     .words = NULL},
    {"another 2xx is no answer of its own", 203, "", BODY(VECTOR(WEB)), .words = "HTTP 203"},
    {"the first of them", 201, "", BODY(VECTOR(WEB)), .words = "HTTP 201"},
    {"the last of them", 299, "", BODY(VECTOR(WEB)), .words = "HTTP 299"},
    {"what is none of them, whatever it brings", 300, "", BODY(VECTOR(WEB)),
     .words = "points elsewhere", .retry = RETRY_SLOWLY},
    {"nor is 1xx", 199, "", BODY(VECTOR(WEB)), .words = "points elsewhere", .retry = RETRY_SLOWLY},
    {"204 is none, whatever it brings", 204, "", BODY(VECTOR(WEB)), .words = "(HTTP 204)"},
    {"nor is a part of one", 206, "", BODY(VECTOR(WEB)), .words = "HTTP 206"},
    {"a result of null is none", 200, "",
     BODY(SUCCESS("{\"resultType\":\"vector\",\"result\":null}")), .words = "no result"},
    {"data may not be null", 200, "", BODY(SUCCESS("null")), .words = "no result"},
    {"data may be no array", 200, "", BODY(SUCCESS("[\"a\"]")), .words = "no result"},
    {"a series may be no array", 200, "", BODY(VECTOR("[\"a\"]")),
     .words = "a series has no labels that can be read"},
    {"a series' labels may be no array", 200, "",
     BODY(VECTOR("{\"metric\":[\"a\"],\"value\":[1700000000.5,\"3\"]}")),
     .words = "a series has no labels that can be read"},
    {"warnings may be no object", 200, "",
     BODY("{\"status\":\"success\",\"warnings\":{\"a\":1},\"data\":{\"resultType\":\"vector\","
          "\"result\":[]}}"),
     .words = NULL},
    {"data may not be missing", 200, "", BODY("{\"status\":\"success\"}"), .words = "no result"},
    {"204 has no result", 204, "", BODY(""), .words = "no result in response (HTTP 204)"},
    {"a matrix is named", 200, "", BODY(SUCCESS("{\"resultType\":\"matrix\",\"result\":[]}")),
     .words = "got resultType \"matrix\"", .retry = RETRY_SLOWLY},
    {"a scalar is named", 200, "",
     BODY(SUCCESS("{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}")),
     .words = "got resultType \"scalar\"", .retry = RETRY_SLOWLY},
    {"a string is named", 200, "",
     BODY(SUCCESS("{\"resultType\":\"string\",\"result\":[1,\"2\"]}")),
     .words = "got resultType \"string\"", .retry = RETRY_SLOWLY},
    {"an unknown type is named, printably", 200, "",
     BODY(SUCCESS("{\"resultType\":\"\\u001b[2J\",\"result\":[]}")),
     .words = "got resultType \"?[2J\"", .retry = RETRY_SLOWLY},
    {"a missing type is reported", 200, "", BODY(SUCCESS("{\"result\":[]}")),
     .words = "does not say its resultType", .retry = RETRY_SLOWLY},
    {"a missing type and no result", 200, "", BODY(SUCCESS("{}")), .words = "no result"},
    {"a type that is no text", 200, "", BODY(SUCCESS("{\"resultType\":1,\"result\":[]}")),
     .words = "does not say its resultType", .retry = RETRY_SLOWLY},
    {"the longest type is named", 200, "",
     BODY(SUCCESS("{\"resultType\":\"" TEN("abc") TEN("abc") "abc\",\"result\":[]}")),
     .words = "got resultType \"" TEN("abc") TEN("abc") "abc\";", .retry = RETRY_SLOWLY},
    {"a longer one is cut", 200, "",
     BODY(SUCCESS("{\"resultType\":\"" TEN("abc") TEN("abc") "abce\",\"result\":[]}")),
     .words = "got resultType \"" TEN("abc") TEN("abc") "abc\";", .retry = RETRY_SLOWLY},
    {"a vector whose result is an object is none", 200, "",
     BODY(SUCCESS("{\"resultType\":\"vector\",\"result\":{}}")), .words = "expected a vector",
     .retry = RETRY_SLOWLY},
    {"an error in the body counts, whatever the status", 200, "",
     BODY(ERROR("\"execution\"", "\"too many samples\"")),
     .words = "cannot execute the query (HTTP 200, execution): \"too many samples\"",
     .retry = RETRY_SLOWLY},
    {"a status that is neither success nor error is none", 200, "", BODY("{\"status\":\"ok\"}"),
     .words = "does not say \"status\":\"success\"", .retry = RETRY_SLOWLY},
    {"a JSON object of something else", 200, "application/json", BODY("{}"),
     .words = "does not say \"status\":\"success\"", .retry = RETRY_SLOWLY},
    {"a bad query is the config's fault", 400, "application/json",
     BODY(ERROR("\"bad_data\"", "\"1:5: parse error: unexpected end of input\"")),
     .words = "cannot read the query (HTTP 400, bad_data): \"1:5: parse error: unexpected end of "
              "input\"; correct it",
     .retry = RETRY_SLOWLY},
    {"a query that cannot run says why", 422, "application/json",
     BODY(ERROR("\"execution\"", "\"found duplicate series for the match group\"")),
     .words = "found duplicate series for the match group", .retry = RETRY_SLOWLY},
    {"an errorType that is a number in a string", 422, "application/json",
     BODY(ERROR("\"422\"", "\"cannot parse\"")), .words = "(HTTP 422, 422): \"cannot parse\"",
     .retry = RETRY_SLOWLY},
    {"an error that is no string shows the status alone", 422, "application/json",
     BODY(ERROR("422", "{\"a\":1}")), .words = "cannot execute the query (HTTP 422); select",
     .retry = RETRY_SLOWLY},
    {"an error that is an object is quoted by its message", 500, "application/json",
     BODY("{\"error\":{\"code\":13,\"message\":\"the ingester is gone\"}}"),
     .words = "failed inside (HTTP 500): \"the ingester is gone\"; see its log"},
    {"a Status of Kubernetes is quoted by its message", 500, "application/json",
     BODY("{\"kind\":\"Status\",\"message\":\"no endpoints available\"}"),
     .words = "failed inside (HTTP 500): \"no endpoints available\"; see its log"},
    {"a time-out of the query", 503, "application/json",
     BODY(ERROR("\"timeout\"", "\"query timed out\"")),
     .words = "not available (HTTP 503, timeout): \"query timed out\""},
    {"Prometheus starting or stopping says so by a header", 503, "text/plain; charset=utf-8",
     BODY("Service Unavailable"), .stopping = true, .words = "is starting or stopping (HTTP 503)"},
    {"a plain 503 quotes its first line", 503, "text/plain", BODY("no healthy upstream\nat all"),
     .words = "not available (HTTP 503): \"no healthy upstream\";"},
    {"a TSDB that is not ready", 500, "application/json",
     BODY(ERROR("\"unavailable\"", "\"TSDB not ready\"")), .words = "TSDB not ready"},
    {"401 names what to check, and quotes nobody", 401, "application/json",
     BODY(ERROR("\"x\"", "\"bad password s3cret\"")), .words = "authentication failed (HTTP 401",
     .retry = RETRY_SLOWLY, .authentication = true},
    {"401 without credentials says what to write", 401, "text/plain", BODY("Unauthorized"),
     .anonymous = true,
     .words = "credentials are wanted (HTTP 401); add to prometheus: "
              "basic_auth: {username: NAME, password_file: FILE}, or authorization: "
              "{credentials_file: FILE}",
     .retry = RETRY_SLOWLY, .authentication = true},
    {"403 without credentials is no question of who", 403, "text/plain", BODY("x"),
     .anonymous = true, .words = "access is forbidden (HTTP 403)", .retry = RETRY_SLOWLY,
     .authentication = true},
    {"a 403 quotes what its reason is", 403, "application/json", BODY(ERROR("\"x\"", "\"y\"")),
     .reason = "User \"wall\" cannot create services/proxy",
     .words = "access is forbidden (HTTP 403): \"User \"wall\" cannot "
              "create services/proxy\"; check what these credentials may read",
     .retry = RETRY_SLOWLY, .authentication = true},
    {"Amazon wants a signature", 403, "application/json", BODY("{}"),
     .reason = "Missing Authentication Token",
     .words = "this is Amazon's, which wants requests signed with SigV4 (HTTP 403): \"Missing "
              "Authentication Token\"; write sigv4: {region: ...",
     .retry = RETRY_SLOWLY, .authentication = true},
    {"Amazon refuses a signature", 403, "application/json", BODY("{}"),
     .reason = "The request signature we calculated does not match the signature you provided.",
     .words = "; check secret_key and region of sigv4", .retry = RETRY_SLOWLY,
     .authentication = true},
    {"Amazon's clock is another", 403, "application/json", BODY("{}"),
     .reason = "Signature expired: 1 is now earlier than 2", .words = "; set this machine's clock",
     .retry = RETRY_SLOWLY, .authentication = true},
    {"405 to GET", 405, "text/html", BODY(HTML), .get = true,
     .words = "the server refuses GET (HTTP 405); let the proxy pass GET or POST",
     .retry = RETRY_SLOWLY},
    {"414 to GET", 414, "text/html", BODY(HTML), .get = true,
     .words = "the question is in the address (GET), which is too long for it (HTTP 414); let the "
              "server take POST",
     .retry = RETRY_SLOWLY},
    {"431 to GET", 431, "text/html", BODY(HTML), .get = true,
     .words = "too long with the headers (HTTP 431); let the server take POST, raise its limit for "
              "headers, or select fewer names",
     .retry = RETRY_SLOWLY},
    {"403 as HTML", 403, "text/html", BODY(HTML), .words = "access is forbidden (HTTP 403);",
     .retry = RETRY_SLOWLY, .authentication = true},
    {"Mimir and Cortex want a tenant", 401, "text/plain", BODY("no org id\n"),
     .words = "X-Scope-OrgID", .retry = RETRY_SLOWLY, .authentication = true},
    {"OpenShift's tenancy port wants a namespace", 400, "text/plain",
     BODY("Bad Request. The request or configuration is malformed.\n"),
     .words =
         "the proxy wants a namespace in the address (HTTP 400): \"Bad Request. The request or "
         "configuration is malformed.\"; write extra_params: {namespace: NAME}",
     .retry = RETRY_SLOWLY},
    {"a port that speaks TLS, by Go", 400, "",
     BODY("Client sent an HTTP request to an HTTPS server.\n"),
     .words = "this port speaks https (HTTP 400); write https:// in url", .retry = RETRY_SLOWLY},
    {"a port that speaks TLS, by nginx", 400, "text/html",
     BODY("<title>400 The plain HTTP request was sent to HTTPS port</title>"),
     .words = "this port speaks https (HTTP 400); write https:// in url", .retry = RETRY_SLOWLY},
    {"404 hints at the prefix", 404, "text/plain", BODY("404 page not found"),
     .words = "/select/0/prometheus", .retry = RETRY_SLOWLY},
    {"a server that knows no POST is no Prometheus", 501, "text/html", BODY(HTML),
     .words = "this is no Prometheus (HTTP 501); correct url", .retry = RETRY_SLOWLY},
    {"405 tells of POST", 405, "text/html", BODY(HTML), .words = "refuses POST",
     .retry = RETRY_SLOWLY},
    {"a redirect that leads nowhere", 302, "text/html", BODY(HTML), .words = "points elsewhere",
     .retry = RETRY_SLOWLY},
    {"a login page is no JSON", 200, "text/html; charset=utf-8", BODY(HTML),
     .words = "expected JSON, got text/html (HTTP 200)", .retry = RETRY_SLOWLY},
    {"429 is reported", 429, "text/plain", BODY("slow down"), .words = "asked too often"},
    {"a proxy without Prometheus", 502, "text/html", BODY(HTML), .words = "does not reach"},
    {"a network's page to log in", 511, "text/html", BODY(HTML),
     .words = "lets nothing through before a login (HTTP 511); log in to it"},
    {"a proxy that waited", 504, "text/html", BODY(HTML), .words = "in time (HTTP 504)"},
    {"a cancelled query", 499, "", BODY(""), .words = "cancelled (HTTP 499)"},
    {"413 is the query's length", 413, "text/html", BODY(HTML), .words = "query is too long",
     .retry = RETRY_SLOWLY},
    {"414 is the address's length", 414, "", BODY(""), .words = "address is too long",
     .retry = RETRY_SLOWLY},
    {"431 is the headers' length", 431, "", BODY(""), .words = "headers are too long",
     .retry = RETRY_SLOWLY},
    {"an unknown 4xx is refused", 418, "text/plain", BODY("I'm a teapot"),
     .words = "(HTTP 418): \"I'm a teapot\"", .retry = RETRY_SLOWLY},
    {"an unknown 5xx may heal", 599, "", BODY(""), .words = "the server failed (HTTP 599)"},
    {"an empty body is incomplete", 200, "", BODY(""), .words = "incomplete response"},
    {"a JSON that ends early", 200, "application/json", BODY("{\"status\":\"succ"),
     .words = "malformed JSON: incomplete response"},
    {"a JSON that ends between braces", 200, "application/json",
     BODY("{\"status\":\"success\",\"data\":{"), .words = "incomplete response"},
    {"a byte order mark", 200, "", BODY("\xEF\xBB\xBF" VECTOR("")), .words = "byte order mark"},
    {"garbage after the object", 200, "", BODY(VECTOR("") " x"), .words = "follows its end"},
    {"two documents", 200, "", BODY(VECTOR("") VECTOR("")), .words = "follows its end"},
    {"lines of JSON", 200, "", BODY(VECTOR("") "\n" VECTOR("")), .words = "follows its end"},
    {"a raw NUL", 200, "", BODY("{\"status\":\"success\0\"}"), .words = "NUL"},
    {"an escaped NUL would cut a label short", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":\"b\\u0000c\"},\"value\":[1,\"1\"]}")), .words = "NUL"},
    {"an escaped backslash before u0000 is no NUL", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":\"b\\\\u0000c\"},\"value\":[1,\"1\"]}")), .words = NULL},
    {"a nesting deeper than 64 is refused before the parser recurses", 200, "",
     BODY("{\"x\":" TEN(TEN("["))), .words = "deeper than 64"},
    {"brackets in strings are no levels", 200, "",
     BODY("{\"x\":\"" TEN(TEN("[{")) "\\\"{\",\"status\":\"success\",\"data\":{\"resultType\":"
                                     "\"vector\",\"result\":[]}}"),
     .words = NULL},
    {"two keys `status` could hide an error", 200, "",
     BODY("{\"status\":\"error\",\"status\":\"success\",\"data\":{\"resultType\":\"vector\","
          "\"result\":[]}}"),
     .words = "key is there twice"},
    {"two keys `error` could hide another", 200, "",
     BODY("{\"status\":\"success\",\"error\":1,\"error\":2,\"data\":{\"resultType\":\"vector\","
          "\"result\":[]}}"),
     .words = "key is there twice"},
    {"two keys `errorType` likewise", 200, "",
     BODY("{\"status\":\"success\",\"errorType\":1,\"errorType\":2,\"data\":{\"resultType\":"
          "\"vector\",\"result\":[]}}"),
     .words = "key is there twice"},
    {"two keys `warnings` could hide one", 200, "",
     BODY("{\"status\":\"success\",\"warnings\":[\"a\"],\"warnings\":[],\"data\":{"
          "\"resultType\":\"vector\",\"result\":[]}}"),
     .words = "key is there twice"},
    {"two keys `isPartial` likewise", 200, "",
     BODY("{\"status\":\"success\",\"isPartial\":true,\"isPartial\":false,\"data\":{"
          "\"resultType\":\"vector\",\"result\":[]}}"),
     .words = "key is there twice"},
    {"two keys `resultType`", 200, "",
     BODY(SUCCESS("{\"resultType\":\"matrix\",\"resultType\":\"vector\",\"result\":[]}")),
     .words = "key is there twice"},
    {"two keys that nobody reads", 200, "",
     BODY("{\"status\":\"success\",\"x\":1,\"x\":2,\"data\":{\"resultType\":\"vector\","
          "\"result\":[]}}"),
     .words = NULL},
    {"two keys `result` could hide rows", 200, "",
     BODY(SUCCESS("{\"resultType\":\"vector\",\"result\":[" WEB "],\"result\":[]}")),
     .words = "key is there twice"},
    {"brackets that do not match", 200, "", BODY("{\"a\":[1}]}"), .words = "malformed JSON"},
    {"an array is no answer", 200, "", BODY("[]"), .words = "no JSON object"},
    {"a word is no answer", 200, "application/json", BODY("true"), .words = "no JSON object"},
    {"a trailing comma is no JSON", 200, "", BODY("{\"status\":\"success\",}"),
     .words = "breaks the grammar"},
    {"a lone surrogate is no text", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":\"\\ud800\"},\"value\":[1,\"1\"]}")),
     .words = "breaks the grammar"},
    {"the same labels twice are no vector", 200, "", BODY(VECTOR(WEB "," WEB)),
     .words = "duplicate series"},
    {"the same labels in another order are the same", 200, "",
     BODY(VECTOR(WEB ",{\"metric\":{\"namespace\":\"shop\",\"deployment\":\"web\",\"__name__\":"
                     "\"kube_deployment_spec_replicas\"},\"value\":[1,\"4\"]}")),
     .words = "duplicate series"},
    {"a label that is there twice is no label", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":\"b\",\"a\":\"c\"},\"value\":[1,\"1\"]}")),
     .words = "no labels that can be read"},
    {"a label that is a number is none", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":1},\"value\":[1,\"1\"]}")),
     .words = "no labels that can be read"},
    {"a series without labels' object is none", 200, "", BODY(VECTOR("{\"value\":[1,\"1\"]}")),
     .words = "no labels that can be read"},
    {"of two values nobody knows which counts", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":\"b\"},\"value\":[1,\"0\"],\"value\":[1,\"2\"]}")),
     .words = "or a key twice"},
    {"nor of two sets of labels", 200, "",
     BODY(VECTOR("{\"metric\":{\"a\":\"b\"},\"metric\":{\"a\":\"c\"},\"value\":[1,\"2\"]}")),
     .words = "or a key twice"},
    {"a series that is a string is none", 200, "", BODY(VECTOR("\"x\"")),
     .words = "no labels that can be read"},
};

static void judge(const struct judgement *row, struct rows *rows)
{
    const struct asked asked = {.namespace_ = "namespace", .cluster = "cluster", .selections = 1};
    char *exact = malloc(row->length + 1); /* so that a read beyond the body is seen */
    assert_non_null(exact);
    memcpy(exact, row->body, row->length);
    char *body = realloc(exact, row->length > 0 ? row->length : 1);
    assert_non_null(body);
    struct http_answer http = {.status = row->status,
                               .stopping = row->stopping,
                               .retry_after_ms = -1,
                               .get = row->get,
                               .anonymous = row->anonymous,
                               .body = body,
                               .length = row->length};
    snprintf(http.content_type, sizeof http.content_type, "%s", row->type);
    snprintf(http.from, sizeof http.from, "p:9090");
    snprintf(http.reason, sizeof http.reason, "%s", row->reason == NULL ? "" : row->reason);
    struct answer answer;
    struct refusal refusal;
    bool good = response_workloads(&http, &asked, rows, &answer, &refusal);
    if (good != (row->words == NULL))
        fail_msg("%s: %s", row->sentence, good ? "it was taken" : refusal.error.text);
    if (!good && strstr(refusal.error.text, row->words) == NULL)
        fail_msg("%s: \"%s\" is not in: %s", row->sentence, row->words, refusal.error.text);
    if (!good && row->status != 200 && strncmp(refusal.error.text, "p:9090: ", 8) != 0)
        fail_msg("%s: it does not name the server: %s", row->sentence, refusal.error.text);
    if (!good && (refusal.retry != row->retry || refusal.authentication != row->authentication))
        fail_msg("%s: retry %d, authentication %d", row->sentence, (int)refusal.retry,
                 refusal.authentication);
    if (!good && (answer.count != 0 || strstr(refusal.error.text, "s3cret") != NULL))
        fail_msg("%s: what was refused is shown", row->sentence);
    free(body);
}

static void judges_the_corpus(void **state)
{
    (void)state;
    struct rows *rows = rows_new();
    for (size_t i = 0; i < sizeof judgements / sizeof judgements[0]; i++)
        judge(&judgements[i], rows);
    rows_free(rows);
}

/* Every prefix of a good answer is refused, and nothing is read beyond it. */
static void refuses_every_prefix(void **state)
{
    (void)state;
    static const char whole[] = VECTOR(WEB);
    struct rows *rows = rows_new();
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        struct judgement row = {.sentence = "a prefix of a good answer is incomplete",
                                .status = 200,
                                .type = "application/json",
                                .body = whole,
                                .length = length,
                                .words = "malformed JSON"};
        judge(&row, rows);
    }
    rows_free(rows);
}

/* What grows with an answer is what is kept of it: a body that would take more to read than it may
   is refused, whatever fills it. */
static void refuses_what_would_eat_memory(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *before, *unit, *after;
    } shapes[] = {
        {"zeros for data", "{\"status\":\"success\",\"data\":[", "0,", "0]}"},
        {"zeros for a series", RESULT "[", "0,", "0]]}}"},
        {"labels of one series", RESULT "{\"metric\":{", "\"a\":\"b\",", "\"z\":\"\"}}]}}"},
        {"warnings", "{\"status\":\"success\",\"warnings\":[", "\"w\",", "\"w\"]}"},
        {"a list within the list", RESULT "[", "[],", "[]]]}}"},
    };
    struct rows *rows = rows_new();
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct text body = {0};
        text_add(&body, shapes[i].before);
        while (body.length < 800000)
            text_add(&body, shapes[i].unit);
        text_add(&body, shapes[i].after);
        struct judgement row = {.sentence = shapes[i].sentence,
                                .status = 200,
                                .type = "application/json",
                                .body = body.data,
                                .length = body.length,
                                .words = "far more memory",
                                .retry = RETRY_SLOWLY};
        judge(&row, rows);
        judge(&judgements[0], rows); /* and the next answer is read as if nothing had been */
        text_free(&body);
    }
    rows_free(rows);
}

/* An honest answer has more text than what is kept of it: many workloads of one number each are
   none of Prometheus's. */
static void refuses_rows_that_say_next_to_nothing(void **state)
{
    struct room *room = *state;
    for (int i = 0; i < 20000; i++) {
        char labels[64];
        snprintf(labels, sizeof labels, "{__name__=\"rollout_info\",name=\"%d\"}", i);
        answers_add(&room->body, labels, "\"1\"");
    }
    assert_false(room_try(room));
    assert_non_null(strstr(room->refusal.error.text, "far more memory"));
    assert_int_equal(room->refusal.retry, RETRY_SLOWLY);
}

static void a_machine_without_memory_is_no_bad_server(void **state)
{
    (void)state;
    const struct http_answer http = {.status = 200, .length = 5};
    struct arena arena = {0};
    struct refusal refusal;
    assert_false(envelope_refuse_memory(&arena, &http, &refusal));
    assert_non_null(strstr(refusal.error.text, "not enough memory"));
    assert_int_equal(refusal.retry, RETRY_BACK_OFF);
    arena.exceeded = true;
    assert_false(envelope_refuse_memory(&arena, &http, &refusal));
    assert_non_null(strstr(refusal.error.text, "5 bytes takes far more memory"));
    assert_int_equal(refusal.retry, RETRY_SLOWLY);
}

static void members_are_read_by_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *body;
        bool good;
        const char *first, *second;
    } rows[] = {
        {"a text and a number", "{\"a\":\"x\",\"b\":3600,\"c\":1}", true, "x", "3600"},
        {"a fraction is rounded", "{\"b\":2.7}", true, "", "3"},
        {"neither", "{\"a\":null,\"b\":[1]}", true, "", ""},
        {"an empty object", "{}", true, "", ""},
        {"a list within", "{\"data\":{\"result\":[1]},\"a\":\"x\"}", true, "x", ""},
        {"one twice", "{\"a\":\"x\",\"a\":\"y\"}", false, NULL, NULL},
        {"another twice", "{\"c\":1,\"c\":2,\"a\":\"x\"}", true, "x", ""},
        {"no object", "[]", false, "", ""},
        {"nothing", "", false, "", ""},
        {"no JSON", "{\"a\":\"x\",}", false, "", ""},
    };
    static const char *const names[] = {"a", "b"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct http_answer http = {
            .status = 200, .body = rows[i].body, .length = strlen(rows[i].body)};
        struct text values[2] = {{0}};
        const bool good = response_members(&http, names, values, 2);
        if (good != rows[i].good)
            fail_msg("%s: %s", rows[i].sentence, good ? "read" : "refused");
        const char *first = values[0].length > 0 ? values[0].data : "";
        const char *second = values[1].length > 0 ? values[1].data : "";
        if (rows[i].first != NULL &&
            (strcmp(first, rows[i].first) != 0 || strcmp(second, rows[i].second) != 0))
            fail_msg("%s: \"%s\", \"%s\"", rows[i].sentence, first, second);
        text_free(&values[0]);
        text_free(&values[1]);
    }
}

/* A server that is not said is not named. */
static void only_who_is_known_is_named(void **state)
{
    struct room *room = *state;
    text_add(&room->body, "7");
    assert_false(room_try(room));
    assert_true(strncmp(room->refusal.error.text, "malformed JSON", 14) == 0);
}

static size_t held_by(const struct rows *rows)
{
    size_t held = 0;
    const struct arena *arenas[] = {&rows->arena, &rows->scratch};
    for (size_t i = 0; i < 2; i++)
        held += arena_held(arenas[i]);
    return held;
}

/* So many Deployments as an answer has room for, of 13 series each. */
static void keeps_half_of_an_honest_answer_and_gives_it_back(void **state)
{
    struct room *room = *state;
    for (int i = 0; i < 400; i++) {
        char labels[160];
        snprintf(labels, sizeof labels,
                 "container=\"kube-state-metrics\",deployment=\"checkout-%d\",instance=\""
                 "10.0.0.1:8080\",job=\"kube-state-metrics\",namespace=\"shop\"",
                 i);
        answers_add_deployment(&room->body, labels, 20);
    }
    room_read(room);
    assert_int_equal(room->answer.count, 400);
    assert_true(held_by(room->rows) > 400 * sizeof(struct row));
    assert_true(held_by(room->rows) < room->body.length);
    rows_rest(room->rows);
    assert_true(held_by(room->rows) <= 64 * 1024);
}

/* Where the list of series stands must be beyond doubt. */
static void reads_only_the_one_list(void **state)
{
    (void)state;
    static const struct judgement rows_of[] = {
        {"two results", 200, "",
         BODY("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\","
              "\"result\":[],\"result\":[]}}"),
         .words = "twice"},
        {"two data", 200, "",
         BODY("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\","
              "\"result\":[]},\"data\":{}}"),
         .words = "twice"},
        {"a name in escapes", 200, "",
         BODY("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"res\\u0075lt\":[]}}"),
         .words = "no result"},
        {"another's result", 200, "",
         BODY("{\"status\":\"success\",\"other\":{\"result\":[]},\"data\":{\"resultType\":"
              "\"vector\"}}"),
         .words = "no result"},
        {"nothing behind a comma", 200, "", BODY(VECTOR(WEB ",")), .words = "malformed JSON"},
        {"nothing between commas", 200, "", BODY(VECTOR(WEB ",," WEB)), .words = "malformed JSON"},
        {"nothing before a comma", 200, "", BODY(VECTOR("," WEB)), .words = "malformed JSON"},
        {"no comma", 200, "", BODY(VECTOR(WEB " " WEB)), .words = "malformed JSON"},
        {"a mark before a series", 200, "", BODY(VECTOR("\xEF\xBB\xBF" WEB)),
         .words = "malformed JSON"},
        {"brackets that do not fit", 200, "",
         BODY("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[}]}"),
         .words = "malformed JSON"},
        {"white space", 200, "", BODY(VECTOR(" \n" WEB "\t ")), .words = NULL},
    };
    struct rows *rows = rows_new();
    for (size_t i = 0; i < sizeof rows_of / sizeof rows_of[0]; i++)
        judge(&rows_of[i], rows);
    rows_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_the_corpus),
        cmocka_unit_test(refuses_every_prefix),
        cmocka_unit_test(refuses_what_would_eat_memory),
        cmocka_unit_test(reads_only_the_one_list),
        cmocka_unit_test(a_machine_without_memory_is_no_bad_server),
        cmocka_unit_test(members_are_read_by_their_names),
        cmocka_unit_test_setup_teardown(refuses_rows_that_say_next_to_nothing, room_set_up,
                                        room_tear_down),
        cmocka_unit_test_setup_teardown(only_who_is_known_is_named, room_set_up, room_tear_down),
        cmocka_unit_test_setup_teardown(keeps_half_of_an_honest_answer_and_gives_it_back,
                                        room_set_up, room_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
