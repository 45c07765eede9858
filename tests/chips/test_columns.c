/*
 * How much light a column is said to have, and from which on it is how high.
 */
#include "chips/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *sentence;
    struct pixel pixel;
    uint16_t light;
} rows[] = {
    {"none", {0, 0, 0}, 0},
    {"the strongest channel's", {1000, 10, 20}, 1000},
    {"blue", {10, 20, 1000}, 1000},
    {"green counts more", {10, 1000, 20}, 1600},
    {"as strong as another", {1000, 1000, 0}, 1600},
    {"white, of more than halves", {1000, 501, 501}, 1600},
    {"with half the green it is none", {1000, 500, 501}, 1000},
    {"with half the blue it is none", {1000, 501, 500}, 1000},
    {"with half the red it is none", {500, 501, 1000}, 1000},
    {"what is more than there is", {0, 65535, 0}, 65535},
    {"the most that is not", {0, 40959, 0}, 65534},
};

static void light_is_that_of_the_strongest_channel(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (columns_light(rows[i].pixel) != rows[i].light)
            fail_msg("%s: %u", rows[i].sentence, columns_light(rows[i].pixel));
}

static const double nights[] = {1, 0.3, 0.05};

/* Of a red light, which stands at its own, in the second of three places. */
static size_t height_of(uint16_t light, double brightness, size_t rows_of_it)
{
    struct pixel pixels[3] = {{0, 0, 0}, {light, 0, 0}, {0, 0, 0}};
    const struct frame frame = {.pixels = pixels, .count = 3, .brightness = brightness};
    return columns_height(&frame, 1, rows_of_it);
}

/* Lightness is rounded to whole lights, by night as by day; what is lit at all has one. */
static void a_column_is_as_high_as_its_light_is_light(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof nights / sizeof nights[0]; k++)
        for (size_t all = 3; all <= COLUMNS_ROWS_MAX; all++) {
            const struct frame night = {.brightness = nights[k]};
            assert_int_equal(height_of(0, nights[k], all), 0);
            assert_int_equal(height_of(1, nights[k], all), 1);
            assert_int_equal(height_of(1, 0, all), all); /* nobody says */
            for (size_t height = 2; height <= all; height++) {
                const uint16_t least = frame_light(&night, ((double)height - 0.5) / (double)all);
                if (height_of(least, nights[k], all) != height ||
                    height_of((uint16_t)(least - 1), nights[k], all) != height - 1)
                    fail_msg("light %u of %zu rows at %g is not %zu high", least, all, nights[k],
                             height);
            }
        }
}

/* Two lights over each other, and one alone: from which lightness on the more is lit. */
static void few_lights_have_bounds_by_what_they_mean(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        struct pixel hue; /* in hundredths */
        size_t pixel, rows;
        double least;
    } bounds[] = {
        {"two, red", {100, 0, 0}, 1, 2, 0.45},
        {"two, amber", {100, 40, 0}, 1, 2, 0.45},
        {"two, the last and amber", {100, 40, 0}, 2, 2, 0.8},
        {"two, the last and red", {100, 0, 0}, 2, 2, 0.45},
        {"one, red", {100, 0, 0}, 1, 1, 0.44},
        {"one, vermilion", {100, 10, 0}, 1, 1, 0.44},
        {"one, blue", {0, 0, 100}, 1, 1, 0.44},
        {"one, magenta", {100, 0, 50}, 1, 1, 0.44},
        {"one, amber", {100, 40, 0}, 1, 1, 0.245},
        {"one, the last and amber", {100, 40, 0}, 2, 1, 0.8},
        {"one, the last and red", {100, 0, 0}, 2, 1, 0.44},
    };
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        for (size_t k = 0; k < 2; k++)
            for (unsigned less = 0; less < 2; less++) {
                struct pixel pixels[3] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
                struct frame frame = {.pixels = pixels, .count = 3, .brightness = nights[k]};
                const unsigned light = frame_light(&frame, bounds[i].least) - less;
                const struct pixel hue = bounds[i].hue;
                pixels[bounds[i].pixel] = (struct pixel){(uint16_t)(hue.red * light / 100),
                                                         (uint16_t)(hue.green * light / 100),
                                                         (uint16_t)(hue.blue * light / 100)};
                const size_t height = columns_height(&frame, bounds[i].pixel, bounds[i].rows);
                if (height != bounds[i].rows - less)
                    fail_msg("%s at %g, light %u: %zu high", bounds[i].sentence, nights[k], light,
                             height);
                if (bounds[i].rows == 1)
                    assert_int_equal(columns_lit(&frame, bounds[i].pixel, 3), 1 - less);
            }
}

/* Below the lowest row there is nothing, however high a column is. */
static void no_light_is_below_the_rows(void **state)
{
    (void)state;
    struct pixel full[2] = {{65535, 0, 0}, {2, 0, 0}};
    for (size_t all = 3; all <= COLUMNS_ROWS_MAX; all++) {
        const struct columns columns = {.count = 3, .rows = all};
        const struct frame frame = {.pixels = full, .count = 2, .brightness = 1};
        uint8_t lit[3];
        columns_draw(&columns, &frame, lit);
        assert_int_equal(lit[0], (1 << all) - 1);
        assert_int_equal(lit[1], 1 << (all - 1));
        assert_int_equal(lit[2], 0);
    }
}

static void a_light_beyond_the_frame_is_dark(void **state)
{
    (void)state;
    struct pixel full[2] = {{65535, 65535, 65535}, {65535, 65535, 65535}};
    const struct frame frame = {.pixels = full, .count = 2};
    for (size_t all = 1; all <= COLUMNS_ROWS_MAX; all++) {
        assert_int_equal(columns_height(&frame, 1, all), all);
        assert_int_equal(columns_height(&frame, 2, all), 0);
    }
    assert_true(columns_lit(&frame, 1, 4));
    assert_false(columns_lit(&frame, 2, 4));
    assert_false(columns_reach(&frame, 0, 0));
}

/* In the gap behind a letter, of five rows: a point at the foot, a colon in the second and fourth.
 */
static void points_stand_in_the_gaps(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint8_t first, second; /* the topmost at bit 0 */
    } texts[] = {
        {"11", 0, 0},
        {"1.1", 1 << 4, 0},
        {"11.", 0, 1 << 4},
        {"1", 0, 0},
        {"1:1", 1 << 1 | 1 << 3, 0},
        {"1.", 0, 1 << 4},
        {"1.1:", 1 << 4, 1 << 1 | 1 << 3},
    };
    const struct columns columns = {.count = 2 * COLUMNS_LETTER, .rows = 8, .text = true};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct frame frame = {.pixels = NULL, .count = 0};
        uint8_t lit[2 * COLUMNS_LETTER];
        memcpy(frame.text, texts[i].text, strlen(texts[i].text));
        columns_draw(&columns, &frame, lit);
        if (lit[COLUMNS_LETTER - 1] != texts[i].first ||
            lit[2 * COLUMNS_LETTER - 1] != texts[i].second)
            fail_msg("%s: %02x and %02x", texts[i].text, lit[COLUMNS_LETTER - 1],
                     lit[2 * COLUMNS_LETTER - 1]);
    }
}

/* What is lit shines in its colour less what the night takes. */
static void night_takes_its_part_of_what_is_on(void **state)
{
    (void)state;
    static const struct {
        uint16_t dimmed;
        struct pixel on;
    } parts[] = {
        {0, {65535, 2200, 1400}},
        {32768, {32767, 1099, 699}},
        {65534, {1, 0, 0}},
        {65535, {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct frame frame = {.text_dimmed = parts[i].dimmed};
        const struct pixel on = columns_on(&frame, COLUMNS_RED);
        if (memcmp(&on, &parts[i].on, sizeof on) != 0)
            fail_msg("without %u: %u, %u, %u", parts[i].dimmed, on.red, on.green, on.blue);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(light_is_that_of_the_strongest_channel),
        cmocka_unit_test(a_column_is_as_high_as_its_light_is_light),
        cmocka_unit_test(few_lights_have_bounds_by_what_they_mean),
        cmocka_unit_test(no_light_is_below_the_rows),
        cmocka_unit_test(a_light_beyond_the_frame_is_dark),
        cmocka_unit_test(points_stand_in_the_gaps),
        cmocka_unit_test(night_takes_its_part_of_what_is_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
