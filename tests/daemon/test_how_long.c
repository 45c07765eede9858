/*
 * The time that is left, from poll to poll: what the wall and the caption say of it, and what is
 * learnt from one rollout for the next.
 */
#include "daemon/caption.h"
#include "daemon/four_pods.h"
#include "daemon/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POLL_MS 10000
#define ROLLOUTS 2

/* Rollouts about the Deployments shop/web and shop/cart of 4 pods each, in virtual time. */
struct story {
    struct config config;
    struct rollout_settings settings[ROLLOUTS];
    struct model model;
    struct poll_report report;
    int64_t now_ms;
};

static const char *const names[ROLLOUTS] = {"web", "cart"};

static void begin(struct story *story)
{
    *story = (struct story){.report = {.good_ms = INT64_MIN}};
    for (size_t i = 0; i < ROLLOUTS; i++) {
        story->settings[i] = (struct rollout_settings){.kinds = KIND_BIT(KIND_DEPLOYMENT),
                                                       .namespace_ = "shop",
                                                       .limits = limits_default,
                                                       .max_workloads = 4};
        text_copy(story->settings[i].name, sizeof story->settings[i].name, names[i]);
        text_copy(story->settings[i].workload, sizeof story->settings[i].workload, names[i]);
    }
    story->config.rollouts = story->settings;
    story->config.rollout_count = ROLLOUTS;
    story->config.prometheus.poll_interval_ms = POLL_MS;
    struct error error;
    assert_true(model_start(&story->model, &story->config, 0, &error));
}

/* The next poll, which sees so many new pods of each, all available. */
static void take_poll(struct story *story, const int64_t generation[], const int64_t updated[])
{
    struct row rows[ROLLOUTS];
    story->now_ms += POLL_MS;
    for (size_t i = 0; i < ROLLOUTS; i++) {
        rows[i] = four_pods(names[i], story->now_ms, generation[i], updated[i]);
        rows[i].selection = i;
    }
    struct answer answer = {.eval_ms = story->now_ms,
                            .rows = rows,
                            .count = ROLLOUTS,
                            .kind_alive = {[KIND_DEPLOYMENT] = true}};
    for (size_t i = 0; i < ROLLOUTS; i++)
        rollout_observe(&story->model.rollouts[i], &answer, i, story->now_ms);
    story->report = (struct poll_report){.asked = true, .ok = true, .good_ms = story->now_ms};
    model_take(&story->model, &story->report, story->now_ms);
}

static void poll_fails(struct story *story)
{
    story->now_ms += POLL_MS;
    for (size_t i = 0; i < ROLLOUTS; i++)
        rollout_observe_failure(&story->model.rollouts[i], story->now_ms);
    story->report.ok = false;
    error_set(&story->report.error, "nothing listens on 127.0.0.1:9090");
    model_take(&story->model, &story->report, story->now_ms);
}

/* From `pods` new pods of web until `updated` are available, each in a minute; and a poll more. */
static void roll(struct story *story, int64_t generation, int64_t pods, int64_t updated)
{
    const int64_t generations[] = {generation, 1};
    for (; pods < updated; pods++)
        for (int i = 0; i < 6; i++)
            take_poll(story, generations, (int64_t[]){pods, 4});
    take_poll(story, generations, (int64_t[]){updated, 4});
}

static void begin_at_rest(struct story *story)
{
    begin(story);
    roll(story, 1, 4, 4);
}

static void expect(const struct story *story, const struct show *show, int64_t minutes)
{
    if (show->left_ms != minutes * 60000)
        fail_msg("at %lld s %lld s are left, and not %lld min", (long long)story->now_ms / 1000,
                 (long long)show->left_ms / 1000, (long long)minutes);
}

/* Of web, and of all on one bar; and what the caption says of it. */
static void expect_left(const struct story *story, int64_t minutes, const char *words)
{
    char caption[FRAME_CAPTION_SIZE];
    expect(story, &story->model.shows[0], minutes);
    expect(story, &story->model.common, minutes);
    model_caption(&story->model, &story->report, caption, sizeof caption);
    const bool says = strstr(caption, " left") != NULL || strstr(caption, " min") != NULL;
    if (words == NULL ? says : strstr(caption, words) == NULL)
        fail_msg("'%s' does not say '%s'", caption, words == NULL ? "nothing" : words);
}

static void it_is_shown_and_learnt(void **unused)
{
    (void)unused;
    struct story story;
    begin_at_rest(&story);
    roll(&story, 2, 0, 0);
    expect_left(&story, 0, NULL);
    roll(&story, 2, 0, 2);
    expect_left(&story, 2, "; about 2 min left");
    roll(&story, 2, 0, 4); /* from the start again: that is no measure */
    roll(&story, 2, 4, 4);
    expect_left(&story, 0, NULL);
    roll(&story, 3, 0, 4);
    roll(&story, 3, 4, 4);
    roll(&story, 4, 0, 0);
    expect_left(&story, 0, "; last time 4 min");
    roll(&story, 4, 0, 1);
    expect_left(&story, 3, "; about 3 min left (last time 4 min)");
    roll(&story, 4, 1, 4);
    roll(&story, 4, 4, 4);
    roll(&story, 5, 0, 0);
    expect_left(&story, 0, "; usually 4 min");
    model_stop(&story.model);
}

static void what_is_not_known_has_none(void **unused)
{
    (void)unused;
    struct story story;
    begin_at_rest(&story);
    roll(&story, 2, 0, 2);
    poll_fails(&story); /* dimmed */
    assert_true(story.model.common.dimmed);
    expect_left(&story, 0, NULL);
    roll(&story, 2, 2, 2);
    expect_left(&story, 2, "; about 2 min left");
    assert_true(model_expire(&story.model, story.now_ms + 1000000));
    expect_left(&story, 0, NULL);
    model_stop(&story.model);
}

/* One bar is done when the last rollout is. */
static void on_one_bar_it_is_that_of_the_slowest(void **unused)
{
    (void)unused;
    struct story story;
    const int64_t both[] = {2, 2};
    begin_at_rest(&story);
    for (int i = 0; i < 6; i++)
        take_poll(&story, both, (int64_t[]){0, 0});
    for (int i = 0; i < 6; i++)
        take_poll(&story, both, (int64_t[]){1, 0});
    expect(&story, &story.model.shows[0], 2);
    expect(&story, &story.model.common, 0); /* of cart it is not known */
    take_poll(&story, both, (int64_t[]){2, 1});
    expect(&story, &story.model.shows[0], 2);
    expect(&story, &story.model.shows[1], 6);
    expect(&story, &story.model.common, 6);
    model_stop(&story.model);
}

/* Three new pods of four were old ones, that were there again at once. */
static void from_what_was_undone_nothing_is_learnt(void **unused)
{
    (void)unused;
    static struct story story; /* large */
    begin_at_rest(&story);
    for (int i = 0; i < 6; i++)
        take_poll(&story, (int64_t[]){2, 1}, (int64_t[]){1, 4});
    roll(&story, 3, 3, 4);
    assert_int_equal(story.model.rollouts[0].workloads[0].verdict.state, STATE_STABLE);
    take_poll(&story, (int64_t[]){4, 1}, (int64_t[]){0, 4});
    assert_int_equal(story.model.rollouts[0].workloads[0].time_left.usual.runs, 0);
    roll(&story, 4, 0, 4);
    take_poll(&story, (int64_t[]){5, 1}, (int64_t[]){0, 4});
    assert_int_equal(story.model.rollouts[0].workloads[0].time_left.usual.runs, 1);
    model_stop(&story.model);
}

/* What is known of one Prometheus is none of another's. */
static void a_reload_keeps_what_was_learnt(void **unused)
{
    (void)unused;
    static struct model next;
    struct story story;
    struct error error;
    begin_at_rest(&story);
    roll(&story, 2, 0, 4);
    roll(&story, 2, 4, 4);
    for (int other = 0; other <= 1; other++) {
        struct config config = story.config;
        text_copy(config.prometheus.url, sizeof config.prometheus.url, other ? "http://b:1" : "");
        assert_true(model_start(&next, &config, story.now_ms, &error));
        model_adopt(&next, &story.model, story.now_ms);
        assert_int_equal(next.durations->entries[0].count, other ? 0 : 1);
        model_stop(&next);
    }
    model_stop(&story.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_shown_and_learnt),
        cmocka_unit_test(what_is_not_known_has_none),
        cmocka_unit_test(on_one_bar_it_is_that_of_the_slowest),
        cmocka_unit_test(from_what_was_undone_nothing_is_learnt),
        cmocka_unit_test(a_reload_keeps_what_was_learnt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
