/*
 * What those who watch the wall are told of its evidence: the sources, in the status file and
 * among the metrics.
 */
#include "daemon/metrics.h"
#include "daemon/status.h"
#include "daemon/witness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)
#define NOW_MS (2 * HOUR_MS)

static struct rollout_settings settings = {
    .name = "web", .namespace_ = "shop", .kinds = KIND_BIT(KIND_DEPLOYMENT), .max_workloads = 4};
static struct config config = {.rollouts = &settings, .rollout_count = 1};

struct source_is {
    uint64_t id;
    enum workload_kind kind;
    const char *labels;
    bool present;
};

static void place(struct model *model, size_t at, const struct source_is *is)
{
    struct source_record *record = &model->evidence->ledger.records[at];
    model->evidence->ledger.ids[at] = is->id;
    *record = (struct source_record){
        .kind = is->kind, .present = is->present, .last_ms = NOW_MS - 60000, .newest_ms = 50000};
    assert_true(text_copy(record->text, sizeof record->text, is->labels));
}

/* A watch whose second workload was last shown by the source 1, which is gone. */
static void begin(struct model *model, const struct source_is sources[], size_t count)
{
    struct error error;
    settings.limits = limits_default;
    assert_true(model_start(model, &config, 0, &error));
    struct rollout *rollout = &model->rollouts[0];
    rollout->count = 2;
    rollout->workloads[1].verdict = verdict_unknown(WHY_SOURCE_GONE);
    rollout->workloads[1].memory.proof.source = 1;
    for (size_t i = 0; i < count; i++)
        place(model, i, &sources[i]);
}

static void render(const struct model *model, struct text *status, struct text *metrics)
{
    struct poll_report report = {.asked = true, .ok = true, .good_ms = NOW_MS};
    struct metrics counts = {0};
    struct frame frame = {.count = 0};
    struct error error;
    struct outputs *outputs = outputs_open(&config.board, &error);
    assert_non_null(outputs);
    const struct status_view view = {.model = model,
                                     .report = &report,
                                     .frame = &frame,
                                     .now_ms = NOW_MS,
                                     .realtime_ms = INT64_C(1700000000000)};
    const struct metrics_view reported = {.metrics = &counts,
                                          .model = model,
                                          .report = &report,
                                          .outputs = outputs,
                                          .now_ms = NOW_MS,
                                          .realtime_ms = INT64_C(1700000000000)};
    status_render(&view, status);
    metrics_render(&reported, metrics);
    outputs_close(outputs);
    assert_false(status->failed || metrics->failed);
}

static void expect(const struct text *text, const char *words)
{
    if (strstr(text->data, words) == NULL)
        fail_msg("there is no\n%s\nin\n%s", words, text->data);
}

static void expect_not(const struct text *text, const char *words)
{
    if (strstr(text->data, words) != NULL)
        fail_msg("there is\n%s\nin\n%s", words, text->data);
}

static void a_source_that_is_missed_is_reported(void **state)
{
    (void)state;
    static const struct source_is sources[] = {
        {1, KIND_DEPLOYMENT, "instance=\"a:8080\",job=\"ksm\"", false},
        {2, KIND_DEPLOYMENT, "instance=\"b:8080\",job=\"ksm\"", true},
        {3, KIND_DAEMONSET, "instance=\"c:8080\",job=\"ksm\"", false}, /* nobody's loss */
    };
    struct model model;
    struct text status = {0}, metrics = {0};
    begin(&model, sources, 3);
    model.evidence->clock = (struct evidence_clock){
        .known = true, .proven = true, .highest_ms = 3650000, .seen_ms = NOW_MS, .lag_ms = 1500500};
    model.evidence->refused[EVIDENCE_REPEATED] = 7;
    render(&model, &status, &metrics);
    expect(
        &status,
        "\"evidence\":{\"clock_lag_s\":1500.5,\"proven\":true,\"sources\":[{\"source\":\"a:8080\","
        "\"kind\":\"Deployment\",\"present\":false,\"missed\":true,\"last_seen\":"
        "\"2023-11-14T22:12:20.000Z\",\"newest_sample_age_s\":3600.0},{\"source\":\"b:8080\"");
    expect(&status, "{\"source\":\"c:8080\",\"kind\":\"DaemonSet\",\"present\":false,"
                    "\"missed\":false,");
    expect(&metrics, "amberbar_evidence_source_up{source=\"a:8080\",kind=\"Deployment\"} 0\n");
    expect(&metrics, "amberbar_evidence_source_up{source=\"b:8080\",kind=\"Deployment\"} 1\n");
    expect(&metrics, "amberbar_evidence_source_last_seen_timestamp_seconds{source=\"a:8080\","
                     "kind=\"Deployment\"} 1699999940.000\n");
    expect(&metrics, "amberbar_evidence_clock_lag_seconds 1500.500\n");
    expect(&metrics, "amberbar_evidence_answers_refused_total{reason=\"repeated\"} 7\n");
    expect(&metrics, "amberbar_evidence_answers_refused_total{reason=\"foreign\"} 0\n");
    expect_not(&metrics, "c:8080");
    model_stop(&model);
    text_free(&status);
    text_free(&metrics);
}

/* One that counts rest on, too; a doubt of another kind is none of its loss. */
static void what_counts_rest_on_is_missed(void **state)
{
    (void)state;
    static const struct source_is sources[] = {
        {1, KIND_DEPLOYMENT, "instance=\"a:8080\"", false},
        {2, KIND_DEPLOYMENT, "instance=\"b:8080\"", false},
    };
    static const struct {
        const char *sentence;
        enum doubt doubt;
        uint64_t source;
        bool is_query;
        bool missed[2];
    } rows[] = {
        {"a workload misses the first", DOUBT_NONE, 0, false, {true, false}},
        {"counts miss the second", DOUBT_SOURCE_GONE, 2, false, {true, true}},
        {"counts miss another", DOUBT_SOURCE_GONE, 3, false, {true, false}},
        {"counts do not add up", DOUBT_COUNTS, 2, false, {true, false}},
        {"they did, by the second", DOUBT_NONE, 2, false, {true, false}},
        {"a query rests on no source", DOUBT_NONE, 0, true, {false, false}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct model model;
        begin(&model, sources, 2);
        model.rollouts[0].is_query = rows[i].is_query;
        model.rollouts[0].counts.doubt = rows[i].doubt;
        model.rollouts[0].counts.source = rows[i].source;
        for (size_t k = 0; k < 2; k++) {
            struct witness witness;
            assert_true(witness_at(&model, k, NOW_MS, &witness));
            if (witness.missed != rows[i].missed[k])
                fail_msg("%s: %s is %s", rows[i].sentence, witness.name,
                         witness.missed ? "missed" : "not missed");
        }
        model_stop(&model);
    }
}

static void no_two_sources_have_one_name(void **state)
{
    (void)state;
    static const struct source_is sources[] = {
        {1, KIND_DEPLOYMENT, "cluster=\"eu\",instance=\"ksm:8080\"", true},
        {2, KIND_DEPLOYMENT, "cluster=\"us\",instance=\"ksm:8080\"", true},
        {3, KIND_DAEMONSET, "cluster=\"eu\",instance=\"ksm:8080\"", true},
        {4, KIND_DEPLOYMENT, "", true}, /* its labels were too long */
        {5, KIND_STATEFULSET, "instance=\"\001\",job=\"\001\"", true},
        {6, KIND_STATEFULSET, "instance=\"\002\",job=\"\002\"", true},
    };
    static const char *const names[] = {
        "cluster=\"eu\",instance=\"ksm:8080\"",
        "cluster=\"us\",instance=\"ksm:8080\"",
        "ksm:8080",
        "0000000000000004",
        "0000000000000005",
        "0000000000000006",
    };
    struct model model;
    begin(&model, sources, 6);
    for (size_t i = 0; i < 6; i++) {
        struct witness witness;
        assert_true(witness_at(&model, i, NOW_MS, &witness));
        assert_string_equal(witness.name, names[i]);
    }
    model_stop(&model);
}

static void before_any_answer_nothing_is_known(void **state)
{
    (void)state;
    struct model model;
    struct text status = {0}, metrics = {0};
    begin(&model, NULL, 0);
    render(&model, &status, &metrics);
    expect(&status, "\"evidence\":{\"clock_lag_s\":null,\"proven\":false,\"sources\":[]}");
    expect_not(&metrics, "amberbar_evidence_clock_lag_seconds ");
    expect_not(&status, "dimmed");
    model_stop(&model);
    text_free(&status);
    text_free(&metrics);
}

static void what_is_dimmed_says_what_the_wall_shows(void **state)
{
    (void)state;
    struct model model;
    struct text status = {0}, metrics = {0};
    const struct verdict stable = {.state = STATE_STABLE, .why = WHY_COMPLETE};
    begin(&model, NULL, 0);
    show_update(&model.shows[0], &stable, true, NOW_MS);
    render(&model, &status, &metrics);
    expect(&status, "\"name\":\"web\",\"state\":\"unknown\",\"dimmed\":true,\"shown\":\"stable\",");
    model_stop(&model);
    text_free(&status);
    text_free(&metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_that_is_missed_is_reported),
        cmocka_unit_test(what_counts_rest_on_is_missed),
        cmocka_unit_test(no_two_sources_have_one_name),
        cmocka_unit_test(before_any_answer_nothing_is_known),
        cmocka_unit_test(what_is_dimmed_says_what_the_wall_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
