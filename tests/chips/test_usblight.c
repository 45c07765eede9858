/*
 * Lights on USB: what each shows after the reports of a picture, and a blink(1) when none comes.
 */
#include "chips/usblight.h"
#include "encoding.h"
#include "usb_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pixel pixels[FRAME_PIXELS_MAX];
static struct usb_light light;

static void colour_pixels(void)
{
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = (struct pixel){(uint16_t)(257 * (i % 200 + 1)), 0xffff, 0x0101};
    memset(&light, 0, sizeof light);
}

/* Of a frame that is larger than the light: another output's. */
static struct wire encode(const struct chip *chip, const void *settings)
{
    struct frame frame = {.pixels = pixels, .count = FRAME_PIXELS_MAX};
    return encoding_of(chip, settings, &frame, true);
}

static void expect_light(size_t led, uint8_t first, uint8_t second, uint8_t third)
{
    const uint8_t *is = light.shown[led];
    if (light.fault != NULL)
        fail_msg("%s", light.fault);
    if (is[0] != first || is[1] != second || is[2] != third)
        fail_msg("LED %zu is %u %u %u, not %u %u %u", led, is[0], is[1], is[2], first, second,
                 third);
}

static void show_blink1(const struct wire *wire)
{
    for (size_t i = 0; i < wire->messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(wire, i, &bytes);
        blink1_receive(&light, bytes, length);
    }
}

static void blink1_shows_two_lights_and_goes_dark_by_itself(void **state)
{
    (void)state;
    const struct blink1_settings settings = {.pixels = 2, .timer = true};
    colour_pixels();
    struct wire wire = encode(&chip_blink1, &settings);
    show_blink1(&wire);
    expect_light(0, 1, 255, 1);
    expect_light(1, 2, 255, 1);
    assert_true(3 * chip_blink1.repeat_ms < light.timer_ms); /* it stays lit while we live */
    blink1_wait(&light, 3 * chip_blink1.repeat_ms);
    expect_light(0, 1, 255, 1);
    blink1_wait(&light, BLINK1_TIMER_MS);
    expect_light(0, 0, 0, 0);
    expect_light(1, 0, 0, 0);
}

static void blink1_is_left_without_its_timer(void **state)
{
    (void)state;
    const struct blink1_settings settings = {.pixels = 2, .timer = true};
    uint8_t bytes[64];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    colour_pixels();
    struct wire lit = encode(&chip_blink1, &settings);
    show_blink1(&lit);
    chip_blink1.leave(&settings, &wire);
    show_blink1(&wire);
    assert_null(light.fault);
    assert_int_equal(light.timer_ms, 0);
    expect_light(0, 1, 255, 1); /* what it shows is not the goodbye's to decide */
}

/* Its pattern is EEPROM, and its timer would play what is stored there. */
static void first_blink1_gets_colours_alone(void **state)
{
    (void)state;
    const struct blink1_settings settings = {.pixels = 1, .timer = false};
    uint8_t bytes[64];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    colour_pixels();
    struct wire lit = encode(&chip_blink1, &settings);
    assert_int_equal(lit.messages, 1);
    show_blink1(&lit);
    expect_light(0, 1, 255, 1);
    expect_light(1, 1, 255, 1);
    assert_int_equal(light.timer_ms, 0);
    chip_blink1.leave(&settings, &wire);
    assert_int_equal(wire.messages, 0);
}

static void blinkstick_of_every_length(void **state)
{
    (void)state;
    for (size_t count = 1; count <= BLINKSTICK_PIXELS_MAX; count++) {
        const struct blinkstick_settings settings = {
            .strip = {.pixels = (int64_t)count, .order = 3, .max_ma = 100000, .led_ma = 1},
            .channel = (int)(count % 3)};
        assert_string_equal(ledstrip_rgb_orders[settings.strip.order], "grb");
        colour_pixels();
        memset(&light.shown, 0x77, sizeof light.shown);
        struct wire wire = encode(&chip_blinkstick, &settings);
        assert_int_equal(wire.messages, 1);
        blinkstick_receive(&light, wire.bytes, wire.length, (uint8_t)(count % 3));
        for (size_t i = 0; count > 1 && i < count; i++)
            expect_light(i, 255, (uint8_t)(i + 1), 1);
        if (count == 1) /* the first model has one LED and no strip's order */
            expect_light(0, 1, 255, 1);
        else if (count % 8 != 0) /* no LED, or one that is not ours */
            expect_light(count, 0, 0, 0);
    }
}

static void blinkstick_keeps_to_what_usb_gives(void **state)
{
    (void)state;
    const struct blinkstick_settings settings = {
        .strip = {.pixels = 64, .order = 3, .max_ma = 450, .led_ma = 55}};
    for (size_t i = 0; i < 64; i++)
        pixels[i] = (struct pixel){0xffff, 0xffff, 0xffff};
    struct frame frame = {.pixels = pixels, .count = 64};
    memset(&light, 0, sizeof light);
    struct wire wire = encoding_of(&chip_blinkstick, &settings, &frame, false);
    assert_true(wire.limited);
    blinkstick_receive(&light, wire.bytes, wire.length, 0);
    assert_null(light.fault);
    double ma = 64; /* 1 mA each, dark */
    for (size_t i = 0; i < 64; i++)
        for (size_t c = 0; c < 3; c++)
            ma += light.shown[i][c] / 255.0 * 55 / 3;
    assert_true(ma <= 450 && ma > 200);
}

static void show_luxafor(const struct wire *wire)
{
    for (size_t i = 0; i < wire->messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(wire, i, &bytes);
        luxafor_receive(&light, bytes, length);
    }
}

static void luxafor_shows_its_sides(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 3, 6};
    for (size_t k = 0; k < 3; k++) {
        const struct luxafor_settings settings = {.pixels = (int64_t)counts[k]};
        colour_pixels();
        struct wire wire = encode(&chip_luxafor, &settings);
        assert_int_equal(wire.messages, counts[k] == 1 ? 1 : 6);
        show_luxafor(&wire);
        for (size_t i = 0; i < 6; i++)
            expect_light(i, (uint8_t)(i % counts[k] + 1), 255, 1);
    }
}

static void luxafor_of_one_colour_takes_one_report(void **state)
{
    (void)state;
    const struct luxafor_settings settings = {.pixels = 3};
    colour_pixels();
    pixels[1] = pixels[2] = pixels[0];
    struct wire wire = encode(&chip_luxafor, &settings);
    assert_int_equal(wire.messages, 1);
    show_luxafor(&wire);
    for (size_t i = 0; i < 6; i++)
        expect_light(i, 1, 255, 1);
}

/* Byte by byte: also those that no firmware looks at. */
static void reports_are_as_published(void **state)
{
    (void)state;
    static const struct blink1_settings blink1 = {.pixels = 2, .timer = true};
    static const struct blinkstick_settings first = {.strip = {.pixels = 1, .order = 3}};
    static const struct blinkstick_settings nano = {.strip = {.pixels = 2, .order = 3},
                                                    .channel = 2};
    static const struct luxafor_settings alike = {.pixels = 1}, sides = {.pixels = 3};
    static const struct {
        const char *what;
        const struct chip *chip;
        const void *settings;
        const char *hex;
    } rows[] = {
        {"10 s, then line 15, which is dark after 1 s; each LED within 30 ms", &chip_blink1,
         &blink1,
         "016c00000000000000 015000000000640f00 01440103e8010f0f00 "
         "016301ff0100030100 016302ff0100030200"},
        {"red, green, blue", &chip_blinkstick, &first, "0101ff01"},
        {"green, red, blue, and LEDs that are not there", &chip_blinkstick, &nano,
         "0602ff0101ff0201000000000000000000000000000000000000"},
        {"all", &chip_luxafor, &alike, "0001ff01ff01000000"},
        {"each", &chip_luxafor, &sides,
         "00010101ff01000000 00010202ff01000000 00010303ff01000000 "
         "00010401ff01000000 00010502ff01000000 00010603ff01000000"},
    };
    colour_pixels();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char hex[256], *at = hex;
        const struct wire wire = encode(rows[i].chip, rows[i].settings);
        for (size_t k = 0, message = 0; k < wire.length; k++) {
            at += snprintf(at, 4, "%s%02x", k > 0 && wire.ends[message] == k ? " " : "",
                           wire.bytes[k]);
            message += k > 0 && wire.ends[message] == k;
        }
        if (strcmp(hex, rows[i].hex) != 0)
            fail_msg("%s: %s", rows[i].what, hex);
    }
}

static void models_refuse_what_is_no_report(void **state)
{
    (void)state;
    static const uint8_t short_one[8] = {1, 'c'}, unknown[9] = {1, '?'},
                         third[9] = {1, 'c', [7] = 3};
    static const uint8_t stick[26] = {5}, numbered[9] = {1, 1, 1}, seventh[9] = {0, 1, 7};
    memset(&light, 0, sizeof light);
    blink1_receive(&light, short_one, sizeof short_one);
    assert_non_null(light.fault);
    light.fault = NULL;
    blink1_receive(&light, unknown, sizeof unknown);
    assert_non_null(light.fault);
    light.fault = NULL;
    blink1_receive(&light, third, sizeof third);
    assert_non_null(light.fault);
    light.fault = NULL;
    blinkstick_receive(&light, stick, sizeof stick, 0);
    assert_non_null(light.fault);
    light.fault = NULL;
    luxafor_receive(&light, numbered, sizeof numbered);
    assert_non_null(light.fault);
    light.fault = NULL;
    luxafor_receive(&light, seventh, sizeof seventh);
    assert_non_null(light.fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blink1_shows_two_lights_and_goes_dark_by_itself),
        cmocka_unit_test(blink1_is_left_without_its_timer),
        cmocka_unit_test(first_blink1_gets_colours_alone),
        cmocka_unit_test(blinkstick_of_every_length),
        cmocka_unit_test(blinkstick_keeps_to_what_usb_gives),
        cmocka_unit_test(luxafor_shows_its_sides),
        cmocka_unit_test(luxafor_of_one_colour_takes_one_report),
        cmocka_unit_test(reports_are_as_published),
        cmocka_unit_test(models_refuse_what_is_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
