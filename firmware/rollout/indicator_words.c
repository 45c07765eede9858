/*
 * An indicator in words, for `amberbar status`, the journal and the caption on the wall.
 */
#include "base/text.h"
#include "rollout/indicator.h"

#include <inttypes.h>
#include <stdio.h>

#define WORDS_SIZE (INDICATOR_SERIES_SIZE + 160)
#define NOTE_SIZE (INDICATOR_NOTE_SIZE + 24)

/* With the name of a rollout between the two, when there is a second. */
static const struct {
    const char *before, *after;
} reasons[] = {
    [INDICATOR_NOT_ASKED] = {"Prometheus has not answered yet", NULL},
    [INDICATOR_FETCH] = {"no usable answer from Prometheus", NULL},
    [INDICATOR_LATE] = {"nothing new was heard of it for too long", NULL},
    [INDICATOR_NO_SERIES] = {"the query finds no series", NULL},
    [INDICATOR_NO_NUMBER] = {"the query yields NaN, which is no number", NULL},
    [INDICATOR_PARTIAL] = {"a part of the answer is missing", NULL},
    [INDICATOR_FINE] = {"", NULL},
    [INDICATOR_ALONE] = {"nothing explains it", NULL},
    [INDICATOR_NOTHING_MOVES] = {"nothing is rolling out that would explain it", NULL},
    [INDICATOR_ROLLOUT_UNKNOWN] = {"nothing is known of the rollout of ", ""},
    [INDICATOR_BEFORE_UNKNOWN] = {"nobody saw whether it was orange before the rollout of ",
                                  " began"},
    [INDICATOR_BEFORE] = {"already orange before the rollout of ", " began"},
    [INDICATOR_GRACE_OVER] = {"still orange so long after the rollout of ", ""},
    [INDICATOR_ROLLOUT_LOST_PODS] = {"", " has lost pods"},
    [INDICATOR_ROLLOUT_STALLED] = {"the rollout of ", " has stalled"},
    [INDICATOR_ROLLOUT_FAILED] = {"the rollout of ", " has failed"},
    [INDICATOR_EXPLAINED_STILL] = {"explained by the rollout of ", ", which has just ended"},
    [INDICATOR_EXPLAINED] = {"explained by the rollout of ", ""},
};

static void write_reason(const struct indicator *indicator, const struct rollout rollouts[],
                         char out[static WORDS_SIZE])
{
    const char *after = reasons[indicator->why].after;
    bool named = after != NULL && indicator->cause < indicator->cause_count;
    snprintf(out, WORDS_SIZE, "%s%s%s", reasons[indicator->why].before,
             named ? rollouts[indicator->causes[indicator->cause].rollout].name : "",
             named ? after : "");
}

/* `0.93 of {service="cart"}, critical from 0.8 up` */
static void write_value(const struct indicator *indicator, char out[static WORDS_SIZE])
{
    static const char *const words[HEALTH_COUNT] = {
        [HEALTH_UNKNOWN] = "unknown",
        [HEALTH_OK] = "good; warning",
        [HEALTH_WARNING] = "warning",
        [HEALTH_CRITICAL] = "critical",
    };
    const struct indicator_limits *limits = &indicator->limits;
    bool critical = indicator->health == HEALTH_CRITICAL;
    bool turning = indicator->warning.turning || indicator->critical.turning;
    char series[INDICATOR_SERIES_SIZE];
    text_printable(series, sizeof series, indicator->series);
    int length = snprintf(out, WORDS_SIZE, "%.4g%s%s, %s from %.4g %s", indicator->value,
                          series[0] != '\0' ? " of " : "", series, words[indicator->health],
                          critical ? limits->critical : limits->warning,
                          limits->critical >= limits->warning ? "up" : "down");
    if (turning && length > 0 && length < WORDS_SIZE)
        snprintf(out + length, WORDS_SIZE - (size_t)length, " for %" PRId64 " s",
                 limits->for_ms / 1000);
}

/* "; the server says: ..."; a warning is what says that a part of the answer is missing. */
static void write_note(const struct indicator *indicator, char out[static NOTE_SIZE])
{
    bool partial = indicator->why == INDICATOR_PARTIAL;
    out[0] = '\0';
    if (indicator->note[0] != '\0')
        snprintf(out, NOTE_SIZE, "%s%s", partial ? ": " : "; the server says: ", indicator->note);
}

void indicator_sentence(const struct indicator *indicator, const struct rollout rollouts[],
                        char *out, size_t size)
{
    char value[WORDS_SIZE] = "", reason[WORDS_SIZE], note[NOTE_SIZE];
    write_note(indicator, note);
    write_reason(indicator, rollouts, reason);
    if (indicator->health != HEALTH_UNKNOWN)
        write_value(indicator, value);
    bool both = value[0] != '\0' && reason[0] != '\0';
    char whole[2 * WORDS_SIZE + NOTE_SIZE + 4];
    snprintf(whole, sizeof whole, "%s%s%s%s%s", reason, both ? " (" : "", value, both ? ")" : "",
             note);
    text_copy(out, size, whole); /* cut between characters */
}

const char *indicator_state_name(enum health health, bool explained)
{
    if (!explained)
        return health_name(health);
    return health == HEALTH_CRITICAL ? "explained_critical" : "explained_warning";
}
