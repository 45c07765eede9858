/*
 * Every strip but APA102: what its model shows after what its encoder sent.
 */
#include "chips/ledstrip.h"
#include "chips/lpd8806.h"
#include "chips/p9813.h"
#include "chips/ws2801.h"
#include "chips/ws2812.h"
#include "chips/ws2812_pio.h"
#include "encoding.h"
#include "strip_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct strip_model model;

static void show_ws2812(const struct wire *wire)
{
    static const struct ws2812_line line = {.timing = &ws2812_v5, .hz = 2976000};
    assert_int_equal(wire->messages, 1);
    assert_true(wire->length >= 96); /* with DMA, without gaps */
    ws2812_receive(&model, &line, wire->bytes, wire->length);
}

static void show_ws2801(const struct wire *wire)
{
    assert_int_equal(wire->messages, 1);
    ws2801_receive(&model, wire->bytes, wire->length, 40000);
}

static void show_lpd8806(const struct wire *wire)
{
    lpd8806_receive(&model, wire->bytes, wire->length);
}

static void show_p9813(const struct wire *wire)
{
    p9813_receive(&model, wire->bytes, wire->length);
}

static void show_pio(const struct wire *wire)
{
    struct pio_driver driver = {.leds = model.count, .brightness = 10};
    for (size_t i = 0; i < wire->messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(wire, i, &bytes);
        pio_write(&model, &driver, bytes, length);
    }
}

static const struct strip {
    const struct chip *chip;
    void (*show)(const struct wire *wire);
    unsigned steps;
    unsigned off_by; /* levels that cannot be had are this near */
    const char *usual_order;
    bool has_white;
    double weights[3]; /* of red, green and blue in a LED's current */
} strips[] = {
    {&chip_ws2812, show_ws2812, 255, 0, "grb", true, {16, 11, 15}},
    {&chip_sk6812, show_ws2812, 255, 0, "grb", true, {16, 11, 15}},
    {&chip_ws2812_pio, show_pio, 255, 1, "grb", true, {16, 11, 15}},
    {&chip_ws2801, show_ws2801, 255, 0, "rgb", false, {1, 1, 1}},
    {&chip_lpd8806, show_lpd8806, 127, 0, "grb", false, {1, 1, 1}},
    {&chip_p9813, show_p9813, 255, 0, "bgr", false, {1, 1, 1}},
};
#define STRIPS (sizeof strips / sizeof strips[0])

static struct pixel pixels[FRAME_PIXELS_MAX];
static double drawn_at; /* the brightness that frames say; 0: nobody says */

static int order_index(const char *word)
{
    for (int i = 0; ledstrip_rgbw_orders[i] != NULL; i++)
        if (strcmp(ledstrip_rgbw_orders[i], word) == 0)
            return i;
    fail_msg("no order %s", word);
    return -1;
}

static struct ledstrip_settings settings_of(size_t count, const char *order)
{
    return (struct ledstrip_settings){
        .pixels = (int64_t)count, .order = order_index(order), .max_ma = 100000, .led_ma = 1};
}

/* Shows the first `lit` of pixels[]; the level of a colour of a LED is level_of() then. */
static void show(const struct strip *strip, const struct ledstrip_settings *settings, size_t lit,
                 bool raw)
{
    struct frame frame = {.pixels = pixels, .count = lit, .brightness = drawn_at};
    struct wire wire = encoding_of(strip->chip, settings, &frame, raw);
    strip_power(&model, (size_t)settings->pixels, strlen(ledstrip_rgbw_orders[settings->order]));
    strip->show(&wire);
    if (model.fault[0] != '\0')
        fail_msg("%s, %d LEDs, %s: %s", strip->chip->name, (int)settings->pixels,
                 ledstrip_rgbw_orders[settings->order], model.fault);
}

static unsigned level_of(const struct ledstrip_settings *settings, size_t led, char colour)
{
    const char *order = ledstrip_rgbw_orders[settings->order];
    return model.shown[led][strchr(order, colour) - order];
}

static unsigned distance(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

/* What a light should be: the strongest colour rounded, not to nothing; the others by ratio. */
static unsigned expected(const struct strip *strip, struct pixel light, uint16_t channel)
{
    double most = fmax(fmax(light.red, light.green), light.blue);
    unsigned top = (unsigned)(most * strip->steps / 65535 + 0.5);
    if (most < 1)
        return 0;
    return (unsigned)(channel * (double)(top > 0 ? top : 1) / most + 0.5);
}

static void check_led(const struct strip *strip, const struct ledstrip_settings *settings,
                      size_t led, struct pixel light)
{
    const struct {
        char colour;
        uint16_t light;
    } colours[] = {{'r', light.red}, {'g', light.green}, {'b', light.blue}};
    for (size_t i = 0; i < 3; i++) {
        unsigned is = level_of(settings, led, colours[i].colour);
        unsigned should = expected(strip, light, colours[i].light);
        if (distance(is, should) > strip->off_by || (is == 0) != (should == 0))
            fail_msg("%s, %d LEDs, %s: LED %zu's %c is %u, not %u", strip->chip->name,
                     (int)settings->pixels, ledstrip_rgbw_orders[settings->order], led,
                     colours[i].colour, is, should);
        double exact = colours[i].light * (double)strip->steps / 65535;
        if (fmax(is - exact, exact - is) > 1.0 + strip->off_by)
            fail_msg("%s: %u for a light of %.2f", strip->chip->name, is, exact);
    }
}

static void every_led_gets_its_light_at_every_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = encoding_noise(i);
    for (size_t s = 0; s < STRIPS; s++)
        for (size_t k = 0; k < ENCODING_COUNTS; k++) {
            size_t count = encoding_counts[k], lit = count - count / 3;
            struct ledstrip_settings settings = settings_of(count, strips[s].usual_order);
            show(&strips[s], &settings, lit, false);
            for (size_t i = 0; i < count; i++)
                check_led(&strips[s], &settings, i, i < lit ? pixels[i] : (struct pixel){0, 0, 0});
        }
}

static void no_pixels_are_refused_and_the_most_fit(void **state)
{
    (void)state;
    for (size_t s = 0; s < STRIPS; s++) {
        const struct field *field = strips[s].chip->fields;
        assert_string_equal(field->key, "pixels");
        assert_true(field->min >= 1 && field->max <= FRAME_PIXELS_MAX && field->required);
        struct ledstrip_settings settings = settings_of(FRAME_PIXELS_MAX, strips[s].usual_order);
        assert_int_equal(strips[s].chip->pixels(&settings), FRAME_PIXELS_MAX);
        assert_int_equal(strips[s].chip->digits(&settings), 0);
        show(&strips[s], &settings, FRAME_PIXELS_MAX, false);
    }
}

/* All orders of three colours, and of four, each once. */
static void every_order_is_on_the_wire(void **state)
{
    (void)state;
    for (size_t s = 0; s < STRIPS; s++) {
        size_t three = 0, four = 0;
        for (int order = 0; ledstrip_rgbw_orders[order] != NULL; order++) {
            const char *word = ledstrip_rgbw_orders[order];
            bool white = strlen(word) == 4;
            for (int other = 0; other < order; other++)
                assert_string_not_equal(word, ledstrip_rgbw_orders[other]);
            assert_true(strchr(word, 'r') && strchr(word, 'g') && strchr(word, 'b'));
            if (white && !strips[s].has_white)
                continue;
            struct ledstrip_settings settings = settings_of(2, word);
            pixels[0] = (struct pixel){0xC8C8, 0x6464, 0x1414};
            pixels[1] = (struct pixel){0, 0xFFFF, 0};
            show(&strips[s], &settings, 2, true);
            unsigned shift = strips[s].steps == 127 ? 1 : 0;
            if (strips[s].chip != &chip_ws2812_pio) {
                assert_int_equal(level_of(&settings, 0, 'r'), 0xC8 >> shift);
                assert_int_equal(level_of(&settings, 0, 'g'), 0x64 >> shift);
                assert_int_equal(level_of(&settings, 0, 'b'), 0x14 >> shift);
            }
            assert_int_equal(level_of(&settings, 1, 'r'), 0);
            assert_int_equal(level_of(&settings, 1, 'g'), strips[s].steps);
            if (white)
                assert_int_equal(level_of(&settings, 0, 'w'), 0);
            three += !white;
            four += white;
        }
        assert_int_equal(three, 6);
        assert_int_equal(four, strips[s].has_white ? 24 : 0);
    }
}

/*
 * In frames of 1000: every one of the 65536 levels, by itself and in a hue. No hue here has a ratio
 * that ends halfway between two levels, where a light's own rounding to 16 bits would decide.
 */
static void more_light_is_never_darker(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double red, green, blue;
    } hues[] = {
        {"grey", 1, 1, 1}, {"red", 1, 0, 0}, {"amber", 1, 0.4, 0}, {"sky", 4.0 / 45, 7.0 / 15, 1}};
    for (size_t s = 0; s < STRIPS; s++)
        for (size_t h = 0; h < sizeof hues / sizeof hues[0]; h++) {
            struct ledstrip_settings settings = settings_of(1000, strips[s].usual_order);
            unsigned before[3] = {0, 0, 0};
            for (size_t from = 0; from < 65536; from += 1000) {
                for (size_t i = 0; i < 1000; i++) {
                    double light = from + i < 65535 ? (double)(from + i) : 65535;
                    pixels[i] = (struct pixel){(uint16_t)(light * hues[h].red),
                                               (uint16_t)(light * hues[h].green),
                                               (uint16_t)(light * hues[h].blue)};
                }
                show(&strips[s], &settings, 1000, false);
                for (size_t i = 0; i < 1000; i++)
                    for (size_t c = 0; c < 3; c++) {
                        unsigned level = level_of(&settings, i, "rgb"[c]);
                        if (level < before[c] && from + i > 1000)
                            fail_msg("%s, %s: %c falls at %zu", strips[s].chip->name, hues[h].name,
                                     "rgb"[c], from + i);
                        before[c] = level;
                    }
                if (from == 0) {
                    assert_int_equal(level_of(&settings, 0, 'r'), 0);
                    assert_true(level_of(&settings, 1, 'r') + level_of(&settings, 1, 'b') > 0);
                }
            }
            assert_int_equal(hues[h].red < 1 ? before[2] : before[0], strips[s].steps);
        }
}

/* Amber that is too dim for its green is red, never yellow. */
static void amber_never_turns_yellow(void **state)
{
    (void)state;
    for (size_t s = 0; s < STRIPS; s++) {
        struct ledstrip_settings settings = settings_of(1000, strips[s].usual_order);
        for (size_t i = 0; i < 1000; i++)
            pixels[i] = (struct pixel){(uint16_t)(10 * i + 10), (uint16_t)(4 * i + 4), 0};
        show(&strips[s], &settings, 1000, false);
        for (size_t i = 0; i < 1000; i++) {
            unsigned red = level_of(&settings, i, 'r'), green = level_of(&settings, i, 'g');
            if (red == 0 || (strips[s].off_by == 0 && 3 * green > 2 * red))
                fail_msg("%s: %u,%u at %zu", strips[s].chip->name, red, green, i);
        }
    }
}

static struct pixel amber_of(double light)
{
    return (struct pixel){(uint16_t)light, (uint16_t)(0.4 * light), 0};
}

/* The darkest night has three levels: amber keeps its green, and what is dim is dimmer. */
static void by_night_amber_is_no_red(void **state)
{
    (void)state;
    static const double nights[] = {0.03, 0.01, 0.001};
    static const struct pixel strong = {20000, 4000, 0};
    for (size_t s = 0; s < STRIPS; s++)
        for (size_t k = 0; k < 3; k++) {
            struct ledstrip_settings settings = settings_of(4, strips[s].usual_order);
            const struct frame frame = {.brightness = nights[k]};
            double full = frame_light(&frame, 1);
            pixels[0] = amber_of(full);
            pixels[1] = amber_of(full / 4);
            pixels[2] = (struct pixel){0, 0, 0};
            pixels[3] = strong;
            drawn_at = nights[k];
            show(&strips[s], &settings, 4, false);
            drawn_at = 0;
            unsigned red = level_of(&settings, 0, 'r'), dim = level_of(&settings, 1, 'r');
            if (strips[s].off_by == 0 && full > 40 &&
                (red != 3 || level_of(&settings, 0, 'g') != 1 || dim != 1))
                fail_msg("%s at %g: red %u, dim %u", strips[s].chip->name, nights[k], red, dim);
            assert_true(red >= 1 && red <= 3 + strips[s].off_by);
            assert_int_equal(level_of(&settings, 2, 'r') + level_of(&settings, 2, 'b'), 0);
            check_led(&strips[s], &settings, 3, strong);
        }
}

/* The same for each colour: full light has three levels, a third of it one, more its own. */
static void by_night_each_colour_has_its_three_levels(void **state)
{
    (void)state;
    for (size_t s = 0; s < STRIPS; s++)
        for (unsigned hue = 1; hue < 8; hue++) { /* a bit a colour */
            const double night = strips[s].steps == 127 ? 0.05 : 0.03;
            const struct frame frame = {.brightness = night};
            const unsigned full = frame_light(&frame, 1);
            const unsigned parts[] = {full, full / 3 + 1, 1};
            struct ledstrip_settings settings = settings_of(3, strips[s].usual_order);
            for (size_t i = 0; i < 3; i++)
                pixels[i] = (struct pixel){(uint16_t)((hue & 1) * parts[i]),
                                           (uint16_t)((hue >> 1 & 1) * parts[i]),
                                           (uint16_t)((hue >> 2 & 1) * parts[i])};
            drawn_at = night;
            show(&strips[s], &settings, 3, false);
            drawn_at = 0;
            for (size_t c = 0; c < 3; c++) {
                const bool on = (hue >> c & 1) != 0;
                const unsigned most = level_of(&settings, 0, "rgb"[c]);
                const unsigned third = level_of(&settings, 1, "rgb"[c]);
                const unsigned least = level_of(&settings, 2, "rgb"[c]);
                if (strips[s].off_by == 0 && (most != 3 * on || third != 1 * on || least != 1 * on))
                    fail_msg("%s, hue %u: %u, %u and %u of %c", strips[s].chip->name, hue, most,
                             third, least, "rgb"[c]);
            }
        }
}

static void white_leds_take_what_is_white(void **state)
{
    (void)state;
    struct ledstrip_settings settings = settings_of(2, "grbw");
    pixels[0] = (struct pixel){65535, 65535, 65535};
    pixels[1] = (struct pixel){65535, 32896, 32896};
    show(&strips[1], &settings, 2, false);
    static const uint8_t extracted[2][4] = {{0, 0, 0, 255}, {0, 127, 0, 128}};
    assert_memory_equal(model.shown, extracted, sizeof extracted);
    settings.white = LEDSTRIP_WHITE_OFF;
    show(&strips[1], &settings, 2, false);
    static const uint8_t kept[2][4] = {{255, 255, 255, 0}, {128, 255, 128, 0}};
    assert_memory_equal(model.shown, kept, sizeof kept);
}

/* The current by what is shown: led_ma at full white, shared by the weights, and 1 mA a LED. */
static double milliamperes(const struct strip *strip, const struct ledstrip_settings *settings)
{
    bool white = model.channels == 4;
    double weights = strip->weights[0] + strip->weights[1] + strip->weights[2], sum = 0;
    double mean = weights / 3;
    for (size_t i = 0; i < model.count; i++) {
        for (size_t c = 0; c < 3; c++)
            sum += strip->weights[c] * level_of(settings, i, "rgb"[c]);
        sum += white ? mean * level_of(settings, i, 'w') : 0;
    }
    return (double)model.count +
           sum / strip->steps / (weights + (white ? mean : 0)) * (double)settings->led_ma;
}

static void no_strip_draws_more_than_it_may(void **state)
{
    (void)state;
    static const int64_t budgets[] = {20, 100, 500, 3000, 500};
    enum { NIGHT = 4 };
    for (size_t s = 0; s < STRIPS; s++)
        for (size_t k = 0; k < ENCODING_COUNTS; k++)
            for (size_t b = 0; b < 10; b++) {
                struct error error = {0};
                struct ledstrip_settings settings =
                    settings_of(encoding_counts[k],
                                strips[s].has_white && b % 2 == 1 ? "grbw" : strips[s].usual_order);
                settings.max_ma = budgets[b / 2];
                drawn_at = b / 2 == NIGHT ? 0.01 : 0; /* light that is raised counts */
                settings.led_ma = 60;
                if (!strips[s].chip->check(&settings, &error)) {
                    assert_non_null(strstr(error.text, "max_ma"));
                    continue;
                }
                for (size_t i = 0; i < encoding_counts[k]; i++)
                    pixels[i] = b % 2 == 0 || b / 2 == 1 ? (struct pixel){65535, 65535, 65535}
                                                         : encoding_noise(i);
                for (size_t i = 0; b / 2 == NIGHT && i < encoding_counts[k]; i++)
                    pixels[i] = (struct pixel){72, 72, 72};
                show(&strips[s], &settings, encoding_counts[k], false);
                double drawn = milliamperes(&strips[s], &settings);
                /* The Pi 5's driver cannot do every level: one more a channel at most. */
                double spare = strips[s].off_by * 60.0 / 255 * (double)encoding_counts[k];
                if (drawn > (double)settings.max_ma + spare)
                    fail_msg("%s: %zu LEDs draw %.1f of %d mA", strips[s].chip->name,
                             encoding_counts[k], drawn, (int)settings.max_ma);
                if (b % 2 == 0 && b / 2 != NIGHT && drawn < 0.7 * (double)settings.max_ma &&
                    drawn < 58.0 * (double)encoding_counts[k] &&
                    settings.max_ma > 4 * (int64_t)encoding_counts[k])
                    fail_msg("%s: %zu LEDs draw %.1f only of %d mA", strips[s].chip->name,
                             encoding_counts[k], drawn, (int)settings.max_ma);
            }
    drawn_at = 0;
}

static void a_strip_whose_dark_leds_draw_all_is_refused(void **state)
{
    (void)state;
    struct error error = {0};
    struct ledstrip_settings settings = settings_of(500, "grb");
    settings.max_ma = 500;
    settings.led_ma = 55;
    assert_false(chip_ws2812.check(&settings, &error));
    assert_string_equal(error.text,
                        "max_ma 500 is what 500 dark pixels draw already (1.2 mA each); "
                        "set max_ma to what the supply can give");
}

static void the_models_notice_what_is_wrong(void **state)
{
    (void)state;
    static const uint8_t lpd8806[] = {0x00, 0x80, 0xFF, 0x81, 0x00};
    static const uint8_t p9813[] = {0, 0, 0, 0, 0xFC, 0, 0, 0xFF, 0, 0, 0, 0};
    uint8_t bytes[12];

    strip_power(&model, 1, 3);
    lpd8806_receive(&model, lpd8806, 5);
    assert_string_equal(model.fault, "");
    lpd8806_receive(&model, lpd8806 + 1, 4);
    assert_string_equal(model.fault, "LED 0 was not told to begin");
    strip_power(&model, 1, 3);
    lpd8806_receive(&model, lpd8806, 4);
    assert_string_equal(model.fault, "the last byte is not shown");

    strip_power(&model, 1, 3);
    p9813_receive(&model, p9813, sizeof p9813); /* full red, as FastLED's */
    assert_string_equal(model.fault, "");
    memcpy(bytes, p9813, sizeof bytes);
    bytes[6] = 0x40;
    p9813_receive(&model, bytes, sizeof bytes);
    assert_string_equal(model.fault, "LED 0: the flag fc does not agree");

    strip_power(&model, 2, 3);
    ws2801_receive(&model, lpd8806, 3, 499);
    assert_string_equal(model.fault, "499 us of idle clock show nothing");
    strip_power(&model, 2, 3);
    ws2801_receive(&model, lpd8806, 5, 501);
    assert_string_equal(model.fault, "40 bits for 2 LEDs");

    struct pio_driver driver = {.leds = 2, .brightness = 255};
    pio_write(&model, &driver, p9813, 4);
    strip_power(&model, 2, 3);
    pio_write(&model, &driver, p9813, 4);
    assert_string_equal(model.fault, "a write of 4 bytes for 2 LEDs blinks or fails");
}

/* The byte for each level is the one whose gamma is nearest, the smaller one of two. */
static void the_drivers_gamma_is_undone(void **state)
{
    (void)state;
    struct ledstrip_settings settings = settings_of(1, "rgb");
    int after[256]; /* as the driver's own table, without a fraction */
    for (int value = 0; value < 256; value++)
        after[value] = (int)(255 * pow(value / 255.0, 1 / 0.45) + 1e-9);
    for (int level = 0; level < 256; level++) {
        struct pixel red = {(uint16_t)(level * 257), 0, 0};
        struct frame frame = {.pixels = &red, .count = 1};
        struct wire wire = encoding_of(&chip_ws2812_pio, &settings, &frame, true);
        const int sent = wire.bytes[1 + 1]; /* behind the brightness; the second is sent first */
        wire = encoding_of(&chip_ws2812_pio, &settings, &frame, false);
        const int byte = wire.bytes[1 + 1];
        assert_int_equal(sent, level);
        const int off = abs(after[byte] - level);
        if ((byte > 0 && abs(after[byte - 1] - level) <= off) ||
            (byte < 255 && abs(after[byte + 1] - level) < off))
            fail_msg("level %d: %d, whose gamma is %d", level, byte, after[byte]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_led_gets_its_light_at_every_length),
        cmocka_unit_test(no_pixels_are_refused_and_the_most_fit),
        cmocka_unit_test(every_order_is_on_the_wire),
        cmocka_unit_test(more_light_is_never_darker),
        cmocka_unit_test(amber_never_turns_yellow),
        cmocka_unit_test(by_night_amber_is_no_red),
        cmocka_unit_test(by_night_each_colour_has_its_three_levels),
        cmocka_unit_test(white_leds_take_what_is_white),
        cmocka_unit_test(the_drivers_gamma_is_undone),
        cmocka_unit_test(no_strip_draws_more_than_it_may),
        cmocka_unit_test(the_models_notice_what_is_wrong),
        cmocka_unit_test(a_strip_whose_dark_leds_draw_all_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
