/*
 * The config's indicators, what each shows, and how it came to that.
 */
#ifndef AMBERBAR_DAEMON_INDICATORS_H
#define AMBERBAR_DAEMON_INDICATORS_H

#include "config/config.h"
#include "daemon/history.h"

struct gauges {
    size_t count;
    struct indicator *indicators; /* owned; one for each of the config's */
    struct gauge shown[CONFIG_INDICATORS_MAX];
    struct told { /* what journal and history know of */
        enum health health;
        bool explained;
        int64_t since_ms; /* monotonic */
    } told[CONFIG_INDICATORS_MAX];
    int64_t dim_until_ms[CONFIG_INDICATORS_MAX]; /* of those that are dimmed */
    int64_t valid_ms[CONFIG_INDICATORS_MAX];     /* a value counts for so long [T1] */
};

/* Starts every indicator as not asked. False: no memory. */
bool gauges_start(struct gauges *gauges, const struct config *config, int64_t now_ms);
void gauges_stop(struct gauges *gauges);

/* Two configs, and what is known of the indicators of each. */
struct succession {
    const struct config *old_config, *new_config;
    const struct gauges *old_gauges;
    struct gauges *new_gauges;
};

/* Indicators that are asked for in the same words keep what is known of them. */
void gauges_adopt(const struct succession *succession);

/*
 * After a round of polls: what each is now, by its own last answer and by the rollouts. One that
 * could not be asked stays dimmed for `dim_ms` before it is unknown. True when anything is not as
 * before.
 */
bool gauges_take(struct gauges *gauges, const struct rollout rollouts[], int64_t dim_ms,
                 struct history *history, int64_t now_ms);

/* Ends explanations, dimmed pictures and values whose time is over; true when something changed. */
bool gauges_expire(struct gauges *gauges, const struct rollout rollouts[], struct history *history,
                   int64_t now_ms);

/* When gauges_expire() has something to do next; INT64_MAX: never. */
int64_t gauges_expiry_ms(const struct gauges *gauges);

/* The worst of them; `count`: there is none. */
size_t gauges_worst(const struct gauges *gauges);

#endif
