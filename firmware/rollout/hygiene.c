#include "rollout/hygiene.h"

#include "rollout/levels.h"

#include <string.h>

/* Pod counts are int32 in Kubernetes's API (apps/v1 types.go); generations are int64. */
#define PODS_MAX INT32_MAX
#define FIELDS_MAX 8

struct requirement {
    size_t offset; /* in struct row; 0 ends a list (there stands the key) */
    int64_t max;
};

#define GENERATION(field)                      \
    {                                          \
        offsetof(struct row, field), INT64_MAX \
    }
#define PODS(field)                           \
    {                                         \
        offsetof(struct row, field), PODS_MAX \
    }

/* Without these nothing is concluded; all others may be missing (old exporters lack them). */
static const struct requirement requirements[KIND_COUNT][FIELDS_MAX] = {
    [KIND_DEPLOYMENT] = {GENERATION(generation), GENERATION(observed), PODS(spec), PODS(replicas),
                         PODS(updated), PODS(available)},
    [KIND_STATEFULSET] = {GENERATION(generation), GENERATION(observed), PODS(spec), PODS(replicas),
                          PODS(updated), PODS(available), PODS(ready)},
    [KIND_DAEMONSET] = {GENERATION(generation), GENERATION(observed), PODS(spec), PODS(replicas),
                        PODS(updated), PODS(available)},
    [KIND_ROLLOUT] = {PODS(spec), PODS(updated), PODS(available), PODS(unavailable)},
};

static bool is_whole(const struct row *row)
{
    if (row->key.kind == KIND_ROLLOUT && row->phase == PHASE_NONE)
        return false;
    const struct requirement *list = requirements[row->key.kind];
    for (size_t i = 0; i < FIELDS_MAX && list[i].offset != 0; i++) {
        int64_t value;
        memcpy(&value, (const char *)row + list[i].offset, sizeof value);
        if (value < 0 || value > list[i].max)
            return false;
    }
    return true;
}

/* Against the evaluation time: the board's own clock may be wrong. */
static bool is_fresh(const struct row *row, const struct sight *sight, const struct limits *limits)
{
    return row->sample_ms >= sight->eval_ms - limits->max_age_ms;
}

/*
 * The newest truth wins; between equals the more modest one, so that a torn or lagging copy never
 * makes a bar fuller; between equals again, always the same one.
 */
static bool is_better(const struct row *a, const struct row *b, const struct limits *limits)
{
    if (a->generation != b->generation)
        return a->generation > b->generation;
    if (a->observed != b->observed)
        return a->observed > b->observed;
    if (a->sample_ms != b->sample_ms)
        return a->sample_ms > b->sample_ms;
    double p_a = levels_of(a, limits).p;
    double p_b = levels_of(b, limits).p;
    if (p_a < p_b || p_b < p_a)
        return p_a < p_b;
    return a->source < b->source;
}

const struct row *hygiene_choose(const struct sight *sight, const struct limits *limits,
                                 enum why *refused)
{
    const struct row *best = NULL;
    int64_t created = ROW_MISSING;
    *refused = WHY_STALE;
    for (size_t i = 0; i < sight->count; i++) {
        const struct row *row = &sight->rows[i];
        if (!is_fresh(row, sight, limits))
            continue;
        if (!is_whole(row)) {
            *refused = WHY_PARTIAL;
            continue;
        }
        if (row->created >= 0 && created >= 0 && row->created != created) {
            *refused = WHY_AMBIGUOUS;
            return NULL;
        }
        if (row->created >= 0)
            created = row->created;
        if (best == NULL || is_better(row, best, limits))
            best = row;
    }
    if (best != NULL && best->deleting) {
        *refused = WHY_DELETING;
        return NULL;
    }
    return best;
}
