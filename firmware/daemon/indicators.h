/*
 * The config's indicators, what each shows, and how it came to that.
 */
#ifndef AMBERBAR_DAEMON_INDICATORS_H
#define AMBERBAR_DAEMON_INDICATORS_H

#include "config/config.h"
#include "daemon/history.h"

struct indicators {
    size_t count;
    struct indicator *indicators; /* owned; one for each of the config's */
    struct gauge shown[CONFIG_INDICATORS_MAX];
    struct reported { /* what journal and history know of */
        enum health health;
        bool explained;
        int64_t since_ms; /* monotonic */
    } reported[CONFIG_INDICATORS_MAX];
    int64_t dim_until_ms[CONFIG_INDICATORS_MAX]; /* of those that are dimmed */
    int64_t valid_ms[CONFIG_INDICATORS_MAX];     /* a value counts for so long [T1] */
};

/* Starts every indicator as not asked. False: no memory. */
bool indicators_start(struct indicators *indicators, const struct config *config, int64_t now_ms);
void indicators_stop(struct indicators *indicators);

/* Two configs, and what is known of the indicators of each. */
struct succession {
    const struct config *old_config, *new_config;
    const struct indicators *old_indicators;
    struct indicators *new_indicators;
};

/*
 * Indicators that are asked for in the same words keep what is known of them, by the same
 * thresholds: by others it is unknown, not asked yet, until the next answer.
 */
void indicators_adopt(const struct succession *succession);

/* At once after that: what explains them now, by the rollouts as they are now. */
void indicators_look(struct indicators *indicators, const struct rollout rollouts[],
                     struct history *history, int64_t now_ms);

/*
 * After a round of polls: what each is now, by its own last answer and by the rollouts. One that
 * could not be asked stays dimmed for `dim_ms` before it is unknown. True when anything is not as
 * before.
 */
bool indicators_take(struct indicators *indicators, const struct rollout rollouts[], int64_t dim_ms,
                     struct history *history, int64_t now_ms);

/* Ends explanations, dimmed pictures and values whose time is over; true when something changed. */
bool indicators_expire(struct indicators *indicators, const struct rollout rollouts[],
                       struct history *history, int64_t now_ms);

/* When indicators_expire() has something to do next; INT64_MAX: never. */
int64_t indicators_expiry_ms(const struct indicators *indicators);

/* The worst of them; `count`: there is none. */
size_t indicators_worst(const struct indicators *indicators);

#endif
