/*
 * Frames as text, for programs: one JSON line a frame,
 * {"t_ms":1200,"pixels":["#ffaa00","#000000"],"text":"42"}: t_ms the frame's moment, colours as
 * sRGB of the light after brightness, as the eye should see them.
 */
#ifndef AMBERBAR_CHIPS_FRAMES_H
#define AMBERBAR_CHIPS_FRAMES_H

#include "chips/chip.h"

struct frames_settings {
    int64_t pixels, digits;
};

#endif
