/*
 * The Sense HAT's 8x8 LEDs, as the kernel's driver for its framebuffer shows what is written there.
 */
#include "chips/sense_hat.h"

#include "chips/encoding.h"
#include "chips/matrix.h"
#include "chips/scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SIDE 8
#define WALL_SIZE (SIDE * (SIDE + 1) + 1)

/* gamma_default of Linux's rpisense-fb.c. */
static const unsigned driver[32] = {0, 0, 0,  0,  0,  0,  1,  1,  2,  2,  3,  3,  4,  5,  6,  7,
                                    8, 9, 10, 11, 12, 14, 15, 17, 18, 20, 21, 23, 25, 27, 29, 31};

/* What the kernel's driver makes of a framebuffer: levels 0 to 31 of red, green and blue. */
static void look_at_sense(const uint8_t *bytes, bool turned, char out[])
{
    for (size_t y = 0; y < SIDE; y++) {
        for (size_t x = 0; x < SIDE; x++) { /* turned right: what was the left is at the top */
            size_t led = turned ? SIDE * (SIDE - 1 - x) + y : SIDE * y + x;
            unsigned word = bytes[2 * led] | (unsigned)bytes[2 * led + 1] << 8;
            unsigned red = driver[word >> 11], green = driver[word >> 6 & 31];
            unsigned blue = driver[word & 31];
            assert_true((red | green | blue) == 0 || red >= 2 || green >= 2 || blue >= 2);
            *out++ = red + green + blue == 0            ? '.'
                     : blue > 0 && green > 0 && red > 0 ? 'W'
                     : blue > 0                         ? (red > green ? 'M' : 'B')
                     : red > 0 && green > 0             ? (red > green ? 'A' : 'L')
                     : red > 0                          ? 'R'
                                                        : 'G';
        }
        *out++ = '\n';
    }
    *out = '\0';
}

static void sense_hat_shows_states(void **state)
{
    (void)state;
    static char pictures[SCENES_TEXT_SIZE];
    for (size_t i = 0; i < SCENES; i++) {
        struct sense_hat_settings settings = {0};
        char wall[WALL_SIZE], turned[WALL_SIZE];
        struct frame frame = scene_frame(i, SIDE, 0);
        struct wire wire = encoding_of(&chip_sense_hat, &settings, &frame, false);
        assert_true(wire.messages == 1 && wire.length == 128);
        look_at_sense(wire.bytes, false, wall);
        scenes_expect_face(&chip_sense_hat, &settings, &frame, wall);
        scenes_add(pictures, i, wall);
        settings.first = MATRIX_TOP_RIGHT;
        settings.wired = MATRIX_COLUMNS;
        wire = encoding_of(&chip_sense_hat, &settings, &frame, false);
        look_at_sense(wire.bytes, true, turned);
        assert_string_equal(turned, wall);
    }
    scenes_expect(TESTS_DIR "/chips/walls/sense-hat.txt", pictures);
}

/* Each of its levels is given by the first number that has it, or else the next one's. */
static void sense_hat_takes_the_drivers_levels(void **state)
{
    (void)state;
    const struct sense_hat_settings settings = {0};
    for (unsigned percent = 1; percent <= 100; percent++) {
        struct pixel pixels[SIDE] = {{UINT16_MAX, 0, 0}};
        struct frame frame = {.pixels = pixels, .count = SIDE, .brightness = percent / 100.0};
        const unsigned light = (frame_light(&frame, 1) * 31u + 32767) / 65535;
        const unsigned level = light < 2 ? 2 : light; /* less is not seen */
        struct wire wire = encoding_of(&chip_sense_hat, &settings, &frame, false);
        unsigned most = 0;
        for (size_t i = 0; i < wire.length; i += 2)
            most = wire.bytes[i + 1] >> 3U > most ? wire.bytes[i + 1] >> 3U : most;
        if (driver[most] < level || driver[most - 1] >= level)
            fail_msg("level %u is number %u, whose level is %u", level, most, driver[most]);
    }
}

static void a_dark_picture_is_zeros(void **state)
{
    (void)state;
    const struct sense_hat_settings settings = {0};
    struct pixel pixels[SIDE] = {{0, 0, 0}};
    const struct frame frame = {.pixels = pixels, .count = SIDE, .brightness = 1};
    const struct wire wire = encoding_of(&chip_sense_hat, &settings, &frame, false);
    assert_int_equal(wire.length, 128);
    for (size_t i = 0; i < wire.length; i++)
        assert_int_equal(wire.bytes[i], 0);
}

/* The number of 5 bits that a level of the driver's is given by. */
static unsigned first_with(unsigned level)
{
    unsigned number = 0;
    while (driver[number] < level)
        number++;
    return number;
}

/* What is weaker has its share of the strongest channel's level, rounded to the nearest. */
static void colours_keep_their_shares(void **state)
{
    (void)state;
    static const double nights[] = {1, 0.5, 0.3, 0.1};
    const struct sense_hat_settings settings = {0};
    for (size_t k = 0; k < sizeof nights / sizeof nights[0]; k++)
        for (unsigned strongest = 0; strongest < 3; strongest++)
            for (unsigned share = 0; share <= 1000; share++) {
                struct pixel pixels[SIDE] = {{0, 0, 0}};
                struct frame frame = {.pixels = pixels, .count = SIDE, .brightness = nights[k]};
                const unsigned most = frame_light(&frame, 1), next = most * share / 1000;
                const unsigned parts[3] = {most, next, most / 3};
                const double light = most * 31.0 / 65535;
                const unsigned level = light < 1.5 ? 2 : (unsigned)(light + 0.5);
                pixels[0] = (struct pixel){(uint16_t)parts[(3 - strongest) % 3],
                                           (uint16_t)parts[(4 - strongest) % 3],
                                           (uint16_t)parts[(5 - strongest) % 3]};
                const struct wire wire = encoding_of(&chip_sense_hat, &settings, &frame, false);
                const uint8_t *led = wire.bytes + (size_t)2 * SIDE * (SIDE - 1);
                const unsigned is = led[0] | (unsigned)led[1] << 8;
                const unsigned numbers[3] = {is >> 11, is >> 6 & 31, is & 31};
                for (unsigned c = 0; c < 3; c++) {
                    const unsigned part = parts[(3 + c - strongest) % 3];
                    const unsigned nearest = (unsigned)((double)part * level / most + 0.5);
                    if (numbers[c] != first_with(nearest))
                        fail_msg("%u of %u at %g: number %u", part, most, nights[k], numbers[c]);
                }
                assert_int_equal(is >> 5 & 1, 0);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sense_hat_shows_states),
        cmocka_unit_test(sense_hat_takes_the_drivers_levels),
        cmocka_unit_test(colours_keep_their_shares),
        cmocka_unit_test(a_dark_picture_is_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
