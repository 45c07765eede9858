#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text;
    int64_t ms;
} moments[] = {
    {"1970-01-01T00:00:00.000Z", 0},
    {"2000-02-29T12:34:56.789Z", INT64_C(951827696789)},
    {"2026-11-22T14:32:07.250Z", INT64_C(1795357927250)},
    {"2038-01-19T03:14:08.000Z", INT64_C(2147483648000)},
    {"2100-03-01T00:00:00.001Z", INT64_C(4107542400001)},
    {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
};

static void writes_and_reads_the_same_moment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        char out[CLOCK_RFC3339_SIZE];
        clock_rfc3339(moments[i].ms, out);
        assert_string_equal(out, moments[i].text);
        assert_true(clock_parse_rfc3339(moments[i].text) == moments[i].ms);
    }
    for (int64_t day = 0; day < 60000; day++) { /* every day until 2134 */
        char out[CLOCK_RFC3339_SIZE];
        clock_rfc3339(day * 86400000 + 1, out);
        assert_true(clock_parse_rfc3339(out) == day * 86400000 + 1);
    }
}

static void refuses_what_is_no_moment(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "2026-11-22",
        "2026-11-22 14:32:07.250Z",
        "2026-11-22T14:32:07.25Z",
        "2026-11-22T14:32:07.250+",
        "2026-13-22T14:32:07.250Z",
        "2026-11-32T14:32:07.250Z",
        "2026-11-22T24:32:07.250Z",
        "2026-11-22T14:60:07.250Z",
        "2O26-11-22T14:32:07.250Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (clock_parse_rfc3339(texts[i]) != INT64_MIN)
            fail_msg("'%s' was taken for a moment", texts[i]);
    char out[CLOCK_RFC3339_SIZE];
    clock_rfc3339(-1, out);
    assert_string_equal(out, "");
    clock_rfc3339(INT64_MAX, out);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_the_same_moment),
        cmocka_unit_test(refuses_what_is_no_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
