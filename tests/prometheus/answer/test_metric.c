/*
 * What one series says of its row.
 */
#include "prometheus/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_value_is_a_count_or_missing(void **state)
{
    static const struct {
        const char *sentence, *value;
        int64_t expected;
    } values[] = {
        {"digits", "\"5\"", 5},
        {"a fraction of nothing", "\"5.0\"", 5},
        {"an exponent", "\"1e+06\"", 1000000},
        {"zero below zero is zero", "\"-0\"", 0},
        {"the largest exact double", "\"9007199254740991\"", INT64_C(9007199254740991)},
        {"2^53 is no longer exact", "\"9007199254740992\"", ROW_MISSING},
        {"a fraction", "\"3.5\"", ROW_MISSING},
        {"a negative number", "\"-1\"", ROW_MISSING},
        {"NaN", "\"NaN\"", ROW_MISSING},
        {"infinity", "\"+Inf\"", ROW_MISSING},
        {"infinity below", "\"-Inf\"", ROW_MISSING},
        {"infinity without a sign", "\"Inf\"", ROW_MISSING},
        {"nothing", "\"\"", ROW_MISSING},
        {"a space", "\" 5\"", ROW_MISSING},
        {"hexadecimal", "\"0x10\"", ROW_MISSING},
        {"letters behind it", "\"5abc\"", ROW_MISSING},
        {"too large for a double", "\"1e400\"", ROW_MISSING},
        {"a number that is no string", "5", ROW_MISSING},
        {"null", "null", ROW_MISSING},
        {"a third member", "\"5\",\"6\"", ROW_MISSING},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        answers_begin(&room->body, "");
        answers_add(&room->body, "{__name__=\"kube_deployment_spec_replicas\",deployment=\"web\"}",
                    values[i].value);
        room_read(room);
        if (room->answer.count != 1 || room->answer.rows[0].spec != values[i].expected)
            fail_msg("%s: %s was not read as %lld", values[i].sentence, values[i].value,
                     (long long)values[i].expected);
    }
}

static void a_sample_that_is_none_is_left_out(void **state)
{
    static const char *const samples[] = {
        "\"value\":[1700000000]",
        "\"value\":[\"1700000000\",\"5\"]",
        "\"value\":null",
        "\"value\":{}",
        "\"value\":[1e300,\"5\"]",
        "\"histogram\":[1700000000,{\"count\":\"5\"}]",
        "\"value\":[1700000000,\"5\"],\"histogram\":[1700000000,{}]",
        "\"values\":[[1700000000,\"5\"]]",
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        answers_begin(&room->body, "");
        text_addf(&room->body,
                  "{\"metric\":{\"__name__\":\"kube_deployment_spec_replicas\",\"deployment\":"
                  "\"web\"},%s}",
                  samples[i]);
        room_read(room);
        if (room->answer.count != 1 || room->answer.rows[0].spec != ROW_MISSING)
            fail_msg("%s was read", samples[i]);
        assert_string_equal(response_remark(room->rows),
                            "1 series without a plain number were left out");
    }
}

/* Of a target that is labelled deployment="ksm", with honor_labels: its own stand, on Deployments.
 */
static void a_targets_label_does_not_tell_the_kind(void **state)
{
    struct room *room = *state;
    answers_add(&room->body,
                "{__name__=\"kube_statefulset_replicas\",statefulset=\"db\","
                "deployment=\"ksm\"}",
                "\"3\"");
    answers_add(&room->body, "{statefulset=\"db\",deployment=\"ksm\",m=\"sample_ts/statefulset\"}",
                "\"7\"");
    answers_add(&room->body,
                "{__name__=\"kube_daemonset_metadata_generation\",daemonset=\"log\","
                "deployment=\"ksm\",m=\"unsettled\"}",
                "\"1\"");
    answers_add(&room->body,
                "{__name__=\"amberbar:workloads:unsettled\",kind=\"Rollout\","
                "name=\"api\",deployment=\"ksm\",m=\"unsettled\"}",
                "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.count, 3);
    assert_int_equal(room->answer.rows[0].key.kind, KIND_STATEFULSET);
    assert_string_equal(room->answer.rows[0].key.name, "db");
    assert_int_equal(room->answer.rows[0].spec, 3);
    assert_int_equal(room->answer.rows[0].sample_ms, 7000);
    assert_int_equal(room->answer.rows[1].key.kind, KIND_DAEMONSET);
    assert_int_equal(room->answer.rows[2].key.kind, KIND_ROLLOUT);
    assert_string_equal(room->answer.rows[2].key.name, "api");
}

static void every_kind_has_its_metrics(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, "{__name__=\"kube_statefulset_replicas\",statefulset=\"db\"}",
                "\"3\"");
    answers_add(&room->body,
                "{__name__=\"kube_statefulset_status_current_revision\",statefulset=\"db\","
                "revision=\"db-1\"}",
                "\"1\"");
    answers_add(&room->body,
                "{__name__=\"kube_statefulset_status_update_revision\",statefulset=\"db\","
                "revision=\"db-2\"}",
                "\"1\"");
    answers_add(&room->body, "{statefulset=\"db\",m=\"sample_ts\"}", "\"7\"");
    answers_add(&room->body,
                "{__name__=\"kube_daemonset_status_desired_number_scheduled\",daemonset=\"log\"}",
                "\"4\"");
    answers_add(&room->body,
                "{__name__=\"kube_daemonset_status_current_number_scheduled\",daemonset=\"log\"}",
                "\"5\"");
    answers_add(&room->body, "{__name__=\"rollout_info_replicas_desired\",name=\"web\"}", "\"6\"");
    answers_add(&room->body, "{__name__=\"rollout_info_replicas_unavailable\",name=\"web\"}",
                "\"1\"");
    answers_add(&room->body,
                "{__name__=\"rollout_info\",name=\"web\",phase=\"Paused\",strategy=\"canary\"}",
                "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.count, 3);
    const struct row *db = &room->answer.rows[0];
    const struct row *log = &room->answer.rows[1];
    const struct row *web = &room->answer.rows[2];
    assert_int_equal(db->key.kind, KIND_STATEFULSET);
    assert_int_equal(db->spec, 3);
    assert_int_equal(db->sample_ms, 7000);
    assert_true(db->current_revision != 0 && db->update_revision != 0);
    assert_true(db->current_revision != db->update_revision);
    assert_int_equal(log->key.kind, KIND_DAEMONSET);
    assert_int_equal(log->spec, 4);
    assert_int_equal(log->replicas, 5);
    assert_int_equal(web->key.kind, KIND_ROLLOUT);
    assert_int_equal(web->spec, 6);
    assert_int_equal(web->unavailable, 1);
    assert_int_equal(web->phase, PHASE_PAUSED);
}

static void add_condition(struct text *body, const char *labels, const char *value)
{
    char all[256];
    snprintf(all, sizeof all,
             "{__name__=\"kube_deployment_status_condition\",deployment=\"web\",%s}", labels);
    answers_add(body, all, value);
}

static void conditions_are_read_by_their_words(void **state)
{
    static const struct {
        const char *sentence, *labels, *value;
        enum condition_status status;
        enum progress_reason reason;
        bool failure;
    } conditions[] = {
        {"no reason before kube-state-metrics 2.17", "condition=\"Progressing\",status=\"true\"",
         "\"1\"", CONDITION_TRUE, REASON_NONE, false},
        {"the deadline",
         "condition=\"Progressing\",status=\"false\",reason=\"ProgressDeadlineExceeded\"", "\"1\"",
         CONDITION_FALSE, REASON_PROGRESS_DEADLINE_EXCEEDED, false},
        {"an unknown status", "condition=\"Progressing\",status=\"unknown\"", "\"1\"",
         CONDITION_UNKNOWN, REASON_NONE, false},
        {"an unknown reason", "condition=\"Progressing\",status=\"true\",reason=\"unknown\"",
         "\"1\"", CONDITION_TRUE, REASON_OTHER, false},
        {"resumed", "condition=\"Progressing\",status=\"true\",reason=\"DeploymentResumed\"",
         "\"1\"", CONDITION_TRUE, REASON_DEPLOYMENT_RESUMED, false},
        {"a series that is 0 does not hold", "condition=\"Progressing\",status=\"true\"", "\"0\"",
         CONDITION_ABSENT, REASON_NONE, false},
        {"another status is none", "condition=\"Progressing\",status=\"True\"", "\"1\"",
         CONDITION_ABSENT, REASON_NONE, false},
        {"pods that cannot be created", "condition=\"ReplicaFailure\",status=\"true\"", "\"1\"",
         CONDITION_ABSENT, REASON_NONE, true},
        {"pods that can", "condition=\"ReplicaFailure\",status=\"false\"", "\"1\"",
         CONDITION_ABSENT, REASON_NONE, false},
        {"a condition of no interest", "condition=\"Available\",status=\"false\"", "\"1\"",
         CONDITION_ABSENT, REASON_NONE, false},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        answers_begin(&room->body, "");
        add_condition(&room->body, conditions[i].labels, conditions[i].value);
        room_read(room);
        assert_int_equal(room->answer.count, 1);
        const struct row *row = room->answer.rows;
        if (row->progressing != conditions[i].status || row->reason != conditions[i].reason ||
            row->replica_failure != conditions[i].failure)
            fail_msg("%s: status %d, reason %d", conditions[i].sentence, (int)row->progressing,
                     (int)row->reason);
    }
}

/* A back end without staleness shows the old status beside the new one; their order says nothing.
 */
static void contested_conditions_are_read_for_the_worse(void **state)
{
    static const char *const labels[] = {
        "condition=\"Progressing\",status=\"false\",reason=\"ProgressDeadlineExceeded\"",
        "condition=\"Progressing\",status=\"true\",reason=\"ReplicaSetUpdated\"",
        "condition=\"Progressing\",status=\"true\",reason=\"NewReplicaSetAvailable\"",
    };
    struct room *room = *state;
    for (size_t first = 0; first < 3; first++) {
        answers_begin(&room->body, "");
        for (size_t i = 0; i < 3; i++)
            add_condition(&room->body, labels[(first + i) % 3], "\"1\"");
        room_read(room);
        assert_int_equal(room->answer.rows[0].progressing, CONDITION_FALSE);
        assert_int_equal(room->answer.rows[0].reason, REASON_PROGRESS_DEADLINE_EXCEEDED);
        answers_begin(&room->body, "");
        add_condition(&room->body, labels[1 + first % 2], "\"1\"");
        add_condition(&room->body, labels[2 - first % 2], "\"1\"");
        room_read(room);
        assert_int_equal(room->answer.rows[0].progressing, CONDITION_TRUE);
        assert_int_equal(room->answer.rows[0].reason, REASON_OTHER);
    }
}

/* Likewise; the order of the phases' names says nothing, nor does that in which they come. */
static void of_two_phases_the_worse_one_stands(void **state)
{
    static const struct {
        const char *words[2];
        enum rollout_phase phase;
    } rows[] = {
        {{"Completed", "Abort"}, PHASE_ABORT},
        {{"Completed", "InvalidSpec"}, PHASE_INVALID_SPEC},
        {{"Progressing", "Completed"}, PHASE_PROGRESSING},
        {{"Completed", "Pondering"}, PHASE_COMPLETED},
    };
    struct room *room = *state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        char series[128];
        answers_begin(&room->body, "");
        for (size_t k = 0; k < 2; k++) {
            snprintf(series, sizeof series, "{__name__=\"rollout_info\",name=\"web\",phase=\"%s\"}",
                     rows[i / 2].words[(i + k) % 2]);
            answers_add(&room->body, series, "\"1\"");
        }
        room_read(room);
        if (room->answer.count != 1 || room->answer.rows[0].phase != rows[i / 2].phase)
            fail_msg("of %s and %s it is %d", rows[i / 2].words[0], rows[i / 2].words[1],
                     (int)room->answer.rows[0].phase);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_value_is_a_count_or_missing),
        TEST(a_sample_that_is_none_is_left_out),
        TEST(a_targets_label_does_not_tell_the_kind),
        TEST(every_kind_has_its_metrics),
        TEST(conditions_are_read_by_their_words),
        TEST(contested_conditions_are_read_for_the_worse),
        TEST(of_two_phases_the_worse_one_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
