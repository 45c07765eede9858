#include "prometheus/survey.h"

#include "prometheus/metric.h"
#include "prometheus/promql.h"

#include <string.h>

enum part { PART_OLDEST, PART_EVALUATED, PART_UNSETTLED };
#define PART_COUNT 3

static const struct {
    const char *mark;
    const char *aggregation; /* over the union of the kinds */
} parts[PART_COUNT] = {
    [PART_OLDEST] = {SURVEY_OLDEST, "min("},
    [PART_EVALUATED] = {SURVEY_EVALUATED, "min("},
    [PART_UNSETTLED] = {SURVEY_UNSETTLED,
                        "topk(201,"}, /* SURVEY_SHOWN_MAX, and that there are more */
};

/*
 * Of each kind, with @ for the matchers. Unsettled is what is not certainly settled, so that a
 * workload of which a series is missing is listed too. Every vector has the same labels, that is,
 * comes of the same exporter: two exporters never mix.
 */
static const char *const raw[KIND_COUNT][PART_COUNT] = {
    [KIND_DEPLOYMENT] =
        {[PART_OLDEST] = "timestamp(kube_deployment_metadata_generation{@})",
         [PART_UNSETTLED] =
             "kube_deployment_metadata_generation{@} unless ("
             "kube_deployment_status_observed_generation{@}>="
             "kube_deployment_metadata_generation{@} and "
             "kube_deployment_status_replicas_updated{@}==kube_deployment_spec_replicas{@} and "
             "kube_deployment_status_replicas{@}==kube_deployment_spec_replicas{@} and "
             "kube_deployment_status_replicas_available{@}>=kube_deployment_spec_replicas{@} "
             "unless kube_deployment_spec_paused{@}==1 "
             "unless kube_deployment_deletion_timestamp{@} "
             "unless ignoring(condition,status,reason) kube_deployment_status_condition"
             "{condition=\"Progressing\",status=\"false\",@}==1)"},
    [KIND_STATEFULSET] =
        {[PART_OLDEST] = "timestamp(kube_statefulset_metadata_generation{@})",
         [PART_UNSETTLED] =
             "kube_statefulset_metadata_generation{@} unless ("
             "kube_statefulset_status_observed_generation{@}>="
             "kube_statefulset_metadata_generation{@} and "
             "kube_statefulset_status_replicas_updated{@}>=kube_statefulset_replicas{@} and "
             "kube_statefulset_status_replicas{@}==kube_statefulset_replicas{@} and "
             "kube_statefulset_status_replicas_ready{@}>=kube_statefulset_replicas{@} and "
             "kube_statefulset_status_replicas_available{@}>=kube_statefulset_replicas{@} "
             "unless kube_statefulset_deletion_timestamp{@})"},
    [KIND_DAEMONSET] = {[PART_OLDEST] = "timestamp(kube_daemonset_metadata_generation{@})",
                        [PART_UNSETTLED] = "kube_daemonset_metadata_generation{@} unless ("
                                           "kube_daemonset_status_observed_generation{@}>="
                                           "kube_daemonset_metadata_generation{@} and "
                                           "kube_daemonset_status_updated_number_scheduled{@}>="
                                           "kube_daemonset_status_desired_number_scheduled{@} and "
                                           "kube_daemonset_status_current_number_scheduled{@}=="
                                           "kube_daemonset_status_desired_number_scheduled{@} and "
                                           "kube_daemonset_status_number_available{@}>="
                                           "kube_daemonset_status_desired_number_scheduled{@} "
                                           "unless kube_daemonset_deletion_timestamp{@})"},
    [KIND_ROLLOUT] =
        {[PART_OLDEST] = "timestamp(rollout_info_replicas_desired{@})",
         [PART_UNSETTLED] =
             "rollout_info_replicas_desired{@} unless ("
             "rollout_info_replicas_updated{@}>=rollout_info_replicas_desired{@} and "
             "rollout_info_replicas_available{@}>=rollout_info_replicas_desired{@} and "
             "rollout_info_replicas_unavailable{@}>=0 and "
             "ignoring(phase,strategy,traffic_router) rollout_info{phase=\"Completed\",@}==1 "
             "unless (rollout_info_replicas_desired{@}==0 and rollout_info_replicas_available{@}"
             "+rollout_info_replicas_unavailable{@}>0))"},
};

/* The same of tools/prometheus/amberbar.rules.yml. */
static const char *const recorded[PART_COUNT] = {
    [PART_OLDEST] = "amberbar:workloads:oldest{@}",
    [PART_EVALUATED] = "timestamp(amberbar:workloads:count{@})",
    [PART_UNSETTLED] = "amberbar:workloads:unsettled{@}",
};

static void set_matchers(struct text *matchers, const struct query_terms *terms,
                         const struct selection *selection, enum workload_kind kind)
{
    text_clear(matchers);
    if (terms->recorded)
        text_addf(matchers, "kind=\"%s\",", kind_name(kind));
    promql_add_matchers(matchers, terms, selection, kind);
}

/* Several exporters of one cluster count once. */
static void add_count(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                      const char *matchers)
{
    promql_begin_mark(out);
    if (terms->recorded) {
        text_addf(out, "sum(amberbar:workloads:count{%s})", matchers);
    } else {
        text_add(out, "count(count by (");
        promql_add_label(out, terms->namespace_label);
        text_addf(out, ",%s", metric_name_label(kind));
        if (terms->cluster_label[0] != '\0') {
            text_add(out, ",");
            promql_add_label(out, terms->cluster_label);
        }
        text_addf(out, ") (%s{%s}))", query_heartbeat(kind), matchers);
    }
    promql_end_mark(out, QUERY_FIELD_LABEL, query_kinds[kind]);
}

static void add_counts(struct text *out, const struct query_terms *terms,
                       const struct selection *selection, struct text *matchers)
{
    size_t start = out->length;
    for (int i = 0; i < KIND_COUNT; i++) {
        if ((selection->kinds & KIND_BIT(i)) == 0)
            continue;
        set_matchers(matchers, terms, selection, (enum workload_kind)i);
        promql_add_or(out, start);
        if (!matchers->failed)
            add_count(out, terms, (enum workload_kind)i, matchers->data);
    }
}

static void add_part(struct text *out, const struct query_terms *terms,
                     const struct selection *selection, enum part part, struct text *matchers)
{
    if (terms->recorded ? recorded[part] == NULL : raw[KIND_DEPLOYMENT][part] == NULL)
        return;
    text_add(out, " or ");
    promql_begin_mark(out);
    text_add(out, parts[part].aggregation);
    size_t start = out->length;
    for (int i = 0; i < KIND_COUNT; i++) {
        if ((selection->kinds & KIND_BIT(i)) == 0)
            continue;
        set_matchers(matchers, terms, selection, (enum workload_kind)i);
        promql_add_or(out, start);
        if (!matchers->failed)
            promql_add_expanded(out, terms->recorded ? recorded[part] : raw[i][part],
                                matchers->data);
    }
    text_add(out, ")");
    promql_end_mark(out, QUERY_FIELD_LABEL, parts[part].mark);
}

static void write(struct text *out, const struct query_terms *terms,
                  const struct selection selections[], size_t count, bool whole)
{
    struct text matchers = {0};
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "" : " or ");
        if (terms->selections > 1)
            promql_begin_mark(out);
        add_counts(out, terms, &selections[i], &matchers);
        for (int part = 0; whole && part < PART_COUNT; part++)
            add_part(out, terms, &selections[i], (enum part)part, &matchers);
        if (terms->selections > 1)
            promql_end_selection(out, selections[i].index);
    }
    out->failed |= matchers.failed;
    text_free(&matchers);
}

bool survey_count(struct text *out, const struct query_terms *terms,
                  const struct selection selections[], size_t count, struct error *error)
{
    write(out, terms, selections, count, false);
    return query_check(out, count, error);
}

bool survey_ask(struct text *out, const struct query_terms *terms,
                const struct selection selections[], size_t count, struct error *error)
{
    write(out, terms, selections, count, true);
    if (out->failed || out->length <= QUERY_ROOM_BYTES)
        return query_check(out, count, error);
    return error_set(error,
                     "the survey of %zu rollouts with thousands of workloads has %zu bytes, and a "
                     "server may refuse more than %d; load tools/prometheus/amberbar.rules.yml and "
                     "set recording_rules: true, or name fewer rollouts",
                     count, out->length, QUERY_MAX_BYTES);
}

/* The labels of a place: its namespace and, where clusters have one, their own. */
static void add_place_labels(struct text *out, const struct query_terms *terms)
{
    promql_add_label(out, terms->namespace_label);
    if (terms->cluster_label[0] == '\0')
        return;
    text_add(out, ",");
    promql_add_label(out, terms->cluster_label);
}

bool survey_namespaces(struct text *out, const struct query_terms *terms, struct error *error)
{
    char spec[METRIC_NAME_SIZE];
    text_clear(out);
    for (int i = 0; i < KIND_COUNT; i++) {
        enum workload_kind kind = (enum workload_kind)i;
        promql_add_or(out, 0);
        promql_begin_mark(out);
        promql_begin_mark(out);
        text_add(out, "count by (");
        add_place_labels(out, terms);
        text_add(out, ") (group by (");
        add_place_labels(out, terms);
        text_addf(out, ",%s) (%s))", metric_name_label(kind), query_heartbeat(kind));
        promql_end_mark(out, metric_name_label(kind), SURVEY_EVERY);
        metric_spec(kind, spec);
        promql_end_mark(out, QUERY_FIELD_LABEL, spec);
    }
    return query_check(out, 1, error);
}

static void take_older(int64_t *oldest_ms, double seconds)
{
    int64_t ms = (int64_t)(seconds * 1000);
    if (*oldest_ms == ROW_MISSING || ms < *oldest_ms)
        *oldest_ms = ms;
}

bool survey_add(struct survey *survey, const struct series *series)
{
    const char *mark = series->aside[ASIDE_FIELD];
    double number;
    if (mark == NULL || series->count > 0 || series->value == NULL ||
        !text_number(series->value, &number) || !(number >= 0 && number < 1e11))
        return false;
    if (strcmp(mark, SURVEY_OLDEST) == 0 || strcmp(mark, SURVEY_EVALUATED) == 0) {
        take_older(&survey->oldest_ms, number);
        return true;
    }
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        if (strcmp(mark, query_kinds[kind]) != 0 || number > 1e9)
            continue;
        survey->total[kind] = (size_t)number;
        return true;
    }
    return false;
}
