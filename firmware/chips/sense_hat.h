/*
 * Raspberry Pi Sense HAT: 8x8 LEDs, which its own microcontroller drives and the kernel offers as a
 * framebuffer of 128 bytes: row by row from the top left, two bytes a LED, the low one first, red
 * in the highest 5 bits, then 6 of green and 5 of blue (RGB565).
 * (raspberrypi/linux, drivers/video/fbdev/rpisense-fb.c.)
 *
 * The driver takes 5 bits of each colour and makes them light by a table, of which the first five
 * are darkness; so here a level is looked for in that table. 31 levels are too few to tell
 * lightness by, above all at night: each pixel is a column, and its lightness the height
 * (columns.h), in the pixel's colour, as bright as the frame says it is drawn. Two levels are the
 * least: with one amber would be red.
 */
#ifndef AMBERBAR_CHIPS_SENSE_HAT_H
#define AMBERBAR_CHIPS_SENSE_HAT_H

#include "chips/chip.h"

struct sense_hat_settings {
    int first, wired; /* of the picture's rows: enum matrix_corner, matrix_way */
};

#endif
