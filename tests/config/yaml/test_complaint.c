#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void test_order(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complain(&complaints, "a", 3, 1, "third");
    complain(&complaints, "a", 1, 9, "second");
    complain(&complaints, "a", 1, 2, "first\n");
    complain(&complaints, "ab", 1, 1, "other file");
    complain(&complaints, "ab", 0, 0, "its whole");
    complain(&complaints, "a", 9, 9, "after");
    expect_complaints("by position, a file's lines together", &complaints,
                      "a:1:2: first?\na:1:9: second\na:3:1: third\n"
                      "ab: its whole\nab:1:1: other file\na:9:9: after\n");
    complaints_free(&complaints);
}

static void test_one_place(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complain(&complaints, "a", 2, 2, "first");
    complain(&complaints, "a", 2, 2, "second");
    complain(&complaints, "a", 0, 0, "its whole");
    complain(&complaints, "a", 0, 0, "its whole again");
    expect_complaints("of one place in the order that they came in", &complaints,
                      "a: its whole\na: its whole again\na:2:2: first\na:2:2: second\n");
    complaints_free(&complaints);
}

static void test_many(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        const char *end;
    } rows[] = {
        {COMPLAINTS_MAX, "a:50:1: x\n"},
        {COMPLAINTS_MAX + 1, "a:50:1: x\nand 1 more\n"},
        {COMPLAINTS_MAX + 3, "a:50:1: x\nand 3 more\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        for (size_t k = 0; k < rows[i].count; k++)
            complain(&complaints, "a", k + 1, 1, "x");
        assert_int_equal(complaints.count, rows[i].count);
        const char *end = strstr(complaints.text.data, "a:50:1: x\n");
        assert_non_null(end);
        assert_string_equal(end, rows[i].end);
        complaints_free(&complaints);
    }
}

#define LINE_MOST ((size_t)2047) /* bytes, without its end */
#define NAME_MOST ((size_t)1023)

/* `count` times `letter`, then `end`; to be freed. */
static char *repeat(char letter, size_t count, const char *end)
{
    char *text = malloc(count + strlen(end) + 1);
    assert_non_null(text);
    memset(text, letter, count);
    strcpy(text + count, end);
    return text;
}

/* A line is cut where it is full, between two characters. */
static void test_long_sentences(void **state)
{
    (void)state;
    static const char place[] = "a:1:1: ";
    static const struct {
        const char *sentence;
        size_t letters;
        const char *end;
        size_t shown;
    } rows[] = {
        {"just full", LINE_MOST - 7, "", LINE_MOST},
        {"a letter more", LINE_MOST - 6, "", LINE_MOST},
        {"full with a letter of two bytes", LINE_MOST - 9, "\xc3\xa9", LINE_MOST},
        {"half of a letter more", LINE_MOST - 8, "\xc3\xa9", LINE_MOST - 1},
        {"a letter of two bytes more", LINE_MOST - 7, "\xc3\xa9", LINE_MOST},
        {"as long as nobody writes", 10000, "", LINE_MOST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        char *said = repeat('x', rows[i].letters, rows[i].end);
        complain(&complaints, "a", 1, 1, "%s", said);
        complain(&complaints, "a", 2, 1, "y");
        const char *line = complaints.text.data;
        const size_t behind = strlen(place);
        if (strcspn(line, "\n") != rows[i].shown)
            fail_msg("%s: %zu bytes", rows[i].sentence, strcspn(line, "\n"));
        assert_memory_equal(line, place, behind);
        assert_memory_equal(line + behind, said, rows[i].shown - behind);
        assert_string_equal(line + rows[i].shown, "\na:2:1: y\n");
        free(said);
        complaints_free(&complaints);
    }
}

/* A long path leaves room for what is wrong, and its lines are still in their order. */
static void test_long_names(void **state)
{
    (void)state;
    char last[64];
    snprintf(last, sizeof last, ":%zu:%zu: last\n", SIZE_MAX, SIZE_MAX);
    for (size_t length = NAME_MOST - 1; length <= NAME_MOST + 1; length++) {
        const size_t shown = length < NAME_MOST ? length : NAME_MOST;
        struct complaints complaints = {0};
        char *name = repeat('n', length, "");
        complain(&complaints, name, SIZE_MAX, SIZE_MAX, "last");
        complain(&complaints, name, 1, 2, "first");
        const char *line = complaints.text.data;
        assert_int_equal(strspn(line, "n"), shown);
        line += shown;
        assert_memory_equal(line, ":1:2: first\n", 12);
        line += 12;
        assert_int_equal(strspn(line, "n"), shown);
        assert_string_equal(line + shown, last);
        free(name);
        complaints_free(&complaints);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),      cmocka_unit_test(test_one_place),
        cmocka_unit_test(test_many),       cmocka_unit_test(test_long_sentences),
        cmocka_unit_test(test_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
