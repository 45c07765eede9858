#include "picture/strip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GUARD 0xABCD

static struct pixel room[FRAME_PIXELS_MAX + 2];

static struct strip strip_of(size_t count)
{
    for (size_t i = 0; i < FRAME_PIXELS_MAX + 2; i++)
        room[i] = (struct pixel){GUARD, GUARD, GUARD};
    return (struct strip){
        .pixels = room + 1, .count = count, .brightness = 1, .palette = &palettes[PALETTE_DEFAULT]};
}

static void assert_inside(const struct strip *strip)
{
    assert_int_equal(room[0].red, GUARD);
    assert_int_equal(strip->pixels[strip->count].red, GUARD);
}

static struct bar bar_of(double p, double q)
{
    return (struct bar){.hue = HUE_AMBER, .p = p, .q = q, .high = 0.85, .low = 0.3, .done = p >= 1};
}

static void a_longer_bar_is_nowhere_darker(void **state)
{
    (void)state;
    static struct pixel last[FRAME_PIXELS_MAX];
    for (size_t count = 1; count <= 1000; count += count < 70 ? 1 : 93) {
        struct strip strip = strip_of(count);
        memset(last, 0, sizeof last);
        for (int step = 0; step <= 500; step++) {
            struct bar bar = bar_of(step / 500.0, step / 500.0);
            strip_bar_glinting(&strip, &bar, 0.37);
            for (size_t i = 0; i < count; i++)
                if (strip.pixels[i].red < last[i].red)
                    fail_msg("%d pixels: number %d is darker at p = %g", (int)count, (int)i, bar.p);
            memcpy(last, strip.pixels, count * sizeof *last);
        }
        assert_inside(&strip);
    }
}

static void only_what_is_done_is_full(void **state)
{
    (void)state;
    static const double nearly[] = {0.9, 0.99, 0.9999, 1 - 1e-12, 1};
    for (size_t count = 1; count <= 1000; count++) {
        struct strip strip = strip_of(count);
        struct bar done = bar_of(1, 1);
        strip_bar(&strip, &done);
        uint16_t full = strip.pixels[count - 1].red;
        assert_int_equal(full, strip.pixels[0].red);
        for (size_t k = 0; k < sizeof nearly / sizeof nearly[0]; k++) {
            struct bar bar = bar_of(nearly[k], 1);
            bar.done = false;
            strip_bar(&strip, &bar);
            if (strip.pixels[count - 1].red > full * 0.6) /* 0.8 of the lightness */
                fail_msg("%d pixels look full at p = %g", (int)count, nearly[k]);
        }
    }
}

static void the_head_is_finer_than_a_pixel(void **state)
{
    (void)state;
    struct strip strip = strip_of(8);
    uint16_t last = 0;
    for (int percent = 1; percent <= 12; percent++) { /* 12.5 % is one of eight pixels */
        struct bar bar = bar_of(percent / 100.0, 0);
        strip_bar(&strip, &bar);
        if (strip.pixels[0].red <= last || strip.pixels[1].red != 0)
            fail_msg("%d %% looks like %d %%", percent, percent - 1);
        last = strip.pixels[0].red;
    }
    struct bar half = bar_of(0.5 / 8, 0);
    strip_bar(&strip, &half);
    assert_int_equal(strip.pixels[0].red,
                     colour_light(&palettes[PALETTE_DEFAULT], HUE_AMBER, 0.85 / 2).red);
}

static void nothing_is_lit_by_rounding(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 1000; count++) {
        struct strip strip = strip_of(count);
        struct bar bar = bar_of(0, 0);
        strip_bar(&strip, &bar);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(strip.pixels[i].red, 0);
        struct bar hair = bar_of(1e-6, 1e-6);
        strip_bar(&strip, &hair);
        assert_true(strip.pixels[0].red >=
                    colour_light(&palettes[PALETTE_DEFAULT], HUE_AMBER, 0.04).red); /* visible */
        assert_inside(&strip);
    }
}

static void created_pods_are_dim_behind_the_head(void **state)
{
    (void)state;
    struct strip strip = strip_of(10);
    struct bar bar = bar_of(0.25, 0.75);
    strip_bar(&strip, &bar);
    uint16_t high = colour_light(&palettes[PALETTE_DEFAULT], HUE_AMBER, 0.85).red,
             low = colour_light(&palettes[PALETTE_DEFAULT], HUE_AMBER, 0.3).red;
    const struct {
        const char *what;
        size_t pixel;
        uint16_t least, most;
    } rows[] = {
        {"serving", 1, high, high},    {"the head lies between", 2, low + 1, (uint16_t)(high - 1)},
        {"created only", 5, low, low}, {"half created", 7, 1, (uint16_t)(low - 1)},
        {"not created", 8, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint16_t red = strip.pixels[rows[i].pixel].red;
        if (red < rows[i].least || red > rows[i].most)
            fail_msg("%s: pixel %d is %d", rows[i].what, (int)rows[i].pixel, red);
    }
}

static void a_glint_is_always_somewhere(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 4, 8, 9, 60, 144, 1000};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        struct strip strip = strip_of(counts[k]);
        struct bar bar = bar_of(0, 0);
        for (int step = 0; step < 50; step++) {
            uint16_t best = 0;
            strip_bar_glinting(&strip, &bar, step / 50.0);
            for (size_t i = 0; i < counts[k]; i++)
                best = strip.pixels[i].red > best ? strip.pixels[i].red : best;
            if (best < colour_light(&palettes[PALETTE_DEFAULT], HUE_AMBER, 0.04).red)
                fail_msg("%d pixels: dark at %d of 50", (int)counts[k], step);
        }
        assert_inside(&strip);
    }
}

/* What rests is a mark of two pixels at the start, or all of the strip. */
static void a_sweep_covers_all_and_leaves_what_rests(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 8, 60, 144, 1000};
    static struct pixel rest[FRAME_PIXELS_MAX];
    const struct pixel green = colour_light(&palettes[PALETTE_DEFAULT], HUE_GREEN, 0.65);
    for (size_t k = 0; k < 2 * sizeof counts / sizeof counts[0]; k++) {
        size_t count = counts[k / 2], lit = k % 2 == 0 ? 2 : count;
        struct strip strip = strip_of(count);
        for (size_t i = 0; i < count; i++)
            rest[i] = i < lit ? green : (struct pixel){0, 0, 0};
        strip_paint(&strip, HUE_RED, 0.5, 0, count);
        struct pixel before = room[1];
        strip_sweep(&strip, rest, HUE_GREEN, 0.65, 0);
        assert_memory_equal(&room[1], &before, sizeof before);
        strip_sweep(&strip, rest, HUE_GREEN, 0.65, 0.5);
        assert_true(room[1 + count / 2].green > before.green); /* over what stays dark, too */
        strip_sweep(&strip, rest, HUE_GREEN, 0.65, 1);
        assert_memory_equal(strip.pixels, rest, count * sizeof *rest);
        assert_inside(&strip);
    }
}

static void a_mark_grows_with_each_thirty_pixels(void **state)
{
    (void)state;
    static const size_t rows[][2] = {{0, 1},  {1, 1},  {29, 1}, {30, 2},
                                     {59, 2}, {60, 3}, {89, 3}, {1000, 34}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct strip strip = strip_of(rows[i][0]);
        assert_int_equal(strip_mark(&strip), rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_longer_bar_is_nowhere_darker),
        cmocka_unit_test(only_what_is_done_is_full),
        cmocka_unit_test(the_head_is_finer_than_a_pixel),
        cmocka_unit_test(nothing_is_lit_by_rounding),
        cmocka_unit_test(created_pods_are_dim_behind_the_head),
        cmocka_unit_test(a_mark_grows_with_each_thirty_pixels),
        cmocka_unit_test(a_glint_is_always_somewhere),
        cmocka_unit_test(a_sweep_covers_all_and_leaves_what_rests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
