#include "picture/layout.h"
#include "picture/look.h"
#include "picture/models.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof list / sizeof list[0])

static void indicators_stand_at_the_end_of_the_strip(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t pixels, indicators, segments, bar, first, count;
    } rows[] = {
        {"no indicators: the whole strip is the bar's", 8, 0, 1, 8, 0, 0},
        {"no pixels, no trouble", 0, 2, 1, 0, 0, 0},
        {"too few for a bar and an indicator", 2, 1, 1, 2, 0, 0},
        {"the least strip for both", 3, 1, 2, 2, 2, 1},
        {"no pixel to spare for a gap", 7, 2, 2, 5, 5, 2},
        {"a Blinkt!", 8, 1, 2, 6, 7, 1},
        {"two on a Blinkt!", 8, 2, 2, 5, 6, 2},
        {"never more than a third", 8, 9, 2, 5, 6, 2},
        {"larger on a longer strip", 60, 2, 2, 51, 54, 6},
        {"a very long one", 144, 3, 2, 124, 129, 15},
        {"more than a third would be", 30, 32, 2, 18, 20, 10},
        {"the last of one-pixel marks", 29, 1, 2, 27, 28, 1},
        {"the first of two-pixel marks", 30, 1, 2, 26, 28, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct segment segments[LAYOUT_SEGMENTS_MAX] = {{0}};
        size_t got = layout_segments(rows[i].pixels, rows[i].indicators, segments);
        if (got != rows[i].segments || segments[0].first != 0 || segments[0].count != rows[i].bar ||
            segments[1].first != rows[i].first || segments[1].count != rows[i].count)
            fail_msg("%s: %d segments, bar %d, indicators %d from %d", rows[i].what, (int)got,
                     (int)segments[0].count, (int)segments[1].count, (int)segments[1].first);
    }
}

static void shares_cover_a_segment_and_never_overlap(void **state)
{
    (void)state;
    for (size_t pixels = 1; pixels <= 40; pixels++)
        for (size_t count = 1; count <= pixels && count <= 32; count++) {
            const struct segment segment = {.first = 7, .count = pixels};
            size_t next = 7;
            for (size_t i = 0; i < count; i++) {
                struct segment share = layout_share(&segment, i, count);
                assert_true(share.count >= 1 && share.index == i);
                if (share.first < next || share.first > next + 1)
                    fail_msg("%d in %d pixels: the %d. begins at %d", (int)count, (int)pixels,
                             (int)i + 1, (int)share.first);
                next = share.first + share.count;
            }
            assert_int_equal(next, 7 + pixels);
        }
}

/* A letter a pixel; '.' is a gap. */
static void shares_of_three_pixels_have_gaps(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        const char *shares;
    } rows[] = {{1, "aaaaaa"}, {2, "aabb"},      {2, "aabbb"},     {2, "aa.bbb"},
                {3, "abbcc"},  {3, "aabbcc"},    {3, "aabb.ccc"},  {3, "aa.bb.ccc"},
                {4, "abcd"},   {4, "aabbccddd"}, {2, "aaa.bbbbb"}, {2, "aaaa.bbbbb"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct segment segment = {.first = 2, .count = strlen(rows[i].shares)};
        char seen[16] = "";
        memset(seen, '.', segment.count);
        for (size_t k = 0; k < rows[i].count; k++) {
            const struct segment share = layout_share(&segment, k, rows[i].count);
            assert_true(share.source == SEGMENT_INDICATOR);
            memset(seen + share.first - 2, (int)('a' + share.index), share.count);
        }
        if (strcmp(seen, rows[i].shares) != 0)
            fail_msg("%zu on %zu pixels: %s", rows[i].count, segment.count, seen);
    }
}

static const struct gauge fine = {.health = HEALTH_OK};
static const struct gauge explained = {.health = HEALTH_WARNING, .explained = true};
static const struct gauge red_explained = {.health = HEALTH_CRITICAL, .explained = true};
static const struct gauge orange = {.health = HEALTH_WARNING};
static const struct gauge red = {.health = HEALTH_CRITICAL};
static const struct gauge blind = {.health = HEALTH_UNKNOWN};

/* Draws a rollout and some indicators on `count` pixels, as `source` over them all or by layout. */
static int64_t draw_both(enum state state, const struct gauge gauges[], size_t gauge_count,
                         const enum segment_source *source, struct frame *frame)
{
    struct show show = show_of(state, 0.42, 0.7);
    struct picture_settings settings = {.brightness = 1};
    if (source != NULL) {
        settings.segment_count = 1;
        settings.segments[0] = (struct segment){.count = frame->count, .source = *source};
    }
    const struct subject subject = {.shows = &show,
                                    .show_count = 1,
                                    .common = &show,
                                    .gauges = gauges,
                                    .gauge_count = gauge_count};
    memset(room, 0x77, sizeof room);
    frame->pixels = room;
    return picture_draw(&settings, &subject, 4, 0, frame);
}

/* The hue that a light is of, at whatever lightness; -1: none of the palette's, or dark. */
static int hue_of(struct pixel light)
{
    for (int hue = 0; hue < HUE_COUNT; hue++) {
        struct pixel full = colour_light(&palettes[PALETTE_DEFAULT], (enum hue)hue, 1);
        double most = full.red > full.green ? full.red : full.green;
        most = most > full.blue ? most : full.blue;
        double share = fmax(light.red, fmax(light.green, light.blue)) / most;
        if (share > 0 && fabs(full.red * share - light.red) < 40 &&
            fabs(full.green * share - light.green) < 40 &&
            fabs(full.blue * share - light.blue) < 40)
            return hue;
    }
    return -1;
}

static void a_bar_and_its_indicator_stand_side_by_side(void **state)
{
    (void)state;
    struct frame frame = {.count = 8};
    draw_both(STATE_STABLE, &orange, 1, NULL, &frame);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(hue_of(room[i]), HUE_GREEN);
    assert_int_equal(room[6].red | room[6].green | room[6].blue, 0);
    assert_int_equal(hue_of(room[7]), HUE_ORANGE);
    assert_int_equal(room[8].red, 0x7777);
    assert_string_equal(frame.text, "10"); /* replicas: orange is no alarm */
}

static void several_indicators_keep_their_places(void **state)
{
    (void)state;
    const struct gauge gauges[] = {fine, explained, red};
    struct frame frame = {.count = 3};
    const enum segment_source all = SEGMENT_INDICATORS;
    assert_true(draw_both(STATE_STABLE, gauges, 3, &all, &frame) == PICTURE_FRAME_MS);
    assert_int_equal(hue_of(room[0]), HUE_GREEN);
    assert_int_equal(hue_of(room[1]), HUE_AMBER);
    assert_int_equal(hue_of(room[2]), HUE_RED);
    frame.count = 2; /* no room for all: the worst */
    draw_both(STATE_STABLE, gauges, 3, &all, &frame);
    assert_int_equal(hue_of(room[0]), HUE_RED);
    assert_int_equal(hue_of(room[1]), HUE_RED);
    frame.count = 3;
    assert_true(draw_both(STATE_FAILED, NULL, 0, &all, &frame) == PICTURE_STILL);
    assert_int_equal(room[0].red | room[1].green | room[2].blue, 0);
}

/* Nothing of the segment before it is seen there. */
static void where_no_indicator_is_a_mirrored_segment_is_dark(void **state)
{
    (void)state;
    const struct picture_settings settings = {
        .brightness = 1,
        .segment_count = 2,
        .segments = {{.count = 4, .source = SEGMENT_ROLLOUTS, .mirror = MIRROR_ENDS},
                     {.first = 4, .count = 4, .source = SEGMENT_INDICATORS, .reverse = true}}};
    const struct show show = show_of(STATE_STABLE, 1, 1);
    const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    struct frame frame = {.pixels = room, .count = 8};
    memset(room, 0x77, sizeof room);
    picture_draw(&settings, &subject, 0, 0, &frame);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(room[i].green > 0, i < 4);
}

static void the_summary_is_the_worst_of_all(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        enum state state;
        struct gauge gauge;
        enum hue hue;
    } rows[] = {
        {"all is fine", STATE_STABLE, {.health = HEALTH_OK}, HUE_GREEN},
        {"a rollout, and what it explains",
         STATE_PROGRESSING,
         {.health = HEALTH_CRITICAL, .explained = true},
         HUE_AMBER},
        {"explained still, when the rollout is done",
         STATE_STABLE,
         {.health = HEALTH_WARNING, .explained = true},
         HUE_AMBER},
        {"orange is worse than a rollout",
         STATE_PROGRESSING,
         {.health = HEALTH_WARNING},
         HUE_ORANGE},
        {"and than a pause", STATE_PAUSED, {.health = HEALTH_WARNING}, HUE_ORANGE},
        {"but not than a rollout in trouble",
         STATE_STALLED,
         {.health = HEALTH_WARNING},
         HUE_VERMILION},
        {"what is not known is not fine", STATE_STABLE, {.health = HEALTH_UNKNOWN}, HUE_WHITE},
        {"red is worse than what is unknown", STATE_UNKNOWN, {.health = HEALTH_CRITICAL}, HUE_RED},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t count = 1; count <= 2; count++) { /* by a segment, and by the layout */
            const enum segment_source summary = SEGMENT_SUMMARY;
            struct frame frame = {.count = count};
            draw_both(rows[i].state, &rows[i].gauge, 1, count == 1 ? &summary : NULL, &frame);
            if (hue_of(room[0]) != (int)rows[i].hue)
                fail_msg("%s: hue %d", rows[i].what, hue_of(room[0]));
        }
}

/* On one pixel hue is no help to everybody: motion and lightness must do. */
static void on_one_pixel_looks_still_differ(void **state)
{
    (void)state;
    const struct gauge gauges[] = {fine, explained, orange, red, blind};
    static double films[COUNT(gauges)][100];
    const enum segment_source one = SEGMENT_INDICATOR;
    for (size_t k = 0; k < COUNT(gauges); k++)
        for (int step = 0; step < 100; step++) {
            struct show show = show_of(STATE_STABLE, 1, 1);
            struct picture_settings settings = {.brightness = 1, .segment_count = 1};
            settings.segments[0] = (struct segment){.count = 1, .source = one};
            const struct subject subject = {
                .common = &show, .gauges = &gauges[k], .gauge_count = 1};
            struct frame frame = {.pixels = room, .count = 1};
            picture_draw(&settings, &subject, 0, step * 40, &frame);
            films[k][step] = lightness(&room[0]);
        }
    for (size_t a = 0; a < COUNT(gauges); a++)
        for (size_t b = 0; b < a; b++) {
            double least = 1;
            for (int shift = 0; shift < 50; shift++) {
                double sum = 0;
                for (int step = 0; step < 50; step++)
                    sum += pow(films[a][step] - films[b][step + shift], 2);
                least = fmin(least, sqrt(sum / 50));
            }
            if (least < 0.08)
                fail_msg("indicators %d and %d: %.3f apart", (int)a, (int)b, least);
        }
}

static void an_alarm_takes_the_digits(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        enum state state;
        struct gauge gauge;
        size_t pixels;
        const char *text;
    } rows[] = {
        {"fine", STATE_STABLE, {.health = HEALTH_OK}, 8, "10"},
        {"red", STATE_STABLE, {.health = HEALTH_CRITICAL}, 8, "ALrt"},
        {"red beside a rollout in trouble", STATE_FAILED, {.health = HEALTH_CRITICAL}, 8, "ALrt"},
        {"red, explained",
         STATE_PROGRESSING,
         {.health = HEALTH_CRITICAL, .explained = true},
         8,
         "42"},
        {"orange, seen on the strip", STATE_STABLE, {.health = HEALTH_WARNING}, 8, "10"},
        {"orange, without a strip", STATE_STABLE, {.health = HEALTH_WARNING}, 0, "CArE"},
        {"orange, without a strip, in trouble",
         STATE_FAILED,
         {.health = HEALTH_WARNING},
         0,
         "FAIL"},
        {"unknown, without a strip", STATE_STABLE, {.health = HEALTH_UNKNOWN}, 0, "----"},
        {"explained, without a strip",
         STATE_STABLE,
         {.health = HEALTH_WARNING, .explained = true},
         0,
         "10"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct frame frame = {.count = rows[i].pixels};
        draw_both(rows[i].state, &rows[i].gauge, 1, NULL, &frame);
        if (strcmp(frame.text, rows[i].text) != 0)
            fail_msg("%s: '%s'", rows[i].what, frame.text);
    }
}

/* The light that runs along the bar arrives where the explained indicator then is brightest. */
static void the_bar_runs_into_what_it_explains(void **state)
{
    (void)state;
    struct show show = show_of(STATE_PROGRESSING, 0.5, 0.5);
    struct picture_settings settings = {.brightness = 1};
    const struct subject subject = {.shows = &show,
                                    .show_count = 1,
                                    .common = &show,
                                    .gauges = &red_explained,
                                    .gauge_count = 1};
    double bar = 0, lamp = 0;
    int bar_at = 0, lamp_at = 0;
    for (int t = 0; t < 2000; t += 20) {
        struct frame frame = {.pixels = room, .count = 8};
        picture_draw(&settings, &subject, 0, t, &frame);
        if (lightness(&room[5]) > bar) { /* the bar's last pixel, dark but for the glint */
            bar = lightness(&room[5]);
            bar_at = t;
        }
        if (lightness(&room[7]) > lamp) {
            lamp = lightness(&room[7]);
            lamp_at = t + 2000;
        }
    }
    assert_in_range(lamp_at - bar_at, 300, 900); /* ms: just after it */
}

static void a_dimmed_indicator_is_darker_and_still(void **state)
{
    (void)state;
    struct gauge gauge = red;
    struct frame frame = {.count = 1};
    const enum segment_source one = SEGMENT_INDICATOR;
    draw_both(STATE_STABLE, &gauge, 1, &one, &frame);
    double before = lightness(&room[0]);
    gauge.dimmed = true;
    assert_true(draw_both(STATE_STABLE, &gauge, 1, &one, &frame) == PICTURE_STILL);
    assert_true(lightness(&room[0]) > 0 && lightness(&room[0]) < 0.5 * before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indicators_stand_at_the_end_of_the_strip),
        cmocka_unit_test(shares_cover_a_segment_and_never_overlap),
        cmocka_unit_test(shares_of_three_pixels_have_gaps),
        cmocka_unit_test(where_no_indicator_is_a_mirrored_segment_is_dark),
        cmocka_unit_test(a_bar_and_its_indicator_stand_side_by_side),
        cmocka_unit_test(several_indicators_keep_their_places),
        cmocka_unit_test(the_summary_is_the_worst_of_all),
        cmocka_unit_test(on_one_pixel_looks_still_differ),
        cmocka_unit_test(an_alarm_takes_the_digits),
        cmocka_unit_test(the_bar_runs_into_what_it_explains),
        cmocka_unit_test(a_dimmed_indicator_is_darker_and_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
