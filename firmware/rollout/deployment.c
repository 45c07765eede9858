/*
 * Deployments. The order is that of `kubectl rollout status`: generation, deadline, counters. A
 * stable from here implies that kubectl says "successfully rolled out"; it is stricter where pods
 * of a scale-down are still there.
 */
#include "rollout/rules.h"

static bool gave_up(const struct scene *scene)
{
    return scene->row->reason == REASON_PROGRESS_DEADLINE_EXCEEDED;
}

static bool cannot_create(const struct scene *scene)
{
    return scene->row->reason == REASON_REPLICA_SET_CREATE_ERROR;
}

static bool not_progressing(const struct scene *scene)
{
    return scene->row->progressing == CONDITION_FALSE;
}

static bool complete(const struct scene *scene)
{
    const struct counts *counts = scene->counts;
    return counts->updated == counts->spec && counts->replicas == counts->spec &&
           counts->available >= counts->spec;
}

static bool paused(const struct scene *scene)
{
    return scene->row->paused > 0;
}

static bool paused_complete(const struct scene *scene)
{
    return paused(scene) && complete(scene);
}

static bool complete_unconfirmed(const struct scene *scene)
{
    return complete(scene) && scene->unconfirmed;
}

static bool rolling(const struct scene *scene)
{
    switch (scene->row->reason) {
    case REASON_NEW_REPLICA_SET_CREATED:
    case REASON_FOUND_NEW_REPLICA_SET:
    case REASON_REPLICA_SET_UPDATED:
    case REASON_DEPLOYMENT_RESUMED:
        return true;
    case REASON_NONE:
    case REASON_OTHER:
    case REASON_NEW_REPLICA_SET_AVAILABLE:
    case REASON_PROGRESS_DEADLINE_EXCEEDED:
    case REASON_REPLICA_SET_CREATE_ERROR:
    case REASON_DEPLOYMENT_PAUSED:
    case REASON_COUNT:
        break;
    }
    return scene->counts->old > 0;
}

static bool scaled_since_settled(const struct scene *scene)
{
    const struct workload_memory *memory = scene->memory;
    return memory->settled && rule_resized(scene) && !memory->saw_old;
}

static bool lost_though_resized(const struct scene *scene)
{
    return !scene->memory->saw_old && rule_lost_though_resized(scene);
}

static bool settled_before(const struct scene *scene)
{
    return scene->memory->settled;
}

static bool was_available(const struct scene *scene)
{
    return scene->row->reason == REASON_NEW_REPLICA_SET_AVAILABLE;
}

static bool was_available_same_size(const struct scene *scene)
{
    const struct counts *counts = scene->counts;
    return was_available(scene) && counts->updated == counts->spec &&
           counts->replicas == counts->spec;
}

static const struct rule rules[] = {
    /* The counters, and the conditions too, still speak of the spec before. */
    {rule_unobserved, {STATE_PROGRESSING, WHY_UNOBSERVED, FILL_EMPTY}},
    /* Before "paused", because the controller keeps these conditions while paused. Not sticky: the
       next observed progress takes them back. */
    {gave_up, {STATE_FAILED, WHY_DEADLINE, FILL_PROVEN}},
    {cannot_create, {STATE_FAILED, WHY_CREATE_ERROR, FILL_PROVEN}},
    {not_progressing, {STATE_FAILED, WHY_NOT_PROGRESSING, FILL_PROVEN}},
    /* Zero of zero is no ratio. */
    {rule_zero, {STATE_SCALED_TO_ZERO, WHY_ZERO, FILL_NONE}},
    {rule_zero_wanted, {STATE_PROGRESSING, WHY_SCALING, FILL_EMPTY}},
    {paused_complete, {STATE_PAUSED, WHY_PAUSED, FILL_FULL}},
    {paused, {STATE_PAUSED, WHY_PAUSED, FILL_PROVEN}},
    /* A torn scrape pairs a new generation with the counters of the old one. */
    {complete_unconfirmed, {STATE_UNKNOWN, WHY_CONFIRMING, FILL_NONE}},
    {complete, {STATE_STABLE, WHY_COMPLETE, FILL_FULL}},
    {rolling, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
    /* This very spec was complete: pods were lost, and the controller's deadline never fires. */
    {rule_settled_here, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {lost_though_resized, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    /* Another size and never an old pod: the template is the same. */
    {scaled_since_settled, {STATE_PROGRESSING, WHY_SCALING, FILL_PROVEN}},
    {settled_before, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
    /* Nothing is remembered, but the controller says that this template was complete once. */
    {was_available_same_size, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {was_available, {STATE_PROGRESSING, WHY_SCALING, FILL_PROVEN}},
    {rule_always, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
};

const struct kind kind_deployment = {"deployment", "deployments", KUBE_STATE_METRICS,
                                     rules,        false,         false};
