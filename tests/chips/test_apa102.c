#include "chips/apa102.h"

#include "chips/apa102_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WIRE_MOST (8 + 4 * FRAME_PIXELS_MAX + FRAME_PIXELS_MAX / 16 + 1)

static uint8_t bytes[WIRE_MOST];
static struct pixel pixels[FRAME_PIXELS_MAX];
static struct model model;

static struct apa102_settings settings_of(size_t count)
{
    return (struct apa102_settings){.pixels = (int64_t)count, .max_ma = 100000};
}

static struct wire encode(const struct apa102_settings *settings, size_t lit, bool raw)
{
    const struct frame frame = {.pixels = pixels, .count = lit};
    struct wire wire = {.bytes = bytes, .capacity = chip_apa102.wire_size(settings)};
    assert_true(wire.capacity <= sizeof bytes);
    memset(bytes, 0xA5, wire.capacity);
    chip_apa102.encode(settings, &frame, raw, &wire);
    assert_false(wire.overflow);
    assert_int_equal(wire.messages, 1);
    assert_int_equal(wire.length, wire.capacity);
    return wire;
}

/* Different for every pixel and channel; seeded by the index alone. */
static struct pixel noise(size_t index)
{
    uint32_t mixed = (uint32_t)(index + 1) * 2654435761u;
    return (struct pixel){(uint16_t)(mixed >> 16), (uint16_t)(mixed >> 8), (uint16_t)mixed};
}

static const struct {
    const char *what;
    struct apa102_settings settings;
    bool raw;
    struct pixel pixels[2];
    size_t lit;
    const char *hex;
} known[] = {
    {"red full, green half",
     {.pixels = 2, .max_ma = 1000},
     true,
     {{65535, 0, 0}, {0, 128 * 257, 0}},
     2,
     "00000000 ff0000ff ff008000 00000000 00"},
    {"dark beyond the frame",
     {.pixels = 2, .max_ma = 1000},
     false,
     {{0, 0, 0}},
     1,
     "00000000 e4000000 e4000000 00000000 00"},
    {"dark", {.pixels = 1, .max_ma = 1000}, false, {{0, 0, 0}}, 1, "00000000 e4000000 00000000 00"},
    {"white, full",
     {.pixels = 1, .max_ma = 1000},
     false,
     {{65535, 65535, 65535}},
     1,
     "00000000 ffffffff 00000000 00"},
    {"a frame that ends early leaves the rest dark",
     {.pixels = 2, .max_ma = 1000},
     false,
     {{65535, 0, 0}, {65535, 65535, 65535}},
     1,
     "00000000 ff0000ff e4000000 00000000 00"},
    {"a clone's order",
     {.pixels = 1, .max_ma = 1000, .order = APA102_ORDER_RGB},
     true,
     {{1 * 257, 2 * 257, 3 * 257}},
     1,
     "00000000 ff010203 00000000 00"},
    {"the least red",
     {.pixels = 1, .max_ma = 1000},
     false,
     {{1, 0, 0}},
     1,
     "00000000 e4000001 00000000 00"},
    {"the least of green and blue",
     {.pixels = 2, .max_ma = 1000},
     false,
     {{0, 1, 1}, {0, 1, 2}},
     2,
     "00000000 e4000100 e4010000 00000000 00"},
    {"the least of red and another",
     {.pixels = 2, .max_ma = 1000},
     false,
     {{1, 1, 0}, {1, 0, 1}},
     2,
     "00000000 e4000001 e4000001 00000000 00"},
    {"ones at the end",
     {.pixels = 1, .max_ma = 1000, .end = APA102_END_ONES},
     true,
     {{65535, 0, 0}},
     1,
     "00000000 ff0000ff ffffffff ff"},
    {"a twentieth of amber: field 4 keeps its ratio",
     {.pixels = 1, .max_ma = 1000},
     false,
     {{655, 262, 0}}, /* 79.0 and 31.6 steps of 1/7905 */
     1,
     "00000000 e4000814 00000000 00"},
    {"the same with the field fixed",
     {.pixels = 1, .max_ma = 1000, .brightness_field = APA102_FIELD_FIXED},
     false,
     {{655, 262, 0}},
     1,
     "00000000 ff000103 00000000 00"},
};

static void known_frames_have_known_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char hex[128], *at = hex;
        memcpy(pixels, known[i].pixels, sizeof known[i].pixels);
        struct wire wire = encode(&known[i].settings, known[i].lit, known[i].raw);
        for (size_t k = 0; k < wire.length; k++)
            at += snprintf(at, 4, "%s%02x", k > 0 && k % 4 == 0 ? " " : "", bytes[k]);
        if (strcmp(hex, known[i].hex) != 0)
            fail_msg("%s: %s", known[i].what, hex);
    }
}

/* Lights with each colour full or dark, a bit a colour: each LED as if it were alone. */
static void check_lights(const uint8_t which[], size_t count)
{
    static uint8_t leds[8][4];
    const struct apa102_settings all = settings_of(count), one = settings_of(1);
    for (unsigned i = 0; i < 8; i++) {
        pixels[0] = (struct pixel){(uint16_t)((i & 1) * 65535u), (uint16_t)((i >> 1 & 1) * 65535u),
                                   (uint16_t)((i >> 2) * 65535u)};
        encode(&one, 1, false);
        memcpy(leds[i], bytes + 4, 4);
    }
    for (size_t i = 0; i < count; i++)
        pixels[i] = (struct pixel){(uint16_t)((which[i] & 1) * 65535u),
                                   (uint16_t)((which[i] >> 1 & 1) * 65535u),
                                   (uint16_t)((which[i] >> 2) * 65535u)};
    encode(&all, count, false);
    for (size_t i = 0; i < count; i++)
        if (memcmp(bytes + 4 + 4 * i, leds[which[i]], 4) != 0)
            fail_msg("light %zu of %zu, %u behind %u", i, count, which[i],
                     i > 0 ? which[i - 1] : 8);
}

/*
 * Stretches of one light are compared by words, four pixels at once: all that five may be, and all
 * that may follow five of one light, one after the other on long strips.
 */
static void a_light_is_its_own_whatever_stands_beside_it(void **state)
{
    (void)state;
    for (unsigned before = 0; before < 5; before += 4) {
        uint8_t which[FRAME_PIXELS_MAX];
        size_t count = 0;
        for (unsigned all = 0; all < 1u << 15; all++) {
            for (unsigned i = 0; i < 5 + before; i++)
                which[count++] = (uint8_t)(all >> (i < before ? 0 : 3 * (i - before)) & 7);
            if (count + 9 > FRAME_PIXELS_MAX || all + 1 == 1u << 15) {
                check_lights(which, count);
                count = 0;
            }
        }
    }
}

static void every_order_puts_colours_where_it_says(void **state)
{
    (void)state;
    static const char *const words[] = {"bgr", "brg", "gbr", "grb", "rbg", "rgb"};
    for (size_t i = 0; i < 3; i++)
        pixels[i] = (struct pixel){'r' * 257, 'g' * 257, 'b' * 257};
    for (int order = 0; order < 6; order++) {
        struct apa102_settings settings = settings_of(4); /* the last is dark */
        settings.order = order;
        encode(&settings, 3, true);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(bytes[4 + 4 * i], 0xFF);
            assert_memory_equal(bytes + 5 + 4 * i, words[order], 3);
        }
        assert_memory_equal(bytes + 16, "\xff\0\0\0\0\0\0\0\0", 9);
    }
    for (const struct field *field = chip_apa102.fields; field->key != NULL; field++)
        if (strcmp(field->key, "order") == 0)
            for (size_t i = 0; i < 6; i++)
                assert_string_equal(field->words[i], words[i]);
}

/* Too weak for any level: one level of what is strongest, red before green before blue. */
static void the_least_light_has_the_colour_of_its_strongest_channel(void **state)
{
    (void)state;
    const struct apa102_settings settings = settings_of(1);
    for (unsigned all = 0; all < 4 * 4 * 4; all++) {
        const unsigned red = all & 3, green = all >> 2 & 3, blue = all >> 4;
        const uint8_t strongest[] = {red >= green && red >= blue, green > red && green >= blue,
                                     blue > red && blue > green};
        pixels[0] = (struct pixel){(uint16_t)red, (uint16_t)green, (uint16_t)blue};
        encode(&settings, 1, false);
        if (bytes[4] != 0xE4 || (all > 0 && (bytes[7] != strongest[0] || bytes[6] != strongest[1] ||
                                             bytes[5] != strongest[2])))
            fail_msg("%u, %u, %u is %02x %02x %02x %02x", red, green, blue, bytes[4], bytes[5],
                     bytes[6], bytes[7]);
    }
}

/* Light that a LED of the model gives, in steps of 1/7905 a channel. */
static uint32_t light(uint32_t shown, unsigned place)
{
    return (shown >> 24 & 31) * (shown >> (24 - 8 * place) & 255);
}

static void assert_shows(const struct model *strip, size_t index, struct pixel pixel)
{
    const struct model_led *led = &strip->leds[index];
    const uint16_t wanted[] = {pixel.blue, pixel.green, pixel.red}; /* on the wire's places 1..3 */
    assert_false(led->malformed);
    for (unsigned place = 1; place <= 3; place++) {
        int64_t steps = light(led->shown, place), field = led->shown >> 24 & 31;
        int64_t off = steps * 65535 - (int64_t)wanted[place - 1] * 7905;
        if (off < 0)
            off = -off;
        if (2 * off > field * 65535 + 65535) /* half a step */
            fail_msg("LED %d of %d shows %08x for %u,%u,%u", (int)index, (int)strip->count,
                     led->shown, pixel.red, pixel.green, pixel.blue);
    }
}

static const size_t counts[] = {1,  2,  3,  8,   15,  16,  17,  31,   32,  33,
                                63, 64, 65, 127, 144, 257, 511, 1000, 1024};
#define COUNTS (sizeof counts / sizeof counts[0])

static void every_led_gets_its_light(void **state)
{
    (void)state;
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = noise(i);
    for (size_t k = 0; k < COUNTS; k++)
        for (int sk9822 = 0; sk9822 < 2; sk9822++) {
            size_t count = counts[k];
            struct apa102_settings settings = settings_of(count);
            struct wire wire = encode(&settings, count, false);
            model_power(&model, count + 3, sk9822 != 0); /* three more LEDs than configured */
            model_send(&model, bytes, wire.length);
            for (size_t i = 0; i < count; i++)
                assert_shows(&model, i, pixels[i]);
            for (size_t i = count; i < count + 3; i++)
                assert_int_equal(model.leds[i].whole, 0);
        }
}

/* Stretches of one light, of every length up to 70: each LED as if it were alone. */
static void a_stretch_is_as_its_leds_one_by_one(void **state)
{
    (void)state;
    static uint8_t whole[WIRE_MOST];
    for (size_t length = 1; length <= 70; length++) {
        struct apa102_settings settings = settings_of(200), one = settings_of(1);
        for (size_t i = 0; i < 200; i++)
            pixels[i] = noise(i / length);
        encode(&settings, 190, false); /* the last ten are dark */
        memcpy(whole, bytes, sizeof whole);
        for (size_t i = 0; i < 200; i++) {
            pixels[0] = i < 190 ? noise(i / length) : (struct pixel){0, 0, 0};
            encode(&one, 1, false);
            if (memcmp(whole + 4 + 4 * i, bytes + 4, 4) != 0)
                fail_msg("LED %d in stretches of %d differs from one alone", (int)i, (int)length);
        }
    }
}

static void a_second_frame_replaces_the_first(void **state)
{
    (void)state;
    for (int end = 0; end < 2; end++)
        for (size_t k = 0; k < COUNTS; k++) {
            struct apa102_settings settings = settings_of(counts[k]);
            settings.end = end;
            model_power(&model, counts[k], false);
            for (size_t round = 0; round < 2; round++) {
                for (size_t i = 0; i < counts[k]; i++)
                    pixels[i] = noise(i + round * 5000);
                struct wire wire = encode(&settings, counts[k], false);
                model_send(&model, bytes, wire.length);
                for (size_t i = 0; i < counts[k]; i++)
                    assert_shows(&model, i, pixels[i]);
            }
        }
}

/* The model is worth something only if it refuses what real strips refuse. */
static void the_model_notices_what_is_wrong(void **state)
{
    (void)state;
    const size_t count = 144;
    struct apa102_settings settings = settings_of(count);
    for (size_t i = 0; i < count; i++)
        pixels[i] = (struct pixel){65535, 65535, 65535};
    struct wire wire = encode(&settings, count, false);

    model_power(&model, count, false);
    model_send(&model, bytes, wire.length - 4 - 9); /* no end frame: the datasheet's 64 LEDs */
    assert_int_equal(model.leds[0].whole, 1);
    assert_int_equal(model.leds[count - 1].whole, 0);

    model_power(&model, count, true);
    model_send(&model, bytes, wire.length - 9); /* an SK9822's last LEDs do not see the zeros */
    assert_true(model.leds[0].shown != 0);
    assert_int_equal(model.leds[count - 1].shown, 0);

    model_power(&model, count, false);
    model_send(&model, bytes + 4, wire.length - 4); /* no start frame */
    assert_int_equal(model.leds[0].whole, 0);

    bytes[4] = 0x9F; /* a header that is none */
    model_power(&model, count, false);
    model_send(&model, bytes, wire.length);
    assert_true(model.leds[0].malformed);

    settings.end = APA102_END_ONES;
    wire = encode(&settings, count, false);
    model_power(&model, count + 1, false); /* one LED more: ones light it white */
    model_send(&model, bytes, wire.length);
    assert_int_equal(model.leds[count].shown, UINT32_MAX);
}

static void grey_is_monotone_and_never_black(void **state)
{
    (void)state;
    for (int fixed = 0; fixed < 2; fixed++) {
        struct apa102_settings settings = settings_of(FRAME_PIXELS_MAX);
        settings.brightness_field = fixed;
        uint32_t last = 0;
        for (unsigned level = 0; level <= 65535; level++) {
            const unsigned led = level % FRAME_PIXELS_MAX;
            for (unsigned i = 0; led == 0 && i < FRAME_PIXELS_MAX; i++) {
                const uint16_t grey = (uint16_t)(level + i);
                pixels[i] = (struct pixel){grey, grey, grey};
            }
            if (led == 0)
                encode(&settings, FRAME_PIXELS_MAX, false);
            const uint8_t *is = bytes + 4 + (size_t)4 * led;
            uint32_t steps = (is[0] & 31u) * is[3];
            if (steps < last || (level > 0 && steps == 0) || is[0] >> 5 != 7 ||
                (is[0] & 31) < APA102_FIELD_MIN)
                fail_msg("level %u gives %u steps after %u", level, steps, last);
            last = steps;
        }
        assert_int_equal(last, 7905);
    }
}

/* The smallest field that holds the strongest channel, and the nearest levels, by division. */
static void check_field(const uint8_t led[static 4], uint32_t red)
{
    const uint32_t lights[] = {red / 5, red * 2 / 5, red};
    uint32_t field = led[0] & 31u, unit = 65535 * field;
    if (2 * red * 7905 > 511 * unit ||
        (field > APA102_FIELD_MIN && 2 * red * 7905 <= 511 * (unit - 65535)))
        fail_msg("red %u has field %u", red, field);
    for (size_t k = 0; k < 3; k++) {
        int64_t off = 2 * ((int64_t)lights[k] * 7905 - (int64_t)led[1 + k] * unit);
        bool kept = k == 2 && red > 0 && led[3] == 1; /* never black */
        if ((off < -(int64_t)unit || off > unit) && !kept)
            fail_msg("light %u of red %u has level %u at field %u", lights[k], red, led[1 + k],
                     field);
    }
}

static void every_light_has_its_field_and_levels(void **state)
{
    (void)state;
    struct apa102_settings settings = settings_of(FRAME_PIXELS_MAX);
    for (uint32_t from = 0; from <= 65535; from += FRAME_PIXELS_MAX) {
        for (uint32_t i = 0; i < FRAME_PIXELS_MAX; i++)
            pixels[i] = (struct pixel){(uint16_t)(from + i), (uint16_t)((from + i) * 2 / 5),
                                       (uint16_t)((from + i) / 5)};
        encode(&settings, FRAME_PIXELS_MAX, false);
        for (uint32_t i = 0; i < FRAME_PIXELS_MAX; i++)
            check_field(bytes + 4 + (size_t)4 * i, from + i);
    }
}

static void amber_stays_amber_down_to_a_thousandth(void **state)
{
    (void)state;
    struct apa102_settings settings = settings_of(1);
    for (unsigned red = 200; red <= 65535; red += 7) { /* 0.3 % of the light: 2.7 of lightness */
        pixels[0] = (struct pixel){(uint16_t)red, (uint16_t)(red * 4 / 10), 0};
        encode(&settings, 1, false);
        double ratio = bytes[6] / (double)bytes[7];
        double slack = 0.6 / bytes[7];
        if (ratio < 0.4 - slack - 0.01 || ratio > 0.4 + slack + 0.01)
            fail_msg("red %u: %u to %u with field %u", red, bytes[7], bytes[6], bytes[4] & 31u);
    }
}

/* Current by the bytes: 20 mA a channel at 255 and field 31, and 1 mA a LED. */
static double milliamperes(size_t count)
{
    double steps = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 1; k < 4; k++)
            steps += (bytes[4 + 4 * i] & 31) * bytes[4 + 4 * i + k];
    return (double)count + steps * 20 / 7905;
}

static void no_frame_draws_more_than_it_may(void **state)
{
    (void)state;
    static const int64_t budgets[] = {20, 50, 100, 500, 1500, 8000};
    for (size_t k = 0; k < COUNTS; k++)
        for (size_t b = 0; b < sizeof budgets / sizeof budgets[0]; b++)
            for (int kind = 0; kind < 6; kind++) {
                struct apa102_settings settings = settings_of(counts[k]);
                struct error error = {0};
                settings.max_ma = budgets[b];
                settings.brightness_field = kind % 2;
                if (!chip_apa102.check(&settings, &error)) {
                    assert_non_null(strstr(error.text, "max_ma"));
                    continue;
                }
                for (size_t i = 0; i < counts[k]; i++) {
                    const struct pixel kinds[] = {
                        {65535, 65535, 65535}, noise(i), {(uint16_t)(i % 2 ? 65535 : 1), 1, 1}};
                    pixels[i] = kinds[kind / 2];
                }
                encode(&settings, counts[k], false);
                double drawn = milliamperes(counts[k]);
                if (drawn > (double)budgets[b])
                    fail_msg("%d pixels draw %.1f mA of %d", (int)counts[k], drawn,
                             (int)budgets[b]);
                if (kind < 2 && drawn < 0.8 * (double)budgets[b] &&
                    drawn < 60.9 * (double)counts[k] && budgets[b] > 2 * (int64_t)counts[k])
                    fail_msg("%d pixels draw %.1f mA only of %d", (int)counts[k], drawn,
                             (int)budgets[b]);
            }
}

/* Dimmed to the same current, whatever light it was. */
static void what_is_limited_is_as_bright_as_allowed(void **state)
{
    (void)state;
    for (unsigned level = 2 * 21000; level <= 2 * 65535; level++) {
        uint16_t grey = (uint16_t)(level / 2);
        struct apa102_settings settings = {
            .pixels = 1, .max_ma = 20, .brightness_field = (int)(level % 2)};
        pixels[0] = (struct pixel){grey, grey, grey};
        if (!encode(&settings, 1, false).limited || milliamperes(1) < 19.4 || milliamperes(1) > 20)
            fail_msg("light %u draws %.2f mA of 20", grey, milliamperes(1));
    }
}

static void the_limiter_keeps_hue_and_raw_skips_it(void **state)
{
    (void)state;
    struct apa102_settings settings = settings_of(8);
    settings.max_ma = 100;
    for (size_t i = 0; i < 8; i++)
        pixels[i] = (struct pixel){65535, 26214, 0};
    encode(&settings, 8, false);
    assert_true(bytes[7] * (bytes[4] & 31) < 7905);
    assert_in_range(100 * bytes[6] / bytes[7], 39, 41);
    encode(&settings, 8, true);
    assert_int_equal(bytes[7], 255);
    assert_int_equal(bytes[4], 0xFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_frames_have_known_bytes),
        cmocka_unit_test(a_light_is_its_own_whatever_stands_beside_it),
        cmocka_unit_test(every_order_puts_colours_where_it_says),
        cmocka_unit_test(the_least_light_has_the_colour_of_its_strongest_channel),
        cmocka_unit_test(every_led_gets_its_light),
        cmocka_unit_test(a_stretch_is_as_its_leds_one_by_one),
        cmocka_unit_test(a_second_frame_replaces_the_first),
        cmocka_unit_test(the_model_notices_what_is_wrong),
        cmocka_unit_test(grey_is_monotone_and_never_black),
        cmocka_unit_test(every_light_has_its_field_and_levels),
        cmocka_unit_test(amber_stays_amber_down_to_a_thousandth),
        cmocka_unit_test(no_frame_draws_more_than_it_may),
        cmocka_unit_test(what_is_limited_is_as_bright_as_allowed),
        cmocka_unit_test(the_limiter_keeps_hue_and_raw_skips_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
