#include "picture/strip.h"

#define HEAD_LEAST 0.08 /* lightness of the least head: 1 % must show */
#define LAST_MOST 0.60  /* of a bar's lightness, for the last pixel of an unfinished one */
#define GLINT_DARK 0.27 /* what a glint adds to the dark, and (less) to full light: so that a */
#define GLINT_FULL 0.15 /* longer bar is nowhere darker under it */
#define RIPPLE 0.35     /* of its light, what a ripple adds: 4 to 7 steps of lightness of 100 */

static double unit(double value)
{
    if (!(value > 0)) /* NAN too */
        return 0;
    return value < 1 ? value : 1;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void strip_paint(const struct strip *strip, enum hue hue, double lightness, size_t first,
                 size_t end)
{
    struct pixel light = colour_light(strip->palette, hue, lightness * strip->brightness);
    end = least(end, strip->count);
    for (size_t i = first; i < end; i++)
        strip->pixels[i] = light;
}

size_t strip_mark(const struct strip *strip)
{
    return 1 + strip->count / 30;
}

/* Lightness of one pixel of the bar. */
static double bar_at(const struct strip *strip, const struct bar *bar, size_t index)
{
    double count = (double)strip->count, i = (double)index;
    double bright = unit(bar->p * count - i) * bar->high;
    double dim = unit(bar->q * count - i) * bar->low;
    if (bright > 0 && bright < HEAD_LEAST)
        bright = HEAD_LEAST;
    double lightness = bright > dim ? bright : dim;
    return index + 1 == strip->count && !bar->done ? lightness * LAST_MOST : lightness;
}

void strip_bar(const struct strip *strip, const struct bar *bar)
{
    size_t head = (size_t)(bar->p * (double)strip->count);
    size_t tail = (size_t)(bar->q * (double)strip->count);
    const size_t odd[] = {head, tail, strip->count - 1}; /* the pixels that are like no other */
    strip_paint(strip, bar->hue, bar->high, 0, head);
    strip_paint(strip, bar->hue, bar->low, head, tail);
    strip_paint(strip, bar->hue, 0, tail, strip->count);
    for (size_t k = 0; k < sizeof odd / sizeof odd[0]; k++)
        strip_paint(strip, bar->hue, bar_at(strip, bar, odd[k]), odd[k], odd[k] + 1);
}

void strip_glint(const struct strip *strip, const struct bar *bar, double way)
{
    double half = (double)strip->count / 12 + 2; /* pixels from its middle to where it ends */
    double circle = (double)strip->count + 2;    /* it enters anew while it leaves: never gone */
    double middle = way * circle;
    double from = middle - half < 0 ? middle - half + circle : middle - half;
    size_t steps = least((size_t)(2 * half) + 2, strip->count + 2);
    for (size_t k = 0, i = (size_t)from; k < steps; k++, i++) {
        i = i < strip->count + 2 ? i : 0;
        double away =
            (double)i + 0.5 > middle ? (double)i + 0.5 - middle : middle - (double)i - 0.5;
        double share = (away < circle - away ? away : circle - away) / half;
        double swell = unit(1 - share * share);
        double base = bar_at(strip, bar, i);
        double gain = GLINT_DARK + (GLINT_FULL - GLINT_DARK) * base;
        strip_paint(strip, bar->hue, base + swell * swell * gain, i, i + 1);
    }
}

static uint16_t brighter(uint16_t light, double gain)
{
    double more = light * gain + 0.5;
    return more < UINT16_MAX ? (uint16_t)more : UINT16_MAX;
}

void strip_ripple(const struct strip *strip, double way)
{
    double half = (double)strip->count / 6 + 1;
    double middle = way * ((double)strip->count + 2 * half) - half;
    for (size_t i = 0; i < strip->count; i++) {
        struct pixel *light = &strip->pixels[i];
        double away = ((double)i + 0.5 - middle) / half;
        double swell = unit(1 - away * away), gain = 1 + RIPPLE * swell * swell;
        *light = (struct pixel){brighter(light->red, gain), brighter(light->green, gain),
                                brighter(light->blue, gain)};
    }
}

void strip_sweep(const struct strip *strip, enum hue hue, double lightness, double way)
{
    double crest = (double)strip->count / 8 + 1; /* pixels from its front to its top */
    double front = way * ((double)strip->count + 2 * crest);
    size_t settled = front > 2 * crest ? (size_t)(front - 2 * crest) : 0;
    strip_paint(strip, hue, lightness, 0, settled);
    for (size_t i = settled; i < least((size_t)front + 1, strip->count); i++) {
        double behind = (front - (double)i) / crest;
        double top = unit(1 - (behind - 1) * (behind - 1));
        double bright = lightness + (1 - lightness) * top * top;
        struct pixel light = colour_light(strip->palette, hue, bright * strip->brightness);
        strip->pixels[i] = colour_mix(strip->pixels[i], light, unit(behind));
    }
}
