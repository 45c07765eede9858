/*
 * What is no error in `prometheus:`, but worth saying: a password over plain http, a secret that
 * others can read, a key of old.
 */
#include "prometheus/http/secrets.h"
#include "prometheus/http/url.h"
#include "prometheus/settings/settings.h"

#include <strings.h>

static bool is_open_http(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 && !url_is_loopback(url);
}

static bool remark_plain_http(const struct prometheus_settings *settings, struct error *remark)
{
    bool named = secret_is_given(SECRET_USERNAME, settings);
    if (!(named || prometheus_has_secret(settings)) || !is_open_http(settings->url) ||
        prometheus_signs(settings)) /* that sends no secret */
        return false;
    error_set(remark, "credentials travel over plain http, where others can read them; use https");
    return true;
}

static bool remark_plain_token(const struct prometheus_settings *settings, struct error *remark)
{
    if (!is_open_http(settings->oauth2.token_url))
        return false;
    error_set(remark, "oauth2: client_secret travels over plain http, where others can read it; "
                      "use https");
    return true;
}

static const char *first_exposed(const struct prometheus_settings *settings)
{
    for (size_t i = 0; i < SECRET_SOURCES; i++) {
        const char *file = secret_source_file(&secret_sources[i], settings);
        if (!secret_sources[i].harmless && file[0] != '\0' && secret_is_exposed(file))
            return file;
    }
    for (size_t i = 0; i < CLIENT_HEADERS_MAX && settings->http_headers[i].name[0] != '\0'; i++) {
        const struct http_pair *header = &settings->http_headers[i];
        if (header->source == PAIR_FILE && secret_is_exposed(header->value))
            return header->value;
    }
    return NULL;
}

static bool remark_exposed_file(const struct prometheus_settings *settings, struct error *remark)
{
    const char *file = first_exposed(settings);
    if (file == NULL)
        return false;
    error_set(remark, "others can read %s; chgrp it to the group that needs it and chmod o-rwx it",
              file);
    return true;
}

static bool remark_no_verification(const struct prometheus_settings *settings, struct error *remark)
{
    bool at_url = settings->tls_config.insecure_skip_verify && url_is_https(settings->url);
    bool at_token_url = settings->oauth2.tls_config.insecure_skip_verify;
    if (!at_url && !at_token_url)
        return false;
    error_set(remark,
              "INSECURE: %sinsecure_skip_verify: anybody in between can pose as %s and read the "
              "credentials; set ca_file instead",
              at_url ? "" : "oauth2: ", at_url ? "Prometheus" : "the token server");
    return true;
}

static bool remark_deprecated(const struct prometheus_settings *settings, struct error *remark)
{
    bool file = settings->bearer_token_file[0] != '\0';
    if (!file && settings->bearer_token[0] == '\0')
        return false;
    error_set(remark, "bearer_token%s is deprecated; write authorization: {credentials%s: ...}",
              file ? "_file" : "", file ? "_file" : "");
    return true;
}

static bool remark_no_nonce(const struct prometheus_settings *settings, struct error *remark)
{
    if (settings->query_nonce)
        return false;
    error_set(remark, "query_nonce is false: a cache that repeats old answers is found out only "
                      "after max_age; `amberbar doctor` says whether this server needs it");
    return true;
}

#define USUAL_INTERVAL_MS 60000

/* [T1]: what is shown is true of some moment in max_age, poll_interval and timeout. */
static bool remark_rare(const struct prometheus_settings *settings, struct error *remark)
{
    const int64_t longer_ms = settings->poll_interval_ms + prometheus_timeout_ms(settings);
    if (settings->poll_interval_ms <= USUAL_INTERVAL_MS)
        return false;
    error_set(remark,
              "poll_interval: so rarely asked, the lights can show what is over for %lld min more "
              "than max_age; 10s to 30s is usual, and costs a server next to nothing",
              (long long)(longer_ms + 59999) / 60000);
    return true;
}

/* The program by itself, with TLS, a board and 2,000 workloads. */
#define BASE_BYTES (INT64_C(13) << 20)

/* At most, whatever a server sends. */
static int64_t memory_bytes(const struct prometheus_settings *settings)
{
    return BASE_BYTES + settings->max_response_bytes * PROMETHEUS_MEMORY_HALVES / 2;
}

static bool remark_memory(const struct prometheus_settings *settings, struct error *remark)
{
    const int64_t mib = INT64_C(1) << 20;
    const int64_t bytes = memory_bytes(settings);
    if (bytes <= PROMETHEUS_UNIT_BYTES)
        return false;
    const long long needed = (bytes + mib - 1) / mib;
    error_set(remark,
              "max_response_size: a server that sends so much can make the daemon need %lld MiB of "
              "memory, and the service as installed may have %lld; `sudo systemctl edit amberbar` "
              "and write [Service] and MemoryMax=%lldM, each on a line, unless you have already",
              needed, (long long)(PROMETHEUS_UNIT_BYTES / mib), needed);
    return true;
}

bool prometheus_remark(const struct prometheus_settings *settings, size_t number,
                       struct error *remark)
{
    static bool (*const remarks[PROMETHEUS_REMARKS])(const struct prometheus_settings *,
                                                     struct error *) = {
        remark_plain_http, remark_plain_token, remark_exposed_file, remark_no_verification,
        remark_deprecated, remark_no_nonce,    remark_rare,         remark_memory};
    return number < PROMETHEUS_REMARKS && remarks[number](settings, remark);
}
