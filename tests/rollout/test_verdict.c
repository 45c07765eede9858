/*
 * Words: of states, reasons and labels.
 */
#include "evidence/row.h"
#include "rollout/expected_states.h"
#include "rollout/verdict.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void states_have_the_names_of_the_status_file_and_an_order(void **unused)
{
    (void)unused;
    for (enum state is = 0; is < STATE_COUNT; is++) {
        assert_string_equal(state_name(is), expected_of(is)->name);
        assert_int_equal(state_severity(is), expected_of(is)->severity);
    }
}

static void states_have_letters_of_their_own(void **unused)
{
    (void)unused;
    for (enum state is = 0; is < STATE_COUNT; is++)
        for (enum state other = 0; other < is; other++)
            assert_string_not_equal(expected_of(is)->letters, expected_of(other)->letters);
}

static void every_reason_has_a_name_of_its_own_and_a_sentence(void **unused)
{
    (void)unused;
    for (int i = WHY_NOT_ASKED; i <= WHY_RATIO_RANGE; i++) {
        assert_non_null(why_name((enum why)i));
        assert_true(strlen(why_sentence((enum why)i)) > 3);
        for (int k = WHY_NOT_ASKED; k < i; k++)
            assert_string_not_equal(why_name((enum why)i), why_name((enum why)k));
    }
}

static void unknown_has_no_numbers(void **unused)
{
    (void)unused;
    struct verdict verdict = verdict_unknown(WHY_FETCH);
    assert_int_equal(verdict.state, STATE_UNKNOWN);
    assert_int_equal(verdict.why, WHY_FETCH);
    assert_true(isnan(verdict.p) && isnan(verdict.q));
    assert_int_equal(verdict.updated, ROW_MISSING);
    assert_int_equal(verdict.available, ROW_MISSING);
    assert_int_equal(verdict.spec, ROW_MISSING);
    assert_int_equal(verdict.terminating, ROW_MISSING);
}

static void labels_are_read(void **unused)
{
    (void)unused;
    assert_int_equal(progress_reason_of(NULL), REASON_NONE);
    assert_int_equal(progress_reason_of(""), REASON_NONE);
    assert_int_equal(progress_reason_of("unknown"), REASON_OTHER);
    assert_int_equal(progress_reason_of("ReplicaSetUpdated"), REASON_REPLICA_SET_UPDATED);
    assert_int_equal(progress_reason_of("replicasetupdated"), REASON_OTHER);
    assert_int_equal(rollout_phase_of("Paused"), PHASE_PAUSED);
    assert_int_equal(rollout_phase_of("paused"), PHASE_NONE);
    assert_int_equal(rollout_phase_of(""), PHASE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_the_names_of_the_status_file_and_an_order),
        cmocka_unit_test(states_have_letters_of_their_own),
        cmocka_unit_test(every_reason_has_a_name_of_its_own_and_a_sentence),
        cmocka_unit_test(unknown_has_no_numbers),
        cmocka_unit_test(labels_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
