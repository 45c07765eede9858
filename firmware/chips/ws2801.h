/*
 * WS2801: LEDs on data and clock, three bytes each, nothing before or after. The LEDs take what
 * they have when the clock was low for 500 us, so half a frame would show at any pause that long:
 * SPI only, in one transfer, and at least that time between frames (the daemon's are 40 ms apart).
 * Worldsemi's data sheet; FastLED waits 1 ms.
 */
#ifndef AMBERBAR_CHIPS_WS2801_H
#define AMBERBAR_CHIPS_WS2801_H

#include "chips/ledstrip.h"

#endif
