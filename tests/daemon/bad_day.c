#include "daemon/bad_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct rollout_settings rollouts[] = {
    {.name = "shop", .kinds = KINDS_ALL, .namespace_ = "shop", .max_workloads = 4},
    {.name = "canary", .query = "ratio", .max_workloads = 4},
    {.name = "cms", .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "cms", .max_workloads = 4}};
static struct indicator_settings indicators[] = {{.name = "errors", .query = "a"},
                                                 {.name = "ttfb", .query = "b"}};
static const struct config config = {.rollouts = rollouts,
                                     .rollout_count = 3,
                                     .indicators = indicators,
                                     .indicator_count = 2,
                                     .prometheus = {.poll_interval_ms = 10000}};

const struct poll_report bad_day_report = {
    .asked = true,
    .failure = POLL_FAILURE_ANSWER,
    .error = {"Prometheus says 503; asking again"},
    .good_ms = BAD_DAY_MS - 4200,
};

static void add_member(struct rollout *rollout, enum workload_kind kind, const char *name,
                       const struct verdict *verdict)
{
    struct workload *member = &rollout->workloads[rollout->count++];
    member->kind = kind;
    member->verdict = *verdict;
    text_copy(member->namespace_, sizeof member->namespace_, rollout->is_query ? "" : "shop");
    text_copy(member->name, sizeof member->name, name);
}

/* One that is done, and two that go on, the second of them longer. */
static void fill_shop(struct rollout *rollout)
{
    const struct verdict done = {.state = STATE_STABLE,
                                 .why = WHY_COMPLETE,
                                 .p = 1,
                                 .updated = 3,
                                 .available = 3,
                                 .spec = 3};
    const struct verdict half = {.state = STATE_PROGRESSING,
                                 .why = WHY_ROLLOUT,
                                 .p = 0.5,
                                 .updated = 2,
                                 .available = 4,
                                 .spec = 4,
                                 .new_available = 2,
                                 .target = 4};
    add_member(rollout, KIND_DEPLOYMENT, "done", &done);
    add_member(rollout, KIND_STATEFULSET, "db", &half);
    add_member(rollout, KIND_DEPLOYMENT, "web", &half);
    text_copy(rollout->workloads[1].cluster, WORKLOAD_CLUSTER_SIZE, "north");
    rollout->workloads[1].time_left = (struct time_left){.left_ms = 20499};
    rollout->workloads[2].time_left =
        (struct time_left){.runs = true,
                           .usual = {.runs = 2, .time = {.total_s = 90}},
                           .left_ms = 61500,
                           .shown_ms = 60000};
    rollout->verdict = half;
    rollout->verdict.p = 2.0 / 3;
    rollout->since_ms = BAD_DAY_MS - 30000;
    rollout->seen_ms = BAD_DAY_MS - 1500;
}

static void fill_canary(struct rollout *rollout)
{
    const struct verdict unknown = verdict_unknown(WHY_NO_DATA);
    add_member(rollout, KIND_DEPLOYMENT, "{job=\"canary\"}", &unknown);
    rollout->verdict = unknown;
    rollout->since_ms = 0;
}

static void add_source(struct source_ledger *ledger, size_t at, enum workload_kind kind,
                       const char *instance, bool present)
{
    struct source_record *record = &ledger->records[at];
    ledger->ids[at] = at + 1;
    *record = (struct source_record){
        .kind = kind, .present = present, .last_ms = BAD_DAY_MS - 2000, .newest_ms = ROW_MISSING};
    snprintf(record->text, sizeof record->text, "instance=\"%s\"", instance);
}

/* Its exporter, the second source, is gone; the third was nobody's. */
static void lose_source(struct model *model, struct rollout *rollout)
{
    struct source_ledger *ledger = &model->evidence->ledger;
    const struct verdict unknown = verdict_unknown(WHY_SOURCE_GONE);
    add_source(ledger, 0, KIND_STATEFULSET, "one:8080", true);
    add_source(ledger, 1, KIND_DEPLOYMENT, "two:8080", false);
    add_source(ledger, SOURCES_MAX - 1, KIND_DEPLOYMENT, "last:8080", false);
    ledger->records[0].newest_ms = BAD_DAY_REALTIME_MS - 17000;
    add_member(rollout, KIND_DEPLOYMENT, "cms", &unknown);
    rollout->workloads[0].memory.proof.source = 2;
    rollout->verdict = unknown;
    rollout->since_ms = BAD_DAY_MS - 1000;
}

static void judge_indicators(struct indicators *all)
{
    struct indicator *errors = &all->indicators[0];
    errors->health = HEALTH_WARNING;
    errors->explained = true;
    errors->why = INDICATOR_EXPLAINED;
    errors->causes[0].rollout = 2;
    errors->causes[1].rollout = 0;
    errors->cause_count = 2;
    errors->cause = 1;
    errors->value = 0.123456789012;
    all->reported[0].since_ms = BAD_DAY_MS - 12000;
    all->shown[0] = (struct gauge){.health = HEALTH_WARNING, .explained = true};
    all->indicators[1].why = INDICATOR_FETCH;
    all->shown[1] = (struct gauge){.health = HEALTH_CRITICAL, .dimmed = true};
}

void bad_day_start(struct model *model)
{
    struct error error;
    for (size_t i = 0; i < 3; i++)
        rollouts[i].limits = limits_default;
    for (size_t i = 0; i < 2; i++)
        indicators[i].limits = (struct indicator_limits){.warning = 0.1, .critical = 0.8};
    assert_true(model_start(model, &config, 0, &error));
    fill_shop(&model->rollouts[0]);
    fill_canary(&model->rollouts[1]);
    lose_source(model, &model->rollouts[2]);
    judge_indicators(&model->indicators);
    model->shows[2].dimmed = true;
    model->shows[2].verdict.state = STATE_FAILED;
    model->common.verdict.state = STATE_PROGRESSING;
    model->evidence->clock = (struct evidence_clock){.known = true,
                                                     .proven = true,
                                                     .lag_ms = 2250,
                                                     .highest_ms = BAD_DAY_REALTIME_MS - 5000,
                                                     .seen_ms = BAD_DAY_MS - 5000};
    for (size_t i = 0; i < EVIDENCE_FAULT_COUNT; i++)
        model->evidence->refused[i] = i + 10;
}

void expect_file(const char *name, const char *text)
{
    static char expected[32768];
    char path[512];
    snprintf(path, sizeof path, TESTS_DIR "/daemon/%s", name);
    FILE *file = fopen(path, "r");
    const size_t length = file != NULL ? fread(expected, 1, sizeof expected - 1, file) : 0;
    expected[length] = '\0';
    if (file != NULL)
        fclose(file);
    if (strcmp(text, expected) != 0) {
        printf("%s", text);
        fail_msg("daemon/%s has something else than this", name);
    }
}
