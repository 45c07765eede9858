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
    enum retry retry;
    bool quotes; /* the server's words help; those of a 401 or 403 are quoted from `reason` */
    const char *what;
    const char *advice;
};

struct status_rule {
    long status;
    struct rule rule;
};

/* Codes of Prometheus: web/api/v1/api.go; the rest are those of the proxies in front of it. */
static const struct status_rule rules[] = {
    {400,
     {RETRY_SLOWLY, true, "Prometheus cannot read the query", "correct it in the config file"}},
    {401,
     {RETRY_SLOWLY, false, "authentication failed",
      "check basic_auth, authorization or oauth2 in the config file, and the file it names"}},
    {403, {RETRY_SLOWLY, false, "access is forbidden", "check what these credentials may read"}},
    {404,
     {RETRY_SLOWLY, false, "no API at this address",
      "another program listens there, or the path in url is wrong: correct the port, add the "
      "prefix that Prometheus has there, such as /prometheus or /select/0/prometheus, or take "
      "away one that it has not"}},
    {405,
     {RETRY_SLOWLY, false, "the server refuses POST", "let the proxy pass POST to /api/v1/query"}},
    {406, {RETRY_SLOWLY, true, "the server refuses to answer in JSON", "check what url points to"}},
    {408, {RETRY_BACK_OFF, true, "the server waited too long for the query", "asking again"}},
    {413,
     {RETRY_SLOWLY, false, "the query is too long for the server",
      "select fewer names, or raise the proxy's limit"}},
    {414,
     {RETRY_SLOWLY, false, "the address is too long for the server",
      "select fewer names, or raise the proxy's limit"}},
    {422,
     {RETRY_SLOWLY, true, "Prometheus cannot execute the query",
      "select fewer workloads, or correct the query"}},
    {429, {RETRY_BACK_OFF, true, "the server is asked too often", "raise poll_interval"}},
    {431,
     {RETRY_SLOWLY, false, "the headers are too long for the server",
      "shorten http_headers or the credentials"}},
    {499, {RETRY_BACK_OFF, true, "the query was cancelled", "asking again"}},
    {500, {RETRY_BACK_OFF, true, "Prometheus failed inside", "see its log; asking again"}},
    {501, {RETRY_SLOWLY, true, "this is no Prometheus", "correct url"}},
    {502,
     {RETRY_BACK_OFF, false, "the proxy does not reach Prometheus",
      "see whether Prometheus runs; asking again"}},
    {503,
     {RETRY_BACK_OFF, true, "Prometheus is not available",
      "see whether it is starting, or overloaded; asking again"}},
    {504,
     {RETRY_BACK_OFF, false, "Prometheus does not answer its proxy in time",
      "see whether Prometheus is overloaded; asking again"}},
    {511,
     {RETRY_BACK_OFF, false, "this network lets nothing through before a login",
      "log in to it in a browser, or have it let this machine through; asking again"}},
};

/* Of a question that is in the address. */
static const struct status_rule get_rules[] = {
    {405,
     {RETRY_SLOWLY, false, "the server refuses GET",
      "let the proxy pass GET or POST to /api/v1/query"}},
    {414,
     {RETRY_SLOWLY, false, "the question is in the address (GET), which is too long for it",
      "let the server take POST, raise its limit for addresses, or select fewer names"}},
    {431,
     {RETRY_SLOWLY, false,
      "the question is in the address (GET), which is too long with the headers",
      "let the server take POST, raise its limit for headers, or select fewer names"}},
};

/* Amazon's words, by API Gateway and by the service behind it (AWS General Reference, Signature
   Version 4). */
static const struct {
    const char *words;
    struct rule rule;
} amazon_rules[] = {
    {"Missing Authentication Token",
     {RETRY_SLOWLY, false, "this is Amazon's, which wants requests signed with SigV4",
      "write sigv4: {region: ..., access_key: ..., secret_key_file: ...}"}},
    {"Authorization header requires",
     {RETRY_SLOWLY, false, "this is Amazon's, which wants requests signed with SigV4",
      "write sigv4: {region: ..., access_key: ..., secret_key_file: ...}"}},
    {"signature we calculated does not match",
     {RETRY_SLOWLY, false, "the signature is not accepted",
      "check secret_key and region of sigv4"}},
    {"security token included in the request",
     {RETRY_SLOWLY, false, "the access key is not accepted", "check access_key of sigv4"}},
    {"Credential should be scoped",
     {RETRY_SLOWLY, false, "the signature is for another place", "check region of sigv4"}},
    {"Signature expired",
     {RETRY_SLOWLY, false, "the signature is too old", "set this machine's clock"}},
    {"Signature not yet current",
     {RETRY_SLOWLY, false, "the signature is of the future", "set this machine's clock"}},
};

static const struct rule stopping_rule = {RETRY_BACK_OFF, false,
                                          "Prometheus is starting or stopping", "asking again"};
static const struct rule tenant_rule = {RETRY_SLOWLY, false, "the server wants a tenant",
                                        "set X-Scope-OrgID under http_headers in the config file"};
static const struct rule anonymous_rule = {
    RETRY_SLOWLY, false, "credentials are wanted",
    "add to prometheus: basic_auth: {username: NAME, password_file: FILE}, or authorization: "
    "{credentials_file: FILE}"};
/* kube-rbac-proxy, before OpenShift's tenancy port. */
static const struct rule namespace_rule = {RETRY_SLOWLY, true,
                                           "the proxy wants a namespace in the address",
                                           "write extra_params: {namespace: NAME}"};
static const struct rule tls_rule = {RETRY_SLOWLY, false, "this port speaks https",
                                     "write https:// in url"};
static const struct rule redirect_rule = {RETRY_SLOWLY, false, "the server points elsewhere",
                                          "set url to where Prometheus really is"};
static const struct rule client_rule = {RETRY_SLOWLY, true, "the server refuses the request",
                                        "check url, and the proxy in front of Prometheus"};
static const struct rule server_rule = {RETRY_BACK_OFF, true, "the server failed",
                                        "see its log; asking again"};

static bool body_holds(const struct http_answer *http, const char *words)
{
    return http->length > 0 && memmem(http->body, http->length, words, strlen(words)) != NULL;
}

/* As Go's net/http and nginx say it. */
static bool wants_tls(const struct http_answer *http)
{
    return http->status == 400 && (body_holds(http, "HTTP request to an HTTPS server") ||
                                   body_holds(http, "HTTP request was sent to HTTPS port"));
}

static const struct rule *rule_for(const struct http_answer *http)
{
    if (wants_tls(http))
        return &tls_rule;
    if (http->status == 503 && http->stopping)
        return &stopping_rule;
    if (http->status == 401 && body_holds(http, "no org id"))
        return &tenant_rule;
    if (http->status == 401 && http->anonymous)
        return &anonymous_rule;
    if (http->status == 400 && body_holds(http, "request or configuration is malformed"))
        return &namespace_rule;
    for (size_t i = 0; i < sizeof amazon_rules / sizeof amazon_rules[0]; i++)
        if (strstr(http->reason, amazon_rules[i].words) != NULL)
            return &amazon_rules[i].rule;
    for (size_t i = 0; http->get && i < sizeof get_rules / sizeof get_rules[0]; i++)
        if (get_rules[i].status == http->status)
            return &get_rules[i].rule;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].status == http->status)
            return &rules[i].rule;
    if (http->status >= 500)
        return &server_rule;
    return http->status < 400 ? &redirect_rule : &client_rule;
}

const char *words_of(const struct http_answer *http, const char *words)
{
    return words == NULL || http->repeats == NULL || !http->repeats(http->sent, words)
               ? words
               : "(what was sent to it, which is kept secret)";
}

/* The server's own words, printable and cut: the reported error, or the first line of plain text.
 */
static void quote(char out[static QUOTE_SIZE], const struct http_answer *http, const char *reported)
{
    char line[QUOTE_SIZE + 1] = ""; /* one more: that it is cut is seen */
    if (reported == NULL && strncmp(http->content_type, "text/plain", 10) == 0) {
        size_t length = http->length < sizeof line ? http->length : sizeof line - 1;
        if (length > 0)
            memcpy(line, http->body, length);
        line[strcspn(line, "\r\n")] = '\0';
        reported = line;
    }
    text_shorten(out, QUOTE_SIZE, reported == NULL ? "" : words_of(http, reported));
}

/* `type` is a word of the API; VictoriaMetrics puts a number there. */
static bool refuse_by(const struct rule *rule, const struct http_answer *http,
                      struct reported reported, struct refusal *refusal)
{
    char words[QUOTE_SIZE] = "";
    char type[32] = "";
    text_copy(words, sizeof words, http->reason);
    if (rule->quotes)
        quote(words, http, reported.text);
    if (rule->quotes && reported.type != NULL)
        text_printable(type, sizeof type, words_of(http, reported.type));
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
    text_printable(type, sizeof type, words_of(http, http->content_type));
    type[strcspn(type, ";")] = '\0';
    if (type[0] != '\0' && strstr(type, "json") == NULL)
        return refuse(refusal, RETRY_SLOWLY,
                      "expected JSON, got %s (HTTP %ld): a login page, or something else than "
                      "Prometheus? check url and the credentials",
                      type, http->status);
    return refuse(refusal, RETRY_BACK_OFF,
                  "malformed JSON: %s; see whether a proxy cuts or changes answers; asking again",
                  flaw);
}

void retry_words_cut(struct error *error)
{
    char *words = strstr(error->text, RETRY_WORDS);
    if (words != NULL)
        *words = '\0';
}
