#include "picture/strip.h"

#include <string.h>

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

#define REPEAT_AT_ONCE 32

/* Long strips are mostly stretches of one light: the first few pixels are copied on. */
static void repeat(struct pixel pixels[], size_t count, struct pixel light)
{
    size_t done = least(count, REPEAT_AT_ONCE);
    for (size_t i = 0; i < done; i++)
        pixels[i] = light;
    for (; done < count; done += REPEAT_AT_ONCE)
        memcpy(pixels + done, pixels, least(count - done, REPEAT_AT_ONCE) * sizeof *pixels);
}

void strip_paint(const struct strip *strip, enum hue hue, double lightness, size_t first,
                 size_t end)
{
    end = least(end, strip->count);
    if (first < end)
        repeat(strip->pixels + first, end - first,
               colour_light(strip->palette, hue, lightness * strip->brightness));
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

/* Pixels before the one in which `level` of the strip ends. */
static size_t whole(const struct strip *strip, double level)
{
    return (size_t)(level * (double)strip->count);
}

void strip_bar(const struct strip *strip, const struct bar *bar)
{
    size_t head = whole(strip, bar->p), tail = whole(strip, bar->q), last = strip->count - 1;
    strip_paint(strip, bar->hue, bar->high, 0, head);
    strip_paint(strip, bar->hue, bar->low, head + 1, tail);
    strip_paint(strip, bar->hue, 0, tail + 1, strip->count);
    strip_paint(strip, bar->hue, bar_at(strip, bar, head), head, head + 1);
    if (tail != head)
        strip_paint(strip, bar->hue, bar_at(strip, bar, tail), tail, tail + 1);
    if (last < tail)
        strip_paint(strip, bar->hue, bar_at(strip, bar, last), last, last + 1);
}

/* A bar whose pixels are looked at one by one. */
struct laid {
    const struct strip *strip;
    const struct bar *bar;
    int head, tail, last; /* the pixels that are like no other */
};

/* The same as bar_at(), with less to reckon for every pixel that is like its neighbours. */
static double laid_at(const struct laid *laid, int index)
{
    if (index == laid->head || index == laid->tail || index == laid->last)
        return bar_at(laid->strip, laid->bar, (size_t)index);
    if (index < laid->head)
        return laid->bar->high;
    return index < laid->tail ? laid->bar->low : 0;
}

void strip_glint(const struct strip *strip, const struct bar *bar, double way)
{
    int count = (int)strip->count, round = count + 2; /* it enters anew while it leaves */
    const struct laid laid = {strip, bar, (int)whole(strip, bar->p), (int)whole(strip, bar->q),
                              count - 1};
    const struct drive *drive = &strip->palette->drives[bar->hue];
    double half = (double)count / 12 + 2; /* pixels from its middle to where it ends */
    double circle = round, middle = way * circle, inverse = 1 / half;
    double from = middle - half < 0 ? middle - half + circle : middle - half;
    int steps = (int)(2 * half) + 2 < round ? (int)(2 * half) + 2 : round, i = (int)from;
    for (int k = 0; k < steps; k++, i++) {
        i = i < round ? i : 0;
        double away = i + 0.5 > middle ? i + 0.5 - middle : middle - i - 0.5;
        double share = (away < circle - away ? away : circle - away) * inverse;
        if (i >= count || share >= 1)
            continue;
        double swell = 1 - share * share, base = laid_at(&laid, i);
        double gain = GLINT_DARK + (GLINT_FULL - GLINT_DARK) * base;
        strip->pixels[i] = colour_driven(drive, (base + swell * swell * gain) * strip->brightness);
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
