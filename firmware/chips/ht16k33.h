/*
 * HT16K33: displays on I2C, as Adafruit's backpacks with seven or fourteen segments and Pimoroni's
 * Four Letter pHAT. (Holtek, HT16K33 data sheet; Adafruit_LEDBackpack.)
 *
 * Four messages: 21, oscillator on; 00 and the whole RAM of 16 bytes; E0 and the brightness; 81,
 * display on, steady. All four every time: the RAM is random after power came on, so it is written
 * before the display is switched on, and a display that was plugged in anew lights right at the
 * next frame, at 2.2 ms of bus. The chip can blink by itself, but would do so when the daemon is
 * dead.
 *
 * Seven segments: digits at RAM 0, 2, 6 and 8, the colon at 4, bit 1. Fourteen: two bytes a digit,
 * the low one first.
 */
#ifndef AMBERBAR_CHIPS_HT16K33_H
#define AMBERBAR_CHIPS_HT16K33_H

#include "chips/chip.h"

#define HT16K33_DIGITS_MAX 8

enum ht16k33_segments { HT16K33_SEVEN, HT16K33_FOURTEEN };

struct ht16k33_settings {
    int segments;       /* enum ht16k33_segments */
    int64_t digits;     /* at most 4 of seven segments */
    bool points;        /* the digits have decimal points: not on the 1.2" backpack */
    int64_t brightness; /* 0..15: 1/16 ... 16/16 */
};

extern const struct chip chip_ht16k33;

#endif
