/*
 * Two of Pimoroni's boards behind an IS31FL3731, 144 lights with 8 bits of PWM each, on I2C.
 * (Lumissil, IS31FL3731 data sheet; where the lights are: ledshim and scrollphathd.)
 *
 *     LED SHIM         28 LEDs of three colours in a row, a pixel each
 *     Scroll pHAT HD   17 by 7 white lights: a graph with words over it (columns.h), as bright as
 *                      the frame says it is drawn
 *
 * Byte FD names the page that the others go to; an address is followed by any number of bytes. Six
 * messages: page 0; which lights there are; none blinks; how bright each is; the page of functions
 * (0B); and all these: a picture, that of page 0, no breath, no sound, running. All every time, so
 * a board that was plugged in anew lights right; running last, since its memory may be random. PWM
 * is linear, and so is a frame's light: there is no gamma here.
 */
#ifndef AMBERBAR_CHIPS_IS31FL3731_H
#define AMBERBAR_CHIPS_IS31FL3731_H

#include "chips/chip.h"

#define IS31FL3731_LIGHTS 144

struct is31fl3731_settings {
    bool text;        /* of the Scroll pHAT HD */
    bool upside_down; /* so it hangs */
};

#endif
