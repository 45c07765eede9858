/*
 * The numbers that every kind's rules are about, in one vocabulary.
 */
#ifndef AMBERBAR_ROLLOUT_COUNTS_H
#define AMBERBAR_ROLLOUT_COUNTS_H

#include "evidence/row.h"
#include "rollout/workload.h"

struct counts {
    int64_t spec;
    int64_t target; /* pods to renew: spec, less a StatefulSet's partition */
    int64_t replicas, updated, ready, available;
    int64_t old;           /* pods of another template, or (not of a Deployment) terminating */
    int64_t proven;        /* new pods PROVEN available */
    int64_t new_available; /* the same, at most target */
    double p;              /* what they fill while it is not complete: always below 1 */
    double q;              /* what the created ones fill, >= p */
    bool partition_moved;  /* the cluster updates pods below the partition that we were told of:
                              the  config is out of date, and all pods are the target */
};

/* `row` has every field its kind requires (hygiene.h). */
struct counts counts_of(const struct row *row, const struct limits *limits);

/* So many new pods are known to be available, when that is more than this row alone proves. */
void levels_prove(struct counts *counts, int64_t pods);

#endif
