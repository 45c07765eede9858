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
 * A column is two bytes of RAM. As Adafruit wires it, seven segments: digits in columns 0, 1, 3 and
 * 4, in the low byte, the colon in column 2, bit 1; fourteen: columns 0 to 3, the low byte first. A
 * `map` names other columns; where a digit has column 2 there is no colon.
 */
#ifndef AMBERBAR_CHIPS_HT16K33_H
#define AMBERBAR_CHIPS_HT16K33_H

#include "chips/chip.h"

#define HT16K33_DIGITS_MAX 8

enum ht16k33_segments { HT16K33_SEVEN, HT16K33_FOURTEEN };

struct ht16k33_settings {
    int segments;                     /* enum ht16k33_segments */
    int64_t digits;                   /* at most 4 of seven segments without a map */
    char map[HT16K33_DIGITS_MAX + 1]; /* the column of each digit from the left; "": as above */
    bool points;                      /* the digits have decimal points: not on the 1.2" backpack */
    int64_t brightness;               /* 0..15: 1/16 ... 16/16 */
};

#define HT16K33_RAM_SIZE 16 /* two bytes for each of eight COMs: its ROWs 0 to 7, 8 to 15 */
#define HT16K33_FRAME_SIZE (1 + 1 + HT16K33_RAM_SIZE + 1 + 1)

/* All messages of a frame, `dimmed` (of 65535) taken from the light of `brightness`, 0 to 15. */
void ht16k33_put(const uint8_t ram[static HT16K33_RAM_SIZE], int64_t brightness, uint16_t dimmed,
                 struct wire *wire);

#endif
