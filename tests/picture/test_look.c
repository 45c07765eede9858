#include "picture/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void any_two_differ_twice_beyond_hue(void **state)
{
    (void)state;
    for (int a = 0; a < STATE_COUNT; a++)
        for (int b = 0; b < a; b++) {
            const struct look *one = look_of((enum state)a), *other = look_of((enum state)b);
            int differences = (one->motion != other->motion) + (one->fill != other->fill) +
                              (one->position != other->position);
            if (differences < 2)
                fail_msg("%s and %s differ in %d of motion, fill and position", one->caption,
                         other->caption, differences);
        }
}

static void what_moves_has_a_calm_period(void **state)
{
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++) {
        const struct look *look = look_of((enum state)i);
        assert_int_equal(look->motion == MOTION_STILL, look->period_ms == 0);
        if (look->period_ms != 0 && look->period_ms < 1000)
            fail_msg("%s moves every %d ms", look->caption, (int)look->period_ms);
    }
}

static void words_fit_and_tell_states_apart(void **state)
{
    (void)state;
    for (int a = 0; a < STATE_COUNT; a++)
        for (size_t k = 0; k < 4; k++) {
            const char *word = look_of((enum state)a)->words[k];
            assert_true(strlen(word) <= k + 1);
            for (int b = 0; b < a; b++)
                if (strcmp(word, look_of((enum state)b)->words[k]) == 0)
                    fail_msg("two states say '%s' on %d digits", word, (int)k + 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_differ_twice_beyond_hue),
        cmocka_unit_test(what_moves_has_a_calm_period),
        cmocka_unit_test(words_fit_and_tell_states_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
