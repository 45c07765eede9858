#include "daemon/durations.h"

#include "base/hash.h"

static uint64_t id_of(const struct workload *workload)
{
    const char *names[] = {workload->cluster, workload->namespace_, workload->exported,
                           workload->name};
    uint64_t hash = HASH_START ^ workload->ratio_id;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        hash = hash_text(hash, names[i]);
    return (hash + (uint64_t)workload->kind) | 1; /* 0: a free place */
}

/* NULL: it is not known. */
static struct durations_entry *find(struct durations *durations, uint64_t workload)
{
    for (size_t i = 0; i < DURATIONS_WORKLOADS; i++) {
        struct durations_entry *entry = &durations->entries[i];
        if (entry->workload != workload)
            continue;
        entry->used = ++durations->uses;
        return entry;
    }
    return NULL;
}

/* A free place, or that of whom nobody has asked for longest. */
static struct durations_entry *make_room(struct durations *durations, uint64_t workload)
{
    struct durations_entry *oldest = &durations->entries[0];
    for (size_t i = 1; i < DURATIONS_WORKLOADS; i++)
        if (durations->entries[i].used < oldest->used)
            oldest = &durations->entries[i];
    *oldest = (struct durations_entry){
        .workload = workload, .used = ++durations->uses, .ended_ms = INT64_MIN};
    return oldest;
}

static void add(struct durations *durations, uint64_t workload, const struct run_time *run,
                int64_t now_ms)
{
    struct durations_entry *entry = find(durations, workload);
    if (entry == NULL)
        entry = make_room(durations, workload);
    if (entry->ended_ms == now_ms) /* seen by another rollout of the config already */
        return;
    entry->ended_ms = now_ms;
    entry->runs[entry->count++ % DURATIONS_RUNS] = *run;
}

static void compare(struct durations *durations, uint64_t workload, struct time_left *left)
{
    const struct durations_entry *entry = find(durations, workload);
    if (entry == NULL)
        return;
    const size_t count = entry->count < DURATIONS_RUNS ? entry->count : DURATIONS_RUNS;
    const struct usual_time usual = time_left_usual(entry->runs, count);
    time_left_compare(left, &usual);
}

void durations_observe(struct durations *durations, struct rollout *rollout, int64_t now_ms)
{
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *workload = &rollout->workloads[i];
        struct run_time run;
        if (time_left_take(&workload->time_left, &run))
            add(durations, id_of(workload), &run, now_ms);
        if (time_left_asks(&workload->time_left))
            compare(durations, id_of(workload), &workload->time_left);
    }
}
