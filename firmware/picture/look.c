#include "picture/look.h"

/*
 * Slow for what waits (breathing, 4 s), quicker for what needs someone (0.6 Hz): within IEC 60073's
 * "slow flashing" of 0.4 to 0.8 Hz, and far from the 3 Hz of WCAG 2.3.1. The words are those that
 * seven segments can spell.
 */
static const struct look looks[STATE_COUNT] = {
    [STATE_UNKNOWN] = {.hue = HUE_WHITE,
                       .motion = MOTION_BREATHE,
                       .fill = FILL_MARK,
                       .position = POSITION_CENTRE,
                       .period_ms = 4000,
                       .high = 0.50,
                       .low = 0.14,
                       .words = {"-", "--", "---", "----"}},
    [STATE_STABLE] = {.hue = HUE_GREEN,
                      .motion = MOTION_STILL,
                      .fill = FILL_ALL,
                      .position = POSITION_WHOLE,
                      .high = 0.50,
                      .words = {"o", "Go", "End", "donE"}},
    [STATE_PROGRESSING] = {.hue = HUE_AMBER,
                           .motion = MOTION_TRAVEL,
                           .fill = FILL_BAR,
                           .position = POSITION_START,
                           .period_ms = 2000,
                           .high = 0.90,
                           .low = 0.24,
                           .blink_ms = 2000,
                           .blink_lit = 0.65,
                           .words = {"", "", "", ""}},
    [STATE_STALLED] = {.hue = HUE_VERMILION,
                       .motion = MOTION_SEESAW,
                       .fill = FILL_BAR_GOAL,
                       .position = POSITION_ENDS,
                       .period_ms = 2400,
                       .high = 0.90,
                       .low = 0.25,
                       .words = {"L", "SL", "StL", "StAL"}},
    [STATE_FAILED] = {.hue = HUE_RED,
                      .motion = MOTION_SWAP,
                      .fill = FILL_ALTERNATE,
                      .position = POSITION_WHOLE,
                      .period_ms = 1600,
                      .high = 1.00,
                      .low = 0.18,
                      .blink_ms = 1600,
                      .blink_lit = 0.5,
                      .words = {"F", "FA", "FAL", "FAIL"}},
    [STATE_PAUSED] = {.hue = HUE_SKY,
                      .motion = MOTION_STILL,
                      .fill = FILL_PAUSE,
                      .position = POSITION_CENTRE,
                      .high = 0.95,
                      .low = 0.40,
                      .words = {"P", "PA", "PAU", "PAUS"}},
    [STATE_DEGRADED] = {.hue = HUE_MAGENTA,
                        .motion = MOTION_THROB,
                        .fill = FILL_LOST,
                        .position = POSITION_END,
                        .period_ms = 2400,
                        .high = 1.00,
                        .low = 0.15,
                        .words = {"d", "dE", "dEG", "dEGr"}},
    [STATE_SCALED_TO_ZERO] = {.hue = HUE_REST,
                              .motion = MOTION_STILL,
                              .fill = FILL_MARK,
                              .position = POSITION_START,
                              .high = 0.35,
                              .blink_ms = 2000,
                              .blink_lit = 0.25,
                              .words = {"0", "0", "0", "0"}},
};

/* As bright as stable, and as still: nobody is called. The digits count what is lost. */
static const struct look thinned = {.hue = HUE_LIME,
                                    .motion = MOTION_STILL,
                                    .fill = FILL_REMAINS,
                                    .position = POSITION_MOST,
                                    .high = 0.50,
                                    .words = {"t", "th", "thi", "thin"}};

/*
 * What is explained belongs to the bar, so it has the bar's hue and its period: the light that runs
 * along the bar ends in it. A warning stands still. A critical indicator beats, within 2 Hz.
 */
static const struct look explained = {.hue = HUE_AMBER,
                                      .motion = MOTION_ECHO,
                                      .fill = FILL_GLOW,
                                      .position = POSITION_CENTRE,
                                      .period_ms = 2000,
                                      .high = 0.85,
                                      .low = 0.30,
                                      .blink_ms = 2000,
                                      .blink_lit = 0.35,
                                      .words = {"", "", "", ""}};

static const struct look warning = {.hue = HUE_ORANGE,
                                    .motion = MOTION_STILL,
                                    .fill = FILL_WEDGE,
                                    .position = POSITION_END,
                                    .high = 1.00,
                                    .low = 0.10,
                                    .blink_ms = 2000,
                                    .blink_lit = 0.2,
                                    .words = {"C", "CA", "CAr", "CArE"}};

static const struct look critical = {.hue = HUE_RED,
                                     .motion = MOTION_BEAT,
                                     .fill = FILL_BURST,
                                     .position = POSITION_WHOLE,
                                     .period_ms = 2000,
                                     .high = 1.00,
                                     .low = 0.30,
                                     .blink_ms = 1000,
                                     .blink_lit = 0.5,
                                     .words = {"A", "AL", "ALr", "ALrt"}};

const struct look *look_of(enum state state)
{
    return &looks[state];
}

const struct look *look_of_verdict(const struct verdict *verdict)
{
    bool calm = verdict->state == STATE_DEGRADED && verdict->calm && verdict->p >= LOOK_CALM_LEAST;
    return calm ? &thinned : look_of(verdict->state);
}

const struct look *look_of_health(enum health health, bool is_explained)
{
    const struct look *const plain[HEALTH_COUNT] = {
        [HEALTH_UNKNOWN] = &looks[STATE_UNKNOWN],
        [HEALTH_OK] = &looks[STATE_STABLE],
        [HEALTH_WARNING] = &warning,
        [HEALTH_CRITICAL] = &critical,
    };
    return is_explained ? &explained : plain[health];
}
