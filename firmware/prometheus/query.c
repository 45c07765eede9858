#include "prometheus/query.h"

#include <string.h>

const char *const query_kinds[KIND_COUNT] = {
    [KIND_DEPLOYMENT] = "deployment",
    [KIND_STATEFULSET] = "statefulset",
    [KIND_DAEMONSET] = "daemonset",
    [KIND_ROLLOUT] = "rollout",
};

/*
 * What is asked of each kind. Names and labels are those of kube-state-metrics (its docs/metrics)
 * and of Argo Rollouts' controller (argoproj/argo-rollouts controller/metrics/rollouts.go).
 */
static const struct {
    const char *metrics;    /* of the counters; RE2 */
    const char *conditions; /* NULL: none */
    const char *timed;      /* its scrape time stands for the row's: timestamp() takes one metric */
    const char *name_label; /* the label that holds the workload's name */
} arms[KIND_COUNT] = {
    [KIND_DEPLOYMENT] =
        {"kube_deployment_(created|deletion_timestamp|metadata_generation|spec_(paused|replicas)|"
         "status_(observed_generation|(terminating_)?replicas|replicas_(available|ready|updated)))",
         "kube_deployment_status_condition", "kube_deployment_metadata_generation", "deployment"},
    [KIND_STATEFULSET] =
        {"kube_statefulset_(created|deletion_timestamp|metadata_generation|replicas|"
         "status_(observed_generation|replicas|replicas_(available|ready|updated)|"
         "(current|update)_revision))",
         NULL, "kube_statefulset_metadata_generation", "statefulset"},
    [KIND_DAEMONSET] = {"kube_daemonset_(created|deletion_timestamp|metadata_generation|"
                        "status_(observed_generation|(desired|current|updated)_number_scheduled|"
                        "number_(available|ready)))",
                        NULL, "kube_daemonset_metadata_generation", "daemonset"},
    [KIND_ROLLOUT] = {"rollout_info(_replicas_(desired|updated|available|unavailable))?", NULL,
                      "rollout_info_replicas_desired", "name"},
};

bool query_is_plain(const char *name)
{
    return strpbrk(name, "\\.+*?()|[]{}^$") == NULL;
}

/* A string literal of PromQL: the escapes of Go's, which it shares (prometheus/util/strutil). */
static void add_literal(struct text *out, const char *string)
{
    text_add(out, "\"");
    for (const char *c = string; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            text_addf(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20 || *c == 0x7F)
            text_addf(out, "\\x%02x", (unsigned)*c);
        else
            text_add_bytes(out, c, 1);
    }
    text_add(out, "\"");
}

/* Prometheus 3 takes any UTF-8 as a label's name when it is quoted; older ones know bare names
 * only. */
static void add_label(struct text *out, const char *label)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    bool bare = strspn(label, letters) == strlen(label) && (*label < '0' || *label > '9');
    if (bare)
        text_add(out, label);
    else
        add_literal(out, label);
}

static void add_matcher(struct text *out, const char *label, const char *name)
{
    add_label(out, label);
    text_add(out, query_is_plain(name) ? "=" : "=~");
    add_literal(out, name);
}

static void add_selector(struct text *out, const struct selection *selection,
                         const char *namespace_label)
{
    add_matcher(out, namespace_label, selection->namespace_);
    if (selection->name == NULL)
        return;
    text_add(out, ",");
    add_matcher(out, arms[selection->kind].name_label, selection->name);
}

/* Raw series only: an aggregation would mix two exporters (each is a source of its own). */
static void add_arms(struct text *out, const struct selection *selection,
                     const char *namespace_label)
{
    enum workload_kind kind = selection->kind;
    text_addf(out, "{__name__=~\"%s\",", arms[kind].metrics);
    add_selector(out, selection, namespace_label);
    text_add(out, "}");
    if (arms[kind].conditions != NULL) {
        text_addf(out, " or (%s{condition=~\"Progressing|ReplicaFailure\",", arms[kind].conditions);
        add_selector(out, selection, namespace_label);
        text_add(out, "} == 1)");
    }
    text_addf(out, " or label_replace(timestamp(%s{", arms[kind].timed);
    add_selector(out, selection, namespace_label);
    text_addf(out, "}),\"%s\",\"%s\",\"\",\"\")", QUERY_FIELD_LABEL, QUERY_SAMPLE_TIME);
}

bool query_workloads(struct text *out, const struct selection selections[], size_t count,
                     const char *namespace_label, struct error *error)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "" : " or ");
        if (count > 1)
            text_add(out, "label_replace(");
        add_arms(out, &selections[i], namespace_label);
        if (count > 1)
            text_addf(out, ",\"%s\",\"%zu\",\"\",\"\")", QUERY_SELECTION_LABEL, i);
    }
    if (out->failed)
        return error_set(error, "no memory for the query of %zu rollouts", count);
    if (out->length > QUERY_MAX_BYTES)
        return error_set(error,
                         "the query for %zu rollouts has %zu bytes, and a server may refuse more "
                         "than %d; join rollouts of one namespace into one by a pattern such as "
                         "deployment: \"web|api\"",
                         count, out->length, QUERY_MAX_BYTES);
    return true;
}

bool query_canary(struct text *out, const bool kinds[static KIND_COUNT], struct error *error)
{
    text_clear(out);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (kinds[kind])
            text_addf(out, "%slabel_replace(count(%s),\"%s\",\"%s\",\"\",\"\")",
                      out->length == 0 ? "" : " or ", arms[kind].timed, QUERY_FIELD_LABEL,
                      query_kinds[kind]);
    if (out->failed)
        return error_set(error, "no memory for the canary query");
    return true;
}
