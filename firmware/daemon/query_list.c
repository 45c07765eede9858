#include "daemon/query_list.h"

#include <stdio.h>

size_t query_list_make(struct listed_query queries[static QUERY_LIST_MAX],
                       const struct config *config, struct rollout rollouts[],
                       struct indicator indicators[])
{
    const char *label = config->prometheus.cluster_label;
    size_t count = 0;
    for (size_t i = 0; i < config->rollout_count; i++)
        if (rollouts[i].is_query)
            queries[count++] = (struct listed_query){.query = config->rollouts[i].query,
                                                     .choice = {label, config->rollouts[i].cluster},
                                                     .rollout = &rollouts[i],
                                                     .due_ms = INT64_MIN};
    for (size_t i = 0; i < config->indicator_count; i++)
        queries[count++] =
            (struct listed_query){.query = config->indicators[i].query,
                                  .choice = {label, config->indicators[i].cluster},
                                  .indicator = &indicators[i],
                                  .interval_ms = config->indicators[i].poll_interval_ms,
                                  .due_ms = INT64_MIN};
    return count;
}

const struct choice *query_list_choice(const struct listed_query *listed)
{
    return listed->choice.value[0] != '\0' ? &listed->choice : NULL;
}

/* A slow one lets others go before it, but not for ever. */
static int64_t turn_ms(const struct listed_query *listed)
{
    return listed->slow ? listed->due_ms + QUERY_LIST_SLOW_MS : listed->due_ms;
}

size_t query_list_next(const struct listed_query queries[], size_t count, int64_t now_ms)
{
    size_t next = count;
    for (size_t i = 0; i < count; i++)
        if (queries[i].due_ms <= now_ms &&
            (next == count || turn_ms(&queries[i]) < turn_ms(&queries[next])))
            next = i;
    return next;
}

void query_list_observe(struct listed_query *listed, const struct ratio_answer *answer,
                        int64_t truth_ms, int64_t now_ms)
{
    listed->heard = true;
    listed->slow = false;
    listed->fault[0] = '\0';
    if (listed->rollout != NULL) {
        rollout_observe_ratio(listed->rollout, answer->samples, answer->count, answer->partial,
                              now_ms);
        listed->rollout->seen_ms = truth_ms;
        rollout_quote(listed->rollout, answer->partial ? answer->warning : NULL);
        return;
    }
    indicator_observe(listed->indicator, answer->samples, answer->count, answer->partial, now_ms);
    listed->indicator->seen_ms = truth_ms;
    indicator_quote(listed->indicator, answer->partial ? answer->warning : answer->note);
}

void query_list_fail(struct listed_query *listed, enum poll_failure failure,
                     const struct error *error, int64_t due_ms, int64_t now_ms)
{
    bool is_rollout = listed->rollout != NULL;
    struct error named = *error, quoted = *error;
    retry_words_cut(&quoted);
    error_prefix(&named, "%s %s", is_rollout ? "rollout" : "indicator",
                 is_rollout ? listed->rollout->name : listed->indicator->name);
    text_copy(listed->fault, sizeof listed->fault, named.text);
    listed->failure = failure;
    listed->heard = true;
    listed->due_ms = due_ms;
    if (is_rollout) {
        rollout_observe_failure(listed->rollout, now_ms);
        rollout_quote(listed->rollout, quoted.text);
    } else {
        indicator_observe_failure(listed->indicator, now_ms);
        indicator_quote(listed->indicator, quoted.text);
    }
}

void query_list_refuse(struct listed_query *listed, const struct error *error, int64_t now_ms)
{
    query_list_fail(listed, POLL_FAILURE_QUERY, error, now_ms + QUERY_LIST_REFUSED_MS, now_ms);
}
