#include "picture/look.h"

#include "base/table.h"

/*
 * Slow for what waits (breathing, 4 s), quicker for what needs someone (0.6 Hz): within IEC 60073's
 * "slow flashing" of 0.4 to 0.8 Hz, and far from the 3 Hz of WCAG 2.3.1. The words are those that
 * seven segments can spell.
 */
static const struct look unknown = {.hue = HUE_WHITE,
                                    .motion = MOTION_BREATHE,
                                    .fill = FILL_MARK,
                                    .position = POSITION_CENTRE,
                                    .period_ms = 4000,
                                    .high = 0.50,
                                    .low = 0.14,
                                    .words = {"-", "--", "---", "----"}};

static const struct look stable = {.hue = HUE_GREEN,
                                   .motion = MOTION_STILL,
                                   .fill = FILL_ALL,
                                   .position = POSITION_WHOLE,
                                   .high = 0.50,
                                   .words = {"o", "Go", "End", "donE"}};

static const struct look progressing = {.hue = HUE_AMBER,
                                        .motion = MOTION_TRAVEL,
                                        .fill = FILL_BAR,
                                        .position = POSITION_START,
                                        .period_ms = 2000,
                                        .high = 0.90,
                                        .low = 0.24,
                                        .blink_ms = 2000,
                                        .blink_lit = 0.65,
                                        .words = {"", "", "", ""}};

static const struct look stalled = {.hue = HUE_VERMILION,
                                    .motion = MOTION_SEESAW,
                                    .fill = FILL_BAR_GOAL,
                                    .position = POSITION_ENDS,
                                    .period_ms = 2400,
                                    .high = 0.90,
                                    .low = 0.25,
                                    .words = {"L", "SL", "StL", "StAL"}};

static const struct look failed = {.hue = HUE_RED,
                                   .motion = MOTION_SWAP,
                                   .fill = FILL_ALTERNATE,
                                   .position = POSITION_WHOLE,
                                   .period_ms = 1600,
                                   .high = 1.00,
                                   .low = 0.18,
                                   .blink_ms = 1600,
                                   .blink_lit = 0.5,
                                   .alarms = true,
                                   .words = {"F", "FA", "FAL", "FAIL"}};

static const struct look paused = {.hue = HUE_SKY,
                                   .motion = MOTION_STILL,
                                   .fill = FILL_PAUSE,
                                   .position = POSITION_CENTRE,
                                   .high = 0.95,
                                   .low = 0.40,
                                   .words = {"P", "PA", "PAU", "PAUS"}};

static const struct look degraded = {.hue = HUE_MAGENTA,
                                     .motion = MOTION_THROB,
                                     .fill = FILL_LOST,
                                     .position = POSITION_END,
                                     .period_ms = 2400,
                                     .high = 1.00,
                                     .low = 0.15,
                                     .words = {"d", "dE", "dEG", "dEGr"}};

static const struct look scaled_to_zero = {.hue = HUE_REST,
                                           .motion = MOTION_STILL,
                                           .fill = FILL_MARK,
                                           .position = POSITION_START,
                                           .high = 0.35,
                                           .blink_ms = 2000,
                                           .blink_lit = 0.25,
                                           .words = {"0", "0", "0", "0"}};

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
                                     .alarms = true,
                                     .words = {"A", "AL", "ALr", "ALrt"}};

/*
 * What the board itself lacks is white as well, for nothing is known; who sees it can fix it. Lamps
 * have no white that is seen: there they wait for a network or the time, and call for a look at the
 * card.
 */
static const struct look no_network = {.hue = HUE_WHITE,
                                       .blink_hue = HUE_SKY,
                                       .motion = MOTION_CALL,
                                       .fill = FILL_TIPS,
                                       .position = POSITION_ENDS,
                                       .period_ms = 2400,
                                       .high = 0.80,
                                       .blink_ms = 1000,
                                       .blink_lit = 0.5,
                                       .words = {"u", "nE", "nEt", "nonE"}};

static const struct look clock_unset = {.hue = HUE_WHITE,
                                        .blink_hue = HUE_SKY,
                                        .motion = MOTION_PENDULUM,
                                        .fill = FILL_HAND,
                                        .position = POSITION_WHOLE,
                                        .period_ms = 4000,
                                        .high = 0.80,
                                        .low = 0.25,
                                        .blink_ms = 1000,
                                        .blink_lit = 0.2,
                                        .words = {"h", "cL", "cLo", "cLoc"}};

static const struct look card_wrong = {.hue = HUE_WHITE,
                                       .blink_hue = HUE_VERMILION,
                                       .motion = MOTION_SWELL,
                                       .fill = FILL_FLOOD,
                                       .position = POSITION_WHOLE,
                                       .period_ms = 2000,
                                       .high = 0.90,
                                       .low = 0.25,
                                       .blink_ms = 1000,
                                       .blink_lit = 0.5,
                                       .words = {"E", "Er", "Err", "CArd"}};

const struct look *look_of(enum state state)
{
    switch (state) {
        ROW(STATE_UNKNOWN, &unknown);
        ROW(STATE_STABLE, &stable);
        ROW(STATE_PROGRESSING, &progressing);
        ROW(STATE_STALLED, &stalled);
        ROW(STATE_FAILED, &failed);
        ROW(STATE_PAUSED, &paused);
        ROW(STATE_DEGRADED, &degraded);
        ROW(STATE_SCALED_TO_ZERO, &scaled_to_zero);
        ROW_COUNT(STATE_COUNT);
    }
    NO_OTHER_ROW;
}

enum hue look_lamp_hue(const struct look *look)
{
    return look->blink_hue != HUE_WHITE ? look->blink_hue : look->hue;
}

static const struct look *look_of_unknown(enum own_fault fault)
{
    switch (fault) {
        ROW(OWN_FAULT_ELSEWHERE, &unknown);
        ROW(OWN_FAULT_NETWORK, &no_network);
        ROW(OWN_FAULT_CLOCK, &clock_unset);
        ROW(OWN_FAULT_CARD, &card_wrong);
    }
    NO_OTHER_ROW;
}

const struct example *look_example(enum state state)
{
    TABLE_OF(struct example);
    switch (state) {
        ROW_OF(STATE_UNKNOWN, P_NONE, P_NONE, -1, "no answer, or none that adds up");
        ROW_OF(STATE_STABLE, 1, 1, 12, "the newest version, everywhere");
        ROW_OF(STATE_PROGRESSING, 0.43, 0.7, 12, "bright: serving; dim: created");
        ROW_OF(STATE_STALLED, 0.6, 0.6, 12, "nothing has moved for ten minutes");
        ROW_OF(STATE_FAILED, 0.25, 0.5, 12, "the controller gave up");
        ROW_OF(STATE_PAUSED, 0.5, 0.5, 12, "somebody paused it");
        ROW_OF(STATE_DEGRADED, 0.75, 1, 12, "nothing rolls, but pods are lost");
        ROW_OF(STATE_SCALED_TO_ZERO, P_NONE, P_NONE, 0, "no replicas wanted, none there");
        ROW_COUNT(STATE_COUNT);
    }
    NO_OTHER_ROW;
}

const struct look *look_of_verdict(const struct verdict *verdict)
{
    bool calm =
        state_is(verdict->state, STATE_LOSES) && verdict->calm && verdict->p >= LOOK_CALM_LEAST;
    if (verdict->state == STATE_UNKNOWN)
        return look_of_unknown(why_fault(verdict->why));
    return calm ? &thinned : look_of(verdict->state);
}

static const struct look *look_of_plain(enum health health)
{
    switch (health) {
        ROW(HEALTH_UNKNOWN, &unknown);
        ROW(HEALTH_OK, &stable);
        ROW(HEALTH_WARNING, &warning);
        ROW(HEALTH_CRITICAL, &critical);
        ROW_COUNT(HEALTH_COUNT);
    }
    NO_OTHER_ROW;
}

const struct look *look_of_health(enum health health, bool is_explained)
{
    return is_explained ? &explained : look_of_plain(health);
}
