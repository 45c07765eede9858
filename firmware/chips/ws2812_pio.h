/*
 * WS2812 LEDs behind the Pi 5's kernel driver: dtoverlay=ws2812-pio gives /dev/leds0, to which four
 * bytes a LED are written, red, green, blue, white (raspberrypi/linux,
 * drivers/misc/ws2812-pio-rp1.c).
 *
 * The driver dims each byte by a brightness and then by its own gamma table,
 * floor(255 (x / 255)^(1 / 0.45)), and sends green first. So a frame is two messages: one byte, the
 * brightness, at full; then the LEDs, each level as the byte that the table makes nearest to it.
 * Above 74 the table leaves some levels out; their neighbours are taken, and none that is lit goes
 * out.
 * For LEDs in another order than green, red, blue the colours are swapped beforehand; without
 * `rgbw` on the overlay the fourth byte is not sent.
 */
#ifndef AMBERBAR_CHIPS_WS2812_PIO_H
#define AMBERBAR_CHIPS_WS2812_PIO_H

#include "chips/ledstrip.h"

#endif
