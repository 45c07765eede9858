/*
 * A matrix of lights that are on or off, without shades: each pixel of the frame is a column, and
 * its lightness is how many lights of it are lit, from the bottom. So the picture is a graph, which
 * needs no colour: a bar is high, what is created and does not serve yet is low beside it, a glint
 * is a wave that runs along, alarms fill the height.
 *
 *     ▁▁▆▆▆▆▆▆▂▂▂▂        heights are shares of the brightness that the frame says it is drawn at,
 *                         so night takes nothing of them; a frame that says none is lit in full
 *
 * With a text over it the graph is the lowest two lights. The letters are 3 wide and 5 high.
 */
#ifndef AMBERBAR_CHIPS_COLUMNS_H
#define AMBERBAR_CHIPS_COLUMNS_H

#include "picture/frame.h"

#include <stdbool.h>

#define COLUMNS_ROWS_MAX 8
#define COLUMNS_MAX 64   /* that are seen */
#define COLUMNS_LETTER 4 /* columns of a letter with its gap */
#define COLUMNS_TEXT_ROWS 6

#define COLUMNS_TALL 0.45 /* of two lights the second: more than what halts, or is at rest */

struct columns {
    size_t count, rows; /* rows up to COLUMNS_ROWS_MAX; with a text more than COLUMNS_TEXT_ROWS */
    bool text;
};

/*
 * The light of a pixel's strongest channel. Green and white are driven at six tenths, so as to look
 * as bright as the others (colour.h): here they count like these.
 */
uint16_t columns_light(struct pixel pixel);

/* Whether light is at least `lightness` of a frame. */
bool columns_reach(const struct frame *frame, uint16_t light, double lightness);

/* How many of `rows` lights a pixel of the frame lights. One row is like columns_lit(), and of two
   the last pixel of a bar has both for no less than the bar itself. */
size_t columns_height(const struct frame *frame, size_t pixel, size_t rows);

/*
 * Whether a light that stands alone, one of `count` in a row, is lit. What calls someone (red and
 * its kin, and the halt) is above the middle of its motion, so that it blinks. Of the rest what is
 * created only (0.24) is dark and the top of a glint over the dark (0.27) is lit; but the last
 * light of a bar, which is held back until all is done, is lit for no less than the bar itself.
 */
#define COLUMNS_CALLING 0.44
#define COLUMNS_LIT 0.245
#define COLUMNS_LAST 0.8
bool columns_lit(const struct frame *frame, size_t pixel, size_t count);

/* The lights of each column, the topmost at bit 0. */
void columns_draw(const struct columns *columns, const struct frame *frame, uint8_t lit[]);

/* The same as it looks, row by row from the top left: what is lit in the colour of its column. */
void columns_see(const struct columns *columns, const struct frame *frame,
                 const struct pixel colours[], struct pixel lights[]);

/* A light of this colour that is on, with what the frame's night takes of it. */
#define COLUMNS_RED ((const struct pixel){UINT16_MAX, 2200, 1400}) /* as most are */
struct pixel columns_on(const struct frame *frame, struct pixel colour);

#endif
