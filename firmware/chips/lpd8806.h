/*
 * LPD8806: LEDs on data and clock, three bytes each with the top bit set over 7 bits of light. A
 * byte 00 makes a LED wait for its own three bytes again and is passed on a LED at a time, so one
 * such byte reaches 32 LEDs: ceil(n/32) of them before the frame, for a strip in any state, and
 * after it, where they also complete the last byte. (Adafruit's LPD8806 notes; Zephyr,
 * drivers/led_strip/lpd880x.c.)
 */
#ifndef AMBERBAR_CHIPS_LPD8806_H
#define AMBERBAR_CHIPS_LPD8806_H

#include "chips/ledstrip.h"

#endif
