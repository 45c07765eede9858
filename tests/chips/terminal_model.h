/*
 * A terminal as far as a board on it needs one: what is on its screen after some bytes, and where
 * the cursor is. Unknown sequences are counted, not guessed.
 */
#ifndef AMBERBAR_TESTS_TERMINAL_MODEL_H
#define AMBERBAR_TESTS_TERMINAL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_ROWS 60
#define SCREEN_COLUMNS 240

struct cell {
    char text[5];        /* one character in UTF-8; "" never written */
    int32_t front, back; /* 0xRRGGBB, 0x1000000 + number of 256, or -1: the terminal's own */
};

struct terminal {
    size_t columns; /* at most SCREEN_COLUMNS */
    size_t row, column;
    int32_t front, back;
    bool cursor, wraps, updating;
    unsigned unknown;  /* sequences that were not understood */
    unsigned overruns; /* characters beyond the right margin */
    struct cell cells[SCREEN_ROWS][SCREEN_COLUMNS + 1];
};

void terminal_open(struct terminal *terminal, size_t columns);
void terminal_write(struct terminal *terminal, const uint8_t *bytes, size_t length);

#endif
