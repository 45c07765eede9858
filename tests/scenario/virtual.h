/*
 * Virtual time for a whole process, libcurl included: takes libc's clocks, poll() and the writing
 * of standard output in their place. Time stands while there is work, and jumps when all would
 * sleep: a month passes in seconds. A server of the same process is served within poll(); so one
 * thread does everything, and the same things happen each time but for what loopback splits.
 */
#ifndef AMBERBAR_TESTS_SCENARIO_VIRTUAL_H
#define AMBERBAR_TESTS_SCENARIO_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct virtual_time {
    bool on;              /* off: everything is libc's */
    int64_t monotonic_ms; /* now */
    int64_t realtime_ms;  /* since 1970 */

    /* Moves the connections along. True: an answer is on its way, so time must not pass for it. */
    bool (*serve)(void);
    /* Before each sleep, and after each jump of the clock. */
    void (*look)(void);
    /* What is written to standard output; it goes nowhere else. */
    void (*written)(const char *bytes, size_t length);
    bool unread; /* there nobody reads it any more */
};

extern struct virtual_time virtual_time;

#endif
