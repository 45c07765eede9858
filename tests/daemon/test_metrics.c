#include "daemon/metrics.h"

#include "daemon/bad_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is rendered of a rollout of this name that goes on for `left_ms`, beside one that rests and
   one that goes on for thrice as long, a minute after its last samples. */
static void render_left(int64_t left_ms, const char *name, const struct poll_report *report,
                        struct text *out)
{
    const struct rollout_settings one = {
        .namespace_ = "shop", .limits = limits_default, .max_workloads = 1};
    struct rollout_settings settings[] = {one, one, one};
    struct config config = {.rollouts = settings, .rollout_count = 3};
    struct metrics metrics = {0};
    struct model model;
    struct error error;
    assert_true(text_copy(settings[0].name, sizeof settings[0].name, name));
    text_copy(settings[1].name, sizeof settings[1].name, "rests");
    text_copy(settings[2].name, sizeof settings[2].name, "slower");
    assert_true(model_start(&model, &config, 0, &error));
    model.rollouts[0].seen_ms = 40000;
    for (size_t i = 0; left_ms > 0 && i < 3; i += 2) {
        model.rollouts[i].count = 1;
        model.rollouts[i].verdict.state = STATE_PROGRESSING;
        model.rollouts[i].workloads[0].verdict.state = STATE_PROGRESSING;
        model.rollouts[i].workloads[0].time_left.left_ms = left_ms * (int64_t)(1 + i);
    }
    struct outputs *outputs = outputs_open(&config.board, &error);
    assert_non_null(outputs);
    metrics_count(&metrics, report);
    struct metrics_view view = {.metrics = &metrics,
                                .model = &model,
                                .report = report,
                                .outputs = outputs,
                                .now_ms = 100000,
                                .realtime_ms = INT64_C(1700000000000)};
    metrics_render(&view, out);
    assert_false(out->failed);
    outputs_close(outputs);
    model_stop(&model);
}

static void render(const char *name, const struct poll_report *report, struct text *out)
{
    render_left(0, name, report, out);
}

static void expect(const struct text *text, const char *line)
{
    if (strstr(text->data, line) == NULL)
        fail_msg("there is no line\n%sin\n%s", line, text->data);
}

static void names_are_escaped(void **state)
{
    (void)state;
    struct poll_report report = {.asked = true, .ok = true, .good_ms = 100000};
    struct text text = {0};
    render("a\"b\\c\nd", &report, &text);
    expect(&text, "amberbar_rollout_workloads{rollout=\"a\\\"b\\\\c\\nd\"} 0\n");
    text_clear(&text);
    render("a\033[2J\u202E\"\u200B\xFF", &report, &text);
    expect(&text, "amberbar_rollout_workloads{rollout=\"a?[2J?\\\"??\"} 0\n");
    text_free(&text);
}

static void what_is_not_known_is_no_number(void **state)
{
    (void)state;
    struct poll_report report = {
        .asked = true, .failure = POLL_FAILURE_QUERY, .good_ms = INT64_MIN};
    struct text text = {0};
    render("web", &report, &text);
    expect(&text, "# HELP amberbar_build_info 1, labelled with the version.\n"
                  "# TYPE amberbar_build_info gauge\n"
                  "amberbar_build_info{version=\"");
    expect(&text, "amberbar_rollout_progress_ratio{rollout=\"web\"} NaN\n");
    expect(&text, "amberbar_poll_failures_total{reason=\"query\"} 1\n");
    expect(&text, "amberbar_poll_failures_total{reason=\"answer\"} 0\n");
    assert_null(strstr(text.data, "last_good_poll"));
    assert_null(strstr(text.data, "time_left_seconds{"));
    text_free(&text);
}

static void ages_become_times(void **state)
{
    (void)state;
    struct poll_report report = {.asked = true, .ok = true, .good_ms = 99500};
    struct text text = {0};
    render("web", &report, &text);
    expect(&text, "amberbar_last_good_poll_timestamp_seconds 1699999999.500\n");
    expect(&text, "amberbar_rollout_samples_timestamp_seconds{rollout=\"web\"} 1699999940.000\n");
    text_free(&text);
}

static void the_time_that_is_left_is_in_seconds(void **state)
{
    (void)state;
    struct poll_report report = {.asked = true, .ok = true, .good_ms = 99500};
    struct text text = {0};
    render_left(241200, "web", &report, &text);
    expect(&text, "amberbar_rollout_time_left_seconds{rollout=\"web\"} 241\n");
    text_clear(&text);
    render_left(7200000, "web", &report, &text);
    expect(&text, "amberbar_rollout_time_left_seconds{rollout=\"web\"} 7200\n");
    expect(&text, "amberbar_rollout_time_left_seconds{rollout=\"slower\"} 21600\n");
    assert_null(strstr(text.data, "time_left_seconds{rollout=\"rests\"}"));
    text_free(&text);
}

/* One controller that takes pictures, and one strip that is not there. */
static void show_on(struct board *board, struct outputs **outputs)
{
    static const char lights[] =
        "title: Lights\noutputs:\n"
        "  - {name: tree, chip: ddp, pixels: 2, bus: {udp: 127.0.0.1}}\n"
        "  - {name: gone, chip: apa102, pixels: 2, max_ma: 30, bus: {spi: /dev/spidev98.7}}\n";
    struct complaints complaints = {0};
    struct text text = {0};
    struct pixel pixels[] = {{UINT16_MAX, 0, 0}, {0, UINT16_MAX, 0}};
    const struct frame frame = {.pixels = pixels, .count = 2};
    struct error error;
    text_add(&text, lights);
    assert_true(board_read_text("lights", &text, board, &complaints));
    text_free(&text);
    *outputs = outputs_open(board, &error);
    assert_non_null(*outputs);
    assert_false(outputs_show(*outputs, &frame, BAD_DAY_MS));
}

static void all_of_a_bad_day_is_exported(void **state)
{
    (void)state;
    static struct model model;
    static struct board board;
    struct metrics metrics = {0};
    struct outputs *outputs;
    struct text text = {0};
    bad_day_start(&model);
    show_on(&board, &outputs);
    const struct poll_report good = {.ok = true};
    metrics_count(&metrics, &good);
    metrics_count(&metrics, &bad_day_report);
    const struct metrics_view view = {.metrics = &metrics,
                                      .model = &model,
                                      .report = &bad_day_report,
                                      .outputs = outputs,
                                      .reload_failed = true,
                                      .now_ms = BAD_DAY_MS,
                                      .realtime_ms = BAD_DAY_REALTIME_MS};
    metrics_render(&view, &text);
    const char *behind_version = strstr(text.data, "# HELP amberbar_config_");
    assert_non_null(behind_version);
    expect_file("bad_day.prom", behind_version);
    text_free(&text);
    outputs_close(outputs);
    board_free(&board);
    model_stop(&model);
}

/* A dimmed bar is of what was known before: the common state is unknown. */
static void what_is_dimmed_is_unknown(void **state)
{
    (void)state;
    static struct model model;
    struct board board = {.output_count = 0};
    struct metrics metrics = {0};
    struct error error;
    struct text text = {0};
    bad_day_start(&model);
    model.common.dimmed = true;
    struct outputs *outputs = outputs_open(&board, &error);
    assert_non_null(outputs);
    const struct metrics_view view = {
        .metrics = &metrics, .model = &model, .report = &bad_day_report, .outputs = outputs};
    metrics_render(&view, &text);
    expect(&text, "amberbar_state{state=\"unknown\"} 1\n");
    expect(&text, "amberbar_state{state=\"progressing\"} 0\n");
    expect(&text, "amberbar_config_last_reload_successful 1\n");
    for (size_t count = 2; count-- > 0;) { /* of one indicator, and of none */
        model.indicators.count = count;
        text_clear(&text);
        metrics_render(&view, &text);
        assert_true((strstr(text.data, "amberbar_indicator_") != NULL) == (count > 0));
    }
    text_free(&text);
    outputs_close(outputs);
    model_stop(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_escaped),
        cmocka_unit_test(what_is_not_known_is_no_number),
        cmocka_unit_test(ages_become_times),
        cmocka_unit_test(the_time_that_is_left_is_in_seconds),
        cmocka_unit_test(all_of_a_bad_day_is_exported),
        cmocka_unit_test(what_is_dimmed_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
