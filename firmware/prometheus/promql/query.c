#include "prometheus/promql/query.h"

#include "prometheus/promql/kind.h"

#include <assert.h>
#include <string.h>

/* `or` would take two metrics of one labelset for the same: each carries its name in a label. */
static void add_named(struct text *out, enum workload_kind kind, const char *matchers)
{
    const struct kind_metrics *of = kind_metrics(kind);
    const char *separator = "";
    for (size_t i = 0; i < of->count; i++) {
        if ((kind_counters(kind) & 1u << i) == 0)
            continue;
        text_add(out, separator);
        promql_begin_mark(out);
        text_addf(out, "%s{%s}", of->metrics[i].name, matchers);
        promql_end_mark(out, QUERY_FIELD_LABEL, of->metrics[i].name);
        separator = " or ";
    }
}

static void add_counters(struct text *out, enum workload_kind kind, const char *matchers)
{
    char pattern[KIND_PATTERN_SIZE];
    kind_pattern(kind, kind_counters(kind), true, pattern, sizeof pattern);
    text_addf(out, "{__name__=~\"%s\",%s}", pattern, matchers);
}

/* Raw series only: an aggregation would mix two exporters (each is a source of its own). */
static void add_arms(struct text *out, bool named, enum workload_kind kind, const char *matchers)
{
    const struct kind_query *of = kind_query(kind);
    if (named)
        add_named(out, kind, matchers);
    else
        add_counters(out, kind, matchers);
    if (of->conditions != NULL) {
        text_add(out, " or ");
        promql_add_expanded(out, of->conditions, matchers);
    }
    text_add(out, " or ");
    promql_begin_mark(out);
    text_addf(out, "timestamp(%s{%s})", of->pulse, matchers);
    text_addf(out, ",\"" QUERY_FIELD_LABEL "\",\"" QUERY_SAMPLE_TIME "/%s\",\"\",\"\")",
              kind_word(kind)); /* no label tells the kind for certain: a target may have it */
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

static size_t escaped_length(const struct text *query)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-._~";
    size_t length = 0;
    for (size_t i = 0; i < query->length; i++)
        length += strchr(unreserved, query->data[i]) != NULL ? 1 : 3;
    return length;
}

size_t query_length(const struct text *query, bool in_address)
{
    return in_address ? escaped_length(query) : query->length;
}

size_t query_room(bool in_address)
{
    return in_address ? QUERY_ADDRESS_BYTES : QUERY_ROOM_BYTES;
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
    text_addf(out, "topk(1,%s{", kind_metrics(kind)->heartbeat);
    promql_add_matchers(out, terms, selection, kind);
    text_add(out, "})");
    promql_end_mark(out, QUERY_FIELD_LABEL, kind_metrics(kind)->heartbeat);
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

static void add_exported(struct text *out, enum workload_kind kind, const char *label)
{
    const char *metric = kind_metrics(kind)->heartbeat;
    struct text exported = {0}, written = {0};
    text_addf(&exported, LABELS_EXPORTED "%s", label);
    if (!exported.failed)
        promql_add_label(&written, exported.data);
    promql_add_or(out, 0);
    if (!exported.failed && !written.failed)
        text_addf(out, "topk(1,%s{%s!=\"\"} unless on() %s{%s=\"\"})", metric, written.data, metric,
                  written.data);
    out->failed |= exported.failed || written.failed;
    text_free(&exported);
    text_free(&written);
}

bool query_exported(struct text *out, const struct query_terms *terms, struct error *error)
{
    text_clear(out);
    for (int i = 0; i < KIND_COUNT; i++) {
        const enum workload_kind kind = (enum workload_kind)i;
        add_exported(out, kind, labels_namespace(&terms->labels, kind, terms->namespace_label));
        add_exported(out, kind, labels_name(&terms->labels, kind));
    }
    return query_check(out, 1, error);
}

/* The mark is in the label that no source has (series.h). */
static void add_missed(struct text *out, const struct query_terms *terms,
                       const struct source_record *record)
{
    promql_add_or(out, 0);
    promql_begin_mark(out);
    text_add(out, "max without(");
    promql_add_identity(out, terms, record->kind);
    text_addf(out, ")(timestamp(%s{%s}))", kind_metrics(record->kind)->heartbeat, record->text);
    text_addf(out, ",\"" QUERY_SELECTION_LABEL "\",\"" QUERY_SOURCE "/%s\",\"\",\"\")",
              kind_word(record->kind));
}

static void add_key(struct text *out, const struct query_terms *terms,
                    const struct source_ledger *ledger, const struct missed_key *missed)
{
    const struct labels *labels = &terms->labels;
    const struct workload_key *key = &missed->key;
    const struct source_record *through = source_find(ledger, missed->source);
    text_addf(out, "%s{", kind_metrics(key->kind)->heartbeat);
    if (through != NULL && through->text[0] != '\0')
        text_addf(out, "%s,", through->text);
    if (terms->cluster_label[0] != '\0' && key->cluster[0] != '\0') {
        promql_add_equals(out, terms->cluster_label, key->cluster);
        text_add(out, ",");
    }
    promql_add_equals(out, labels_namespace(labels, key->kind, terms->namespace_label),
                      key->namespace_);
    text_add(out, ",");
    promql_add_equals(out, labels_name(labels, key->kind), key->name);
    text_add(out, "}");
}

/* More workloads of the selection than there are in the answer. */
static void add_more(struct text *out, const struct query_terms *terms,
                     const struct lacking *lacking, enum workload_kind kind)
{
    text_add(out, "count(count by(");
    if (terms->cluster_label[0] != '\0') {
        promql_add_label(out, terms->cluster_label);
        text_add(out, ",");
    }
    promql_add_identity(out, terms, kind);
    text_addf(out, ")(%s{", kind_metrics(kind)->heartbeat);
    promql_add_matchers(out, terms, lacking->selection, kind);
    text_add(out, ",");
    promql_add_label(out, labels_name(&terms->labels, kind)); /* rows without it are no row */
    text_addf(out, "!=\"\"}))>%zu", lacking->total[kind]);
}

static void add_shown(struct text *out, const struct query_terms *terms,
                      const struct canary *canary)
{
    promql_add_or(out, 0);
    promql_begin_mark(out);
    text_add(out, "count(");
    const size_t start = out->length;
    for (size_t i = 0; i < canary->missed->key_count; i++) {
        promql_add_or(out, start);
        add_key(out, terms, canary->ledger, &canary->missed->keys[i]);
    }
    for (size_t i = 0; i < canary->lacking_count; i++)
        for (int kind = 0; kind < KIND_COUNT; kind++)
            if ((canary->lacking[i].selection->kinds & KIND_BIT((enum workload_kind)kind)) != 0) {
                promql_add_or(out, start);
                add_more(out, terms, &canary->lacking[i], (enum workload_kind)kind);
            }
    text_add(out, ")");
    promql_end_mark(out, QUERY_SELECTION_LABEL, QUERY_SHOWN);
}

static void add_sources(struct text *out, const struct query_terms *terms,
                        const struct canary *canary)
{
    const size_t start = out->length;
    bool any = false;
    for (size_t i = 0; i < canary->missed->count; i++) {
        const struct source_record *record = source_find(canary->ledger, canary->missed->ids[i]);
        if (record == NULL || record->text[0] == '\0')
            continue;
        add_missed(out, terms, record);
        any = true;
    }
    if (any)
        add_shown(out, terms, canary);
    if (query_length(out, canary->in_address) > query_room(canary->in_address))
        text_cut(out, start);
}

bool query_canary(struct text *out, const struct query_terms *terms, const struct canary *canary)
{
    text_clear(out);
    for (int i = 0; i < KIND_COUNT; i++) {
        const enum workload_kind kind = (enum workload_kind)i;
        if ((canary->kinds & KIND_BIT(kind)) == 0)
            continue;
        promql_add_or(out, 0);
        promql_begin_mark(out);
        text_addf(out, "count(%s)", kind_metrics(kind)->heartbeat);
        promql_end_mark(out, QUERY_FIELD_LABEL, kind_word(kind));
    }
    add_sources(out, terms, canary);
    return !out->failed;
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
