#include "chips/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void messages_follow_one_another(void **state)
{
    (void)state;
    uint8_t bytes[32];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    wire_text(&wire, "t=");
    wire_number(&wire, -120);
    wire_end_message(&wire);
    wire_fill(&wire, 'x', 3);
    wire_add(&wire, '.');
    wire_end_message(&wire);
    assert_int_equal(wire.messages, 2);
    assert_int_equal(wire.ends[0], 6);
    assert_int_equal(wire.ends[1], 10);
    assert_memory_equal(bytes, "t=-120xxx.", 10);
    assert_false(wire.overflow);
    wire_reset(&wire);
    assert_int_equal(wire.length, 0);
    assert_int_equal(wire.messages, 0);
}

static void what_does_not_fit_is_told_and_not_written(void **state)
{
    (void)state;
    uint8_t bytes[4] = {'a', 'b', 'c', 'd'};
    struct wire wire = {.bytes = bytes, .capacity = 3};
    assert_non_null(wire_reserve(&wire, 2));
    assert_null(wire_reserve(&wire, 2));
    assert_true(wire.overflow);
    wire_reset(&wire);
    wire_text(&wire, "four");
    wire_fill(&wire, 0, SIZE_MAX);
    wire_number(&wire, INT64_MIN);
    assert_true(wire.overflow);
    assert_int_equal(wire.length, 0);
    assert_memory_equal(bytes, "abcd", 4);
    wire_reset(&wire);
    for (size_t i = 0; i < WIRE_MESSAGES_MAX; i++)
        wire_end_message(&wire);
    assert_false(wire.overflow);
    wire_end_message(&wire);
    assert_true(wire.overflow);
    assert_int_equal(wire.messages, WIRE_MESSAGES_MAX);
}

static void numbers_are_decimal(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        const char *text;
    } rows[] = {{0, "0"},
                {7, "7"},
                {-10, "-10"},
                {INT64_MAX, "9223372036854775807"},
                {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[24];
        struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
        wire_number(&wire, rows[i].number);
        assert_int_equal(wire.length, strlen(rows[i].text));
        assert_memory_equal(bytes, rows[i].text, wire.length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_follow_one_another),
        cmocka_unit_test(what_does_not_fit_is_told_and_not_written),
        cmocka_unit_test(numbers_are_decimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
