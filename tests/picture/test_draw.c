/*
 * Marks stand where a look's position says.
 */
#include "picture/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_marks(enum position position, size_t count, const char *expected)
{
    static struct pixel pixels[FRAME_PIXELS_MAX];
    const struct look look = {.hue = HUE_RED,
                              .motion = MOTION_STILL,
                              .fill = FILL_MARK,
                              .position = position,
                              .high = 0.5,
                              .low = 0.5};
    const struct strip strip = {
        .pixels = pixels, .count = count, .brightness = 1, .palette = &palettes[PALETTE_DEFAULT]};
    const struct moment moment = {0};
    char seen[16] = "";
    for (size_t i = 0; i < count; i++)
        pixels[i] = (struct pixel){1, 1, 1};
    draw_look(&strip, &look, &moment);
    for (size_t i = 0; i < count; i++)
        seen[i] = pixels[i].red > 0 ? '#' : '.';
    assert_string_equal(seen, expected);
}

static void a_mark_stands_where_its_position_says(void **state)
{
    (void)state;
    static const struct {
        enum position position;
        const char *one, *three, *eight;
    } rows[] = {
        {POSITION_START, "#", "#..", "#......."}, {POSITION_CENTRE, "#", ".#.", "...#...."},
        {POSITION_END, "#", "..#", ".......#"},   {POSITION_ENDS, "#", "#.#", "#......#"},
        {POSITION_MOST, "#", "##.", "#..#...."},  {POSITION_WHOLE, "#", "###", "#..#...#"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_marks(rows[i].position, 1, rows[i].one);
        assert_marks(rows[i].position, 3, rows[i].three);
        assert_marks(rows[i].position, 8, rows[i].eight);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_mark_stands_where_its_position_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
