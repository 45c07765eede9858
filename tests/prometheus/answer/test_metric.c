/*
 * What one series says of its row.
 */
#include "prometheus/answer/metric.h"

#include "prometheus/answers.h"
#include "prometheus/promql/kind.h"

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
        {"fifteen digits", "\"999999999999999\"", INT64_C(999999999999999)},
        {"sixteen digits", "\"1234567890123456\"", INT64_C(1234567890123456)},
        {"too many for 2^53", "\"9999999999999999\"", ROW_MISSING},
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

static void a_sample_time_is_of_this_world(void **state)
{
    static const struct {
        const char *value;
        int64_t expected;
    } values[] = {
        {"\"0\"", 0},
        {"\"0.0004\"", 0},
        {"\"0.0006\"", 1},
        {"\"5.25\"", 5250},
        {"\"-0.1\"", ROW_MISSING},
        {"\"999999999999\"", INT64_C(999999999999000)},
        {"\"1e12\"", ROW_MISSING},
        {"\"NaN\"", ROW_MISSING},
        {"\"x\"", ROW_MISSING},
        {"5", ROW_MISSING},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        answers_begin(&room->body, "");
        answers_add(&room->body, "{deployment=\"web\",m=\"sample_ts\"}", values[i].value);
        room_read(room);
        if (room->answer.rows[0].sample_ms != values[i].expected)
            fail_msg("%s is %lld", values[i].value, (long long)room->answer.rows[0].sample_ms);
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
        {"no status", "condition=\"Progressing\"", "\"1\"", CONDITION_ABSENT, REASON_NONE, false},
        {"no condition", "status=\"false\"", "\"1\"", CONDITION_ABSENT, REASON_NONE, false},
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

static void of_two_failures_one_counts(void **state)
{
    struct room *room = *state;
    for (int first = 0; first < 2; first++) {
        answers_begin(&room->body, "");
        for (int i = 0; i < 2; i++)
            add_condition(&room->body,
                          (i ^ first) != 0 ? "condition=\"ReplicaFailure\",status=\"true\""
                                           : "condition=\"ReplicaFailure\",status=\"false\"",
                          "\"1\"");
        room_read(room);
        assert_true(room->answer.rows[0].replica_failure);
    }
}

#define REVISION "{__name__=\"kube_statefulset_status_update_revision\",statefulset=\"db\""

static uint64_t revision_of(struct room *room, const char *const series[], const char *value)
{
    answers_begin(&room->body, "");
    for (size_t i = 0; i < 2 && series[i] != NULL; i++)
        answers_add(&room->body, series[i], value);
    room_read(room);
    return room->answer.rows[0].update_revision;
}

/* Likewise; which of two it is does not matter, but it must be one of them. */
static void of_two_revisions_always_the_same_one_stands(void **state)
{
    static const char *const series[] = {REVISION ",revision=\"db-1\"}",
                                         REVISION ",revision=\"db-2\"}", REVISION "}"};
    struct room *room = *state;
    const uint64_t one = revision_of(room, (const char *[]){series[0], NULL}, "\"1\"");
    const uint64_t two = revision_of(room, (const char *[]){series[1], NULL}, "\"1\"");
    const uint64_t larger = one > two ? one : two;
    assert_true(one != 0 && two != 0 && one != two);
    assert_true(revision_of(room, (const char *[]){series[0], series[1]}, "\"1\"") == larger);
    assert_true(revision_of(room, (const char *[]){series[1], series[0]}, "\"1\"") == larger);
    assert_true(revision_of(room, (const char *[]){series[1], series[2]}, "\"1\"") == two);
    assert_true(revision_of(room, (const char *[]){series[2], NULL}, "\"1\"") == 0);
    assert_true(revision_of(room, (const char *[]){series[0], NULL}, "\"0\"") == 0);
}

static void a_phase_is_that_of_the_series_that_is_1(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, "{__name__=\"rollout_info\",name=\"web\",phase=\"Abort\"}", "\"0\"");
    answers_add(&room->body, "{__name__=\"rollout_info\",name=\"web\"}", "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.rows[0].phase, PHASE_NONE);
}

/* A series of up to three labels, each a name and a value. */
static struct series series_of(const char *const labels[6])
{
    struct series series;
    series_clear(&series);
    for (size_t i = 0; i < 6 && labels[i] != NULL; i += 2)
        assert_true(series_add(&series, labels[i], labels[i + 1]));
    return series;
}

#define NAME "__name__"
static const struct {
    const char *sentence, *labels[6];
    const char *metric; /* NULL: it has no name */
    int kind;           /* KIND_COUNT: the series is of nothing */
    enum meaning meaning;
} series_of_metrics[] = {
    {"by its name",
     {NAME, "kube_daemonset_created"},
     "kube_daemonset_created",
     KIND_DAEMONSET,
     MEANS_COUNT},
    {"where the name was dropped",
     {"m", "kube_daemonset_created"},
     "kube_daemonset_created",
     KIND_DAEMONSET,
     MEANS_COUNT},
    {"the name before the mark",
     {NAME, "rollout_info", "m", "kube_daemonset_created"},
     "rollout_info",
     KIND_ROLLOUT,
     MEANS_PHASE},
    {"one that begins like another",
     {NAME, "rollout_info_replicas_updated"},
     "rollout_info_replicas_updated",
     KIND_ROLLOUT,
     MEANS_PODS},
    {"a metric that we do not ask for",
     {NAME, "kube_daemonset_labels"},
     NULL,
     KIND_COUNT,
     MEANS_NOTHING},
    {"another's metric", {NAME, "up"}, NULL, KIND_COUNT, MEANS_NOTHING},
    {"no name", {"daemonset", "log"}, NULL, KIND_COUNT, MEANS_NOTHING},
    {"a sample time of a kind",
     {"m", "sample_ts/daemonset"},
     NULL,
     KIND_DAEMONSET,
     MEANS_SAMPLE_TIME},
    {"of the first kind",
     {"m", "sample_ts/deployment", "daemonset", "x"},
     NULL,
     KIND_DEPLOYMENT,
     MEANS_SAMPLE_TIME},
    {"of the last kind", {"m", "sample_ts/rollout"}, NULL, KIND_ROLLOUT, MEANS_SAMPLE_TIME},
    {"of its mark's kind, whatever its label is",
     {"m", "sample_ts/rollout", "deployment", "x"},
     NULL,
     KIND_ROLLOUT,
     MEANS_SAMPLE_TIME},
    {"... and whatever its name is",
     {"m", "sample_ts/rollout", NAME, "kube_daemonset_created"},
     NULL,
     KIND_ROLLOUT,
     MEANS_SAMPLE_TIME},
    {"of its name's kind",
     {"m", "sample_ts", NAME, "kube_daemonset_created"},
     NULL,
     KIND_DAEMONSET,
     MEANS_SAMPLE_TIME},
    {"... whatever its label is",
     {"m", "sample_ts", NAME, "kube_daemonset_created", "kind", "Rollout"},
     NULL,
     KIND_DAEMONSET,
     MEANS_SAMPLE_TIME},
    {"of the kind that rules give it",
     {"m", "sample_ts", "kind", "Rollout", "daemonset", "x"},
     NULL,
     KIND_ROLLOUT,
     MEANS_SAMPLE_TIME},
    {"of its label's kind",
     {"m", "sample_ts", "daemonset", "x"},
     NULL,
     KIND_DAEMONSET,
     MEANS_SAMPLE_TIME},
    {"of a label's kind where rules give none",
     {"m", "sample_ts", "kind", "Pod", "name", "x"},
     NULL,
     KIND_ROLLOUT,
     MEANS_SAMPLE_TIME},
    {"of no kind", {"m", "sample_ts", "pod", "x"}, NULL, KIND_COUNT, MEANS_NOTHING},
    {"of a kind that is none", {"m", "sample_ts/pod"}, NULL, KIND_COUNT, MEANS_NOTHING},
    {"a mark that begins like it",
     {"m", "sample_tsx", "daemonset", "x"},
     NULL,
     KIND_COUNT,
     MEANS_NOTHING},
    {"what is not settled",
     {"m", "unsettled", "daemonset", "x"},
     NULL,
     KIND_DAEMONSET,
     MEANS_NOTHING},
    {"what is settled", {"m", "settled", "daemonset", "x"}, NULL, KIND_COUNT, MEANS_NOTHING},
};

static void a_series_is_of_one_metric_and_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof series_of_metrics / sizeof series_of_metrics[0]; i++) {
        const struct series series = series_of(series_of_metrics[i].labels);
        enum workload_kind kind = KIND_DEPLOYMENT;
        const struct metric *metric = metric_find(&series, &kind);
        const char *name = series_of_metrics[i].metric;
        if ((metric != NULL) != (series_of_metrics[i].kind != KIND_COUNT))
            fail_msg("%s: %s", series_of_metrics[i].sentence, metric == NULL ? "none" : "there");
        if (metric == NULL)
            continue;
        if ((int)kind != series_of_metrics[i].kind ||
            metric->meaning != series_of_metrics[i].meaning ||
            (metric->name == NULL) != (name == NULL) ||
            (name != NULL && strcmp(metric->name, name) != 0))
            fail_msg("%s: kind %d, meaning %d", series_of_metrics[i].sentence, (int)kind,
                     (int)metric->meaning);
        assert_int_equal(metric_is_listed(metric),
                         strcmp(series_of_metrics[i].sentence, "what is not settled") == 0);
    }
}

/* All else that is aside is the target's. */
static void a_metric_owns_the_labels_that_it_has(void **state)
{
    (void)state;
#define ALWAYS ASIDE_BIT(ASIDE_NAME)
#define ARM (ALWAYS | ASIDE_BIT(ASIDE_FIELD))
    static const struct {
        const char *labels[6];
        unsigned owned;
    } rows[] = {
        {{NAME, "kube_deployment_created"}, ARM},
        {{NAME, "kube_deployment_created", "m", "x"}, ALWAYS},
        {{NAME, "kube_deployment_created", "m", "kube_deployment_created"}, ARM},
        {{"m", "kube_deployment_created"}, ARM},
        {{NAME, "kube_deployment_created", "m", "sample_ts"}, ARM},
        {{NAME, "kube_deployment_spec_replicas"}, ARM},
        {{NAME, "kube_deployment_deletion_timestamp"}, ARM},
        {{NAME, "kube_deployment_status_condition"},
         ARM | ASIDE_BIT(ASIDE_CONDITION) | ASIDE_BIT(ASIDE_STATUS) | ASIDE_BIT(ASIDE_REASON)},
        {{NAME, "kube_statefulset_status_update_revision"}, ARM | ASIDE_BIT(ASIDE_REVISION)},
        {{NAME, "rollout_info"},
         ARM | ASIDE_BIT(ASIDE_PHASE) | ASIDE_BIT(ASIDE_STRATEGY) |
             ASIDE_BIT(ASIDE_TRAFFIC_ROUTER)},
        {{"m", "unsettled", "deployment", "x"}, ARM},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct series series = series_of(rows[i].labels);
        enum workload_kind kind;
        const struct metric *metric = metric_find(&series, &kind);
        assert_non_null(metric);
        const unsigned alone = metric_owns(metric, &series, false);
        const unsigned selected = metric_owns(metric, &series, true);
        if (alone != rows[i].owned || selected != (rows[i].owned | ASIDE_BIT(ASIDE_SELECTION)))
            fail_msg("%s=%s owns %x, and %x of several selections", rows[i].labels[0],
                     rows[i].labels[1], alone, selected);
    }
}

static void a_blank_row_knows_its_key_alone(void **state)
{
    (void)state;
    const struct row row = metric_blank_row((struct workload_key){.name = "web"});
    const int64_t numbers[] = {row.sample_ms, row.created,  row.generation,  row.observed,
                               row.spec,      row.replicas, row.updated,     row.ready,
                               row.available, row.current,  row.unavailable, row.terminating,
                               row.paused};
    assert_string_equal(row.key.name, "web");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(numbers[i], ROW_MISSING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_value_is_a_count_or_missing),
        TEST(a_sample_time_is_of_this_world),
        TEST(a_sample_that_is_none_is_left_out),
        TEST(a_targets_label_does_not_tell_the_kind),
        TEST(every_kind_has_its_metrics),
        TEST(conditions_are_read_by_their_words),
        TEST(contested_conditions_are_read_for_the_worse),
        TEST(of_two_phases_the_worse_one_stands),
        TEST(of_two_failures_one_counts),
        TEST(of_two_revisions_always_the_same_one_stands),
        TEST(a_phase_is_that_of_the_series_that_is_1),
        cmocka_unit_test(a_series_is_of_one_metric_and_kind),
        cmocka_unit_test(a_metric_owns_the_labels_that_it_has),
        cmocka_unit_test(a_blank_row_knows_its_key_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
