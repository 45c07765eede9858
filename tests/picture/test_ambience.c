/*
 * Night, ripples, lamps that blink, and what stands still: pictures beyond the states themselves.
 */
#include "picture/models.h"
#include "rollout/expected_states.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t draw_in(const struct picture_settings *settings, const struct ambience *ambience,
                       enum state state, int64_t now_ms, struct frame *frame)
{
    struct show show = show_of(state, 0.42, 0.7);
    struct subject subject = {
        .shows = &show, .show_count = 1, .common = &show, .ambience = ambience};
    *frame = (struct frame){.pixels = room, .count = 8};
    return picture_draw(settings, &subject, 4, now_ms, frame);
}

static double most(void)
{
    double most = 0;
    for (size_t i = 0; i < 8; i++)
        most = lightness(&room[i]) > most ? lightness(&room[i]) : most;
    return most;
}

static void night_fades_in_over_ten_seconds(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 0.5, .night = {.brightness = 0.03}};
    const struct ambience ambience = {true, 100000, PICTURE_NEVER};
    struct frame frame;
    double last = 1;
    for (int64_t t = 100000; t <= 110000; t += 500) {
        int64_t next = draw_in(&settings, &ambience, STATE_STABLE, t, &frame);
        assert_true(next == (t < 110000 ? PICTURE_FRAME_MS : PICTURE_STILL));
        if (most() >= last || last - most() > 0.1 + (t == 100000))
            fail_msg("%d ms: %.3f after %.3f", (int)(t - 100000), most(), last);
        last = most();
    }
    assert_true(last < 0.02);
}

static void an_off_night_is_dark_but_failures_may_break_through(void **state)
{
    (void)state;
    struct picture_settings settings = {.brightness = 0.5};
    const struct ambience ambience = {true, PICTURE_NEVER, 0};
    struct frame frame;
    for (int s = 0; s < STATE_COUNT; s++) {
        assert_true(draw_in(&settings, &ambience, (enum state)s, 1000, &frame) == PICTURE_STILL);
        assert_true(most() <= 0);
        assert_string_equal(frame.text, "");
    }
    settings.night.failed = 0.2;
    assert_true(draw_in(&settings, &ambience, STATE_FAILED, 1000, &frame) == PICTURE_FRAME_MS);
    assert_true(most() > 0.02);
    assert_string_equal(frame.text, "FAIL");
    draw_in(&settings, &ambience, STATE_STALLED, 1000, &frame);
    assert_true(most() <= 0);
}

/* Digits dim as the strip does, from the brightness that their board file gives them by day. */
static void digits_dim_as_lights_do(void **state)
{
    (void)state;
    struct picture_settings settings = {.brightness = 0.5, .night = {.brightness = 0.05}};
    const struct ambience day = {false, PICTURE_NEVER, PICTURE_NEVER},
                          dusk = {true, 0, PICTURE_NEVER};
    struct frame frame;
    uint16_t last = 0;
    draw_in(&settings, &day, STATE_STABLE, 0, &frame);
    assert_int_equal(frame.text_dimmed, 0);
    for (int64_t t = 0; t <= PICTURE_FADE_MS; t += 500) {
        draw_in(&settings, &dusk, STATE_STABLE, t, &frame);
        if (frame.text_dimmed < last || frame.text_dimmed - last > 12000)
            fail_msg("%d ms: %d after %d", (int)t, frame.text_dimmed, last);
        last = frame.text_dimmed;
    }
    assert_in_range(last, 64700, 65000); /* a tenth of the lightness is 1.1 % of the light */
    settings.night.failed = 1;
    draw_in(&settings, &dusk, STATE_FAILED, PICTURE_FADE_MS, &frame);
    assert_int_equal(frame.text_dimmed, 0); /* by night no brighter than by day */
}

/* An alarm that may break through the night does so on digits, too, whatever the rollouts are. */
static void an_alarm_breaks_through_on_digits(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 0.5, .night = {.failed = 0.2}};
    const struct ambience ambience = {true, PICTURE_NEVER, PICTURE_NEVER};
    struct show show = show_of(STATE_STABLE, 1, 1);
    struct gauge gauge = {.health = HEALTH_CRITICAL};
    struct subject subject = {
        .common = &show, .gauges = &gauge, .gauge_count = 1, .ambience = &ambience};
    struct frame frame = {.pixels = room, .count = 8};
    picture_draw(&settings, &subject, 4, 1000, &frame);
    assert_string_equal(frame.text, "ALrt");
    uint16_t by_night = frame.text_dimmed;
    gauge.dimmed = true; /* the last poll failed */
    picture_draw(&settings, &subject, 4, 1000, &frame);
    assert_true(by_night > 0 && frame.text_dimmed > by_night);
    gauge.health = HEALTH_WARNING;
    picture_draw(&settings, &subject, 4, 1000, &frame);
    assert_string_equal(frame.text, "");
}

static void a_ripple_is_faint_short_and_only_where_nothing_moves(void **state)
{
    (void)state;
    const struct ambience ambience = {false, PICTURE_NEVER, 5000};
    struct pixel still[8];
    struct frame frame;
    draw_in(&bright, NULL, STATE_STABLE, 5000, &frame);
    memcpy(still, room, sizeof still);
    double widest = 0;
    for (int64_t t = 5000; t < 5000 + PICTURE_BEAT_MS; t += PICTURE_FRAME_MS) {
        assert_true(draw_in(&bright, &ambience, STATE_STABLE, t, &frame) == PICTURE_FRAME_MS);
        for (size_t i = 0; i < 8; i++) {
            double more = lightness(&room[i]) - lightness(&still[i]);
            assert_true(more > -1e-9);
            widest = more > widest ? more : widest;
        }
    }
    assert_true(widest > 0.02 && widest < 0.08);
    assert_true(draw_in(&bright, &ambience, STATE_STABLE, 5000 + PICTURE_BEAT_MS, &frame) ==
                PICTURE_STILL);
    assert_memory_equal(still, room, sizeof still);
    draw_in(&bright, NULL, STATE_FAILED, 5700, &frame);
    memcpy(still, room, sizeof still);
    draw_in(&bright, &ambience, STATE_FAILED, 5700, &frame);
    assert_memory_equal(still, room, sizeof still);
}

static void without_motion_nothing_moves(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 1, .motion = PICTURE_MOTION_OFF};
    const struct ambience ambience = {false, PICTURE_NEVER, 0};
    struct pixel first[8];
    struct frame frame;
    for (int s = 0; s < STATE_COUNT; s++)
        for (int64_t t = 0; t < 4000; t += 200) {
            assert_true(draw_in(&settings, &ambience, (enum state)s, t, &frame) == PICTURE_STILL);
            if (t == 0)
                memcpy(first, room, sizeof first);
            assert_memory_equal(first, room, sizeof first);
        }
}

/* Lamps are reported when to look again, and by then they have changed. */
static void lamps_blink_slowly_and_wake_up_for_it_only(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 1, .blinks = true};
    struct frame frame;
    for (enum state s = 0; s < STATE_COUNT; s++) {
        int changes = 0;
        int64_t now = 0, next = draw_in(&settings, NULL, s, now, &frame);
        for (bool lit = most() > 0; next != PICTURE_STILL && now < 10000; changes++) {
            now += next;
            next = draw_in(&settings, NULL, s, now, &frame);
            assert_true((most() > 0) != lit);
            lit = most() > 0;
        }
        if (expected_of(s)->blinks != (changes > 0) || changes > 20)
            fail_msg("%s: %d changes in ten seconds", state_name(s), changes);
    }
}

static void a_matrix_shows_columns(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 1, .width = 4};
    struct frame frame;
    room[8].red = 0x7777;
    draw_in(&settings, NULL, STATE_PAUSED, 0, &frame);
    assert_int_equal(room[8].red, 0x7777);
    assert_memory_equal(room, room + 4, 4 * sizeof *room);
    assert_true(memcmp(room, room + 1, sizeof *room) != 0);
}

static void a_matrix_is_at_most_as_wide_as_a_frame(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t width, count, like; /* the first pixel and this one are alike */
        bool alike;
    } rows[] = {
        {"two rows", 512, 1024, 512, true},
        {"one row less a pixel", 1023, 1024, 1023, true},
        {"one row, which ends dark", 1024, 1024, 1023, false},
        {"as a strip has it", 0, 1024, 1023, false},
        {"wider than any: one column", 1025, 1024, 1023, true},
    };
    const struct show show = show_of(STATE_PROGRESSING, 0.42, 0.7);
    const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct picture_settings settings = {
            .brightness = 1, .width = rows[i].width, .motion = PICTURE_MOTION_OFF};
        struct frame frame = {.pixels = room, .count = rows[i].count};
        picture_draw(&settings, &subject, 0, 0, &frame);
        if ((memcmp(room, room + rows[i].like, sizeof *room) == 0) != rows[i].alike)
            fail_msg("%s", rows[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(night_fades_in_over_ten_seconds),
        cmocka_unit_test(an_off_night_is_dark_but_failures_may_break_through),
        cmocka_unit_test(digits_dim_as_lights_do),
        cmocka_unit_test(an_alarm_breaks_through_on_digits),
        cmocka_unit_test(a_ripple_is_faint_short_and_only_where_nothing_moves),
        cmocka_unit_test(without_motion_nothing_moves),
        cmocka_unit_test(lamps_blink_slowly_and_wake_up_for_it_only),
        cmocka_unit_test(a_matrix_shows_columns),
        cmocka_unit_test(a_matrix_is_at_most_as_wide_as_a_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
