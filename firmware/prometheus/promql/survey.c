#include "prometheus/promql/survey.h"

#include "prometheus/answer/metric.h"
#include "prometheus/promql/promql.h"

#include <stdio.h>
#include <string.h>

/*
 * Of each kind, with @ for the matchers: what is certainly settled. What is not is all else, so
 * that a workload of which a series is missing is not settled either. Every vector has the same
 * labels, that is, comes of the same exporter: two exporters never mix.
 */
static const char *const settled[KIND_COUNT] = {
    [KIND_DEPLOYMENT] =
        "kube_deployment_status_observed_generation{@}>="
        "kube_deployment_metadata_generation{@} and "
        "kube_deployment_status_replicas_updated{@}==kube_deployment_spec_replicas{@} and "
        "kube_deployment_status_replicas{@}==kube_deployment_spec_replicas{@} and "
        "kube_deployment_status_replicas_available{@}>=kube_deployment_spec_replicas{@} "
        "unless kube_deployment_spec_paused{@}==1 "
        "unless kube_deployment_deletion_timestamp{@} "
        "unless ignoring(condition,status,reason) kube_deployment_status_condition"
        "{condition=\"Progressing\",status=\"false\",@}==1",
    [KIND_STATEFULSET] =
        "kube_statefulset_status_observed_generation{@}>="
        "kube_statefulset_metadata_generation{@} and "
        "kube_statefulset_status_replicas_updated{@}>=kube_statefulset_replicas{@} and "
        "kube_statefulset_status_replicas{@}==kube_statefulset_replicas{@} and "
        "kube_statefulset_status_replicas_ready{@}>=kube_statefulset_replicas{@} and "
        "kube_statefulset_status_replicas_available{@}>=kube_statefulset_replicas{@} "
        "unless kube_statefulset_deletion_timestamp{@}",
    [KIND_DAEMONSET] = "kube_daemonset_status_observed_generation{@}>="
                       "kube_daemonset_metadata_generation{@} and "
                       "kube_daemonset_status_updated_number_scheduled{@}>="
                       "kube_daemonset_status_desired_number_scheduled{@} and "
                       "kube_daemonset_status_current_number_scheduled{@}=="
                       "kube_daemonset_status_desired_number_scheduled{@} and "
                       "kube_daemonset_status_number_available{@}>="
                       "kube_daemonset_status_desired_number_scheduled{@} "
                       "unless kube_daemonset_deletion_timestamp{@}",
    [KIND_ROLLOUT] =
        "rollout_info_replicas_updated{@}>=rollout_info_replicas_desired{@} and "
        "rollout_info_replicas_available{@}>=rollout_info_replicas_desired{@} and "
        "rollout_info_replicas_unavailable{@}>=0 and "
        "ignoring(phase,strategy,traffic_router) rollout_info{phase=\"Completed\",@}==1 "
        "unless (rollout_info_replicas_desired{@}==0 and rollout_info_replicas_available{@}"
        "+rollout_info_replicas_unavailable{@}>0)",
};

/* The series of tools/prometheus/amberbar.rules.yml tell the kinds apart by a label: one arm is
   about all. $ stands for the labels of a workload. */
static const struct {
    const char *mark, *arm;
    bool whole; /* not asked for where workloads are only counted */
} recorded[] = {
    {SURVEY_COUNT, "sum by (" SURVEY_KIND_LABEL ")(amberbar:workloads:count{@})", false},
    {SURVEY_OLDEST, "min by (" SURVEY_KIND_LABEL ")(amberbar:workloads:oldest{@})", true},
    {SURVEY_ROWS, "sum without($)(amberbar:workloads:rows{@})", true},
    {SURVEY_SETTLED, "sum without($)(amberbar:workloads:settled{@})", true},
    {SURVEY_EVALUATED "/" SURVEY_COUNT, "min(timestamp(amberbar:workloads:count{@}))", true},
    {SURVEY_EVALUATED "/" SURVEY_UNSETTLED, "min(timestamp(amberbar:workloads:unsettled{@}))",
     true},
    {SURVEY_EVALUATED "/" SURVEY_SETTLED, "min(timestamp(amberbar:workloads:settled{@}))", true},
    {SURVEY_UNSETTLED, "topk(201,amberbar:workloads:unsettled{@})", true},
};

static const char exported[] = "exported_"; /* of a scrape without honor_labels */

/* A label, and what a scrape without honor_labels makes of the exporter's own of that name. */
static void add_own_label(struct text *out, const char *label)
{
    struct text other = {0};
    text_add(&other, exported);
    text_add(&other, label);
    promql_add_label(out, label);
    text_add(out, ",");
    if (!other.failed)
        promql_add_label(out, other.data);
    out->failed |= other.failed;
    text_free(&other);
}

static void set_matchers(struct text *matchers, const struct query_terms *terms,
                         const struct selection *selection, enum workload_kind kind)
{
    text_clear(matchers);
    promql_add_matchers(matchers, terms, selection, kind);
}

/* kind="Deployment", or kind=~"Deployment|DaemonSet", or nothing for all. */
static void add_kinds(struct text *matchers, unsigned kinds)
{
    bool one = (kinds & (kinds - 1)) == 0;
    if (kinds == KINDS_ALL)
        return;
    text_add(matchers, one ? SURVEY_KIND_LABEL "=\"" : SURVEY_KIND_LABEL "=~\"");
    size_t start = matchers->length;
    for (int i = 0; i < KIND_COUNT; i++) {
        if ((kinds & KIND_BIT(i)) == 0)
            continue;
        text_add(matchers, matchers->length > start ? "|" : "");
        text_add(matchers, kind_name((enum workload_kind)i));
    }
    text_add(matchers, "\",");
}

/* `arm` with the labels of a workload in the place of $. */
static void add_recorded_arm(struct text *out, const struct query_terms *terms, const char *arm,
                             const char *matchers)
{
    const char *labels = strchr(arm, '$');
    if (labels != NULL) {
        text_add_bytes(out, arm, (size_t)(labels - arm));
        add_own_label(out, terms->namespace_label);
        arm = labels + 1;
    }
    promql_add_expanded(out, arm, matchers);
}

static void add_recorded(struct text *out, const struct query_terms *terms,
                         const struct selection *selection, bool whole)
{
    struct text matchers = {0};
    size_t start = out->length;
    add_kinds(&matchers, selection->kinds);
    promql_add_matchers(&matchers, terms, selection, kinds_first(selection->kinds));
    for (size_t i = 0; !matchers.failed && i < sizeof recorded / sizeof recorded[0]; i++) {
        if (recorded[i].whole && !whole)
            continue;
        promql_add_or(out, start);
        promql_begin_mark(out);
        add_recorded_arm(out, terms, recorded[i].arm, matchers.data);
        promql_end_mark(out, QUERY_FIELD_LABEL, recorded[i].mark);
    }
    out->failed |= matchers.failed;
    text_free(&matchers);
}

static void end_kind_mark(struct text *out, const char *part, enum workload_kind kind)
{
    char mark[32];
    snprintf(mark, sizeof mark, "%s/%s", part, query_kinds[kind]);
    promql_end_mark(out, QUERY_FIELD_LABEL, mark);
}

/* Several exporters of one cluster count once. */
static void add_count(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                      const char *matchers)
{
    promql_begin_mark(out);
    text_add(out, "count(count by (");
    promql_add_label(out, terms->namespace_label);
    text_addf(out, ",%s", metric_name_label(kind));
    if (terms->cluster_label[0] != '\0') {
        text_add(out, ",");
        promql_add_label(out, terms->cluster_label);
    }
    text_addf(out, ") (%s{%s}))", query_heartbeat(kind), matchers);
    promql_end_mark(out, QUERY_FIELD_LABEL, query_kinds[kind]);
}

/* Of each source: how many rows it has of `expression`. */
static void add_rows(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                     const char *expression, const char *matchers)
{
    text_add(out, " or ");
    promql_begin_mark(out);
    text_add(out, "count without(");
    add_own_label(out, terms->namespace_label);
    text_add(out, ",");
    add_own_label(out, metric_name_label(kind));
    text_add(out, ")(");
    promql_add_expanded(out, expression, matchers);
    text_add(out, ")");
}

static void add_counted(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                        const char *matchers)
{
    char all[METRIC_NAME_SIZE + 4];
    snprintf(all, sizeof all, "%s{@}", query_heartbeat(kind));
    add_rows(out, terms, kind, all, matchers);
    end_kind_mark(out, SURVEY_ROWS, kind);
    add_rows(out, terms, kind, settled[kind], matchers);
    end_kind_mark(out, SURVEY_SETTLED, kind);
}

static void add_time(struct text *out, enum workload_kind kind, const char *matchers)
{
    text_addf(out, "timestamp(%s{%s})", query_heartbeat(kind), matchers);
}

static void add_rest(struct text *out, enum workload_kind kind, const char *matchers)
{
    text_addf(out, "%s{%s} unless (", query_heartbeat(kind), matchers);
    promql_add_expanded(out, settled[kind], matchers);
    text_add(out, ")");
}

/* Of all kinds together. */
static const struct {
    const char *mark, *aggregation;
    void (*add)(struct text *out, enum workload_kind kind, const char *matchers);
} unions[] = {
    {SURVEY_OLDEST, "min(", add_time},
    {SURVEY_UNSETTLED, "topk(201,", add_rest}, /* SURVEY_SHOWN_MAX, and that there are more */
};

static void add_union(struct text *out, const struct query_terms *terms,
                      const struct selection *selection, size_t index)
{
    struct text matchers = {0};
    text_add(out, " or ");
    promql_begin_mark(out);
    text_add(out, unions[index].aggregation);
    size_t start = out->length;
    for (int i = 0; i < KIND_COUNT; i++) {
        const enum workload_kind kind = (enum workload_kind)i;
        if ((selection->kinds & KIND_BIT(kind)) == 0)
            continue;
        set_matchers(&matchers, terms, selection, kind);
        promql_add_or(out, start);
        if (!matchers.failed)
            unions[index].add(out, kind, matchers.data);
    }
    text_add(out, ")");
    promql_end_mark(out, QUERY_FIELD_LABEL, unions[index].mark);
    out->failed |= matchers.failed;
    text_free(&matchers);
}

static void add_raw(struct text *out, const struct query_terms *terms,
                    const struct selection *selection, bool whole)
{
    struct text matchers = {0};
    size_t start = out->length;
    for (int i = 0; i < KIND_COUNT; i++) {
        const enum workload_kind kind = (enum workload_kind)i;
        if ((selection->kinds & KIND_BIT(kind)) == 0)
            continue;
        set_matchers(&matchers, terms, selection, kind);
        promql_add_or(out, start);
        if (matchers.failed)
            continue;
        add_count(out, terms, kind, matchers.data);
        if (whole)
            add_counted(out, terms, kind, matchers.data);
    }
    for (size_t i = 0; whole && i < sizeof unions / sizeof unions[0]; i++)
        add_union(out, terms, selection, i);
    out->failed |= matchers.failed;
    text_free(&matchers);
}

static void write(struct text *out, const struct query_terms *terms,
                  const struct selection selections[], size_t count, bool whole)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "" : " or ");
        if (terms->selections > 1)
            promql_begin_mark(out);
        (terms->recorded ? add_recorded : add_raw)(out, terms, &selections[i], whole);
        if (terms->selections > 1)
            promql_end_selection(out, selections[i].index);
    }
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

static const char *const marks[SURVEY_RULES] = {
    [RULE_COUNT] = SURVEY_COUNT,     [RULE_OLDEST] = SURVEY_OLDEST,       [RULE_ROWS] = SURVEY_ROWS,
    [RULE_SETTLED] = SURVEY_SETTLED, [RULE_UNSETTLED] = SURVEY_UNSETTLED,
};

/* The index of the word among `words`; `count`: it is none of them. */
static size_t find_word(const char *word, size_t length, const char *const words[], size_t count)
{
    size_t i = 0;
    while (i < count && (strncmp(words[i], word, length) != 0 || words[i][length] != '\0'))
        i++;
    return i;
}

static size_t find_kind_name(const char *name)
{
    size_t kind = 0;
    while (kind < KIND_COUNT && strcmp(name, kind_name((enum workload_kind)kind)) != 0)
        kind++;
    return kind;
}

/* "deployment", which is a count; "rows/deployment", or "rows" and a label; "at/count". */
static bool read_mark(const struct series *series, struct survey_mark *mark)
{
    static const char evaluated[] = SURVEY_EVALUATED "/";
    const char *word = series->aside[ASIDE_FIELD];
    const char *label = series_label(series, SURVEY_KIND_LABEL);
    if (word == NULL)
        return false;
    *mark = (struct survey_mark){.evaluated = strncmp(word, evaluated, sizeof evaluated - 1) == 0};
    word += mark->evaluated ? sizeof evaluated - 1 : 0;
    const size_t length = strcspn(word, "/");
    const size_t counted = find_word(word, strlen(word), query_kinds, KIND_COUNT);
    size_t rule = find_word(word, length, marks, SURVEY_RULES);
    size_t kind = counted;
    if (counted < KIND_COUNT)
        rule = RULE_COUNT;
    else if (word[length] == '/')
        kind = find_word(word + length + 1, strlen(word + length + 1), query_kinds, KIND_COUNT);
    else if (label != NULL)
        kind = find_kind_name(label);
    mark->of_kind = kind < KIND_COUNT;
    mark->kind = mark->of_kind ? (enum workload_kind)kind : KIND_DEPLOYMENT;
    if (rule == SURVEY_RULES || (rule == RULE_UNSETTLED && !mark->evaluated))
        return false;
    mark->rule = (enum survey_rule)rule;
    return mark->of_kind || mark->evaluated || rule == RULE_OLDEST;
}

bool survey_read(const struct series *series, struct survey_mark *mark)
{
    if (!read_mark(series, mark) || series->value == NULL ||
        !text_number(series->value, &mark->number))
        return false;
    const bool is_time = mark->evaluated || mark->rule == RULE_OLDEST;
    return mark->number >= 0 && mark->number <= (is_time ? 1e11 : 1e9);
}

static void take_older(int64_t *oldest_ms, double seconds)
{
    int64_t ms = (int64_t)(seconds * 1000);
    if (*oldest_ms == ROW_MISSING || ms < *oldest_ms)
        *oldest_ms = ms;
}

void survey_add(struct survey *survey, const struct survey_mark *mark)
{
    if (mark->evaluated) {
        take_older(&survey->evaluated_ms[mark->rule], mark->number);
    } else if (mark->rule == RULE_OLDEST) {
        take_older(&survey->oldest_ms, mark->number);
        survey->timed |= mark->of_kind ? KIND_BIT(mark->kind) : KINDS_ALL;
    } else if (mark->rule == RULE_COUNT) {
        survey->total[mark->kind] = (size_t)mark->number;
    }
}
