#include "rollout/indicator.h"

#include "base/table.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NEVER INT64_MIN

/* --- the value, and on which side of its thresholds it is */

static bool is_rising(const struct indicator_limits *limits)
{
    return limits->critical >= limits->warning;
}

static bool is_beyond(const struct indicator_limits *limits, double value, double threshold)
{
    return is_rising(limits) ? value >= threshold : value <= threshold;
}

/* The side that it is on counts once it held for `for_ms`, be it the bad one or the good one. */
static void hold(struct side *side, bool beyond, int64_t for_ms, int64_t now_ms)
{
    if (beyond != side->beyond && !side->turning)
        side->turning_ms = now_ms;
    side->turning = beyond != side->beyond;
    if (!side->turning || now_ms - side->turning_ms < for_ms)
        return;
    side->beyond = beyond;
    side->turning = false;
}

/*
 * A value after none. What was known before still holds if that was not long ago; else the value
 * counts at once, as the first one does: there is nothing left for it to hold against.
 */
static void resume(struct indicator *indicator, bool warning, bool critical, int64_t now_ms)
{
    bool first = indicator->blank_ms == NEVER;
    if (first || now_ms - indicator->blank_ms > indicator->limits.for_ms) {
        indicator->warning.beyond = warning;
        indicator->critical.beyond = critical;
    }
}

static void take_value(struct indicator *indicator, double value, int64_t now_ms)
{
    const struct indicator_limits *limits = &indicator->limits;
    bool critical = is_beyond(limits, value, limits->critical);
    bool warning = is_beyond(limits, value, limits->warning);
    if (indicator->blank)
        resume(indicator, warning, critical, now_ms);
    hold(&indicator->warning, warning, limits->for_ms, now_ms);
    hold(&indicator->critical, critical, limits->for_ms, now_ms);
    bool bad = indicator->warning.beyond || indicator->warning.turning;
    if (bad && !indicator->bad) {
        indicator->bad_since_ms = indicator->blank ? indicator->blank_ms : now_ms;
        indicator->bad_seen_ms = now_ms;
    }
    indicator->bad = bad;
    indicator->blank = false;
    indicator->value = value;
    indicator->why = INDICATOR_FINE; /* until indicator_explain() */
    indicator->health = indicator->critical.beyond  ? HEALTH_CRITICAL
                        : indicator->warning.beyond ? HEALTH_WARNING
                                                    : HEALTH_OK;
}

/* Nothing holds while nothing is known; which side it was on is remembered. */
static void take_nothing(struct indicator *indicator, enum indicator_why why, int64_t now_ms)
{
    if (!indicator->blank)
        indicator->blank_ms = now_ms;
    indicator->blank = true;
    indicator->warning.turning = indicator->critical.turning = false;
    indicator->health = HEALTH_UNKNOWN;
    indicator->why = why;
    indicator->value = (double)NAN;
    indicator->series[0] = '\0';
}

void indicator_start(struct indicator *indicator, int64_t now_ms)
{
    indicator->bad = indicator->explained = false;
    indicator->note[0] = '\0';
    indicator->seen_ms = now_ms;
    take_nothing(indicator, INDICATOR_NOT_ASKED, now_ms);
    indicator->blank_ms = NEVER; /* whatever it is, it may have been so for ever */
    indicator->cause = indicator->cause_count;
    for (size_t i = 0; i < indicator->cause_count; i++)
        indicator->causes[i] = (struct cause){.rollout = indicator->causes[i].rollout,
                                              .before = BEFORE_UNKNOWN,
                                              .stopped_ms = NEVER,
                                              .rest_ms = NEVER};
}

void indicator_observe(struct indicator *indicator, const struct ratio_sample samples[],
                       size_t count, bool partial, int64_t now_ms)
{
    const struct indicator_limits *limits = &indicator->limits;
    const struct ratio_sample *worst = NULL;
    size_t numbers = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(samples[i].value))
            continue;
        numbers++;
        if (worst == NULL || is_beyond(limits, samples[i].value, worst->value))
            worst = &samples[i];
    }
    /* What is bad is bad, whatever else there may be; fine is only what is known altogether. */
    bool bad = worst != NULL && is_beyond(limits, worst->value, limits->warning);
    if (worst == NULL || (!bad && (numbers < count || partial))) {
        enum indicator_why why = partial      ? INDICATOR_PARTIAL
                                 : count == 0 ? INDICATOR_NO_SERIES
                                              : INDICATOR_NO_NUMBER;
        take_nothing(indicator, why, now_ms);
        return;
    }
    take_value(indicator, worst->value, now_ms);
    text_copy(indicator->series, sizeof indicator->series,
              strcmp(worst->labels, "{}") == 0 ? "" : worst->labels);
}

void indicator_quote(struct indicator *indicator, const char *note)
{
    text_shorten(indicator->note, sizeof indicator->note, note == NULL ? "" : note);
}

void indicator_observe_failure(struct indicator *indicator, int64_t now_ms)
{
    indicator->note[0] = '\0';
    take_nothing(indicator, INDICATOR_FETCH, now_ms);
}

void indicator_observe_silence(struct indicator *indicator, int64_t now_ms)
{
    indicator->note[0] = '\0';
    take_nothing(indicator, INDICATOR_LATE, now_ms);
}

/* --- the rollouts that may explain it */

/*
 * Was it bad before this run began? The run began after the newest sample that shows the rollout at
 * rest, whenever it was noticed: exporters are scraped every half minute or so, and the indicator
 * may well turn before the rollout is seen to move.
 */
static enum before before_of(const struct indicator *indicator, const struct cause *cause)
{
    if (indicator->health != HEALTH_UNKNOWN && !indicator->bad)
        return BEFORE_FINE;
    if (indicator->health == HEALTH_UNKNOWN || cause->state == STATE_UNKNOWN ||
        cause->rest_ms == NEVER)
        return BEFORE_UNKNOWN;
    if (indicator->bad_seen_ms <= cause->rest_ms)
        return BEFORE_BAD;
    return indicator->bad_since_ms <= cause->rest_ms ? BEFORE_UNKNOWN : BEFORE_FINE;
}

static bool in_grace(const struct indicator *indicator, const struct cause *cause, int64_t now_ms)
{
    return cause->stopped_ms != NEVER && now_ms - cause->stopped_ms < indicator->limits.grace_ms;
}

/* A run that follows on another within its grace goes on with it: it is one to who looks on. */
static void begin(const struct indicator *indicator, struct cause *cause, int64_t now_ms)
{
    if (!in_grace(indicator, cause, now_ms))
        cause->before = before_of(indicator, cause);
    cause->open = true;
}

static size_t count_troubled(const struct rollout *rollout)
{
    size_t count = 0;
    for (size_t i = 0; i < rollout->count; i++)
        count += state_is(rollout->workloads[i].verdict.state, STATE_TROUBLED);
    return count;
}

/* The state in which it moves, or a workload of it does; STATE_COUNT: none moves. */
static enum state moving_of(const struct rollout *rollout)
{
    if (state_is(rollout->verdict.state, STATE_MOVES))
        return rollout->verdict.state;
    for (size_t i = 0; i < rollout->count; i++)
        if (state_is(rollout->workloads[i].verdict.state, STATE_MOVES))
            return rollout->workloads[i].verdict.state;
    return STATE_COUNT;
}

/*
 * The state as far as it can explain anything: one workload that rolls does, whatever its siblings
 * do. Nor do they take its grace, when it has ended well: trouble that was there before is not its
 * own.
 */
static enum state state_of(const struct indicator *indicator, struct cause *cause,
                           const struct rollout *rollout, int64_t now_ms)
{
    const enum state worst = rollout->verdict.state;
    const size_t troubled = count_troubled(rollout);
    const enum state moving = moving_of(rollout);
    if (moving != STATE_COUNT) {
        cause->troubled = troubled;
        return moving;
    }
    bool lately = cause->moving || in_grace(indicator, cause, now_ms);
    bool was_there = cause->troubled > 0 && troubled <= cause->troubled;
    return state_is(worst, STATE_TROUBLED) && lately && was_there ? STATE_STABLE : worst;
}

static void follow(const struct indicator *indicator, struct cause *cause,
                   const struct rollout *rollout, int64_t now_ms)
{
    enum state state = state_of(indicator, cause, rollout, now_ms);
    const enum state_run run = state_traits(state)->run;
    bool moving = state_is(state, STATE_MOVES);
    if (run == RUN_IS_ON && !cause->open)
        begin(indicator, cause, now_ms);
    if (run != RUN_HIDDEN) {
        if (cause->moving && !moving)
            cause->stopped_ms = now_ms;
        cause->moving = moving;
    }
    if (run == RUN_ENDS || run == RUN_BREAKS)
        cause->open = false;
    if (run != RUN_HIDDEN && !cause->open)
        cause->rest_ms = rollout->seen_ms;
    if (run == RUN_BREAKS)
        cause->stopped_ms = NEVER; /* what failed has no grace, and nothing follows on it */
    if (indicator->health == HEALTH_OK && !indicator->bad)
        cause->before = BEFORE_FINE; /* from here on whatever comes is new */
    cause->state = state;
}

/* --- the decision table: the first rule that holds for a bad indicator and a rollout decides */

struct question {
    const struct indicator *indicator;
    const struct cause *cause;
    bool in_grace;
};

static bool moves(const struct question *question)
{
    return question->cause->moving;
}

/* It was explained, or would have been, and is bad still. */
static bool is_late(const struct question *question)
{
    const struct cause *cause = question->cause;
    int64_t grace_ms = question->indicator->limits.grace_ms;
    return !cause->moving && !question->in_grace && cause->stopped_ms != NEVER &&
           cause->before == BEFORE_FINE &&
           question->indicator->bad_since_ms <= cause->stopped_ms + grace_ms;
}

static bool rests(const struct question *question)
{
    return !question->cause->moving && !question->in_grace;
}

static bool was_bad(const struct question *question)
{
    return question->cause->before == BEFORE_BAD;
}

static bool may_have_been_bad(const struct question *question)
{
    return question->cause->before == BEFORE_UNKNOWN;
}

static bool always(const struct question *question)
{
    (void)question;
    return true;
}

static const struct {
    bool (*holds)(const struct question *question);
    enum indicator_why why;
} rules[] = {
    {is_late, INDICATOR_GRACE_OVER}, {rests, INDICATOR_NOTHING_MOVES},
    {was_bad, INDICATOR_BEFORE},     {may_have_been_bad, INDICATOR_BEFORE_UNKNOWN},
    {moves, INDICATOR_EXPLAINED},    {always, INDICATOR_EXPLAINED_STILL},
};

static enum indicator_why decide(const struct question *question)
{
    const enum indicator_why why = state_traits(question->cause->state)->explains;
    size_t i = 0;
    if (why != INDICATOR_EXPLAINED)
        return why;
    while (!rules[i].holds(question))
        i++;
    return rules[i].why;
}

void indicator_explain(struct indicator *indicator, const struct rollout rollouts[], int64_t now_ms)
{
    bool bad = indicator->health == HEALTH_WARNING || indicator->health == HEALTH_CRITICAL;
    enum indicator_why best = INDICATOR_ALONE;
    indicator->cause = indicator->cause_count;
    for (size_t i = 0; i < indicator->cause_count; i++) {
        struct cause *cause = &indicator->causes[i];
        follow(indicator, cause, &rollouts[cause->rollout], now_ms);
        const struct question question = {indicator, cause, in_grace(indicator, cause, now_ms)};
        enum indicator_why why = decide(&question);
        if (!bad || why <= best)
            continue;
        best = why;
        indicator->cause = i;
    }
    indicator->explained = bad && best >= INDICATOR_EXPLAINED_STILL;
    if (bad)
        indicator->why = best;
}

int64_t indicator_expiry_ms(const struct indicator *indicator)
{
    if (!indicator->explained || indicator->why != INDICATOR_EXPLAINED_STILL)
        return INT64_MAX;
    return indicator->causes[indicator->cause].stopped_ms + indicator->limits.grace_ms;
}

#define WORDS_SIZE 192
#define SERIES_SIZE (INDICATOR_SERIES_SIZE + 16)
#define NOTE_SIZE (INDICATOR_NOTE_SIZE + 24)
#define PATIENCE_SIZE 32 /* " for 3600 s" */

/* With the name of a rollout between the two, when there is a second. */
struct reason {
    const char *before, *after;
};

static const struct reason *reason_of(enum indicator_why why)
{
    TABLE_OF(struct reason);
    switch (why) {
        ROW_OF(INDICATOR_NOT_ASKED, "Prometheus has not answered yet", NULL);
        ROW_OF(INDICATOR_FETCH, "no usable answer from Prometheus", NULL);
        ROW_OF(INDICATOR_LATE, "nothing new was heard of it for too long", NULL);
        ROW_OF(INDICATOR_NO_SERIES, "the query finds no series", NULL);
        ROW_OF(INDICATOR_NO_NUMBER, "the query yields NaN, which is no number", NULL);
        ROW_OF(INDICATOR_PARTIAL, "a part of the answer is missing", NULL);
        ROW_OF(INDICATOR_FINE, "", NULL);
        ROW_OF(INDICATOR_ALONE, "nothing explains it", NULL);
        ROW_OF(INDICATOR_NOTHING_MOVES, "nothing is rolling out that would explain it", NULL);
        ROW_OF(INDICATOR_ROLLOUT_UNKNOWN, "nothing is known of the rollout of ", "");
        ROW_OF(INDICATOR_BEFORE_UNKNOWN, "nobody saw whether it was orange before the rollout of ",
               " began");
        ROW_OF(INDICATOR_BEFORE, "already orange before the rollout of ", " began");
        ROW_OF(INDICATOR_GRACE_OVER, "still orange so long after the rollout of ", "");
        ROW_OF(INDICATOR_ROLLOUT_LOST_PODS, "", " has lost pods");
        ROW_OF(INDICATOR_ROLLOUT_STALLED, "the rollout of ", " has stalled");
        ROW_OF(INDICATOR_ROLLOUT_FAILED, "the rollout of ", " has failed");
        ROW_OF(INDICATOR_EXPLAINED_STILL, "explained by the rollout of ", ", which has just ended");
        ROW_OF(INDICATOR_EXPLAINED, "explained by the rollout of ", "");
    }
    NO_OTHER_ROW;
}

static void write_reason(const struct indicator *indicator, const struct rollout rollouts[],
                         char out[static WORDS_SIZE])
{
    const struct reason *reason = reason_of(indicator->why);
    const char *after = reason->after;
    bool named = after != NULL && indicator->cause < indicator->cause_count;
    snprintf(out, WORDS_SIZE, "%s%s%s", reason->before,
             named ? rollouts[indicator->causes[indicator->cause].rollout].name : "",
             named ? after : "");
}

/* `0.93, critical from 0.8 up` */
static void write_value(const struct indicator *indicator, char out[static WORDS_SIZE])
{
    const struct indicator_limits *limits = &indicator->limits;
    bool critical = indicator->health == HEALTH_CRITICAL;
    bool turning = indicator->warning.turning || indicator->critical.turning;
    char patience[PATIENCE_SIZE] = "";
    if (turning)
        snprintf(patience, sizeof patience, " for %" PRId64 " s", limits->for_ms / 1000);
    snprintf(out, WORDS_SIZE, "%.4g, %s from %.4g %s%s", indicator->value,
             health_words(indicator->health), critical ? limits->critical : limits->warning,
             limits->critical >= limits->warning ? "up" : "down", patience);
}

/* `; its series: {service="cart"}`, at the end: labels are long, and what they are about comes
   first where there is little room. */
static void write_series(const struct indicator *indicator, char out[static SERIES_SIZE])
{
    char series[INDICATOR_SERIES_SIZE];
    text_printable(series, sizeof series, indicator->series);
    out[0] = '\0';
    if (series[0] != '\0')
        snprintf(out, SERIES_SIZE, "; its series: %s", series);
}

/* "; the server says: ..."; a warning is what says that a part of the answer is missing, and why
   there is no usable answer we say ourselves. */
static void write_note(const struct indicator *indicator, char out[static NOTE_SIZE])
{
    const bool says_why = indicator->why == INDICATOR_PARTIAL || indicator->why == INDICATOR_FETCH;
    out[0] = '\0';
    if (indicator->note[0] != '\0')
        snprintf(out, NOTE_SIZE, "%s%s", says_why ? ": " : "; the server says: ", indicator->note);
}

void indicator_sentence(const struct indicator *indicator, const struct rollout rollouts[],
                        char *out, size_t size)
{
    char value[WORDS_SIZE] = "", reason[WORDS_SIZE], series[SERIES_SIZE] = "", note[NOTE_SIZE];
    write_note(indicator, note);
    write_reason(indicator, rollouts, reason);
    const bool known = indicator->health != HEALTH_UNKNOWN;
    if (known) {
        write_value(indicator, value);
        write_series(indicator, series);
    }
    const bool both = known && indicator->why != INDICATOR_FINE;
    char whole[2 * WORDS_SIZE + SERIES_SIZE + NOTE_SIZE + 4];
    snprintf(whole, sizeof whole, "%s%s%s%s%s", value, both ? "; " : "", reason, series, note);
    text_shorten(out, size, whole);
}

const char *indicator_state_name(enum health health, bool explained)
{
    if (!explained)
        return health_name(health);
    return health == HEALTH_CRITICAL ? "explained_critical" : "explained_warning";
}
