#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_realtime_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

/* Days since 1970-01-01 to a civil date and back, by the proleptic Gregorian calendar, counted from
   1 March 0000 in cycles of 400 years = 146,097 days; so a 32-bit time_t is no limit. */
#define DAYS_TO_EPOCH 719468
#define DAYS_A_CYCLE 146097

struct civil {
    int64_t year;
    int month, day;
};

static struct civil civil_from_days(int64_t days)
{
    int64_t z = days + DAYS_TO_EPOCH;
    int64_t cycle = z / DAYS_A_CYCLE;
    int64_t day_of_cycle = z - cycle * DAYS_A_CYCLE;
    int64_t year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 - day_of_cycle / 146096) / 365;
    int64_t day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    return (struct civil){.year = cycle * 400 + year_of_cycle + (month <= 2),
                          .month = month,
                          .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

static int64_t days_from_civil(struct civil date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t cycle = year / 400;
    int64_t year_of_cycle = year - cycle * 400;
    int month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int64_t day_of_cycle =
        year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return cycle * DAYS_A_CYCLE + day_of_cycle - DAYS_TO_EPOCH;
}

#define MS_A_DAY INT64_C(86400000)
#define LAST_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

void clock_rfc3339(int64_t realtime_ms, char out[static CLOCK_RFC3339_SIZE])
{
    out[0] = '\0';
    if (realtime_ms < 0 || realtime_ms > LAST_MS)
        return;
    struct civil date = civil_from_days(realtime_ms / MS_A_DAY);
    int64_t ms = realtime_ms % MS_A_DAY;
    snprintf(out, CLOCK_RFC3339_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)date.year,
             date.month, date.day, (int)(ms / 3600000), (int)(ms / 60000 % 60),
             (int)(ms / 1000 % 60), (int)(ms % 1000));
}

void clock_zone(int64_t realtime_ms, char out[static CLOCK_ZONE_SIZE])
{
    time_t now = (time_t)(realtime_ms / 1000);
    struct tm local = {0};
    tzset();
    (void)localtime_r(&now, &local);
    long minutes = local.tm_gmtoff / 60;
    long distance = minutes < 0 ? -minutes : minutes;
    snprintf(out, CLOCK_ZONE_SIZE, "%.16s (UTC%c%02ld:%02ld)",
             local.tm_zone != NULL ? local.tm_zone : "?", minutes < 0 ? '-' : '+', distance / 60,
             distance % 60);
}

/* A number of `digits` digits at `text`, or -1. */
static int digits_at(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

int64_t clock_parse_rfc3339(const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";
    if (strlen(text) != sizeof shape - 1)
        return INT64_MIN;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == 'd' ? digits_at(text + i, 1) < 0 : text[i] != shape[i])
            return INT64_MIN;
    struct civil date = {digits_at(text, 4), digits_at(text + 5, 2), digits_at(text + 8, 2)};
    int hour = digits_at(text + 11, 2), minute = digits_at(text + 14, 2);
    int second = digits_at(text + 17, 2), ms = digits_at(text + 20, 3);
    bool valid = date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 &&
                 hour <= 23 && minute <= 59 && second <= 60;
    if (!valid)
        return INT64_MIN;
    return days_from_civil(date) * MS_A_DAY + ((hour * 60 + minute) * 60 + second) * INT64_C(1000) +
           ms;
}
