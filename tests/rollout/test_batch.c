/*
 * Several workloads on one bar.
 */
#include "rollout/scene.h"
#include "rollout/story.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DONE3 "1/1 3 3/3/3/3 N"
#define NONE (-1.0) /* no progress can be reported */

struct poll {
    const char *rows; /* NULL ends them; 10 s apart */
    enum state state;
    double p;
};

static const struct {
    const char *sentence;
    enum rollout_weight weighting;
    struct poll polls[8];
} table[] = {
    {"one that moves among many is all that counts",
     WEIGHT_REPLICAS,
     {{"a: " DONE3 "; b: " DONE3 "; c: " DONE3, STATE_STABLE, 1},
      {"a: 2/2 3 4/1/3/3 C; b: " DONE3 "; c: " DONE3, STATE_PROGRESSING, 0},
      {"a: 2/2 3 4/2/3/3 U; b: " DONE3 "; c: " DONE3, STATE_PROGRESSING, 1.0 / 3},
      {"a: 2/2 3 3/3/3/3 N; b: " DONE3 "; c: " DONE3, STATE_STABLE, 1},
      {0}}},
    {"who finishes stays, at 1, until all have",
     WEIGHT_REPLICAS,
     {{"a: 2/2 4 5/1/4/4 C; b: 2/2 4 5/1/4/4 C", STATE_PROGRESSING, 0},
      {"a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/1/4/4 U", STATE_PROGRESSING, 0.5},
      {"a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/3/4/4 U", STATE_PROGRESSING, 0.75},
      {"a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/4/5/5 U", STATE_PROGRESSING, 0.9375},
      {"a: 2/2 4 4/4/4/4 N; b: 2/2 4 4/4/4/4 N", STATE_STABLE, 1},
      {"a: 3/3 4 5/1/4/4 C; b: 2/2 4 4/4/4/4 N", STATE_PROGRESSING, 0},
      {0}}},
    {"a latecomer joins the open bar",
     WEIGHT_REPLICAS,
     {{"a: 2/2 4 5/3/4/4 U; b: 1/1 4 4/4/4/4 N", STATE_PROGRESSING, 0.5},
      {"a: 2/2 4 5/3/4/4 U; b: 2/2 4 5/1/4/4 C", STATE_PROGRESSING, 0.25},
      {0}}},
    {"the bar counts pods",
     WEIGHT_REPLICAS,
     {{"a: 2/2 1 2/1/2/2 U; b: 2/2 9 10/1/9/9 U", STATE_PROGRESSING, 0.05}, {0}}},
    {"or workloads, when that is asked for",
     WEIGHT_EQUAL,
     {{"a: 2/2 1 2/1/2/2 U; b: 2/2 9 10/1/9/9 U", STATE_PROGRESSING, 0.25}, {0}}},
    {"equal weights still withhold no more than half a pod",
     WEIGHT_EQUAL,
     {{"a: 2/2 10 10/10/9/9 U; b: 2/2 10 10/10/9/9 U", STATE_PROGRESSING, 0.9}, {0}}},
    {"the weight is that of the newest size",
     WEIGHT_REPLICAS,
     {{"a: 2/2 2 3/1/2/2 U; b: 2/2 2 3/2/3/3 U", STATE_PROGRESSING, 0.375},
      {"a: 3/3 6 7/1/6/6 U; b: 2/2 2 2/2/2/2 N", STATE_PROGRESSING, 0.25},
      {0}}},
    {"unknown is left out of the mean and keeps the bar below full",
     WEIGHT_REPLICAS,
     {{"a: 2/2 4 5/1/4/4 C; b: 1/1 4 4/4/4/4 N", STATE_PROGRESSING, 0},
      {"a: 2/2 4 4/4/4/4 N; b: 1/1 4 4/4/4/? N", STATE_UNKNOWN, 0.875},
      {"a: 2/2 4 4/4/4/4 N; b: 1/1 4 4/4/4/4 N", STATE_STABLE, 1},
      {0}}},
    {"who was unknown and comes back settled has not finished anything",
     WEIGHT_REPLICAS,
     {{"a: 2/2 4 5/2/4/4 U; b: 1/1 4 4/4/4/? N", STATE_UNKNOWN, 0.25},
      {"a: 2/2 4 5/2/4/4 U; b: 1/1 4 4/4/4/4 N", STATE_PROGRESSING, 0.25},
      {0}}},
    {"unknown among the stable: no bar at all",
     WEIGHT_REPLICAS,
     {{"a: " DONE3 "; b: " DONE3, STATE_STABLE, 1},
      {"a: " DONE3 "; b: 1/1 3 3/3/3/? N", STATE_UNKNOWN, NONE},
      {0}}},
    {"all unknown: none, and the batch is not forgotten",
     WEIGHT_REPLICAS,
     {{"a: 2/2 4 5/1/4/4 C; b: 2/2 4 5/1/4/4 C", STATE_PROGRESSING, 0},
      {"a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/1/4/4 C", STATE_PROGRESSING, 0.5},
      {"fetch", STATE_UNKNOWN, NONE},
      {"a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/2/4/4 U", STATE_PROGRESSING, 0.625},
      {0}}},
    {"a single workload's bar is its own, full when it is paused and complete",
     WEIGHT_EQUAL,
     {{"a: 2/2 10 10/10/9/9 U", STATE_PROGRESSING, 0.9},
      {"a: 3/3 10 10/10/10/10 Z paused", STATE_PAUSED, 1},
      {0}}},
    {"two paused and complete are not done",
     WEIGHT_REPLICAS,
     {{"a: 2/2 1 1/1/1/1 Z paused; b: 2/2 1 1/1/1/1 Z paused", STATE_PAUSED, 0.75}, {0}}},
    {"failed beats unknown",
     WEIGHT_REPLICAS,
     {{"a: 2/2 2 2/1/2/2 D; b: 2/2 2 2/1/2/?", STATE_FAILED, 0.5}, {0}}},
    {"unknown beats degraded",
     WEIGHT_REPLICAS,
     {{"a: 1/1 3 3/3/2/2 N; b: 2/2 2 2/1/2/?", STATE_UNKNOWN, 2.0 / 3}, {0}}},
    {"degraded beats paused",
     WEIGHT_REPLICAS,
     {{"a: 1/1 3 3/3/2/2 N; b: 2/2 3 3/3/3/3 Z paused", STATE_DEGRADED, 5.0 / 6}, {0}}},
    {"progressing beats paused",
     WEIGHT_REPLICAS,
     {{"a: 2/2 4 5/1/4/4 U; b: 2/2 4 5/3/4/4 Z paused", STATE_PROGRESSING, 0.25}, {0}}},
    {"to zero: done counts, though it has no progress of its own",
     WEIGHT_REPLICAS,
     {{"a: 2/2 0 3/3/3/3 N; b: 2/2 4 5/1/4/4 U", STATE_PROGRESSING, 0},
      {"a: 2/2 0 0/0/0/0 N; b: 2/2 4 5/1/4/4 U", STATE_PROGRESSING, 0.2},
      {0}}},
    {"zero and zero are no full bar",
     WEIGHT_REPLICAS,
     {{"a: 2/2 0 0/0/0/0 N; b: 2/2 0 0/0/0/0 N", STATE_SCALED_TO_ZERO, NONE}, {0}}},
};

static bool same(double a, double b)
{
    return isnan(a) ? isnan(b) : fabs(a - b) < 1e-12;
}

/* And one rollout's bar is the bar of all. */
static void bars_fill_as_written(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, SCENE_MEMBERS);
        scene.rollout.weighting = table[i].weighting;
        for (size_t k = 0; table[i].polls[k].rows != NULL; k++) {
            const struct poll *poll = &table[i].polls[k];
            const struct verdict *verdict = &scene.rollout.verdict;
            scene_poll(&scene, (int64_t)k * 10, poll->rows);
            bool fine = poll->p < 0 ? isnan(verdict->p) : fabs(verdict->p - poll->p) < 1e-6;
            if (!fine || verdict->state != poll->state || verdict->q < verdict->p)
                fail_msg("%s: poll %zu: %s %.6f", table[i].sentence, k, state_name(verdict->state),
                         verdict->p);
            size_t worst;
            const struct verdict common = rollouts_common(&scene.rollout, 1, &worst);
            if (common.state != verdict->state || !same(common.p, verdict->p) ||
                !same(common.q, verdict->q))
                fail_msg("%s: poll %zu: %.6f on the bar of all", table[i].sentence, k, common.p);
        }
    }
}

static void one_rollout_among_two_hundred_begins_at_nothing(void **unused)
{
    (void)unused;
    static struct workload workloads[200];
    static struct row rows[200];
    static char names[200][32];
    struct rollout rollout = {.name = "all",
                              .limits = limits_default,
                              .kinds = KIND_BIT(KIND_DEPLOYMENT),
                              .workloads = workloads,
                              .capacity = 200};
    rollout_start(&rollout, 0);
    for (int64_t t_s = 0; t_s < 20; t_s += 10) {
        for (size_t i = 0; i < 200; i++) {
            bool rolls = i == 77 && t_s > 0;
            rows[i] = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS + t_s * 1000,
                                rolls ? "2/2 3 4/1/3/3 C" : DONE3);
            snprintf(names[i], sizeof names[i], "web-%03zu", i);
            rows[i].key.name = names[i];
        }
        struct answer answer = {.eval_ms = STORY_ZERO_MS + t_s * 1000,
                                .rows = rows,
                                .count = 200,
                                .kind_alive = {true}};
        rollout_observe(&rollout, &answer, 0, t_s * 1000);
    }
    assert_int_equal(rollout.verdict.state, STATE_PROGRESSING);
    assert_true(rollout.verdict.p < 1e-9);
    assert_int_equal(rollout.verdict.spec, 3);
    assert_string_equal(workloads[rollout.worst].name, "web-077");
}

static void a_workload_without_room_keeps_the_bar_open(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 2);
    scene_poll(&scene, 0, "a: 2/2 4 5/1/4/4 C; b: " DONE3);
    scene_poll(&scene, 10, "a: 2/2 4 4/4/4/4 N; b: " DONE3 "; c: " DONE3);
    assert_int_equal(scene.rollout.verdict.state, STATE_UNKNOWN);
    assert_true(fabs(scene.rollout.verdict.p - 0.875) < 1e-9);
    assert_int_equal(scene.rollout.worst, scene.rollout.count);
}

/* ---- pods lost a moment ago */

static void a_bar_is_calm_when_all_its_degraded_workloads_are(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        int64_t t_s;
        const char *rows;
        enum state state;
        bool calm;
    } polls[] = {
        {"stable is no calm degraded", 0, "a: 1/1 9 9/9/9/9 N; b: 1/1 9 9/9/9/9 N", STATE_STABLE,
         false},
        {"a has lost a pod", 10, "a: 1/1 9 9/9/8/8 N; b: 1/1 9 9/9/9/9 N", STATE_DEGRADED, true},
        {"b loses one, too", 30, "a: 1/1 9 9/9/8/8 N; b: 1/1 9 9/9/8/8 N", STATE_DEGRADED, true},
        {"a's has been lost for long", 40, "a: 1/1 9 9/9/8/8 N; b: 1/1 9 9/9/5/5 N", STATE_DEGRADED,
         false},
        {"a is well, b's has not been lost for long", 50, "a: 1/1 9 9/9/9/9 N; b: 1/1 9 9/9/8/8 N",
         STATE_DEGRADED, true},
        {"nothing worse may stand beside it", 55, "a: 2/2 9 10/1/9/9 D; b: 1/1 9 9/9/8/8 N",
         STATE_FAILED, false},
        {"what rolls beside it is not worse", 58, "a: 2/2 9 10/1/9/9 U; b: 1/1 9 9/9/8/8 N",
         STATE_DEGRADED, true},
        {"b's has been lost for long", 60, "a: 2/2 9 10/1/9/9 U; b: 1/1 9 9/9/8/8 N",
         STATE_DEGRADED, false},
    };
    struct scene_rollout scene;
    scene_start(&scene, SCENE_MEMBERS);
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        size_t worst;
        scene_poll(&scene, polls[i].t_s, polls[i].rows);
        const struct verdict *own = &scene.rollout.verdict;
        const struct verdict common = rollouts_common(&scene.rollout, 1, &worst);
        if (own->state != polls[i].state || own->calm != polls[i].calm ||
            common.calm != polls[i].calm)
            fail_msg("%s: %s, %s", polls[i].sentence, state_name(own->state),
                     own->calm ? "calm" : "not calm");
    }
    const struct workload *worst = &scene.rollout.workloads[scene.rollout.worst];
    assert_string_equal(worst->name, "b");
}

static void what_a_survey_does_not_show_is_not_calm(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, SCENE_MEMBERS);
    scene_poll(&scene, 0, "survey 9; a: 1/1 9 9/9/8/8 N");
    assert_int_equal(scene.rollout.verdict.state, STATE_DEGRADED);
    assert_true(scene.rollout.verdict.calm);
    scene_poll(&scene, 10, "survey 9 more; a: 1/1 9 9/9/8/8 N");
    assert_int_equal(scene.rollout.verdict.state, STATE_DEGRADED);
    assert_false(scene.rollout.verdict.calm);
}

static void two_rollouts_are_calm_when_both_are(void **unused)
{
    (void)unused;
    struct scene_rollout scenes[2];
    struct rollout rollouts[2];
    size_t worst;
    for (size_t i = 0; i < 2; i++) {
        scene_start(&scenes[i], SCENE_MEMBERS);
        scene_poll(&scenes[i], 0, "a: 1/1 9 9/9/9/9 N");
    }
    scene_poll(&scenes[0], 10, "a: 1/1 9 9/9/8/8 N");
    scene_poll(&scenes[1], 30, "a: 1/1 9 9/9/7/7 N");
    rollouts[0] = scenes[0].rollout;
    rollouts[1] = scenes[1].rollout;
    assert_true(rollouts_common(rollouts, 2, &worst).calm);
    scene_poll(&scenes[0], 40, "a: 1/1 9 9/9/8/8 N");
    rollouts[0] = scenes[0].rollout;
    assert_false(rollouts_common(rollouts, 2, &worst).calm);
    assert_int_equal(worst, 0);
}

/* ---- several rollouts on one bar */

static void poll_two(struct rollout rollouts[static 2], int64_t t_s, const char *a, const char *b)
{
    const char *const texts[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        struct row row = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS + t_s * 1000, texts[i]);
        struct answer answer = {
            .eval_ms = STORY_ZERO_MS + t_s * 1000, .rows = &row, .count = 1, .kind_alive = {true}};
        rollout_observe(&rollouts[i], &answer, 0, t_s * 1000);
    }
}

static void rollouts_share_a_bar(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *a, *b;
        enum state state;
        double p;
        size_t worst;
    } polls[] = {
        {"both settled", "1/1 4 4/4/4/4 N", "1/1 4 4/4/4/4 N", STATE_STABLE, 1, 0},
        {"one rolls: the other does not count", "1/1 4 4/4/4/4 N", "2/2 4 5/2/4/4 U",
         STATE_PROGRESSING, 0.25, 1},
        {"both roll", "2/2 4 5/1/4/4 U", "2/2 4 5/3/4/4 U", STATE_PROGRESSING, 0.25, 0},
        {"one is done, and stays although its own bar is closed", "2/2 4 5/1/4/4 U",
         "2/2 4 4/4/4/4 N", STATE_PROGRESSING, 0.5, 0},
        {"the other fails", "2/2 4 5/1/4/4 D", "2/2 4 4/4/4/4 N", STATE_FAILED, 0.5, 0},
        {"all done", "3/3 4 4/4/4/4 N", "2/2 4 4/4/4/4 N", STATE_FAILED, 0.5, 0},
        {"confirmed", "3/3 4 4/4/4/4 N", "2/2 4 4/4/4/4 N", STATE_STABLE, 1, 0},
        {"the next bar begins empty", "4/4 4 5/1/4/4 C", "2/2 4 4/4/4/4 N", STATE_PROGRESSING, 0,
         0},
    };
    struct workload workloads[2][2];
    struct rollout rollouts[2];
    memset(workloads, 0, sizeof workloads);
    for (size_t i = 0; i < 2; i++) {
        rollouts[i] = (struct rollout){.name = "r",
                                       .limits = limits_default,
                                       .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                       .workloads = workloads[i],
                                       .capacity = 2};
        rollout_start(&rollouts[i], 0);
    }
    size_t worst;
    assert_int_equal(rollouts_common(rollouts, 2, &worst).why, WHY_NOT_ASKED);
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        poll_two(rollouts, (int64_t)i * 10, polls[i].a, polls[i].b);
        struct verdict verdict = rollouts_common(rollouts, 2, &worst);
        struct verdict again = rollouts_common(rollouts, 2, &worst);
        bool same = fabs(verdict.p - polls[i].p) < 1e-9 && fabs(again.p - verdict.p) <= 0;
        if (verdict.state != polls[i].state || !same || worst != polls[i].worst)
            fail_msg("%s: %s %.6f, worst %zu", polls[i].sentence, state_name(verdict.state),
                     verdict.p, worst);
    }
}

/* One that counts workloads, beside one that counts pods: each of the first is as much as a pod. */
static void a_workload_may_weigh_as_much_as_a_pod(void **unused)
{
    (void)unused;
    struct workload workloads[2];
    struct rollout rollouts[2];
    size_t worst;
    for (size_t i = 0; i < 2; i++) {
        rollouts[i] = (struct rollout){.name = "r",
                                       .limits = limits_default,
                                       .weighting = i == 0 ? WEIGHT_EQUAL : WEIGHT_REPLICAS,
                                       .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                       .workloads = &workloads[i],
                                       .capacity = 1};
        rollout_start(&rollouts[i], 0);
    }
    poll_two(rollouts, 0, "2/2 9 10/1/9/9 U", "2/2 3 4/3/3/3 U");
    assert_true(fabs(rollouts_common(rollouts, 2, &worst).p - 0.5) < 1e-9);
}

static void no_rollouts_are_unknown(void **unused)
{
    (void)unused;
    struct rollout none[1] = {{.count = 0}};
    size_t worst = 7;
    assert_int_equal(rollouts_common(none, 0, &worst).state, STATE_UNKNOWN);
    assert_int_equal(worst, 0);
}

static void pods_are_added_up(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 4);
    scene_poll(&scene, 0, "a: 2/2 4 5/3/4/4 U ~2; b: 2/2 2 3/1/2/2 U ~1");
    const struct verdict *verdict = &scene.rollout.verdict;
    assert_int_equal(verdict->spec, 6);
    assert_int_equal(verdict->replicas, 8);
    assert_int_equal(verdict->updated, 4);
    assert_int_equal(verdict->available, 6);
    assert_int_equal(verdict->terminating, 3);
    assert_int_equal(verdict->target, 6);
    assert_int_equal(verdict->new_available, 2);
    assert_string_equal(scene.workloads[scene.rollout.worst].name, "b"); /* less far */
    assert_true(fabs(verdict->q - 4.0 / 6) < 1e-9);                      /* created */
    scene_poll(&scene, 15, "a: 3/3 0 0/0/0/0 N; b: 3/3 0 0/0/0/0 N");
    assert_int_equal(verdict->spec, 0); /* which is not the same as none that is known */
    assert_int_equal(verdict->replicas, 0);
    assert_int_equal(verdict->terminating, ROW_MISSING);
}

/* Also what is scaled to zero, which has nothing that was created. */
static void what_is_done_is_created(void **unused)
{
    (void)unused;
    static const struct {
        const char *before, *after;
        double p, q;
    } rows[] = {
        {"a: 2/2 4 5/1/4/4 C; b: 2/2 4 5/1/4/4 C", "a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/3/4/4 U", 0.75,
         0.875},
        {"a: 2/2 0 3/3/3/3 N; b: 2/2 4 5/1/4/4 U", "a: 2/2 0 0/0/0/0 N; b: 2/2 4 5/1/4/4 U", 0.2,
         0.4},
        {"a: 2/2 4 5/1/4/4 C; b: 2/2 2 3/1/2/2 C", "a: 2/2 4 4/4/4/4 N; b: 2/2 2 2/2/1/1 U",
         5.0 / 6, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        scene_poll(&scene, 0, rows[i].before);
        scene_poll(&scene, 10, rows[i].after);
        const struct verdict *verdict = &scene.rollout.verdict;
        if (fabs(verdict->p - rows[i].p) > 1e-9 || fabs(verdict->q - rows[i].q) > 1e-9)
            fail_msg("row %zu: %.6f, and %.6f are created", i, verdict->p, verdict->q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_fill_as_written),
        cmocka_unit_test(one_rollout_among_two_hundred_begins_at_nothing),
        cmocka_unit_test(a_workload_without_room_keeps_the_bar_open),
        cmocka_unit_test(a_bar_is_calm_when_all_its_degraded_workloads_are),
        cmocka_unit_test(what_a_survey_does_not_show_is_not_calm),
        cmocka_unit_test(two_rollouts_are_calm_when_both_are),
        cmocka_unit_test(pods_are_added_up),
        cmocka_unit_test(what_is_done_is_created),
        cmocka_unit_test(rollouts_share_a_bar),
        cmocka_unit_test(a_workload_may_weigh_as_much_as_a_pod),
        cmocka_unit_test(no_rollouts_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
