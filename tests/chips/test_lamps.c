/*
 * Lamps: which are lit by a colour, and by every state that a picture draws, at every moment.
 */
#include "chips/lamps.h"
#include "encoding.h"
#include "picture/colour.h"
#include "picture/look.h"
#include "picture/picture.h"
#include "rollout/expected_states.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define STEP_MS 40
#define FILM_MS 5000 /* more than the slowest motion's period */

static const struct lamps_settings three = {
    .count = 3,
    .lamps = {{LAMP_RED, LAMPS_ANY_PIXEL, true},
              {LAMP_AMBER, LAMPS_ANY_PIXEL, false},
              {LAMP_GREEN, LAMPS_ANY_PIXEL, false}},
};
static const struct lamps_settings five = {
    .count = 5,
    .lamps = {{LAMP_RED, LAMPS_ANY_PIXEL, false},
              {LAMP_AMBER, LAMPS_ANY_PIXEL, false},
              {LAMP_GREEN, LAMPS_ANY_PIXEL, false},
              {LAMP_BLUE, LAMPS_ANY_PIXEL, false},
              {LAMP_WHITE, LAMPS_ANY_PIXEL, false}},
};

static const struct lamps_settings pair = {
    .count = 2,
    .lamps = {{LAMP_GREEN, LAMPS_ANY_PIXEL, false}, {LAMP_RED, LAMPS_ANY_PIXEL, false}},
};
static const struct lamps_settings rgb = {
    .count = 3,
    .lamps = {{LAMP_RED, LAMPS_ANY_PIXEL, false},
              {LAMP_GREEN, LAMPS_ANY_PIXEL, false},
              {LAMP_BLUE, LAMPS_ANY_PIXEL, false}},
};
static const struct lamps_settings lone = {.count = 1,
                                           .lamps = {{LAMP_GREEN, LAMPS_ANY_PIXEL, false}}};

/* Red, amber, green, blue, white as letters; '-': not lit. */
static void lit(const struct lamps_settings *settings, const struct frame *frame,
                char letters[static LAMPS_MAX + 1])
{
    struct wire wire = encoding_of(&chip_lamps, settings, frame, false);
    assert_int_equal(wire.messages, 1);
    assert_int_equal(wire.length, settings->count);
    for (size_t i = 0; i < wire.length; i++) {
        assert_in_range(wire.bytes[i], 0, 1);
        letters[i] = wire.bytes[i] != 0 ? "ragbw"[settings->lamps[i].colour] : '-';
    }
    letters[wire.length] = '\0';
}

static void each_hue_has_its_lamps_however_dim(void **state)
{
    (void)state;
    static const struct {
        enum hue hue;
        const char *three, *five;
    } rows[] = {
        {HUE_GREEN, "--g", "--g--"},     {HUE_AMBER, "-a-", "-a---"}, {HUE_ORANGE, "ra-", "ra---"},
        {HUE_VERMILION, "ra-", "ra---"}, {HUE_RED, "r--", "r----"},   {HUE_SKY, "-a-", "---b-"},
        {HUE_MAGENTA, "r--", "r--b-"},   {HUE_WHITE, "---", "----w"}, {HUE_REST, "--g", "--g--"},
        {HUE_LIME, "-ag", "-ag--"},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], HUE_COUNT);
    for (size_t i = 0; i < HUE_COUNT; i++)
        for (int percent = 100; percent > 0; percent--) {
            char letters[LAMPS_MAX + 1];
            struct pixel light =
                colour_light(&palettes[PALETTE_DEFAULT], rows[i].hue, percent / 400.0);
            struct frame frame = {.pixels = &light, .count = 1};
            lit(&three, &frame, letters);
            if (strcmp(letters, rows[i].three) != 0)
                fail_msg("hue %zu at %d: %s", i, percent, letters);
            lit(&five, &frame, letters);
            if (strcmp(letters, rows[i].five) != 0)
                fail_msg("hue %zu at %d: %s", i, percent, letters);
        }
}

static void raw_colours_and_darkness(void **state)
{
    (void)state;
    static const struct {
        struct pixel light;
        const char *five;
    } rows[] = {
        {{0, 0, 0}, "-----"},
        {{65535, 0, 0}, "r----"},
        {{0, 65535, 0}, "--g--"},
        {{0, 0, 65535}, "---b-"},
        {{65535, 65535, 65535}, "----w"},
        {{65535, 65535, 0}, "-a---"},
        {{65535, 0, 65535}, "r--b-"},
        {{0, 65535, 65535}, "---b-"},
        /* each on both sides of its bound */
        {{50, 0, 100}, "---b-"},
        {{51, 0, 100}, "r--b-"},
        {{50, 100, 0}, "-ag--"},
        {{51, 100, 0}, "-a---"},
        {{25, 100, 0}, "--g--"},
        {{26, 100, 0}, "-ag--"},
        {{51, 51, 100}, "----w"},
        {{50, 51, 100}, "---b-"},
        {{100, 50, 51}, "-a---"},
        {{100, 51, 50}, "-a---"},
        {{100, 35, 0}, "ra---"},
        {{100, 36, 0}, "-a---"},
        {{1000, 62, 0}, "r----"},
        {{1000, 63, 0}, "ra---"},
        {{100, 0, 25}, "r----"},
        {{100, 0, 26}, "r--b-"},
        {{3, 0, 0}, "-----"},
        {{4, 0, 0}, "r----"},
        {{15, 4, 0}, "-a---"},
        {{15, 3, 0}, "ra---"},
        {{16, 5, 0}, "ra---"},
        {{16, 6, 0}, "-a---"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char letters[LAMPS_MAX + 1];
        struct pixel light = rows[i].light;
        struct frame frame = {.pixels = &light, .count = 1};
        lit(&five, &frame, letters);
        if (strcmp(letters, rows[i].five) != 0)
            fail_msg("row %zu: %s", i, letters);
    }
}

static void a_light_without_amber_mixes_it(void **state)
{
    (void)state;
    static const struct {
        enum hue hue;
        const char *pair, *rgb, *lone;
    } rows[] = {
        {HUE_GREEN, "g-", "-g-", "g"},   {HUE_AMBER, "gr", "rg-", "-"},
        {HUE_ORANGE, "-r", "r--", "-"},  {HUE_VERMILION, "-r", "r--", "-"},
        {HUE_RED, "-r", "r--", "-"},     {HUE_SKY, "gr", "--b", "-"},
        {HUE_MAGENTA, "-r", "r-b", "-"}, {HUE_WHITE, "--", "rgb", "-"},
        {HUE_REST, "g-", "-g-", "g"},    {HUE_LIME, "gr", "rg-", "-"},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], HUE_COUNT);
    for (size_t i = 0; i < HUE_COUNT; i++) {
        char letters[LAMPS_MAX + 1];
        struct pixel light = colour_light(&palettes[PALETTE_DEFAULT], rows[i].hue, 0.5);
        struct frame frame = {.pixels = &light, .count = 1};
        lit(&pair, &frame, letters);
        assert_string_equal(letters, rows[i].pair);
        lit(&rgb, &frame, letters);
        assert_string_equal(letters, rows[i].rgb);
        lit(&lone, &frame, letters);
        assert_string_equal(letters, rows[i].lone);
    }
}

/* A film of a state as one pixel, and as a strip of eight on the same board. */
static void a_state_is_steady_on_lamps(void **state)
{
    (void)state;
    static const double levels[] = {0, 0.01, 0.5, 0.99}, brightness[] = {1, 0.3, 0.03};
    static struct pixel pixels[8];
    for (int which = 0; which < STATE_COUNT * 4 * 3 * 2; which++) {
        const struct expected_state *expected = expected_of((enum state)(which % STATE_COUNT));
        enum state is = expected->state;
        double p = is == STATE_STABLE ? 1 : levels[which / STATE_COUNT % 4];
        bool none = is == STATE_UNKNOWN || is == STATE_SCALED_TO_ZERO;
        struct verdict verdict = {.state = is, .p = none ? P_NONE : p, .q = none ? P_NONE : p};
        struct picture_settings settings = {.brightness = brightness[which / STATE_COUNT / 4 % 3]};
        struct frame frame = {.pixels = pixels, .count = which / STATE_COUNT / 12 == 0 ? 1 : 8};
        struct show show;
        show_start(&show, &verdict, -10000);
        for (int64_t now = 0; now < FILM_MS; now += STEP_MS) {
            char letters[LAMPS_MAX + 1];
            const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
            picture_draw(&settings, &subject, 0, now, &frame);
            lit(&three, &frame, letters);
            if (strcmp(letters, expected->lamps) != 0)
                fail_msg("%s, p %.2f, brightness %.2f, %zu pixels, %d ms: %s", state_name(is), p,
                         settings.brightness, frame.count, (int)now, letters);
        }
    }
}

/* Through the whole of a strip on the same board as well: green alone is for what is well. */
static void lost_calmly_is_green_and_amber(void **state)
{
    (void)state;
    static const double levels[] = {0.5, 0.8, 0.99}, brightness[] = {1, 0.3, 0.03};
    static const size_t counts[] = {1, 8};
    static struct pixel pixels[8];
    for (int which = 0; which < 3 * 3 * 2; which++) {
        struct verdict verdict = {
            .state = STATE_DEGRADED, .calm = true, .p = levels[which % 3], .q = 1};
        struct picture_settings settings = {.brightness = brightness[which / 3 % 3]};
        struct frame frame = {.pixels = pixels, .count = counts[which / 9]};
        char letters[LAMPS_MAX + 1];
        struct show show;
        show_start(&show, &verdict, -10000);
        const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        picture_draw(&settings, &subject, 0, 0, &frame);
        lit(&three, &frame, letters);
        if (strcmp(letters, "-ag") != 0)
            fail_msg("p %.2f, brightness %.2f, %zu pixels: %s", verdict.p, settings.brightness,
                     frame.count, letters);
    }
}

/* Where nothing may blink, looks of the same lamps ask for the same; there are six such faces. */
static void what_asks_for_something_else_has_other_lamps(void **state)
{
    (void)state;
    const struct verdict calm = {.state = STATE_DEGRADED, .calm = true, .p = 0.9};
    const struct verdict no_network = verdict_unknown(WHY_NO_NETWORK);
    const struct verdict clock_unset = verdict_unknown(WHY_CLOCK_UNSET);
    const struct verdict card_wrong = verdict_unknown(WHY_CARD_WRONG);
    struct {
        const struct look *look;
        enum asks asks;
    } rows[STATE_COUNT + 7] = {
        {look_of_health(HEALTH_CRITICAL, true), ASKS_WAIT},
        {look_of_health(HEALTH_WARNING, false), ASKS_LOOK},
        {look_of_health(HEALTH_CRITICAL, false), ASKS_ACT},
        {look_of_verdict(&no_network), ASKS_WAIT},
        {look_of_verdict(&clock_unset), ASKS_WAIT},
        {look_of_verdict(&card_wrong), ASKS_LOOK},
        {look_of_verdict(&calm), ASKS_SOON},
    };
    static char letters[sizeof rows / sizeof rows[0]][LAMPS_MAX + 1];
    for (enum state is = 0; is < STATE_COUNT; is++) {
        rows[7 + is].look = look_of(is);
        rows[7 + is].asks = expected_of(is)->asks;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_non_null(rows[i].look);
        struct pixel light = colour_light(&palettes[PALETTE_DEFAULT], look_lamp_hue(rows[i].look),
                                          rows[i].look->high);
        struct frame frame = {.pixels = &light, .count = 1};
        lit(&three, &frame, letters[i]);
        for (size_t k = 0; k < i; k++)
            if ((strcmp(letters[i], letters[k]) == 0) != (rows[i].asks == rows[k].asks))
                fail_msg("rows %d and %d: %s and %s", (int)k, (int)i, letters[k], letters[i]);
    }
}

static void a_lamp_can_show_one_pixel(void **state)
{
    (void)state;
    static const struct lamps_settings rows = {.count = 4,
                                               .lamps = {{LAMP_RED, 0, false},
                                                         {LAMP_GREEN, 0, false},
                                                         {LAMP_RED, 1, false},
                                                         {LAMP_GREEN, 1, false}}};
    struct pixel pixels[] = {{65535, 0, 0}, {0, 65535, 0}};
    struct frame frame = {.pixels = pixels, .count = 2};
    char letters[LAMPS_MAX + 1];
    lit(&rows, &frame, letters);
    assert_string_equal(letters, "r--g");
    frame.count = 1; /* a frame that is too short is dark at its end */
    lit(&rows, &frame, letters);
    assert_string_equal(letters, "r---");
    assert_int_equal(chip_lamps.pixels(&rows), 2);
    assert_int_equal(chip_lamps.pixels(&three), 1);
}

static void relays_ask_for_time_and_no_lamp_is_refused(void **state)
{
    (void)state;
    static const struct lamps_settings none = {0};
    struct error error = {0};
    assert_int_equal(chip_lamps.hold_ms(&three), 1000);
    assert_int_equal(chip_lamps.hold_ms(&five), 0);
    assert_false(chip_lamps.check(&none, &error));
    assert_string_equal(error.text, "there is no lamp; list them under lamps");
    assert_true(chip_sysfs_led.check(&three, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hue_has_its_lamps_however_dim),
        cmocka_unit_test(raw_colours_and_darkness),
        cmocka_unit_test(a_light_without_amber_mixes_it),
        cmocka_unit_test(a_state_is_steady_on_lamps),
        cmocka_unit_test(lost_calmly_is_green_and_amber),
        cmocka_unit_test(what_asks_for_something_else_has_other_lamps),
        cmocka_unit_test(a_lamp_can_show_one_pixel),
        cmocka_unit_test(relays_ask_for_time_and_no_lamp_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
