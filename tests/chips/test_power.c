/*
 * What the states draw from a supply: the pictures that are really shown, not any frame.
 */
#include "chips/apa102.h"
#include "chips/ledstrip.h"
#include "chips/usblight.h"
#include "encoding.h"
#include "picture/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FULL_MA 60.0
#define STEP_MS 100
#define FILM_MS 4000

/* Linear in field and level; 1 mA a LED when dark. */
static double current_ma(const struct wire *wire, size_t pixels)
{
    double lit = 0;
    for (size_t i = 0; i < pixels; i++) {
        const uint8_t *led = wire->bytes + 4 + 4 * i;
        lit += (led[0] & 31) / 31.0 * (led[1] + led[2] + led[3]) / 765.0;
    }
    return FULL_MA * lit + (double)pixels;
}

static void no_frame_of_any_state_exceeds_the_budget(void **state)
{
    (void)state;
    static const size_t counts[] = {8, 60, 144};
    static const int64_t budgets[] = {30, 200, 500, 2000};
    static struct pixel pixels[144];
    bool limited = false;
    for (int which = 0; which < STATE_COUNT * 3 * 4; which++) {
        enum state is = (enum state)(which % STATE_COUNT);
        struct apa102_settings strip = {.pixels = (int64_t)counts[which / STATE_COUNT % 3],
                                        .max_ma = budgets[which / STATE_COUNT / 3]};
        bool none = is == STATE_UNKNOWN || is == STATE_SCALED_TO_ZERO;
        double p = is == STATE_STABLE ? 1 : 0.9;
        struct verdict verdict = {.state = is, .p = none ? P_NONE : p, .q = none ? P_NONE : 1};
        struct picture_settings settings = {.brightness = 1};
        struct frame frame = {.pixels = pixels, .count = (size_t)strip.pixels};
        struct error error;
        struct show show;
        struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        if (!chip_apa102.check(&strip, &error))
            continue;
        show_start(&show, &verdict, -10000);
        for (int64_t now = 0; now < FILM_MS; now += STEP_MS) {
            picture_draw(&settings, &subject, 0, now, &frame);
            struct wire wire = encoding_of(&chip_apa102, &strip, &frame, false);
            double drawn = current_ma(&wire, frame.count);
            if (drawn > (double)strip.max_ma)
                fail_msg("%s on %d pixels draws %.1f of %d mA", state_name(is), (int)frame.count,
                         drawn, (int)strip.max_ma);
            limited |= wire.limited;
        }
    }
    assert_true(limited);
}

static void what_has_enough_is_not_called_limited(void **state)
{
    (void)state;
    struct pixel pixels[8] = {{65535, 65535, 65535}};
    struct frame frame = {.pixels = pixels, .count = 8};
    struct apa102_settings strip = {.pixels = 8, .max_ma = 500};
    assert_false(encoding_of(&chip_apa102, &strip, &frame, false).limited);
    for (size_t i = 0; i < 8; i++)
        pixels[i] = pixels[0];
    strip.max_ma = 400;
    assert_true(encoding_of(&chip_apa102, &strip, &frame, false).limited);
    assert_false(encoding_of(&chip_apa102, &strip, &frame, true).limited); /* raw */
}

/* What each colour draws of a white's, by the chip's data sheet or FastLED's measurements. */
static const struct {
    const struct chip *chip;
    double steps, share[3];
} drawn[] = {
    {&chip_ws2801, 255, {1 / 3.0, 1 / 3.0, 1 / 3.0}},
    {&chip_p9813, 255, {1 / 3.0, 1 / 3.0, 1 / 3.0}},
    {&chip_lpd8806, 127, {1 / 3.0, 1 / 3.0, 1 / 3.0}},
    {&chip_ws2812, 255, {16 / 42.0, 11 / 42.0, 15 / 42.0}},
    {&chip_ws2812_pio, 255, {16 / 42.0, 11 / 42.0, 15 / 42.0}},
    {&chip_blinkstick, 255, {16 / 42.0, 11 / 42.0, 15 / 42.0}},
};

#define LEDS 60
#define LED_MA 60

static bool is_limited(const struct chip *chip, const struct frame *frame, double budget_ma)
{
    struct blinkstick_settings settings = {
        .strip = {.pixels = LEDS, .max_ma = (int64_t)budget_ma, .led_ma = LED_MA}};
    return encoding_of(chip, &settings, frame, false).limited; /* the strip is first in all */
}

static void each_colour_is_limited_by_what_it_draws(void **state)
{
    (void)state;
    static struct pixel pixels[LEDS];
    const struct frame frame = {.pixels = pixels, .count = LEDS};
    for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++)
        for (size_t c = 0; c < 3; c++) {
            for (size_t k = 0; k < LEDS; k++)
                pixels[k] =
                    (struct pixel){c == 0 ? 65535 : 0, c == 1 ? 65535 : 0, c == 2 ? 65535 : 0};
            const double dark_ma = LEDS * (1 + LED_MA / drawn[i].steps); /* and a step's rounding */
            const double draws_ma = LEDS * LED_MA * drawn[i].share[c] + dark_ma;
            if (!is_limited(drawn[i].chip, &frame, draws_ma * 0.99) ||
                is_limited(drawn[i].chip, &frame, draws_ma * 1.01))
                fail_msg("%s, colour %zu: not limited at %.0f mA", drawn[i].chip->name, c,
                         draws_ma);
        }
}

/* With the white LED full white is four of them: 70 to 80 mA by SK6812's data sheet, 20 each. */
static void the_white_led_is_limited_by_what_it_draws(void **state)
{
    (void)state;
    static const struct chip *const with_white[] = {&chip_ws2812, &chip_sk6812, &chip_ws2812_pio};
    static struct pixel pixels[LEDS];
    const struct frame frame = {.pixels = pixels, .count = LEDS};
    struct ledstrip_settings settings = {.pixels = LEDS, .led_ma = 80};
    const double dark_ma = LEDS * (1 + 80.0 / 255);
    while (strcmp(ledstrip_rgbw_orders[settings.order], "grbw") != 0)
        settings.order++;
    for (size_t i = 0; i < LEDS; i++)
        pixels[i] = (struct pixel){65535, 65535, 65535};
    for (size_t i = 0; i < sizeof with_white / sizeof with_white[0]; i++)
        for (int white = 0; white < 2; white++) {
            const bool extracts = white == LEDSTRIP_WHITE_EXTRACT;
            const double draws_ma = dark_ma + LEDS * (extracts ? 20 : 60);
            settings.white = white;
            settings.max_ma = (int64_t)(0.99 * draws_ma);
            assert_true(encoding_of(with_white[i], &settings, &frame, false).limited);
            settings.max_ma = (int64_t)(1.01 * draws_ma);
            assert_false(encoding_of(with_white[i], &settings, &frame, false).limited);
        }
}

/* What is drawn is rounded up, and what is allowed down. */
static void the_limit_is_exact(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct pixel pixels[2];
        struct ledstrip_supply supply;
        uint32_t limit;
    } rows[] = {
        {"just enough for one of two",
         {{65535, 0, 0}},
         {.pixels = 2, .max_ma = 1, .led_ma = 1, .weights = {1}},
         LEDSTRIP_LIMIT_NONE},
        {"a trace too little",
         {{65535, 0, 0}, {1, 0, 0}},
         {.pixels = 2, .max_ma = 1, .led_ma = 1, .weights = {1}},
         1000u * 65536 / 1001},
        {"half",
         {{65535, 0, 0}, {65535, 0, 0}},
         {.pixels = 2, .max_ma = 1, .led_ma = 1, .weights = {1}},
         32768},
        {"a third of the weight",
         {{65535, 0, 0}, {65535, 0, 0}},
         {.pixels = 2, .max_ma = 2, .led_ma = 3, .weights = {1, 1, 1}},
         LEDSTRIP_LIMIT_NONE},
        {"a quarter of it",
         {{65535, 65535, 65535}, {65535, 65535, 65535}},
         {.pixels = 2, .max_ma = 3, .led_ma = 2, .weights = {1, 1, 1, 1}},
         LEDSTRIP_LIMIT_NONE},
        {"what is left beside the dark",
         {{65535, 0, 0}, {65535, 0, 0}},
         {.pixels = 2, .max_ma = 2, .led_ma = 2, .dark_ua = 500, .weights = {1}},
         16384},
        {"nothing is left",
         {{65535, 0, 0}, {0, 0, 0}},
         {.pixels = 2, .max_ma = 1, .led_ma = 2, .dark_ua = 500, .weights = {1}},
         0},
        {"a millionth of an ampere is left",
         {{65535, 0, 0}},
         {.pixels = 1, .max_ma = 1, .led_ma = 2, .dark_ua = 999, .weights = {1}},
         32},
        {"no LED that draws anything",
         {{65535, 65535, 65535}, {65535, 65535, 65535}},
         {.pixels = 2},
         LEDSTRIP_LIMIT_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pixel pixels[2] = {rows[i].pixels[0], rows[i].pixels[1]};
        const struct frame frame = {.pixels = pixels, .count = 2};
        const uint32_t limit = ledstrip_limit(&rows[i].supply, &frame, LEDSTRIP_WHITE_OFF);
        if (limit != rows[i].limit)
            fail_msg("%s: %u of 65536", rows[i].what, limit);
    }
}

static void what_dark_lights_draw_is_told_from_what_there_is(void **state)
{
    (void)state;
    static const struct {
        struct ledstrip_supply supply;
        const char *words; /* NULL: it is enough */
    } rows[] = {
        {{.pixels = 1, .max_ma = 1, .dark_ua = 1000},
         "max_ma 1 is what 1 dark pixels draw already "
         "(1.0 mA each)"},
        {{.pixels = 1, .max_ma = 1, .dark_ua = 999}, NULL},
        {{.pixels = 1000, .max_ma = 1000, .dark_ua = 1000},
         "max_ma 1000 is what 1000 dark pixels "
         "draw already (1.0 mA each)"},
        {{.pixels = 999, .max_ma = 1000, .dark_ua = 1001}, NULL},
        {{.pixels = 1000, .max_ma = 1000, .dark_ua = 1001},
         "max_ma 1000 is what 1000 dark pixels "
         "draw already (1.0 mA each)"},
        {{.pixels = 2, .max_ma = 1, .dark_ua = 999},
         "max_ma 1 is what 2 dark pixels draw already "
         "(0.9 mA each)"},
        {{.pixels = 2, .max_ma = 3, .dark_ua = 2000},
         "max_ma 3 is what 2 dark pixels draw already "
         "(2.0 mA each)"},
        {{.pixels = 2, .max_ma = 3, .dark_ua = 1500},
         "max_ma 3 is what 2 dark pixels draw already "
         "(1.5 mA each)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        const bool good = ledstrip_supply_check(&rows[i].supply, &error);
        const size_t length = good || rows[i].words == NULL ? 0 : strlen(rows[i].words);
        if (good != (rows[i].words == NULL) ||
            (!good &&
             (strncmp(error.text, rows[i].words, length) != 0 ||
              strcmp(error.text + length, "; set max_ma to what the supply can give") != 0)))
            fail_msg("row %zu: %s", i, good ? "is good" : error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_frame_of_any_state_exceeds_the_budget),
        cmocka_unit_test(each_colour_is_limited_by_what_it_draws),
        cmocka_unit_test(the_white_led_is_limited_by_what_it_draws),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(what_has_enough_is_not_called_limited),
        cmocka_unit_test(what_dark_lights_draw_is_told_from_what_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
