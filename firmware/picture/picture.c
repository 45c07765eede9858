#include "picture/picture.h"

#include "picture/fill.h"
#include "picture/layout.h"
#include "picture/show.h"
#include "picture/words.h"

#include <string.h>

#define DIMMED 0.4 /* of the lightness, while the last poll has no answer */

/* One drawing: what, onto what, how bright, and when. */
struct scene {
    const struct subject *subject;
    struct frame *frame;
    double brightness;
    int64_t now_ms;
};

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

/* The segment's pixels, as far as the strip has them. */
static struct strip strip_of(const struct scene *scene, const struct segment *segment, bool dimmed)
{
    struct frame *frame = scene->frame;
    size_t first = segment->first < frame->count ? segment->first : frame->count;
    size_t room = frame->count - first;
    return (struct strip){.pixels = frame->pixels + first,
                          .count = segment->count < room ? segment->count : room,
                          .brightness = scene->brightness * (dimmed ? DIMMED : 1)};
}

static bool draw_show(const struct scene *scene, const struct segment *segment,
                      const struct show *show)
{
    const struct look *look = look_of(show->verdict.state);
    struct strip strip = strip_of(scene, segment, show->dimmed);
    struct moment moment = moment_of(show, look, scene->now_ms);
    double sweep = show_sweep(show, scene->now_ms);
    if (segment->source == SEGMENT_SUMMARY)
        fill_lamp(&strip, look, &moment);
    else if (sweep < 1)
        draw_sweep(&strip, show, sweep);
    else
        fill_draw(&strip, look, &moment);
    return show_moves(show, scene->now_ms);
}

static bool draw_gauge(const struct scene *scene, const struct segment *segment,
                       const struct gauge *gauge)
{
    const struct look *look = look_of_health(gauge->health, gauge->explained);
    struct strip strip = strip_of(scene, segment, gauge->dimmed);
    struct moment moment = {.p = 1, .moving = !gauge->dimmed && look->motion != MOTION_STILL};
    if (moment.moving)
        moment.phase = phase(look->period_ms, scene->now_ms);
    if (segment->source == SEGMENT_SUMMARY)
        fill_lamp(&strip, look, &moment);
    else
        fill_draw(&strip, look, &moment);
    return moment.moving;
}

static int severity(const struct gauge *gauge)
{
    return health_severity(gauge->health, gauge->explained);
}

/* NULL: there is none. */
static const struct gauge *worst_gauge(const struct subject *subject)
{
    const struct gauge *worst = NULL;
    for (size_t i = 0; i < subject->gauge_count; i++)
        if (worst == NULL || severity(&subject->gauges[i]) > severity(worst))
            worst = &subject->gauges[i];
    return worst;
}

/* The indicator that is worse than all rollouts; NULL: none is. */
static const struct gauge *louder_gauge(const struct subject *subject)
{
    const struct gauge *worst = worst_gauge(subject);
    bool louder = worst != NULL && severity(worst) > state_severity(subject->common->verdict.state);
    return louder ? worst : NULL;
}

/* Each draws one kind of segment, and returns true when it moves. */
static bool draw_rollout(const struct scene *scene, const struct segment *segment)
{
    const struct subject *subject = scene->subject;
    bool known = segment->index < subject->show_count;
    return draw_show(scene, segment, known ? &subject->shows[segment->index] : subject->common);
}

static bool draw_rollouts(const struct scene *scene, const struct segment *segment)
{
    return draw_show(scene, segment, scene->subject->common);
}

static bool draw_indicator(const struct scene *scene, const struct segment *segment)
{
    const struct subject *subject = scene->subject;
    return segment->index < subject->gauge_count &&
           draw_gauge(scene, segment, &subject->gauges[segment->index]);
}

static bool draw_indicators(const struct scene *scene, const struct segment *segment)
{
    const struct subject *subject = scene->subject;
    if (segment->count < subject->gauge_count)
        return draw_gauge(scene, segment, worst_gauge(subject));
    bool moves = false;
    for (size_t i = 0; i < subject->gauge_count; i++) {
        struct segment share = layout_share(segment, i, subject->gauge_count);
        if (draw_gauge(scene, &share, &subject->gauges[i]))
            moves = true;
    }
    return moves;
}

static bool draw_summary(const struct scene *scene, const struct segment *segment)
{
    const struct gauge *louder = louder_gauge(scene->subject);
    return louder != NULL ? draw_gauge(scene, segment, louder)
                          : draw_show(scene, segment, scene->subject->common);
}

static bool (*const draw[SEGMENT_SOURCES])(const struct scene *, const struct segment *) = {
    [SEGMENT_ROLLOUT] = draw_rollout,     [SEGMENT_ROLLOUTS] = draw_rollouts,
    [SEGMENT_INDICATOR] = draw_indicator, [SEGMENT_INDICATORS] = draw_indicators,
    [SEGMENT_SUMMARY] = draw_summary,
};

/*
 * Digits count replicas and per cents. An alarm takes them over; a lesser indicator that is worse
 * than the rollouts does where it has no pixels. True when they move.
 */
static bool write_digits(const struct scene *scene, size_t digits)
{
    const struct subject *subject = scene->subject;
    const struct gauge *louder = louder_gauge(subject);
    char *text = scene->frame->text;
    text[0] = '\0';
    if (louder != NULL && (louder->health == HEALTH_CRITICAL || scene->frame->count == 0))
        words_gauge(louder, digits, text);
    if (text[0] != '\0')
        return false;
    words_digits(subject->common, digits, scene->now_ms, text);
    return digits > 0 && words_move(subject->common, scene->now_ms);
}

int64_t picture_draw(const struct picture_settings *settings, const struct subject *subject,
                     size_t digits, int64_t now_ms, struct frame *frame)
{
    const struct scene scene = {subject, frame, settings->brightness, now_ms};
    const struct segment *segments = settings->segments;
    size_t count = settings->segment_count;
    struct segment automatic[LAYOUT_SEGMENTS_MAX];
    if (count == 0) {
        count = layout_segments(frame->count, subject->gauge_count, automatic);
        segments = automatic;
    }
    if (count > 1 || settings->segment_count > 0) /* there may be gaps between segments */
        memset(frame->pixels, 0, frame->count * sizeof *frame->pixels);
    frame->time_ms = now_ms;
    bool moves = write_digits(&scene, digits);
    for (size_t i = 0; i < count; i++)
        if (draw[segments[i].source](&scene, &segments[i]))
            moves = true;
    words_caption(subject->common, frame->caption);
    return moves ? PICTURE_FRAME_MS : PICTURE_STILL;
}

void picture_blank(struct frame *frame)
{
    memset(frame->pixels, 0, frame->count * sizeof *frame->pixels);
    frame->text[0] = '\0';
    frame->caption[0] = '\0';
}
