#include "picture/models.h"
#include "rollout/expected_states.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const size_t lengths[] = {1, 2, 3, 4, 8, 25, 60, 144, 1000};
#define LENGTHS (sizeof lengths / sizeof lengths[0])

/* A flash is a pair of opposing changes of 10 % of the lightness (WCAG 2.3.1); ours: two a second.
 */
static void nothing_flashes_faster_than_2_hz(void **state)
{
    (void)state;
    static int turns[FRAME_PIXELS_MAX], direction[FRAME_PIXELS_MAX];
    static double turn[FRAME_PIXELS_MAX];
    for (int s = 0; s < LOOKS; s++)
        for (size_t n = 0; n < LENGTHS; n++) {
            struct model model = {s, 0.42, 0.7, false};
            struct frame frame;
            memset(turns, 0, sizeof turns);
            memset(direction, 0, sizeof direction);
            for (int64_t t = 0; t < 4000; t += 20) {
                draw_model(&bright, &model, lengths[n], t, &frame);
                for (size_t i = 0; i < lengths[n]; i++) {
                    double now = lightness(&room[i]);
                    if (t == 0)
                        turn[i] = now;
                    int way = now > turn[i] + 0.1 ? 1 : now < turn[i] - 0.1 ? -1 : 0;
                    turns[i] += way != 0 && way != direction[i];
                    direction[i] = way != 0 ? way : direction[i];
                    if (way != 0 || (now - turn[i]) * direction[i] > 0)
                        turn[i] = now;
                    if (turns[i] > 16)
                        fail_msg("%s flashes on pixel %d of %d", look_name(s), (int)i,
                                 (int)lengths[n]);
                }
            }
        }
}

/* No step from one frame to the next is a jump: smooth at 25 frames a second. */
static void motion_is_smooth(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 3, 8};
    for (int s = 0; s < LOOKS; s++)
        for (size_t n = 0; n < 3; n++) {
            struct model model = {s, 0.42, 0.7, false};
            double last[8];
            struct frame frame;
            for (int64_t t = 0; t < 8000; t += PICTURE_FRAME_MS) {
                draw_model(&bright, &model, counts[n], t, &frame);
                for (size_t i = 0; i < counts[n]; i++) {
                    double now = lightness(&room[i]);
                    if (t > 0 && fabs(now - last[i]) > 0.1)
                        fail_msg("%s jumps by %.2f at %d ms", look_name(s), fabs(now - last[i]),
                                 (int)t);
                    last[i] = now;
                }
            }
        }
}

static void only_some_states_move(void **state)
{
    (void)state;
    bool moves[LOOKS] = {
        [LOOK_NO_NETWORK] = true, [LOOK_CLOCK_UNSET] = true,  [LOOK_CARD_WRONG] = true,
        [ROLLOUT_LOOKS] = true,   [ROLLOUT_LOOKS + 2] = true, /* explained, critical */
    };
    static struct pixel first[FRAME_PIXELS_MAX];
    for (enum state is = 0; is < STATE_COUNT; is++)
        moves[is] = expected_of(is)->moves;
    for (int s = 0; s < LOOKS; s++)
        for (size_t n = 0; n < LENGTHS; n++)
            for (int dimmed = 0; dimmed < 2; dimmed++) {
                struct model model = {s, 0.42, 0.7, false};
                struct frame frame;
                bool differs = false;
                model.dimmed = dimmed != 0;
                int64_t next = draw_model(&bright, &model, lengths[n], 0, &frame);
                assert_true(next == (moves[s] && !dimmed ? PICTURE_FRAME_MS : PICTURE_STILL));
                memcpy(first, room, sizeof first);
                for (int64_t t = 40; t < 4000; t += 40) {
                    draw_model(&bright, &model, lengths[n], t, &frame);
                    differs |= memcmp(first, room, lengths[n] * sizeof *room) != 0;
                }
                if (differs != (moves[s] && !dimmed))
                    fail_msg("%s on %d pixels %s", look_name(s), (int)lengths[n],
                             differs ? "moves" : "is still");
            }
}

/* A clock that counts from some moment on has others before it. */
static void motion_goes_on_through_nought(void **state)
{
    (void)state;
    struct pixel before[8];
    for (int s = 0; s < LOOKS; s++) {
        const struct model model = {s, 0.42, 0.7, false};
        struct frame frame;
        draw_model(&bright, &model, 8, -500, &frame);
        memcpy(before, room, sizeof before);
        draw_model(&bright, &model, 8, 48000 - 500, &frame); /* a whole number of every period */
        if (memcmp(before, room, sizeof before) != 0)
            fail_msg("%s is not at -500 ms as it is at others", look_name(s));
    }
}

static void progress_is_alive_at_every_p(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTHS; n++)
        for (int percent = 0; percent <= 100; percent += 10) {
            struct show show = show_of(STATE_PROGRESSING, percent / 100.0, percent / 100.0);
            double least = 1, most = 0;
            struct frame frame;
            for (int64_t t = 0; t < 2000; t += 40) {
                double sum = 0;
                draw(&bright, &show, lengths[n], t, &frame);
                for (size_t i = 0; i < lengths[n]; i++)
                    sum = fmax(sum, lightness(&room[i]));
                least = fmin(least, sum);
                most = fmax(most, sum);
            }
            if (least <= 0.02 || most < 0.10)
                fail_msg("%d pixels at %d %%: between %.2f and %.2f", (int)lengths[n], percent,
                         least, most);
        }
}

static void what_is_not_done_is_never_full(void **state)
{
    (void)state;
    static const enum state bars[] = {STATE_PROGRESSING, STATE_STALLED, STATE_PAUSED,
                                      STATE_DEGRADED};
    for (size_t s = 0; s < 4; s++)
        for (size_t n = 0; n < LENGTHS; n++)
            for (int64_t t = 0; t < 4000; t += 200) {
                struct show show = show_of(bars[s], 1 - 1e-9, 1);
                struct frame frame;
                uint16_t least = UINT16_MAX, most = 0;
                draw(&bright, &show, lengths[n], t, &frame);
                for (size_t i = 0; i < lengths[n]; i++) {
                    uint16_t light = room[i].red > room[i].blue ? room[i].red : room[i].blue;
                    least = light < least ? light : least;
                    most = light > most ? light : most;
                }
                if (lengths[n] > 1 && bars[s] != STATE_PROGRESSING && least > 0.95 * most)
                    fail_msg("%s is even on %d pixels at %d ms", state_name(bars[s]),
                             (int)lengths[n], (int)t);
            }
}

/* Nobody is called, and still nobody could take it for stable: its end is dark. */
static void what_is_lost_calmly_is_dark_at_the_end(void **state)
{
    (void)state;
    static const double levels[] = {0.5, 0.75, 0.95, 1 - 1e-9, 1};
    for (size_t n = 1; n < LENGTHS; n++)
        for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
            struct show show = show_of(STATE_DEGRADED, levels[k], 1);
            struct frame frame;
            size_t count = lengths[n];
            show.verdict.calm = true;
            assert_true(draw(&bright, &show, count, 1234, &frame) == PICTURE_STILL);
            for (size_t i = 0; i < count; i++) {
                size_t least = (count + 7) / 8;
                bool lost = (double)i >= ceil(levels[k] * (double)count) || i + least >= count;
                bool dark = (room[i].red | room[i].green | room[i].blue) == 0;
                bool green = room[i].green > 2 * room[i].red && room[i].green > room[i].blue;
                if (lost != dark || (!dark && !green))
                    fail_msg("pixel %d of %d at %g", (int)i, (int)count, levels[k]);
            }
        }
}

static void a_great_loss_is_never_calm(void **state)
{
    (void)state;
    static const double levels[] = {0, 0.25, 0.4999, (double)NAN};
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
        struct show show = show_of(STATE_DEGRADED, levels[k], 1), calm = show;
        static struct pixel alarm[8];
        struct frame frame;
        calm.verdict.calm = true;
        draw(&bright, &show, 8, 300, &frame);
        memcpy(alarm, room, sizeof alarm);
        assert_true(draw(&bright, &calm, 8, 300, &frame) == PICTURE_FRAME_MS);
        assert_memory_equal(alarm, room, sizeof alarm);
        assert_string_equal(frame.text, "dEGr");
    }
}

/* By the next verdict alone: nothing glides, and nothing of the calm picture stays. */
static void calm_ends_with_the_flag(void **state)
{
    (void)state;
    struct show show = show_of(STATE_DEGRADED, 0.9, 1), alarm = show;
    struct verdict verdict = show.verdict;
    static struct pixel expected[8];
    struct frame frame;
    draw(&bright, &alarm, 8, 500, &frame);
    memcpy(expected, room, sizeof expected);
    verdict.calm = true;
    show_update(&show, &verdict, false, 0);
    draw(&bright, &show, 8, 400, &frame);
    assert_memory_not_equal(expected, room, sizeof expected);
    verdict.calm = false;
    show_update(&show, &verdict, false, 500);
    draw(&bright, &show, 8, 500, &frame);
    assert_memory_equal(expected, room, sizeof expected);
    assert_true(show.since_ms == alarm.since_ms); /* one state all the while */
}

static void brightness_scales_and_never_extinguishes(void **state)
{
    (void)state;
    static struct pixel full[FRAME_PIXELS_MAX];
    static const double settings[] = {0.3, 0.03, 0.001};
    for (int s = 0; s < LOOKS; s++)
        for (size_t k = 0; k < 3; k++) {
            struct picture_settings dim = {.brightness = settings[k]}, off = {.brightness = 0};
            struct model model = {s, 0.42, 0.7, false};
            struct frame frame;
            draw_model(&bright, &model, 60, 700, &frame);
            memcpy(full, room, sizeof full);
            draw_model(&dim, &model, 60, 700, &frame);
            for (size_t i = 0; i < 60; i++) {
                bool was = (full[i].red | full[i].green | full[i].blue) != 0;
                bool is = (room[i].red | room[i].green | room[i].blue) != 0;
                if (was != is || room[i].red > full[i].red)
                    fail_msg("%s at %g: pixel %d", look_name(s), settings[k], (int)i);
            }
            draw_model(&off, &model, 60, 700, &frame);
            for (size_t i = 0; i < 60; i++)
                assert_int_equal(room[i].red | room[i].green | room[i].blue, 0);
        }
}

static void a_dimmed_picture_is_the_same_but_darker(void **state)
{
    (void)state;
    struct show show = show_of(STATE_PAUSED, 0.42, 0.7);
    struct frame frame;
    draw(&bright, &show, 8, 0, &frame);
    struct pixel before[8];
    memcpy(before, room, sizeof before);
    show.dimmed = true;
    draw(&bright, &show, 8, 0, &frame);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(before[i].blue == 0, room[i].blue == 0);
        assert_true(before[i].blue == 0 || lightness(&room[i]) < 0.5 * lightness(&before[i]));
    }
}

/* Draws it, and what the settled state looks like alone must be what the sweep ends with. */
static void sweep(const struct show *before, const struct expected_state *to, size_t count)
{
    static struct pixel last[FRAME_PIXELS_MAX];
    struct show show = *before, rest = show_of(to->state, 1, 1);
    struct frame frame;
    int64_t t = 10000;
    show_update(&show, &rest.verdict, false, t);
    draw(&bright, before, count, t, &frame);
    memcpy(last, room, count * sizeof *last);
    assert_true(draw(&bright, &show, count, t, &frame) == PICTURE_FRAME_MS);
    assert_memory_equal(last, room, count * sizeof *last); /* it begins where the bar was */
    draw(&bright, &show, count, t + PICTURE_SWEEP_MS / 2, &frame);
    assert_true(room[0].green > room[0].red); /* both settled hues are green */
    while (draw(&bright, &show, count, t, &frame) == PICTURE_FRAME_MS)
        t += PICTURE_FRAME_MS;
    assert_in_range(t, 10000 + PICTURE_SWEEP_MS, 10000 + PICTURE_SWEEP_MS + PICTURE_FRAME_MS);
    memcpy(last, room, count * sizeof *last);
    draw(&bright, &rest, count, t, &frame);
    assert_memory_equal(last, room, count * sizeof *last);
}

static void a_sweep_goes_from_each_bar_to_each_rest(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT * STATE_COUNT; i++) {
        const struct expected_state *from = expected_of((enum state)(i / STATE_COUNT));
        const struct expected_state *to = expected_of((enum state)(i % STATE_COUNT));
        if (from->course != COURSE_UNDER_WAY || to->course != COURSE_SETTLED)
            continue;
        for (size_t n = 0; n < LENGTHS; n++) {
            struct show empty = show_of(from->state, 0, 0), most = show_of(from->state, 0.9, 1);
            sweep(&empty, to, lengths[n]);
            sweep(&most, to, lengths[n]);
        }
    }
}

static void the_digits_say_at_once_what_it_has_become(void **state)
{
    (void)state;
    static const struct {
        enum state to;
        const char *text;
    } rows[] = {{STATE_STABLE, "10"}, {STATE_SCALED_TO_ZERO, "0"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct show show = show_of(STATE_PROGRESSING, 0.9, 1), rest = show_of(rows[i].to, 1, 1);
        struct frame frame;
        show_update(&show, &rest.verdict, false, 10000);
        draw(&bright, &show, 8, 10000, &frame);
        assert_string_equal(frame.text, rows[i].text);
    }
}

static void segments_keep_to_themselves(void **state)
{
    (void)state;
    struct picture_settings settings = {
        .brightness = 1,
        .segment_count = 3,
        .segments = {{.first = 0, .count = 4, .source = SEGMENT_ROLLOUT, .index = 1},
                     {.first = 5, .count = 2, .source = SEGMENT_ROLLOUTS},
                     {.first = 7, .count = 9, .source = SEGMENT_SUMMARY}},
    };
    struct show shows[] = {show_of(STATE_FAILED, 0, 0), show_of(STATE_STABLE, 1, 1)};
    struct frame frame = {.pixels = room, .count = 8};
    memset(room, 0x77, sizeof room);
    const struct subject subject = {.shows = shows, .show_count = 2, .common = &shows[0]};
    int64_t next = picture_draw(&settings, &subject, 4, 0, &frame);
    assert_true(next == PICTURE_FRAME_MS);
    assert_true(frame.time_ms == 0);
    assert_string_equal(frame.text, "FAIL");
    for (size_t i = 0; i < 4; i++)
        assert_true(room[i].green > 0 && room[i].red == 0); /* stable */
    assert_int_equal(room[4].red | room[4].green | room[4].blue, 0);
    for (size_t i = 5; i < 8; i++)
        assert_true(room[i].red > 0); /* failed */
    assert_int_equal(room[8].red, 0x7777);

    settings.segment_count = 1; /* only what is shown moves */
    assert_true(picture_draw(&settings, &subject, 0, 0, &frame) == PICTURE_STILL);
    assert_string_equal(frame.text, "");
    assert_true(picture_draw(&settings, &subject, 4, 0, &frame) == PICTURE_STILL);
}

/* What lies behind the last of them is no rollout and no indicator. */
static void a_segment_of_what_is_not_there(void **state)
{
    (void)state;
    struct picture_settings settings = {
        .brightness = 1,
        .segment_count = 1,
        .segments = {{.count = 1, .source = SEGMENT_ROLLOUT, .index = 1}}};
    const struct show shows[] = {show_of(STATE_FAILED, 0, 0), show_of(STATE_FAILED, 0, 0)};
    const struct show common = show_of(STATE_STABLE, 1, 1);
    const struct gauge gauges[] = {{.health = HEALTH_CRITICAL}, {.health = HEALTH_CRITICAL}};
    const struct subject subject = {
        .shows = shows, .show_count = 1, .common = &common, .gauges = gauges, .gauge_count = 1};
    struct frame frame = {.pixels = room, .count = 1};
    assert_true(picture_draw(&settings, &subject, 0, 0, &frame) == PICTURE_STILL);
    assert_true(room[0].green > 0 && room[0].red == 0); /* all of them: stable */
    settings.segments[0].source = SEGMENT_INDICATOR;
    assert_true(picture_draw(&settings, &subject, 0, 0, &frame) == PICTURE_STILL);
    assert_int_equal(room[0].red | room[0].green | room[0].blue, 0);
    settings.segments[0].index = 0;
    assert_true(picture_draw(&settings, &subject, 0, 0, &frame) == PICTURE_FRAME_MS);
    assert_true(room[0].red > 0);
}

static void a_blank_is_dark_and_silent(void **state)
{
    (void)state;
    struct show show = show_of(STATE_FAILED, 0, 0);
    struct frame frame;
    draw(&bright, &show, 8, 0, &frame);
    frame.caption[0] = 'x';
    frame.text_dimmed = 1;
    picture_blank(&frame);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(room[i].red | room[i].green | room[i].blue, 0);
    assert_string_equal(frame.text, "");
    assert_string_equal(frame.caption, "");
    assert_true(frame.brightness <= 0);
    assert_int_equal(frame.text_dimmed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_flashes_faster_than_2_hz),
        cmocka_unit_test(motion_is_smooth),
        cmocka_unit_test(only_some_states_move),
        cmocka_unit_test(motion_goes_on_through_nought),
        cmocka_unit_test(progress_is_alive_at_every_p),
        cmocka_unit_test(what_is_not_done_is_never_full),
        cmocka_unit_test(what_is_lost_calmly_is_dark_at_the_end),
        cmocka_unit_test(a_great_loss_is_never_calm),
        cmocka_unit_test(calm_ends_with_the_flag),
        cmocka_unit_test(brightness_scales_and_never_extinguishes),
        cmocka_unit_test(a_dimmed_picture_is_the_same_but_darker),
        cmocka_unit_test(a_sweep_goes_from_each_bar_to_each_rest),
        cmocka_unit_test(the_digits_say_at_once_what_it_has_become),
        cmocka_unit_test(segments_keep_to_themselves),
        cmocka_unit_test(a_segment_of_what_is_not_there),
        cmocka_unit_test(a_blank_is_dark_and_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
