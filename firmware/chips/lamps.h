/*
 * Lamps that are on or off: traffic lights, stack lights, relays, and the machine's own lights.
 *
 * A frame is colours; a lamp has one of its own and a place. So each pixel's light is named by its
 * hue, and lights the lamps that stand for it, of those there are:
 *
 *     green               green        nothing to do (stable)
 *     lime                green, amber it runs, with a little missing: wait (degraded, calmly)
 *     amber               amber        it moves, or is due to what moves  (progressing, explained)
 *     orange, vermilion   red, amber   something is not as it should be (warning, stalled)
 *     red                 red          failed, critical
 *     magenta             red, blue    less is there than should be (degraded)
 *     blue                blue, or amber where there is no blue lamp (paused)
 *     white               white        not known; without a white lamp, darkness
 *
 * which is IEC 60073's use of colours; green alone is lit for green alone. So lamps that may not
 * blink still tell what to do: nothing, wait, have a look, act at once. Where there is no amber
 * lamp, red and green together are amber (lime, too), and with blue white, as the one light of such
 * boards mixes them; lime is dark where it could only be green; a stalled rollout is red there, as
 * a failed one. A lamp is lit by any pixel of the frame, or by one that it names (`pixel`), so that
 * two rows of lamps can show two rollouts.
 *
 * How bright the light is does not matter, only that it is there: no motion of a picture ever goes
 * quite dark on a single pixel, so a lamp is steady while a state lasts, and a relay never blinks.
 * With a relay among them hold_ms() asks for a second between two changes.
 *
 * One message, a byte a lamp: 1 on, 0 off. Which level is on is the line's affair.
 */
#ifndef AMBERBAR_CHIPS_LAMPS_H
#define AMBERBAR_CHIPS_LAMPS_H

#include "chips/chip.h"

#define LAMPS_MAX 16
#define LAMPS_RELAY_HOLD_MS 1000 /* contacts wear: about 1e5 operations */
#define LAMPS_ANY_PIXEL (-1)

enum lamp_colour {
    LAMP_RED,
    LAMP_AMBER,
    LAMP_GREEN,
    LAMP_BLUE,
    LAMP_WHITE,
};

struct lamp {
    int colour;    /* enum lamp_colour */
    int64_t pixel; /* of the frame; LAMPS_ANY_PIXEL */
    bool relay;    /* mechanical: at most one change a second */
};

struct lamps_settings { /* zeros: no lamps */
    struct lamp lamps[LAMPS_MAX];
    int64_t count;
};

/* What a light stands for, as in the table above: LAMP_BIT()s; 0: it is not lit. */
#define LAMP_BIT(colour) (1u << (colour))
unsigned lamps_meaning(struct pixel light);

/* The keys of one lamp of the list `lamps:`, into a struct lamp. */
extern const struct field lamp_fields[];

#endif
