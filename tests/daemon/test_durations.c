#include "daemon/durations.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A rollout of one workload of that name, at rest. */
struct scene {
    struct durations *durations;
    struct workload workload;
    struct rollout rollout;
    int64_t now_ms;
};

static void see(struct scene *scene, enum state state, double p, int64_t passed_ms)
{
    const struct verdict verdict = {
        .state = state, .why = state == STATE_STABLE ? WHY_COMPLETE : WHY_ROLLOUT, .p = p, .q = p};
    scene->now_ms += passed_ms;
    time_left_observe(&scene->workload.time_left, &verdict, scene->now_ms);
    durations_observe(scene->durations, &scene->rollout, scene->now_ms);
}

static void name(struct scene *scene, int number)
{
    char text[32];
    snprintf(text, sizeof text, "web-%d", number);
    text_copy(scene->workload.name, sizeof scene->workload.name, text);
    scene->workload.time_left = (struct time_left){0};
    scene->rollout = (struct rollout){.workloads = &scene->workload, .count = 1};
    see(scene, STATE_STABLE, 1, 1000);
}

/* A whole rollout that takes so long. */
static void roll(struct scene *scene, int64_t seconds)
{
    see(scene, STATE_PROGRESSING, 0, 0);
    for (int64_t passed = 0; passed + 10 < seconds; passed += 10)
        see(scene, STATE_PROGRESSING, 0.5, 10000);
    see(scene, STATE_STABLE, 1, 10000);
}

/* What is told to one that begins; it is broken off. */
static struct usual_time usual(struct scene *scene)
{
    see(scene, STATE_PROGRESSING, 0, 0);
    const struct usual_time told = scene->workload.time_left.usual;
    see(scene, STATE_FAILED, 0, 0);
    see(scene, STATE_STABLE, 1, 0);
    return told;
}

static struct scene *begin(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->durations = calloc(1, sizeof *scene->durations);
    assert_non_null(scene->durations);
    return scene;
}

static void end(struct scene *scene)
{
    free(scene->durations);
    free(scene);
}

static void the_newest_runs_of_a_workload_are_kept(void **unused)
{
    (void)unused;
    struct scene *scene = begin();
    name(scene, 1);
    assert_int_equal(usual(scene).runs, 0);
    roll(scene, 100);
    assert_int_equal(usual(scene).runs, 1);
    assert_int_equal(usual(scene).time.total_s, 100);
    for (int i = 0; i < DURATIONS_RUNS; i++)
        roll(scene, 300);
    assert_int_equal(usual(scene).runs, DURATIONS_RUNS);
    assert_int_equal(usual(scene).time.total_s, 300);
    name(scene, 2);
    assert_int_equal(usual(scene).runs, 0);
    end(scene);
}

static void who_was_not_asked_for_for_longest_makes_room(void **unused)
{
    (void)unused;
    struct scene *scene = begin();
    for (int i = 0; i < DURATIONS_WORKLOADS; i++) {
        name(scene, i);
        roll(scene, 100);
    }
    name(scene, 0);
    assert_int_equal(usual(scene).runs, 1);
    name(scene, DURATIONS_WORKLOADS);
    roll(scene, 100);
    name(scene, 0);
    assert_int_equal(usual(scene).runs, 1);
    name(scene, 1);
    assert_int_equal(usual(scene).runs, 0);
    name(scene, 2);
    assert_int_equal(usual(scene).runs, 1);
    end(scene);
}

/* Of the same name, but elsewhere, or of another kind. */
static void another_workload_has_not_rolled(void **unused)
{
    (void)unused;
    struct scene *scene = begin();
    struct workload *workload = &scene->workload;
    name(scene, 1);
    roll(scene, 100);
    char *const places[] = {workload->cluster, workload->namespace_, workload->exported};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        text_copy(places[i], 2, "x");
        assert_int_equal(usual(scene).runs, 0);
        places[i][0] = '\0';
    }
    workload->kind = KIND_STATEFULSET;
    assert_int_equal(usual(scene).runs, 0);
    workload->kind = (enum workload_kind)0;
    workload->ratio_id = 7;
    assert_int_equal(usual(scene).runs, 0);
    workload->ratio_id = 0;
    assert_int_equal(usual(scene).runs, 1);
    end(scene);
}

static void each_workload_of_a_rollout_has_its_own(void **unused)
{
    (void)unused;
    struct scene *scene = begin();
    struct workload both[2] = {{.name = "still"}, {.name = "web"}};
    struct rollout rollout = {.workloads = both, .count = 2};
    static const double progress[] = {0, 0.5, 1};
    for (int64_t i = 0; i < 3; i++) {
        const struct verdict moves = {.state = i < 2 ? STATE_PROGRESSING : STATE_STABLE,
                                      .why = i < 2 ? WHY_ROLLOUT : WHY_COMPLETE,
                                      .p = progress[i],
                                      .q = progress[i]};
        const struct verdict rests = {.state = STATE_STABLE, .why = WHY_COMPLETE, .p = 1, .q = 1};
        if (i == 0)
            time_left_observe(&both[1].time_left, &rests, 0);
        time_left_observe(&both[0].time_left, &rests, 1000 + 10000 * i);
        time_left_observe(&both[1].time_left, &moves, 1000 + 10000 * i);
        durations_observe(scene->durations, &rollout, 1000 + 10000 * i);
    }
    text_copy(scene->workload.name, sizeof scene->workload.name, "web");
    scene->rollout = (struct rollout){.workloads = &scene->workload, .count = 1};
    see(scene, STATE_STABLE, 1, 60000);
    assert_int_equal(usual(scene).runs, 1);
    assert_int_equal(usual(scene).time.total_s, 20);
    end(scene);
}

static void in_two_rollouts_of_the_config_it_is_one_workload(void **unused)
{
    (void)unused;
    struct scene *scene = begin();
    name(scene, 1);
    see(scene, STATE_PROGRESSING, 0, 0);
    see(scene, STATE_PROGRESSING, 0.5, 10000);
    struct workload again = scene->workload;
    struct rollout other = {.workloads = &again, .count = 1};
    const struct verdict done = {.state = STATE_STABLE, .why = WHY_COMPLETE, .p = 1, .q = 1};
    time_left_observe(&again.time_left, &done, scene->now_ms + 10000);
    see(scene, STATE_STABLE, 1, 10000);
    durations_observe(scene->durations, &other, scene->now_ms);
    assert_int_equal(usual(scene).runs, 1);
    end(scene);
}

static void it_is_small(void **unused)
{
    (void)unused;
    assert_in_range(sizeof(struct durations), 1, 32 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_runs_of_a_workload_are_kept),
        cmocka_unit_test(who_was_not_asked_for_for_longest_makes_room),
        cmocka_unit_test(another_workload_has_not_rolled),
        cmocka_unit_test(each_workload_of_a_rollout_has_its_own),
        cmocka_unit_test(in_two_rollouts_of_the_config_it_is_one_workload),
        cmocka_unit_test(it_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
