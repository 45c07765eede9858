/*
 * DaemonSets. spec is the number of nodes that should run a pod, so it changes without a new
 * generation as nodes come and go. With maxSurge only the oldest pod of a node is counted
 * (kubernetes pkg/controller/daemon): a stuck surge looks as OnDelete does, so OnDelete must be
 * known to us.
 */
#include "rollout/rules.h"

static bool complete(const struct scene *scene)
{
    return scene->counts->updated >= scene->counts->spec &&
           scene->counts->available >= scene->counts->spec;
}

static bool complete_unconfirmed(const struct scene *scene)
{
    return complete(scene) && scene->unconfirmed;
}

/* Not all are updated: it is not complete. */
static bool held(const struct scene *scene)
{
    return scene->limits->on_delete && scene->counts->available >= scene->counts->spec;
}

static bool nodes_changed(const struct scene *scene)
{
    return rule_settled_here(scene) && scene->memory->settled_spec != scene->counts->spec;
}

static bool lost_though_resized(const struct scene *scene)
{
    return rule_settled_here(scene) && rule_lost_though_resized(scene);
}

static const struct rule rules[] = {
    {rule_unobserved, {STATE_PROGRESSING, WHY_UNOBSERVED, FILL_EMPTY}},
    {rule_zero, {STATE_SCALED_TO_ZERO, WHY_ZERO, FILL_NONE}},
    {rule_zero_wanted, {STATE_PROGRESSING, WHY_SCALING, FILL_EMPTY}},
    {complete_unconfirmed, {STATE_UNKNOWN, WHY_CONFIRMING, FILL_NONE}},
    {complete, {STATE_STABLE, WHY_COMPLETE, FILL_FULL}},
    {held, {STATE_PAUSED, WHY_HELD, FILL_PROVEN}},
    {lost_though_resized, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {nodes_changed, {STATE_PROGRESSING, WHY_SCALING, FILL_PROVEN}},
    {rule_settled_here, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {rule_always, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
};

const struct kind kind_daemonset = {"DaemonSet", "DaemonSets", KUBE_STATE_METRICS,
                                    rules,       false,        true};
