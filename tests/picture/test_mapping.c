#include "picture/mapping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The line 1, 2, 3 ... as it lands on ten pixels; '.' is a pixel that the segment does not have. */
static void lines_land_where_the_segment_says(void **state)
{
    (void)state;
    static const struct {
        const char *what, *seen;
        struct segment segment;
    } rows[] = {
        {"as it comes", "..1234....", {.first = 2, .count = 4}},
        {"reversed", "..4321....", {.first = 2, .count = 4, .reverse = true}},
        {"from both ends", "123321....", {.count = 6, .mirror = MIRROR_ENDS}},
        {"from both ends, odd", "12321.....", {.count = 5, .mirror = MIRROR_ENDS}},
        {"from the middle", "321123....", {.count = 6, .mirror = MIRROR_CENTRE}},
        {"from the middle, odd", "32123.....", {.count = 5, .mirror = MIRROR_CENTRE}},
        {"round a ring", "561234....", {.count = 6, .offset = 2}},
        {"round and reversed", "216543....", {.count = 6, .offset = 2, .reverse = true}},
        {"round more than once", "561234....", {.count = 6, .offset = 8}},
        {"with gaps", "12..3.45..", {.count = 2, .more = {{4, 1}, {6, 2}}, .more_count = 2}},
        {"with gaps, reversed",
         "54..3.21..",
         {.count = 2, .more = {{4, 1}, {6, 2}}, .more_count = 2, .reverse = true}},
        {"out of order", "45....123.", {.first = 6, .count = 3, .more = {{0, 2}}, .more_count = 1}},
        {"beyond the frame", "........12", {.first = 8, .count = 4}},
        {"all beyond it", "..........", {.first = 12, .count = 4}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pixel pixels[11] = {{0}}, line[10];
        struct frame frame = {.pixels = pixels, .count = 10};
        char seen[11] = "";
        for (size_t k = 0; k < 10; k++)
            line[k].red = (uint16_t)(k + 1);
        mapping_line(&rows[i].segment, line, &frame);
        for (size_t k = 0; k < 10; k++)
            seen[k] = pixels[k].red == 0 ? '.' : (char)('0' + pixels[k].red);
        assert_int_equal(pixels[10].red, 0); /* behind the frame */
        if (strcmp(seen, rows[i].seen) != 0)
            fail_msg("%s: %s, not %s", rows[i].what, seen, rows[i].seen);
    }
}

static void a_line_is_as_long_as_what_is_seen_of_it(void **state)
{
    (void)state;
    const struct segment gaps = {.count = 2, .more = {{4, 1}, {6, 9}}, .more_count = 2};
    const struct segment half = {.count = 5, .mirror = MIRROR_CENTRE},
                         even = {.count = 8, .mirror = MIRROR_ENDS},
                         far = {.first = 20, .count = 1};
    assert_int_equal(mapping_length(&gaps, 10), 7);
    assert_int_equal(mapping_length(&half, 10), 3);
    assert_int_equal(mapping_length(&even, 10), 4);
    assert_int_equal(mapping_length(&far, 10), 0);
    assert_true(mapping_is_plain(&far));
    assert_false(mapping_is_plain(&gaps));
    assert_false(mapping_is_plain(&half));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_land_where_the_segment_says),
        cmocka_unit_test(a_line_is_as_long_as_what_is_seen_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
