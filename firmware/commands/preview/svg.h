/*
 * Lights as an SVG picture: as they look behind a diffuser, digits as seven segments. What moves is
 * animated by CSS in the picture itself; where that is not played, it shows the first moment.
 */
#ifndef AMBERBAR_COMMANDS_PREVIEW_SVG_H
#define AMBERBAR_COMMANDS_PREVIEW_SVG_H

#include "base/text.h"
#include "picture/frame.h"

#define SVG_SEGMENTS 8 /* of a digit: a to g, and the dot */

/* What every row of the picture shows. */
struct svg_sheet {
    size_t rows;
    size_t pixels;
    size_t width;  /* of a matrix: pixels in a row; 0: a strip */
    size_t digits; /* digits beside the strip; 0: none */
};

/* Lights of one moment: the pixels, then each digit's segments (black: off). */
size_t svg_lights(const struct svg_sheet *sheet);

struct svg_row {
    const char *title;         /* the state */
    const char *words;         /* what it means, in one line */
    const struct srgb *lights; /* svg_lights() of each moment, one moment after the other */
    size_t moments;            /* 1: it stands still */
    int64_t step_ms;           /* from one moment to the next; after the last comes the first */
};

/* Begins, adds the row `index`, and ends. */
void svg_begin(struct text *out, const struct svg_sheet *sheet);
void svg_add(struct text *out, const struct svg_sheet *sheet, size_t index,
             const struct svg_row *row);
void svg_end(struct text *out);

#endif
