/*
 * The user's own query: each of its series is a member whose value is its progress.
 */
#ifndef AMBERBAR_ROLLOUT_RATIO_H
#define AMBERBAR_ROLLOUT_RATIO_H

#include "rollout/rollout.h"

#define RATIO_UNITS 50 /* so that a ratio shows 99 % at most before it is 1 */

/* The verdict on one value; remembers its run in `member`. */
struct verdict ratio_judge(struct workload *member, const struct limits *limits, double value,
                           int64_t now_ms);

#endif
