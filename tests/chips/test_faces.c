/*
 * In which colours one sees chips whose lights are not the frame's pixels: their own, or the
 * pixel's in the levels that they have, less what night takes.
 */
#include "chips/ht16k33_bicolour.h"
#include "chips/is31fl3731.h"
#include "chips/max7219_matrix.h"
#include "chips/sense_hat.h"
#include "chips/tm1638.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct ht16k33_bicolour_settings bar = {.shape = HT16K33_BAR};
static const struct ht16k33_bicolour_settings square = {.shape = HT16K33_MATRIX};
static const struct max7219_matrix_settings matrix = {.chips = 4};
static const struct is31fl3731_settings scroll = {.text = false};
static const struct sense_hat_settings hat = {.first = 0};
static const struct tm1638_settings keys = {.brightness = 2};

/* A frame of this one light all over; the lowest row from the left. */
static const struct row {
    const char *what;
    const struct chip *chip;
    const void *settings;
    struct pixel light;
    double brightness; /* 0: nobody says */
    uint16_t dimmed;
    struct pixel seen;
} rows[] = {
    {"a red bar", &chip_ht16k33_bicolour, &bar, {65535, 0, 0}, 0, 0, {65535, 2200, 1400}},
    {"a green bar", &chip_ht16k33_bicolour, &bar, {0, 65535, 0}, 0, 0, {0, 40000, 2000}},
    {"an amber bar", &chip_ht16k33_bicolour, &bar, {65535, 26214, 0}, 0, 0, {65535, 24000, 0}},
    {"by night", &chip_ht16k33_bicolour, &bar, {65535, 0, 0}, 0, 32768, {32767, 1099, 699}},
    {"a red square", &chip_ht16k33_bicolour, &square, {65535, 0, 0}, 0, 0, {65535, 2200, 1400}},
    {"blue is amber", &chip_ht16k33_bicolour, &square, {0, 0, 65535}, 0, 0, {65535, 24000, 0}},
    {"magenta is red",
     &chip_ht16k33_bicolour,
     &bar,
     {65535, 15000, 32768},
     0,
     0,
     {65535, 2200, 1400}},
    {"without a hue", &chip_ht16k33_bicolour, &bar, {3, 3, 3}, 0, 0, {0, 0, 0}},
    {"nor on a square", &chip_ht16k33_bicolour, &square, {3, 0, 0}, 0, 0, {0, 0, 0}},
    {"a matrix", &chip_max7219_matrix, &matrix, {0, 65535, 0}, 0, 0, {65535, 2200, 1400}},
    {"by night", &chip_max7219_matrix, &matrix, {0, 65535, 0}, 0, 65534, {1, 0, 0}},
    {"LED&KEY", &chip_tm1638, &keys, {0, 0, 65535}, 0, 0, {65535, 2200, 1400}},
    /* 64 of 255 where nobody says, or else the frame's, and one at the least */
    {"white", &chip_is31fl3731_scroll, &scroll, {65535, 0, 0}, 0, 0, {16448, 16448, 16448}},
    {"in full", &chip_is31fl3731_scroll, &scroll, {65535, 0, 0}, 1, 0, {65535, 65535, 65535}},
    {"faint", &chip_is31fl3731_scroll, &scroll, {65535, 0, 0}, 0.001, 0, {257, 257, 257}},
    /* 12 of 31 where nobody says, or else the frame's, and two at the least */
    {"red", &chip_sense_hat, &hat, {65535, 0, 0}, 0, 0, {25368, 0, 0}},
    {"in full", &chip_sense_hat, &hat, {65535, 65535, 0}, 1, 0, {65535, 65535, 0}},
    {"faint blue", &chip_sense_hat, &hat, {0, 0, 655}, 0.001, 0, {0, 0, 4228}},
};

static void each_is_seen_as_it_shines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        static struct pixel lights[FRAME_PIXELS_MAX];
        struct pixel pixels[64];
        const size_t count = row->chip->pixels(row->settings);
        const struct frame frame = {.pixels = pixels,
                                    .count = count,
                                    .brightness = row->brightness,
                                    .text_dimmed = row->dimmed};
        for (size_t k = 0; k < count; k++)
            pixels[k] = row->light;
        row->chip->face->see(row->settings, &frame, lights);
        const struct pixel *lowest = &lights[(row->chip->face->rows(row->settings) - 1) * count];
        for (size_t k = 0; k < count; k++)
            if (memcmp(&lowest[k], &row->seen, sizeof row->seen) != 0)
                fail_msg("%s, %s: %u, %u, %u", row->chip->name, row->what, lowest[k].red,
                         lowest[k].green, lowest[k].blue);
    }
}

/* A failure's vermilion is red and amber in turns, unlike a warning's orange, which is amber. */
static void vermilion_is_told_from_orange_on_two_colours(void **state)
{
    (void)state;
    static const struct {
        uint16_t green; /* beside full red */
        bool turns;
    } hues[] = {{9000, true}, {14563, true}, {14564, false}, {16000, false}};
    for (size_t i = 0; i < sizeof hues / sizeof hues[0]; i++) {
        struct pixel pixels[24], lights[24];
        const struct frame frame = {.pixels = pixels, .count = 24};
        for (size_t k = 0; k < 24; k++)
            pixels[k] = (struct pixel){65535, hues[i].green, 0};
        chip_ht16k33_bicolour.face->see(&bar, &frame, lights);
        for (size_t k = 0; k < 24; k++)
            if ((lights[k].green == 2200) != (hues[i].turns && k % 2 == 0))
                fail_msg("green %u: light %zu has %u", hues[i].green, k, lights[k].green);
    }
}

/* What is seen to be lit is what is sent as lit. */
static void what_has_no_hue_is_dark_on_bicolour_displays(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct ht16k33_bicolour_settings *settings = i == 0 ? &bar : &square;
        const size_t count = chip_ht16k33_bicolour.pixels(settings);
        struct pixel pixels[24];
        const uint8_t *ram;
        for (size_t k = 0; k < count; k++)
            pixels[k] = (struct pixel){k % 4 == 0 ? 3 : 1, (uint16_t)(k % 4), k % 2};
        const struct frame frame = {.pixels = pixels, .count = count};
        const struct wire wire = encoding_of(&chip_ht16k33_bicolour, settings, &frame, false);
        const size_t length = encoding_message(&wire, 1, &ram);
        for (size_t k = 0; k < length; k++)
            assert_int_equal(ram[k], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_seen_as_it_shines),
        cmocka_unit_test(vermilion_is_told_from_orange_on_two_colours),
        cmocka_unit_test(what_has_no_hue_is_dark_on_bicolour_displays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
