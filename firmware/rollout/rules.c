#include "rollout/rules.h"

struct finding rules_decide(const struct rule rules[], const struct scene *scene)
{
    while (!rules->holds(scene))
        rules++;
    return rules->finding;
}

bool rule_unobserved(const struct scene *scene)
{
    return scene->row->observed < scene->row->generation;
}

bool rule_zero(const struct scene *scene)
{
    return scene->counts->spec == 0 && scene->counts->replicas == 0;
}

bool rule_zero_wanted(const struct scene *scene)
{
    return scene->counts->spec == 0;
}

bool rule_settled_here(const struct scene *scene)
{
    return scene->memory->settled && scene->memory->settled_generation == scene->row->generation;
}

bool rule_lost_though_resized(const struct scene *scene)
{
    const struct counts *counts = scene->counts;
    const struct workload_memory *memory = scene->memory;
    int64_t least = memory->settled_spec < counts->spec ? memory->settled_spec : counts->spec;
    return memory->settled && !memory->renewed && counts->updated == counts->spec &&
           counts->replicas == counts->spec && counts->available < least;
}

bool rule_resized(const struct scene *scene)
{
    const struct workload_memory *memory = scene->memory;
    return memory->resized && !memory->renewed;
}

bool rule_always(const struct scene *scene)
{
    (void)scene;
    return true;
}
