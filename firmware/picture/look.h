/*
 * What each state of a rollout and of an indicator looks like: a table, state x (hue, motion, fill,
 * position). Colour alone never carries meaning: any two looks differ in at least two of motion,
 * fill and position. What is left out of a look is as of the unknown.
 */
#ifndef AMBERBAR_PICTURE_LOOK_H
#define AMBERBAR_PICTURE_LOOK_H

#include "picture/colour.h"
#include "rollout/verdict.h"

#include <stddef.h>

enum motion {
    MOTION_BREATHE, /* one mark swells and fades */
    MOTION_STILL,
    MOTION_TRAVEL,   /* a soft glint runs along the strip, once a period */
    MOTION_SEESAW,   /* bar and goal brighten in turn */
    MOTION_SWAP,     /* neighbours brighten in turn */
    MOTION_THROB,    /* what is lost swells and fades */
    MOTION_ECHO,     /* swells each time that the glint of MOTION_TRAVEL comes to its bar's end */
    MOTION_BEAT,     /* like a heart: two beats and a rest */
    MOTION_CALL,     /* both ends brighten in turn, and between them it is dark */
    MOTION_PENDULUM, /* one mark swings from the start to the end and back */
    MOTION_SWELL,    /* every pixel swells and fades together */
};

enum fill {
    FILL_MARK,      /* one mark, or one at each place of its position; the rest dark */
    FILL_ALL,       /* every pixel */
    FILL_BAR,       /* p bright, q dim */
    FILL_BAR_GOAL,  /* p, and the goal it does not reach: the far end */
    FILL_ALTERNATE, /* every pixel, in a pattern of two levels */
    FILL_PAUSE,     /* p dim, and two bright marks: the pause sign */
    FILL_LOST,      /* p dim, and the rest bright */
    FILL_GLOW,      /* bright in the middle, fading to both ends */
    FILL_WEDGE,     /* dim at the start, brighter and brighter to the end */
    FILL_BURST,     /* every pixel, each later the farther it is from the middle */
    FILL_REMAINS,   /* p; what is lost, an eighth of the strip at least, is dark */
    FILL_TIPS,      /* a mark at one end or the other, the rest dark */
    FILL_HAND,      /* one mark that changes its place */
    FILL_FLOOD,     /* every pixel, from dim to as bright as can be */
    FILL_COUNT
};

enum position {
    POSITION_CENTRE,
    POSITION_WHOLE,
    POSITION_START,
    POSITION_END,
    POSITION_ENDS,
    POSITION_MOST, /* from the start over the centre, and never to the end */
    POSITION_COUNT
};

struct look {
    enum hue hue;
    enum hue blink_hue; /* of a lamp, where not `hue`: white is darkness on most (chips/lamps.h) */
    enum motion motion;
    enum fill fill;
    enum position position;
    int64_t period_ms;    /* of the motion; at least 1000, so no effect is faster than 1 Hz */
    double high, low;     /* perceived lightness 0..1 of the fill's two levels */
    int64_t blink_ms;     /* a lamp that is on or off blinks with this period; 0: it does not, */
    double blink_lit;     /* and is lit for this share of it */
    bool alarms;          /* at night it is as bright as `failed` of the config says */
    const char *words[4]; /* on a display of 1, 2, 3, 4 characters; "": it shows a number */
};

const struct look *look_of(enum state state);
enum hue look_lamp_hue(const struct look *look); /* what it is on lamps */

/* A rollout in that state, and what is said of it: what `preview` shows, and README's row says. */
struct example {
    double p, q;      /* as in its verdict */
    int64_t replicas; /* -1: not known */
    const char *words;
};

const struct example *look_example(enum state state);

/*
 * Of a verdict: that of its state, but unknown has others for what somebody here can fix: no
 * network, a clock that is not set, files on the card that are wrong; and degraded has two. While
 * it is calm, "thinned": a steady bar whose end is dark, without alarm. Only with LOOK_CALM_LEAST
 * of the pods left or more: a bar that is shorter could be taken for what is scaled to zero, and
 * losing most is no daily life.
 */
#define LOOK_CALM_LEAST 0.5
const struct look *look_of_verdict(const struct verdict *verdict);

/*
 * Of an indicator. One that is fine looks like what is stable, one that is unknown like what is
 * unknown: they mean the same.
 */
const struct look *look_of_health(enum health health, bool explained);

#endif
