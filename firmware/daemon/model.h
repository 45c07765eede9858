/*
 * The config's rollouts and indicators, what each shows, and how it came to that: takes the
 * verdicts of each finished round, writes journal lines and history, and keeps what the picture is
 * drawn from.
 */
#ifndef AMBERBAR_DAEMON_MODEL_H
#define AMBERBAR_DAEMON_MODEL_H

#include "config/config.h"
#include "daemon/durations.h"
#include "daemon/history.h"
#include "daemon/indicators.h"
#include "daemon/source.h"

struct model {
    const struct config *config;
    size_t count;             /* of rollouts and shows */
    struct rollout *rollouts; /* owned, with their workloads */
    struct show shows[CONFIG_ROLLOUTS_MAX];
    struct show common;                            /* all rollouts on one bar */
    size_t worst;                                  /* the rollout that gives `common` its state */
    enum state reported[CONFIG_ROLLOUTS_MAX];      /* the states that journal and history know of */
    size_t totals[CONFIG_ROLLOUTS_MAX];            /* workloads of each rollout, as shown */
    int64_t dim_until_ms[CONFIG_ROLLOUTS_MAX + 1]; /* see model.c; the last is common's */
    struct indicators indicators;                  /* the indicators */
    struct evidence *evidence;   /* owned: what is remembered of this Prometheus */
    struct durations *durations; /* owned: what earlier rollouts took */
    struct history history;
    enum why cause; /* of what the last polls left unknown: WHY_FETCH, or why they could not be */
    struct error last_error, last_remark; /* reported already */
};

/* Starts every rollout as not asked. `config` outlives the watch. False: no memory. */
bool model_start(struct model *model, const struct config *config, int64_t now_ms,
                 struct error *error);
void model_stop(struct model *model);

/*
 * Takes over from `before`, whose config was another: rollouts and indicators that are asked for in
 * the same words, of the same Prometheus as the same tenant, keep their memory, their picture and
 * their past; another question is another memory [O2]. What was said by limits that are others now
 * is not known by these: it is unknown, not asked yet, until the next answer, though what is
 * remembered goes on. So does the history. `before` is left to be stopped.
 */
void model_adopt(struct model *model, struct model *before, int64_t now_ms);

/* What source_open() reads into. */
struct source_subjects model_subjects(struct model *model);

/*
 * Takes what was just read into the rollouts and indicators; true when anything is not as before.
 */
bool model_take(struct model *model, const struct poll_report *report, int64_t now_ms);

/*
 * Lets go of dimmed pictures and explanations whose time is over, and of each rollout and indicator
 * whose samples show a moment longer ago than its max_age, its poll_interval and the time-out
 * together [T1]: after the process was stopped, say. True when something changed.
 */
bool model_expire(struct model *model, int64_t now_ms);

/* When model_expire() has something to do next; INT64_MAX: never. */
int64_t model_expiry_ms(const struct model *model);

/* What there is to draw. */
struct subject model_subject(const struct model *model);

#endif
