#include "commands/doctor/doctor.h"

#include "base/clock.h"
#include "daemon/model.h"
#include "daemon/source.h"
#include "prometheus/promql/query.h"

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
#define SKEW_S 5.0       /* RFC 3339 times in `status` would mislead; TLS bears minutes */
#define SCRAPES_SEEN 600 /* seconds of samples that are counted */

#define HOST_SIZE 256
#define PORT_SIZE 8

/* host and port of a URL that prometheus_check() accepted; brackets of IPv6 are taken off. */
static void split_url(const char *url, char host[static HOST_SIZE], char port[static PORT_SIZE])
{
    bool tls = strncasecmp(url, "https://", strlen("https://")) == 0;
    const char *begin = strstr(url, "://") + strlen("://");
    size_t authority = strcspn(begin, "/?#");
    bool bracket = *begin == '[';
    size_t length = bracket ? strcspn(begin + 1, "]") : strcspn(begin, ":/?#");
    const char *rest = begin + length + (bracket ? 2 : 0);
    snprintf(host, HOST_SIZE, "%.*s", (int)length, begin + bracket);
    if (rest < begin + authority && *rest == ':')
        snprintf(port, PORT_SIZE, "%.*s", (int)strcspn(rest + 1, "/?#"), rest + 1);
    else
        snprintf(port, PORT_SIZE, "%s", tls ? "443" : "80");
}

static int look_up(const struct doctor *doctor, struct addrinfo **found,
                   char host[static HOST_SIZE], char port[static PORT_SIZE])
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    split_url(doctor->config->prometheus.url, host, port);
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
    char host[HOST_SIZE], port[PORT_SIZE], address[HOST_SIZE], mend[HOST_SIZE + 64];
    if (doctor->config == NULL || goes_through_proxy(doctor))
        return;
    int fault = look_up(doctor, &found, host, port);
    if (fault == 0) {
        getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL, 0,
                    NI_NUMERICHOST);
        if (strcmp(address, host) != 0)
            doctor_tell(doctor, FINDING_FACT, NULL, "%s is %s", host, address);
        freeaddrinfo(found);
        return;
    }
    snprintf(mend, sizeof mend, "getent hosts '%s'; cat /etc/resolv.conf", host);
    doctor_tell(doctor, FINDING_FAULT, mend,
                "the name %s has no address: %s; correct url, or the name servers", host,
                gai_strerror(fault));
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
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s", error.text);
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
    char host[HOST_SIZE], port[PORT_SIZE], mend[HOST_SIZE + 64];
    if (doctor->config != NULL && goes_through_proxy(doctor)) {
        doctor_tell(doctor, FINDING_NOTE, NULL,
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
        snprintf(mend, sizeof mend, "nc -vz '%s' %s", host, port);
        doctor_tell(doctor, FINDING_FAULT, mend, "%s port %s cannot be reached: %s; %s", host, port,
                    strerror(fault), connection_advice(fault));
        return;
    }
    doctor_tell(doctor, FINDING_FACT, NULL, "%s port %s takes connections, after %lld ms", host,
                port, (long long)took);
    open_client(doctor);
}

/* What one query yields: numbers with their labels. False: the refusal says why. */
struct answered {
    struct ratio_answer answer;
    long status; /* of HTTP; 0: no answer came */
    struct refusal refusal;
};

static bool ask(struct doctor *doctor, const char *query, struct answered *answered)
{
    struct http_answer http;
    enum client_channel channel;
    enum client_event event = CLIENT_NOTHING;
    struct error *error = &answered->refusal.error;
    char name[CLIENT_ASK_SIZE];
    *answered = (struct answered){0};
    client_name_question(doctor->client, name);
    if (doctor->rows == NULL || !client_ask(doctor->client, CLIENT_WORKLOADS, query, name, error))
        return false;
    while (event == CLIENT_NOTHING)
        event = client_wait(doctor->client, NULL, 0, 1000, &channel, &http, error);
    if (event == CLIENT_FAILED)
        return false;
    answered->status = http.status;
    return response_ratio(&http, doctor->rows, NULL, &answered->answer, &answered->refusal);
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
    bool tls = strncasecmp(settings->url, "https://", strlen("https://")) == 0;
    int64_t begun = clock_monotonic_ms();
    bool good = ask(doctor, "vector(1)", &answered);
    int64_t took = clock_monotonic_ms() - begun;
    if (tls && answered.status != 0)
        doctor_tell(doctor, FINDING_FACT, NULL, "TLS: %s",
                    settings->tls_config.insecure_skip_verify
                        ? "encrypted, and any certificate is accepted"
                        : "encrypted, and the certificate is trusted");
    if (!good) {
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s%s",
                    answered.refusal.authentication ? "authentication: " : "",
                    answered.refusal.error.text);
        give_up(doctor);
        return;
    }
    if (prometheus_has_secret(settings))
        doctor_tell(doctor, FINDING_FACT, NULL, "authentication: the server knows us");
    doctor_tell(doctor, took > prometheus_timeout_ms(settings) / 2 ? FINDING_NOTE : FINDING_FACT,
                NULL, "Prometheus answers PromQL, after %lld ms; at most %lld ms may pass",
                (long long)took, (long long)prometheus_timeout_ms(settings));
}

/* What came back to a question with a nonce. */
enum proof_given {
    PROOF_OWN,     /* the row that proves the answer new */
    PROOF_ANOTHER, /* the answer to another question */
    PROOF_NONE,    /* an answer to this one, without that row */
    PROOF_REFUSED, /* an error of the server's */
    PROOF_SILENT,  /* no answer that says anything of it */
    PROOF_COUNT
};

/* `number` is asked for beside the nonce: an answer with another one is not to this question. */
static enum proof_given proof_of(const struct ratio_answer *answer, double number,
                                 const char nonce[static QUERY_NONCE_SIZE])
{
    enum proof_given given = PROOF_NONE;
    for (size_t i = 0; i < answer->count; i++) {
        const struct ratio_sample *sample = &answer->samples[i];
        const bool is_row = strstr(sample->labels, QUERY_NONCE_LABEL "=") != NULL;
        if (is_row && strstr(sample->labels, nonce) != NULL)
            return PROOF_OWN;
        if (is_row || !(fabs(sample->value - number) < 0.5))
            given = PROOF_ANOTHER;
    }
    return given;
}

static enum proof_given ask_for_proof(struct doctor *doctor, int number, struct answered *answered)
{
    char nonce[QUERY_NONCE_SIZE];
    struct text query = {0};
    enum proof_given given = PROOF_SILENT;
    client_name_question(doctor->client, nonce);
    text_addf(&query, "vector(%d)", number);
    *answered = (struct answered){0};
    if (query_set_nonce(&query, nonce) && ask(doctor, query.data, answered))
        given = proof_of(&answered->answer, number, nonce);
    else if (answered->refusal.retry == RETRY_SLOWLY && !answered->refusal.authentication)
        given = PROOF_REFUSED;
    text_free(&query);
    return given;
}

#define COST "a cache that repeats old answers is then found out only after max_age"
#define CACHED                                                                                  \
    FINDING_FAULT, NULL,                                                                        \
        "the answer to another question came back: a cache stands between; let url point past " \
        "it, "                                                                                  \
        "or let it pass /api/v1/query on"

/* What each means, with query_nonce true and false. */
static const struct {
    enum finding finding;
    const char *mend, *sentence;
} proofs[PROOF_COUNT][2] = {
    [PROOF_OWN] =
        {{FINDING_FACT, NULL,
          "each answer proves to be new: it repeats the number of its question"},
         {FINDING_NOTE, "query_nonce: true",
          "query_nonce is false, and need not be: this server's answers prove to be new"}},
    [PROOF_ANOTHER] = {{CACHED}, {CACHED}},
    [PROOF_NONE] =
        {{FINDING_FAULT, "query_nonce: false",
          "the server answers without the row that proves an answer new, so none is "
          "believed; query_nonce: false does without it, and " COST},
         {FINDING_NOTE, NULL,
          "the server answers without the row that proves an answer new, and query_nonce "
          "is false: " COST}},
    [PROOF_REFUSED] = {{FINDING_FAULT, "query_nonce: false",
                        "the server refuses label_replace(vector(1), ...), which proves an answer "
                        "new; query_nonce: false does without it, and " COST},
                       {FINDING_NOTE, NULL,
                        "the server refuses label_replace(vector(1), ...), which proves an answer "
                        "new, and query_nonce is false: " COST}},
};

/* Twice, by other nonces: what comes between may keep the first. */
void doctor_proof(struct doctor *doctor)
{
    struct answered answered;
    if (doctor->client == NULL)
        return;
    enum proof_given given = ask_for_proof(doctor, 2, &answered);
    if (given == PROOF_OWN)
        given = ask_for_proof(doctor, 3, &answered);
    if (given == PROOF_SILENT) {
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s", answered.refusal.error.text);
        return;
    }
    const bool without = !doctor->config->prometheus.query_nonce;
    const bool refused = given == PROOF_REFUSED;
    doctor_tell(doctor, proofs[given][without].finding, proofs[given][without].mend, "%s%s%s%s",
                proofs[given][without].sentence, refused ? " (" : "",
                refused ? answered.refusal.error.text : "", refused ? ")" : "");
}

void doctor_clock(struct doctor *doctor)
{
    struct answered answered;
    if (doctor->client == NULL)
        return;
    double before = (double)clock_realtime_ms() / 1000;
    if (!ask(doctor, "time()", &answered) || answered.answer.count == 0)
        return;
    double after = (double)clock_realtime_ms() / 1000;
    double theirs = answered.answer.samples[0].value;
    double skew = theirs < before ? theirs - before : theirs > after ? theirs - after : 0;
    if (fabs(skew) > SKEW_S)
        doctor_tell(doctor, FINDING_FAULT, "sudo timedatectl set-ntp true; timedatectl",
                    "the clock of this machine is %.0f s %s that of Prometheus", fabs(skew),
                    skew > 0 ? "behind" : "before");
    else
        doctor_tell(doctor, FINDING_FACT, NULL,
                    "the clocks of this machine and of Prometheus agree within %.0f s", SKEW_S);
}

static unsigned kinds_wanted(const struct config *config)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < config->rollout_count; i++)
        kinds |= config->rollouts[i].kinds;
    return kinds;
}

static double only_value(struct doctor *doctor, const char *query)
{
    struct answered answered;
    bool good = ask(doctor, query, &answered) && answered.answer.count == 1;
    return good ? answered.answer.samples[0].value : 0;
}

static void check_kind(struct doctor *doctor, enum workload_kind kind)
{
    char query[256];
    const char *metric = query_heartbeat(kind);
    snprintf(query, sizeof query, "count(%s)", metric);
    double count = only_value(doctor, query);
    if (count >= 1)
        doctor_tell(doctor, FINDING_FACT, NULL, "%s: %.0f workloads", metric, count);
    else
        doctor_tell(doctor, FINDING_FAULT, NULL,
                    "there is no metric %s: let this Prometheus scrape %s, and look at its "
                    "/targets page",
                    metric,
                    kind == KIND_ROLLOUT ? "Argo Rollouts' controller" : "kube-state-metrics");
}

/* kube-state-metrics tells its version only where its own telemetry is scraped too. */
static void check_version(struct doctor *doctor)
{
    struct answered answered;
    if (ask(doctor, "kube_state_metrics_build_info", &answered) && answered.answer.count > 0)
        doctor_tell(doctor, FINDING_FACT, NULL, "kube-state-metrics: %s",
                    answered.answer.samples[0].labels);
    double reasons = only_value(doctor, "count(kube_deployment_status_condition{reason!=\"\"})");
    if (reasons >= 1)
        doctor_tell(doctor, FINDING_FACT, NULL,
                    "conditions have reasons (kube-state-metrics 2.17 or newer)");
    else if ((kinds_wanted(doctor->config) & KIND_BIT(KIND_DEPLOYMENT)) != 0)
        doctor_tell(doctor, FINDING_NOTE, NULL,
                    "conditions have no reasons: kube-state-metrics is older than 2.17, and a "
                    "rollout of the strategy Recreate looks like scaling");
}

void doctor_metrics(struct doctor *doctor)
{
    if (doctor->client == NULL)
        return;
    unsigned kinds = kinds_wanted(doctor->config);
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++)
        if ((kinds & KIND_BIT(kind)) != 0)
            check_kind(doctor, kind);
    if (kinds != 0)
        check_version(doctor);
}

static void check_interval(struct doctor *doctor, double interval_s)
{
    const struct config *config = doctor->config;
    char mend[128];
    for (size_t i = 0; i < config->rollout_count; i++) {
        double max_age_s = (double)config->rollouts[i].limits.max_age_ms / 1000;
        if (config->rollouts[i].kinds == 0 || max_age_s >= 2 * interval_s)
            continue;
        snprintf(mend, sizeof mend, "max_age: %.0fs", 3 * interval_s);
        doctor_tell(doctor, FINDING_FAULT, mend,
                    "rollout %s: samples come every %.0f s and are taken for old after %.0f s",
                    config->rollouts[i].name, interval_s, max_age_s);
    }
}

/* Measured, for no metric tells it: how many samples there are of what has most. */
void doctor_scrapes(struct doctor *doctor)
{
    char query[256];
    if (doctor->client == NULL)
        return;
    unsigned kinds = kinds_wanted(doctor->config);
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        if ((kinds & KIND_BIT(kind)) == 0)
            continue;
        snprintf(query, sizeof query, "max(count_over_time(%s[%ds]))", query_heartbeat(kind),
                 SCRAPES_SEEN);
        double count = only_value(doctor, query);
        if (count < 2)
            continue;
        snprintf(query, sizeof query,
                 "(max(timestamp(%s)) - min(min_over_time(timestamp(%s)[%ds:5s]))) / %.0f",
                 query_heartbeat(kind), query_heartbeat(kind), SCRAPES_SEEN, count - 1);
        double interval_s = only_value(doctor, query);
        if (interval_s < 0.05)
            continue;
        doctor_tell(doctor, FINDING_FACT, NULL, "%s has a new sample every %.0f s",
                    query_heartbeat(kind), interval_s < 1 ? 1 : interval_s);
        check_interval(doctor, interval_s);
    }
}

/* Nothing of that name: what there is instead is one command away. */
static void tell_blind(struct doctor *doctor, const struct rollout_settings *settings,
                       const char *sentence)
{
    char mend[MACHINE_PATH_SIZE + 64];
    snprintf(mend, sizeof mend, "amberbar discover -c '%s'", doctor->config_path);
    doctor_tell(doctor, FINDING_FAULT, mend, "rollout %s: %s (it looks for %s in namespace %s%s%s)",
                settings->name, sentence,
                settings->workload[0] != '\0' ? settings->workload : "everything",
                settings->namespace_, settings->cluster[0] != '\0' ? " of cluster " : "",
                settings->cluster);
}

static void tell_rollout(struct doctor *doctor, const struct rollout_settings *settings,
                         const struct rollout *rollout)
{
    char sentence[HISTORY_WHY_SIZE];
    rollout_sentence(rollout, sentence, sizeof sentence);
    size_t matches = rollout_total(rollout);
    bool odd = rollout->verdict.state == STATE_UNKNOWN || rollout->verdict.why == WHY_RATIO_RANGE;
    if (settings->kinds != 0 && odd) /* what is asked of kinds yields no ratio */
        tell_blind(doctor, settings, sentence);
    else
        doctor_tell(doctor, odd ? FINDING_FAULT : FINDING_FACT, NULL,
                    "rollout %s: %zu match%s, %s: %s", rollout->name, matches,
                    matches == 1 ? "" : "es", state_name(rollout->verdict.state), sentence);
}

static void tell_indicator(struct doctor *doctor, const struct model *model, size_t index)
{
    const struct indicator *indicator = &model->indicators.indicators[index];
    char sentence[HISTORY_WHY_SIZE];
    indicator_sentence(indicator, model->rollouts, sentence, sizeof sentence);
    if (indicator->health == HEALTH_UNKNOWN)
        doctor_tell(doctor, FINDING_FAULT, NULL, "indicator %s: %s; try its query in %s/graph",
                    indicator->name, sentence, doctor->config->prometheus.url);
    else
        doctor_tell(doctor, FINDING_FACT, NULL, "indicator %s: %s: %s", indicator->name,
                    health_name(indicator->health), sentence);
}

/* One poll as the daemon makes it. */
void doctor_rollouts(struct doctor *doctor)
{
    struct error error = {0};
    struct model model;
    if (doctor->client == NULL)
        return;
    if (!model_start(&model, doctor->config, clock_monotonic_ms(), &error)) {
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s", error.text);
        return;
    }
    const struct source_subjects subjects = model_subjects(&model);
    struct source *source = source_open(doctor->config, &subjects, &error);
    while (source != NULL && !source_complete(source))
        source_wait(source, NULL, 0, INT64_MAX);
    if (source == NULL || !source_report(source)->ok)
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s",
                    source == NULL ? error.text : source_report(source)->error.text);
    for (size_t i = 0; source != NULL && i < model.count; i++)
        tell_rollout(doctor, &doctor->config->rollouts[i], &model.rollouts[i]);
    if (source != NULL)
        model_take(&model, source_report(source), clock_monotonic_ms());
    for (size_t i = 0; source != NULL && i < model.indicators.count; i++)
        tell_indicator(doctor, &model, i);
    if (source != NULL && source_report(source)->remark.text[0] != '\0')
        doctor_tell(doctor, FINDING_NOTE, NULL, "%s", source_report(source)->remark.text);
    source_close(source);
    model_stop(&model);
}
