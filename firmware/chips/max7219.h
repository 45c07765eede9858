/*
 * MAX7219 and MAX7221: displays of up to eight digits a chip, chained from DOUT to DIN.
 * (Maxim, data sheet 19-4452.)
 *
 * A message is one 16-bit word a chip, register and value; the first ends up in the last chip of
 * the chain, and all take theirs when LOAD (CS) rises. Noise on the supply makes these chips forget
 * or go into display test, so every frame writes every register: display test off, no decoding, all
 * eight digits scanned (fewer would need another RSET), intensity, the digits, running. Segments
 * are g at bit 0 ... a at bit 6, the dot at bit 7.
 */
#ifndef AMBERBAR_CHIPS_MAX7219_H
#define AMBERBAR_CHIPS_MAX7219_H

#include "chips/chip.h"

#define MAX7219_CHIPS_MAX 8
#define MAX7219_DIGITS 8 /* of a chip */

enum max7219_side { MAX7219_RIGHT, MAX7219_LEFT };

struct max7219_settings {
    int64_t chips;
    int64_t digits;               /* of each chip: its digits 0 ... are wired */
    int first_digit;              /* enum max7219_side: where a chip's digit 0 is */
    int first_chip;               /* enum max7219_side: where the chip next to the Pi is */
    char map[MAX7219_DIGITS + 1]; /* the chip's digit of each place from the left, instead of
                                     first_digit; "": none */
    int64_t brightness;           /* 0..15: 1/32, 3/32 ... 31/32 (MAX7221: 1/16 ... 15/16) */
};

/* What all displays behind these chips share. */
#define MAX7219_FRAME_SIZE (2 * (5 + MAX7219_DIGITS)) /* bytes a chip */
#define MAX7219_SPI                                                       \
    {                                                                     \
        .hz = 1000000, .min_hz = 10000, .max_hz = 10000000, .whole = true \
    }

/* The intensity that lacks `dimmed` (of 65535) of the light of `most`. */
uint8_t max7219_intensity(int64_t most, uint16_t dimmed);

/* A frame of a chain of `count`, the chip next to the board first. */
struct max7219_digits {
    uint8_t digits[MAX7219_DIGITS]; /* a register each, as it goes over the wire */
};
void max7219_put(const struct max7219_digits chain[], size_t count, uint8_t intensity,
                 struct wire *wire);

#endif
