#include "daemon/model_story.h"

#include "daemon/four_pods.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void story_begin(struct story *story)
{
    *story = (struct story){.report = {.good_ms = INT64_MIN}};
    story->settings = (struct rollout_settings){.name = "web",
                                                .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                                .namespace_ = "shop",
                                                .workload = "web",
                                                .limits = limits_default,
                                                .max_workloads = 4};
    story->config.rollouts = &story->settings;
    story->config.rollout_count = 1;
    story->config.prometheus.poll_interval_ms = STORY_POLL_MS;
    struct error error;
    assert_true(model_start(&story->model, &story->config, 0, &error));
}

void story_poll_good(struct story *story, int64_t now_ms, int64_t generation, int64_t updated)
{
    struct row row = four_pods("web", now_ms, generation, updated);
    struct answer answer = {
        .eval_ms = now_ms, .rows = &row, .count = 1, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    story->now_ms = now_ms;
    rollout_observe(&story->model.rollouts[0], &answer, 0, now_ms);
    story->report = (struct poll_report){.asked = true, .ok = true, .good_ms = now_ms};
    model_take(&story->model, &story->report, now_ms);
}

void story_poll_failed(struct story *story, int64_t now_ms)
{
    story->now_ms = now_ms;
    rollout_observe_failure(&story->model.rollouts[0], now_ms);
    story->report.ok = false;
    error_set(&story->report.error, "nothing listens on 127.0.0.1:9090");
    model_take(&story->model, &story->report, now_ms);
}
