/*
 * When to ask next, after a good round. Workloads are asked for in phase with their scrapes
 * (evidence/phase.h); the config's own queries, whose samples nobody knows, each poll_interval, and
 * each SCHEDULE_FAST_MS while something moves. A poll_interval that is shorter than that is kept to
 * as it is, and questions that are dear to the server are never asked faster.
 */
#ifndef AMBERBAR_DAEMON_SCHEDULE_H
#define AMBERBAR_DAEMON_SCHEDULE_H

#include "daemon/plan.h"
#include "evidence/phase.h"

#define SCHEDULE_FAST_MS PHASE_BLIND_MS

struct schedule {
    const struct config *config;
    const struct rollout *rollouts; /* one for each of the config's */
    struct phase phase;
    bool moves; /* a workload does, by the last good answer */
};

void schedule_start(struct schedule *schedule, const struct config *config,
                    const struct rollout *rollouts, uint32_t seed);

/* Takes an answer that the rollouts have observed. */
void schedule_learn(struct schedule *schedule, const struct plan *plan,
                    const struct answer *answer);

/* Monotonic: when the round after one that began at `started_ms` is due. */
int64_t schedule_round_ms(struct schedule *schedule, const struct plan *plan, int64_t started_ms);

/* Between two times that an own query is asked. */
int64_t schedule_own_ms(const struct schedule *schedule, const struct plan *plan);

#endif
