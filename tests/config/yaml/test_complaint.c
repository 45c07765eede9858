#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
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

static void test_many(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    for (size_t i = 0; i < COMPLAINTS_MAX + 3; i++)
        complain(&complaints, "a", i + 1, 1, "x");
    assert_int_equal(complaints.count, COMPLAINTS_MAX + 3);
    const char *end = strstr(complaints.text.data, "a:50:1: x\n");
    assert_non_null(end);
    assert_string_equal(end, "a:50:1: x\nand 3 more\n");
    complaints_free(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
