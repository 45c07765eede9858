/*
 * The stall clock: how long ago progress was last observed. Progress is a count beyond anything
 * seen in this epoch, so that a crash loop, in which pods come and go for ever, makes none.
 */
#ifndef AMBERBAR_ROLLOUT_STALL_H
#define AMBERBAR_ROLLOUT_STALL_H

#include "rollout/levels.h"
#include "rollout/workload.h"

void stall_observe(struct workload_memory *memory, const struct row *row,
                   const struct levels *levels, int64_t now_ms);

int64_t stall_still_ms(const struct workload_memory *memory, int64_t now_ms);

bool stall_is_over(const struct workload_memory *memory, const struct limits *limits,
                   const struct row *row, int64_t now_ms);

#endif
