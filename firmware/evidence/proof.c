#include "evidence/proof.h"

#include "evidence/choice.h"
#include "evidence/lacks.h"

#include <string.h>

/* Of the source that was believed last; which one it is may not be known. */
static bool is_same_source(const struct proof *proof, const struct row *row)
{
    return proof->accepted && row->source_id != 0 && proof->source == row->source_id;
}

/* It is the sample that was accepted last. */
bool proof_knows(const struct proof *proof, const struct row *row)
{
    return is_same_source(proof, row) && proof->sample_ms == row->sample_ms;
}

/* NULL: it has not shown the workload. */
const struct pace *proof_pace(const struct proof *proof, uint64_t source)
{
    for (size_t i = 0; source != 0 && i < PROOF_EXPORTERS_MAX; i++)
        if (proof->exporters[i] == source)
            return &proof->paces[i];
    return NULL;
}

int64_t proof_step_ms(const struct proof *proof, uint64_t source)
{
    const struct pace *pace = proof_pace(proof, source);
    if (pace == NULL)
        return 0;
    return pace->step_ms > pace->before_ms ? pace->step_ms : pace->before_ms;
}

/* Deleted and created again under the same name. */
static bool is_another_object(const struct proof *proof, const struct row *row)
{
    return proof->accepted && proof->created >= 0 && row->created >= 0 &&
           proof->created != row->created;
}

static bool is_lower(const struct proof *proof, const struct row *row)
{
    return height_is_lower(row->generation, row->observed, proof->generation, proof->observed);
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
    const int64_t lags_ms = sight->now_ms - proof->lags_since_ms; /* [N4 stands] */
    return (sight->step_ms == 0 || lags_ms <= 2 * sight->step_ms) &&
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

static int32_t capped(int64_t value)
{
    return value < INT32_MAX ? (int32_t)value : INT32_MAX;
}

/* Is what a source showed last lower than that? */
static bool is_under(const struct pace *pace, int64_t generation, int64_t observed)
{
    return height_is_lower(pace->generation, pace->observed, capped(generation), capped(observed));
}

/* `high`: what has been shown of the workload, before. */
static void note_pace(struct pace *pace, const struct row *row, const struct height *high)
{
    const struct pace before = *pace;
    if (row->sample_ms <= before.sample_ms)
        return;
    *pace = (struct pace){.sample_ms = row->sample_ms,
                          .generation = capped(row->generation),
                          .observed = capped(row->observed),
                          .since_ms = before.since_ms,
                          .done_ms = choice_is_bad_news(row) ? 0 : row->sample_ms,
                          .beside = before.beside};
    const bool same = pace->generation == before.generation && pace->observed == before.observed;
    if (same && pace->done_ms > 0 && before.done_ms > 0)
        pace->done_ms = before.done_ms;
    if (before.sample_ms <= 0)
        return;
    pace->before_ms = before.step_ms;
    pace->step_ms = capped(row->sample_ms - before.sample_ms);
    const bool sinks = is_under(pace, before.generation, before.observed);
    pace->sank = sinks || (before.sank && is_under(pace, high->generation, high->observed));
    pace->fell = sinks && !is_under(&before, high->generation, high->observed);
}

/* The last ones first, each once. */
static void note_exporter(struct proof *proof, const struct row *row, bool beside, int64_t now_ms)
{
    const uint64_t source = row->source_id;
    size_t place = 0;
    if (source == 0)
        return;
    while (place < PROOF_EXPORTERS_MAX - 1 && proof->exporters[place] != source)
        place++;
    struct pace pace = {.since_ms = now_ms};
    if (proof->exporters[place] == source)
        pace = proof->paces[place];
    for (; place > 0; place--) {
        proof->exporters[place] = proof->exporters[place - 1];
        proof->paces[place] = proof->paces[place - 1];
    }
    note_pace(&pace, row, &proof->twins.high);
    pace.beside |= beside;
    proof->exporters[0] = source;
    proof->paces[0] = pace;
}

bool proof_was_shown_by(const struct proof *proof, uint64_t source)
{
    return proof_pace(proof, source) != NULL;
}

/* The believed source is gone, and beside it this one was as low as it is: it stands still. */
static bool stands_still(const struct proof *proof, const struct choice *choice)
{
    const struct pace *pace = proof_pace(proof, choice->row->source_id);
    return !choice->hears_last && !proof->lower && pace != NULL && pace->beside && !pace->sank;
}

/* What is needed and no row has. */
static unsigned shared_lacks(const struct sight *sight)
{
    unsigned lacks = LACKS_ALL;
    for (size_t i = 0; i < sight->count; i++)
        lacks &= lacks_of_row(&sight->rows[i]);
    return lacks_needed(sight->rows[0].key.kind, lacks);
}

static struct belief weigh_rows(struct proof *proof, const struct proof_limits *limits,
                                const struct sight *sight)
{
    struct belief belief = {.doubt = DOUBT_NONE};
    proof->absent = false;
    proof->misses = 0;
    for (size_t i = 0; i < sight->count; i++)
        note_exporter(proof, &sight->rows[i], sight->count > 1, sight->now_ms);
    const struct choice choice = choice_make(proof, limits, sight);
    const struct row *row = choice.row;
    if (choice.doubt == DOUBT_SOURCE_GONE)
        proof->lost = choice.lost;
    proof->lacks = choice.doubt == DOUBT_PARTIAL ? shared_lacks(sight) : 0;
    belief.doubt = choice.doubt;
    if (row == NULL || (proof->accepted && choice.waits && may_stand(proof, limits, sight)))
        return belief;
    belief.row = row;
    belief.age_ms = choice.age_ms;
    belief.another = is_another_object(proof, row);
    bool lower = proof->accepted && is_lower(proof, row);
    bool older = proof->accepted && row->generation == proof->generation &&
                 row->observed == proof->observed && choice.newest_ms < proof->sample_ms;
    if (!belief.another && (lower || older)) {
        const bool still = lower && stands_still(proof, &choice);
        belief.another = lower && !still && is_lower_again(proof, row);
        const bool stands = !belief.another && may_stand(proof, limits, sight);
        if (stands || still) {
            belief.row = NULL;
            belief.doubt = stands ? DOUBT_NONE : DOUBT_SOURCE_GONE;
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
    proof->lost = 0;
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

uint64_t proof_missed_source(const struct proof *proof)
{
    return proof->lost != 0 ? proof->lost : proof->source;
}

void proof_forget_rivals(struct proof *proof)
{
    proof->rivals[0] = proof->rivals[1] = 0;
    proof->rival_count = 0;
}

void proof_forget(struct proof *proof)
{
    struct proof kept = {.twins = proof->twins,
                         .rivals = {proof->rivals[0], proof->rivals[1]},
                         .rival_count = proof->rival_count,
                         .crowded = proof->crowded,
                         .absent = proof->absent,
                         .misses = proof->misses,
                         .missed_ms = proof->missed_ms,
                         .absent_since_ms = proof->absent_since_ms};
    memcpy(kept.exporters, proof->exporters, sizeof kept.exporters);
    memcpy(kept.paces, proof->paces, sizeof kept.paces);
    *proof = kept;
}

void proof_accept(struct proof *proof, const struct belief *belief, const struct sight *sight,
                  bool holding)
{
    const struct row *row = belief->row;
    bool first = !proof->accepted;
    int64_t truth_ms = sight->now_ms - belief->age_ms;
    if (first || row->created >= 0)
        proof->created = row->created;
    if (first || !proof_knows(proof, row))
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
