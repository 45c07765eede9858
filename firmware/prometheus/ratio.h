/*
 * Series of a user's own query, as samples with their labels in words. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_RATIO_H
#define AMBERBAR_PROMETHEUS_RATIO_H

#include "prometheus/arena.h"
#include "prometheus/series.h"
#include "rollout/rollout.h"

/* The sample of `series`, its labels written as {a="b", c="d"} into `arena`. False: no memory. */
bool ratio_sample(struct arena *arena, const struct series *series, struct ratio_sample *sample);

/* Orders samples by their labels; false when two of them have the same. */
bool ratio_order(struct ratio_sample samples[], size_t count);

#endif
