/*
 * One series of an answer: its labels in order, those apart that tell the values of one source from
 * each other. The strings belong to the answer.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_SERIES_H
#define AMBERBAR_PROMETHEUS_ANSWER_SERIES_H

#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIES_LABELS_MAX 128 /* Mimir and VictoriaMetrics store at most 30 and 40 by default */

/* Labels that are no part of a source, on the series that owns them. */
enum aside {
    ASIDE_NAME, /* __name__ */
    ASIDE_FIELD,
    ASIDE_SELECTION,
    ASIDE_CONDITION,
    ASIDE_STATUS,
    ASIDE_REASON,
    ASIDE_REVISION,
    ASIDE_PHASE,
    ASIDE_STRATEGY,
    ASIDE_TRAFFIC_ROUTER,
    ASIDE_ASK, /* the nonce that the question had */
    ASIDE_COUNT
};
#define ASIDE_BIT(aside) (1u << (unsigned)(aside))

struct label {
    const char *name;
    const char *value;
};

struct series {
    const char *aside[ASIDE_COUNT];                       /* NULL: absent */
    struct label labels[SERIES_LABELS_MAX + ASIDE_COUNT]; /* the others, ordered by name */
    size_t count;
    const char *value; /* the sample's text; NULL: it has none that can be used */
    int64_t eval_ms;   /* the sample's time */
};

/* When the series of an answer were evaluated: in Prometheus's own all at one moment. What merges
   or repeats answers may put together series of several. 0: none says it. */
struct evaluated {
    int64_t oldest_ms, newest_ms;
};

/* Of each series; nearly all say the same. */
static inline void series_note_time(const struct series *series, struct evaluated *evaluated)
{
    if (series->value == NULL || series->eval_ms == evaluated->newest_ms)
        return;
    if (evaluated->oldest_ms == 0 || series->eval_ms < evaluated->oldest_ms)
        evaluated->oldest_ms = series->eval_ms;
    if (series->eval_ms > evaluated->newest_ms)
        evaluated->newest_ms = series->eval_ms;
}

int64_t evaluated_spread_ms(const struct evaluated *evaluated);

const char *series_aside_name(enum aside aside); /* the label's name */

void series_clear(struct series *series);

/* False when the label is there already, or when there are too many. An empty value is no label. */
bool series_add(struct series *series, const char *name, const char *value);

/*
 * Makes ordinary labels of those that are aside but not in `owned` (ASIDE_BIT of each): on a series
 * that has no such label by itself it is one of the target, and tells sources apart.
 */
void series_own(struct series *series, unsigned owned);

/* NULL when absent. Looks among the ordered labels only. */
const char *series_label(const struct series *series, const char *name);

uint64_t series_hash_labels(const struct series *series, uint64_t hash);
uint64_t series_hash_asides(const struct series *series, uint64_t hash);

/* Orders two lists of labels, each ordered by name, as Prometheus orders label sets. */
int labels_compare(const struct label a[], size_t a_count, const struct label b[], size_t b_count);

#endif
