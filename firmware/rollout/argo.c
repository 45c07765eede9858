/*
 * Argo Rollouts. Their controller exports a phase, which decides, and no generation: a spec that it
 * has not seen yet is invisible to us.
 */
#include "rollout/rules.h"

static bool invalid_spec(const struct scene *scene)
{
    return scene->row->phase == PHASE_INVALID_SPEC;
}

static bool timed_out(const struct scene *scene)
{
    return scene->row->phase == PHASE_TIMEOUT;
}

static bool in_error(const struct scene *scene)
{
    return scene->row->phase == PHASE_ERROR;
}

static bool aborted(const struct scene *scene)
{
    return scene->row->phase == PHASE_ABORT;
}

static bool paused(const struct scene *scene)
{
    return scene->row->phase == PHASE_PAUSED;
}

static bool completed(const struct scene *scene)
{
    return scene->row->phase == PHASE_COMPLETED;
}

static bool completed_updated(const struct scene *scene)
{
    return completed(scene) && scene->counts->updated >= scene->counts->spec;
}

static bool completed_available(const struct scene *scene)
{
    return completed_updated(scene) && scene->counts->available >= scene->counts->spec;
}

static const struct rule rules[] = {
    {invalid_spec, {STATE_FAILED, WHY_INVALID_SPEC, FILL_PROVEN}},
    {timed_out, {STATE_FAILED, WHY_TIMEOUT, FILL_PROVEN}},
    {in_error, {STATE_FAILED, WHY_ERROR, FILL_PROVEN}},
    {aborted, {STATE_FAILED, WHY_ABORT, FILL_PROVEN}},
    {rule_zero, {STATE_SCALED_TO_ZERO, WHY_ZERO, FILL_NONE}},
    {rule_zero_wanted, {STATE_PROGRESSING, WHY_SCALING, FILL_EMPTY}},
    {paused, {STATE_PAUSED, WHY_PAUSED, FILL_PROVEN}},
    /* The old stack may stay for scaleDownDelaySeconds: more pods than wanted are fine here. */
    {completed_available, {STATE_STABLE, WHY_COMPLETE, FILL_FULL}},
    {completed_updated, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {completed, {STATE_PROGRESSING, WHY_SCALING, FILL_PROVEN}},
    /* With blueGreen all new pods are there at once: the bar waits below full for "Completed". */
    {rule_always, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
};

const struct kind kind_rollout = {"Argo Rollout", "Argo Rollouts", "the Argo Rollouts controller",
                                  rules,          false,           false};
