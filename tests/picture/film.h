/*
 * Four seconds of a look on a display, and how different two of them are.
 */
#ifndef AMBERBAR_TESTS_PICTURE_FILM_H
#define AMBERBAR_TESTS_PICTURE_FILM_H

#include "picture/displays.h"
#include "vision.h"

#define FILM_STEP_MS 200
#define FILM_STEPS 20 /* four seconds: the slowest motion's period */
#define FILM_GLANCE 10

/* What a display's lights are made to be, at each step. */
struct shot {
    size_t count;
    struct pixel lights[FILM_STEPS][DISPLAY_LIGHTS_MAX];
};

void shoot(const struct display *display, const struct picture_settings *settings,
           const struct model *model, struct shot *shot);

/* A bit a light. */
typedef uint64_t film_bits[DISPLAY_LIGHTS_MAX / 64];

/* What eyes of one kind see of it. */
struct film {
    size_t count;
    struct lab lights[FILM_STEPS][DISPLAY_LIGHTS_MAX];
    film_bits lit[FILM_STEPS];
    film_bits repeats[FILM_STEPS]; /* it looks like the light before it */
    int same_as[FILM_STEPS];       /* the first step that looks like this one */
};

/* Eyes adapt: white is the most that the display gives at this brightness. */
void film_see(struct film *film, const struct shot *shot, const struct picture_settings *settings,
              enum sight sight);

/*
 * Root mean square of dE2000 over two seconds and all lights that are lit, with one film running
 * late by as much as makes them most alike: nobody knows when a glance begins. Infinite when it is
 * more than `limit`.
 */
double film_distance(const struct film *a, const struct film *b, double limit);

#endif
