/*
 * A config that is read again with other limits: by them nothing is known until the next answer,
 * whatever was shown; with the same ones all stays as it is.
 */
#include "daemon/four_pods.h"
#include "daemon/model.h"

#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POLL_MS 10000

struct story {
    struct config config;
    struct rollout_settings rollouts[2];
    struct indicator_settings indicator;
    struct model model;
};

/* Two rollouts, of which the second explains the indicator. */
static void begin(struct story *story)
{
    struct error error;
    *story = (struct story){
        .config = {.rollout_count = 2, .indicator_count = 1},
        .indicator = {.name = "ttfb",
                      .query = "up",
                      .limits = {.warning = 1, .critical = 2, .grace_ms = 60000},
                      .explained_by = {1},
                      .explained_by_count = 1},
    };
    for (size_t i = 0; i < 2; i++) {
        story->rollouts[i] = (struct rollout_settings){.kinds = KIND_BIT(KIND_DEPLOYMENT),
                                                       .namespace_ = "shop",
                                                       .limits = limits_default,
                                                       .max_workloads = 4};
        text_copy(story->rollouts[i].name, ROLLOUT_NAME_SIZE, i == 0 ? "web" : "api");
        text_copy(story->rollouts[i].workload, CONFIG_PATTERN_SIZE, i == 0 ? "web" : "api");
    }
    story->config.rollouts = story->rollouts;
    story->config.indicators = &story->indicator;
    story->config.prometheus.poll_interval_ms = POLL_MS;
    assert_true(model_start(&story->model, &story->config, 0, &error));
}

/* All have so many new pods of four; those are another template's while the value is bad. */
static void answer(struct model *model, double value, int64_t updated, int64_t now_ms)
{
    static const char *const names[] = {"web", "api"};
    const struct ratio_sample sample = {.labels = "{}", .value = value};
    const struct poll_report report = {.asked = true, .ok = true, .good_ms = now_ms};
    for (size_t i = 0; i < 2; i++) {
        struct row row = four_pods(names[i], now_ms, value > 1 ? 2 : 1, updated);
        const struct answer rows = {
            .eval_ms = now_ms, .rows = &row, .count = 1, .kind_alive = {[KIND_DEPLOYMENT] = true}};
        rollout_observe(&model->rollouts[i], &rows, 0, now_ms);
    }
    indicator_observe(&model->indicators.indicators[0], &sample, 1, false, now_ms);
    model->indicators.indicators[0].seen_ms = now_ms;
    model_take(model, &report, now_ms);
}

static void fail_poll(struct model *model, int64_t now_ms)
{
    struct poll_report report = {.asked = true, .good_ms = now_ms};
    error_set(&report.error, "nothing listens");
    for (size_t i = 0; i < 2; i++)
        rollout_observe_failure(&model->rollouts[i], now_ms);
    indicator_observe_failure(&model->indicators.indicators[0], now_ms);
    model_take(model, &report, now_ms);
}

/* The config is read again, with what `next` has of it. */
static void reload(struct story *story, struct story *next, int64_t now_ms)
{
    struct error error;
    next->config = story->config;
    next->config.rollouts = next->rollouts;
    next->config.indicators = &next->indicator;
    assert_true(model_start(&next->model, &next->config, now_ms, &error));
    model_adopt(&next->model, &story->model, now_ms);
    model_stop(&story->model);
}

static struct story story, next;

#define OF(field) offsetof(struct rollout_settings, limits.field)

static const struct {
    const char *sentence;
    size_t offset; /* 0: none */
} limits[] = {
    {"the same limits", 0},
    {"stall_after", OF(stall_after_ms)},
    {"stall_after_failure", OF(stall_after_failure_ms)},
    {"max_age", OF(max_age_ms)},
    {"forget_after", OF(forget_after_ms)},
    {"hold_after", OF(hold_after_ms)},
    {"degraded_after", OF(degraded_after_ms)},
    {"partition", OF(partition)},
    {"strategy", OF(on_delete)},
};

static void check_show(const struct show *show, bool known, bool dimmed, const char *sentence)
{
    const enum state state = known ? STATE_STABLE : STATE_UNKNOWN;
    if (show->verdict.state != state || show->dimmed != (known && dimmed))
        fail_msg("%s: %s%s is shown%s", sentence, state_name(show->verdict.state),
                 show->dimmed ? ", dimmed" : "", dimmed ? " while nobody answers" : "");
    if (!known && show->verdict.why != WHY_NOT_ASKED)
        fail_msg("%s: %s", sentence, why_name(show->verdict.why));
}

static void by_other_limits_nothing_is_known_of_a_rollout(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        for (int dimmed = 0; dimmed <= 1; dimmed++) {
            const bool known = limits[i].offset == 0;
            begin(&story);
            answer(&story.model, 0.1, 4, 1000);
            if (dimmed != 0)
                fail_poll(&story.model, 11000);
            next = story;
            if (!known)
                ++*((char *)&next.rollouts[0] + limits[i].offset);
            reload(&story, &next, 12000);
            check_show(&next.model.shows[0], known, dimmed, limits[i].sentence);
            check_show(&next.model.shows[1], true, dimmed, limits[i].sentence);
            const struct show *common = &next.model.common;
            if (known || dimmed == 0)
                check_show(common, known, dimmed, limits[i].sentence);
            else if (common->dimmed || common->verdict.state != STATE_UNKNOWN)
                fail_msg("%s: %s is shown of all", limits[i].sentence,
                         state_name(common->verdict.state));
            assert_int_equal(next.model.indicators.shown[0].health, HEALTH_OK);
            const struct transition *newest = history_newest(&next.model.history, 0);
            assert_true((strcmp(newest->to, "unknown") == 0) == (!known || dimmed != 0));
            assert_int_equal(next.model.reported[0], next.model.rollouts[0].verdict.state);
            assert_true(next.model.rollouts[0].workloads[0].memory.proof.accepted);
            assert_memory_equal(&next.model.rollouts[0].limits, &next.rollouts[0].limits,
                                sizeof(struct limits));
            answer(&next.model, 0.1, 4, 20000); /* which says it by these */
            for (size_t k = 0; k < 2; k++)
                check_show(&next.model.shows[k], true, false, limits[i].sentence);
            model_stop(&next.model);
        }
}

static void the_time_that_is_left_is_not_known_either(void **unused)
{
    (void)unused;
    begin(&story);
    answer(&story.model, 0.1, 2, 1000);
    story.model.shows[0].left_ms = story.model.common.left_ms = 5000;
    next = story;
    next.rollouts[0].limits.stall_after_ms++;
    reload(&story, &next, 2000);
    assert_int_equal(next.model.shows[0].verdict.state, STATE_UNKNOWN);
    assert_int_equal(next.model.shows[0].left_ms, 0);
    assert_int_equal(next.model.common.left_ms, 0);
    model_stop(&next.model);
}

static const struct {
    const char *sentence;
    struct indicator_limits limits;
    bool known;
    enum health then; /* by the next answer */
} thresholds[] = {
    {"the same thresholds", {1, 2, 0, 60000}, true, HEALTH_OK},
    {"another grace: a value is as good", {1, 2, 0, 60001}, true, HEALTH_OK},
    {"a lower warning, below the value", {0.05, 2, 0, 60000}, false, HEALTH_WARNING},
    {"both", {0.05, 0.08, 0, 60000}, false, HEALTH_CRITICAL},
    {"a higher warning", {1.5, 2, 0, 60000}, false, HEALTH_OK},
    {"another critical", {1, 3, 0, 60000}, false, HEALTH_OK},
    {"falling is bad now", {1, 0.5, 0, 60000}, false, HEALTH_CRITICAL},
    {"it counts only after a while", {1, 2, 1, 60000}, false, HEALTH_OK},
};

static void by_other_thresholds_nothing_is_known_of_an_indicator(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++)
        for (int dimmed = 0; dimmed <= 1; dimmed++) {
            begin(&story);
            answer(&story.model, 0.1, 4, 1000);
            if (dimmed != 0)
                fail_poll(&story.model, 11000);
            next = story;
            next.indicator.limits = thresholds[i].limits;
            reload(&story, &next, 12000);
            const struct indicators *indicators = &next.model.indicators;
            const struct indicator *indicator = &indicators->indicators[0];
            const bool known = thresholds[i].known;
            if ((indicators->shown[0].health == HEALTH_OK) != known ||
                indicators->shown[0].dimmed != (known && dimmed != 0) ||
                (!known && indicator->why != INDICATOR_NOT_ASKED))
                fail_msg("%s: %s is shown%s", thresholds[i].sentence,
                         health_name(indicators->shown[0].health),
                         dimmed != 0 ? " while nobody answers" : "");
            assert_int_equal(indicators->reported[0].health, indicator->health);
            check_show(&next.model.common, true, dimmed, thresholds[i].sentence);
            answer(&next.model, 0.1, 4, 20000);
            if (indicators->shown[0].health != thresholds[i].then)
                fail_msg("%s: %s then", thresholds[i].sentence,
                         health_name(indicators->shown[0].health));
            model_stop(&next.model);
        }
}

/* A value that is bad while a rollout moves. */
static void begin_explained(void)
{
    begin(&story);
    answer(&story.model, 0.1, 4, 1000);
    answer(&story.model, 1.5, 2, 11000);
    assert_true(story.model.indicators.shown[0].explained);
    next = story;
}

static void an_explanation_is_by_the_same_limits(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        int64_t stall_after_ms, grace_ms; /* of which so much is taken away */
        bool dimmed, explained, later;
    } rows[] = {
        {"the same limits", 0, 0, false, true, true},
        {"also while nobody answers", 0, 0, true, true, true},
        {"another grace, and it moves", 0, 1, false, true, true},
        {"while nobody answers it does not", 0, 1, true, false, true},
        {"by other limits of the rollout nobody knows that it moves", 1, 0, false, false, false},
        {"nor while nobody answers", 1, 0, true, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_explained();
        if (rows[i].dimmed)
            fail_poll(&story.model, 12000);
        next = story;
        next.rollouts[1].limits.stall_after_ms -= rows[i].stall_after_ms;
        next.indicator.limits.grace_ms -= rows[i].grace_ms;
        reload(&story, &next, 13000);
        const struct gauge *shown = &next.model.indicators.shown[0];
        if (shown->health != HEALTH_WARNING || shown->explained != rows[i].explained ||
            shown->dimmed != rows[i].dimmed)
            fail_msg("%s: %s%s%s", rows[i].sentence, health_name(shown->health),
                     shown->explained ? ", explained" : "", shown->dimmed ? ", dimmed" : "");
        answer(&next.model, 1.5, 2, 21000);
        if (shown->explained != rows[i].later)
            fail_msg("%s: %sexplained by the next answer", rows[i].sentence,
                     shown->explained ? "" : "not ");
        model_stop(&next.model);
    }
}

/* The rollout is over for longer than the new grace. */
static void a_grace_that_is_over_by_the_new_limit_is_over(void **unused)
{
    (void)unused;
    begin_explained();
    answer(&story.model, 1.5, 4, 12000);
    assert_int_equal(story.model.rollouts[1].verdict.state, STATE_STABLE);
    assert_true(story.model.indicators.shown[0].explained);
    next = story;
    next.indicator.limits.grace_ms = 5000;
    reload(&story, &next, 17000);
    assert_false(next.model.indicators.shown[0].explained);
    assert_int_equal(next.model.indicators.shown[0].health, HEALTH_WARNING);
    assert_string_equal(history_newest(&next.model.history, 0)->from, "explained_warning");
    model_stop(&next.model);
}

/* What was fine by the old thresholds was perhaps bad by the new ones before the rollout began. */
static void what_was_before_is_by_the_same_thresholds(void **unused)
{
    (void)unused;
    begin_explained();
    next.indicator.limits.warning = 0.05;
    reload(&story, &next, 13000);
    answer(&next.model, 1.5, 2, 21000);
    assert_int_equal(next.model.indicators.shown[0].health, HEALTH_WARNING);
    assert_false(next.model.indicators.shown[0].explained);
    assert_int_equal(next.model.indicators.indicators[0].why, INDICATOR_BEFORE_UNKNOWN);
    model_stop(&next.model);
}

int main(void)
{
    log_threshold(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_other_limits_nothing_is_known_of_a_rollout),
        cmocka_unit_test(the_time_that_is_left_is_not_known_either),
        cmocka_unit_test(by_other_thresholds_nothing_is_known_of_an_indicator),
        cmocka_unit_test(an_explanation_is_by_the_same_limits),
        cmocka_unit_test(a_grace_that_is_over_by_the_new_limit_is_over),
        cmocka_unit_test(what_was_before_is_by_the_same_thresholds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
