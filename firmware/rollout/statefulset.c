/*
 * StatefulSets. There is no deadline and neither partition nor strategy is exported, so a set that
 * stands still in good health is told from one that is stuck. The current revision has no say in
 * "complete": with a partition, or OnDelete before kubernetes pull request 136833, it never
 * follows.
 */
#include "rollout/rules.h"

static bool unobserved(const struct scene *scene)
{
    return scene->row->observed == 0 || rule_unobserved(scene);
}

/* As many pods as wanted, each of them ready and available. */
static bool healthy(const struct levels *levels)
{
    return levels->replicas == levels->spec && levels->ready >= levels->spec &&
           levels->available >= levels->spec;
}

static bool complete(const struct scene *scene)
{
    return healthy(scene->levels) && scene->levels->updated >= scene->levels->target;
}

static bool complete_unconfirmed(const struct scene *scene)
{
    return complete(scene) && scene->unconfirmed;
}

static bool held(const struct scene *scene)
{
    bool waits = scene->limits->on_delete || scene->still_ms >= scene->limits->hold_after_ms;
    return waits && healthy(scene->levels) && scene->levels->updated < scene->levels->target;
}

static bool scaled_since_settled(const struct scene *scene)
{
    const struct workload_memory *memory = scene->memory;
    return memory->settled && memory->settled_revision != 0 &&
           memory->settled_revision == scene->row->update_revision &&
           memory->settled_spec != scene->levels->spec;
}

const struct rule statefulset_rules[] = {
    {unobserved, {STATE_PROGRESSING, WHY_UNOBSERVED, FILL_EMPTY}},
    {rule_zero, {STATE_SCALED_TO_ZERO, WHY_ZERO, FILL_NONE}},
    {rule_zero_wanted, {STATE_PROGRESSING, WHY_SCALING, FILL_EMPTY}},
    {complete_unconfirmed, {STATE_UNKNOWN, WHY_CONFIRMING, FILL_NONE}},
    {complete, {STATE_STABLE, WHY_COMPLETE, FILL_FULL}},
    /* Nothing is wrong and nobody goes on: a partition that we were not told of, or OnDelete. */
    {held, {STATE_PAUSED, WHY_HELD, FILL_PROVEN}},
    {rule_settled_here, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {scaled_since_settled, {STATE_PROGRESSING, WHY_SCALING, FILL_PROVEN}},
    {rule_always, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
};
