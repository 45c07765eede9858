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

#endif
