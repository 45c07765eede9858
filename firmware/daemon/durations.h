/*
 * How long the last rollouts of each workload took while this daemon ran: "usually 6 min". In
 * memory alone, and bounded: of so many workloads, so many rollouts each; who has not rolled, or
 * been asked for, for longest makes room. About 30 KB.
 */
#ifndef AMBERBAR_DAEMON_DURATIONS_H
#define AMBERBAR_DAEMON_DURATIONS_H

#include "rollout/rollout.h"

#define DURATIONS_WORKLOADS 256
#define DURATIONS_RUNS 5 /* the newest of each */

struct durations_entry {
    uint64_t workload;                    /* of all that names it; 0: a free place */
    uint64_t used;                        /* when, by durations.uses */
    int64_t ended_ms;                     /* monotonic: the newest run */
    struct run_time runs[DURATIONS_RUNS]; /* a ring */
    size_t count;                         /* ever added */
};

/* Zero-initialised is empty. */
struct durations {
    struct durations_entry entries[DURATIONS_WORKLOADS];
    uint64_t uses;
};

/*
 * Takes what has ended from the rollout's workloads, and says to those that have begun what is
 * usual for them. A workload in two rollouts of the config is one workload.
 */
void durations_observe(struct durations *durations, struct rollout *rollout, int64_t now_ms);

#endif
