#include "picture/picture.h"

#include "picture/fill.h"
#include "picture/show.h"
#include "picture/words.h"

#include <string.h>

#define DIMMED 0.4 /* of the lightness, while the last poll has no answer */

static double phase(int64_t period_ms, int64_t now_ms)
{
    int64_t past = now_ms % period_ms;
    return (double)(past < 0 ? past + period_ms : past) / (double)period_ms;
}

static struct moment moment_of(const struct show *show, const struct look *look, int64_t now_ms)
{
    struct moment moment = {.done = show_done(show),
                            .moving = !show->dimmed && look->motion != MOTION_STILL};
    show_levels(show, now_ms, &moment.p, &moment.q);
    if (moment.moving)
        moment.phase = phase(look->period_ms, now_ms);
    return moment;
}

/* The bar as it was left, and stable's light coming over it. */
static void draw_sweep(const struct strip *strip, const struct show *show, double way)
{
    const struct look *was = look_of(STATE_PROGRESSING), *is = look_of(STATE_STABLE);
    const struct moment moment = {.p = show->p_from, .q = show->q_from};
    fill_draw(strip, was, &moment);
    strip_sweep(strip, is->hue, is->high, way);
}

/* Returns true when it moves. */
static bool draw(const struct picture_settings *settings, const struct segment *segment,
                 const struct show *show, int64_t now_ms, struct frame *frame)
{
    const struct look *look = look_of(show->verdict.state);
    size_t first = segment->first < frame->count ? segment->first : frame->count;
    size_t room = frame->count - first;
    struct strip strip = {.pixels = frame->pixels + first,
                          .count = segment->count < room ? segment->count : room,
                          .brightness = settings->brightness * (show->dimmed ? DIMMED : 1)};
    struct moment moment = moment_of(show, look, now_ms);
    double sweep = show_sweep(show, now_ms);
    if (segment->source == SEGMENT_SUMMARY)
        fill_lamp(&strip, look, &moment);
    else if (sweep < 1)
        draw_sweep(&strip, show, sweep);
    else
        fill_draw(&strip, look, &moment);
    return show_moves(show, now_ms);
}

static const struct show *shown(const struct segment *segment, const struct show shows[],
                                size_t count, const struct show *common)
{
    return segment->source == SEGMENT_ROLLOUT && segment->index < count ? &shows[segment->index]
                                                                        : common;
}

int64_t picture_draw(const struct picture_settings *settings, const struct show shows[],
                     size_t count, const struct show *common, size_t digits, int64_t now_ms,
                     struct frame *frame)
{
    const struct segment whole = {.count = frame->count, .source = SEGMENT_ROLLOUTS};
    const struct segment *segments = settings->segments;
    size_t segment_count = settings->segment_count;
    if (segment_count == 0) {
        segments = &whole;
        segment_count = 1;
    }
    bool moves = digits > 0 && words_move(common, now_ms);
    if (settings->segment_count > 0) /* there may be gaps between segments */
        memset(frame->pixels, 0, frame->count * sizeof *frame->pixels);
    frame->time_ms = now_ms;
    for (size_t i = 0; i < segment_count; i++)
        if (draw(settings, &segments[i], shown(&segments[i], shows, count, common), now_ms, frame))
            moves = true;
    words_digits(common, digits, now_ms, frame->text);
    words_caption(common, frame->caption);
    return moves ? PICTURE_FRAME_MS : PICTURE_STILL;
}

void picture_blank(struct frame *frame)
{
    memset(frame->pixels, 0, frame->count * sizeof *frame->pixels);
    frame->text[0] = '\0';
    frame->caption[0] = '\0';
}
