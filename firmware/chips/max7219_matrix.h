/*
 * 8x8 matrices of one colour behind a MAX7219 each, chained: FC-16's four in a row, and others.
 * The words on the wire are those of max7219.h; a register of a digit is a row or a column of its
 * matrix, with the segment DP (bit 7) at its beginning and G (bit 0) at its end.
 *
 * Each pixel is a column: columns.h. Modules differ in how a matrix is soldered to its chip, and in
 * how they hang: `first` and `wired` say where the first register begins and what it is.
 *
 *     FC-16                    top-left, rows        (as hung with the input at the right)
 *     Parola                   top-right, rows
 *     single ones, green       top-right, columns
 *     ICStation's kit          bottom-right, rows
 */
#ifndef AMBERBAR_CHIPS_MAX7219_MATRIX_H
#define AMBERBAR_CHIPS_MAX7219_MATRIX_H

#include "chips/max7219.h"

struct max7219_matrix_settings {
    int64_t chips;
    int first;                    /* enum matrix_corner: where the DP of digit 0 is */
    int wired;                    /* enum matrix_way: what a digit's register is */
    char map[MAX7219_DIGITS + 1]; /* the chip's digit of each row (or column) from the first; "":
                                     01234567 */
    int first_chip;               /* enum max7219_side */
    bool text;
    int64_t brightness; /* 0..15, as in max7219.h */
};

#endif
