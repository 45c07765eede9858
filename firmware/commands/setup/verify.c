#include "commands/setup/verify.h"

#include <math.h>
#include <string.h>

static bool same_rollout(const struct rollout_settings *a, const struct rollout_settings *b)
{
    return strcmp(a->name, b->name) == 0 && a->kinds == b->kinds &&
           strcmp(a->namespace_, b->namespace_) == 0 && strcmp(a->cluster, b->cluster) == 0 &&
           strcmp(a->workload, b->workload) == 0 && strcmp(a->query, b->query) == 0 &&
           a->weighting == b->weighting && a->strategy == b->strategy &&
           a->max_workloads == b->max_workloads && limits_same(&a->limits, &b->limits);
}

/* As far as six digits say it, which is how thresholds are written. */
static bool same_number(double a, double b)
{
    return fabs(a - b) <= 1e-5 * fabs(b);
}

static bool same_indicator(const struct indicator_settings *a, const struct indicator_settings *b)
{
    bool same = strcmp(a->name, b->name) == 0 && strcmp(a->query, b->query) == 0 &&
                strcmp(a->cluster, b->cluster) == 0 &&
                same_number(a->limits.warning, b->limits.warning) &&
                same_number(a->limits.critical, b->limits.critical) &&
                a->limits.for_ms == b->limits.for_ms && a->limits.grace_ms == b->limits.grace_ms &&
                a->poll_interval_ms == b->poll_interval_ms &&
                a->explained_by_count == b->explained_by_count;
    for (size_t i = 0; same && i < a->explained_by_count; i++)
        same = a->explained_by[i] == b->explained_by[i];
    return same;
}

static bool refuse(const char *what, const char *name, struct error *error)
{
    return error_set(error,
                     "what would be written of %s %.80s is not what was meant, so nothing is: its "
                     "name or query is one that a config cannot hold; leave it out",
                     what, name);
}

static bool refuse_number(const char *what, size_t is, size_t meant, struct error *error)
{
    return error_set(error,
                     "what would be written has %zu %s instead of %zu, so nothing is: leave out "
                     "those of odd names",
                     is, what, meant);
}

bool verify_rollouts(const struct config *config, const struct rollout_settings meant[],
                     size_t count, struct error *error)
{
    if (config->rollout_count != count)
        return refuse_number("rollouts", config->rollout_count, count, error);
    for (size_t i = 0; i < count; i++)
        if (!same_rollout(&config->rollouts[i], &meant[i]))
            return refuse("rollout", meant[i].name, error);
    return true;
}

bool verify_indicators(const struct config *config, const struct indicator_settings meant[],
                       size_t count, struct error *error)
{
    if (config->indicator_count != count)
        return refuse_number("indicators", config->indicator_count, count, error);
    for (size_t i = 0; i < count; i++)
        if (!same_indicator(&config->indicators[i], &meant[i]))
            return refuse("indicator", meant[i].name, error);
    return true;
}
