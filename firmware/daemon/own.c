#include "daemon/own.h"

#include <stdio.h>

size_t own_list(struct own owns[static OWN_MAX], const struct config *config,
                struct rollout rollouts[], struct indicator indicators[])
{
    const char *label = config->prometheus.cluster_label;
    size_t count = 0;
    for (size_t i = 0; i < config->rollout_count; i++)
        if (rollouts[i].is_query)
            owns[count++] = (struct own){.query = config->rollouts[i].query,
                                         .choice = {label, config->rollouts[i].cluster},
                                         .rollout = &rollouts[i],
                                         .due_ms = INT64_MIN};
    for (size_t i = 0; i < config->indicator_count; i++)
        owns[count++] = (struct own){.query = config->indicators[i].query,
                                     .choice = {label, config->indicators[i].cluster},
                                     .indicator = &indicators[i],
                                     .interval_ms = config->indicators[i].poll_interval_ms,
                                     .due_ms = INT64_MIN};
    return count;
}

const struct choice *own_choice(const struct own *own)
{
    return own->choice.value[0] != '\0' ? &own->choice : NULL;
}

void own_ask(struct own *own, int64_t started_ms)
{
    own->due_ms = started_ms + own->interval_ms;
    own->fault[0] = '\0';
}

void own_observe(struct own *own, const struct ratio_sample samples[], size_t count, bool partial,
                 int64_t now_ms)
{
    if (own->rollout != NULL)
        rollout_observe_ratio(own->rollout, samples, count, partial, now_ms);
    else
        indicator_observe(own->indicator, samples, count, partial, now_ms);
}

/* Due again at once, however long its interval: its last answer stands no more. */
void own_fail(struct own *own, int64_t now_ms)
{
    own->due_ms = INT64_MIN;
    if (own->rollout != NULL)
        rollout_observe_failure(own->rollout, now_ms);
    else
        indicator_observe_failure(own->indicator, now_ms);
}

void own_refuse(struct own *own, const struct error *error, int64_t now_ms)
{
    bool is_rollout = own->rollout != NULL;
    struct error named = *error;
    error_prefix(&named, "%s %s", is_rollout ? "rollout" : "indicator",
                 is_rollout ? own->rollout->name : own->indicator->name);
    text_copy(own->fault, sizeof own->fault, named.text);
    own_fail(own, now_ms);
    own->due_ms = now_ms + OWN_REFUSED_MS;
}
