/*
 * Kinds, surveys, and the words of the exporters' labels.
 */
#include "evidence/row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void kinds_have_kubernetes_names(void **unused)
{
    (void)unused;
    static const struct {
        enum workload_kind kind;
        const char *name, *word;
    } rows[] = {{KIND_DEPLOYMENT, "Deployment", "deployment"},
                {KIND_STATEFULSET, "StatefulSet", "statefulset"},
                {KIND_DAEMONSET, "DaemonSet", "daemonset"},
                {KIND_ROLLOUT, "Rollout", "rollout"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(kind_name(rows[i].kind), rows[i].name);
        assert_string_equal(kind_word(rows[i].kind), rows[i].word);
        assert_int_equal(kind_named(rows[i].name), rows[i].kind);
        assert_int_equal(kind_worded(rows[i].word), rows[i].kind);
        assert_int_equal(kind_named(rows[i].word), KIND_COUNT);
        assert_int_equal(kind_worded(rows[i].name), KIND_COUNT);
    }
}

static void all_names_are_listed(void **unused)
{
    (void)unused;
    const char *names[KIND_COUNT + 1] = {NULL};
    kind_names(names);
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        assert_string_equal(names[kind], kind_name((enum workload_kind)kind));
    assert_null(names[KIND_COUNT]);
}

static void the_first_kind_of_a_set_is_the_lowest(void **unused)
{
    (void)unused;
    for (unsigned kinds = 1; kinds <= KINDS_ALL; kinds++) {
        enum workload_kind first = kinds_first(kinds);
        if ((kinds & KIND_BIT(first)) == 0 || (kinds & (KIND_BIT(first) - 1)) != 0)
            fail_msg("of %#x it is %s", kinds, kind_name(first));
    }
}

static void a_survey_counts_all_kinds(void **unused)
{
    (void)unused;
    struct survey survey = {.taken = true, .total = {1, 20, 300, 4000}};
    assert_int_equal(survey_total(&survey), 4321);
    survey.taken = false;
    assert_int_equal(survey_total(&survey), 0);
}

static void every_reason_has_its_word(void **unused)
{
    (void)unused;
    static const struct {
        const char *label;
        enum progress_reason reason;
    } rows[] = {
        {NULL, REASON_NONE},
        {"", REASON_NONE},
        {"unknown", REASON_OTHER},
        {"x", REASON_OTHER},
        {"newReplicaSetCreated", REASON_OTHER},
        {"NewReplicaSetCreated", REASON_NEW_REPLICA_SET_CREATED},
        {"FoundNewReplicaSet", REASON_FOUND_NEW_REPLICA_SET},
        {"ReplicaSetUpdated", REASON_REPLICA_SET_UPDATED},
        {"NewReplicaSetAvailable", REASON_NEW_REPLICA_SET_AVAILABLE},
        {"ProgressDeadlineExceeded", REASON_PROGRESS_DEADLINE_EXCEEDED},
        {"ReplicaSetCreateError", REASON_REPLICA_SET_CREATE_ERROR},
        {"DeploymentPaused", REASON_DEPLOYMENT_PAUSED},
        {"DeploymentResumed", REASON_DEPLOYMENT_RESUMED},
        {"DeploymentResumed2", REASON_OTHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (progress_reason_of(rows[i].label) != rows[i].reason)
            fail_msg("'%s' is read as %d", rows[i].label == NULL ? "(none)" : rows[i].label,
                     (int)progress_reason_of(rows[i].label));
}

/* From the best to the worst; what no phase says is worse than a pause, better than a failure. */
static void phases_are_ordered_by_badness(void **unused)
{
    (void)unused;
    static const struct {
        const char *label;
        enum rollout_phase phase;
    } rows[] = {
        {"Completed", PHASE_COMPLETED}, {"Progressing", PHASE_PROGRESSING},
        {"Paused", PHASE_PAUSED},       {"Pondering", PHASE_NONE},
        {"Timeout", PHASE_TIMEOUT},     {"Error", PHASE_ERROR},
        {"Abort", PHASE_ABORT},         {"InvalidSpec", PHASE_INVALID_SPEC},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rollout_phase_of(rows[i].label) != rows[i].phase)
            fail_msg("'%s' is read as %d", rows[i].label, (int)rollout_phase_of(rows[i].label));
        if (phase_badness(rows[i].phase) != (int)i)
            fail_msg("'%s' is %d bad", rows[i].label, phase_badness(rows[i].phase));
    }
    assert_int_equal(rollout_phase_of(""), PHASE_NONE);
}

static void conditions_are_ordered_by_badness(void **unused)
{
    (void)unused;
    static const enum condition_status rows[] = {CONDITION_ABSENT, CONDITION_TRUE,
                                                 CONDITION_UNKNOWN, CONDITION_FALSE};
    static const char *const labels[] = {"", "true", "unknown", "false"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(condition_status_of(labels[i]), rows[i]);
    assert_int_equal(condition_status_of("True"), CONDITION_ABSENT);
    assert_int_equal(condition_badness(rows[0]), 0);
    for (size_t i = 1; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(condition_badness(rows[i]) > condition_badness(rows[i - 1]));
}

static void a_survey_is_copied_with_what_is_counted(void **unused)
{
    (void)unused;
    static struct survey from, to;
    from = survey_empty();
    from.total[KIND_DAEMONSET] = 7;
    from.counted.count = 2;
    from.counted.list[1] = (struct source_count){9, KIND_DAEMONSET, 7, 5, 2};
    survey_copy(&to, &from);
    assert_true(to.taken);
    assert_int_equal(to.total[KIND_DAEMONSET], 7);
    assert_int_equal(to.counted.count, 2);
    assert_memory_equal(&to.counted.list[1], &from.counted.list[1], sizeof from.counted.list[1]);
    survey_copy(&to, NULL);
    assert_false(to.taken);
    assert_int_equal(to.total[KIND_DAEMONSET], 0);
    assert_int_equal(to.counted.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_kubernetes_names),
        cmocka_unit_test(all_names_are_listed),
        cmocka_unit_test(the_first_kind_of_a_set_is_the_lowest),
        cmocka_unit_test(a_survey_counts_all_kinds),
        cmocka_unit_test(conditions_are_ordered_by_badness),
        cmocka_unit_test(a_survey_is_copied_with_what_is_counted),
        cmocka_unit_test(every_reason_has_its_word),
        cmocka_unit_test(phases_are_ordered_by_badness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
