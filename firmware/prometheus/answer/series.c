#include "prometheus/answer/series.h"

#include "base/table.h"
#include "base/text.h"
#include "prometheus/promql/query.h"

#include <string.h>

ROWS_BEGIN(asides);
static const char *const asides[] = {
    ROW_AT(ASIDE_NAME) = "__name__",
    ROW_AT(ASIDE_FIELD) = QUERY_FIELD_LABEL,
    ROW_AT(ASIDE_SELECTION) = QUERY_SELECTION_LABEL,
    ROW_AT(ASIDE_CONDITION) = "condition",
    ROW_AT(ASIDE_STATUS) = "status",
    ROW_AT(ASIDE_REASON) = "reason",
    ROW_AT(ASIDE_REVISION) = "revision",
    ROW_AT(ASIDE_PHASE) = "phase",
    ROW_AT(ASIDE_STRATEGY) = "strategy",
    ROW_AT(ASIDE_TRAFFIC_ROUTER) = "traffic_router",
    ROW_AT(ASIDE_ASK) = QUERY_NONCE_LABEL,
};
ROWS_END(asides, ASIDE_COUNT);

const char *series_aside_name(enum aside aside)
{
    return asides[aside];
}

void series_clear(struct series *series)
{
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        series->aside[i] = NULL;
    series->count = 0;
    series->value = NULL;
    series->eval_ms = 0;
}

/* Prometheus sends them in order: one comparison each. False: it is there already. */
static bool insert(struct series *series, const char *name, const char *value)
{
    size_t at = series->count;
    int order = 1;
    while (at > 0 && (order = strcmp(name, series->labels[at - 1].name)) < 0) {
        series->labels[at] = series->labels[at - 1];
        at--;
    }
    series->labels[at] = (struct label){name, value};
    series->count++;
    return order != 0;
}

bool series_add(struct series *series, const char *name, const char *value)
{
    if (*value == '\0')
        return true;
    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        if (!text_same(name, asides[i]))
            continue;
        bool first = series->aside[i] == NULL;
        series->aside[i] = value;
        return first;
    }
    return series->count < SERIES_LABELS_MAX && insert(series, name, value);
}

void series_own(struct series *series, unsigned owned)
{
    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        if (series->aside[i] == NULL || (owned & ASIDE_BIT(i)) != 0)
            continue;
        insert(series, asides[i], series->aside[i]);
        series->aside[i] = NULL;
    }
}

int64_t evaluated_spread_ms(const struct evaluated *evaluated)
{
    return evaluated->newest_ms - evaluated->oldest_ms;
}

const char *series_label(const struct series *series, const char *name)
{
    for (size_t i = 0; i < series->count; i++)
        if (text_same(series->labels[i].name, name))
            return series->labels[i].value;
    return NULL;
}

uint64_t series_hash_labels(const struct series *series, uint64_t hash)
{
    for (size_t i = 0; i < series->count; i++)
        hash = hash_text(hash_text(hash, series->labels[i].name), series->labels[i].value);
    return hash;
}

/* Mixed, or the first letter could make up for which one it is. */
uint64_t series_hash_asides(const struct series *series, uint64_t hash)
{
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        if (series->aside[i] != NULL)
            hash = hash_text(hash_mix(hash + i), series->aside[i]);
    return hash;
}

int labels_compare(const struct label a[], size_t a_count, const struct label b[], size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        int order = strcmp(a[i].name, b[i].name);
        if (order == 0)
            order = strcmp(a[i].value, b[i].value);
        if (order != 0)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}
