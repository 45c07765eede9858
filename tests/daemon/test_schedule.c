#include "daemon/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EPOCH_MS INT64_C(1764358477000)
#define SOURCE 4711

/* A rollout of nothing, another of a workload that rolls, and the one source that shows it. */
struct scene {
    struct config config;
    struct workload member;
    struct rollout rollouts[2];
    struct plan plan;
    struct schedule schedule;
};

static struct scene *begin(int64_t interval_ms)
{
    static struct scene scene;
    scene = (struct scene){.config = {.rollout_count = 2}, .plan = {.count = 1}};
    scene.config.prometheus.poll_interval_ms = interval_ms;
    scene.member.verdict.state = STATE_PROGRESSING;
    scene.member.memory.proof.exporters[0] = SOURCE;
    scene.rollouts[1].workloads = &scene.member;
    scene.rollouts[1].count = 1;
    schedule_start(&scene.schedule, &scene.config, scene.rollouts, 7);
    return &scene;
}

/* So many answers, each when it is due, of a source that is scraped each 15 s. The last distance.
 */
static int64_t ask_times(struct scene *scene, int times)
{
    int64_t now = 1000000, due = now;
    for (int i = 0; i < times; i++) {
        now = due;
        struct source_seen seen = {.id = SOURCE, .newest_ms = EPOCH_MS + now - now % 15000};
        const struct answer answer = {
            .eval_ms = EPOCH_MS + now, .sent_ms = now, .sources = &seen, .source_count = 1};
        schedule_learn(&scene->schedule, &scene->plan, &answer);
        due = schedule_round_ms(&scene->schedule, &scene->plan, now);
    }
    return due - now;
}

static void a_rollout_is_asked_after_in_phase(void **state)
{
    (void)state;
    struct scene *scene = begin(60000);
    assert_int_equal(ask_times(scene, 1), SCHEDULE_FAST_MS); /* nothing is known yet */
    assert_in_range(ask_times(scene, 60), 14500, 15500);
}

static void a_short_interval_is_kept_to(void **state)
{
    (void)state;
    assert_int_equal(ask_times(begin(2000), 60), 2000);
    assert_int_equal(ask_times(begin(100), 60), 100);
}

static void what_is_dear_is_not_asked_faster(void **state)
{
    (void)state;
    struct scene *scene = begin(60000);
    scene->plan.form = PLAN_SURVEY;
    if (!plan_is_dear(&scene->plan))
        fail_msg("the scene's plan is not dear");
    assert_int_equal(ask_times(scene, 60), 60000);
    assert_int_equal(schedule_own_ms(&scene->schedule, &scene->plan), 60000);
}

static void own_queries_are_asked_fast_while_a_rollout_moves(void **state)
{
    (void)state;
    struct scene *scene = begin(10000);
    assert_int_equal(schedule_own_ms(&scene->schedule, &scene->plan), SCHEDULE_FAST_MS);
    scene->member.verdict.state = STATE_STABLE;
    assert_int_equal(schedule_own_ms(&scene->schedule, &scene->plan), 10000);
}

static void without_workloads_only_the_time_is_asked(void **state)
{
    (void)state;
    static const int64_t due[][2] = {{1000, 65000}, {59000, 65000}, {60000, 65000}, {90000, 95000}};
    for (size_t i = 0; i < sizeof due / sizeof due[0]; i++) {
        struct scene *scene = begin(due[i][0]);
        scene->plan.count = 0;
        assert_int_equal(schedule_round_ms(&scene->schedule, &scene->plan, 5000), due[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rollout_is_asked_after_in_phase),
        cmocka_unit_test(a_short_interval_is_kept_to),
        cmocka_unit_test(what_is_dear_is_not_asked_faster),
        cmocka_unit_test(own_queries_are_asked_fast_while_a_rollout_moves),
        cmocka_unit_test(without_workloads_only_the_time_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
