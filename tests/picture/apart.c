#include "picture/apart.h"

const double apart_levels[APART_LEVELS][2] = {{0, 0}, {0.33, 0.6}, {0.8, 1}};

/* At rest but for three lamps that are on or off: without blinking they have too few faces. Lamps
 * and digits have colours of their own. */
const struct showing showings[SHOWINGS] = {
    [SHOWING_MOVING] = {PALETTE_DEFAULT, PICTURE_MOTION_ON, DISPLAYS},
    [SHOWING_STILL] = {PALETTE_DEFAULT, PICTURE_MOTION_OFF, DISPLAYS - 1},
    [SHOWING_COLOUR_BLIND] = {PALETTE_COLOUR_BLIND, PICTURE_MOTION_ON, 3},
    [SHOWING_NIGHT_RED] = {PALETTE_NIGHT_RED, PICTURE_MOTION_ON, 3},
};

_Static_assert(SHOWINGS == PALETTE_COUNT + 1, "a palette is shown nowhere");

double apart_least(int look, int other)
{
    return look < ROLLOUT_LOOKS && other < ROLLOUT_LOOKS ? APART_LEAST : APART_LEAST_GAUGE;
}

struct picture_settings apart_settings(const struct showing *showing, int hour)
{
    static const double brightness[APART_HOURS] = {0.5, 0.03};
    return (struct picture_settings){.brightness = brightness[hour],
                                     .palette = &palettes[showing->palette],
                                     .motion = (int)showing->motion};
}

enum sight apart_first_sight(const struct showing *showing)
{
    return showing->palette == PALETTE_NIGHT_RED ? SIGHT_GREY : SIGHT_FULL;
}
