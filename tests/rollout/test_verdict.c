/*
 * Words: of states, reasons and labels.
 */
#include "evidence/row.h"
#include "rollout/verdict.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void states_are_ordered_by_severity(void **unused)
{
    (void)unused;
    static const enum state order[] = {STATE_FAILED,   STATE_STALLED,     STATE_UNKNOWN,
                                       STATE_DEGRADED, STATE_PROGRESSING, STATE_PAUSED,
                                       STATE_STABLE};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        assert_int_equal(state_severity(order[i]), 6 - i);
    assert_int_equal(state_severity(STATE_SCALED_TO_ZERO), 0);
}

static void states_have_the_names_of_the_status_file(void **unused)
{
    (void)unused;
    static const char *const names[STATE_COUNT] = {"unknown",  "stable",        "progressing",
                                                   "stalled",  "failed",        "paused",
                                                   "degraded", "scaled_to_zero"};
    for (int i = 0; i < STATE_COUNT; i++)
        assert_string_equal(state_name((enum state)i), names[i]);
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

static void hashes_tell_labels_apart(void **unused)
{
    (void)unused;
    /* Test values of FNV-1a, 64 bits, from its authors' table (isthe.com/chongo/tech/comp/fnv). */
    assert_true(label_hash("") == UINT64_C(0xcbf29ce484222325));
    assert_true(label_hash("foobar") == UINT64_C(0x85944171f73967e8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_ordered_by_severity),
        cmocka_unit_test(states_have_the_names_of_the_status_file),
        cmocka_unit_test(every_reason_has_a_name_of_its_own_and_a_sentence),
        cmocka_unit_test(unknown_has_no_numbers),
        cmocka_unit_test(labels_are_read),
        cmocka_unit_test(hashes_tell_labels_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
