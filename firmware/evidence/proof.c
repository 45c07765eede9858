#include "evidence/proof.h"

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

/* Of the source that was believed last; which one it is may not be known. */
static bool is_same_source(const struct proof *proof, const struct row *row)
{
    return proof->accepted && row->source_id != 0 && proof->source == row->source_id;
}

/* It is the sample that was accepted last. */
static bool is_known(const struct proof *proof, const struct row *row)
{
    return is_same_source(proof, row) && proof->sample_ms == row->sample_ms;
}

static int64_t age_of(const struct proof *proof, const struct sight *sight, const struct row *row)
{
    const struct answer_time of = {sight->eval_ms, sight->lag_ms, sight->now_ms, sight->clock};
    int64_t age_ms = evidence_age_ms(&of, row->sample_ms);
    int64_t known_ms = is_known(proof, row) ? sight->now_ms - proof->known_ms : 0;
    return age_ms > known_ms ? age_ms : known_ms; /* [N2 known] */
}

/* DOUBT_NONE: the row by itself may be believed. */
static enum doubt doubt_of(const struct proof *proof, const struct proof_limits *limits,
                           const struct sight *sight, const struct row *row)
{
    if (row->sample_ms == ROW_MISSING)
        return DOUBT_STALE;
    if (sight->eval_ms <= 0 || row->sample_ms > sight->eval_ms + EVIDENCE_ROUNDING_MS)
        return DOUBT_CLOCK; /* [N2 world] */
    int64_t age_ms = age_of(proof, sight, row);
    if (age_ms > limits->max_age_ms) /* [age] */
        return age_ms - sight->lag_ms > limits->max_age_ms ? DOUBT_STALE : DOUBT_CLOCK;
    return is_whole(row) ? DOUBT_NONE : DOUBT_PARTIAL;
}

/* New pods that must be available, were all old ones. */
static int64_t modesty(const struct row *row)
{
    int64_t replicas =
        row->key.kind == KIND_ROLLOUT ? row->available + row->unavailable : row->replicas;
    int64_t old = replicas > row->updated ? replicas - row->updated : 0;
    int64_t new = row->available - old;
    return new < row->updated ? new : row->updated;
}

/*
 * The newest truth wins; between equals the more modest one, so that a torn or lagging copy never
 * makes a bar fuller; between equals again, always the same one. Without a generation nothing says
 * which is newer: the worse one counts [W4].
 */
static bool is_better(const struct row *a, const struct row *b)
{
    bool is_argo = a->key.kind == KIND_ROLLOUT;
    if (is_argo && a->phase != b->phase)
        return phase_badness(a->phase) > phase_badness(b->phase);
    if (is_argo && modesty(a) != modesty(b))
        return modesty(a) < modesty(b);
    if (a->generation != b->generation)
        return a->generation > b->generation;
    if (a->observed != b->observed)
        return a->observed > b->observed;
    if (a->sample_ms != b->sample_ms)
        return a->sample_ms > b->sample_ms;
    if (modesty(a) != modesty(b))
        return modesty(a) < modesty(b);
    return a->source < b->source;
}

/* When the newest object of the name was created, of the rows that may be believed; else missing.
 */
static int64_t newest_created(const struct proof *proof, const struct proof_limits *limits,
                              const struct sight *sight)
{
    int64_t newest = ROW_MISSING;
    for (size_t i = 0; i < sight->count; i++) {
        const struct row *row = &sight->rows[i];
        if (!row->left_behind && row->created > newest &&
            doubt_of(proof, limits, sight, row) == DOUBT_NONE)
            newest = row->created;
    }
    return newest;
}

/* Another source has seen a newer object of the name, which this sample is too old to show. */
static bool predates(const struct row *row, int64_t created)
{
    return row->created >= 0 && row->created < created && row->sample_ms / 1000 <= created;
}

/* The one row to judge by; NULL, and `doubt` says why there is none. */
static const struct row *choose(const struct proof *proof, const struct proof_limits *limits,
                                const struct sight *sight, enum doubt *doubt)
{
    const struct row *best = NULL;
    const int64_t created = newest_created(proof, limits, sight);
    *doubt = DOUBT_STALE;
    for (size_t i = 0; i < sight->count; i++) {
        const struct row *row = &sight->rows[i];
        if (row->left_behind || predates(row, created))
            continue;
        enum doubt here = doubt_of(proof, limits, sight, row);
        if (here != DOUBT_NONE) {
            *doubt = here == DOUBT_STALE ? *doubt : here;
            continue;
        }
        if (row->created >= 0 && row->created != created) {
            *doubt = DOUBT_AMBIGUOUS;
            return NULL;
        }
        if (best == NULL || is_better(row, best))
            best = row;
    }
    if (best != NULL && best->deleting) {
        *doubt = DOUBT_DELETING;
        return NULL;
    }
    return best;
}

/* Deleted and created again under the same name. */
static bool is_another_object(const struct proof *proof, const struct row *row)
{
    return proof->accepted && proof->created >= 0 && row->created >= 0 &&
           proof->created != row->created;
}

static bool is_lower(const struct proof *proof, const struct row *row)
{
    if (row->generation != proof->generation)
        return row->generation < proof->generation;
    return row->observed < proof->observed;
}

/*
 * The second newer sample that is lower [N4]: of the source as before, of its successor, or of two
 * that agree. (Of two that are there together and do not, the higher one is chosen.)
 */
static bool is_lower_again(struct proof *proof, const struct row *row)
{
    if (row->source_id == 0 || row->sample_ms <= proof->sample_ms)
        return false;
    if (!proof->lower)
        proof->lower_ms = row->sample_ms;
    bool again = proof->lower && row->sample_ms > proof->lower_ms;
    proof->lower = true;
    return again;
}

/* May the verdict before stand once more? For two scrapes, and while it is young enough itself. */
static bool may_stand(struct proof *proof, const struct proof_limits *limits,
                      const struct sight *sight)
{
    if (!proof->lags)
        proof->lags_since_ms = sight->now_ms;
    proof->lags = true;
    int64_t most_ms = limits->max_age_ms;
    if (sight->step_ms > 0 && 2 * sight->step_ms < most_ms)
        most_ms = 2 * sight->step_ms;
    return sight->now_ms - proof->lags_since_ms <= most_ms && /* [N4 stands] */
           sight->now_ms - proof->truth_ms <= limits->max_age_ms;
}

/* What could stand instead must be young enough itself; else the row counts, as a first one does.
 */
static bool is_unconfirmed(const struct proof *proof, const struct proof_limits *limits,
                           const struct sight *sight, const struct row *row)
{
    if (!proof->accepted || sight->now_ms - proof->truth_ms > limits->max_age_ms)
        return false;
    if (proof->holding) /* [N5] */
        return row->sample_ms <= proof->sample_ms;
    return row->generation != proof->generation || row->observed != proof->observed;
}

/* The last ones first, each once. */
static void note_exporter(struct proof *proof, uint64_t source)
{
    uint64_t moving = source;
    for (size_t i = 0; i < PROOF_EXPORTERS_MAX && source != 0; i++) {
        uint64_t here = proof->exporters[i];
        proof->exporters[i] = moving;
        if (here == source)
            return;
        moving = here;
    }
}

bool proof_was_shown_by(const struct proof *proof, uint64_t source)
{
    for (size_t i = 0; i < PROOF_EXPORTERS_MAX; i++)
        if (proof->exporters[i] == source)
            return source != 0;
    return false;
}

static struct belief weigh_rows(struct proof *proof, const struct proof_limits *limits,
                                const struct sight *sight)
{
    struct belief belief = {.doubt = DOUBT_NONE};
    proof->absent = false;
    proof->misses = 0;
    for (size_t i = 0; i < sight->count; i++)
        note_exporter(proof, sight->rows[i].source_id);
    belief.row = choose(proof, limits, sight, &belief.doubt);
    if (belief.row == NULL)
        return belief;
    const struct row *row = belief.row;
    belief.doubt = DOUBT_NONE;
    belief.age_ms = age_of(proof, sight, row);
    belief.another = is_another_object(proof, row);
    bool lower = proof->accepted && is_lower(proof, row);
    bool older = proof->accepted && row->generation == proof->generation &&
                 row->observed == proof->observed && row->sample_ms < proof->sample_ms;
    if (!belief.another && (lower || older)) {
        belief.another = lower && is_lower_again(proof, row);
        if (!belief.another && may_stand(proof, limits, sight)) {
            belief.row = NULL;
            return belief;
        }
        belief.another = true; /* what was seen before is too old to stand against this */
    }
    belief.unconfirmed = !belief.another && is_unconfirmed(proof, limits, sight, row);
    return belief;
}

/*
 * Each scrape of the witness that lacks it counts once, however often it is asked about; and what
 * was scraped before it was last seen is no news of it. It is gone when a second one lacks it, too.
 */
static enum doubt miss(struct proof *proof, const struct proof_limits *limits,
                       const struct sight *sight)
{
    const bool dated = sight->witness_ms != ROW_MISSING;
    if (dated && proof->accepted && sight->witness_ms <= proof->sample_ms)
        return DOUBT_ABSENT;
    if (!proof->absent || !dated || sight->witness_ms > proof->missed_ms) {
        proof->misses++;
        proof->missed_ms = sight->witness_ms;
    }
    if (!proof->absent)
        proof->absent_since_ms = sight->now_ms;
    proof->absent = true;
    bool over = sight->now_ms - proof->absent_since_ms >= limits->forget_after_ms;
    return over && (!dated || proof->misses >= 2) ? DOUBT_GONE : DOUBT_ABSENT;
}

struct belief proof_weigh(struct proof *proof, const struct proof_limits *limits,
                          const struct sight *sight)
{
    struct belief belief = {.doubt = DOUBT_FETCH};
    switch (sight->kind) {
    case SIGHT_ROWS:
        return weigh_rows(proof, limits, sight);
    case SIGHT_FETCH_FAILED:
        break;
    case SIGHT_PARTIAL:
        belief.doubt = DOUBT_PARTIAL;
        break;
    case SIGHT_NO_DATA:
    case SIGHT_SOURCE_GONE:
        proof->absent = false; /* nobody is there to say that it is not */
        proof->misses = 0;
        belief.doubt = sight->kind == SIGHT_NO_DATA ? DOUBT_NO_DATA : DOUBT_SOURCE_GONE;
        break;
    case SIGHT_ABSENT:
        belief.doubt = miss(proof, limits, sight);
        belief.another = belief.doubt == DOUBT_GONE;
        break;
    }
    return belief;
}

void proof_accept(struct proof *proof, const struct belief *belief, const struct sight *sight,
                  bool holding)
{
    const struct row *row = belief->row;
    bool first = !proof->accepted;
    int64_t truth_ms = sight->now_ms - belief->age_ms;
    if (first || row->created >= 0)
        proof->created = row->created;
    if (first || !is_known(proof, row))
        proof->known_ms = sight->now_ms;
    proof->accepted = true;
    proof->holding = holding;
    proof->lower = proof->lags = false;
    proof->generation = row->generation;
    proof->observed = row->observed;
    proof->sample_ms = row->sample_ms;
    proof->source = row->source_id;
    proof->accepted_ms = sight->now_ms;
    if (!holding) /* else the verdict of an older row stands */
        proof->truth_ms = truth_ms;
}
