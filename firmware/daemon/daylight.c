#include "daemon/daylight.h"

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

struct daynight daynight_at(const struct night_settings *settings, int64_t realtime_ms)
{
    struct tm local;
    time_t now = (time_t)(realtime_ms / 1000);
    struct daynight day = {false, INT64_MIN, INT64_MAX};
    if (!settings->kept || localtime_r(&now, &local) == NULL)
        return day;
    int over = settings->to_minute <= settings->from_minute; /* midnight */
    for (int days = -2; days <= 2; days++) {
        int64_t from = moment_ms(&local, days, settings->from_minute);
        int64_t to = moment_ms(&local, days + over, settings->to_minute);
        if (from <= realtime_ms && realtime_ms < to)
            return (struct daynight){true, from, to};
        if (to <= realtime_ms && to > day.since_ms)
            day.since_ms = to;
        if (from > realtime_ms && from < day.until_ms)
            day.until_ms = from;
    }
    return day;
}

void moods_start(struct moods *moods, const struct config *config, int64_t now_ms,
                 int64_t realtime_ms)
{
    moods->daynight = daynight_at(&config->night, realtime_ms);
    moods->mood =
        (struct mood){.night = moods->daynight.night,
                      .night_ms = PICTURE_NEVER,
                      .beat_ms = now_ms - PICTURE_BEAT_MS}; /* the first one is due later */
}

static bool tend_night(struct moods *moods, const struct config *config, int64_t now_ms,
                       int64_t realtime_ms)
{
    const struct daynight *is = &moods->daynight;
    if (is->since_ms <= realtime_ms && realtime_ms < is->until_ms)
        return false;
    moods->daynight = daynight_at(&config->night, realtime_ms);
    if (moods->daynight.night == moods->mood.night)
        return false;
    moods->mood.night = moods->daynight.night;
    moods->mood.night_ms = now_ms;
    return true;
}

bool moods_tend(struct moods *moods, const struct config *config, bool answered, int64_t now_ms,
                int64_t realtime_ms)
{
    bool changed = tend_night(moods, config, now_ms, realtime_ms);
    if (!answered || config->heartbeat_ms == 0 ||
        now_ms - moods->mood.beat_ms < config->heartbeat_ms)
        return changed;
    moods->mood.beat_ms = now_ms;
    return true;
}

int64_t moods_due_ms(const struct moods *moods, int64_t now_ms, int64_t realtime_ms)
{
    int64_t until_ms = moods->daynight.until_ms;
    if (until_ms == INT64_MAX)
        return INT64_MAX;
    return now_ms + (until_ms > realtime_ms ? until_ms - realtime_ms : 0);
}
