/*
 * The stall clock: how long ago progress was last observed. It starts when a workload leaves a
 * state of rest or gets a new template; from there on progress is a count beyond anything seen
 * since, so that a crash loop, in which pods come and go for ever, makes none. Nor does a change of
 * size: an autoscaler that moves it every few minutes would keep a dead rollout going for ever.
 */
#ifndef AMBERBAR_ROLLOUT_STALL_H
#define AMBERBAR_ROLLOUT_STALL_H

#include "rollout/change.h"
#include "rollout/counts.h"
#include "rollout/workload.h"

/* `memory` still holds the verdict of the row before. */
void stall_observe(struct workload_memory *memory, const struct change *change,
                   const struct counts *counts, int64_t now_ms);

int64_t stall_still_ms(const struct workload_memory *memory, int64_t now_ms);

/* It was in a state that does not wait for progress. */
bool stall_rests(const struct workload_memory *memory);

bool stall_is_over(const struct workload_memory *memory, const struct limits *limits,
                   const struct row *row, int64_t now_ms);

#endif
