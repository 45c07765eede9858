/*
 * What happens when: a month of virtual time from 2026-10-10 in Central Europe, with the day on
 * which the clocks go back.
 */
#ifndef AMBERBAR_TESTS_SCENARIO_CALENDAR_H
#define AMBERBAR_TESTS_SCENARIO_CALENDAR_H

#include "scenario/lamps.h"
#include "scenario/prometheus.h"

#include <stdint.h>

#define CALENDAR_ZONE "CET-1CEST,M3.5.0,M10.5.0/3"
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)
#define DAYS 31
#define BEGIN_MS INT64_C(1791583200000) /* 2026-10-10 00:00 in Central Europe: day 0 */
#define NIGHT_FROM (19 * 60)            /* as the config says, minutes of the day */
#define NIGHT_TO (7 * 60 + 30)

struct lamp_fault {
    const char *what;
    int from, minutes; /* of the day */
    int every, day;    /* on each `every`-th day, beginning with `day` */
    enum lamp_way way;
};

int64_t local_ms(void); /* as the clock on the wall says, since 1970 */
int day_now(void);      /* from 0; of 24 hours */
int minute_now(void);   /* of the day, on the wall */

enum way way_now(void);                        /* what the server does */
const struct lamp_fault *lamp_fault_now(void); /* NULL: the lamps work */

#endif
