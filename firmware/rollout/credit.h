/*
 * New pods that were proven available stay proven while old ones terminate.
 *
 * A StatefulSet's `replicas` and a DaemonSet's `current` count terminating pods too (kubernetes
 * pkg/controller/statefulset, pkg/controller/daemon), also those that are not ready any more. While
 * one terminates there is an old pod more than can be available, and the bound of counts.c is too
 * low by it. A Deployment's counters leave them out.
 */
#ifndef AMBERBAR_ROLLOUT_CREDIT_H
#define AMBERBAR_ROLLOUT_CREDIT_H

#include "rollout/counts.h"
#include "rollout/workload.h"

/*
 * Raises counts->new_available to what an earlier row of the same template proved, as far as this
 * one does not speak against it: a pod less updated may be a proven one, and pods that are missing
 * among the available are old ones only as far as there are any that may be missing. For a
 * StatefulSet also to what its controller's way of working proves (credit.c). Remembers what is
 * proven now.
 *
 * What cannot be known: a new pod that breaks while an old one ends, ready to its end, is seen when
 * that one is gone.
 */
void credit_keep(struct workload_memory *memory, const struct limits *limits, const struct row *row,
                 struct counts *counts);

#endif
