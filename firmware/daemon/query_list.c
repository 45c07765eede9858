#include "daemon/query_list.h"

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

static bool comes_before(const struct own *a, const struct own *b)
{
    return a->slow != b->slow ? b->slow : a->due_ms < b->due_ms;
}

size_t own_next(const struct own owns[], size_t count, int64_t now_ms)
{
    size_t next = count;
    for (size_t i = 0; i < count; i++)
        if (owns[i].due_ms <= now_ms && (next == count || comes_before(&owns[i], &owns[next])))
            next = i;
    return next;
}

void own_observe(struct own *own, const struct ratio_answer *answer, int64_t truth_ms,
                 int64_t now_ms)
{
    own->heard = true;
    own->slow = false;
    own->fault[0] = '\0';
    own->failure = POLL_FAILURE_NONE;
    if (own->rollout != NULL) {
        rollout_observe_ratio(own->rollout, answer->samples, answer->count, answer->partial,
                              now_ms);
        own->rollout->seen_ms = truth_ms;
        rollout_quote(own->rollout, answer->partial ? answer->warning : NULL);
        return;
    }
    indicator_observe(own->indicator, answer->samples, answer->count, answer->partial, now_ms);
    own->indicator->seen_ms = truth_ms;
    indicator_quote(own->indicator, answer->partial ? answer->warning : answer->note);
}

void own_fail(struct own *own, enum poll_failure failure, const struct error *error, int64_t due_ms,
              int64_t now_ms)
{
    bool is_rollout = own->rollout != NULL;
    struct error named = *error;
    error_prefix(&named, "%s %s", is_rollout ? "rollout" : "indicator",
                 is_rollout ? own->rollout->name : own->indicator->name);
    text_copy(own->fault, sizeof own->fault, named.text);
    own->failure = failure;
    own->heard = true;
    own->due_ms = due_ms;
    if (is_rollout)
        rollout_observe_failure(own->rollout, now_ms);
    else
        indicator_observe_failure(own->indicator, now_ms);
}

void own_refuse(struct own *own, const struct error *error, int64_t now_ms)
{
    own_fail(own, POLL_FAILURE_QUERY, error, now_ms + OWN_REFUSED_MS, now_ms);
}
