/*
 * Shows, indicators and looks to draw, and what their lights are without hue.
 */
#ifndef AMBERBAR_TESTS_PICTURE_MODELS_H
#define AMBERBAR_TESTS_PICTURE_MODELS_H

#include "picture/picture.h"

extern struct pixel room[FRAME_PIXELS_MAX]; /* of every frame drawn here */
extern struct picture_settings bright;      /* as a config that says nothing, at its brightest */

/* A show of long ago. States that have no levels get none. */
struct show show_of(enum state state, double p, double q);

/* Draws one rollout as the config without segments has it, on `count` pixels and 4 digits. */
int64_t draw(const struct picture_settings *settings, const struct show *show, size_t count,
             int64_t now_ms, struct frame *frame);

/*
 * Every look: the states of a rollout, the calm one of degraded, those of unknown that somebody
 * here can fix, and those of an indicator that look like no rollout.
 */
#define LOOK_THINNED STATE_COUNT
#define LOOK_NO_NETWORK (STATE_COUNT + 1)
#define LOOK_CLOCK_UNSET (STATE_COUNT + 2)
#define LOOK_CARD_WRONG (STATE_COUNT + 3)
#define ROLLOUT_LOOKS (STATE_COUNT + 4)
#define LOOKS (ROLLOUT_LOOKS + 3)

const char *look_name(int look);

/* One look with its levels, on the whole strip. */
struct model {
    int look;
    double p, q;
    bool dimmed;
};

/* The show of a rollout's look; of the calm one, whose p begins at a half, from there on. */
struct show show_of_model(const struct model *model);

int64_t draw_model(const struct picture_settings *settings, const struct model *model, size_t count,
                   int64_t now_ms, struct frame *frame);

/* Luminance of sRGB's primaries (ITU-R BT.709), as lightness 0..1: what is left without hue. */
double lightness(const struct pixel *light);

#endif
