/*
 * How each look is drawn on a strip at a moment.
 */
#ifndef AMBERBAR_PICTURE_DRAW_H
#define AMBERBAR_PICTURE_DRAW_H

#include "picture/look.h"
#include "picture/strip.h"

/* What a look's drawing depends on beside the look. */
struct moment {
    double p, q;  /* levels now, 0..1 */
    bool done;    /* p is 1 because it is done */
    bool moving;  /* false: the pose at rest, which tells as much as any */
    double phase; /* 0..1 of the motion's period */
};

void draw_look(const struct strip *strip, const struct look *look, const struct moment *moment);

/* The whole strip as one lamp: hue and motion say the state, for a place that shows no progress. */
void draw_lamp(const struct strip *strip, const struct look *look, const struct moment *moment);

#endif
