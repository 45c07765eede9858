/*
 * A board on the terminal: the strip as round lights, the digits as seven segments, and the caption
 * in words, drawn in place. After each frame the cursor is at the start of the board's first line,
 * so that a log line, which clears what is below it first, pushes the board down.
 */
#ifndef AMBERBAR_CHIPS_TERMINAL_H
#define AMBERBAR_CHIPS_TERMINAL_H

#include "chips/chip.h"

enum terminal_colours {
    COLOURS_AUTO,       /* terminal_adapt() decides */
    COLOURS_TRUECOLOUR, /* 24 bits */
    COLOURS_256,
    COLOURS_NONE, /* light as characters from faint to full */
};

struct terminal_settings {
    int64_t pixels, digits;
    int colours;     /* enum terminal_colours */
    int64_t width;   /* columns; 0: terminal_adapt() decides; 80 */
    int64_t per_row; /* a matrix: lights in a row; 0: a strip, over as many rows as it takes */
    bool plain; /* no terminal: a line of words a change, no escapes. Set by terminal_adapt() */
};

/* What a process knows of its standard output and its environment (NULL: not set). */
struct terminal_facts {
    bool is_terminal;
    int64_t columns;                         /* 0: not known */
    const char *term, *colorterm, *no_color; /* TERM, COLORTERM, NO_COLOR */
};

/* Fills in what the settings leave open. Call it before wire_size(). */
void terminal_adapt(struct terminal_settings *settings, const struct terminal_facts *facts);

/* Lines that the board takes on a terminal, the caption's included; 0 when it is plain. */
size_t terminal_rows(const struct terminal_settings *settings);

#endif
