/*
 * Small lights on USB, which take HID reports by hidraw. Each message is one report, its number
 * first. Levels are light: none of them corrects for the eye.
 *
 * blink(1) (todbot/blink1, docs/blink1-hid-commands.md and hardware/firmware_mk2): feature reports
 * of nine bytes, 01 and a command: 'c' R G B, a time in 10 ms (two bytes), which LED (0 all, 1 top,
 * 2 bottom) fades there; 'P' R G B, time, place: a line of its pattern, in its memory until it
 * loses power (the first model writes it into EEPROM); 'l' n: the LED of lines that are written
 * next; 'D' on, time, 1, first line, last line: plays those lines once nothing has come for the
 * time. So a picture is a dark line 15, the timer for it, and the colours; and when this machine
 * dies, the light goes dark.
 *
 * BlinkStick (subzey/blinkstick-webhid): feature reports. 01 R G B is the first LED, all
 * that the first model has. 06, 07, 08 and 09, then the channel, are 8, 16, 32 and 64 LEDs in the
 * strip's own order, green first.
 *
 * Luxafor Flag (JnyJny/busylight, its documentation): output reports of eight bytes
 * without a number, so 00 goes before them: 01, which LED (ff all, 1 to 3 one side, 4 to 6 the
 * other), R, G, B.
 */
#ifndef AMBERBAR_CHIPS_USBLIGHT_H
#define AMBERBAR_CHIPS_USBLIGHT_H

#include "chips/ledstrip.h"

#define BLINK1_PIXELS_MAX 2
#define BLINK1_TIMER_MS 10000
#define BLINK1_REPEAT_MS 3000 /* a few may fail before the timer ends */
struct blink1_settings {
    int64_t pixels;
    bool timer;
};

#define BLINKSTICK_PIXELS_MAX 64
struct blinkstick_settings {
    struct ledstrip_settings strip; /* first */
    int channel;
};

#define LUXAFOR_PIXELS_MAX 6
struct luxafor_settings {
    int64_t pixels; /* 1: all alike; 3: both sides alike; 6 */
};

#endif
