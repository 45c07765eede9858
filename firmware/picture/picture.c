#include "picture/picture.h"

#include "base/table.h"
#include "picture/animation.h"
#include "picture/digits.h"
#include "picture/draw.h"
#include "picture/layout.h"
#include "picture/mapping.h"

#include <string.h>

#define DIMMED 0.4 /* of the lightness, while the last poll has no answer */

/* A moment at which everything has come to rest. */
#define AT_REST_MS (INT64_MAX / 2)

/* One drawing: what, onto what, how, and when. */
struct scene {
    const struct picture_settings *settings;
    const struct subject *subject;
    struct frame *frame;
    int64_t now_ms;
    bool fades; /* between day and night */
};

/* What one drawing shows there: a rollout's show or an indicator's gauge. */
struct sight {
    const struct look *look;
    bool dimmed;
    struct moment moment;
    struct strip strip; /* its pixels */
};

static double phase(int64_t period_ms, int64_t now_ms)
{
    int64_t past = now_ms % period_ms;
    return (double)(past < 0 ? past + period_ms : past) / (double)period_ms;
}

/* How far what began at `since_ms` has come, 0..1. */
static double passed(int64_t since_ms, int64_t length_ms, int64_t now_ms)
{
    if (since_ms == PICTURE_NEVER || now_ms - since_ms >= length_ms)
        return 1;
    return now_ms > since_ms ? (double)(now_ms - since_ms) / (double)length_ms : 0;
}

/* As far in its motion as the look is then. */
static void moment_start(struct moment *moment, const struct look *look, int64_t now_ms)
{
    moment->moving = look->motion != MOTION_STILL;
    if (moment->moving)
        moment->phase = phase(look->period_ms, now_ms);
}

static int64_t sooner(int64_t a, int64_t b)
{
    if (a == PICTURE_STILL || b == PICTURE_STILL)
        return a == PICTURE_STILL ? b : a;
    return a < b ? a : b;
}

static bool is_still(const struct scene *scene, bool dimmed)
{
    return dimmed || scene->settings->motion == PICTURE_MOTION_OFF;
}

/* By day or by night, or on the way from one to the other. */
static double brightness(const struct scene *scene, const struct look *look)
{
    const struct picture_settings *settings = scene->settings;
    const struct ambience *ambience = scene->subject->ambience;
    double day = settings->brightness, night = settings->night.brightness;
    if (ambience == NULL)
        return day;
    if (look->alarms && settings->night.failed > night)
        night = settings->night.failed;
    double share = passed(ambience->night_ms, PICTURE_FADE_MS, scene->now_ms);
    return ambience->night ? day + (night - day) * share : night + (day - night) * share;
}

/* How far the ripple of an answered poll has come over a picture that would stand still; 1: there
 * is none. */
static double ripple(const struct scene *scene, const struct sight *sight)
{
    const struct ambience *ambience = scene->subject->ambience;
    if (ambience == NULL || is_still(scene, sight->dimmed) || sight->look->motion != MOTION_STILL)
        return 1;
    return passed(ambience->beat_ms, PICTURE_BEAT_MS, scene->now_ms);
}

/* The bar as it was left, in its motion, and a light coming over it that leaves behind what it has
 * become. */
static void draw_sweep(const struct sight *sight, const struct show *show, int64_t now_ms,
                       double way)
{
    const struct strip *strip = &sight->strip;
    const struct look *was = look_of(show->before), *is = sight->look;
    struct moment moment = {.p = show->p_from, .q = show->q_from};
    struct pixel rest[FRAME_PIXELS_MAX];
    draw_look(strip, is, &sight->moment);
    memcpy(rest, strip->pixels, strip->count * sizeof *rest);
    moment_start(&moment, was, now_ms);
    draw_look(strip, was, &moment);
    strip_sweep(strip, rest, is->hue, is->high, way);
}

/* The segment's pixels, as far as the strip has them. */
static struct strip strip_of(const struct scene *scene, const struct segment *segment,
                             const struct sight *sight)
{
    struct frame *frame = scene->frame;
    const struct palette *palette = scene->settings->palette;
    size_t first = segment->first < frame->count ? segment->first : frame->count;
    size_t room = frame->count - first;
    return (struct strip){.pixels = frame->pixels + first,
                          .count = segment->count < room ? segment->count : room,
                          .brightness =
                              brightness(scene, sight->look) * (sight->dimmed ? DIMMED : 1),
                          .palette = palette != NULL ? palette : &palettes[PALETTE_DEFAULT]};
}

/* A look on the segment's pixels, in motion unless it stands still. */
static void sight_start(struct sight *sight, const struct scene *scene,
                        const struct segment *segment)
{
    if (!is_still(scene, sight->dimmed))
        moment_start(&sight->moment, sight->look, scene->now_ms);
    sight->strip = strip_of(scene, segment, sight);
}

/* Lamps are on or off; returns when that changes next. */
static int64_t draw_blinking(const struct scene *scene, const struct sight *sight)
{
    const struct look *look = sight->look;
    bool blinks = look->blink_ms > 0 && !is_still(scene, sight->dimmed);
    double now = blinks ? phase(look->blink_ms, scene->now_ms) : 0;
    bool lit = !blinks || now < look->blink_lit;
    strip_paint(&sight->strip, look_lamp_hue(look), lit ? look->high : 0, 0, sight->strip.count);
    if (!blinks)
        return PICTURE_STILL;
    return (int64_t)(((lit ? look->blink_lit : 1) - now) * (double)look->blink_ms) + 1;
}

/* Draws a look; returns the milliseconds until it can differ. */
static int64_t draw_scene_look(const struct scene *scene, const struct segment *segment,
                               const struct sight *sight)
{
    const struct strip *strip = &sight->strip;
    if (scene->settings->blinks)
        return draw_blinking(scene, sight);
    double way = ripple(scene, sight);
    if (segment->source == SEGMENT_SUMMARY)
        draw_lamp(strip, sight->look, &sight->moment);
    else
        draw_look(strip, sight->look, &sight->moment);
    if (way < 1)
        strip_ripple(strip, way);
    bool seen = strip->brightness > 0 && (sight->moment.moving || way < 1);
    return seen ? PICTURE_FRAME_MS : PICTURE_STILL;
}

static int64_t draw_show(const struct scene *scene, const struct segment *segment,
                         const struct show *show)
{
    struct sight sight = {.look = look_of_verdict(&show->verdict), .dimmed = show->dimmed};
    bool still = is_still(scene, show->dimmed);
    int64_t now_ms = still ? AT_REST_MS : scene->now_ms;
    sight.moment.done = animation_done(show);
    animation_levels(show, now_ms, &sight.moment.p, &sight.moment.q);
    sight_start(&sight, scene, segment);
    int64_t next = draw_scene_look(scene, segment, &sight);
    if (scene->settings->blinks || sight.strip.brightness <= 0)
        return next;
    double sweep = animation_sweep(show, now_ms);
    if (sweep < 1 && segment->source != SEGMENT_SUMMARY)
        draw_sweep(&sight, show, now_ms, sweep);
    return !still && animation_moves(show, now_ms) ? PICTURE_FRAME_MS : next;
}

static int64_t draw_gauge(const struct scene *scene, const struct segment *segment,
                          const struct gauge *gauge)
{
    struct sight sight = {.look = look_of_health(gauge->health, gauge->explained),
                          .dimmed = gauge->dimmed};
    sight_start(&sight, scene, segment);
    return draw_scene_look(scene, segment, &sight);
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

/* Each draws one kind of segment; returns the milliseconds until it can differ. */
static int64_t draw_rollout(const struct scene *scene, const struct segment *segment)
{
    const struct subject *subject = scene->subject;
    bool known = segment->index < subject->show_count;
    return draw_show(scene, segment, known ? &subject->shows[segment->index] : subject->common);
}

static int64_t draw_rollouts(const struct scene *scene, const struct segment *segment)
{
    return draw_show(scene, segment, scene->subject->common);
}

static int64_t draw_indicator(const struct scene *scene, const struct segment *segment)
{
    const struct subject *subject = scene->subject;
    return segment->index < subject->gauge_count
               ? draw_gauge(scene, segment, &subject->gauges[segment->index])
               : PICTURE_STILL;
}

static int64_t draw_indicators(const struct scene *scene, const struct segment *segment)
{
    const struct subject *subject = scene->subject;
    int64_t next = PICTURE_STILL;
    if (segment->count < subject->gauge_count) {
        const struct gauge *worst = worst_gauge(subject);
        return worst != NULL ? draw_gauge(scene, segment, worst) : PICTURE_STILL;
    }
    for (size_t i = 0; i < subject->gauge_count; i++) {
        struct segment share = layout_share(segment, i, subject->gauge_count);
        next = sooner(next, draw_gauge(scene, &share, &subject->gauges[i]));
    }
    return next;
}

static int64_t draw_summary(const struct scene *scene, const struct segment *segment)
{
    const struct gauge *louder = louder_gauge(scene->subject);
    return louder != NULL ? draw_gauge(scene, segment, louder)
                          : draw_show(scene, segment, scene->subject->common);
}

static int64_t draw_source(const struct scene *scene, const struct segment *segment)
{
    switch (segment->source) {
        ROW(SEGMENT_ROLLOUT, draw_rollout(scene, segment));
        ROW(SEGMENT_ROLLOUTS, draw_rollouts(scene, segment));
        ROW(SEGMENT_INDICATOR, draw_indicator(scene, segment));
        ROW(SEGMENT_INDICATORS, draw_indicators(scene, segment));
        ROW(SEGMENT_SUMMARY, draw_summary(scene, segment));
    }
    NO_OTHER_ROW;
}

/* Linear light that digits lack: a board file says how bright they are by day. */
static uint16_t text_dimmed(const struct scene *scene, const struct sight *sight)
{
    double day = scene->settings->brightness, now = brightness(scene, sight->look);
    double share = (day > now ? now / day : 1) * (sight->dimmed ? DIMMED : 1);
    return (uint16_t)(UINT16_MAX - UINT16_MAX * colour_luminance(share));
}

/* The indicator that speaks through the digits: an alarm, or one that has no pixels. NULL: none. */
static const struct gauge *speaking_gauge(const struct subject *subject, bool alone)
{
    const struct gauge *louder = louder_gauge(subject);
    return louder != NULL && (louder->health == HEALTH_CRITICAL || alone) ? louder : NULL;
}

/* How bright all of it is: for digits, and for lights that are dimmed in common. */
static void say_brightness(const struct scene *scene, const struct sight *sight)
{
    scene->frame->text_dimmed = text_dimmed(scene, sight);
    scene->frame->brightness = brightness(scene, sight->look) * (sight->dimmed ? DIMMED : 1);
}

/*
 * Digits count replicas and per cents. An alarm takes them over; a lesser indicator that is worse
 * than the rollouts does where it has no pixels. Returns the milliseconds until they can differ.
 */
static int64_t write_digits(const struct scene *scene, size_t digits)
{
    const struct subject *subject = scene->subject;
    const struct show *common = subject->common;
    struct frame *frame = scene->frame;
    struct sight sight = {.look = look_of_verdict(&common->verdict), .dimmed = common->dimmed};
    struct digits_style style = {.digits = digits,
                                 .alone = frame->count == 0,
                                 .still = is_still(scene, sight.dimmed),
                                 .rippling = ripple(scene, &sight) < 1};
    const struct gauge *gauge = speaking_gauge(subject, style.alone);
    if (gauge != NULL)
        sight = (struct sight){.look = look_of_health(gauge->health, gauge->explained),
                               .dimmed = gauge->dimmed};
    say_brightness(scene, &sight);
    if (digits == 0 || (brightness(scene, sight.look) <= 0 && !scene->fades))
        return PICTURE_STILL;
    if (gauge != NULL)
        digits_of_gauge(gauge, digits, frame->text);
    return frame->text[0] != '\0' ? PICTURE_STILL
                                  : digits_of(subject, &style, scene->now_ms, frame->text);
}

/* A line that is not one stretch of the frame is drawn apart, and then put there. */
static int64_t draw_segment(const struct scene *scene, const struct segment *segment)
{
    struct pixel line[FRAME_PIXELS_MAX];
    if (mapping_is_plain(segment))
        return draw_source(scene, segment);
    struct frame apart = {.pixels = line, .count = mapping_length(segment, scene->frame->count)};
    struct scene on_line = *scene;
    const struct segment whole = {
        .count = apart.count, .source = segment->source, .index = segment->index};
    on_line.frame = &apart;
    memset(line, 0, apart.count * sizeof *line);
    int64_t next = draw_source(&on_line, &whole);
    mapping_line(segment, line, scene->frame);
    return next;
}

static int64_t draw_segments(const struct scene *scene)
{
    const struct segment *segments = scene->settings->segments;
    struct frame *frame = scene->frame;
    size_t count = scene->settings->segment_count;
    struct segment automatic[LAYOUT_SEGMENTS_MAX];
    int64_t next = scene->fades ? PICTURE_FRAME_MS : PICTURE_STILL;
    if (count == 0) {
        count = layout_segments(frame->count, scene->subject->gauge_count, automatic);
        segments = automatic;
    }
    if (count > 1 || scene->settings->segment_count > 0) /* there may be gaps between segments */
        memset(frame->pixels, 0, frame->count * sizeof *frame->pixels);
    for (size_t i = 0; i < count; i++)
        next = sooner(next, draw_segment(scene, &segments[i]));
    return next;
}

/* A matrix is a line whose pixels are columns. */
static int64_t draw_matrix(const struct scene *scene)
{
    struct pixel row[FRAME_PIXELS_MAX];
    size_t width = scene->settings->width <= FRAME_PIXELS_MAX ? scene->settings->width : 1;
    struct frame line = {.pixels = row, .count = width};
    struct scene on_row = *scene;
    on_row.frame = &line;
    int64_t next = draw_segments(&on_row);
    mapping_rows(row, width, scene->frame);
    return next;
}

int64_t picture_draw(const struct picture_settings *settings, const struct subject *subject,
                     size_t digits, int64_t now_ms, struct frame *frame)
{
    struct scene scene = {settings, subject, frame, now_ms, false};
    scene.fades = subject->ambience != NULL &&
                  passed(subject->ambience->night_ms, PICTURE_FADE_MS, now_ms) < 1;
    bool is_matrix = settings->width > 0 && settings->segment_count == 0;
    frame->time_ms = now_ms;
    frame->text[0] = '\0';
    int64_t next = write_digits(&scene, digits);
    return sooner(next, is_matrix ? draw_matrix(&scene) : draw_segments(&scene));
}

void picture_blank(struct frame *frame)
{
    memset(frame->pixels, 0, frame->count * sizeof *frame->pixels);
    frame->text[0] = '\0';
    frame->text_dimmed = 0;
    frame->brightness = 0;
    frame->caption[0] = '\0';
}
