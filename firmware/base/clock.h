/*
 * Time. The daemon reads it once per wake-up and hands it down; pure code never reads a clock.
 */
#ifndef AMBERBAR_BASE_CLOCK_H
#define AMBERBAR_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_monotonic_ms(void); /* CLOCK_MONOTONIC: never steps, pauses in suspend */
int64_t clock_realtime_ms(void);  /* since 1970-01-01T00:00:00Z: may step */

#define CLOCK_RFC3339_SIZE 40

/* RFC 3339 in UTC with milliseconds, e.g. 2026-11-22T14:32:07.250Z; "" when out of range. */
void clock_rfc3339(int64_t realtime_ms, char out[static CLOCK_RFC3339_SIZE]);

#define CLOCK_ZONE_SIZE 48

/*
 * The time zone of this process at that time, "CET (UTC+01:00)", as it is set now: when
 * /etc/localtime has changed since, it is read anew (tzset(3)), for localtime_r(3) too.
 */
void clock_zone(int64_t realtime_ms, char out[static CLOCK_ZONE_SIZE]);

/* The reverse, for the form written above; INT64_MIN when it is not one. */
int64_t clock_parse_rfc3339(const char *text);

#endif
