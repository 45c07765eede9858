/*
 * Matrices, against grids that are written down as they are wired.
 */
#include "chips/columns.h"
#include "chips/lamps.h"
#include "chips/matrix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SIDE 3 /* columns of the grids; they have two rows */

static const struct {
    const char *sentence;
    struct matrix matrix;
    size_t leds[2][SIDE]; /* the LED at each place, counted along the wire */
} rows[] = {
    {"as a text", {SIDE, 2, MATRIX_TOP_LEFT, MATRIX_ROWS, false, 0}, {{0, 1, 2}, {3, 4, 5}}},
    {"a snake", {SIDE, 2, MATRIX_TOP_LEFT, MATRIX_ROWS, true, 0}, {{0, 1, 2}, {5, 4, 3}}},
    {"from the right", {SIDE, 2, MATRIX_TOP_RIGHT, MATRIX_ROWS, false, 0}, {{2, 1, 0}, {5, 4, 3}}},
    {"a snake from the right",
     {SIDE, 2, MATRIX_TOP_RIGHT, MATRIX_ROWS, true, 0},
     {{2, 1, 0}, {3, 4, 5}}},
    {"from below", {SIDE, 2, MATRIX_BOTTOM_LEFT, MATRIX_ROWS, false, 0}, {{3, 4, 5}, {0, 1, 2}}},
    {"a snake from below, on the right",
     {SIDE, 2, MATRIX_BOTTOM_RIGHT, MATRIX_ROWS, true, 0},
     {{3, 4, 5}, {2, 1, 0}}},
    {"by columns", {SIDE, 2, MATRIX_TOP_LEFT, MATRIX_COLUMNS, false, 0}, {{0, 2, 4}, {1, 3, 5}}},
    {"a snake by columns",
     {SIDE, 2, MATRIX_TOP_LEFT, MATRIX_COLUMNS, true, 0},
     {{0, 3, 4}, {1, 2, 5}}},
    {"a snake by columns from below, on the right",
     {SIDE, 2, MATRIX_BOTTOM_RIGHT, MATRIX_COLUMNS, true, 0},
     {{5, 2, 1}, {4, 3, 0}}},
};

static void every_led_shows_the_pixel_of_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t at = 0; at < 2 * (size_t)SIDE; at++) {
            struct matrix matrix = rows[i].matrix;
            size_t x = at % SIDE, y = at / SIDE, led = rows[i].leds[y][x];
            if (matrix_pixel(&matrix, led) != at)
                fail_msg("%s: LED %zu shows %zu", rows[i].sentence, led,
                         matrix_pixel(&matrix, led));
            matrix.filled = MATRIX_COLUMNS;
            if (matrix_pixel(&matrix, led) != x * 2 + y)
                fail_msg("%s, filled by columns: LED %zu shows %zu", rows[i].sentence, led,
                         matrix_pixel(&matrix, led));
        }
}

/* Pimoroni's table of the Unicorn HAT (pimoroni/unicorn-hat, unicornhat.py): rows 0, 1 and 7. */
static void a_unicorn_is_a_snake(void **state)
{
    (void)state;
    const struct matrix unicorn = {8, 8, MATRIX_TOP_RIGHT, MATRIX_ROWS, true, MATRIX_ROWS};
    for (size_t x = 0; x < 8; x++) {
        assert_int_equal(matrix_pixel(&unicorn, 7 - x), x);
        assert_int_equal(matrix_pixel(&unicorn, 8 + x), 8 + x);
        assert_int_equal(matrix_pixel(&unicorn, 56 + x), 56 + x);
    }
}

/* However it is wired, every pixel is shown once. */
static void no_pixel_is_left_out(void **state)
{
    (void)state;
    for (int which = 0; which < 32; which++) {
        struct matrix matrix = {5, 4, which & 3, which >> 2 & 1, (which & 8) != 0, which >> 4};
        uint32_t seen = 0;
        for (size_t led = 0; led < 20; led++)
            seen |= UINT32_C(1) << matrix_pixel(&matrix, led);
        assert_int_equal(seen, (1 << 20) - 1);
    }
}

static void no_column_is_written_that_is_not_there(void **state)
{
    (void)state;
    struct pixel pixels[9];
    uint8_t lit[9];
    const struct columns columns = {.count = 8, .rows = 8};
    const struct frame frame = {.pixels = pixels, .count = 9};
    memset(pixels, 0xFF, sizeof pixels);
    memset(lit, 0xA5, sizeof lit);
    columns_draw(&columns, &frame, lit);
    assert_int_equal(lit[7], 0xFF);
    assert_int_equal(lit[8], 0xA5);
}

/* What boards/README.md promises of `matrix:` and of a lamp. */
static void keys_have_their_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *key, *fallback; /* NULL: it must be there */
        double min, max;
    } keys[] = {
        {"width", NULL, 1, 1024}, {"height", NULL, 1, 1024},     {"first", "top-left", 0, 0},
        {"wired", "rows", 0, 0},  {"serpentine", "false", 0, 0}, {"filled", "rows", 0, 0},
        {"colour", NULL, 0, 0},   {"pixel", "-1", -1, 1023},     {"relay", "false", 0, 0},
    };
    const struct field *field = matrix_fields;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++, field++) {
        if (field->key == NULL)
            field = lamp_fields;
        if (strcmp(field->key, keys[i].key) != 0 || field->required != (keys[i].fallback == NULL) ||
            (!field->required && strcmp(field->fallback, keys[i].fallback) != 0) ||
            field->min != keys[i].min || field->max != keys[i].max)
            fail_msg("%s: %d to %d, else %s", field->key, (int)field->min, (int)field->max,
                     field->required ? "none" : field->fallback);
    }
    assert_null(field->key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_column_is_written_that_is_not_there),
        cmocka_unit_test(every_led_shows_the_pixel_of_its_place),
        cmocka_unit_test(a_unicorn_is_a_snake),
        cmocka_unit_test(no_pixel_is_left_out),
        cmocka_unit_test(keys_have_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
