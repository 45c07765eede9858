/*
 * Progress of several workloads on one bar.
 *
 * A batch opens when a workload leaves "settled" (stable, scaled to zero), gathers all that are not
 * settled, keeps those that finish, and closes when all are. The mean over all workloads would not
 * do: one rollout among 200 would begin at 99.5 %. What is unknown is left out of the mean, is
 * never counted as done, and keeps the batch open.
 */
#ifndef AMBERBAR_ROLLOUT_BATCH_H
#define AMBERBAR_ROLLOUT_BATCH_H

#include "rollout/rollout.h"

enum batch {
    BATCH_OWN = 1u,    /* the rollout's own bar */
    BATCH_COMMON = 2u, /* the bar of all rollouts */
};

struct tally {
    double weight, units;
    double p, q;           /* weighted sums */
    struct verdict counts; /* sums of the counts; nothing else is set */
    bool alarms;           /* a degraded workload is so for longer than degraded_after */
    bool uncounted;        /* there are workloads whose counts are not known */
};

/* Gathers a rollout's members; true while anything of it is not known to be settled. */
bool batch_gather(struct rollout *rollout, enum batch batch);

/* All are settled: the next batch begins empty. */
void batch_close(struct rollout *rollout, enum batch batch);

struct tally batch_tally(void); /* empty */

/* Adds the known members of the batch; closed: all known members. */
void batch_add(struct tally *tally, const struct rollout *rollout, enum batch batch, bool open);

struct verdict batch_verdict(const struct tally *tally, bool open, enum state state, enum why why);

/* Which of two gives a shared bar its state; between equals the one that is no calm one, then the
   one that is less far. */
bool batch_is_worse(const struct verdict *a, const struct verdict *b);

#endif
