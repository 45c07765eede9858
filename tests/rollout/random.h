/*
 * Numbers that look random and are the same in every run of a seed (xorshift64*, Vigna 2016).
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_RANDOM_H
#define AMBERBAR_TESTS_ROLLOUT_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

/* In [low, high]. */
static inline int64_t random_in(uint64_t *seed, int64_t low, int64_t high)
{
    return low + (int64_t)((random_next(seed) >> 16) % (uint64_t)(high - low + 1));
}

#endif
