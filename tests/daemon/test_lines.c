/*
 * What the wall's changes and its lights say in the log: each once, in these words.
 */
#include "chips/ddp.h"
#include "daemon/caption.h"
#include "daemon/model.h"
#include "daemon/outputs.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* Standard error, in memory from begin_log() to take_log(). */
static struct {
    int memory, before;
} log_;

static void begin_log(void)
{
    log_.memory = memfd_create("log", MFD_CLOEXEC);
    log_.before = dup(STDERR_FILENO);
    dup2(log_.memory, STDERR_FILENO);
}

static const char *take_log(void)
{
    static char text[8192];
    ssize_t got = pread(log_.memory, text, sizeof text - 1, 0);
    dup2(log_.before, STDERR_FILENO);
    close(log_.before);
    close(log_.memory);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static void read_board(const char *outputs, struct board *board)
{
    struct complaints complaints = {0};
    struct text text = {0};
    text_addf(&text, "title: Lights\noutputs:\n%s", outputs);
    if (!board_read_text("lights", &text, board, &complaints))
        fail_msg("%s", complaints.text.data);
    text_free(&text);
}

static bool show_white(struct outputs *outputs, uint16_t level, int64_t now_ms)
{
    struct pixel pixels[] = {{level, level, level}, {level, level, level}};
    const struct frame frame = {.pixels = pixels, .count = 2, .time_ms = now_ms};
    return outputs_show(outputs, &frame, now_ms);
}

/* The supply of the second allows less than this light, whether or not it is there. */
static void a_limit_is_told_once(void **state)
{
    (void)state;
    static struct board board;
    struct error error;
    read_board("  - {name: tree, chip: ddp, pixels: 2, bus: {udp: 127.0.0.1}}\n"
               "  - {name: strip, chip: apa102, pixels: 2, max_ma: 30,"
               " bus: {spi: /dev/spidev98.7}}\n",
               &board);
    struct outputs *outputs = outputs_open(&board, &error);
    assert_non_null(outputs);
    assert_false(outputs_limited(outputs));
    begin_log();
    for (int i = 0; i < 5; i++)
        show_white(outputs, i % 2 == 0 ? UINT16_MAX : 1000, i * 100);
    const bool limited = outputs_limited(outputs);
    show_white(outputs, 1000, 600);
    const bool still = outputs_limited(outputs);
    const char *log = take_log();
    const char *told = strstr(log, "output strip: dimmed to what max_ma allows; set it to what the "
                                   "supply can give, or lower display.brightness\n");
    if (!limited || still || told == NULL || strstr(told + 1, "output strip: dimmed") != NULL)
        fail_msg("limited %d, then %d, and the log says:\n%s", limited, still, log);
    assert_false(outputs_health(outputs, 0).limited);
    outputs_close(outputs);
    board_free(&board);
}

/* Paper that nobody reads any more is not tried again. */
static void a_reader_that_leaves_is_told(void **state)
{
    (void)state;
    static struct board board;
    struct error error;
    int ends[2], output = dup(STDOUT_FILENO);
    assert_int_equal(pipe(ends), 0);
    signal(SIGPIPE, SIG_IGN);
    fflush(stdout);
    read_board("  - {name: paper, chip: frames, pixels: 2, bus: stdout}\n", &board);
    struct outputs *outputs = outputs_open(&board, &error);
    begin_log();
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    const bool shown = show_white(outputs, 1000, 0), early = outputs_abandoned(outputs);
    close(ends[0]);
    const bool failed = !show_white(outputs, 2000, 100), late = outputs_abandoned(outputs);
    dup2(output, STDOUT_FILENO);
    const bool elsewhere = outputs_abandoned(outputs); /* that has a reader */
    const char *log = take_log();
    close(output);
    if (!shown || early || !failed || !late || elsewhere)
        fail_msg("shown %d, abandoned %d; failed %d, abandoned %d; with a reader %d", shown, early,
                 failed, late, elsewhere);
    if (strncmp(log, "output paper: ", 14) != 0 || strstr(log, "trying again") != NULL)
        fail_msg("the log says '%s'", log);
    outputs_close(outputs);
    board_free(&board);
}

static void lights_that_are_gone_are_tried_again(void **state)
{
    (void)state;
    static struct board board;
    struct error error;
    read_board("  - {name: strip, chip: apa102, pixels: 2, bus: {spi: /dev/spidev98.7}}\n", &board);
    struct outputs *outputs = outputs_open(&board, &error);
    begin_log();
    const bool shown = show_white(outputs, 1000, 0);
    outputs_update(outputs, OUTPUT_RETRY_MS);
    const char *log = take_log();
    assert_false(shown);
    assert_false(outputs_abandoned(outputs));
    assert_int_equal(outputs_health(outputs, 0).errors, 2);
    assert_null(outputs_left_lit(outputs)); /* it never was */
    const char *again = strstr(log, "; trying again every 2 s\n");
    if (strncmp(log, "output strip: ", 14) != 0 || again == NULL || again[25] != '\0')
        fail_msg("the log says '%s'", log);
    outputs_close(outputs);
    board_free(&board);
}

static size_t count_lines(void)
{
    char text[8192];
    const ssize_t got = pread(log_.memory, text, sizeof text, 0);
    size_t lines = 0;
    for (ssize_t i = 0; i < got; i++)
        lines += text[i] == '\n';
    return lines;
}

/* What one fault says in other words is no news for a minute. */
static void a_fault_in_other_words_is_told_later(void **state)
{
    (void)state;
    static struct board board;
    struct error error;
    int64_t told_ms[2] = {-1, -1}; /* when the first two lines were */
    read_board("  - {name: strip, chip: apa102, pixels: 2, bus: {spi: /dev/spidev98.7}}\n", &board);
    struct outputs *outputs = outputs_open(&board, &error);
    begin_log();
    show_white(outputs, 1000, 5000);
    told_ms[0] = count_lines() == 1 ? 5000 : -1;
    text_copy(board.outputs[0].bus.spi.path, sizeof board.outputs[0].bus.spi.path, "/dev/null");
    for (int64_t now_ms = 5000; now_ms <= 70000 && told_ms[1] < 0; now_ms++) {
        outputs_update(outputs, now_ms);
        told_ms[1] = count_lines() > 1 ? now_ms : -1;
    }
    const char *log = take_log();
    const char *second = strchr(log, '\n');
    if (told_ms[0] != 5000 || told_ms[1] != 65000 || strstr(second, "/dev/null") == NULL)
        fail_msg("it was told at %d ms and %d ms:\n%s", (int)told_ms[0], (int)told_ms[1], log);
    outputs_close(outputs);
    board_free(&board);
}

/* As many as there may be: controllers that nobody has, and a strip that is not there. */
static void read_most(const char *last, struct board *board)
{
    struct text text = {0};
    for (int i = 1; i < BOARD_OUTPUTS_MAX; i++)
        text_addf(&text, "  - {name: tree%d, chip: ddp, pixels: 2, bus: {udp: 127.77.0.%d}}\n", i,
                  i);
    text_addf(&text, "  - {name: %s, chip: apa102, pixels: 2, bus: {spi: /dev/spidev98.7}}\n",
              last);
    read_board(text.data, board);
    text_free(&text);
    assert_int_equal(board->output_count, BOARD_OUTPUTS_MAX);
}

static void the_last_of_the_most_there_may_be_is_told(void **state)
{
    (void)state;
    static struct board first, then;
    struct error error;
    const size_t last = BOARD_OUTPUTS_MAX - 1;
    read_most("first", &first);
    read_most("then", &then);
    struct outputs *outputs = outputs_open(&first, &error);
    assert_non_null(outputs);
    assert_null(outputs_fault(outputs));
    begin_log();
    const bool shown = show_white(outputs, 1000, 0);
    const char *log = take_log();
    assert_false(shown || outputs_limited(outputs) || outputs_left_lit(outputs) != NULL);
    if (strncmp(log, "output first: ", 14) != 0 || outputs_fault(outputs) == NULL)
        fail_msg("the log says '%s'", log);
    assert_int_equal(outputs_due_ms(outputs), DDP_REPEAT_MS);
    outputs_rebind(outputs, &then);
    board_free(&first);
    for (size_t i = 0; i <= last; i++)
        assert_ptr_equal(outputs_health(outputs, i).name, then.outputs[i].name);
    assert_true(outputs_health(outputs, 0).fine && !outputs_health(outputs, last).fine);
    begin_log();
    outputs_update(outputs, OUTPUT_RETRY_MS);
    take_log();
    assert_int_equal(outputs_health(outputs, last).errors, 2);
    outputs_close(outputs);
    board_free(&then);
}

static struct rollout_settings rollouts[] = {
    {.name = "web", .namespace_ = "shop", .kinds = KIND_BIT(KIND_DEPLOYMENT), .max_workloads = 4},
    {.name = "b",
     .namespace_ = "b",
     .workload = "b",
     .kinds = KIND_BIT(KIND_DEPLOYMENT),
     .max_workloads = 4}};
static struct indicator_settings indicators[] = {{.name = "one", .query = "a"},
                                                 {.name = "two", .query = "b"}};
static struct config config = {.rollouts = rollouts,
                               .rollout_count = 2,
                               .indicators = indicators,
                               .indicator_count = 2,
                               .prometheus = {.poll_interval_ms = 10000}};

static void start(struct model *model)
{
    struct error error;
    for (size_t i = 0; i < 2; i++) {
        rollouts[i].limits = limits_default;
        indicators[i].limits = (struct indicator_limits){.warning = 0.4, .critical = 0.8};
    }
    assert_true(model_start(model, &config, 0, &error));
}

static bool take(struct model *model, bool ok, const char *error, const char *remark,
                 int64_t now_ms)
{
    struct poll_report report = {.asked = true, .ok = ok, .good_ms = now_ms};
    error_set(&report.error, "%s", error);
    error_set(&report.remark, "%s", remark);
    return model_take(model, &report, now_ms);
}

static void a_change_is_told_once(void **state)
{
    (void)state;
    static struct model model;
    const struct ratio_sample sample = {.labels = "{}", .value = 0.5};
    start(&model);
    begin_log();
    indicator_observe(&model.indicators.indicators[1], &sample, 1, false, 1000);
    bool changes[7] = {false};
    changes[0] = take(&model, true, "", "a remark", 1000);
    changes[1] = take(&model, true, "", "a remark", 2000);
    changes[2] = take(&model, false, "it is down", "a remark", 3000);
    changes[3] = take(&model, false, "it is down", "", 4000);
    changes[4] = take(&model, false, "it is gone", "", 5000);
    changes[5] = take(&model, true, "", "", 6000);
    changes[6] = take(&model, true, "", "!", 7000);
    const char *log = take_log();
    assert_string_equal(log, "a remark\n"
                             "two: unknown -> warning: 0.5, warning from 0.4 up; nothing explains "
                             "it\n"
                             "it is down\n"
                             "it is gone\n"
                             "Prometheus answers again\n"
                             "!\n");
    static const bool expected[7] = {true, false, true, false, true, true, false};
    assert_memory_equal(changes, expected, sizeof changes);
    model_stop(&model);
}

static void observe(struct model *model, size_t rollout, enum state state, int64_t now_ms)
{
    model->rollouts[rollout].verdict =
        (struct verdict){.state = state, .why = WHY_COMPLETE, .p = 1};
    model->rollouts[rollout].seen_ms = now_ms;
}

/* A new config is no news of what failed before it. */
static void what_was_told_is_not_told_again(void **state)
{
    (void)state;
    static struct model before, after;
    struct poll_report report = {.asked = true, .cause = WHY_NO_NETWORK, .good_ms = INT64_MIN};
    error_set(&report.error, "there is no network");
    error_set(&report.remark, "a remark");
    start(&before);
    start(&after);
    begin_log();
    model_take(&before, &report, 1000);
    model_adopt(&after, &before, 2000);
    const enum why adopted = after.cause;
    rollout_observe_failure(&after.rollouts[0], 3000);
    model_take(&after, &report, 3000);
    const char *log = take_log();
    assert_string_equal(log, "there is no network\na remark\n");
    assert_int_equal(adopted, WHY_NO_NETWORK);
    assert_int_equal(after.cause, WHY_NO_NETWORK);
    assert_int_equal(after.shows[0].verdict.why, WHY_NO_NETWORK); /* it was asked, and not told */
    assert_int_equal(after.shows[1].verdict.why, WHY_NOT_ASKED);
    model_stop(&after);
    model_stop(&before);
}

/* Where no indicator has anything to say there is no mark of one. */
static void a_caption_without_bad_indicators_is_the_rollouts(void **state)
{
    (void)state;
    static struct model model;
    char caption[FRAME_CAPTION_SIZE];
    const struct poll_report report = {.asked = true, .ok = true};
    start(&model);
    observe(&model, 0, STATE_STABLE, 1000);
    observe(&model, 1, STATE_STABLE, 1000);
    take(&model, true, "", "", 1000);
    for (size_t i = 0; i < 2; i++)
        model.indicators.shown[i].health = HEALTH_OK; /* has nothing to say */
    model_caption(&model, &report, caption, sizeof caption);
    assert_string_equal(caption, "web: done");
    model.worst = 2; /* of no rollout */
    model.common.verdict = verdict_unknown(WHY_NOT_ASKED);
    model_caption(&model, &report, caption, sizeof caption);
    assert_string_equal(caption, why_sentence(WHY_NOT_ASKED));
    model_stop(&model);
}

/* A name may be as long as any in the config. */
static void a_caption_has_the_whole_name(void **state)
{
    (void)state;
    static struct model model;
    char caption[FRAME_CAPTION_SIZE], begin[ROLLOUT_NAME_SIZE + 64] = "";
    const struct poll_report report = {.asked = true, .ok = true};
    start(&model);
    observe(&model, 0, STATE_FAILED, 1000);
    observe(&model, 1, STATE_STABLE, 1000);
    memset(model.rollouts[0].name, 'n', ROLLOUT_NAME_SIZE - 1);
    snprintf(begin, sizeof begin, "%s: done", model.rollouts[0].name);
    begin_log();
    take(&model, true, "", "", 1000);
    take_log();
    model_caption(&model, &report, caption, sizeof caption);
    if (strncmp(caption, begin, strlen(begin)) != 0)
        fail_msg("'%s' does not begin with '%s'", caption, begin);
    char words[HISTORY_WHY_SIZE];
    memset(words, 'w', sizeof words);
    words[sizeof words - 1] = '\0';
    model.rollouts[0].verdict = model.common.verdict = verdict_unknown(WHY_PARTIAL);
    rollout_quote(&model.rollouts[0], words); /* which has no room behind it */
    model_caption(&model, &report, caption, sizeof caption);
    snprintf(begin, sizeof begin, "%s: a part of the answer is missing", model.rollouts[0].name);
    if (strncmp(caption, begin, strlen(begin)) != 0)
        fail_msg("'%s' does not begin with '%s'", caption, begin);
    model_stop(&model);
}

/* The first thing that ends, whosever it is. */
static void the_first_that_expires_is_due(void **state)
{
    (void)state;
    static struct model model;
    start(&model);
    assert_int_equal(model_expiry_ms(&model), INT64_MAX);
    model.common.dimmed = model.shows[1].dimmed = true;
    model.dim_until_ms[0] = 1000; /* is not dimmed */
    model.dim_until_ms[1] = 3000;
    model.dim_until_ms[2] = 2000;
    model.rollouts[1].seen_ms = 0;
    assert_int_equal(model_expiry_ms(&model), 2000);
    model.dim_until_ms[2] = 4000;
    assert_int_equal(model_expiry_ms(&model), 3000);
    model.shows[1].dimmed = false;
    assert_int_equal(model_expiry_ms(&model), 4000);
    model.shows[0].dimmed = true;
    model.rollouts[0].seen_ms = 0;
    assert_int_equal(model_expiry_ms(&model), 1000);
    assert_true(model_expire(&model, 1000));
    assert_false(model.shows[0].dimmed);
    assert_true(model.common.dimmed);
    assert_false(model_expire(&model, 1001));
    model_stop(&model);
}

/* What an indicator showed counts no longer than its time, though nothing is heard. */
static void an_old_value_is_shown_no_longer(void **state)
{
    (void)state;
    static struct model model;
    const struct ratio_sample sample = {.labels = "{}", .value = 0.1};
    start(&model);
    indicator_observe(&model.indicators.indicators[1], &sample, 1, false, 1000);
    model.indicators.indicators[1].seen_ms = 1000;
    begin_log();
    take(&model, true, "", "", 1000);
    const int64_t end_ms = model_expiry_ms(&model);
    const bool early = model_expire(&model, end_ms - 1);
    const enum health before = model.indicators.shown[1].health;
    const bool changed = model_expire(&model, end_ms);
    const enum health after = model.indicators.shown[1].health;
    take_log();
    assert_true(!early && changed);
    assert_int_equal(end_ms, 1000 + model.indicators.valid_ms[1]);
    assert_int_equal(before, HEALTH_OK);
    assert_int_equal(after, HEALTH_UNKNOWN);
    assert_int_equal(model_expiry_ms(&model), INT64_MAX);
    model_stop(&model);
}

/* A new config's limits, weights and room hold for rollouts that go on. */
static void what_goes_on_has_the_new_settings(void **state)
{
    (void)state;
    static struct model before, after;
    struct rollout_settings then[2];
    struct config next = config;
    struct error error;
    start(&before);
    for (size_t i = 0; i < 2; i++) {
        before.rollouts[i].count = 3;
        text_copy(before.rollouts[i].workloads[2].name, WORKLOAD_NAME_SIZE, "third");
    }
    memcpy(then, rollouts, sizeof then);
    then[0].weighting = WEIGHT_EQUAL;
    then[0].max_workloads = 9;
    then[1].max_workloads = 3;
    then[1].limits.max_age_ms = 1234;
    next.rollouts = then;
    assert_true(model_start(&after, &next, 1000, &error));
    model_adopt(&after, &before, 1000);
    const struct rollout *first = &after.rollouts[0], *second = &after.rollouts[1];
    assert_int_equal(first->weighting, WEIGHT_EQUAL);
    assert_int_equal(second->weighting, WEIGHT_REPLICAS);
    assert_int_equal(first->capacity, 9);
    assert_int_equal(second->capacity, 4); /* until a restart */
    assert_int_equal(second->limits.max_age_ms, 1234);
    assert_false(first->exact);
    assert_true(second->exact); /* a name of one letter is one */
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(after.rollouts[i].workloads[2].name, "third");
    model_stop(&after);
    model_stop(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_told_once),
        cmocka_unit_test(a_reader_that_leaves_is_told),
        cmocka_unit_test(lights_that_are_gone_are_tried_again),
        cmocka_unit_test(a_fault_in_other_words_is_told_later),
        cmocka_unit_test(the_last_of_the_most_there_may_be_is_told),
        cmocka_unit_test(a_change_is_told_once),
        cmocka_unit_test(what_was_told_is_not_told_again),
        cmocka_unit_test(a_caption_without_bad_indicators_is_the_rollouts),
        cmocka_unit_test(a_caption_has_the_whole_name),
        cmocka_unit_test(the_first_that_expires_is_due),
        cmocka_unit_test(an_old_value_is_shown_no_longer),
        cmocka_unit_test(what_goes_on_has_the_new_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
