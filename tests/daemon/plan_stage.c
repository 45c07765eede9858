#include "daemon/plan_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void add(struct stage *stage, const char *namespace_, const char *workload)
{
    size_t i = stage->config.rollout_count++;
    struct rollout_settings *settings = &stage->settings[i];
    settings->kinds = KIND_BIT(KIND_DEPLOYMENT);
    strcpy(settings->namespace_, namespace_);
    strcpy(settings->workload, workload);
    stage->rollouts[i] = (struct rollout){.kinds = settings->kinds,
                                          .limits = limits_default,
                                          .workloads = stage->workloads[i],
                                          .capacity = SURVEY_SHOWN_MAX};
    rollout_start(&stage->rollouts[i], 0);
}

int plan_set_up(void **state)
{
    static struct stage stage;
    memset(&stage, 0, sizeof stage);
    stage.config.rollouts = stage.settings;
    stage.config.prometheus.max_response_bytes = 32 << 20;
    strcpy(stage.config.prometheus.namespace_label, "namespace");
    strcpy(stage.config.prometheus.cluster_label, "cluster");
    for (size_t i = 0; i < 3; i++)
        stage.surveys[i] = (struct survey){.taken = true, .oldest_ms = T_MS, .eval_ms = T_MS};
    *state = &stage;
    return 0;
}

int plan_tear_down(void **state)
{
    plan_close(&((struct stage *)*state)->plan);
    return 0;
}

void open_plan(struct stage *stage)
{
    struct error error;
    assert_true(plan_open(&stage->plan, &stage->config, &error));
}

void begin(struct stage *stage, enum plan_step step)
{
    struct error error;
    if (!plan_begin(&stage->plan, &error))
        fail_msg("%s", error.text);
    assert_int_equal(stage->plan.step, step);
}

/* Takes an answer of surveys and the first `rows` rows; what the round knows then. */
struct answer take(struct stage *stage, size_t rows, enum plan_step step)
{
    struct error error;
    struct answer answer = {
        .eval_ms = T_MS, .rows = stage->rows, .count = rows, .surveys = stage->surveys};
    if (!plan_take(&stage->plan, stage->rollouts, &answer, &error))
        fail_msg("%s", error.text);
    assert_int_equal(stage->plan.step, step);
    assert_true((plan_text(&stage->plan) == NULL) == (step == PLAN_DONE));
    return answer;
}

void list(struct stage *stage, size_t count, const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(stage->names[i], sizeof stage->names[i], "%s%zu", prefix, i);
        stage->rows[i] = (struct row){.key = {KIND_DEPLOYMENT, "", "shop", stage->names[i], ""},
                                      .sample_ms = T_MS,
                                      .spec = 1};
    }
}

/* What rules have counted of a selection's rows. */
void tally(struct stage *stage, size_t selection, int64_t rows, int64_t settled)
{
    struct survey *survey = &stage->surveys[selection];
    survey->total[KIND_DEPLOYMENT] = 50;
    survey->counted.count = 1;
    survey->counted.list[0] =
        (struct source_count){1, KIND_DEPLOYMENT, rows, settled, 50 - settled};
}

bool asks(struct stage *stage, const char *words)
{
    return strstr(plan_text(&stage->plan)->data, words) != NULL;
}
