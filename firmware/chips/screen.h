/*
 * A canvas as what a terminal understands.
 */
#ifndef AMBERBAR_CHIPS_SCREEN_H
#define AMBERBAR_CHIPS_SCREEN_H

#include "chips/canvas.h"

/* Most bytes of one character cell: both colours set anew, and the character. */
#define SCREEN_CELL_SIZE (sizeof "\x1b[38;2;255;255;255m\x1b[48;2;255;255;255m\u2580")

/* One row of cells, colours reset and the rest of the line cleared at its end. */
void screen_row(const struct canvas *canvas, size_t row, enum terminal_colours colours,
                struct wire *wire);

/* Words on at most `columns` columns; what hides or steers is replaced, as in text_printable().
   What does not fit ends with a whole word and "...", where there is room for that. */
void screen_words(const char *words, size_t columns, struct wire *wire);

/*
 * Where words go on a second line, in bytes: the first has those before `first`, the second those
 * from `second` on. They break at " | ", which is left out, or else after the last whole word that
 * fits; where all fit on the first line, nothing is left for the second.
 */
struct screen_halves {
    size_t first, second;
};
struct screen_halves screen_halve(const char *words, size_t columns);

#endif
