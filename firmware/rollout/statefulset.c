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
static bool healthy(const struct counts *counts)
{
    return counts->replicas == counts->spec && counts->ready >= counts->spec &&
           counts->available >= counts->spec;
}

static bool complete(const struct scene *scene)
{
    return healthy(scene->counts) && scene->counts->updated >= scene->counts->target;
}

static bool complete_unconfirmed(const struct scene *scene)
{
    return complete(scene) && scene->unconfirmed;
}

/*
 * A pod that terminates counts in `replicas` and neither as old nor as updated; with one revision
 * old and updated are the same pods. With OnDelete there may be pods of a third revision for good
 * (an update that was taken back), so there one revision tells only in a set that was complete.
 */
static bool somebody_terminates(const struct scene *scene)
{
    const struct row *row = scene->row;
    if (row->current < 0 || row->current_revision == 0 || row->update_revision == 0)
        return false;
    if (row->current_revision != row->update_revision)
        return row->current + row->updated < row->replicas;
    return row->updated < row->replicas && (!scene->limits->on_delete || rule_settled_here(scene));
}

static bool draining(const struct scene *scene)
{
    return scene->counts->available >= scene->counts->spec && somebody_terminates(scene);
}

/* Not all are updated: it is not complete. */
static bool held(const struct scene *scene)
{
    bool waits = scene->limits->on_delete || scene->still_ms >= scene->limits->hold_after_ms;
    return waits && healthy(scene->counts);
}

static bool same_template(const struct scene *scene)
{
    const struct workload_memory *memory = scene->memory;
    return memory->settled && memory->settled_revision != 0 &&
           memory->settled_revision == scene->row->update_revision;
}

static bool lost_though_resized(const struct scene *scene)
{
    return same_template(scene) && rule_lost_though_resized(scene);
}

static bool scaled_since_settled(const struct scene *scene)
{
    return same_template(scene) &&
           (scene->memory->settled_spec != scene->counts->spec || rule_resized(scene));
}

static const struct rule rules[] = {
    {unobserved, {STATE_PROGRESSING, WHY_UNOBSERVED, FILL_EMPTY}},
    {rule_zero, {STATE_SCALED_TO_ZERO, WHY_ZERO, FILL_NONE}},
    {rule_zero_wanted, {STATE_PROGRESSING, WHY_SCALING, FILL_EMPTY}},
    {complete_unconfirmed, {STATE_UNKNOWN, WHY_CONFIRMING, FILL_NONE}},
    {complete, {STATE_STABLE, WHY_COMPLETE, FILL_FULL}},
    /* Old pods may take minutes to end, and are ready for as long as they do. */
    {draining, {STATE_PROGRESSING, WHY_DRAINING, FILL_PROVEN}},
    /* Nothing is wrong and nobody goes on: a partition that we were not told of, or OnDelete. */
    {held, {STATE_PAUSED, WHY_HELD, FILL_PROVEN}},
    {rule_settled_here, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {lost_though_resized, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {scaled_since_settled, {STATE_PROGRESSING, WHY_SCALING, FILL_PROVEN}},
    {rule_always, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
};

const struct kind kind_statefulset = {"StatefulSet", "StatefulSets", KUBE_STATE_METRICS,
                                      rules,         true,           true};
