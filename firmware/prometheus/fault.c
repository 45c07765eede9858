#include "prometheus/fault.h"

#include "base/text.h"
#include "prometheus/url.h"

#include <stdio.h>
#include <string.h>

#define PLACE_SIZE 128
#define DURATION_SIZE 32

/* What is wrong with a certificate: words of OpenSSL (x509_txt.c) and libcurl (lib/vtls), and ours.
 */
static const struct {
    const char *reason;
    const char *sentence;
} certificate_faults[] = {
    {"has expired", "has expired; renew it, or set this machine's clock"},
    {"not yet valid", "is not valid yet; set this machine's clock"},
    {"subject name", "is for another name; use the name it was issued for in url"},
    {"host name", "is for another name; use the name it was issued for in url"},
    {"self-signed", "is signed by nobody this machine trusts; set tls_config: ca_file"},
    {"self signed", "is signed by nobody this machine trusts; set tls_config: ca_file"},
    {"issuer certificate", "is signed by nobody this machine trusts; set tls_config: ca_file"},
    {"unable to verify", "is signed by nobody this machine trusts; set tls_config: ca_file"},
};

/* The sentences: before the place, after it. Those with NULL need more than the place. */
static const struct {
    const char *before;
    const char *after;
} sentences[] = {
    [FAULT_NONE] = {NULL, NULL},
    [FAULT_NAME] = {"the name in ", " does not resolve; check url, and this machine's DNS"},
    [FAULT_REFUSED] = {"nothing listens on ", "; see whether Prometheus runs, or correct url"},
    [FAULT_UNREACHABLE] = {NULL, NULL},
    [FAULT_CONNECT_TIMEOUT] = {NULL, NULL},
    [FAULT_TIMEOUT] = {NULL, NULL},
    [FAULT_CLOSED] = {"", " closed the connection without an answer; asking again"},
    [FAULT_INCOMPLETE] = {"incomplete response: ", " broke off in the middle; asking again"},
    [FAULT_ENCODING] = {"the answer of ", " cannot be unpacked: its compression is corrupt or "
                                          "unknown; asking again"},
    [FAULT_NOT_HTTP] = {"", " does not speak HTTP; check the port and the scheme in url"},
    [FAULT_CERTIFICATE] = {NULL, NULL},
    [FAULT_CA_FILE] = {NULL, NULL},
    [FAULT_TLS] = {NULL, NULL},
    [FAULT_BODY_SIZE] = {NULL, NULL},
    [FAULT_HEADER_SIZE] = {"", " sends more than 64 KiB of headers; check what url points to"},
    [FAULT_MEMORY] = {"not enough memory for the answer of ", "; asking again"},
    [FAULT_OTHER] = {NULL, NULL},
};

static void write_duration(char out[static DURATION_SIZE], int64_t ms)
{
    if (ms % 1000 == 0)
        snprintf(out, DURATION_SIZE, "%lld s", (long long)ms / 1000);
    else
        snprintf(out, DURATION_SIZE, "%lld ms", (long long)ms);
}

static bool set_certificate(const char *place, const char *reason, struct error *error)
{
    for (size_t i = 0; i < sizeof certificate_faults / sizeof certificate_faults[0]; i++)
        if (strstr(reason, certificate_faults[i].reason) != NULL)
            return error_set(error, "the certificate of %s %s", place,
                             certificate_faults[i].sentence);
    return error_set(error, "the certificate of %s is not accepted: %s; check tls_config", place,
                     reason);
}

static bool set_timeout(enum fault fault, const struct prometheus_settings *settings,
                        const char *place, struct error *error)
{
    char duration[DURATION_SIZE];
    if (fault == FAULT_TIMEOUT) {
        write_duration(duration, prometheus_timeout_ms(settings));
        return error_set(error, "timed out: no whole answer from %s within %s; asking again", place,
                         duration);
    }
    write_duration(duration, prometheus_connect_timeout_ms(settings));
    return error_set(error,
                     "timed out: no connection to %s within %s; check url, the network and its DNS",
                     place, duration);
}

bool fault_set(enum fault fault, const struct prometheus_settings *settings, const char *reason,
               struct error *error)
{
    char place[PLACE_SIZE];
    char words[PLACE_SIZE * 2];
    url_place(settings->url, place, sizeof place);
    text_printable(words, sizeof words, reason);
    if (sentences[fault].before != NULL)
        return error_set(error, "%s%s%s", sentences[fault].before, place, sentences[fault].after);
    if (fault == FAULT_TIMEOUT || fault == FAULT_CONNECT_TIMEOUT)
        return set_timeout(fault, settings, place, error);
    if (fault == FAULT_CERTIFICATE)
        return set_certificate(place, words, error);
    if (fault == FAULT_CA_FILE)
        return error_set(error, "cannot read ca_file %s; it must hold certificates in PEM",
                         settings->tls_config.ca_file);
    if (fault ==
        FAULT_TLS) /* "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number" */
        return error_set(error, "no TLS with %s: %s; check whether this port speaks https", place,
                         strrchr(words, ':') == NULL ? words : strrchr(words, ':') + 1);
    if (fault == FAULT_BODY_SIZE)
        return error_set(error,
                         "the answer of %s has more than %lld bytes; select fewer workloads, or "
                         "raise max_response_size",
                         place, (long long)settings->max_response_bytes);
    if (fault == FAULT_UNREACHABLE)
        return error_set(error, "cannot connect to %s: %s; check url and the network", place,
                         words);
    return error_set(error, "no answer from %s: %s; asking again", place, words);
}

bool fault_redirect(const char *url, const char *target, struct error *error)
{
    char place[PLACE_SIZE];
    char shown[PLACE_SIZE * 2];
    url_place(url, place, sizeof place);
    if (target == NULL)
        return error_set(
            error, "%s redirects more than three times; set url to where Prometheus is", place);
    text_printable(shown, sizeof shown, target);
    shown[strcspn(shown, "?#")] = '\0'; /* what follows may hold a token */
    char *path = strstr(shown, "/api/v1/query");
    if (path != NULL)
        *path = '\0';
    return error_set(error,
                     "%s redirects to %s, which is not followed; set url to where Prometheus is",
                     place, strchr(shown, '@') == NULL ? shown : "another address");
}
