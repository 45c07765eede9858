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

#define AT_ONCE 4

/* The first pixel over all the others: long strips are mostly stretches of one light. */
static void repeat(struct pixel pixels[], size_t count)
{
    size_t done = 1;
    for (; done < least(count, AT_ONCE); done++)
        pixels[done] = pixels[0];
    for (; count - done >= AT_ONCE; done += AT_ONCE)
        memcpy(pixels + done, pixels, AT_ONCE * sizeof *pixels);
    for (; done < count; done++)
        pixels[done] = pixels[0];
}

void strip_paint(const struct strip *strip, enum hue hue, double lightness, size_t first,
                 size_t end)
{
    struct pixel *pixels = strip->pixels + first;
    double scaled = lightness * strip->brightness;
    end = least(end, strip->count);
    if (first >= end)
        return;
    colour_lights(&strip->palette->drives[hue], &scaled, 1, pixels);
    repeat(pixels, end - first);
}

size_t strip_mark(const struct strip *strip)
{
    return 1 + strip->count / 30;
}

/* At most FRAME_PIXELS_MAX of them: as an int they become a double in one step. */
static double real(size_t pixels)
{
    return (double)(int)pixels;
}

/* A bar as stretches of one lightness each, from the strip's start to its end. */
struct stretch {
    size_t end;
    double lightness;
};
#define STRETCHES 6
struct stretches {
    struct stretch list[STRETCHES];
    size_t count;
};

/* Where the first `count` of them end. */
static size_t end_of(const struct stretches *stretches, size_t count)
{
    return count > 0 ? stretches->list[count - 1].end : 0;
}

/* As far as the strip goes. */
static void add_stretch(struct stretches *stretches, const struct strip *strip, size_t end,
                        double lightness)
{
    end = least(end, strip->count);
    if (end > end_of(stretches, stretches->count))
        stretches->list[stretches->count++] = (struct stretch){end, lightness};
}

/* Unless the bar is done its last pixel, if it is lit, is not as bright as the others. */
static void hold_back_last(struct stretches *stretches)
{
    if (stretches->count == 0)
        return;
    struct stretch *stretch = &stretches->list[stretches->count - 1];
    size_t begin = end_of(stretches, stretches->count - 1);
    if (stretch->lightness > 0 && stretch->end - begin > 1) {
        stretches->list[stretches->count++] = *stretch;
        stretch++->end--;
    }
    stretch->lightness *= LAST_MOST;
}

/* The pixels in which p and q end have a part of their light. */
static void lay_bar(const struct strip *strip, const struct bar *bar, struct stretches *stretches)
{
    double at_p = bar->p * real(strip->count), at_q = bar->q * real(strip->count);
    size_t head = (size_t)(int)at_p, tail = (size_t)(int)at_q;
    double bright = (at_p - real(head)) * bar->high, dim = unit(at_q - real(head)) * bar->low;
    if (bright > 0 && bright < HEAD_LEAST)
        bright = HEAD_LEAST;
    stretches->count = 0;
    add_stretch(stretches, strip, head, bar->high);
    add_stretch(stretches, strip, head + 1, bright > dim ? bright : dim);
    if (tail > head) {
        add_stretch(stretches, strip, tail, bar->low);
        add_stretch(stretches, strip, tail + 1, (at_q - real(tail)) * bar->low);
    }
    add_stretch(stretches, strip, strip->count, 0);
    if (!bar->done)
        hold_back_last(stretches);
}

/* Its pixels [first, end) as they are. */
static void paint_bar(const struct strip *strip, const struct bar *bar,
                      const struct stretches *stretches, size_t first, size_t end)
{
    for (const struct stretch *stretch = stretches->list; first < end; stretch++) {
        if (stretch->end <= first)
            continue;
        strip_paint(strip, bar->hue, stretch->lightness, first, least(stretch->end, end));
        first = stretch->end;
    }
}

void strip_bar(const struct strip *strip, const struct bar *bar)
{
    struct stretches stretches;
    lay_bar(strip, bar, &stretches);
    paint_bar(strip, bar, &stretches, 0, strip->count);
}

/* A light that swells from nothing at one end of the pixels [first, end), and fades to the other.
 */
struct glint {
    size_t first, end;
    double middle, inverse; /* of half its length */
};

#define GLINT_PIXELS_MAX (FRAME_PIXELS_MAX / 6 + 6)

/* As far as it is on the pixels [least_first, most_end); else it has none. */
static struct glint glint_at(double middle, double half, size_t least_first, size_t most_end)
{
    double from = middle - half + 0.5, to = middle + half + 0.5;
    size_t first = from > real(least_first) ? least((size_t)(int)from, most_end) : least_first;
    size_t end = to > real(first) ? least((size_t)(int)to, most_end) : first;
    return (struct glint){first, end, middle, 1 / half};
}

/* The bar's pixels on which it shines. */
static void paint_glint(const struct strip *strip, const struct bar *bar,
                        const struct stretches *stretches, const struct glint *glint)
{
    const struct stretch *stretch = stretches->list;
    double away = (real(glint->first) + 0.5 - glint->middle) * glint->inverse;
    double lightness[GLINT_PIXELS_MAX], *at = lightness;
    for (size_t i = glint->first; i < glint->end; stretch++) {
        double base = stretch->lightness * strip->brightness;
        double gain = GLINT_DARK * strip->brightness - (GLINT_DARK - GLINT_FULL) * base;
        for (; i < least(stretch->end, glint->end); i++) {
            double swell = 1 - away * away;
            *at++ = base + swell * swell * gain;
            away += glint->inverse;
        }
    }
    colour_lights(&strip->palette->drives[bar->hue], lightness, glint->end - glint->first,
                  strip->pixels + glint->first);
}

/* It enters anew while it leaves; each pixel is under the nearer of the two. */
void strip_bar_glinting(const struct strip *strip, const struct bar *bar, double way)
{
    double circle = real(strip->count) + 2, half = real(strip->count) / 12 + 2;
    double middle = way > 0.5 ? (way - 1) * circle : way * circle;
    size_t between = least((size_t)(int)(middle + circle / 2 + 0.5), strip->count);
    struct glint one = glint_at(middle, half, 0, between);
    struct glint other = glint_at(middle + circle, half, between, strip->count);
    struct stretches stretches;
    lay_bar(strip, bar, &stretches);
    paint_bar(strip, bar, &stretches, 0, one.first);
    paint_glint(strip, bar, &stretches, &one);
    paint_bar(strip, bar, &stretches, one.end, other.first);
    paint_glint(strip, bar, &stretches, &other);
    paint_bar(strip, bar, &stretches, other.end, strip->count);
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

static uint16_t raised(uint16_t light, uint16_t from, uint16_t to)
{
    int more = light + to - from;
    return more < UINT16_MAX ? (uint16_t)more : UINT16_MAX;
}

void strip_sweep(const struct strip *strip, const struct pixel rest[], enum hue hue,
                 double lightness, double way)
{
    double crest = (double)strip->count / 8 + 1; /* pixels from its front to its top */
    double front = way * ((double)strip->count + 2 * crest);
    size_t settled = front > 2 * crest ? (size_t)(front - 2 * crest) : 0;
    struct pixel plain = colour_light(strip->palette, hue, lightness * strip->brightness);
    memcpy(strip->pixels, rest, least(settled, strip->count) * sizeof *rest);
    for (size_t i = settled; i < least((size_t)front + 1, strip->count); i++) {
        double behind = (front - (double)i) / crest;
        double top = unit(1 - (behind - 1) * (behind - 1));
        double bright = lightness + (1 - lightness) * top * top;
        struct pixel light = colour_light(strip->palette, hue, bright * strip->brightness);
        struct pixel laid = {raised(rest[i].red, plain.red, light.red),
                             raised(rest[i].green, plain.green, light.green),
                             raised(rest[i].blue, plain.blue, light.blue)};
        strip->pixels[i] = colour_mix(strip->pixels[i], laid, unit(behind));
    }
}
