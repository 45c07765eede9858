#include "prometheus/promql/survey.h"

#include "prometheus/promql/kind.h"

#include <stdio.h>
#include <string.h>

/* The series of tools/prometheus/amberbar.rules.yml tell the kinds apart by a label: one arm is
   about all. $ stands for the labels of a workload. */
static const struct {
    enum survey_rule rule;
    bool evaluated; /* when, not what */
    bool whole;     /* not asked for where workloads are only counted */
    const char *arm;
} recorded[] = {
    {RULE_COUNT, false, false, "sum by (" SURVEY_KIND_LABEL ")(amberbar:workloads:count{@})"},
    {RULE_OLDEST, false, true, "min by (" SURVEY_KIND_LABEL ")(amberbar:workloads:oldest{@})"},
    {RULE_ROWS, false, true, "sum without($)(amberbar:workloads:rows{@})"},
    {RULE_SETTLED, false, true, "sum without($)(amberbar:workloads:settled{@})"},
    {RULE_COUNT, true, true, "min(timestamp(amberbar:workloads:count{@}))"},
    {RULE_OLDEST, true, true, "max(timestamp(amberbar:workloads:oldest{@}))"},
    {RULE_UNSETTLED, true, true, "min(timestamp(amberbar:workloads:unsettled{@}))"},
    {RULE_SETTLED, true, true, "min(timestamp(amberbar:workloads:settled{@}))"},
    {RULE_UNSETTLED, false, true, "topk(201,amberbar:workloads:unsettled{@})"},
};

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

static const char *namespace_label(const struct query_terms *terms, enum workload_kind kind)
{
    return labels_namespace(&terms->labels, kind, terms->namespace_label);
}

/* `arm` with the label of a workload's namespace in the place of $. */
static void add_recorded_arm(struct text *out, const char *namespace_, const char *arm,
                             const char *matchers)
{
    const char *labels = strchr(arm, '$');
    if (labels != NULL) {
        text_add_bytes(out, arm, (size_t)(labels - arm));
        promql_add_own_label(out, namespace_);
        arm = labels + 1;
    }
    promql_add_expanded(out, arm, matchers);
}

/* "at/count", "rows/deployment" */
static void end_mark(struct text *out, const char *before, enum survey_rule rule, const char *kind)
{
    char mark[48];
    snprintf(mark, sizeof mark, "%s%s%s%s", before, survey_rule_name(rule),
             kind[0] != '\0' ? "/" : "", kind);
    promql_end_mark(out, QUERY_FIELD_LABEL, mark);
}

/* Its kinds have one label for their namespace: the config is checked for that. */
static void add_recorded(struct text *out, const struct query_terms *terms,
                         const struct selection *selection, bool whole)
{
    struct text matchers = {0};
    size_t start = out->length;
    const enum workload_kind first = kinds_first(selection->kinds);
    add_kinds(&matchers, selection->kinds);
    promql_add_matchers(&matchers, terms, selection, first);
    for (size_t i = 0; !matchers.failed && i < sizeof recorded / sizeof recorded[0]; i++) {
        if (recorded[i].whole && !whole)
            continue;
        promql_add_or(out, start);
        promql_begin_mark(out);
        add_recorded_arm(out, namespace_label(terms, first), recorded[i].arm, matchers.data);
        end_mark(out, recorded[i].evaluated ? SURVEY_EVALUATED : "", recorded[i].rule, "");
    }
    out->failed |= matchers.failed;
    text_free(&matchers);
}

/* Several exporters of one cluster count once. */
static void add_count(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                      const char *matchers)
{
    promql_begin_mark(out);
    text_add(out, "count(count by (");
    promql_add_label(out, namespace_label(terms, kind));
    text_add(out, ",");
    promql_add_label(out, labels_name(&terms->labels, kind));
    if (terms->cluster_label[0] != '\0') {
        text_add(out, ",");
        promql_add_label(out, terms->cluster_label);
    }
    text_addf(out, ") (%s{%s}))", kind_metrics(kind)->heartbeat, matchers);
    promql_end_mark(out, QUERY_FIELD_LABEL, kind_word(kind));
}

/* Of each source: how many rows it has of `expression`. */
static void add_rows(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                     const char *expression, const char *matchers)
{
    text_add(out, " or ");
    promql_begin_mark(out);
    text_add(out, "count without(");
    promql_add_identity(out, terms, kind);
    text_add(out, ")(");
    promql_add_expanded(out, expression, matchers);
    text_add(out, ")");
}

static void add_counted(struct text *out, const struct query_terms *terms, enum workload_kind kind,
                        const char *matchers)
{
    char all[METRIC_NAME_SIZE + 4];
    snprintf(all, sizeof all, "%s{@}", kind_metrics(kind)->heartbeat);
    add_rows(out, terms, kind, all, matchers);
    end_mark(out, "", RULE_ROWS, kind_word(kind));
    add_rows(out, terms, kind, kind_query(kind)->settled, matchers);
    end_mark(out, "", RULE_SETTLED, kind_word(kind));
}

static void add_time(struct text *out, enum workload_kind kind, const char *matchers)
{
    text_addf(out, "timestamp(%s{%s})", kind_query(kind)->pulse, matchers);
}

static void add_rest(struct text *out, enum workload_kind kind, const char *matchers)
{
    text_addf(out, "%s{%s} unless (", kind_metrics(kind)->heartbeat, matchers);
    promql_add_expanded(out, kind_query(kind)->settled, matchers);
    text_add(out, ")");
}

/* Of all kinds together. */
static const struct {
    enum survey_rule rule;
    const char *aggregation;
    void (*add)(struct text *out, enum workload_kind kind, const char *matchers);
} unions[] = {
    {RULE_OLDEST, "min(", add_time},
    {RULE_UNSETTLED, "topk(201,", add_rest}, /* SURVEY_SHOWN_MAX, and that there are more */
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
    end_mark(out, "", unions[index].rule, "");
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
    return error_set(error, /* of one rollout: about several it is asked in several questions */
                     "the survey of a rollout with thousands of workloads has %zu bytes, and a "
                     "server may refuse more than %d; load tools/prometheus/amberbar.rules.yml and "
                     "set recording_rules: true, or give the rollout fewer kinds or a shorter "
                     "pattern",
                     out->length, QUERY_MAX_BYTES);
}

/* The labels of a place: its namespace and, where clusters have one, their own. */
static void add_place_labels(struct text *out, const struct query_terms *terms,
                             enum workload_kind kind)
{
    promql_add_label(out, namespace_label(terms, kind));
    if (terms->cluster_label[0] == '\0')
        return;
    text_add(out, ",");
    promql_add_label(out, terms->cluster_label);
}

/* Begins what is said of one kind: the most of it that is answered; 0: all. */
static void begin_most(struct text *out, size_t most)
{
    promql_add_or(out, 0);
    promql_begin_mark(out);
    if (most > 0)
        text_addf(out, "topk(%zu,", most);
}

static void end_most(struct text *out, size_t most, const char *spec)
{
    text_add(out, most > 0 ? ")" : "");
    promql_end_mark(out, QUERY_FIELD_LABEL, spec);
}

bool survey_namespaces(struct text *out, const struct query_terms *terms, size_t most,
                       struct error *error)
{
    text_clear(out);
    for (int i = 0; i < KIND_COUNT; i++) {
        enum workload_kind kind = (enum workload_kind)i;
        const char *spec = kind_spec(kind);
        begin_most(out, most);
        promql_begin_mark(out);
        const char *name = labels_name(&terms->labels, kind);
        text_add(out, "count by (");
        add_place_labels(out, terms, kind);
        text_add(out, ") (group by (");
        add_place_labels(out, terms, kind);
        text_add(out, ",");
        promql_add_label(out, name);
        text_addf(out, ") (%s))", spec);
        promql_end_mark(out, name, SURVEY_EVERY);
        end_most(out, most, spec);
    }
    return query_check(out, 1, error);
}

/* What a target's own label of that name has pushed aside, where it has. */
static void add_exported_label(struct text *out, const char *label)
{
    struct text exported = {0};
    text_addf(&exported, LABELS_EXPORTED "%s", label);
    if (!exported.failed)
        promql_add_label(out, exported.data);
    out->failed |= exported.failed;
    text_free(&exported);
}

bool survey_names(struct text *out, const struct query_terms *terms,
                  const struct selection *selection, size_t most, struct error *error)
{
    struct selection all = *selection;
    all.name = NULL;
    text_clear(out);
    for (int i = 0; i < KIND_COUNT; i++) {
        enum workload_kind kind = (enum workload_kind)i;
        const char *spec = kind_spec(kind);
        begin_most(out, most);
        text_add(out, "max by (");
        add_place_labels(out, terms, kind);
        text_add(out, ",");
        promql_add_label(out, labels_name(&terms->labels, kind));
        text_add(out, ",");
        add_exported_label(out, labels_name(&terms->labels, kind));
        text_addf(out, ") (%s{", spec);
        promql_add_matchers(out, terms, &all, kind);
        text_add(out, "})");
        end_most(out, most, spec);
    }
    return query_check(out, 1, error);
}
