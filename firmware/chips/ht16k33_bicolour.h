/*
 * Adafruit's two displays of red and green lights behind an HT16K33 (ht16k33.h): a bar of 24 and a
 * matrix of 8x8. Both colours together are amber. (Wiring: Adafruit_LEDBackpack.cpp.)
 *
 *     bar      light i, i = 0 to 23: COM (i % 12) / 4, ROW i % 4, and 4 more from the 12th on, is
 *              red; 8 ROWs on it is green
 *     matrix   COM y, ROW x is green; 8 ROWs on it is red
 *
 * A light is on or off. What it is lit for is what a lamp would be (lamps.h), in the colours there
 * are: nothing to do is green, red and magenta are red, all else is amber; and two colours say what
 * green or red alone would be wrong for, neighbours have them in turn: green and amber (lime: it
 * runs, a little is missing), red and amber (vermilion: it should move and does not).
 *
 * On the bar what is dim is dark (columns_lit()). On the matrix each pixel is a
 * column, and lightness its height (columns.h).
 */
#ifndef AMBERBAR_CHIPS_HT16K33_BICOLOUR_H
#define AMBERBAR_CHIPS_HT16K33_BICOLOUR_H

#include "chips/chip.h"

enum ht16k33_shape { HT16K33_BAR, HT16K33_MATRIX };

struct ht16k33_bicolour_settings {
    int shape;          /* enum ht16k33_shape */
    int first, wired;   /* of the matrix: enum matrix_corner, matrix_way, of COM 0, ROW 0 */
    int64_t brightness; /* 0..15 */
};

#endif
