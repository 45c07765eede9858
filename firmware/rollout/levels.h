/*
 * The numbers that every kind's rules are about, in one vocabulary.
 */
#ifndef AMBERBAR_ROLLOUT_LEVELS_H
#define AMBERBAR_ROLLOUT_LEVELS_H

#include "evidence/row.h"
#include "rollout/workload.h"

struct levels {
    int64_t spec;
    int64_t target; /* pods to renew: spec, less a StatefulSet's partition */
    int64_t replicas, updated, ready, available;
    int64_t old;           /* pods of another template */
    int64_t new_available; /* new pods PROVEN available, at most target */
    double p;              /* what they fill while it is not complete: always below 1 */
    double q;              /* what the created ones fill, >= p */
};

/* `row` has every field its kind requires (hygiene.h). */
struct levels levels_of(const struct row *row, const struct limits *limits);

#endif
