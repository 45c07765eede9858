/*
 * Partial answers, whole: those of a real Prometheus and a real VictoriaMetrics, with the words
 * that Thanos (partial_response, docs/components/query.md) and VictoriaMetrics's cluster version
 * (app/vmselect) add when a store is down. What they lack is not gone, and nothing is green for it.
 */
#include "prometheus/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SIZE 16384

static const char *const recorded[] = {"thanos", "victoriametrics-cluster"};

static void read_recorded(struct room *room, const char *name, const char *what)
{
    static const struct asked asked = {
        .namespace_ = "namespace", .cluster = "cluster", .selections = 1};
    static char body[SIZE];
    char path[512];
    snprintf(path, sizeof path, TESTS_DIR "/prometheus/recorded/%s-%s.json", name, what);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    const struct http_answer http = {.status = 200,
                                     .content_type = "application/json",
                                     .retry_after_ms = -1,
                                     .body = body,
                                     .length = fread(body, 1, sizeof body, file)};
    fclose(file);
    if (!response_workloads(&http, &asked, room->rows, &room->answer, &room->refusal))
        fail_msg("%s: %s", path, room->refusal.error.text);
    assert_true(room->answer.partial);
    assert_non_null(strstr(response_remark(room->rows), "the answer may lack series"));
}

static void start(struct rollout *rollout, struct workload workloads[static 4])
{
    memset(workloads, 0, 4 * sizeof *workloads);
    *rollout = (struct rollout){.kinds = KIND_BIT(KIND_DEPLOYMENT),
                                .limits = limits_default,
                                .workloads = workloads,
                                .capacity = 4};
    rollout_start(rollout, 0);
}

static void what_is_missing_is_unknown_and_what_is_there_is_reported(void **state)
{
    struct room *room = *state;
    struct workload workloads[4];
    struct rollout rollout;
    for (size_t i = 0; i < 2; i++) {
        start(&rollout, workloads);
        rollout_expect(&rollout, KIND_DEPLOYMENT, "shop",
                       "api");                                /* the store that is down has it */
        for (int64_t t_ms = 0; t_ms < 90000; t_ms += 10000) { /* max_age */
            read_recorded(room, recorded[i], "rows");
            assert_int_equal(rollout_misses(&rollout, &room->answer, 0), 0);
            rollout_observe(&rollout, &room->answer, 0, t_ms);
        }
        assert_int_equal(rollout.count, 2);
        assert_int_equal(workloads[0].verdict.why, WHY_PARTIAL);
        assert_int_equal(workloads[1].verdict.state, STATE_STABLE);
        assert_int_equal(rollout.verdict.state, STATE_UNKNOWN);
        rollout_observe(&rollout, &room->answer, 0, 100000); /* for so long the same sample */
        assert_int_equal(workloads[1].verdict.why, WHY_STALE);
    }
}

static void a_partial_survey_is_not_believed(void **state)
{
    struct room *room = *state;
    struct workload workloads[4];
    struct rollout rollout;
    for (size_t i = 0; i < 2; i++) {
        start(&rollout, workloads);
        read_recorded(room, recorded[i], "survey");
        struct survey survey = room->answer.surveys[0];
        assert_int_equal(survey_total(&survey), 1);
        survey.partial = true; /* as the daemon's plan notes it */
        room->answer.surveys = &survey;
        rollout_observe(&rollout, &room->answer, 0, 0);
        assert_int_equal(rollout.verdict.state, STATE_UNKNOWN);
        assert_int_equal(rollout.verdict.why, WHY_PARTIAL);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_missing_is_unknown_and_what_is_there_is_reported),
        TEST(a_partial_survey_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
