/*
 * Which workloads are exported no more, though a store still shows their last samples (W2): those
 * that miss their own pace, which their proofs know. Their sources' pace alone says nothing: one
 * exporter may come by two jobs of two intervals.
 */
#ifndef AMBERBAR_ROLLOUT_LEFT_H
#define AMBERBAR_ROLLOUT_LEFT_H

#include "rollout/rollout.h"

/* Of `count` rows of the answer, from `first` on, that lag behind their source (source_note()):
   those stay marked that have left. */
void left_keep_slow(struct rollout *rollout, const struct answer *answer, size_t first,
                    size_t count);

#endif
