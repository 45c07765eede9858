#include "scenario/calendar.h"

#include "scenario/virtual.h"

#include <stdbool.h>
#include <stddef.h>

#define WINTER_MS INT64_C(1792890000000) /* 2026-10-25 01:00 UTC: the clocks go back */

static const struct episode {
    const char *what;
    int from, minutes; /* of the day */
    int every, day;    /* on each `every`-th day, beginning with `day` */
    enum way way;
} episodes[] = {
    {"a rollout in the morning", 9 * 60, 4, 1, 0, WAY_ROLLING},
    {"a rollout at night", 22 * 60 + 30, 4, 1, 0, WAY_ROLLING},
    {"one while the clocks go back", 2 * 60 + 55, 10, 31, 15, WAY_ROLLING},
    {"pods are lost", 16 * 60, 5, 7, 3, WAY_DEGRADED},
    {"the server falls silent", 11 * 60 + 30, 6, 3, 0, WAY_SILENT},
    {"the server closes at once", 11 * 60 + 30, 6, 3, 1, WAY_GONE},
    {"the server says 503", 11 * 60 + 30, 6, 3, 2, WAY_BROKEN},
    {"answers are torn, at night", 3 * 60 + 10, 6, 3, 0, WAY_TORN},
    {"the exporter is not scraped", 3 * 60 + 10, 6, 3, 1, WAY_OLD},
    {"the series are gone", 3 * 60 + 10, 6, 3, 2, WAY_EMPTY},
    {"an hour of silence", 14 * 60, 60, 31, 12, WAY_SILENT},
};

static const struct lamp_fault lamp_faults[] = {
    {"setting lines gives EIO", 12 * 60, 10, 5, 1, LAMPS_FAIL},
    {"the lines are busy", 12 * 60, 10, 5, 2, LAMPS_BUSY},
    {"the chip is gone", 12 * 60, 10, 5, 3, LAMPS_GONE},
    {"a loose contact: every other call fails", 12 * 60, 10, 5, 4, LAMPS_LOOSE},
};

int64_t local_ms(void)
{
    int64_t hours = virtual_time.realtime_ms < WINTER_MS ? 2 : 1;
    return virtual_time.realtime_ms + hours * 60 * MINUTE_MS;
}

int day_now(void)
{
    return (int)((virtual_time.realtime_ms - BEGIN_MS) / DAY_MS);
}

int minute_now(void)
{
    return (int)(local_ms() / MINUTE_MS % 1440);
}

static bool is_on(int from, int minutes, int every, int day)
{
    int minute = minute_now();
    return day_now() % every == day % every && minute >= from && minute < from + minutes;
}

enum way way_now(void)
{
    for (size_t i = 0; i < sizeof episodes / sizeof episodes[0]; i++) {
        const struct episode *episode = &episodes[i];
        if (is_on(episode->from, episode->minutes, episode->every, episode->day))
            return episode->way;
    }
    return WAY_STABLE;
}

const struct lamp_fault *lamp_fault_now(void)
{
    for (size_t i = 0; i < sizeof lamp_faults / sizeof lamp_faults[0]; i++) {
        const struct lamp_fault *fault = &lamp_faults[i];
        if (is_on(fault->from, fault->minutes, fault->every, fault->day))
            return fault;
    }
    return NULL;
}
