#include "prometheus/answer/refusal.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define QUOTE_SIZE 200 /* of a server's own words in our sentence */

bool refuse(struct refusal *refusal, enum retry retry, const char *format, ...)
{
    char sentence[2 * ERROR_TEXT_SIZE]; /* error_set() cuts it, between characters */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    *refusal = (struct refusal){.retry = retry};
    return error_set(&refusal->error, "%s", sentence);
}

struct rule {
    long status;
    enum retry retry;
    bool quotes; /* the server's words help; not where they might repeat our credentials */
    const char *what;
    const char *advice;
};

/* Codes of Prometheus: web/api/v1/api.go; the rest are those of the proxies in front of it. */
static const struct rule rules[] = {
    {400, RETRY_SLOWLY, true, "Prometheus cannot read the query", "correct it in the config file"},
    {401, RETRY_SLOWLY, false, "authentication failed",
     "check basic_auth, authorization or oauth2 in the config file, and the file it names"},
    {403, RETRY_SLOWLY, false, "authentication failed: access is forbidden",
     "check what these credentials may read"},
    {404, RETRY_SLOWLY, false, "no API at this address",
     "the path in url is wrong: add the prefix, such as /prometheus or /select/0/prometheus"},
    {405, RETRY_SLOWLY, false, "the server refuses POST",
     "let the proxy pass POST to /api/v1/query"},
    {406, RETRY_SLOWLY, true, "the server refuses to answer in JSON", "check what url points to"},
    {408, RETRY_BACK_OFF, true, "the server waited too long for the query", "asking again"},
    {413, RETRY_SLOWLY, false, "the query is too long for the server",
     "select fewer names, or raise the proxy's limit"},
    {414, RETRY_SLOWLY, false, "the address is too long for the server",
     "select fewer names, or raise the proxy's limit"},
    {422, RETRY_SLOWLY, true, "Prometheus cannot execute the query",
     "select fewer workloads, or correct the query"},
    {429, RETRY_BACK_OFF, true, "the server is asked too often", "raise poll_interval"},
    {431, RETRY_SLOWLY, false, "the headers are too long for the server",
     "shorten http_headers or the credentials"},
    {499, RETRY_BACK_OFF, true, "the query was cancelled", "asking again"},
    {500, RETRY_BACK_OFF, true, "Prometheus failed inside", "see its log; asking again"},
    {501, RETRY_SLOWLY, true, "this is no Prometheus", "correct url"},
    {502, RETRY_BACK_OFF, false, "the proxy does not reach Prometheus",
     "see whether Prometheus runs; asking again"},
    {503, RETRY_BACK_OFF, true, "Prometheus is not available", "asking again"},
    {504, RETRY_BACK_OFF, false, "Prometheus does not answer its proxy in time",
     "see whether Prometheus is overloaded; asking again"},
};

static const struct rule stopping_rule = {503, RETRY_BACK_OFF, false,
                                          "Prometheus is starting or stopping", "asking again"};
static const struct rule tenant_rule = {401, RETRY_SLOWLY, false, "the server wants a tenant",
                                        "set X-Scope-OrgID under http_headers in the config file"};
static const struct rule redirect_rule = {0, RETRY_SLOWLY, false, "the server points elsewhere",
                                          "set url to where Prometheus really is"};
static const struct rule client_rule = {0, RETRY_SLOWLY, true, "the server refuses the request",
                                        "check url, and the proxy in front of Prometheus"};
static const struct rule server_rule = {0, RETRY_BACK_OFF, true, "the server failed",
                                        "see its log; asking again"};

static bool body_holds(const struct http_answer *http, const char *words)
{
    return http->length > 0 && memmem(http->body, http->length, words, strlen(words)) != NULL;
}

static const struct rule *rule_for(const struct http_answer *http)
{
    if (http->status == 503 && http->stopping)
        return &stopping_rule;
    if (http->status == 401 && body_holds(http, "no org id"))
        return &tenant_rule;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].status == http->status)
            return &rules[i];
    if (http->status >= 500)
        return &server_rule;
    return http->status < 400 ? &redirect_rule : &client_rule;
}

/* The server's own words, printable and cut: the reported error, or the first line of plain text.
 */
static void quote(char out[static QUOTE_SIZE], const struct http_answer *http, const char *reported)
{
    char line[QUOTE_SIZE] = "";
    if (reported == NULL && strncmp(http->content_type, "text/plain", 10) == 0) {
        size_t length = http->length < sizeof line ? http->length : sizeof line - 1;
        if (length > 0)
            memcpy(line, http->body, length);
        line[strcspn(line, "\r\n")] = '\0';
        reported = line;
    }
    text_printable(out, QUOTE_SIZE, reported == NULL ? "" : reported);
}

/* `type` is a word of the API; VictoriaMetrics puts a number there. */
static bool refuse_by(const struct rule *rule, const struct http_answer *http,
                      struct reported reported, struct refusal *refusal)
{
    char words[QUOTE_SIZE] = "";
    char type[32] = "";
    if (rule->quotes)
        quote(words, http, reported.text);
    if (rule->quotes && reported.type != NULL)
        text_printable(type, sizeof type, reported.type);
    refuse(refusal, rule->retry, "%s (HTTP %ld%s%s)%s%s%s; %s", rule->what, http->status,
           type[0] != '\0' ? ", " : "", type, words[0] != '\0' ? ": \"" : "", words,
           words[0] != '\0' ? "\"" : "", rule->advice);
    refusal->authentication = http->status == 401 || http->status == 403;
    return false;
}

bool refuse_status(const struct http_answer *http, struct reported reported,
                   struct refusal *refusal)
{
    return refuse_by(rule_for(http), http, reported, refusal);
}

/* The status that Prometheus itself would have sent with this errorType (web/api/v1/api.go). */
static long status_of_type(const char *type)
{
    static const struct {
        const char *type;
        long status;
    } types[] = {
        {"bad_data", 400}, {"execution", 422},   {"canceled", 499},  {"timeout", 503},
        {"internal", 500}, {"unavailable", 500}, {"not_found", 404}, {"not_acceptable", 406},
        {"400", 400},      {"422", 422},
    };
    for (size_t i = 0; type != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].type, type) == 0)
            return types[i].status;
    return 500;
}

bool refuse_reported(const struct http_answer *http, struct reported reported,
                     struct refusal *refusal)
{
    struct http_answer as = *http;
    as.status = status_of_type(reported.type);
    return refuse_by(rule_for(&as), http, reported, refusal);
}

bool refuse_body(const struct http_answer *http, const char *flaw, struct refusal *refusal)
{
    char type[CONTENT_TYPE_SIZE];
    text_printable(type, sizeof type, http->content_type);
    type[strcspn(type, ";")] = '\0';
    if (type[0] != '\0' && strstr(type, "json") == NULL)
        return refuse(refusal, RETRY_SLOWLY,
                      "expected JSON, got %s (HTTP %ld): a login page, or something else than "
                      "Prometheus? check url and the credentials",
                      type, http->status);
    return refuse(refusal, RETRY_BACK_OFF, "malformed JSON: %s; asking again", flaw);
}
