#include "daemon/backoff.h"

/* xorshift32: spreading boards needs no better randomness. */
static uint32_t next_random(struct backoff *backoff)
{
    uint32_t x = backoff->random != 0 ? backoff->random : 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    backoff->random = x;
    return x;
}

static int64_t spread(struct backoff *backoff, int64_t wait_ms)
{
    return wait_ms * 3 / 4 + next_random(backoff) % (wait_ms / 2 + 1);
}

int64_t backoff_next_ms(struct backoff *backoff, int64_t most_ms)
{
    int64_t doubled = backoff->step_ms * 2;
    if (backoff->step_ms == 0)
        doubled = BACKOFF_FIRST_MS;
    backoff->step_ms = doubled < BACKOFF_LAST_MS ? doubled : BACKOFF_LAST_MS;
    int64_t wait = spread(backoff, backoff->step_ms);
    return wait < most_ms ? wait : most_ms - next_random(backoff) % (most_ms / 4 + 1);
}

int64_t backoff_slowest_ms(struct backoff *backoff)
{
    backoff->step_ms = BACKOFF_LAST_MS;
    return spread(backoff, backoff->step_ms);
}

void backoff_reset(struct backoff *backoff)
{
    backoff->step_ms = 0;
}
