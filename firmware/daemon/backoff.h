/*
 * How long to wait after a failure: 1 s, doubling to 30 s, spread by a quarter either way so that a
 * hundred boards do not knock at a returning server in step. But no longer than a caller allows who
 * would have asked by then anyway.
 */
#ifndef AMBERBAR_DAEMON_BACKOFF_H
#define AMBERBAR_DAEMON_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_LAST_MS 30000

struct backoff {
    int64_t step_ms; /* 0: no failure yet */
    uint32_t random; /* state of the spreading; any seed */
};

/* The wait after one more failure; at most `most_ms` (>= 0), spread too. */
int64_t backoff_next_ms(struct backoff *backoff, int64_t most_ms);

/* The longest wait at once: somebody has to change something first. */
int64_t backoff_slowest_ms(struct backoff *backoff);

void backoff_reset(struct backoff *backoff);

#endif
