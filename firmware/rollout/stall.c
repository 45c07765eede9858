#include "rollout/stall.h"

#include <string.h>

#define MARKS (sizeof((struct workload_memory *)0)->marks / sizeof(int64_t))

/* The state before was one that does not wait for progress. What is held does: for it to go on. */
bool stall_rests(const struct workload_memory *memory)
{
    return state_is(memory->last.state, STATE_IDLE) && memory->last.why != WHY_HELD;
}

void stall_observe(struct workload_memory *memory, const struct change *change,
                   const struct counts *counts, int64_t now_ms)
{
    const int64_t marks[MARKS] = {counts->updated, counts->ready, counts->available, -counts->old};
    if (!memory->marked || stall_rests(memory) || change->fresh) {
        memory->marked = true;
        memcpy(memory->marks, marks, sizeof marks);
        memory->progress_ms = now_ms;
        return;
    }
    memory->marks[0] += change->created; /* what only follows the size is no progress */
    for (size_t i = 0; i < MARKS; i++) {
        if (marks[i] <= memory->marks[i])
            continue;
        memory->marks[i] = marks[i];
        memory->progress_ms = now_ms;
    }
}

int64_t stall_still_ms(const struct workload_memory *memory, int64_t now_ms)
{
    return now_ms - memory->progress_ms;
}

bool stall_is_over(const struct workload_memory *memory, const struct limits *limits,
                   const struct row *row, int64_t now_ms)
{
    int64_t patience =
        row->replica_failure ? limits->stall_after_failure_ms : limits->stall_after_ms;
    return stall_still_ms(memory, now_ms) >= patience;
}
