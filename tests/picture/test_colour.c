#include "picture/colour.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* CIE 15:2004, solved for lightness: the other way round than the code. */
static double lightness_of(double luminance)
{
    double share =
        luminance > 216.0 / 24389 ? cbrt(luminance) : (24389.0 / 27 * luminance + 16) / 116;
    return (116 * share - 16) / 100;
}

static uint16_t most(struct pixel light)
{
    uint16_t pair = light.red > light.green ? light.red : light.green;
    return pair > light.blue ? pair : light.blue;
}

static void luminance_is_cie_lightness(void **state)
{
    (void)state;
    for (int i = 0; i <= 1000; i++) {
        double lightness = i / 1000.0;
        double back = lightness_of(colour_luminance(lightness));
        if (fabs(back - lightness) > 1e-9)
            fail_msg("lightness %g came back as %g", lightness, back);
    }
    assert_true(colour_luminance(0) == 0);
    assert_true(fabs(colour_luminance(1) - 1) < 1e-12);
}

static void more_lightness_is_never_less_light(void **state)
{
    (void)state;
    for (int hue = 0; hue < HUE_COUNT; hue++) {
        struct pixel last = {0, 0, 0};
        for (int i = 0; i <= 65535; i++) {
            struct pixel light =
                colour_light(&palettes[PALETTE_DEFAULT], (enum hue)hue, i / 65535.0);
            if (light.red < last.red || light.green < last.green || light.blue < last.blue)
                fail_msg("hue %d: lightness %d of 65535 is darker than the one before", hue, i);
            if (i > 0 && most(light) == 0)
                fail_msg("hue %d: lightness %d of 65535 is black", hue, i);
            last = light;
        }
    }
}

static void nothing_is_black_and_too_much_is_full(void **state)
{
    (void)state;
    assert_int_equal(colour_light(&palettes[PALETTE_DEFAULT], HUE_RED, 1).red, 65535);
    for (int hue = 0; hue < HUE_COUNT; hue++) {
        assert_int_equal(most(colour_light(&palettes[PALETTE_DEFAULT], (enum hue)hue, 0)), 0);
        assert_int_equal(most(colour_light(&palettes[PALETTE_DEFAULT], (enum hue)hue, 1e-9)), 1);
        assert_int_equal(most(colour_light(&palettes[PALETTE_DEFAULT], (enum hue)hue, 7)),
                         most(colour_light(&palettes[PALETTE_DEFAULT], (enum hue)hue, 1)));
    }
}

/* hardware facts: G/R 0.30 is 598 nm, 0.40 is 593 nm, 0.50 is 590 nm and yellow. */
static void amber_is_amber_down_to_a_hundredth(void **state)
{
    (void)state;
    for (int percent = 1; percent <= 100; percent++) {
        struct pixel amber = colour_light(&palettes[PALETTE_DEFAULT], HUE_AMBER, percent / 100.0);
        double ratio = amber.green / (double)amber.red;
        if (ratio < 0.36 || ratio > 0.44 || amber.blue != 0)
            fail_msg("at %d %% amber is %u,%u,%u", percent, amber.red, amber.green, amber.blue);
    }
}

static void mixing_goes_from_one_to_the_other(void **state)
{
    (void)state;
    struct pixel from = {0, 65535, 100}, to = {65535, 0, 100};
    struct pixel none = colour_mix(from, to, 0), all = colour_mix(from, to, 1);
    struct pixel half = colour_mix(from, to, 0.5);
    assert_memory_equal(&none, &from, sizeof none);
    assert_memory_equal(&all, &to, sizeof all);
    assert_in_range(half.red, 32767, 32768);
    assert_in_range(half.green, 32767, 32768);
    assert_int_equal(half.blue, 100);
}

/* What is chosen is driven as it is, but its strongest channel by half at least. */
static void a_chosen_colour_is_driven_by_half_at_least(void **state)
{
    (void)state;
    const struct drive white = palettes[PALETTE_DEFAULT].drives[HUE_WHITE];
    const struct {
        const char *what;
        struct srgb colour;
        struct drive drive;
    } rows[] = {
        {"black is no colour: white", {0, 0, 0}, white},
        {"the darkest", {0, 0, 1}, {0, 0, 0.5}},
        {"the darkest green", {0, 1, 0}, {0, 0.5, 0}},
        {"its share of red stays", {0x66, 0, 0x88}, {8708.0 / 32270, 0, 0.5}},
        {"just below a half", {0, 0xbb, 0}, {0, 0.5, 0}},
        {"just above it", {0, 0, 0xbc}, {0, 0, 32957.0 / 65535}},
        {"the brightest", {0xff, 0x80, 0}, {1, 14146.0 / 65535, 0}},
        {"white is full", {0xff, 0xff, 0xff}, {1, 1, 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct drive is = colour_drive(rows[i].colour), *should = &rows[i].drive;
        if (!(fabs(is.red - should->red) < 1e-9 && fabs(is.green - should->green) < 1e-9 &&
              fabs(is.blue - should->blue) < 1e-9)) /* NAN too */
            fail_msg("%s: %.4f %.4f %.4f", rows[i].what, is.red, is.green, is.blue);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(luminance_is_cie_lightness),
        cmocka_unit_test(more_lightness_is_never_less_light),
        cmocka_unit_test(nothing_is_black_and_too_much_is_full),
        cmocka_unit_test(amber_is_amber_down_to_a_hundredth),
        cmocka_unit_test(a_chosen_colour_is_driven_by_half_at_least),
        cmocka_unit_test(mixing_goes_from_one_to_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
