/*
 * LEDs in rows and columns on one wire. The picture has no rows: its pixels fill them as a text
 * fills a page, line after line from the top left, or column after column. Which LED that is
 * depends on how the wire runs; a matrix that hangs turned has another first corner, and by a
 * quarter the wire along its columns instead of its rows.
 *
 *     first: top-right, wired: rows, serpentine      3 2 1 0
 *     (numbers count along the wire)                 4 5 6 7
 */
#ifndef AMBERBAR_CHIPS_MATRIX_H
#define AMBERBAR_CHIPS_MATRIX_H

#include "base/field.h"

enum matrix_corner {
    MATRIX_TOP_LEFT,
    MATRIX_TOP_RIGHT,
    MATRIX_BOTTOM_LEFT,
    MATRIX_BOTTOM_RIGHT,
};

enum matrix_way { MATRIX_ROWS, MATRIX_COLUMNS };

struct matrix {
    int64_t width, height; /* LEDs, as it hangs */
    int first;             /* enum matrix_corner: where the wire begins */
    int wired;             /* enum matrix_way: along what it runs */
    bool serpentine;       /* it turns at the end of each row; else it begins on the same side */
    int filled;            /* enum matrix_way: along what the picture runs */
};

/* The words of both enums, as board files have them. */
extern const char *const matrix_corner_words[], *const matrix_way_words[];

extern const struct field matrix_fields[]; /* into a struct matrix */

/* The pixel of the picture at a LED, counted along the wire, below width * height. */
size_t matrix_pixel(const struct matrix *matrix, size_t led);

#endif
