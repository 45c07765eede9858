#include "rollout/workload.h"

#include "base/table.h"
#include "rollout/change.h"
#include "rollout/counts.h"
#include "rollout/credit.h"
#include "rollout/kind.h"
#include "rollout/rules.h"
#include "rollout/stall.h"

#include <string.h>

const struct limits limits_default = {
    .stall_after_ms = 600000,
    .stall_after_failure_ms = 60000,
    .max_age_ms = 90000,
    .forget_after_ms = 90000,
    .hold_after_ms = 60000,
    .degraded_after_ms = 30000,
};

/* Do both want the same pods to be new? */
static bool same_wish(const struct limits *a, const struct limits *b)
{
    return a->partition == b->partition && a->on_delete == b->on_delete;
}

bool limits_same(const struct limits *a, const struct limits *b)
{
    return a->stall_after_ms == b->stall_after_ms &&
           a->stall_after_failure_ms == b->stall_after_failure_ms &&
           a->max_age_ms == b->max_age_ms && a->forget_after_ms == b->forget_after_ms &&
           a->hold_after_ms == b->hold_after_ms && a->degraded_after_ms == b->degraded_after_ms &&
           same_wish(a, b);
}

enum why why_of_doubt(enum doubt doubt)
{
    switch (doubt) {
        ROW(DOUBT_UNPROVEN, WHY_UNPROVEN);
        ROW(DOUBT_REPEATED, WHY_FETCH);
        ROW(DOUBT_FETCH, WHY_FETCH);
        ROW(DOUBT_NO_DATA, WHY_NO_DATA);
        ROW(DOUBT_ABSENT, WHY_ABSENT);
        ROW(DOUBT_GONE, WHY_GONE);
        ROW(DOUBT_SOURCE_GONE, WHY_SOURCE_GONE);
        ROW(DOUBT_STALE, WHY_STALE);
        ROW(DOUBT_CLOCK, WHY_CLOCK);
        ROW(DOUBT_PARTIAL, WHY_PARTIAL);
        ROW(DOUBT_COUNTS, WHY_COUNTS);
        ROW(DOUBT_AMBIGUOUS, WHY_AMBIGUOUS);
        ROW(DOUBT_DELETING, WHY_DELETING);
        ROW(DOUBT_NONE, WHY_NOT_ASKED);
    }
    NO_OTHER_ROW;
}

static struct verdict repeat(const struct workload_memory *memory, enum why why)
{
    struct verdict verdict = memory->last;
    verdict.why = why;
    return verdict;
}

static double level_of(enum fill fill, double proven)
{
    switch (fill) {
        ROW(FILL_NONE, P_NONE);
        ROW(FILL_EMPTY, 0.0);
        ROW(FILL_PROVEN, proven);
        ROW(FILL_FULL, 1.0);
    }
    NO_OTHER_ROW;
}

static struct verdict verdict_of(const struct finding *finding, const struct scene *scene)
{
    const struct counts *counts = scene->counts;
    return (struct verdict){
        .state = finding->state,
        .why = finding->why,
        .p = level_of(finding->fill, counts->p),
        .q = level_of(finding->fill, counts->q),
        .replicas = counts->replicas,
        .updated = counts->updated,
        .available = counts->available,
        .spec = counts->spec,
        .terminating = scene->row->terminating,
        .new_available = finding->fill == FILL_EMPTY ? 0 : counts->new_available,
        .target = counts->target,
        .cannot_create = scene->row->replica_failure,
        .partition_moved = counts->partition_moved,
    };
}

static void settle(struct workload_memory *memory, const struct row *row)
{
    memory->settled = true;
    memory->settled_generation = row->generation;
    memory->settled_spec = row->spec;
    memory->settled_revision = row->update_revision;
    memory->saw_old = memory->renewed = memory->resized = false;
}

/* What has happened since the workload was last settled. */
static void notice(struct workload_memory *memory, const struct counts *counts,
                   const struct change *change)
{
    memory->saw_old |= counts->old > 0;
    memory->renewed |= change->renewed;
    memory->resized |= counts->spec != memory->settled_spec;
}

/*
 * Pods that were lost a moment ago are no alarm yet: one eviction in twenty pods is daily life.
 * They stay lost, and the clock goes on, while the size changes around them.
 */
static bool is_calm(struct workload_memory *memory, const struct limits *limits,
                    const struct verdict *verdict, int64_t now_ms)
{
    bool loses = state_is(verdict->state, STATE_LOSES);
    bool resizes = why_is(verdict->why, WHYS_RESIZING);
    if (loses && !memory->lost)
        memory->lost_ms = now_ms;
    memory->lost = loses || (memory->lost && resizes);
    return loses && now_ms - memory->lost_ms < limits->degraded_after_ms;
}

static void remember(struct workload_memory *memory, const struct row *row,
                     const struct verdict *verdict)
{
    if (verdict->why != WHY_CONFIRMING && state_is(verdict->state, STATE_SETTLED))
        settle(memory, row);
    memory->last = *verdict;
}

static struct verdict accept(struct workload_memory *memory, const struct limits *limits,
                             const struct belief *belief, int64_t now_ms)
{
    const struct row *row = belief->row;
    struct counts counts = counts_of(row, limits);
    const struct change change = change_take(memory, row);
    stall_observe(memory, &change, &counts, now_ms);
    credit_keep(memory, limits, row, &counts);
    notice(memory, &counts, &change);

    struct scene scene = {.row = row,
                          .counts = &counts,
                          .limits = limits,
                          .memory = memory,
                          .unconfirmed = belief->unconfirmed,
                          .still_ms = stall_still_ms(memory, now_ms)};
    struct finding finding = rules_decide(kind_of(row->key.kind)->rules, &scene);
    bool stalls = state_is(finding.state, STATE_MOVES) && !why_is(finding.why, WHYS_PATIENT) &&
                  stall_is_over(memory, limits, row, now_ms);
    if (stalls)
        finding.state = STATE_STALLED;
    struct verdict verdict = finding.why == WHY_CONFIRMING ? repeat(memory, WHY_CONFIRMING)
                                                           : verdict_of(&finding, &scene);
    verdict.calm = is_calm(memory, limits, &verdict, now_ms);
    remember(memory, row, &verdict);
    return verdict;
}

/* The verdict before stands; how long pods have been lost goes on meanwhile. */
static struct verdict stand(struct workload_memory *memory, const struct limits *limits,
                            enum why why, int64_t now_ms)
{
    struct verdict verdict = repeat(memory, why);
    verdict.calm = verdict.calm && is_calm(memory, limits, &verdict, now_ms);
    return verdict;
}

/* A selector's find that a scrape lacks for the first time: what was known stands until the next.
 */
static bool stands_once_more(const struct workload_memory *memory, const struct limits *limits,
                             const struct sight *sight, enum doubt doubt)
{
    return doubt == DOUBT_ABSENT && sight->found && memory->proof.misses < 2 &&
           memory->proof.accepted &&
           (!state_is(memory->last.state, STATE_SETTLED) ||
            sight->now_ms - memory->proof.truth_ms <= limits->max_age_ms);
}

struct verdict workload_judge(struct workload_memory *memory, const struct limits *limits,
                              const struct sight *sight)
{
    const struct proof_limits patience = {limits->max_age_ms, limits->forget_after_ms};
    struct belief belief = proof_weigh(&memory->proof, &patience, sight);
    if (belief.another) {
        struct proof kept = memory->proof;
        proof_forget(&kept);
        *memory = (struct workload_memory){.proof = kept};
    }
    if (stands_once_more(memory, limits, sight, belief.doubt))
        return stand(memory, limits, WHY_CONFIRMING, sight->now_ms);
    if (belief.doubt != DOUBT_NONE)
        return verdict_unknown(why_of_doubt(belief.doubt));
    if (belief.row == NULL)
        return stand(memory, limits, WHY_LAGGING, sight->now_ms);
    struct verdict verdict = accept(memory, limits, &belief, sight->now_ms);
    proof_accept(&memory->proof, &belief, sight, verdict.why == WHY_CONFIRMING);
    return verdict;
}

void workload_relimit(struct workload_memory *memory, const struct limits *before,
                      const struct limits *after)
{
    if (!same_wish(before, after))
        *memory = (struct workload_memory){.proof = memory->proof};
    if (stall_rests(memory)) /* as the next row would see */
        memory->marked = false;
    memory->last = verdict_unknown(WHY_NOT_ASKED);
}
