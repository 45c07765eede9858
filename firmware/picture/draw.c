#include "picture/draw.h"

#include "base/table.h"

/* 1 at rest and at the start of a period, 0 in its middle, smooth in between. */
static double swing(const struct moment *moment)
{
    if (!moment->moving)
        return 1;
    double line = moment->phase < 0.5 ? 1 - 2 * moment->phase : 2 * moment->phase - 1;
    return line * line * (3 - 2 * line);
}

/* 1 at rest, and at the start and 0.3 of a period; it rises and falls in 0.15 of it, smoothly. */
static double beat(const struct moment *moment, double late)
{
    if (!moment->moving)
        return 1;
    double phase = moment->phase - late < 0 ? moment->phase - late + 1 : moment->phase - late;
    double first = phase < 0.5 ? phase : 1 - phase;
    double second = phase < 0.3 ? 0.3 - phase : phase - 0.3;
    double away = (first < second ? first : second) / 0.15;
    return away < 1 ? 1 - away * away * (3 - 2 * away) : 0;
}

static double between(double low, double high, double share)
{
    return low + (high - low) * share;
}

static size_t less(size_t from, size_t amount)
{
    return from > amount ? from - amount : 0;
}

static struct bar bar_of(const struct look *look, const struct moment *moment)
{
    return (struct bar){.hue = look->hue,
                        .p = moment->p,
                        .q = moment->q,
                        .high = look->high,
                        .low = look->low,
                        .done = moment->done};
}

/* `p` of the strip, but at most up to its pixel `most`. */
static double at_most(const struct strip *strip, double p, size_t most)
{
    double limit = (double)most / (double)strip->count;
    return p < limit ? p : limit;
}

static void draw_all(const struct strip *strip, const struct look *look,
                     const struct moment *moment)
{
    (void)moment;
    strip_paint(strip, look->hue, look->high, 0, strip->count);
}

static void draw_bar(const struct strip *strip, const struct look *look,
                     const struct moment *moment)
{
    struct bar bar = bar_of(look, moment);
    if (moment->moving)
        strip_bar_glinting(strip, &bar, moment->phase);
    else
        strip_bar(strip, &bar);
}

/* The bar ends short of the goal, with a gap between them, however near it came. */
static void draw_bar_goal(const struct strip *strip, const struct look *look,
                          const struct moment *moment)
{
    double share = moment->moving ? swing(moment) : 0.3;
    size_t mark = strip_mark(strip);
    struct bar bar = bar_of(look, moment);
    bar.p = bar.q = at_most(strip, moment->p, less(strip->count, 2 * mark));
    bar.high = between(look->low, look->high, share);
    strip_bar(strip, &bar);
    strip_paint(strip, look->hue, between(look->high, look->low, share), less(strip->count, mark),
                strip->count);
}

/* In blocks of a mark's size: single pixels run together from afar. It begins with the dim ones,
 * unlike the pause sign. */
static void draw_alternate(const struct strip *strip, const struct look *look,
                           const struct moment *moment)
{
    double share = strip->count > 1 ? swing(moment) : 1 - swing(moment);
    size_t mark = strip_mark(strip);
    double turn = between(look->high, look->low, share);
    double other = between(look->low, look->high, share);
    for (size_t i = 0; i < strip->count; i += 2 * mark) {
        strip_paint(strip, look->hue, turn, i, i + mark);
        strip_paint(strip, look->hue, other, i + mark, i + 2 * mark);
    }
}

/* Two marks about the middle, a mark's width apart; one more where the strip's parity asks for it.
 */
static void draw_pause(const struct strip *strip, const struct look *look,
                       const struct moment *moment)
{
    struct bar bar = bar_of(look, moment);
    size_t mark = strip_mark(strip), gap = mark + (strip->count - mark) % 2;
    size_t first = less(strip->count, 2 * mark + gap) / 2;
    bar.high = look->low;
    bar.q = bar.p;
    strip_bar(strip, &bar);
    strip_paint(strip, look->hue, look->high, first, first + mark);
    strip_paint(strip, look->hue, look->high, first + mark + gap, first + 2 * mark + gap);
}

#define LOST_LEAST 0.4 /* of its brightest: never as dim as what is left */

/* What is left is dim; what is lost throbs; of either there is always as much as is seen
 * from afar. */
static void draw_lost(const struct strip *strip, const struct look *look,
                      const struct moment *moment)
{
    size_t fourth = strip->count / 4, mark = strip_mark(strip);
    size_t wide = fourth > mark ? fourth : mark;
    double lost = between(LOST_LEAST * look->high, look->high, swing(moment));
    double p = at_most(strip, moment->p, less(strip->count, wide));
    double least = strip->count > 1 ? at_most(strip, 1, wide) : 0;
    p = p > least ? p : least;
    size_t head = (size_t)(p * (double)strip->count);
    double part = p * (double)strip->count - (double)head;
    strip_paint(strip, look->hue, look->low, 0, head);
    strip_paint(strip, look->hue, between(lost, look->low, part), head, head + 1);
    strip_paint(strip, look->hue, lost, head + 1, strip->count);
}

/*
 * Steady, and dark in its last eighth at least: less of a long strip is not seen from afar. A
 * single pixel has no end: there the hue says it.
 */
static void draw_remains(const struct strip *strip, const struct look *look,
                         const struct moment *moment)
{
    struct bar bar = bar_of(look, moment);
    bar.p = bar.q = at_most(strip, moment->p, less(strip->count, (strip->count + 7) / 8));
    if (strip->count > 1)
        strip_bar(strip, &bar);
    else
        strip_paint(strip, look->hue, look->high, 0, strip->count);
}

enum { AT_START = 1, AT_CENTRE = 2, AT_END = 4 };

static unsigned places_of(enum position position)
{
    switch (position) {
        ROW(POSITION_START, AT_START);
        ROW(POSITION_CENTRE, AT_CENTRE);
        ROW(POSITION_END, AT_END);
        ROW(POSITION_ENDS, AT_START | AT_END);
        ROW(POSITION_MOST, AT_START | AT_CENTRE);
        ROW(POSITION_WHOLE, AT_START | AT_CENTRE | AT_END);
        ROW_COUNT(POSITION_COUNT);
    }
    NO_OTHER_ROW;
}

/* The rest is dark. */
static void draw_marks(const struct strip *strip, enum hue hue, double lightness, unsigned places)
{
    size_t mark = strip_mark(strip), way = less(strip->count, mark);
    strip_paint(strip, hue, 0, 0, strip->count);
    if ((places & AT_START) != 0)
        strip_paint(strip, hue, lightness, 0, mark);
    if ((places & AT_CENTRE) != 0)
        strip_paint(strip, hue, lightness, way / 2, way / 2 + mark);
    if ((places & AT_END) != 0)
        strip_paint(strip, hue, lightness, way, strip->count);
}

#define AT_REST 0.4 /* of its way from dim to bright, of a mark that does not breathe */

static void draw_mark(const struct strip *strip, const struct look *look,
                      const struct moment *moment)
{
    double share = moment->moving || look->motion == MOTION_STILL ? swing(moment) : AT_REST;
    draw_marks(strip, look->hue, between(look->low, look->high, share), places_of(look->position));
}

/* Never both: the one is dark before the other begins. At rest it is the end and the centre, where
   no other look has two: even lights that know no levels, as the dimmest do, tell it from a pause
   sign. */
static void draw_tips(const struct strip *strip, const struct look *look,
                      const struct moment *moment)
{
    double swung = 2 * swing(moment) - 1;
    if (!moment->moving)
        draw_marks(strip, look->hue, 1, AT_CENTRE | AT_END);
    else if (swung > 0 || strip->count == 1)
        draw_marks(strip, look->hue, look->high * (swung > 0 ? swung : 0), AT_START);
    else
        draw_marks(strip, look->hue, look->high * -swung, AT_END);
}

/* Soft, so that it glides; where there is no way to go it swells. */
static void draw_hand(const struct strip *strip, const struct look *look,
                      const struct moment *moment)
{
    size_t mark = strip_mark(strip), way = less(strip->count, mark);
    double first = swing(moment) * (double)way, last = first + (double)mark - 1;
    double high = way > 0 ? look->high : between(look->low, look->high, swing(moment));
    if (!moment->moving) { /* there are two, as of a clock's hands */
        draw_marks(strip, look->hue, 1, AT_START | AT_CENTRE);
        return;
    }
    for (size_t i = 0; i < strip->count; i++) {
        double at = (double)i, away = at < first ? first - at : at - last;
        double share = away < 0 ? 1 : 1 - away / 2;
        strip_paint(strip, look->hue, share > 0 ? high * share : 0, i, i + 1);
    }
}

/* At rest its centre is bright, and dark is what is outermost: unlike what is well. */
#define FLOOD_REST 0.42
static void draw_flood(const struct strip *strip, const struct look *look,
                       const struct moment *moment)
{
    double level = moment->moving ? between(look->low, look->high, swing(moment)) : FLOOD_REST;
    size_t mark = strip_mark(strip), centre = less(strip->count, mark) / 2;
    strip_paint(strip, look->hue, level, 0, strip->count);
    if (moment->moving)
        return;
    if (strip->count > 3 * mark) {
        strip_paint(strip, look->hue, 0, 0, mark);
        strip_paint(strip, look->hue, 0, less(strip->count, mark), strip->count);
    }
    strip_paint(strip, look->hue, 1, centre, centre + mark);
}

/* How far a pixel's middle is from the strip's, 0..1 at the ends. */
static double off_centre(const struct strip *strip, size_t index)
{
    double way = (2 * (double)index + 1) / (double)strip->count - 1;
    return way < 0 ? -way : way;
}

static void draw_glow(const struct strip *strip, const struct look *look,
                      const struct moment *moment)
{
    double level = between(look->low, look->high, swing(moment));
    for (size_t i = 0; i < strip->count; i++) {
        double away = off_centre(strip, i), near = 1 - away * away;
        strip_paint(strip, look->hue, level * between(0.1, 1, near * near), i, i + 1);
    }
}

static void draw_wedge(const struct strip *strip, const struct look *look,
                       const struct moment *moment)
{
    (void)moment;
    for (size_t i = 0; i < strip->count; i++) {
        double way = strip->count > 1 ? (double)i / (double)(strip->count - 1) : 1;
        strip_paint(strip, look->hue, between(look->low, look->high, way), i, i + 1);
    }
}

/* At rest it has burst: bright at both ends. */
static void draw_burst(const struct strip *strip, const struct look *look,
                       const struct moment *moment)
{
    for (size_t i = 0; i < strip->count; i++) {
        double away = off_centre(strip, i);
        double level = moment->moving ? beat(moment, 0.06 * away) : away > 0.4;
        strip_paint(strip, look->hue, between(look->low, look->high, level), i, i + 1);
    }
}

typedef void painter(const struct strip *, const struct look *, const struct moment *);

static painter *painter_of(enum fill fill)
{
    switch (fill) {
        ROW(FILL_ALL, draw_all);
        ROW(FILL_BAR, draw_bar);
        ROW(FILL_BAR_GOAL, draw_bar_goal);
        ROW(FILL_ALTERNATE, draw_alternate);
        ROW(FILL_PAUSE, draw_pause);
        ROW(FILL_LOST, draw_lost);
        ROW(FILL_MARK, draw_mark);
        ROW(FILL_GLOW, draw_glow);
        ROW(FILL_WEDGE, draw_wedge);
        ROW(FILL_BURST, draw_burst);
        ROW(FILL_REMAINS, draw_remains);
        ROW(FILL_TIPS, draw_tips);
        ROW(FILL_HAND, draw_hand);
        ROW(FILL_FLOOD, draw_flood);
        ROW_COUNT(FILL_COUNT);
    }
    NO_OTHER_ROW;
}

void draw_look(const struct strip *strip, const struct look *look, const struct moment *moment)
{
    if (strip->count > 0)
        painter_of(look->fill)(strip, look, moment);
}

void draw_lamp(const struct strip *strip, const struct look *look, const struct moment *moment)
{
    double low = look->low < look->high / 3 ? look->low : look->high / 3;
    double share = look->motion == MOTION_BEAT ? beat(moment, 0) : swing(moment);
    double lightness = look->motion == MOTION_STILL ? look->high : between(low, look->high, share);
    strip_paint(strip, look->hue, lightness, 0, strip->count);
}
