/*
 * Frames as an SVG picture: lights as they look behind a diffuser, digits as seven segments.
 */
#ifndef AMBERBAR_COMMANDS_SVG_H
#define AMBERBAR_COMMANDS_SVG_H

#include "base/text.h"
#include "picture/frame.h"

struct svg_row {
    const char *title; /* the state */
    const char *words; /* what it means, in one line */
    const struct frame *frame;
    size_t digits; /* digits beside the strip; 0: none */
};

/* Begins, adds one row below the last, and ends a picture of `rows` rows. */
void svg_begin(struct text *out, size_t rows);
void svg_add(struct text *out, size_t index, const struct svg_row *row);
void svg_end(struct text *out);

#endif
