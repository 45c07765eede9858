#include "rollout/stall.h"

#include <string.h>

#define EPOCH_FIELDS (sizeof((struct workload_memory *)0)->epoch / sizeof(int64_t))
#define MARKS (sizeof((struct workload_memory *)0)->marks / sizeof(int64_t))

/* An Argo Rollout exports no generation; its phase tells one attempt from the next. */
static void epoch_of(const struct row *row, const struct levels *levels,
                     int64_t epoch[static EPOCH_FIELDS])
{
    bool is_argo = row->key.kind == KIND_ROLLOUT;
    epoch[0] = is_argo ? (int64_t)row->phase : row->generation;
    epoch[1] = is_argo ? 0 : row->observed;
    epoch[2] = levels->spec;
}

void stall_observe(struct workload_memory *memory, const struct row *row,
                   const struct levels *levels, int64_t now_ms)
{
    const int64_t marks[MARKS] = {levels->updated, levels->ready, levels->available, -levels->old};
    int64_t epoch[EPOCH_FIELDS];
    epoch_of(row, levels, epoch);
    if (!memory->marked || memcmp(epoch, memory->epoch, sizeof epoch) != 0) {
        memory->marked = true;
        memcpy(memory->epoch, epoch, sizeof epoch);
        memcpy(memory->marks, marks, sizeof marks);
        memory->progress_ms = now_ms;
        return;
    }
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
