/*
 * A stretch of pixels to draw on, in perceived lightness, and the bar with its sub-pixel head.
 */
#ifndef AMBERBAR_PICTURE_STRIP_H
#define AMBERBAR_PICTURE_STRIP_H

#include "picture/colour.h"

#include <stdbool.h>

struct strip {
    struct pixel *pixels;
    size_t count;
    double brightness; /* 0..1, perceived; scales every lightness that is drawn */
    const struct palette *palette;
};

/* One hue and lightness for the pixels [first, end); what lies beyond the strip is left out. */
void strip_paint(const struct strip *strip, enum hue hue, double lightness, size_t first,
                 size_t end);

/* Pixels of a mark that is seen from five metres: one, and one more for each 30 of the strip. */
size_t strip_mark(const struct strip *strip);

/*
 * A bar from the strip's start: p of it bright, up to q dim, the rest dark. The pixel at the head
 * carries the fraction as lightness, so 1 % of eight pixels shows, and more is never darker.
 */
struct bar {
    enum hue hue;
    double p, q;      /* 0..1, q >= p */
    double high, low; /* lightness of the two parts */
    bool done;        /* only then may the last pixel be as bright as the others */
};

void strip_bar(const struct strip *strip, const struct bar *bar);

/* With a soft light that has come `way` (0..1) along the bar, and over the dark beyond it. */
void strip_bar_glinting(const struct strip *strip, const struct bar *bar, double way);

/* What is lit becomes a little brighter where a ripple is that has come `way` (0..1) along. */
void strip_ripple(const struct strip *strip, double way);

/*
 * A soft crest of `hue` has come `way` (0 nothing, 1 all) along the strip, over what is there, and
 * leaves the pixels of `rest` behind it, whose brightest have `lightness`.
 */
void strip_sweep(const struct strip *strip, const struct pixel rest[], enum hue hue,
                 double lightness, double way);

#endif
