/*
 * WS2812B and SK6812 (NeoPixel): one data wire, driven by the data line of SPI at 3.0 MHz, where
 * each bit becomes four: 1000 for a 0 and 1100 for a 1, most significant first. That is 335 or
 * 670 ns of light-up time, which fits at once the classic WS2812B (250-550, 650-950 ns), the V5
 * (220-380, 580-1000) and the SK6812 (150-450, 450-750): WorldSemi's and Opsco's data sheets.
 * A symbol never straddles two bytes and ends low, so that a controller's pause between bytes does
 * no harm; but a longer one does, so a frame is one transfer.
 *
 * On the wire: zeros for 300 us, 12 bytes a LED (16 with white), zeros for 300 us. The LEDs take
 * what they have at 50 us of low (classic) to 280 us (V5). The first zeros undo whatever edge a
 * controller made before its first bit, the last leave the wire low. Even one LED fills more than
 * the 96 bytes below which a Pi's driver sends without DMA, with gaps (spi-bcm2835.c).
 *
 * The clock a Pi really gives is 2.94 to 2.99 MHz; it may be asked for 2.25 to 3.08 MHz. A WS2813
 * (300-450, 750-1000 ns) needs 2.6 MHz. Green comes first; SK6812 with a white LED have a fourth
 * byte: `order: grbw`.
 */
#ifndef AMBERBAR_CHIPS_WS2812_H
#define AMBERBAR_CHIPS_WS2812_H

#include "chips/ledstrip.h"

#define WS2812_RESET_BYTES 113 /* 301 us at 3.0 MHz */
#define WS2812_BYTES 4         /* of SPI, a byte of light */

#endif
