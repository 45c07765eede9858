/*
 * What is news on the wall: a change of any part of what is known, and nothing else; and what is
 * there before any. Of a card that is wrong there will be none.
 */
#include "daemon/model.h"

#include "base/log.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct rollout_settings settings[] = {
    {.name = "web", .namespace_ = "shop", .kinds = KIND_BIT(KIND_DEPLOYMENT), .max_workloads = 4},
    {.name = "api", .namespace_ = "shop", .kinds = KIND_BIT(KIND_DEPLOYMENT), .max_workloads = 4}};
static const struct config config = {
    .rollouts = settings, .rollout_count = 2, .prometheus = {.poll_interval_ms = 10000}};

#define NONE ((double)NAN)

/* One after the other. */
static const struct {
    const char *sentence;
    enum state state;
    enum why why;
    double p, q;
    int64_t updated, available, spec;
    bool calm, is_news;
} rows[] = {
    {"it begins", STATE_PROGRESSING, WHY_ROLLOUT, NONE, NONE, 2, 2, 4, false, true},
    {"nobody knows how far", STATE_PROGRESSING, WHY_ROLLOUT, NONE, NONE, 2, 2, 4, false, false},
    {"it is half-way", STATE_PROGRESSING, WHY_ROLLOUT, 0.5, NONE, 2, 2, 4, false, true},
    {"it stays there", STATE_PROGRESSING, WHY_ROLLOUT, 0.5, NONE, 2, 2, 4, false, false},
    {"it goes back", STATE_PROGRESSING, WHY_ROLLOUT, 0.25, NONE, 2, 2, 4, false, true},
    {"it goes on", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, NONE, 2, 2, 4, false, true},
    {"pods are created", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.6, 2, 2, 4, false, true},
    {"fewer are", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.5, 2, 2, 4, false, true},
    {"more are", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.7, 2, 2, 4, false, true},
    {"just as many", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.7, 2, 2, 4, false, false},
    {"nobody knows any more", STATE_PROGRESSING, WHY_ROLLOUT, NONE, 0.7, 2, 2, 4, false, true},
    {"it is known again", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.7, 2, 2, 4, false, true},
    {"one more is updated", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.7, 3, 2, 4, false, true},
    {"is available", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.7, 3, 3, 4, false, true},
    {"is wanted", STATE_PROGRESSING, WHY_ROLLOUT, 0.4, 0.7, 3, 3, 5, false, true},
    {"it is another reason", STATE_PROGRESSING, WHY_SCALING, 0.4, 0.7, 3, 3, 5, false, true},
    {"another state", STATE_STALLED, WHY_SCALING, 0.4, 0.7, 3, 3, 5, false, true},
    {"pods are lost", STATE_DEGRADED, WHY_LOST_PODS, 0.4, 0.7, 3, 3, 5, true, true},
    {"it is calm still", STATE_DEGRADED, WHY_LOST_PODS, 0.4, 0.7, 3, 3, 5, true, false},
    {"and no longer", STATE_DEGRADED, WHY_LOST_PODS, 0.4, 0.7, 3, 3, 5, false, true},
};

static struct verdict verdict_of_row(size_t row)
{
    return (struct verdict){.state = rows[row].state,
                            .why = rows[row].why,
                            .p = rows[row].p,
                            .q = rows[row].q,
                            .updated = rows[row].updated,
                            .available = rows[row].available,
                            .spec = rows[row].spec,
                            .calm = rows[row].calm};
}

static void start(struct model *model)
{
    struct error error;
    settings[0].limits = settings[1].limits = limits_default;
    assert_true(model_start(model, &config, 0, &error));
    for (size_t i = 0; i < 2; i++) {
        model->rollouts[i].verdict =
            (struct verdict){.state = STATE_STABLE, .why = WHY_COMPLETE, .p = 1, .q = 1};
        model->rollouts[i].seen_ms = 0;
    }
}

static void each_part_of_a_verdict_is_news(void **state)
{
    (void)state;
    static struct model model;
    const struct poll_report good = {.asked = true, .ok = true};
    start(&model);
    assert_true(model_take(&model, &good, 500));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        model.rollouts[1].verdict = verdict_of_row(i);
        const bool is_news = model_take(&model, &good, 1000 * (int64_t)(i + 1));
        if (is_news != rows[i].is_news)
            fail_msg("%s: that is %s", rows[i].sentence, is_news ? "news" : "no news");
    }
    model_stop(&model);
}

static void another_number_of_workloads_is_news(void **state)
{
    (void)state;
    static struct model model;
    static const struct {
        size_t dropped; /* of the second, for which there is no room */
        bool is_news;
    } totals[] = {{1, true}, {1, false}, {3, true}, {2, true}, {2, false}, {0, true}, {0, false}};
    const struct poll_report good = {.asked = true, .ok = true};
    start(&model);
    assert_true(model_take(&model, &good, 500));
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        model.rollouts[1].dropped = totals[i].dropped;
        if (model_take(&model, &good, 1000 * (int64_t)(i + 1)) != totals[i].is_news)
            fail_msg("%zu workloads are %s", totals[i].dropped,
                     totals[i].is_news ? "no news" : "news");
    }
    model_stop(&model);
}

/* Of either, and of both on one bar, which is that of the slower; of a settled one there is none.
 */
static void another_time_left_is_news(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        int64_t left_s[2]; /* 0: not known */
        enum state second;
        bool is_news;
        int64_t common_s;
    } times[] = {
        {"of none it is known", {0, 0}, STATE_PROGRESSING, false, 0},
        {"of one it is", {60, 0}, STATE_PROGRESSING, true, 0},
        {"of the other, too", {60, 90}, STATE_PROGRESSING, true, 90},
        {"it stays", {60, 90}, STATE_PROGRESSING, false, 90},
        {"the quicker one gains", {50, 90}, STATE_PROGRESSING, true, 90},
        {"the slower one does", {50, 80}, STATE_PROGRESSING, true, 80},
        {"it is the quicker one now", {50, 40}, STATE_PROGRESSING, true, 50},
        {"both take as long", {40, 40}, STATE_PROGRESSING, true, 40},
        {"of one it is not known any more", {0, 40}, STATE_PROGRESSING, true, 0},
        {"it is again", {40, 40}, STATE_PROGRESSING, true, 40},
        {"one is done, and the other counts", {40, 40}, STATE_STABLE, true, 40},
        {"which goes on", {30, 40}, STATE_STABLE, true, 30},
        {"as before", {30, 20}, STATE_STABLE, false, 30},
    };
    static struct model model;
    const struct poll_report good = {.asked = true, .ok = true};
    start(&model);
    for (size_t i = 0; i < 2; i++) {
        model.rollouts[i].verdict.state = STATE_PROGRESSING;
        model.rollouts[i].count = 1;
        model.rollouts[i].workloads[0].verdict.state = STATE_PROGRESSING;
    }
    assert_true(model_take(&model, &good, 500));
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        for (size_t k = 0; k < 2; k++) {
            struct time_left *left = &model.rollouts[k].workloads[0].time_left;
            left->left_ms = left->shown_ms = times[i].left_s[k] * 1000;
        }
        model.rollouts[1].verdict.state = times[i].second;
        model.rollouts[1].workloads[0].verdict.state = times[i].second;
        const bool is_news = model_take(&model, &good, 1000 * (int64_t)(i + 1));
        if (is_news != times[i].is_news)
            fail_msg("%s: that is %s", times[i].sentence, is_news ? "news" : "no news");
        if (model.common.left_ms != times[i].common_s * 1000 ||
            model.shows[0].left_ms != times[i].left_s[0] * 1000)
            fail_msg("%s: on one bar %d s are left", times[i].sentence,
                     (int)(model.common.left_ms / 1000));
    }
    model_stop(&model);
}

/* Also where the failure was told before, of an own query. */
static void a_picture_that_dims_is_news(void **state)
{
    (void)state;
    static struct model model;
    const struct poll_report good = {.asked = true, .ok = true};
    const struct poll_report bad = {.asked = true, .error = {"it is down"}};
    start(&model);
    model_take(&model, &good, 1000);
    assert_true(model_take(&model, &bad, 2000));
    assert_false(model_take(&model, &bad, 3000));
    rollout_observe_failure(&model.rollouts[0], 4000);
    assert_true(model_take(&model, &bad, 4000));
    assert_true(model.shows[0].dimmed && model.common.dimmed && !model.shows[1].dimmed);
    model_stop(&model);
}

/* For the want of an answer what was known stays, dimmed; an answer by which it is not known any
   more, whatever the reason, is shown at once. */
static void only_for_want_of_an_answer_it_dims(void **state)
{
    (void)state;
    static struct model model;
    const struct poll_report good = {.asked = true, .ok = true};
    for (int why = 0; why <= WHY_DELETING; why++) {
        const bool dims = why_is((enum why)why, WHYS_UNANSWERED);
        start(&model);
        for (size_t i = 0; i < 2; i++)
            model.rollouts[i].verdict =
                (struct verdict){.state = STATE_STABLE, .why = WHY_COMPLETE, .p = 1, .q = 1};
        model_take(&model, &good, 1000);
        model.rollouts[0].verdict = verdict_unknown((enum why)why);
        assert_true(model_take(&model, &good, 2000));
        const struct show *shows[] = {&model.shows[0], &model.common};
        for (size_t i = 0; i < 2; i++)
            if (shows[i]->dimmed != dims ||
                shows[i]->verdict.state != (dims ? STATE_STABLE : STATE_UNKNOWN))
                fail_msg("%s: it shows %s%s", why_sentence((enum why)why),
                         state_name(shows[i]->verdict.state), shows[i]->dimmed ? ", dimmed" : "");
        model_stop(&model);
    }
}

/* Each is shown by its name as not asked yet, also what is asked by a query, however short. */
static void at_first_nothing_was_asked(void **state)
{
    (void)state;
    static struct model model;
    struct rollout_settings both[] = {settings[0], settings[1]};
    struct config other = config;
    struct error error;
    text_copy(both[1].query, sizeof both[1].query, "q");
    other.rollouts = both;
    assert_true(model_start(&model, &other, 500, &error));
    for (size_t i = 0; i < 2; i++) {
        const struct show *show = &model.shows[i];
        assert_string_equal(show->name, both[i].name);
        assert_int_equal(show->verdict.state, STATE_UNKNOWN);
        assert_int_equal(show->verdict.why, WHY_NOT_ASKED);
        assert_int_equal(show->since_ms, 500);
        assert_int_equal(model.rollouts[i].is_query, i == 1);
        assert_int_equal(model.rollouts[i].kinds, i == 1 ? 0 : KIND_BIT(KIND_DEPLOYMENT));
    }
    assert_int_equal(model.common.verdict.why, WHY_NOT_ASKED);
    assert_int_equal(model.history.count, 0);
    model_stop(&model);
}

static void expect_wrong_card(const char *words)
{
    static struct model model;
    struct config wrong = config;
    struct error error;
    error_set(&wrong.card_fault, "%s", words);
    assert_true(model_start(&model, &wrong, 0, &error));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(model.rollouts[i].verdict.why, WHY_CARD_WRONG);
        assert_int_equal(model.shows[i].verdict.why, WHY_CARD_WRONG);
        assert_string_equal(model.rollouts[i].detail, words);
    }
    assert_int_equal(model.common.verdict.state, STATE_UNKNOWN);
    assert_int_equal(model.common.verdict.why, WHY_CARD_WRONG);
    model_stop(&model);
}

static void of_a_wrong_card_nothing_is_known(void **state)
{
    (void)state;
    expect_wrong_card("config.txt is not there");
    expect_wrong_card("?");
}

int main(void)
{
    log_threshold(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_of_a_verdict_is_news),
        cmocka_unit_test(another_number_of_workloads_is_news),
        cmocka_unit_test(another_time_left_is_news),
        cmocka_unit_test(a_picture_that_dims_is_news),
        cmocka_unit_test(only_for_want_of_an_answer_it_dims),
        cmocka_unit_test(at_first_nothing_was_asked),
        cmocka_unit_test(of_a_wrong_card_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
