#include "chips/segments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The bytes that the TM1637 and HT16K33 datasheets give for the ten digits. */
static void digits_are_the_datasheets(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F};
    for (char digit = '0'; digit <= '9'; digit++)
        assert_int_equal(segments_of(digit), bytes[digit - '0']);
    assert_int_equal(segments_of('-'), 0x40);
    assert_int_equal(segments_of(' '), 0);
    for (unsigned byte = 127; byte < 256; byte++) /* of UTF-8, and one that erases */
        if (segments_of((char)byte) != 0 || segments14_of((char)byte) != 0)
            fail_msg("byte %u is seen", byte);
}

static void the_words_of_the_picture_have_shapes(void **state)
{
    (void)state;
    for (const char *at = "FAILPAUSStALdEGrdonEEndGoALrtCArE0123456789-"; *at != '\0'; at++)
        if (segments_of(*at) == 0)
            fail_msg("'%c' has none", *at);
}

static void texts_stand_at_the_right(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        uint8_t digits[4];
    } rows[] = {
        {"42", 4, {0, 0, 0x66, 0x5B}},
        {"FAIL", 4, {0x71, 0x77, 0x06, 0x38}},
        {"", 4, {0, 0, 0, 0}},
        {"1.5", 4, {0, 0, 0x86, 0x6D}},
        {"..", 4, {0, 0, 0x80, 0x80}},
        {"12345", 4, {0x40, 0x40, 0x40, 0x40}},
        {"00000", 4, {0x40, 0x40, 0x40, 0x40}},
        {"99999", 4, {0x40, 0x40, 0x40, 0x40}},
        {"PAUSED", 4, {0x73, 0x77, 0x3E, 0x6D}},
        {"12:34", 4, {0x06, 0xDB, 0x4F, 0x66}},
        {"7", 1, {0x07, 0xAA, 0xAA, 0xAA}},
        {"7", 0, {0xAA, 0xAA, 0xAA, 0xAA}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t digits[4];
        memset(digits, 0xAA, sizeof digits);
        segments_text(rows[i].text, digits, rows[i].count);
        if (memcmp(digits, rows[i].digits, sizeof digits) != 0)
            fail_msg("'%s': %02x %02x %02x %02x", rows[i].text, digits[0], digits[1], digits[2],
                     digits[3]);
    }
}

static void what_does_not_fit_stays_within(void **state)
{
    (void)state;
    struct segments_cell cells[5] = {[4] = {.character = '!'}};
    segments_lay_out("PAUSED", true, cells, 4);
    assert_int_equal(cells[3].character, 'S');
    assert_int_equal(cells[4].character, '!');
}

/* What has no character before it stands behind nothing. */
static void a_bare_point_has_a_place_of_its_own(void **state)
{
    (void)state;
    struct segments_cell cells[3];
    segments_lay_out(":.", true, cells, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(cells[i].character, ' ');
    assert_true(!cells[0].dot && !cells[0].colon);
    assert_true(cells[1].colon && !cells[1].dot);
    assert_true(cells[2].dot && !cells[2].colon);
}

/* One segment a bit, and nothing behind them. */
static void a_wiring_names_each_segment_once(void **state)
{
    (void)state;
    static const struct {
        const char *wiring;
        bool good;
    } rows[] = {
        {"abcdefg.", true},  {".gfedcba", true},  {"abcdefg.a", false}, {"abcdefg..", false},
        {"abcdefg", false},  {"abcdef..", false}, {"bbcdefg.", false},  {"`bcdefg.", false},
        {"abcdefh.", false}, {"ABCDEFG.", false}, {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (segments_is_wiring(rows[i].wiring) != rows[i].good)
            fail_msg("'%s'", rows[i].wiring);
    for (unsigned bit = 0; bit < 8; bit++) {
        assert_int_equal(segments_wired((uint8_t)(1u << bit), "abcdefg."), 1 << bit);
        assert_int_equal(segments_wired((uint8_t)(1u << bit), ".gfedcba"), 1 << (7 - bit));
    }
}

/* Beyond the most that are laid out there is nothing, and the text stands at the right. */
static void a_display_of_any_length_is_filled(void **state)
{
    (void)state;
    uint8_t digits[SEGMENTS_DIGITS_MAX + 3];
    for (size_t count = SEGMENTS_DIGITS_MAX - 1; count < sizeof digits; count++) {
        memset(digits, 0xAA, sizeof digits);
        segments_text("42", digits, count);
        for (size_t i = 0; i + 2 < count; i++)
            assert_int_equal(digits[i], 0);
        assert_int_equal(digits[count - 2], 0x66);
        assert_int_equal(digits[count - 1], 0x5B);
        assert_int_equal(digits[count], 0xAA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_the_datasheets),
        cmocka_unit_test(the_words_of_the_picture_have_shapes),
        cmocka_unit_test(texts_stand_at_the_right),
        cmocka_unit_test(what_does_not_fit_stays_within),
        cmocka_unit_test(a_display_of_any_length_is_filled),
        cmocka_unit_test(a_bare_point_has_a_place_of_its_own),
        cmocka_unit_test(a_wiring_names_each_segment_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
