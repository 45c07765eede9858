#include "daemon/indicators.h"

#include "base/clock.h"
#include "base/log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void start_indicator(struct indicator *indicator, const struct indicator_settings *from,
                            int64_t now_ms)
{
    text_copy(indicator->name, sizeof indicator->name, from->name);
    indicator->limits = from->limits;
    indicator->cause_count = from->explained_by_count;
    for (size_t i = 0; i < from->explained_by_count; i++)
        indicator->causes[i].rollout = from->explained_by[i];
    indicator_start(indicator, now_ms);
}

static int64_t valid_ms(const struct config *config, const struct indicator_settings *indicator)
{
    const struct prometheus_settings *prometheus = &config->prometheus;
    int64_t interval_ms = indicator->poll_interval_ms > prometheus->poll_interval_ms
                              ? indicator->poll_interval_ms
                              : prometheus->poll_interval_ms;
    return limits_default.max_age_ms + interval_ms + prometheus_timeout_ms(prometheus);
}

bool indicators_start(struct indicators *indicators, const struct config *config, int64_t now_ms)
{
    *indicators = (struct indicators){.count = config->indicator_count};
    if (indicators->count == 0)
        return true;
    indicators->indicators = calloc(indicators->count, sizeof *indicators->indicators);
    if (indicators->indicators == NULL)
        return false;
    for (size_t i = 0; i < indicators->count; i++) {
        start_indicator(&indicators->indicators[i], &config->indicators[i], now_ms);
        indicators->reported[i].since_ms = now_ms;
        indicators->valid_ms[i] = valid_ms(config, &config->indicators[i]);
    }
    return true;
}

void indicators_stop(struct indicators *indicators)
{
    free(indicators->indicators);
}

/* What is remembered of a rollout stays with its name, while that asks for the same, by the same
   limits. False: nothing was. */
static bool adopt_cause(struct cause *cause, const struct indicator *from,
                        const struct succession *succession)
{
    const struct rollout_settings *new = &succession->new_config->rollouts[cause->rollout];
    bool found = false;
    for (size_t i = 0; i < from->cause_count; i++) {
        const struct rollout_settings *old =
            &succession->old_config->rollouts[from->causes[i].rollout];
        if (strcmp(old->name, new->name) != 0 || !rollout_asks_the_same(old, new) ||
            !limits_same(&old->limits, &new->limits))
            continue;
        size_t rollout = cause->rollout;
        *cause = from->causes[i];
        cause->rollout = rollout;
        found = true;
    }
    return found;
}

static bool same_number(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* Is the same value as good by both? */
static bool same_thresholds(const struct indicator_limits *a, const struct indicator_limits *b)
{
    return same_number(a->warning, b->warning) && same_number(a->critical, b->critical) &&
           a->for_ms == b->for_ms;
}

/* The rollouts' part; true when what explained it explains it still. */
static bool adopt_causes(struct indicator *indicator, const struct indicator *fresh,
                         const struct indicator *old, const struct succession *succession)
{
    bool same = old->limits.grace_ms == fresh->limits.grace_ms;
    indicator->cause_count = fresh->cause_count;
    for (size_t i = 0; i < fresh->cause_count; i++) {
        indicator->causes[i] = fresh->causes[i];
        same &= adopt_cause(&indicator->causes[i], old, succession);
    }
    indicator->cause = indicator->cause_count;
    indicator->explained = false; /* until indicators_look() */
    return same;
}

static void adopt(const struct succession *succession, size_t to, size_t from)
{
    const struct indicator *old = &succession->old_indicators->indicators[from];
    struct indicators *indicators = succession->new_indicators;
    struct indicator *indicator = &indicators->indicators[to];
    const struct indicator fresh = *indicator;
    const bool known = same_thresholds(&old->limits, &fresh.limits);
    if (known)
        *indicator = *old;
    indicator->limits = fresh.limits;
    const bool same = adopt_causes(indicator, &fresh, old, succession);
    indicators->reported[to] = succession->old_indicators->reported[from];
    if (!known) { /* nor whether it was bad before a rollout began */
        for (size_t i = 0; i < indicator->cause_count; i++)
            indicator->causes[i].before = BEFORE_UNKNOWN;
        return;
    }
    indicators->shown[to] = succession->old_indicators->shown[from];
    indicators->shown[to].explained &= same || !indicators->shown[to].dimmed;
    indicators->dim_until_ms[to] = succession->old_indicators->dim_until_ms[from];
}

void indicators_adopt(const struct succession *succession)
{
    for (size_t to = 0; to < succession->new_config->indicator_count; to++) {
        const struct indicator_settings *new = &succession->new_config->indicators[to];
        for (size_t from = 0; from < succession->old_config->indicator_count; from++) {
            const struct indicator_settings *old = &succession->old_config->indicators[from];
            if (strcmp(new->name, old->name) == 0 && strcmp(new->query, old->query) == 0 &&
                strcmp(new->cluster, old->cluster) == 0)
                adopt(succession, to, from);
        }
    }
}

static void report(struct indicators *indicators, size_t index, const struct rollout rollouts[],
                   struct history *history, int64_t now_ms)
{
    const struct indicator *indicator = &indicators->indicators[index];
    struct reported *reported = &indicators->reported[index];
    if (reported->health == indicator->health && reported->explained == indicator->explained)
        return;
    struct transition transition = {
        .at_ms = clock_realtime_ms(),
        .from = indicator_state_name(reported->health, reported->explained),
        .to = indicator_state_name(indicator->health, indicator->explained)};
    text_copy(transition.name, sizeof transition.name, indicator->name);
    indicator_sentence(indicator, rollouts, transition.why, sizeof transition.why);
    history_add(history, &transition);
    *reported = (struct reported){indicator->health, indicator->explained, now_ms};
    history_log(&transition);
}

/* A failed poll says nothing new: see present() in model.c. */
static bool present(struct indicators *indicators, size_t index, int64_t dim_ms, int64_t now_ms)
{
    const struct indicator *indicator = &indicators->indicators[index];
    struct gauge *shown = &indicators->shown[index];
    struct gauge before = *shown;
    bool failed = indicator->health == HEALTH_UNKNOWN && indicator->why == INDICATOR_FETCH;
    if (failed && !shown->dimmed && shown->health != HEALTH_UNKNOWN) {
        shown->dimmed = true;
        indicators->dim_until_ms[index] = now_ms + dim_ms;
        return true;
    }
    *shown = (struct gauge){.health = indicator->health, .explained = indicator->explained};
    return before.health != shown->health || before.explained != shown->explained || before.dimmed;
}

void indicators_look(struct indicators *indicators, const struct rollout rollouts[],
                     struct history *history, int64_t now_ms)
{
    for (size_t i = 0; i < indicators->count; i++) {
        indicator_explain(&indicators->indicators[i], rollouts, now_ms);
        report(indicators, i, rollouts, history, now_ms);
        if (!indicators->shown[i].dimmed)
            present(indicators, i, 0, now_ms);
    }
}

bool indicators_take(struct indicators *indicators, const struct rollout rollouts[], int64_t dim_ms,
                     struct history *history, int64_t now_ms)
{
    bool changed = false;
    for (size_t i = 0; i < indicators->count; i++) {
        indicator_explain(&indicators->indicators[i], rollouts, now_ms);
        report(indicators, i, rollouts, history, now_ms);
        changed |= present(indicators, i, dim_ms, now_ms);
    }
    return changed;
}

/* Until when its value counts; INT64_MAX: nothing is known of it. */
static int64_t until_ms(const struct indicators *indicators, size_t index)
{
    bool known =
        indicators->indicators[index].health != HEALTH_UNKNOWN || indicators->shown[index].dimmed;
    return known ? indicators->indicators[index].seen_ms + indicators->valid_ms[index] : INT64_MAX;
}

bool indicators_expire(struct indicators *indicators, const struct rollout rollouts[],
                       struct history *history, int64_t now_ms)
{
    bool changed = false;
    for (size_t i = 0; i < indicators->count; i++) {
        bool over = now_ms >= indicator_expiry_ms(&indicators->indicators[i]);
        bool dimmed = indicators->shown[i].dimmed;
        bool expired = now_ms >= until_ms(indicators, i);
        if (!over && !expired && !(dimmed && now_ms >= indicators->dim_until_ms[i]))
            continue;
        if (expired)
            indicator_observe_silence(&indicators->indicators[i], now_ms);
        indicator_explain(&indicators->indicators[i], rollouts, now_ms);
        report(indicators, i, rollouts, history, now_ms);
        changed |= present(indicators, i, 0, now_ms);
    }
    return changed;
}

int64_t indicators_expiry_ms(const struct indicators *indicators)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < indicators->count; i++) {
        int64_t over = indicator_expiry_ms(&indicators->indicators[i]);
        first = over < first ? over : first;
        first = until_ms(indicators, i) < first ? until_ms(indicators, i) : first;
        if (indicators->shown[i].dimmed && indicators->dim_until_ms[i] < first)
            first = indicators->dim_until_ms[i];
    }
    return first;
}

size_t indicators_worst(const struct indicators *indicators)
{
    size_t worst = indicators->count;
    for (size_t i = 0; i < indicators->count; i++) {
        const struct gauge *gauge = &indicators->shown[i];
        if (worst == indicators->count || health_severity(gauge->health, gauge->explained) >
                                              health_severity(indicators->shown[worst].health,
                                                              indicators->shown[worst].explained))
            worst = i;
    }
    return worst;
}
