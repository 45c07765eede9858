#include "daemon/daylight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define MINUTE_MS 60000
#define HOUR_MS (60 * MINUTE_MS)

/* Central Europe as POSIX writes it: the hour changes on the last Sundays of March and October. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static int64_t utc(int year, int month, int day, int hour, int minute)
{
    struct tm then = {.tm_year = year - 1900,
                      .tm_mon = month - 1,
                      .tm_mday = day,
                      .tm_hour = hour,
                      .tm_min = minute};
    return (int64_t)timegm(&then) * 1000;
}

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void night_is_by_the_local_clock(void **state)
{
    (void)state;
    static const struct {
        const char *what, *zone;
        int from, to; /* hhmm */
        int64_t at[5];
        bool night;
    } rows[] = {
        {"by day", "UTC", 1900, 730, {2026, 6, 1, 12, 0}, false},
        {"a minute before", "UTC", 1900, 730, {2026, 6, 1, 18, 59}, false},
        {"from the minute on", "UTC", 1900, 730, {2026, 6, 1, 19, 0}, true},
        {"before midnight", "UTC", 1900, 730, {2026, 6, 1, 23, 59}, true},
        {"after midnight", "UTC", 1900, 730, {2026, 6, 2, 0, 0}, true},
        {"until the minute", "UTC", 1900, 730, {2026, 6, 2, 7, 29}, true},
        {"and no longer", "UTC", 1900, 730, {2026, 6, 2, 7, 30}, false},
        {"within one day", "UTC", 1200, 1300, {2026, 6, 1, 12, 30}, true},
        {"within one day, later", "UTC", 1200, 1300, {2026, 6, 1, 23, 30}, false},
        {"of the last minute", "UTC", 2359, 0, {2026, 6, 1, 23, 58}, false},
        {"in the last minute", "UTC", 2359, 0, {2026, 6, 1, 23, 59}, true},
        {"of the first minute", "UTC", 0, 1, {2026, 6, 1, 0, 0}, true},
        {"after the first minute", "UTC", 0, 1, {2026, 6, 1, 0, 1}, false},
        {"over a new year", "UTC", 2200, 600, {2027, 1, 1, 3, 0}, true},
        {"in summer time", BERLIN, 1900, 730, {2026, 7, 1, 17, 0}, true},
        {"in summer time, before", BERLIN, 1900, 730, {2026, 7, 1, 16, 59}, false},
        {"in winter time", BERLIN, 1900, 730, {2026, 12, 1, 17, 30}, false},
        {"in winter time, later", BERLIN, 1900, 730, {2026, 12, 1, 18, 0}, true},
        {"far west", "UTC+11", 1900, 730, {2026, 6, 2, 6, 0}, true},
        {"far east", "UTC-14", 1900, 730, {2026, 6, 1, 5, 0}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int64_t *at = rows[i].at;
        const struct night_settings night = {true, rows[i].from / 100 * 60 + rows[i].from % 100,
                                             rows[i].to / 100 * 60 + rows[i].to % 100};
        set_zone(rows[i].zone);
        int64_t now = utc((int)at[0], (int)at[1], (int)at[2], (int)at[3], (int)at[4]);
        if (daylight_at(&night, now).night != rows[i].night)
            fail_msg("%s: not %s", rows[i].what, rows[i].night ? "night" : "day");
    }
}

/* The machine has got another zone while it ran: the next answer sees it. */
static void a_new_time_zone_is_followed(void **state)
{
    (void)state;
    struct config config = {.night = {true, 19 * 60, 450}};
    struct daylight day;
    int64_t noon = utc(2026, 6, 1, 12, 0);
    set_zone("UTC");
    daylight_start(&day, &config, 0, noon);
    assert_false(daylight_update(&day, &config, true, 1, noon + 1));
    assert_string_equal(day.zone, "UTC (UTC+00:00)");
    setenv("TZ", "JST-9", 1); /* 21:00 there; nobody calls tzset() but daylight */
    assert_false(daylight_update(&day, &config, false, 2, noon + 2));
    assert_true(daylight_update(&day, &config, true, 3, noon + 3));
    assert_true(day.ambience.night);
    assert_string_equal(day.zone, "JST (UTC+09:00)");
    assert_int_equal(day.daytime.until_ms, utc(2026, 6, 1, 22, 30));
    setenv("TZ", "<-0330>3:30", 1);
    assert_true(daylight_update(&day, &config, true, 4, noon + 4));
    assert_string_equal(day.zone, "-0330 (UTC-03:30)");
    set_zone("UTC");
}

/* Through a year, also when the night begins or ends in an hour that is left out or comes twice. */
static void every_night_begins_and_ends_once(void **state)
{
    (void)state;
    static const int nights[][2] = {{19 * 60, 450}, {150, 360}, {1320, 150}, {0, 120}, {120, 180}};
    set_zone(BERLIN);
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        const struct night_settings night = {true, nights[i][0], nights[i][1]};
        int64_t now = utc(2026, 1, 10, 12, 0), end = utc(2027, 1, 10, 12, 0);
        int begun = 0;
        while (now < end) {
            struct daytime is = daylight_at(&night, now);
            if (is.since_ms > now || is.until_ms <= now || is.until_ms - now > 26 * HOUR_MS)
                fail_msg("night %d: no end at %lld", (int)i, (long long)now);
            if (daylight_at(&night, is.until_ms - 1).night != is.night)
                fail_msg("night %d flickers before %lld", (int)i, (long long)is.until_ms);
            if (daylight_at(&night, is.until_ms).since_ms != is.until_ms)
                fail_msg("night %d: what begins at %lld does not", (int)i, (long long)is.until_ms);
            begun += is.night;
            now = is.until_ms;
        }
        if (begun < 364 || begun > 366)
            fail_msg("night %d: %d nights in a year", (int)i, begun);
    }
}

static void without_a_night_it_is_day(void **state)
{
    (void)state;
    const struct night_settings none = {0};
    struct daytime is = daylight_at(&none, utc(2026, 6, 1, 0, 0));
    assert_false(is.night);
    assert_true(is.until_ms == INT64_MAX);
}

static void a_change_is_told_once_also_when_the_clock_is_set(void **state)
{
    (void)state;
    struct config config = {.night = {true, 19 * 60, 450}};
    struct daylight day;
    int64_t noon = utc(2026, 6, 1, 12, 0);
    set_zone("UTC");
    daylight_start(&day, &config, 1000, noon);
    assert_false(day.ambience.night);
    assert_true(daylight_due_ms(&day, 1000, noon) == 1000 + 7 * HOUR_MS);
    assert_false(daylight_update(&day, &config, false, 2000, noon + 1000));
    assert_true(daylight_update(&day, &config, false, 3000, noon + 7 * HOUR_MS));
    assert_true(day.ambience.night && day.ambience.night_ms == 3000);
    assert_false(daylight_update(&day, &config, false, 4000, noon + 7 * HOUR_MS + 1));
    assert_true(daylight_update(&day, &config, false, 5000, noon - 24 * HOUR_MS)); /* set back */
    assert_false(day.ambience.night);
    assert_false(daylight_update(&day, &config, false, 6000, noon + 24 * HOUR_MS));
}

static void only_an_answer_makes_a_ripple(void **state)
{
    (void)state;
    struct config config = {.heartbeat_ms = 30000}, never = {0};
    struct daylight day;
    daylight_start(&day, &config, 0, 0);
    assert_true(day.ambience.beat_ms <= -PICTURE_BEAT_MS); /* there is none at the start */
    assert_false(daylight_update(&day, &config, true, 10000, 0));
    assert_false(daylight_update(&day, &config, false, 40000, 0));
    assert_true(daylight_update(&day, &config, true, 40001, 0));
    assert_true(day.ambience.beat_ms == 40001);
    assert_false(daylight_update(&day, &config, true, 70000, 0));
    assert_true(daylight_update(&day, &config, true, 70001, 0));
    assert_false(daylight_update(&day, &never, true, 700000, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(night_is_by_the_local_clock),
        cmocka_unit_test(a_new_time_zone_is_followed),
        cmocka_unit_test(every_night_begins_and_ends_once),
        cmocka_unit_test(without_a_night_it_is_day),
        cmocka_unit_test(a_change_is_told_once_also_when_the_clock_is_set),
        cmocka_unit_test(only_an_answer_makes_a_ripple),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
