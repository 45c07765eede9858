/*
 * The terminal's board as a raster: one colour a half character cell, which is about square.
 */
#ifndef AMBERBAR_CHIPS_CANVAS_H
#define AMBERBAR_CHIPS_CANVAS_H

#include "chips/terminal.h"

#define CANVAS_MARGIN ((size_t)2) /* columns on either side */

/* How lights are laid out; widths in columns, heights in half rows. */
struct lamps {
    size_t pitch;  /* columns from one light to the next */
    size_t width;  /* columns of a light */
    size_t height; /* half rows of a light */
    size_t per_row;
    size_t rows; /* of lights */
};

struct canvas {
    size_t width;         /* columns that there are; at least one digit's */
    size_t columns, rows; /* of character cells */
    size_t strip_rows;    /* of those, from the top; the digits come below */
    size_t above;         /* half rows above the strip, and below it */
    struct lamps lamps;
    size_t pixels, digits;
    bool glows; /* soft edges, and light on the board around: needs fine colours */
    struct srgb lights[FRAME_PIXELS_MAX];
    uint8_t segments[FRAME_TEXT_SIZE];
    struct srgb segment_on; /* by night darker than by day */
};

/* Sizes only, for wire_size(); canvas_show() then puts a frame on it. */
void canvas_lay_out(struct canvas *canvas, const struct terminal_settings *settings);
void canvas_show(struct canvas *canvas, const struct frame *frame);

/* The colour of column `x`, half row `y` (0 .. 2 * rows - 1). */
struct srgb canvas_at(const struct canvas *canvas, size_t x, size_t y);

#endif
