#include "picture/colour.h"

#include "base/table.h"

/*
 * Typical RGB LEDs (WS2812B, APA102) give about 400 mcd of 622 nm red and 690 mcd of 523 nm green
 * at full drive, so green is held back to look as bright as the rest. Amber is a ratio of green to
 * red: 0.40 is seen as 593 nm; 0.50 is yellow already, and the web's amber sent without gamma is
 * lime. A little blue in green and a little green in red help eyes that tell the two apart badly;
 * lime has red in the place of that blue, enough for lamps to tell it from green (lamps.h);
 * sky blue and vermilion are those of Okabe and Ito's palette, adapted to LEDs, which mix more
 * saturated.
 *
 * colour-blind: what is well is blue and what is wrong is orange, the pair that the common
 * red-green deficiencies tell apart best; the rest differ in lightness or lean to one of the two.
 *
 * night-red: red alone, at which eyes stay used to the dark; states differ by all but hue.
 */
ROWS_BEGIN(drives);
const struct palette palettes[] = {
    [PALETTE_DEFAULT] =
        {{ROW_AT(HUE_GREEN) = {0.00, 0.62, 0.09}, ROW_AT(HUE_AMBER) = {1.00, 0.40, 0.00},
          ROW_AT(HUE_ORANGE) = {1.00, 0.30, 0.00}, ROW_AT(HUE_VERMILION) = {1.00, 0.15, 0.00},
          ROW_AT(HUE_RED) = {1.00, 0.01, 0.01}, ROW_AT(HUE_SKY) = {0.08, 0.42, 0.90},
          ROW_AT(HUE_MAGENTA) = {0.90, 0.03, 0.55}, ROW_AT(HUE_WHITE) = {0.60, 0.55, 0.50},
          ROW_AT(HUE_REST) = {0.00, 0.62, 0.09}, ROW_AT(HUE_LIME) = {0.24, 0.62, 0.00}}},
    [PALETTE_COLOUR_BLIND] =
        {{ROW_AT(HUE_GREEN) = {0.02, 0.30, 1.00}, ROW_AT(HUE_AMBER) = {1.00, 0.50, 0.00},
          ROW_AT(HUE_ORANGE) = {1.00, 0.34, 0.00}, ROW_AT(HUE_VERMILION) = {1.00, 0.16, 0.00},
          ROW_AT(HUE_RED) = {1.00, 0.06, 0.00}, ROW_AT(HUE_SKY) = {0.30, 0.62, 0.80},
          ROW_AT(HUE_MAGENTA) = {0.85, 0.12, 0.45}, ROW_AT(HUE_WHITE) = {0.60, 0.55, 0.50},
          ROW_AT(HUE_REST) = {0.02, 0.30, 1.00}, ROW_AT(HUE_LIME) = {0.10, 0.55, 1.00}}},
    [PALETTE_NIGHT_RED] =
        {{ROW_AT(HUE_GREEN) = {0.70, 0.00, 0.00}, ROW_AT(HUE_AMBER) = {1.00, 0.00, 0.00},
          ROW_AT(HUE_ORANGE) = {1.00, 0.00, 0.00}, ROW_AT(HUE_VERMILION) = {1.00, 0.00, 0.00},
          ROW_AT(HUE_RED) = {1.00, 0.00, 0.00}, ROW_AT(HUE_SKY) = {0.85, 0.00, 0.00},
          ROW_AT(HUE_MAGENTA) = {0.90, 0.00, 0.00}, ROW_AT(HUE_WHITE) = {0.80, 0.00, 0.00},
          ROW_AT(HUE_REST) = {0.70, 0.00, 0.00}, ROW_AT(HUE_LIME) = {0.75, 0.00, 0.00}}},
};
ROWS_END(drives, PALETTE_COUNT *HUE_COUNT);
static_assert(sizeof palettes / sizeof palettes[0] == PALETTE_COUNT, "as many as are declared");

/*
 * CIE 15: L* = 116 Y^(1/3) - 16, or (29/3)^3 Y where that is below 8; Y times `full`, and `least`
 * at least where there is any.
 */
static double luminance(double lightness, double full, double least)
{
    if (lightness > 0.08) {
        double root = lightness * (100.0 / 116) + 16.0 / 116;
        return root * root * root * full;
    }
    double light = lightness * (2700.0 / 24389) * full;
    return light >= least ? light : lightness > 0 ? least : 0;
}

double colour_luminance(double lightness)
{
    return luminance(lightness, 1, 0);
}

struct drive colour_drive(struct srgb colour)
{
    struct pixel light = pixel_from_srgb(colour);
    double most = light.red > light.green ? light.red : light.green;
    most = most > light.blue ? most : light.blue;
    double full = most < 32768 ? 2 * most : 65535;
    if (most < 1)
        return palettes[PALETTE_DEFAULT].drives[HUE_WHITE];
    return (struct drive){light.red / full, light.green / full, light.blue / full};
}

/* Every strongest drive is 0.5 at least, so light of 1 rounds to 1. */
static struct pixel driven(const struct drive *drive, double lightness)
{
    double light = luminance(lightness < 1 ? lightness : 1, 65535, 1);
    return (struct pixel){(uint16_t)(int)(drive->red * light + 0.5),
                          (uint16_t)(int)(drive->green * light + 0.5),
                          (uint16_t)(int)(drive->blue * light + 0.5)};
}

void colour_lights(const struct drive *drive, const double lightness[], size_t count,
                   struct pixel pixels[])
{
    const struct drive copy = *drive; /* no pixel that is written is part of it */
    for (size_t i = 0; i < count; i++)
        pixels[i] = driven(&copy, lightness[i]);
}

struct pixel colour_light(const struct palette *palette, enum hue hue, double lightness)
{
    return driven(&palette->drives[hue], lightness);
}

static uint16_t mix(uint16_t from, uint16_t to, double share)
{
    return (uint16_t)(from + (to - from) * share + 0.5);
}

struct pixel colour_mix(struct pixel from, struct pixel to, double share)
{
    return (struct pixel){mix(from.red, to.red, share), mix(from.green, to.green, share),
                          mix(from.blue, to.blue, share)};
}
