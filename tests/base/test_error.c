#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void says_what_it_is_given(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set(&error, "cannot open %s", "/dev/gpiochip0"));
    assert_string_equal(error.text, "cannot open /dev/gpiochip0");
    assert_false(error_prefix(&error, "output %s", "strip"));
    assert_string_equal(error.text, "output strip: cannot open /dev/gpiochip0");
}

static void shows_that_it_was_cut(void **state)
{
    (void)state;
    char big[2 * ERROR_TEXT_SIZE];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    struct error error;
    error_set(&error, "%s", big);
    assert_int_equal(strlen(error.text), ERROR_TEXT_SIZE - 1);
    assert_string_equal(error.text + ERROR_TEXT_SIZE - 5, "x...");
    error_prefix(&error, "where");
    assert_memory_equal(error.text, "where: xxx", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_it_is_given),
        cmocka_unit_test(shows_that_it_was_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
