/*
 * Colours as lights make them, and brightness as eyes see it.
 */
#ifndef AMBERBAR_PICTURE_COLOUR_H
#define AMBERBAR_PICTURE_COLOUR_H

#include "picture/frame.h"

enum hue {
    HUE_WHITE, /* of what is not known, and of a look that names no hue */
    HUE_GREEN,
    HUE_AMBER,
    HUE_ORANGE,
    HUE_VERMILION,
    HUE_RED,
    HUE_SKY,
    HUE_MAGENTA,
    HUE_REST, /* green again, of what is at rest: so that it can be coloured by itself */
    HUE_LIME, /* green that leans to yellow, of what runs though some of it is missing */
    HUE_COUNT
};

/* How strongly each channel is driven at full lightness, 0..1, in linear light. */
struct drive {
    double red, green, blue;
};

struct palette {
    struct drive drives[HUE_COUNT];
};

enum palette_name { PALETTE_DEFAULT, PALETTE_COLOUR_BLIND, PALETTE_NIGHT_RED, PALETTE_COUNT };

extern const struct palette palettes[PALETTE_COUNT];

/* The drive of a colour that somebody chose; its strongest channel is half at least. */
struct drive colour_drive(struct srgb colour);

/*
 * Perceived lightness (CIE 1976 L*, here 0..1 for 0..100) as linear light 0..1. L* is a cube above
 * its knee and a line below, so it costs three multiplications and no table.
 */
double colour_luminance(double lightness);

/* A drive at `count` lightnesses 0..1, by the same rules as colour_light(). */
void colour_lights(const struct drive *drive, const double lightness[], size_t count,
                   struct pixel pixels[]);

/* A hue at a lightness 0..1. Above 0 it is never black: the strongest channel stays at 1 or more.
 */
struct pixel colour_light(const struct palette *palette, enum hue hue, double lightness);

/* `share` 0..1 of `to` laid over `from`, in linear light. */
struct pixel colour_mix(struct pixel from, struct pixel to, double share);

#endif
