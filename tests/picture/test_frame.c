#include "picture/frame.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* IEC 61966-2-1. */
static double light_of(double code)
{
    return code <= 0.04045 ? code / 12.92 : pow((code + 0.055) / 1.055, 2.4);
}

static void srgb_is_the_formula(void **state)
{
    (void)state;
    for (int code = 0; code < 256; code++) {
        struct srgb grey = {(uint8_t)code, (uint8_t)code, (uint8_t)code};
        assert_int_equal(pixel_from_srgb(grey).green, lround(65535 * light_of(code / 255.0)));
    }
}

static void a_colour_comes_back_as_it_was(void **state)
{
    (void)state;
    for (int code = 0; code < 256; code++) {
        struct srgb colour = {(uint8_t)code, (uint8_t)(255 - code), (uint8_t)(code ^ 0x55)};
        struct srgb back = pixel_to_srgb(pixel_from_srgb(colour));
        if (back.red != colour.red || back.green != colour.green || back.blue != colour.blue)
            fail_msg("#%02x%02x%02x came back as #%02x%02x%02x", colour.red, colour.green,
                     colour.blue, back.red, back.green, back.blue);
    }
}

static void every_light_has_the_nearest_colour(void **state)
{
    (void)state;
    int last = 0;
    for (unsigned light = 0; light <= 65535; light++) {
        struct pixel red = {(uint16_t)light, 0, 0};
        int code = pixel_to_srgb(red).red;
        double least = light > 0 && light < 10 ? 1 : 0; /* a single light is never black */
        if (code < last || code < least)
            fail_msg("light %u became %d after %d", light, code, last);
        double up = 65535 * light_of((code + 1) / 255.0), here = 65535 * light_of(code / 255.0);
        if (code < 255 && fabs(up - light) < fabs(here - light) - 1)
            fail_msg("light %u became %d, but %d is nearer", light, code, code + 1);
        last = code;
    }
    assert_int_equal(last, 255);
}

static void half_way_is_the_brighter_colour(void **state)
{
    (void)state;
    static const struct {
        uint16_t light;
        uint8_t code;
    } rows[] = {{128, 6}, {129, 7},  {130, 7}, /* between 119 and 139 */
                {188, 9}, {189, 10}, {190, 10}, {62365, 249}, {62366, 250}, {62367, 250}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t code = pixel_to_srgb((struct pixel){rows[i].light, 0, 0}).red;
        if (code != rows[i].code)
            fail_msg("%u became %u, not %u", rows[i].light, code, rows[i].code);
    }
}

static void faint_light_keeps_its_strongest_channel(void **state)
{
    (void)state;
    struct srgb red = pixel_to_srgb((struct pixel){3, 2, 1});
    struct srgb green = pixel_to_srgb((struct pixel){2, 3, 1});
    struct srgb blue = pixel_to_srgb((struct pixel){1, 2, 3});
    struct srgb none = pixel_to_srgb((struct pixel){0, 0, 0});
    assert_true(red.red == 1 && red.green == 0 && red.blue == 0);
    assert_true(green.red == 0 && green.green == 1 && green.blue == 0);
    assert_true(blue.red == 0 && blue.green == 0 && blue.blue == 1);
    struct srgb even = pixel_to_srgb((struct pixel){3, 3, 3});
    struct srgb cyan = pixel_to_srgb((struct pixel){0, 3, 3});
    struct srgb purple = pixel_to_srgb((struct pixel){3, 0, 3});
    assert_true(even.red == 1 && even.green == 0 && even.blue == 0);
    assert_true(cyan.red == 0 && cyan.green == 1 && cyan.blue == 0);
    assert_true(purple.red == 1 && purple.green == 0 && purple.blue == 0);
    assert_true(none.red == 0 && none.green == 0 && none.blue == 0);
}

static void light_of_a_frame_is_as_bright_as_it_says(void **state)
{
    (void)state;
    const struct frame full = {.brightness = 1}, half = {.brightness = 0.5},
                       off = {.brightness = 0};
    assert_int_equal(frame_light(&full, 1), 65535);
    assert_int_equal(frame_light(&full, 0), 0);
    assert_int_equal(frame_light(&off, 1), 0);
    assert_int_equal(frame_light(&full, 0.08), 580); /* 0.8856 % of the light */
    assert_int_equal(frame_light(&half, 1), 12071);  /* 18.42 % */
    assert_int_equal(frame_light(&full, 0.5), 12071);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(srgb_is_the_formula),
        cmocka_unit_test(a_colour_comes_back_as_it_was),
        cmocka_unit_test(every_light_has_the_nearest_colour),
        cmocka_unit_test(half_way_is_the_brighter_colour),
        cmocka_unit_test(light_of_a_frame_is_as_bright_as_it_says),
        cmocka_unit_test(faint_light_keeps_its_strongest_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
