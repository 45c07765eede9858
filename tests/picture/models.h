/*
 * Shows, indicators and looks to draw, and what their lights are without hue.
 */
#ifndef AMBERBAR_TESTS_PICTURE_MODELS_H
#define AMBERBAR_TESTS_PICTURE_MODELS_H

#include "picture/picture.h"

extern struct pixel room[FRAME_PIXELS_MAX]; /* of every frame drawn here */
extern const struct picture_settings bright;

/* A show of long ago. States that have no levels get none. */
struct show show_of(enum state state, double p, double q);

/* Draws one rollout as the config without segments has it, on `count` pixels and 4 digits. */
int64_t draw(const struct picture_settings *settings, const struct show *show, size_t count,
             int64_t now_ms, struct frame *frame);

/*
 * Every look: the states of a rollout, the calm one of degraded, and those of an indicator that
 * look like no rollout.
 */
#define LOOK_THINNED STATE_COUNT
#define ROLLOUT_LOOKS (STATE_COUNT + 1)
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
