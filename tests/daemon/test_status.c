/*
 * The status file, whole: status.json beside this is what other programs read (names and shapes are
 * promised), in one line as it is written.
 */
#include "daemon/status.h"

#include "daemon/four_pods.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T_MS INT64_C(1700000000000)

/* Two rollouts, of which one has two Deployments, and two indicators, one of them known.
 */
static struct rollout_settings rollouts[] = {
    {.name = "shop", .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "shop", .max_workloads = 4},
    {.name = "cms", .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "cms", .max_workloads = 4}};
static struct indicator_settings indicators[] = {{.name = "errors", .query = "a"},
                                                 {.name = "ttfb", .query = "b"}};

static void observe(struct model *model, int64_t now_ms, int64_t generation, int64_t updated)
{
    struct row rows[] = {four_pods("api", now_ms, generation, updated),
                         four_pods("web", now_ms, generation, 4)};
    const struct answer answer = {
        .eval_ms = now_ms, .rows = rows, .count = 2, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    const struct answer nothing = {.eval_ms = now_ms, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    const struct poll_report report = {.asked = true, .ok = true, .good_ms = now_ms};
    const struct ratio_sample sample = {.labels = "{}", .value = 0.5};
    rollout_observe(&model->rollouts[0], &answer, 0, now_ms);
    rollout_observe(&model->rollouts[1], &nothing, 0, now_ms);
    indicator_observe(&model->indicators.indicators[0], &sample, 1, false, now_ms);
    model_take(model, &report, now_ms);
}

static void the_file_is_as_promised(void **state)
{
    (void)state;
    static char expected[16384];
    static struct model model;
    struct config config = {.rollouts = rollouts,
                            .rollout_count = 2,
                            .indicators = indicators,
                            .indicator_count = 2,
                            .prometheus = {.poll_interval_ms = 10000}};
    struct pixel pixels[] = {{UINT16_MAX, 0, 0}, {0, UINT16_MAX, 0}};
    const struct frame frame = {.pixels = pixels, .count = 2, .text = "50"};
    struct poll_report report = {.asked = true, .ok = true, .good_ms = 20000};
    struct error error;
    struct text text = {0};
    for (size_t i = 0; i < 2; i++) {
        rollouts[i].limits = limits_default;
        indicators[i].limits = (struct indicator_limits){.warning = 0.4, .critical = 0.8};
    }
    setenv("TZ", "UTC", 1);
    assert_true(model_start(&model, &config, 0, &error));
    observe(&model, 10000, 1, 4);
    observe(&model, 20000, 2, 1);
    for (size_t i = 0; i < model.history.count; i++) /* which took the time of this machine */
        model.history.transitions[i].at_ms = T_MS - 1000 * (int64_t)i;
    error_set(&report.remark, "a \"remark\"");
    const struct status_view view = {.model = &model,
                                     .report = &report,
                                     .frame = &frame,
                                     .output_fault = "strip: gone",
                                     .limited = true,
                                     .now_ms = 22500,
                                     .realtime_ms = T_MS,
                                     .valid_ms = 30000};
    status_render(&view, &text);
    FILE *file = fopen(TESTS_DIR "/daemon/status.json", "r");
    const size_t length = file != NULL ? fread(expected, 1, sizeof expected - 1, file) : 0;
    expected[length] = '\0';
    if (file != NULL)
        fclose(file);
    if (strcmp(text.data, expected) != 0) {
        printf("%s", text.data);
        fail_msg("daemon/status.json has something else than this");
    }
    text_free(&text);
    model_stop(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_file_is_as_promised)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
