#include "prometheus/promql/query.h"

#include "prometheus/answer/metric.h"
#include "prometheus/promql/promql.h"

#include <assert.h>
#include <string.h>

static const char special[] = "\\.+*?()|[]{}^$"; /* to RE2 */

const char *const query_kinds[KIND_COUNT] = {
    [KIND_DEPLOYMENT] = "deployment",
    [KIND_STATEFULSET] = "statefulset",
    [KIND_DAEMONSET] = "daemonset",
    [KIND_ROLLOUT] = "rollout",
};

/*
 * What is asked of each kind. Names and labels are those of kube-state-metrics (its docs/metrics)
 * and of Argo Rollouts' controller (argoproj/argo-rollouts controller/metrics/rollouts.go). The
 * counters are those of metric.c, folded.
 */
static const struct {
    const char *counters;   /* RE2 */
    const char *conditions; /* an arm of its own, with @ for the matchers; NULL: none */
    const char *heartbeat;  /* its scrape time stands for the row's: timestamp() takes one metric */
} arms[KIND_COUNT] = {
    [KIND_DEPLOYMENT] =
        {"kube_deployment_(created|deletion_timestamp|metadata_generation|spec_(paused|replicas)|"
         "status_(observed_generation|(terminating_)?replicas|replicas_(available|ready|updated)))",
         "(kube_deployment_status_condition{condition=~\"Progressing|ReplicaFailure\",@} == 1)",
         "kube_deployment_metadata_generation"},
    [KIND_STATEFULSET] =
        {"kube_statefulset_(created|deletion_timestamp|metadata_generation|replicas|"
         "status_(observed_generation|replicas|replicas_(available|current|ready|updated)|"
         "(current|update)_revision))",
         NULL, "kube_statefulset_metadata_generation"},
    [KIND_DAEMONSET] = {"kube_daemonset_(created|deletion_timestamp|metadata_generation|"
                        "status_(observed_generation|(desired|current|updated)_number_scheduled|"
                        "number_(available|ready)))",
                        NULL, "kube_daemonset_metadata_generation"},
    [KIND_ROLLOUT] = {"rollout_info(_replicas_(desired|updated|available|unavailable))?", NULL,
                      "rollout_info_replicas_desired"},
};

bool query_is_plain(const char *name)
{
    return strpbrk(name, special) == NULL;
}

void query_add_alternative(struct text *pattern, const char *name)
{
    if (pattern->length > 0)
        text_add(pattern, "|");
    for (const char *c = name; *c != '\0'; c++) {
        if (strchr(special, *c) != NULL)
            text_add(pattern, "\\");
        text_add_bytes(pattern, c, 1);
    }
}

const char *query_heartbeat(enum workload_kind kind)
{
    return arms[kind].heartbeat;
}

/* `or` would take two metrics of one labelset for the same: each carries its name in a label. */
static void add_named(struct text *out, enum workload_kind kind, const char *matchers)
{
    char name[METRIC_NAME_SIZE];
    for (size_t i = 0; metric_counter(kind, i, name); i++) {
        text_add(out, i == 0 ? "" : " or ");
        promql_begin_mark(out);
        text_addf(out, "%s{%s}", name, matchers);
        promql_end_mark(out, QUERY_FIELD_LABEL, name);
    }
}

/* Raw series only: an aggregation would mix two exporters (each is a source of its own). */
static void add_arms(struct text *out, bool named, enum workload_kind kind, const char *matchers)
{
    if (named)
        add_named(out, kind, matchers);
    else
        text_addf(out, "{__name__=~\"%s\",%s}", arms[kind].counters, matchers);
    if (arms[kind].conditions != NULL) {
        text_add(out, " or ");
        promql_add_expanded(out, arms[kind].conditions, matchers);
    }
    text_add(out, " or ");
    promql_begin_mark(out);
    text_addf(out, "timestamp(%s{%s})", arms[kind].heartbeat, matchers);
    promql_end_mark(out, QUERY_FIELD_LABEL, QUERY_SAMPLE_TIME);
}

/* The arms of every kind; different kinds have different labels, so `or` loses nothing. */
static void add_selection(struct text *out, const struct query_terms *terms,
                          const struct selection *selection)
{
    struct text matchers = {0};
    size_t start = out->length;
    for (int i = 0; i < KIND_COUNT; i++) {
        enum workload_kind kind = (enum workload_kind)i;
        if ((selection->kinds & KIND_BIT(kind)) == 0)
            continue;
        text_clear(&matchers);
        promql_add_matchers(&matchers, terms, selection, kind);
        promql_add_or(out, start);
        if (!matchers.failed)
            add_arms(out, terms->named, kind, matchers.data);
    }
    out->failed |= matchers.failed;
    text_free(&matchers);
}

bool query_check(const struct text *query, size_t count, struct error *error)
{
    if (query->failed)
        return error_set(error, "no memory for the query of %zu rollouts", count);
    if (query->length > QUERY_ROOM_BYTES)
        return error_set(error,
                         "the query for %zu rollouts has %zu bytes, and a server may refuse more "
                         "than %d; join rollouts of one namespace into one by a pattern such as "
                         "deployment: \"web|api\"",
                         count, query->length, QUERY_MAX_BYTES);
    return true;
}

void query_add(struct text *out, const struct query_terms *terms, const struct selection *selection)
{
    promql_add_or(out, 0);
    if (terms->selections > 1)
        promql_begin_mark(out);
    add_selection(out, terms, selection);
    if (terms->selections > 1)
        promql_end_selection(out, selection->index);
}

void query_add_any(struct text *out, const struct query_terms *terms,
                   const struct selection *selection, enum workload_kind kind)
{
    promql_add_or(out, 0);
    if (terms->selections > 1)
        promql_begin_mark(out);
    promql_begin_mark(out); /* as another series than the same workload's rows */
    text_addf(out, "topk(1,%s{", arms[kind].heartbeat);
    promql_add_matchers(out, terms, selection, kind);
    text_add(out, "})");
    promql_end_mark(out, QUERY_FIELD_LABEL, arms[kind].heartbeat);
    if (terms->selections > 1)
        promql_end_selection(out, selection->index);
}

bool query_workloads(struct text *out, const struct query_terms *terms,
                     const struct selection selections[], size_t count, struct error *error)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++)
        query_add(out, terms, &selections[i]);
    return query_check(out, terms->selections, error);
}

static void add_missed(struct text *out, const struct source_record *record, size_t index)
{
    if (record == NULL || record->text[0] == '\0')
        return;
    promql_add_or(out, 0);
    promql_begin_mark(out);
    promql_begin_mark(out);
    text_addf(out, "max(timestamp(%s{%s}))", arms[record->kind].heartbeat, record->text);
    promql_end_mark(out, QUERY_FIELD_LABEL, QUERY_SOURCE);
    promql_end_selection(out, index);
}

bool query_canary(struct text *out, unsigned kinds, const struct missed_sources *missed,
                  const struct source_ledger *ledger, struct error *error)
{
    text_clear(out);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        if ((kinds & KIND_BIT(kind)) == 0)
            continue;
        promql_add_or(out, 0);
        promql_begin_mark(out);
        text_addf(out, "count(%s)", arms[kind].heartbeat);
        promql_end_mark(out, QUERY_FIELD_LABEL, query_kinds[kind]);
    }
    for (size_t i = 0; i < missed->count; i++)
        add_missed(out, source_find(ledger, missed->ids[i]), i);
    if (out->failed)
        return error_set(error, "no memory for the canary query");
    return true;
}

static const char nonce_arm[] = "label_replace(vector(1),\"" QUERY_NONCE_LABEL "\",\"";
static const char nonce_end[] = "\",\"\",\"\")";
static_assert(sizeof " or " + sizeof nonce_arm + QUERY_NONCE_SIZE + sizeof nonce_end <=
                  QUERY_NONCE_BYTES,
              "there is room for it");

bool query_set_nonce(struct text *query, const char nonce[static QUERY_NONCE_SIZE])
{
    const size_t digits = QUERY_NONCE_SIZE - 1;
    const size_t length = sizeof nonce_arm - 1 + digits + sizeof nonce_end - 1;
    char *arm = query->length >= length ? query->data + query->length - length : NULL;
    if (arm != NULL && memcmp(arm, nonce_arm, sizeof nonce_arm - 1) == 0) {
        memcpy(arm + sizeof nonce_arm - 1, nonce, digits);
        return true;
    }
    const size_t before = query->length;
    promql_add_or(query, 0);
    text_add(query, nonce_arm);
    text_add(query, nonce);
    text_add(query, nonce_end);
    if (!query->failed)
        return true;
    query->failed = false;
    text_cut(query, before);
    return false;
}
