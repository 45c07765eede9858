/*
 * Series of a user's own query, as samples with their labels in words. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_SAMPLE_H
#define AMBERBAR_PROMETHEUS_ANSWER_SAMPLE_H

#include "prometheus/answer/arena.h"
#include "prometheus/answer/response.h"
#include "prometheus/answer/series.h"
#include "rollout/rollout.h"

struct samples {
    struct ratio_sample *list; /* with room for all of an answer's */
    size_t count;
    struct evaluated evaluated;
};

/* Adds the sample of `series`, its labels written as {a="b", c="d"} into `arena`; or nothing, if
   `choice` is not NULL and leaves it out. False: no memory. */
bool sample_add(struct arena *arena, const struct series *series, const struct choice *choice,
                struct samples *samples);

/* Orders samples by their labels; false when two of them have the same. */
bool sample_order(struct ratio_sample samples[], size_t count);

#endif
