/* From the name of the server to its clock: what of it works, and what does not. */
#include "commands/common/proof.h"
#include "commands/doctor/ask.h"

#include "base/clock.h"
#include "base/table.h"
#include "prometheus/http/url.h"

#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_MS 5000
#define SKEW_S 5.0 /* RFC 3339 times in `status` would mislead; TLS bears minutes */

#define HOST_SIZE 256
#define PORT_SIZE 8

static int look_up(const struct doctor *doctor, struct addrinfo **found,
                   char host[static HOST_SIZE], char port[static PORT_SIZE])
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    const char *url = doctor->config->prometheus.url;
    url_host(url, host, HOST_SIZE);
    url_port(url, port, PORT_SIZE);
    if (port[0] == '\0')
        text_copy(port, PORT_SIZE, url_is_https(url) ? "443" : "80");
    *found = NULL;
    bool local = strcasecmp(host, "localhost") == 0; /* libcurl does not look that name up either */
    return getaddrinfo(local ? "127.0.0.1" : host, port, &hints, found);
}

/* Then the far end's name and port are the proxy's business, and libcurl's answer says what fails.
 */
static bool goes_through_proxy(const struct doctor *doctor)
{
    const struct proxy_settings *proxy = &doctor->config->prometheus.proxy;
    return proxy->url[0] != '\0' || proxy->from_environment;
}

void doctor_name(struct doctor *doctor)
{
    struct addrinfo *found;
    char host[HOST_SIZE], port[PORT_SIZE], address[HOST_SIZE], fix[HOST_SIZE + 64];
    if (doctor->config == NULL || goes_through_proxy(doctor))
        return;
    int fault = look_up(doctor, &found, host, port);
    if (fault == 0) {
        getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL, 0,
                    NI_NUMERICHOST);
        if (strcmp(address, host) != 0)
            doctor_report(doctor, FINDING_FACT, NULL, "%s is %s", host, address);
        freeaddrinfo(found);
        return;
    }
    snprintf(fix, sizeof fix, "getent hosts '%s'; cat /etc/resolv.conf", host);
    doctor_report(doctor, FINDING_FAULT, fix,
                  "the name %s has no address: %s; correct url, or the name servers (url: %s)",
                  host, gai_strerror(fault), doctor->config->prometheus.url);
}

/* An errno, 0 when the connection stands. */
static int connect_to(const struct addrinfo *to)
{
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int fault = 0;
    socklen_t size = sizeof fault;
    if (fd < 0)
        return errno;
    if (connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
        struct pollfd waiting = {.fd = fd, .events = POLLOUT};
        fault = errno;
        if (fault == EINPROGRESS && poll(&waiting, 1, CONNECT_MS) == 0)
            fault = ETIMEDOUT;
        else if (fault == EINPROGRESS)
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &size);
    }
    close(fd);
    return fault;
}

static void open_client(struct doctor *doctor)
{
    struct error error = {0};
    doctor->rows = rows_new();
    doctor->client = client_open(&doctor->config->prometheus, &error);
    if (doctor->client == NULL)
        doctor_report(doctor, FINDING_FAULT, NULL, "%s", error.text);
}

static const char *connection_advice(int fault)
{
    if (fault == ECONNREFUSED)
        return "the machine is there, and nothing listens on the port: correct url, or start "
               "Prometheus";
    if (fault == ETIMEDOUT)
        return "nothing comes back: a firewall may be in between, or the machine is off";
    return "look at the network of this machine (`ip route`)";
}

void doctor_connection(struct doctor *doctor)
{
    struct addrinfo *found;
    char host[HOST_SIZE], port[PORT_SIZE], fix[HOST_SIZE + 64];
    if (doctor->config != NULL && goes_through_proxy(doctor)) {
        doctor_report(doctor, FINDING_NOTE, NULL,
                      "a proxy is configured: the way to Prometheus is left to it");
        open_client(doctor);
        return;
    }
    if (doctor->config == NULL || look_up(doctor, &found, host, port) != 0)
        return;
    int fault = ENOENT;
    int64_t begun = clock_monotonic_ms();
    for (const struct addrinfo *to = found; to != NULL && fault != 0; to = to->ai_next)
        fault = connect_to(to);
    int64_t took = clock_monotonic_ms() - begun;
    freeaddrinfo(found);
    if (fault != 0) {
        snprintf(fix, sizeof fix, "nc -vz '%s' %s", host, port);
        doctor_report(doctor, FINDING_FAULT, fix, "%s port %s cannot be reached: %s; %s (url: %s)",
                      host, port, strerror(fault), connection_advice(fault),
                      doctor->config->prometheus.url);
        return;
    }
    doctor_report(doctor, FINDING_FACT, NULL, "%s port %s takes connections, after %lld ms", host,
                  port, (long long)took);
    open_client(doctor);
}

static void give_up(struct doctor *doctor)
{
    client_close(doctor->client);
    doctor->client = NULL;
}

/* TLS and who we are come with the first answer; a sentence of theirs says what to do. */
void doctor_answer(struct doctor *doctor)
{
    struct answered answered;
    if (doctor->client == NULL)
        return;
    const struct prometheus_settings *settings = &doctor->config->prometheus;
    bool tls = url_is_https(settings->url);
    int64_t begun = clock_monotonic_ms();
    bool good = doctor_ask(doctor, "vector(1)", &answered);
    int64_t took = clock_monotonic_ms() - begun;
    if (tls && answered.status != 0)
        doctor_report(doctor, FINDING_FACT, NULL, "TLS: %s",
                      settings->tls_config.insecure_skip_verify
                          ? "encrypted, and any certificate is accepted"
                          : "encrypted, and the certificate is trusted");
    if (answered.moved[0] != '\0') {
        char fix[HTTP_FROM_SIZE + 8];
        snprintf(fix, sizeof fix, "url: %s", answered.moved);
        doctor_report(doctor, FINDING_NOTE, fix,
                      "%s redirects to %s: each poll asks twice; let url name the latter",
                      settings->url, answered.moved);
    }
    if (!good) {
        doctor_report(doctor, FINDING_FAULT, NULL, "%s (url: %s)", answered.refusal.error.text,
                      settings->url);
        give_up(doctor);
        return;
    }
    struct error notice;
    if (client_notice(doctor->client, &notice))
        doctor_report(doctor, FINDING_NOTE, "http_method: GET", "%s", notice.text);
    if (prometheus_has_secret(settings))
        doctor_report(doctor, FINDING_FACT, NULL, "authentication: the server knows us");
    doctor_report(doctor, took > prometheus_timeout_ms(settings) / 2 ? FINDING_NOTE : FINDING_FACT,
                  NULL, "Prometheus answers PromQL, after %lld ms; at most %lld ms may pass",
                  (long long)took, (long long)prometheus_timeout_ms(settings));
}

#define COST "a cache that repeats old answers is then found out only after max_age"
#define CACHED                                                                                  \
    FINDING_FAULT, NULL,                                                                        \
        "the answer to another question came back: a cache stands between; let url point past " \
        "it, "                                                                                  \
        "or let it pass /api/v1/query on"

/* What each means, with query_nonce true and false. */
ROWS_BEGIN(proofs);
static const struct {
    enum finding finding;
    const char *fix, *sentence;
} proofs[][2] = {
    ROW_AT(PROOF_OWN) =
        {{FINDING_FACT, NULL,
          "each answer proves to be new: it repeats the number of its question"},
         {FINDING_NOTE, "query_nonce: true",
          "query_nonce is false, and need not be: this server's answers prove to be new"}},
    ROW_AT(PROOF_ANOTHER) = {{CACHED}, {CACHED}},
    ROW_AT(PROOF_NONE) =
        {{FINDING_FAULT, "query_nonce: false",
          "the server answers without the row that proves an answer new, so none is "
          "believed; query_nonce: false does without it, and " COST},
         {FINDING_NOTE, NULL,
          "the server answers without the row that proves an answer new, and query_nonce "
          "is false: " COST}},
    ROW_AT(PROOF_REFUSED) =
        {{FINDING_FAULT, "query_nonce: false",
          "the server refuses label_replace(vector(1), ...), which proves an answer "
          "new; query_nonce: false does without it, and " COST},
         {FINDING_NOTE, NULL,
          "the server refuses label_replace(vector(1), ...), which proves an answer "
          "new, and query_nonce is false: " COST}},
};
ROWS_END(proofs, PROOF_COUNT);

void doctor_proof(struct doctor *doctor)
{
    struct answered answered;
    if (doctor->client == NULL)
        return;
    const struct inquiry inquiry = {doctor->client, doctor->rows, -1};
    const enum proof_given given = proof_ask(&inquiry, &answered);
    if (given == PROOF_SILENT) {
        doctor_report(doctor, FINDING_FAULT, NULL, "%s", answered.refusal.error.text);
        return;
    }
    const bool without = !doctor->config->prometheus.query_nonce;
    const bool refused = given == PROOF_REFUSED;
    doctor_report(doctor, proofs[given][without].finding, proofs[given][without].fix, "%s%s%s%s",
                  proofs[given][without].sentence, refused ? " (" : "",
                  refused ? answered.refusal.error.text : "", refused ? ")" : "");
}

void doctor_clock(struct doctor *doctor)
{
    struct answered answered;
    if (doctor->client == NULL)
        return;
    double before = (double)clock_realtime_ms() / 1000;
    if (!doctor_ask(doctor, "time()", &answered) || answered.answer.count == 0)
        return;
    double after = (double)clock_realtime_ms() / 1000;
    double theirs = answered.answer.samples[0].value;
    double skew = theirs < before ? theirs - before : theirs > after ? theirs - after : 0;
    if (fabs(skew) > SKEW_S)
        doctor_report(doctor, FINDING_FAULT, "sudo timedatectl set-ntp true; timedatectl",
                      "the clock of this machine is %.0f s %s that of Prometheus", fabs(skew),
                      skew > 0 ? "behind" : "before");
    else
        doctor_report(doctor, FINDING_FACT, NULL,
                      "the clocks of this machine and of Prometheus agree within %.0f s", SKEW_S);
}
