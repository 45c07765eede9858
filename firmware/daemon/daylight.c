#include "daemon/daylight.h"

#include <string.h>
#include <time.h>

/*
 * The moment when the local clock shows `minute`, `days` from the day of `local`. Where the clock
 * jumps over it or shows it twice, mktime() picks one moment, and always the same: a night begins
 * once and ends once, also when the hour changes in it.
 */
static int64_t moment_ms(const struct tm *local, int days, int64_t minute)
{
    struct tm then = {.tm_year = local->tm_year,
                      .tm_mon = local->tm_mon,
                      .tm_mday = local->tm_mday + days,
                      .tm_hour = (int)(minute / 60),
                      .tm_min = (int)(minute % 60),
                      .tm_isdst = -1};
    return (int64_t)mktime(&then) * 1000;
}

struct daytime daylight_at(const struct night_settings *settings, int64_t realtime_ms)
{
    struct tm local;
    time_t now = (time_t)(realtime_ms / 1000);
    struct daytime day = {false, INT64_MIN, INT64_MAX};
    if (!settings->kept || localtime_r(&now, &local) == NULL)
        return day;
    int over = settings->to_minute <= settings->from_minute; /* midnight */
    for (int days = -2; days <= 2; days++) {
        int64_t from = moment_ms(&local, days, settings->from_minute);
        int64_t to = moment_ms(&local, days + over, settings->to_minute);
        if (from <= realtime_ms && realtime_ms < to)
            return (struct daytime){true, from, to};
        if (to <= realtime_ms && to > day.since_ms)
            day.since_ms = to;
        if (from > realtime_ms && from < day.until_ms)
            day.until_ms = from;
    }
    return day;
}

void daylight_start(struct daylight *day, const struct config *config, int64_t now_ms,
                    int64_t realtime_ms)
{
    clock_zone(realtime_ms, day->zone);
    day->daytime = daylight_at(&config->night, realtime_ms);
    day->ambience =
        (struct ambience){.night = day->daytime.night,
                          .night_ms = PICTURE_NEVER,
                          .beat_ms = now_ms - PICTURE_BEAT_MS}; /* the first one is due later */
}

/* Somebody has said where the board is, after it was started. */
static bool has_moved(struct daylight *day, int64_t realtime_ms)
{
    char zone[CLOCK_ZONE_SIZE];
    clock_zone(realtime_ms, zone);
    if (strcmp(zone, day->zone) == 0)
        return false;
    memcpy(day->zone, zone, sizeof zone);
    return true;
}

static bool update_night(struct daylight *day, const struct config *config, bool answered,
                         int64_t now_ms, int64_t realtime_ms)
{
    const struct daytime *is = &day->daytime;
    bool moved = answered && config->night.kept && has_moved(day, realtime_ms);
    if (!moved && is->since_ms <= realtime_ms && realtime_ms < is->until_ms)
        return false;
    day->daytime = daylight_at(&config->night, realtime_ms);
    if (day->daytime.night == day->ambience.night)
        return false;
    day->ambience.night = day->daytime.night;
    day->ambience.night_ms = now_ms;
    return true;
}

bool daylight_update(struct daylight *day, const struct config *config, bool answered,
                     int64_t now_ms, int64_t realtime_ms)
{
    bool changed = update_night(day, config, answered, now_ms, realtime_ms);
    if (!answered || config->heartbeat_ms == 0 ||
        now_ms - day->ambience.beat_ms < config->heartbeat_ms)
        return changed;
    day->ambience.beat_ms = now_ms;
    return true;
}

int64_t daylight_due_ms(const struct daylight *day, int64_t now_ms, int64_t realtime_ms)
{
    int64_t until_ms = day->daytime.until_ms;
    if (until_ms == INT64_MAX)
        return INT64_MAX;
    return now_ms + (until_ms > realtime_ms ? until_ms - realtime_ms : 0);
}
