/*
 * What Prometheus has of the kinds that the config wants: which series, and how new they are.
 */
#include "commands/doctor/ask.h"

#include "evidence/lacks.h"
#include "prometheus/promql/kind.h"
#include "prometheus/promql/query.h"
#include "rollout/kind.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SCRAPES_SEEN 600 /* seconds of samples that are counted */
#define SCRAPES_MISSED 3 /* intervals without a sample: it has ended */
#define SCRAPE_STEP_S 5  /* of the subqueries below: a time is found so exactly */

static unsigned kinds_wanted(const struct config *config)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < config->rollout_count; i++)
        kinds |= config->rollouts[i].kinds;
    return kinds;
}

/* How many there are of each series of the kind, in one question. */
static bool write_counts(enum workload_kind kind, struct text *query)
{
    const struct metric *list[METRICS_MAX];
    const size_t count = lacks_list(kind, LACKS_ALL, list);
    text_clear(query);
    for (size_t i = 0; i < count; i++)
        text_addf(query, "%slabel_replace(count(%s),\"" QUERY_FIELD_LABEL "\",\"%s\",\"\",\"\")",
                  i == 0 ? "" : " or ", list[i]->name, list[i]->name);
    return !query->failed;
}

/* What its answer has of that series. */
static double count_of(const struct ratio_answer *answer, const char *series)
{
    char mark[128];
    snprintf(mark, sizeof mark, "{" QUERY_FIELD_LABEL "=\"%s\"}", series);
    for (size_t i = 0; i < answer->count; i++)
        if (strcmp(answer->samples[i].labels, mark) == 0)
            return answer->samples[i].value;
    return 0;
}

/* The series of the kind that are nowhere, and how many workloads there are by the others. False:
   there is no answer, which was reported. */
static bool find_lacks(struct doctor *doctor, enum workload_kind kind, unsigned *lacks,
                       double *workloads)
{
    struct text query = {0};
    struct answered answered = {.refusal.error.text = "not enough memory"};
    const struct kind_metrics *of = kind_metrics(kind);
    bool good = write_counts(kind, &query) && doctor_ask(doctor, query.data, &answered);
    text_free(&query);
    *lacks = 0;
    *workloads = 0;
    if (!good)
        doctor_report(doctor, FINDING_FAULT, NULL, "%s", answered.refusal.error.text);
    for (size_t i = 0; good && i < of->count; i++)
        if (of->metrics[i].cost != NULL && count_of(&answered.answer, of->metrics[i].name) < 1)
            *lacks |= 1u << i;
    if (good)
        *workloads = count_of(&answered.answer, kind_spec(kind));
    return good;
}

/* It exports workloads of another kind. */
static bool exporter_is_there(struct doctor *doctor, enum workload_kind kind)
{
    char query[256];
    bool found = false;
    for (enum workload_kind other = 0; other < KIND_COUNT && !found; other++) {
        if (other == kind || strcmp(kind_of(other)->exporter, kind_of(kind)->exporter) != 0)
            continue;
        snprintf(query, sizeof query, "count(%s)", kind_metrics(other)->heartbeat);
        found = doctor_value(doctor, query) >= 1;
    }
    return found;
}

/* A rollout that misses one is a fault of its own: see check_rollouts.c. */
static void report_none(struct doctor *doctor, enum workload_kind kind)
{
    if (exporter_is_there(doctor, kind)) {
        doctor_report(doctor, FINDING_NOTE, NULL, "%s", kind_query(kind)->none);
        return;
    }
    doctor_report(doctor, FINDING_FAULT, NULL,
                  "there is no metric %s: let this Prometheus scrape %s, and look at its /targets "
                  "page",
                  kind_metrics(kind)->heartbeat, kind_of(kind)->exporter);
}

/* Each with what it costs, and all of them as a line for a list of kept metrics. */
static void report_lacks(struct doctor *doctor, enum workload_kind kind, unsigned lacks)
{
    const struct metric *list[METRICS_MAX];
    const size_t count = lacks_list(kind, lacks, list);
    char pattern[KIND_PATTERN_SIZE], fix[KIND_PATTERN_SIZE + 64];
    kind_pattern(kind, lacks, false, pattern, sizeof pattern);
    snprintf(fix, sizeof fix, "add to the keep list of the scrape: %s", pattern);
    const char *line = fix;
    for (size_t i = 0; i < count; i++) {
        doctor_report(doctor, list[i]->needed ? FINDING_FAULT : FINDING_NOTE, line,
                      "there is no %s: %s%s", list[i]->name, list[i]->cost,
                      list[i]->needed ? ", so nothing is known of its workloads" : "");
        line = NULL;
    }
}

static void check_kind(struct doctor *doctor, enum workload_kind kind)
{
    double workloads;
    unsigned lacks;
    if (!find_lacks(doctor, kind, &lacks, &workloads))
        return;
    if (workloads < 1) {
        report_none(doctor, kind);
        return;
    }
    doctor_report(doctor, FINDING_FACT, NULL, "%s: %.0f %s%s", kind_of(kind)->exporter, workloads,
                  kind_name(kind), workloads > 1 ? "s" : "");
    report_lacks(doctor, kind, lacks);
}

static bool has_label(struct doctor *doctor, enum workload_kind kind, const char *label)
{
    char query[256];
    snprintf(query, sizeof query,
             "count(%s{" LABELS_EXPORTED "%s!=\"\"} unless on() %s{" LABELS_EXPORTED "%s=\"\"})",
             kind_metrics(kind)->heartbeat, label, kind_metrics(kind)->heartbeat, label);
    return doctor_value(doctor, query) >= 1;
}

/* Else all workloads would have the name, or the namespace, of what exports them. */
static void check_labels(struct doctor *doctor, enum workload_kind kind)
{
    char fix[256];
    const struct labels labels = config_labels(doctor->config);
    const char *namespace_ =
        labels_namespace(&labels, kind, doctor->config->prometheus.namespace_label);
    const char *name = labels_name(&labels, kind);
    const bool other = has_label(doctor, kind, namespace_), others = has_label(doctor, kind, name);
    if (!other && !others)
        return;
    snprintf(fix, sizeof fix, "labels: {%s: {%s%s%s%s%s}}", kind_word(kind),
             other ? "namespace: " LABELS_EXPORTED : "", other ? namespace_ : "",
             other && others ? ", " : "", others ? "name: " LABELS_EXPORTED : "",
             others ? name : "");
    doctor_report(doctor, FINDING_NOTE, fix,
                  "%s: a label of the target stands in the place of workloads' own, which is there "
                  "as " LABELS_EXPORTED "%s: it is scraped without honor_labels",
                  kind_metrics(kind)->heartbeat, others ? name : namespace_);
}

/* kube-state-metrics says its version only where its own telemetry is scraped too. */
static void check_version(struct doctor *doctor)
{
    struct answered answered;
    if (doctor_ask(doctor, "kube_state_metrics_build_info", &answered) && answered.answer.count > 0)
        doctor_report(doctor, FINDING_FACT, NULL, "kube-state-metrics: %s",
                      answered.answer.samples[0].labels);
    if ((kinds_wanted(doctor->config) & KIND_BIT(KIND_DEPLOYMENT)) == 0 ||
        doctor_value(doctor, "count(kube_deployment_status_condition)") < 1)
        return;
    if (doctor_value(doctor, "count(kube_deployment_status_condition{reason!=\"\"})") >= 1)
        doctor_report(doctor, FINDING_FACT, NULL,
                      "conditions have reasons (kube-state-metrics 2.17 or newer)");
    else
        doctor_report(doctor, FINDING_NOTE, NULL,
                      "conditions have no label reason: kube-state-metrics is older than 2.17, or "
                      "the label is dropped; a rollout of the strategy Recreate then looks like "
                      "scaling");
}

void doctor_metrics(struct doctor *doctor)
{
    if (doctor->client == NULL)
        return;
    unsigned kinds = kinds_wanted(doctor->config);
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++)
        if ((kinds & KIND_BIT(kind)) != 0)
            check_kind(doctor, kind);
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++)
        if ((kinds & KIND_BIT(kind)) != 0)
            check_labels(doctor, kind);
    if (kinds != 0)
        check_version(doctor);
}

static void check_interval(struct doctor *doctor, double interval_s)
{
    const struct config *config = doctor->config;
    char fix[128];
    for (size_t i = 0; i < config->rollout_count; i++) {
        double max_age_s = (double)config->rollouts[i].limits.max_age_ms / 1000;
        if (config->rollouts[i].kinds == 0 || max_age_s >= 2 * interval_s)
            continue;
        snprintf(fix, sizeof fix, "max_age: %.0fs", 3 * interval_s);
        doctor_report(doctor, FINDING_FAULT, fix,
                      "rollout %s: samples come every %.0f s and are taken for old after %.0f s",
                      config->rollouts[i].name, interval_s, max_age_s);
    }
}

/* Seconds between two samples of what has most, or 0. Measured, for no metric says it. */
static double interval_of(struct doctor *doctor, const char *metric)
{
    char query[256];
    snprintf(query, sizeof query, "max(count_over_time(%s[%ds]))", metric, SCRAPES_SEEN);
    double count = doctor_value(doctor, query);
    if (count < 2)
        return 0;
    snprintf(query, sizeof query,
             "(max(max_over_time(timestamp(%s)[%ds:5s])) - min(min_over_time(timestamp(%s)"
             "[%ds:5s]))) / %.0f",
             metric, SCRAPES_SEEN, metric, SCRAPES_SEEN, count - 1);
    return doctor_value(doctor, query);
}

/* Samples of `metric` came until `newest_s` (since 1970), which is `age_s` ago. */
static void report_end(struct doctor *doctor, const char *metric, double interval_s,
                       double newest_s, double age_s)
{
    char at[32] = "";
    struct tm local;
    time_t seconds = (time_t)newest_s;
    if (localtime_r(&seconds, &local) != NULL)
        strftime(at, sizeof at, "%H:%M:%S", &local);
    doctor_report(
        doctor, FINDING_FAULT, NULL,
        "%s had a new sample every %.0f s until %s, %.0f s ago: it is scraped no more; look "
        "at the /targets page of Prometheus",
        metric, interval_s, at, age_s);
}

static void check_scrapes(struct doctor *doctor, const char *metric)
{
    char query[256];
    double interval_s = interval_of(doctor, metric);
    if (interval_s < 0.05)
        return;
    double shown_s = interval_s < 1 ? 1 : interval_s;
    snprintf(query, sizeof query, "max(max_over_time(timestamp(%s)[%ds:5s]))", metric,
             SCRAPES_SEEN);
    double newest_s = doctor_value(doctor, query);
    double age_s = newest_s > 0 ? doctor_value(doctor, "time()") - newest_s : 0;
    if (age_s > SCRAPES_MISSED * shown_s + SCRAPE_STEP_S) {
        report_end(doctor, metric, shown_s, newest_s, age_s);
        return;
    }
    doctor_report(doctor, FINDING_FACT, NULL, "%s has a new sample every %.0f s", metric, shown_s);
    check_interval(doctor, interval_s);
}

void doctor_scrapes(struct doctor *doctor)
{
    if (doctor->client == NULL)
        return;
    unsigned kinds = kinds_wanted(doctor->config);
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++)
        if ((kinds & KIND_BIT(kind)) != 0)
            check_scrapes(doctor, kind_metrics(kind)->heartbeat);
}
