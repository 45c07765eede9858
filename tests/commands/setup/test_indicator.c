#include "commands/setup/setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static void test_answers(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        bool good;
        size_t index;
        double warning;
    } rows[] = {
        {"1", true, 0, (double)NAN}, {"3", true, 2, (double)NAN},
        {"2 0.4 0.8", true, 1, 0.4}, {" 2  4 1 ", true, 1, 4},
        {"4", false, 0, 0},          {"0", false, 0, 0},
        {"1 0.4", false, 0, 0},      {"1 0.4 0.8 2", false, 0, 0},
        {"1 a b", false, 0, 0},      {"1 NaN 2", false, 0, 0},
        {"", false, 0, 0},           {"rate(x[5m])", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t index = 9;
        double limits[2];
        const bool good = indicator_parse(rows[i].answer, 3, &index, limits);
        if (good != rows[i].good)
            fail_msg("'%s' is %s", rows[i].answer, good ? "taken" : "not taken");
        if (!good)
            continue;
        assert_int_equal(index, rows[i].index);
        assert_true(isnan(rows[i].warning) ? isnan(limits[0])
                                           : fabs(limits[0] - rows[i].warning) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
