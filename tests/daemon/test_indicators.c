#include "daemon/indicators.h"

#include "base/log.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POLL_MS 10000
#define GRACE_MS 120000
#define DAY_MS INT64_C(86400000)
#define FAILED ((double)INFINITY) /* instead of a value */

/* One indicator, explained by the rollout cms, in virtual time. */
struct story {
    struct config config;
    struct rollout_settings rollout_settings;
    struct indicator_settings settings;
    struct rollout rollout;
    struct indicators indicators;
    struct history history;
};

static void begin(struct story *story)
{
    *story = (struct story){
        .config = {.rollout_count = 1, .indicator_count = 1},
        .rollout_settings = {.name = "cms"},
        .settings = {.name = "ttfb",
                     .query = "up",
                     .limits = {.warning = 0.4, .critical = 0.8, .grace_ms = GRACE_MS},
                     .explained_by = {0},
                     .explained_by_count = 1},
        .rollout = {.name = "cms", .seen_ms = INT64_MIN}};
    story->config.rollouts = &story->rollout_settings;
    story->config.indicators = &story->settings;
    assert_true(indicators_start(&story->indicators, &story->config, 0));
    story->indicators.valid_ms[0] = 2 * DAY_MS;
}

static bool see(struct story *story, double value, enum state state, int64_t now_ms)
{
    const struct ratio_sample sample = {.labels = "{}", .value = value};
    story->rollout.verdict.state = state;
    story->rollout.seen_ms = now_ms;
    if (isinf(value))
        indicator_observe_failure(&story->indicators.indicators[0], now_ms);
    else
        indicator_observe(&story->indicators.indicators[0], &sample, 1, false, now_ms);
    story->indicators.indicators[0].seen_ms = now_ms;
    return indicators_take(&story->indicators, &story->rollout, POLL_MS, &story->history, now_ms);
}

static void check_shown(const struct story *story, enum health health, bool explained, bool dimmed)
{
    const struct gauge *shown = &story->indicators.shown[0];
    if (shown->health != health || shown->explained != explained || shown->dimmed != dimmed)
        fail_msg("%s%s%s is shown", health_name(shown->health),
                 shown->explained ? ", explained" : "", shown->dimmed ? ", dimmed" : "");
}

static void check_history(const struct story *story, const char *const expected[][3], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct transition *transition = history_newest(&story->history, count - 1 - i);
        assert_non_null(transition);
        assert_string_equal(transition->name, "ttfb");
        assert_string_equal(transition->from, expected[i][0]);
        assert_string_equal(transition->to, expected[i][1]);
        if (strstr(transition->why, expected[i][2]) == NULL)
            fail_msg("'%s' does not say '%s'", transition->why, expected[i][2]);
    }
    assert_null(history_newest(&story->history, count));
}

static void every_transition_is_told_with_its_reason(void **state)
{
    (void)state;
    struct story story;
    begin(&story);
    assert_true(see(&story, 0.1, STATE_STABLE, 0));
    assert_false(see(&story, 0.2, STATE_PROGRESSING, 10000));
    assert_true(see(&story, 0.5, STATE_PROGRESSING, 20000));
    assert_true(story.indicators.reported[0].since_ms == 20000);
    assert_false(see(&story, 0.6, STATE_STABLE, 30000));
    check_shown(&story, HEALTH_WARNING, true, false);
    assert_true(see(&story, 0.6, STATE_FAILED, 40000));
    assert_true(see(&story, 0.9, STATE_FAILED, 50000));
    assert_true(see(&story, 0.1, STATE_STABLE, 60000));
    static const char *const expected[][3] = {
        {"unknown", "ok", "0.1, good"},
        {"ok", "explained_warning", "explained by the rollout of cms"},
        {"explained_warning", "warning", "the rollout of cms has failed"},
        {"warning", "critical", "critical from 0.8 up"},
        {"critical", "ok", "good"},
    };
    check_history(&story, expected, 5);
    indicators_stop(&story.indicators);
}

static void an_explanation_ends_by_itself_between_two_polls(void **state)
{
    (void)state;
    struct story story;
    begin(&story);
    see(&story, 0.1, STATE_STABLE, 0);
    see(&story, 0.9, STATE_PROGRESSING, 10000);
    assert_true(indicators_expiry_ms(&story.indicators) > DAY_MS);
    see(&story, 0.9, STATE_STABLE, 20000);
    assert_true(indicators_expiry_ms(&story.indicators) == 20000 + GRACE_MS);
    assert_false(
        indicators_expire(&story.indicators, &story.rollout, &story.history, 20000 + GRACE_MS - 1));
    check_shown(&story, HEALTH_CRITICAL, true, false);
    assert_true(
        indicators_expire(&story.indicators, &story.rollout, &story.history, 20000 + GRACE_MS));
    check_shown(&story, HEALTH_CRITICAL, false, false);
    assert_true(indicators_expiry_ms(&story.indicators) > DAY_MS);
    assert_string_equal(history_newest(&story.history, 0)->from, "explained_critical");
    indicators_stop(&story.indicators);
}

static void a_value_counts_no_longer_than_its_time(void **state)
{
    (void)state;
    struct story story;
    begin(&story);
    story.indicators.valid_ms[0] = 110000;
    see(&story, 0.1, STATE_STABLE, 10000);
    assert_true(indicators_expiry_ms(&story.indicators) == 120000);
    assert_false(indicators_expire(&story.indicators, &story.rollout, &story.history, 119999));
    check_shown(&story, HEALTH_OK, false, false);
    assert_true(indicators_expire(&story.indicators, &story.rollout, &story.history, 120000));
    check_shown(&story, HEALTH_UNKNOWN, false, false);
    assert_true(indicators_expiry_ms(&story.indicators) == INT64_MAX);
    indicators_stop(&story.indicators);
}

/* Each has its own time, and all are looked at. */
static void each_value_counts_no_longer_than_its_time(void **state)
{
    (void)state;
    struct indicators indicators;
    struct history history = {0};
    struct indicator_settings settings[3] = {
        {.name = "a", .limits = {.warning = 1, .critical = 2}},
        {.name = "b", .limits = {.warning = 1, .critical = 2}},
        {.name = "c", .limits = {.warning = 1, .critical = 2}}};
    const struct config config = {.indicators = settings, .indicator_count = 3};
    const struct ratio_sample sample = {.labels = "{}", .value = 0.1};
    assert_true(indicators_start(&indicators, &config, 0));
    for (size_t i = 0; i < 3; i++) {
        indicators.valid_ms[i] = i == 0 ? DAY_MS : 100000 + 1000 * (int64_t)i;
        indicator_observe(&indicators.indicators[i], &sample, 1, false, 0);
    }
    indicators_take(&indicators, NULL, POLL_MS, &history, 0);
    for (size_t i = 1; i < 3; i++) {
        const int64_t end_ms = 100000 + 1000 * (int64_t)i;
        assert_int_equal(indicators_expiry_ms(&indicators), end_ms);
        assert_false(indicators_expire(&indicators, NULL, &history, end_ms - 1));
        assert_int_equal(indicators.shown[i].health, HEALTH_OK);
        assert_true(indicators_expire(&indicators, NULL, &history, end_ms));
        assert_int_equal(indicators.shown[i].health, HEALTH_UNKNOWN);
    }
    assert_int_equal(indicators.shown[0].health, HEALTH_OK);
    indicators_stop(&indicators);
}

/* As many as there may be. */
static void all_rollouts_may_explain_it(void **state)
{
    (void)state;
    struct indicators indicators;
    struct indicator_settings settings = {.name = "ttfb",
                                          .explained_by_count = CONFIG_ROLLOUTS_MAX};
    const struct config config = {.indicators = &settings, .indicator_count = 1};
    for (size_t i = 0; i < CONFIG_ROLLOUTS_MAX; i++)
        settings.explained_by[i] = CONFIG_ROLLOUTS_MAX - 1 - i;
    assert_true(indicators_start(&indicators, &config, 0));
    assert_int_equal(indicators.indicators[0].cause_count, CONFIG_ROLLOUTS_MAX);
    for (size_t i = 0; i < CONFIG_ROLLOUTS_MAX; i++)
        assert_int_equal(indicators.indicators[0].causes[i].rollout, CONFIG_ROLLOUTS_MAX - 1 - i);
    indicators_stop(&indicators);
}

/* Of a rare one until it was asked again. */
static void a_value_counts_for_its_own_interval(void **state)
{
    (void)state;
    static const struct {
        int64_t own_ms, counted_ms;
    } rows[] = {{0, 10000}, {5000, 10000}, {10000, 10000}, {10001, 10001}, {60000, 60000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct indicators indicators;
        struct indicator_settings settings = {.poll_interval_ms = rows[i].own_ms};
        const struct config config = {
            .indicators = &settings,
            .indicator_count = 1,
            .prometheus = {.poll_interval_ms = POLL_MS, .timeout_ms = 3000}};
        assert_true(indicators_start(&indicators, &config, 0));
        assert_int_equal(indicators.valid_ms[0],
                         limits_default.max_age_ms + rows[i].counted_ms + 3000);
        indicators_stop(&indicators);
    }
}

static void one_failed_poll_dims_and_the_next_is_unknown(void **state)
{
    (void)state;
    struct story story;
    begin(&story);
    check_shown(&story, HEALTH_UNKNOWN, false, false);
    see(&story, 0.1, STATE_STABLE, 0);
    assert_true(see(&story, FAILED, STATE_UNKNOWN, 10000));
    check_shown(&story, HEALTH_OK, false, true);
    assert_int_equal(story.indicators.indicators[0].health, HEALTH_UNKNOWN); /* the truth */
    assert_true(see(&story, FAILED, STATE_UNKNOWN, 11000));
    check_shown(&story, HEALTH_UNKNOWN, false, false);
    see(&story, 0.1, STATE_STABLE, 20000);
    see(&story, FAILED, STATE_UNKNOWN, 30000);
    assert_true(indicators_expiry_ms(&story.indicators) == 30000 + POLL_MS);
    assert_false(
        indicators_expire(&story.indicators, &story.rollout, &story.history, 30000 + POLL_MS - 1));
    check_shown(&story, HEALTH_OK, false, true);
    assert_true(
        indicators_expire(&story.indicators, &story.rollout, &story.history, 30000 + POLL_MS));
    check_shown(&story, HEALTH_UNKNOWN, false, false);
    assert_true(indicators_expiry_ms(&story.indicators) == INT64_MAX);
    indicators_stop(&story.indicators);
}

/* An answer that has no value, or part of it, is shown at once. */
static void only_for_want_of_an_answer_it_dims(void **state)
{
    (void)state;
    for (size_t partial = 0; partial < 2; partial++) {
        const struct ratio_sample sample = {.labels = "{}", .value = (double)NAN};
        struct story story;
        begin(&story);
        see(&story, 0.1, STATE_STABLE, 0);
        struct indicator *indicator = &story.indicators.indicators[0];
        indicator_observe(indicator, &sample, partial, partial == 1, 10000);
        assert_int_equal(indicator->health, HEALTH_UNKNOWN);
        assert_int_not_equal(indicator->why, INDICATOR_FETCH);
        assert_true(
            indicators_take(&story.indicators, &story.rollout, POLL_MS, &story.history, 10000));
        check_shown(&story, HEALTH_UNKNOWN, false, false);
        indicators_stop(&story.indicators);
    }
}

static void another_cluster_is_another_indicator(void **state)
{
    (void)state;
    struct story story;
    struct indicators next;
    begin(&story);
    see(&story, 0.1, STATE_STABLE, 0);
    struct indicator_settings settings = story.settings;
    text_copy(settings.cluster, sizeof settings.cluster, "eu-1");
    struct config config = story.config;
    config.indicators = &settings;
    assert_true(indicators_start(&next, &config, 15000));
    indicators_adopt(&(struct succession){&story.config, &config, &story.indicators, &next});
    assert_int_equal(next.shown[0].health, HEALTH_UNKNOWN);
    indicators_stop(&story.indicators);
    indicators_stop(&next);
}

/* What another namespace's rollout did explains nothing of this one's. */
static void a_rollout_of_the_same_name_is_not_the_same(void **state)
{
    (void)state;
    struct story story;
    struct indicators next;
    begin(&story);
    see(&story, 0.1, STATE_STABLE, 0);
    see(&story, 0.5, STATE_PROGRESSING, 10000);
    struct rollout_settings rollout = {.name = "cms", .namespace_ = "elsewhere"};
    struct config config = story.config;
    config.rollouts = &rollout;
    assert_true(indicators_start(&next, &config, 15000));
    indicators_adopt(&(struct succession){&story.config, &config, &story.indicators, &next});
    struct indicators before = story.indicators;
    story.indicators = next;
    see(&story, 0.5, STATE_STABLE, 20000);
    check_shown(&story, HEALTH_WARNING, false, false);
    indicators_stop(&story.indicators);
    indicators_stop(&before);
}

/* The rollouts of the new config stand in another order, and there is one more. */
static void a_new_config_goes_on_with_what_is_known(void **state)
{
    (void)state;
    struct story story;
    struct indicators next;
    begin(&story);
    see(&story, 0.1, STATE_STABLE, 0);
    see(&story, 0.5, STATE_PROGRESSING, 10000);
    struct rollout_settings rollouts[] = {{.name = "shop"}, {.name = "cms"}};
    struct indicator_settings settings[] = {story.settings, story.settings};
    text_copy(settings[0].name, sizeof settings[0].name, "other");
    settings[1].explained_by[0] = 1; /* the one that did before */
    settings[1].explained_by[1] = 0;
    settings[1].explained_by_count = 2;
    settings[1].limits.grace_ms = 5000;
    struct config config = {
        .rollouts = rollouts, .rollout_count = 2, .indicators = settings, .indicator_count = 2};
    story.indicators.dim_until_ms[0] = 12000;
    assert_true(indicators_start(&next, &config, 15000));
    assert_int_equal(next.indicators[1].causes[0].rollout, 1);
    indicators_adopt(&(struct succession){&story.config, &config, &story.indicators, &next});
    indicators_stop(&story.indicators);
    assert_int_equal(next.dim_until_ms[1], 12000);
    assert_int_equal(next.shown[0].health, HEALTH_UNKNOWN);
    assert_int_equal(next.shown[1].health, HEALTH_WARNING);
    assert_true(next.shown[1].explained);
    assert_true(next.reported[1].since_ms == 10000);

    struct rollout moving[] = {story.rollout, story.rollout};
    const struct ratio_sample sample = {.labels = "{}", .value = 0.5};
    moving[0].verdict.state = STATE_UNKNOWN;
    indicator_observe(&next.indicators[1], &sample, 1, false, 20000);
    indicators_take(&next, moving, POLL_MS, &story.history, 20000);
    assert_true(next.shown[1].explained); /* it was seen what was before */
    assert_int_equal(next.indicators[1].causes[0].rollout, 1);
    assert_int_equal(next.indicators[1].causes[1].rollout, 0);
    moving[1].verdict.state = STATE_STABLE;
    indicators_take(&next, moving, POLL_MS, &story.history, 30000);
    assert_true(indicators_expiry_ms(&next) == 35000);
    indicators_stop(&next);
}

static void the_worst_is_found(void **state)
{
    (void)state;
    struct indicators indicators = {.count = 4};
    indicators.shown[0] = (struct gauge){.health = HEALTH_CRITICAL, .explained = true};
    indicators.shown[1] = (struct gauge){.health = HEALTH_WARNING};
    indicators.shown[2] = (struct gauge){.health = HEALTH_OK};
    indicators.shown[3] = (struct gauge){.health = HEALTH_WARNING};
    assert_int_equal(indicators_worst(&indicators), 1);
    indicators.count = 0;
    assert_int_equal(indicators_worst(&indicators), 0);
}

int main(void)
{
    log_threshold(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition_is_told_with_its_reason),
        cmocka_unit_test(an_explanation_ends_by_itself_between_two_polls),
        cmocka_unit_test(a_value_counts_no_longer_than_its_time),
        cmocka_unit_test(each_value_counts_no_longer_than_its_time),
        cmocka_unit_test(all_rollouts_may_explain_it),
        cmocka_unit_test(a_value_counts_for_its_own_interval),
        cmocka_unit_test(one_failed_poll_dims_and_the_next_is_unknown),
        cmocka_unit_test(only_for_want_of_an_answer_it_dims),
        cmocka_unit_test(another_cluster_is_another_indicator),
        cmocka_unit_test(a_rollout_of_the_same_name_is_not_the_same),
        cmocka_unit_test(a_new_config_goes_on_with_what_is_known),
        cmocka_unit_test(the_worst_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
