/*
 * What an answer says of its sources, and that nothing of the answer before is left.
 */
#include "prometheus/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GENERATION "{__name__=\"kube_deployment_metadata_generation\","

/* As room_try(), of a question with a nonce. */
static bool read_asked(struct room *room, const char *nonce)
{
    const struct asked asked = {.namespace_ = "namespace",
                                .cluster = "cluster",
                                .selections = room->selections,
                                .nonce = nonce};
    struct http_answer http = answers_end(&room->body);
    return response_workloads(&http, &asked, room->rows, &room->answer, &room->refusal);
}

static void nothing_is_left_of_the_answer_before(void **state)
{
    struct room *room = *state;
    answers_begin(&room->body, "\"warnings\":[\"a store is down\"],");
    answers_add(&room->body, "{amberbar_ask=\"1\"}", "\"1\"");
    answers_add(&room->body, GENERATION "job=\"nameless\"}", "\"1\"");
    answers_add(&room->body, "{m=\"deployment\"}", "\"3\"");
    answers_add(&room->body,
                GENERATION "deployment=\"a\",exported_deployment=\"b\",exported_namespace=\"c\","
                           "instance=\"x\"}",
                "\"1\"");
    answers_add(&room->body, "{deployment=\"a\",m=\"unsettled\"}", "\"1\"");
    assert_true(read_asked(room, "1"));
    assert_true(room->answer.answered && room->answer.partial);
    assert_string_equal(room->answer.warning, "a store is down");
    assert_int_equal(room->answer.count, 2);
    assert_int_equal(room->answer.source_count, 2);
    assert_non_null(room->answer.surveys);
    assert_int_equal(room->answer.surveys[0].eval_ms, ANSWERS_TIME_MS);
    assert_true(response_exported_names(room->rows) != 0);
    assert_true(response_exported_namespaces(room->rows) != 0);

    answers_begin(&room->body, "");
    answers_add_at(&room->body, "{__name__=\"kube_statefulset_replicas\",statefulset=\"db\"}",
                   "\"1\"", 5);
    answers_add_at(&room->body, "{__name__=\"kube_statefulset_replicas\"}", "\"1\"", 5);
    assert_true(read_asked(room, "1"));
    assert_false(room->answer.answered);
    assert_false(room->answer.partial);
    assert_null(room->answer.warning);
    assert_int_equal(room->answer.eval_ms, 5000);
    assert_int_equal(room->answer.count, 1);
    assert_int_equal(room->answer.source_count, 1);
    assert_null(room->answer.surveys);
    assert_true(room->answer.kind_alive[KIND_STATEFULSET]);
    assert_false(room->answer.kind_alive[KIND_DEPLOYMENT]);
    assert_int_equal(response_exported_names(room->rows), 0);
    assert_int_equal(response_exported_namespaces(room->rows), 0);
    assert_string_equal(response_remark(room->rows),
                        "1 series without a workload's name were left out");

    answers_begin(&room->body, ""); /* of all kinds that have rows now: "namespace_label" */
    answers_add(&room->body, GENERATION "deployment=\"a\",exported_namespace=\"c\"}", "\"1\"");
    assert_true(read_asked(room, "1"));
    assert_non_null(strstr(response_remark(room->rows), "set namespace_label"));

    answers_begin(&room->body, "");
    assert_true(read_asked(room, "1"));
    assert_int_equal(room->answer.count, 0);
    assert_int_equal(room->answer.source_count, 0);
    assert_int_equal(room->answer.eval_ms, 0);
    assert_string_equal(response_remark(room->rows), "");
}

static void a_nonce_is_the_questions_own(void **state)
{
    static const struct {
        const char *asked, *labels, *value;
        bool answered;
        int64_t eval_ms;
    } rows[] = {
        {"12", "{amberbar_ask=\"12\"}", "\"1\"", true, ANSWERS_TIME_MS},
        {"12", "{amberbar_ask=\"12\"}", "null", true, 0},
        {"12", "{amberbar_ask=\"1\"}", "\"1\"", false, 0},
        {"12", "{amberbar_ask=\"123\"}", "\"1\"", false, 0},
        {NULL, "{amberbar_ask=\"12\"}", "\"1\"", false, 0},
        {"12", "{amberbar_ask=\"12\",replica=\"a\"}", "\"1\"", true, ANSWERS_TIME_MS},
        {"12", "{m=\"deployment\"}", "\"1\"", false, ANSWERS_TIME_MS},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answers_begin(&room->body, "");
        answers_add(&room->body, rows[i].labels, rows[i].value);
        assert_true(read_asked(room, rows[i].asked));
        if (room->answer.answered != rows[i].answered || room->answer.eval_ms != rows[i].eval_ms)
            fail_msg("%s: answered %d", rows[i].labels, room->answer.answered);
        assert_int_equal(room->answer.count, 0);
    }
}

/* Each series that counts: what was kept by something in between is old, whatever is beside it. */
static void an_answer_is_as_old_as_its_oldest_series(void **state)
{
    static const char ask[] = "{amberbar_ask=\"12\"}", oldest[] = "{m=\"oldest\"}",
                      web[] = GENERATION "deployment=\"web\"}", other[] = "{job=\"a\"}";
    static const struct {
        const char *sentence, *labels[2];
        double time_s[2];
        int64_t eval_ms, spread_ms;
    } rows[] = {
        {"all of one moment", {ask, web}, {505, 505}, 505000, 0},
        {"an old workload beside the nonce", {ask, web}, {505, 5}, 5000, 500000},
        {"and before it", {web, ask}, {5, 505}, 5000, 500000},
        {"an old nonce beside a workload", {ask, web}, {5, 505}, 5000, 500000},
        {"an old survey beside the nonce", {ask, oldest}, {505, 5}, 5000, 500000},
        {"what was not asked for says nothing", {ask, other}, {505, 5}, 505000, 0},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answers_begin(&room->body, "");
        for (size_t k = 0; k < 2; k++)
            answers_add_at(&room->body, rows[i].labels[k], "\"1\"", rows[i].time_s[k]);
        assert_true(read_asked(room, "12"));
        const struct answer *answer = &room->answer;
        if (answer->eval_ms != rows[i].eval_ms || answer->spread_ms != rows[i].spread_ms ||
            (answer->surveys != NULL && answer->surveys[0].eval_ms != rows[i].eval_ms))
            fail_msg("%s: %lld ms, and %lld more", rows[i].sentence, (long long)answer->eval_ms,
                     (long long)answer->spread_ms);
    }
}

/* Of all its workloads, in whatever order they come. */
static void a_source_is_as_new_as_its_newest_sample(void **state)
{
    static const char *const times[][2] = {
        {"\"5\"", "\"7\""}, {"\"7\"", "\"5\""}, {"\"7\"", "\"NaN\""}};
    struct room *room = *state;
    for (size_t i = 0; i < 3; i++) {
        answers_begin(&room->body, "");
        answers_add(&room->body, "{deployment=\"a\",job=\"x\",m=\"sample_ts\"}", times[i][0]);
        answers_add(&room->body, "{deployment=\"b\",job=\"x\",m=\"sample_ts\"}", times[i][1]);
        answers_add(&room->body, "{deployment=\"b\",job=\"y\",m=\"sample_ts\"}", "\"3\"");
        answers_add(&room->body, "{daemonset=\"b\",job=\"x\",m=\"sample_ts\"}", "\"9\"");
        room_read(room);
        assert_int_equal(room->answer.count, 4);
        assert_int_equal(room->answer.source_count, 3); /* each of one kind */
        for (size_t k = 0; k < 3; k++) {
            const struct source_seen *seen = &room->answer.sources[k];
            const int64_t newest = seen->kind == KIND_DAEMONSET           ? 9000
                                   : strcmp(seen->text, "job=\"x\"") == 0 ? 7000
                                                                          : 3000;
            assert_int_equal(seen->newest_ms, newest);
        }
    }
    answers_begin(&room->body, "");
    answers_add(&room->body, GENERATION "deployment=\"a\",job=\"x\"}", "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.sources[0].newest_ms, ROW_MISSING);
}

static void a_source_is_said_by_its_labels(void **state)
{
    static const struct {
        const char *sentence, *labels;
        bool recorded;
        const char *text; /* NULL: nothing is said */
    } rows[] = {
        {"one label", "deployment=\"a\",job=\"x\"", false, "job=\"x\""},
        {"several", "deployment=\"a\",instance=\"i\",job=\"x\",namespace=\"n\",zone=\"z\"", false,
         "instance=\"i\",job=\"x\",zone=\"z\""},
        {"none", "deployment=\"a\",namespace=\"n\"", false, NULL},
        {"what was hidden of a workload",
         "deployment=\"a\",exported_deployment=\"b\",exported_namespace=\"c\",job=\"x\"", false,
         "job=\"x\""},
        {"what was hidden of a target", "deployment=\"a\",exported_job=\"y\",job=\"x\"", false,
         "exported_job=\"y\",job=\"x\""},
        {"a name that is nearly so", "deployment=\"a\",exportedXnamespace=\"c\"", false,
         "exportedXnamespace=\"c\""},
        {"another kind's name", "daemonset=\"d\",deployment=\"a\"", false, "daemonset=\"d\""},
        {"a target's kind", "deployment=\"a\",kind=\"k\"", false, "kind=\"k\""},
        {"the rules' kind", "deployment=\"a\",kind=\"Deployment\",job=\"x\"", true, "job=\"x\""},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char labels[256];
        snprintf(labels, sizeof labels, GENERATION "%s}", rows[i].labels);
        answers_begin(&room->body, "");
        answers_add(&room->body, labels, "\"1\"");
        room->recorded = rows[i].recorded;
        room_read(room);
        const char *text = room->answer.sources[0].text;
        if ((text == NULL) != (rows[i].text == NULL) ||
            (text != NULL && strcmp(text, rows[i].text) != 0))
            fail_msg("%s: %s", rows[i].sentence, text == NULL ? "nothing" : text);
    }
}

/* With its NUL it has so much room. */
static void labels_that_are_too_long_are_not_said(void **state)
{
    struct room *room = *state;
    for (size_t length = SOURCE_TEXT_SIZE - 2; length <= SOURCE_TEXT_SIZE; length++) {
        char value[SOURCE_TEXT_SIZE] = "", labels[SOURCE_TEXT_SIZE + 128];
        memset(value, 'x', length - strlen("job=\"\""));
        snprintf(labels, sizeof labels, GENERATION "deployment=\"a\",job=\"%s\"}", value);
        answers_begin(&room->body, "");
        answers_add(&room->body, labels, "\"1\"");
        room_read(room);
        const char *text = room->answer.sources[0].text;
        assert_int_equal(text == NULL ? 0 : strlen(text), length < SOURCE_TEXT_SIZE ? length : 0);
    }
}

/* By the cluster's label alone, which is no matter of the workload's. */
static void a_source_is_of_a_cluster(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, GENERATION "cluster=\"a\",deployment=\"w\",job=\"1\"}", "\"1\"");
    answers_add(&room->body, GENERATION "cluster=\"a\",deployment=\"w\",job=\"2\"}", "\"1\"");
    answers_add(&room->body, GENERATION "cluster=\"b\",deployment=\"w\",job=\"1\"}", "\"1\"");
    answers_add(&room->body, GENERATION "deployment=\"w\",job=\"1\"}", "\"1\"");
    room_read(room);
    const struct source_seen *of[4] = {NULL};
    for (size_t i = 0; i < 4; i++) /* rows are ordered by cluster */
        of[i] = source_seen(&room->answer, room->answer.rows[i].source_id);
    assert_true(of[0]->cluster != of[1]->cluster && of[0]->cluster != of[3]->cluster);
    assert_true(of[1]->cluster == of[2]->cluster && of[1]->id != of[2]->id);
    assert_true(of[2]->cluster != of[3]->cluster);
}

/* In this order, whichever way they come. */
static void rows_are_ordered_by_all_of_their_key(void **state)
{
    static const char *const ordered[] = {
        GENERATION "amberbar=\"0\",cluster=\"b\",deployment=\"b\",namespace=\"b\"}",
        GENERATION "amberbar=\"1\",cluster=\"a\",deployment=\"b\",namespace=\"b\"}",
        GENERATION "amberbar=\"1\",cluster=\"b\",deployment=\"b\",namespace=\"a\"}",
        GENERATION "amberbar=\"1\",cluster=\"b\",deployment=\"a\",namespace=\"b\"}",
        GENERATION "amberbar=\"1\",cluster=\"b\",deployment=\"b\",exported_namespace=\"a\","
                   "namespace=\"b\"}",
        GENERATION "amberbar=\"1\",cluster=\"b\",deployment=\"b\",exported_namespace=\"b\","
                   "namespace=\"b\"}",
        "{__name__=\"kube_statefulset_replicas\",amberbar=\"1\",statefulset=\"a\"}",
        "{__name__=\"kube_daemonset_metadata_generation\",amberbar=\"1\",daemonset=\"a\"}",
    };
    const size_t count = sizeof ordered / sizeof ordered[0];
    struct room *room = *state;
    room->selections = 2;
    for (size_t turn = 0; turn < 2 * count; turn++) {
        answers_begin(&room->body, "");
        for (size_t i = 0; i < count; i++) {
            char value[16];
            const size_t at = (turn + (turn < count ? i : count - i)) % count;
            snprintf(value, sizeof value, "\"%zu\"", at);
            answers_add(&room->body, ordered[at], value);
        }
        room_read(room);
        assert_int_equal(room->answer.count, count);
        for (size_t i = 0; i < count; i++) {
            const struct row *row = &room->answer.rows[i];
            assert_int_equal(row->key.kind == KIND_STATEFULSET ? row->spec : row->generation, i);
            assert_int_equal(row->source, 0);
        }
    }
}

/* What to write, where a target's labels stand in the place of workloads' own. */
static void hidden_labels_are_named_for_each_kind(void **state)
{
    static const struct {
        const char *series[2];
        const char *words;
    } rows[] = {
        {{GENERATION "deployment=\"a\",exported_deployment=\"b\",exported_namespace=\"c\"}", NULL},
         "; set labels: {deployment: {namespace: exported_namespace, name: exported_deployment}}"},
        {{GENERATION "deployment=\"a\",exported_deployment=\"b\"}",
          "{__name__=\"kube_daemonset_created\",daemonset=\"a\",exported_namespace=\"c\"}"},
         "; set labels: {deployment: {name: exported_deployment}, daemonset: {namespace: "
         "exported_namespace}}"},
        {{"{__name__=\"rollout_info\",exported_name=\"a\",name=\"b\"}",
          GENERATION "deployment=\"a\"}"},
         "; set labels: {rollout: {name: exported_name}}"},
        {{GENERATION "deployment=\"a\",exported_namespace=\"c\"}",
          "{__name__=\"kube_daemonset_created\",daemonset=\"a\",exported_namespace=\"c\"}"},
         "if kube-state-metrics is scraped without honor_labels, set namespace_label: "
         "exported_namespace"},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answers_begin(&room->body, "");
        for (size_t k = 0; k < 2 && rows[i].series[k] != NULL; k++)
            answers_add(&room->body, rows[i].series[k], "\"1\"");
        room_read(room);
        const char *remark = response_remark(room->rows);
        const size_t before = strlen(remark) - strlen(rows[i].words);
        if (strlen(remark) < strlen(rows[i].words) || strcmp(remark + before, rows[i].words) != 0)
            fail_msg("%s, and not: ...%s", remark, rows[i].words);
    }
}

/* With one selection nobody asked for a mark, and what says one is any label. */
static void one_selection_needs_no_mark(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, GENERATION "amberbar=\"7\",deployment=\"w\"}", "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.count, 1);
    assert_int_equal(room->answer.rows[0].selection, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_left_of_the_answer_before),
        TEST(a_nonce_is_the_questions_own),
        TEST(an_answer_is_as_old_as_its_oldest_series),
        TEST(a_source_is_as_new_as_its_newest_sample),
        TEST(a_source_is_said_by_its_labels),
        TEST(labels_that_are_too_long_are_not_said),
        TEST(a_source_is_of_a_cluster),
        TEST(rows_are_ordered_by_all_of_their_key),
        TEST(hidden_labels_are_named_for_each_kind),
        TEST(one_selection_needs_no_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
