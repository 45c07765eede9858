#include "rollout/workload.h"

#include "rollout/change.h"
#include "rollout/hygiene.h"
#include "rollout/levels.h"
#include "rollout/proof.h"
#include "rollout/rules.h"
#include "rollout/stall.h"

const struct limits limits_default = {
    .stall_after_ms = 600000,
    .stall_after_failure_ms = 60000,
    .max_age_ms = 90000,
    .forget_after_ms = 90000,
    .hold_after_ms = 60000,
    .degraded_after_ms = 30000,
};

static const struct rule *const rules_of[KIND_COUNT] = {
    [KIND_DEPLOYMENT] = deployment_rules,
    [KIND_STATEFULSET] = statefulset_rules,
    [KIND_DAEMONSET] = daemonset_rules,
    [KIND_ROLLOUT] = argo_rules,
};

/*
 * Absence is only concluded while others of the kind are visible. What is remembered survives
 * everything but absence for forget_after_ms: one scrape may miss an object
 * (kube-state-metrics' relist), one poll may miss the whole exporter.
 */
static enum why miss(struct workload_memory *memory, const struct limits *limits,
                     const struct sight *sight)
{
    switch (sight->kind) {
    case SIGHT_FETCH_FAILED:
        return WHY_FETCH;
    case SIGHT_ROWS:
    case SIGHT_PARTIAL:
        return WHY_PARTIAL;
    case SIGHT_NO_DATA:
        memory->absent = false;
        return WHY_NO_DATA;
    case SIGHT_ABSENT:
        break;
    }
    if (!memory->absent) {
        memory->absent = true;
        memory->absent_since_ms = sight->now_ms;
    }
    if (sight->now_ms - memory->absent_since_ms < limits->forget_after_ms)
        return WHY_ABSENT;
    *memory = (struct workload_memory){.absent = true, .absent_since_ms = memory->absent_since_ms};
    return WHY_GONE;
}

/* Deleted and created again under the same name. */
static bool is_another_object(const struct workload_memory *memory, const struct row *row)
{
    return memory->accepted && memory->created >= 0 && row->created >= 0 &&
           memory->created != row->created;
}

/* A second exporter or a second Prometheus that has not seen what we have seen already. */
static bool is_behind(const struct workload_memory *memory, const struct row *row)
{
    if (!memory->accepted)
        return false;
    if (row->generation != memory->generation)
        return row->generation < memory->generation;
    if (row->observed != memory->observed)
        return row->observed < memory->observed;
    return row->sample_ms < memory->sample_ms;
}

/*
 * kube-state-metrics (2.14 on) writes a scrape family by family while its store changes, so
 * counters can be older than the generations beside them. "Complete" is therefore believed only of
 * a (generation, observed) that has stood before, or of a sample newer than the first complete one.
 * The very first row of all has nothing before it that could stand instead.
 */
static bool is_unconfirmed(const struct workload_memory *memory, const struct row *row)
{
    if (!memory->accepted)
        return false;
    if (row->generation != memory->generation || row->observed != memory->observed)
        return true;
    return memory->holding && row->sample_ms == memory->sample_ms;
}

static struct verdict repeat(const struct workload_memory *memory, enum why why)
{
    struct verdict verdict = memory->last;
    verdict.why = why;
    return verdict;
}

static struct verdict verdict_of(const struct finding *finding, const struct scene *scene)
{
    const struct levels *levels = scene->levels;
    const double fills[][2] = {
        [FILL_NONE] = {P_NONE, P_NONE},
        [FILL_EMPTY] = {0.0, 0.0},
        [FILL_PROVEN] = {levels->p, levels->q},
        [FILL_FULL] = {1.0, 1.0},
    };
    return (struct verdict){
        .state = finding->state,
        .why = finding->why,
        .p = fills[finding->fill][0],
        .q = fills[finding->fill][1],
        .replicas = levels->replicas,
        .updated = levels->updated,
        .available = levels->available,
        .spec = levels->spec,
        .terminating = scene->row->terminating,
        .new_available = finding->fill == FILL_EMPTY ? 0 : levels->new_available,
        .target = levels->target,
        .cannot_create = scene->row->replica_failure,
        .partition_moved = levels->partition_moved,
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
static void notice(struct workload_memory *memory, const struct levels *levels,
                   const struct change *change)
{
    memory->saw_old |= levels->old > 0;
    memory->renewed |= change->renewed;
    memory->resized |= levels->spec != memory->settled_spec;
}

/*
 * Pods that were lost a moment ago are no alarm yet: one eviction in twenty pods is daily life.
 * They stay lost, and the clock goes on, while the size changes around them.
 */
static bool is_calm(struct workload_memory *memory, const struct limits *limits,
                    const struct verdict *verdict, int64_t now_ms)
{
    bool degraded = verdict->state == STATE_DEGRADED;
    bool resizes = verdict->why == WHY_SCALING || verdict->why == WHY_DRAINING;
    if (degraded && !memory->lost)
        memory->lost_ms = now_ms;
    memory->lost = degraded || (memory->lost && resizes);
    return degraded && now_ms - memory->lost_ms < limits->degraded_after_ms;
}

static void remember(struct workload_memory *memory, const struct row *row,
                     const struct verdict *verdict, int64_t now_ms)
{
    bool holding = verdict->why == WHY_CONFIRMING;
    if (!holding && (verdict->state == STATE_STABLE || verdict->state == STATE_SCALED_TO_ZERO))
        settle(memory, row);
    if (!memory->accepted || row->created >= 0)
        memory->created = row->created;
    memory->accepted = true;
    memory->holding = holding;
    memory->generation = row->generation;
    memory->observed = row->observed;
    memory->sample_ms = row->sample_ms;
    memory->accepted_ms = now_ms;
    memory->last = *verdict;
}

static struct verdict accept(struct workload_memory *memory, const struct limits *limits,
                             const struct row *row, int64_t now_ms)
{
    struct levels levels = levels_of(row, limits);
    bool unconfirmed = is_unconfirmed(memory, row);
    const struct change change = change_take(memory, row);
    stall_observe(memory, &change, &levels, now_ms);
    proof_keep(memory, limits, row, &levels);
    notice(memory, &levels, &change);

    struct scene scene = {.row = row,
                          .levels = &levels,
                          .limits = limits,
                          .memory = memory,
                          .unconfirmed = unconfirmed,
                          .still_ms = stall_still_ms(memory, now_ms)};
    struct finding finding = rules_decide(rules_of[row->key.kind], &scene);
    bool stalls = finding.state == STATE_PROGRESSING && finding.why != WHY_DRAINING &&
                  stall_is_over(memory, limits, row, now_ms);
    if (stalls)
        finding.state = STATE_STALLED;
    struct verdict verdict = finding.why == WHY_CONFIRMING ? repeat(memory, WHY_CONFIRMING)
                                                           : verdict_of(&finding, &scene);
    verdict.calm = is_calm(memory, limits, &verdict, now_ms);
    remember(memory, row, &verdict, now_ms);
    return verdict;
}

struct verdict workload_judge(struct workload_memory *memory, const struct limits *limits,
                              const struct sight *sight)
{
    if (sight->kind != SIGHT_ROWS)
        return verdict_unknown(miss(memory, limits, sight));
    memory->absent = false;

    enum why refused;
    const struct row *row = hygiene_choose(sight, limits, &refused);
    if (row == NULL)
        return verdict_unknown(refused);
    bool is_new = is_another_object(memory, row);
    if (!is_new && is_behind(memory, row)) {
        if (sight->now_ms - memory->accepted_ms <= limits->max_age_ms)
            return repeat(memory, WHY_LAGGING);
        is_new = true; /* what was seen before is too old to stand against this */
    }
    if (is_new)
        *memory = (struct workload_memory){0};
    return accept(memory, limits, row, sight->now_ms);
}
