#include "bus/pace.h"

#include <stdbool.h>
#include <time.h>

/* A sleep lasts some 50 us longer than asked (timer slack, timerslack_ns in prctl(2)). */
#define SHORTEST_SLEEP_US 20

static struct timespec after_us(int64_t us)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    long nanoseconds = at.tv_nsec + (long)(us % 1000000) * 1000;
    at.tv_sec += (time_t)(us / 1000000) + nanoseconds / 1000000000;
    at.tv_nsec = nanoseconds % 1000000000;
    return at;
}

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

void pace_us(int64_t us)
{
    if (us <= 0)
        return;
    struct timespec until = after_us(us);
    if (us >= SHORTEST_SLEEP_US) {
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            continue; /* a signal came */
        return;
    }
    for (struct timespec now = after_us(0); is_before(now, until); now = after_us(0))
        continue;
}
