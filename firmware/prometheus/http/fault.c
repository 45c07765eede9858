#include "prometheus/http/fault.h"

#include "base/table.h"
#include "base/text.h"
#include "prometheus/http/url.h"

#include <stdio.h>
#include <string.h>

#define PLACE_SIZE 128
#define DURATION_SIZE 32
#define ANOTHER_NAME "the certificate of $p is for another name; correct $t, or set $c: server_name"
#define UNKNOWN_ISSUER \
    "the certificate of $p is signed by nobody this machine trusts; set $c: ca_file"

#define NOT_YET "not yet valid"

/* What is wrong with a certificate: words of OpenSSL (x509_txt.c) and libcurl (lib/vtls), and ours.
 */
static const struct {
    const char *reason;
    const char *sentence;
} certificate_faults[] = {
    {"has expired", "the certificate of $p has expired; renew it, or set this machine's clock"},
    {NOT_YET, "the certificate of $p is not valid yet; set this machine's clock"},
    {"subject name", ANOTHER_NAME},
    {"host name", ANOTHER_NAME},
    {"self-signed", UNKNOWN_ISSUER},
    {"self signed", UNKNOWN_ISSUER},
    {"issuer certificate", UNKNOWN_ISSUER},
    {"unable to verify", UNKNOWN_ISSUER},
};

/* $p: host and port; $n, $t, $c: who that is, and the settings that lead there; $r: the transport's
   own words; $d: how long we waited; $b: how much we read; $y: the key of the proxy,
   $x: the same with a comma, where there may be one: no_proxy may exempt the host; $h: what else
   that may be, where no TLS was tried. */
static const char *sentence_of(enum fault fault)
{
    switch (fault) {
        ROW(FAULT_NONE, "");
        ROW(FAULT_NAME, "the name in $p does not resolve; check $t, and this machine's DNS");
        ROW(FAULT_REFUSED, "nothing listens on $p; see whether $n runs, or correct $t");
        ROW(FAULT_UNREACHABLE, "cannot connect to $p: $r; check $x$t and the network");
        ROW(FAULT_CONNECT_TIMEOUT,
            "timed out: no connection to $p within $d; check $x$t, the network and its DNS");
        ROW(FAULT_TIMEOUT, "timed out: no whole answer from $p within $d; where that goes on, see "
                           "how busy it is, or raise timeout; asking again");
        ROW(FAULT_CLOSED, "$p closed the connection without an answer$h; asking again");
        ROW(FAULT_INCOMPLETE, "incomplete response: $p broke off in the middle; asking again");
        ROW(FAULT_ENCODING, "the answer of $p cannot be unpacked: its compression is corrupt or "
                            "unknown; asking again");
        ROW(FAULT_NOT_HTTP, "$p does not speak HTTP; check the port and the scheme in $t");
        ROW(FAULT_CERTIFICATE, "the certificate of $p is not accepted: $r; check $c");
        ROW(FAULT_CA, "$c: ca or ca_file holds no certificate; put those to trust there, in PEM");
        ROW(FAULT_CLIENT_CERTIFICATE, "$c: cert and key cannot be used together: $r; see that both "
                                      "are PEM, and that the key is the certificate's own");
        ROW(FAULT_TLS, "no TLS with $p: $r; if that port speaks plain http, write http:// in $t");
        ROW(FAULT_PROXY_NAME, "the name of the proxy to $p does not resolve; check $y");
        ROW(FAULT_PROXY, "the proxy does not lead to $p: $r; check $y");
        ROW(FAULT_BODY_SIZE, "the answer of $p has more than $b bytes, room for about $w "
                             "workloads; narrow a query, or the namespace or name of a rollout; "
                             "set recording_rules, or raise max_response_size: `amberbar "
                             "check` says what memory that needs");
        ROW(FAULT_HEADER_SIZE, "$p sends more than 64 KiB of headers; check what $t points to");
        ROW(FAULT_MEMORY, "not enough memory for the answer of $p; asking again");
        ROW(FAULT_OTHER, "no answer from $p: $r; asking again");
    }
    NO_OTHER_ROW;
}

bool fault_is_early(enum fault fault, const char *reason)
{
    return fault == FAULT_CERTIFICATE && strstr(reason, NOT_YET) != NULL;
}

static void write_duration(char out[static DURATION_SIZE], int64_t ms)
{
    if (ms % 1000 == 0)
        snprintf(out, DURATION_SIZE, "%lld s", (long long)ms / 1000);
    else
        snprintf(out, DURATION_SIZE, "%lld ms", (long long)ms);
}

static const char *find_sentence(enum fault fault, const char *reason)
{
    size_t count = sizeof certificate_faults / sizeof certificate_faults[0];
    for (size_t i = 0; fault == FAULT_CERTIFICATE && i < count; i++)
        if (strstr(reason, certificate_faults[i].reason) != NULL)
            return certificate_faults[i].sentence;
    return sentence_of(fault);
}

bool fault_is_distrust(enum fault fault, const char *reason)
{
    return strcmp(find_sentence(fault, reason), UNKNOWN_ISSUER) == 0;
}

struct word { /* what a letter after '$' stands for */
    char letter;
    const char *text;
};

/* The sentence with its words filled in, cut where `out` ends. */
static void fill_in(char *out, size_t size, const char *sentence, const struct word words[])
{
    size_t length = 0;
    while (*sentence != '\0' && length + 1 < size) {
        const struct word *word = words;
        size_t plain = strcspn(sentence, "$");
        length += (size_t)snprintf(out + length, size - length, "%.*s", (int)plain, sentence);
        sentence += plain;
        if (*sentence == '\0' || length + 1 >= size)
            return;
        while (word->letter != sentence[1])
            word++; /* the sentences are ours: each letter is in the table */
        length += (size_t)snprintf(out + length, size - length, "%s", word->text);
        sentence += 2;
    }
}

/* What libcurl says of an address holds that address, as of a proxy its password. */
static void hide_address(char *said)
{
    if (strstr(said, "://") != NULL || strchr(said, '@') != NULL)
        text_copy(said, PLACE_SIZE, "an address in the settings is refused");
}

/* "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number": the end says it. */
static const char *last_words(const char *reason)
{
    const char *colon = strrchr(reason, ':');
    return colon == NULL || colon[1] == '\0' ? reason : colon + (colon[1] == ' ' ? 2 : 1);
}

bool fault_set(enum fault fault, const struct prometheus_settings *settings,
               const struct peer *peer, const char *reason, struct error *error)
{
    char place[PLACE_SIZE], said[PLACE_SIZE * 2];
    char duration[DURATION_SIZE], bytes[DURATION_SIZE], workloads[DURATION_SIZE],
        way[DURATION_SIZE];
    const long long room = (long long)settings->max_response_bytes;
    bool connecting = fault == FAULT_CONNECT_TIMEOUT;
    bool tls = fault == FAULT_TLS || fault == FAULT_CLIENT_CERTIFICATE;
    url_place(peer->url, place, sizeof place);
    text_shorten(said, sizeof said, tls ? last_words(reason) : reason);
    hide_address(said);
    write_duration(duration, connecting ? prometheus_connect_timeout_ms(settings)
                                        : prometheus_timeout_ms(settings));
    snprintf(bytes, sizeof bytes, "%lld", room);
    snprintf(workloads, sizeof workloads, "%lld", room / PROMETHEUS_WORKLOAD_BYTES);
    const bool environment = peer->proxy->from_environment;
    const bool proxied = peer->proxy->url[0] != '\0' || environment;
    const char *key = environment ? "proxy_from_environment" : "proxy_url";
    snprintf(way, sizeof way, "%s, ", key);
    const struct word words[] = {
        {'x', proxied ? way : ""},
        {'y', key},
        {'p', place},
        {'n', peer->name},
        {'t', peer->term},
        {'c', peer->tls},
        {'r', said},
        {'d', duration},
        {'b', bytes},
        {'w', workloads},
        {'h', url_is_https(peer->url)
                  ? ""
                  : "; where that goes on, see whether that port wants https://"},
    };
    fill_in(error->text, sizeof error->text, find_sentence(fault, reason), words);
    return false;
}

bool fault_redirect(const char *url, const char *target, const char *clause, struct error *error)
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
    return error_set(error, "%s redirects to %s, %s; set url to where Prometheus is", place,
                     strchr(shown, '@') == NULL ? shown : "another address", clause);
}
