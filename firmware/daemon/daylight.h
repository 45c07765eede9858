/*
 * Night by the local clock, and the ripple that an answered poll sends now and then.
 */
#ifndef AMBERBAR_DAEMON_DAYLIGHT_H
#define AMBERBAR_DAEMON_DAYLIGHT_H

#include "base/clock.h"
#include "config/config.h"

struct daytime {
    bool night;
    int64_t since_ms, until_ms; /* realtime: it holds in [since, until) */
};

/* Whether it is night at `realtime_ms`, by the time zone of the process, and for how long. */
struct daytime daylight_at(const struct night_settings *settings, int64_t realtime_ms);

/* What the daemon keeps of it. Zeros but for the times: see daylight_start(). */
struct daylight {
    struct ambience ambience; /* for the picture */
    struct daytime daytime;
    char zone[CLOCK_ZONE_SIZE]; /* by which `daytime` was reckoned */
};

void daylight_start(struct daylight *day, const struct config *config, int64_t now_ms,
                    int64_t realtime_ms);

/* True when the picture changes. `answered`: a poll has just been; then it is also seen whether
   this machine has got another time zone. */
bool daylight_update(struct daylight *day, const struct config *config, bool answered,
                     int64_t now_ms, int64_t realtime_ms);

/* When the night begins or ends next, monotonic; INT64_MAX: never. */
int64_t daylight_due_ms(const struct daylight *day, int64_t now_ms, int64_t realtime_ms);

#endif
