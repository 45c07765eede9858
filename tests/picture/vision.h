/*
 * How different two lights look, to eyes of several kinds.
 */
#ifndef AMBERBAR_TESTS_PICTURE_VISION_H
#define AMBERBAR_TESTS_PICTURE_VISION_H

#include "picture/frame.h"

enum sight { SIGHT_FULL, SIGHT_PROTANOPIA, SIGHT_DEUTERANOPIA, SIGHT_TRITANOPIA, SIGHT_GREY };
#define SIGHT_COUNT 5

extern const char *const sight_names[SIGHT_COUNT];

struct lab { /* CIE 1976 L*a*b*, D65 */
    double l, a, b;
};

/*
 * What a light looks like to one kind of eye that has adapted to `white` (linear light of the most
 * that there is to see, 0..65535).
 */
struct lab vision_see(struct pixel light, enum sight sight, double white);

/* CIE dE2000: about 1 is just noticeable side by side. */
double vision_difference(struct lab one, struct lab other);

/* Its share that comes of lightness: dE2000 is never less, and takes much longer to reckon. */
double vision_lightness_difference(struct lab one, struct lab other);

#endif
