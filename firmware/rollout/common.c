/* The worst of several rollouts: what a summary shows. */
#include "rollout/batch.h"

struct verdict rollouts_common(struct rollout rollouts[], size_t count, size_t *worst)
{
    bool open = false;
    *worst = 0;
    if (count == 0)
        return verdict_unknown(WHY_NOT_ASKED);
    for (size_t i = 0; i < count; i++) {
        if (batch_gather(&rollouts[i], BATCH_COMMON))
            open = true;
        if (batch_is_worse(&rollouts[i].verdict, &rollouts[*worst].verdict))
            *worst = i;
    }
    struct tally tally = batch_tally();
    for (size_t i = 0; i < count; i++) {
        if (!open)
            batch_close(&rollouts[i], BATCH_COMMON);
        batch_add(&tally, &rollouts[i], BATCH_COMMON, open);
    }
    const struct verdict *verdict = &rollouts[*worst].verdict;
    return count == 1 ? *verdict : batch_verdict(&tally, open, verdict->state, verdict->why);
}
