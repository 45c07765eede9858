/*
 * A rollout of which a survey tells: only what is not settled comes as rows.
 */
#include "base/hash.h"
#include "rollout/scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DONE "1/1 3 3/3/3/3 N"
#define NONE (-1.0)

struct poll {
    const char *rows; /* NULL ends them; 10 s apart */
    enum state state;
    double p;
    size_t members;
};

static const struct {
    const char *sentence;
    struct poll polls[6];
} table[] = {
    {"nothing unsettled is stable, and needs no member", {{"survey 9", STATE_STABLE, 1, 0}, {0}}},
    {"nothing there is unknown", {{"survey 0", STATE_UNKNOWN, NONE, 0}, {0}}},
    {"old samples are no news", {{"survey 9 stale", STATE_UNKNOWN, NONE, 0}, {0}}},
    {"old samples do not hide a failure",
     {{"survey 9 stale; a: 2/2 10 13/5/8/8 D", STATE_FAILED, 0, 1}, {0}}},
    {"a bar holds what moves, until all is settled",
     {{"survey 9", STATE_STABLE, 1, 0},
      {"survey 9; a: 2/2 4 5/1/4/4 C; b: 2/2 4 5/1/4/4 C", STATE_PROGRESSING, 0, 2},
      {"survey 9; a: 2/2 4 4/4/4/4 N; b: 2/2 4 5/3/4/4 U", STATE_PROGRESSING, 0.75, 2},
      {"survey 9; b: 2/2 4 5/4/5/5 U", STATE_PROGRESSING, 0.9375, 2},
      {"survey 9; b: 2/2 4 4/4/4/4 N", STATE_STABLE, 1, 2},
      {"survey 9", STATE_STABLE, 1, 0}}},
    {"who leaves the list is settled only when its own row says so",
     {{"survey 9; a: 2/2 4 5/1/4/4 C", STATE_PROGRESSING, 0, 1},
      {"survey 9", STATE_PROGRESSING, 0, 1},
      {"survey 9; a: 2/2 4 4/4/4/4 N", STATE_STABLE, 1, 1},
      {0}}},
    {"more than the rows tell keeps the bar open",
     {{"survey 900 more; a: " DONE, STATE_PROGRESSING, 0, 0},
      {"survey 900 more; a: 2/2 4 5/3/4/4 U", STATE_PROGRESSING, 0.5, 1},
      {0}}},
    {"a failed request tells nothing of those that were settled",
     {{"survey 9", STATE_STABLE, 1, 0},
      {"fetch", STATE_UNKNOWN, NONE, 0},
      {"survey 9", STATE_STABLE, 1, 0},
      {0}}},
    {"few enough again, all become members",
     {{"survey 2", STATE_STABLE, 1, 0}, {"a: " DONE "; b: " DONE, STATE_STABLE, 1, 2}, {0}}},
    {"too many, those that are settled are let go",
     {{"a: " DONE "; b: " DONE, STATE_STABLE, 1, 2}, {"survey 2", STATE_STABLE, 1, 0}, {0}}},
    {"counts that do not add up are not green, at the first answer",
     {{"survey 9 = eu 9/8/0", STATE_UNKNOWN, NONE, 0}, {"survey 9", STATE_STABLE, 1, 0}, {0}}},
    {"a mismatch makes up for no cluster that is gone",
     {{"survey 9 = eu 5/5/0, us 4/4/0", STATE_STABLE, 1, 0},
      {"survey 5 = eu 5/5/0", STATE_UNKNOWN, NONE, 0},
      {"survey 5 = eu 5/4/0", STATE_UNKNOWN, NONE, 0},
      {"survey 5 = eu 5/5/0", STATE_UNKNOWN, NONE, 0},
      {0}}},
    {"nor forgets one that was there",
     {{"survey 9 = eu 5/5/0, us 4/4/0", STATE_STABLE, 1, 0},
      {"survey 9 = eu 5/5/1", STATE_STABLE, 1, 0},
      {"survey 9 = eu 5/5/1", STATE_UNKNOWN, NONE, 0},
      {"survey 5 = eu 5/5/0", STATE_UNKNOWN, NONE, 0},
      {0}}},
    {"one mismatch alone says nothing, the second one does",
     {{"survey 9 = eu 9/9/0", STATE_STABLE, 1, 0},
      {"survey 9 = eu 9/8/0", STATE_STABLE, 1, 0},
      {"survey 9 = eu 9/8/0", STATE_UNKNOWN, NONE, 0},
      {"survey 9 = eu 9/9/0", STATE_STABLE, 1, 0},
      {"survey 9 = eu 9/9/1", STATE_STABLE, 1, 0},
      {"survey 9 = eu 9/9/0", STATE_STABLE, 1, 0}}},
    {"nothing says so but a count of workloads",
     {{"survey 9 = eu 9/9/0", STATE_STABLE, 1, 0},
      {"survey 9 = eu 0/9/0", STATE_STABLE, 1, 0},
      {"survey 9 = eu 0/9/0", STATE_UNKNOWN, NONE, 0},
      {0}}},
    {"nor a count of none at all, where there are rows",
     {{"survey 9 = eu 9/9/0", STATE_STABLE, 1, 0},
      {"survey 0 = eu 9/9/0", STATE_STABLE, 1, 0},
      {"survey 0 = eu 9/9/0", STATE_UNKNOWN, NONE, 0},
      {0}}},
    {"a mismatch hides no failure that is listed",
     {{"survey 9 = eu 9/7/1; a: 2/2 10 13/5/8/8 D", STATE_FAILED, 0, 1}, {0}}},
    {"what is cut need not add up, and is not green",
     {{"survey 900 more = eu 900/600/201; a: 2/2 4 5/3/4/4 U", STATE_PROGRESSING, 0.5, 1}, {0}}},
    {"a cluster that is not counted any more is unknown for as long as that lasts",
     {{"survey 9 = eu 5/5/0, us 4/4/0", STATE_STABLE, 1, 0},
      {"survey 5 = eu 5/5/0", STATE_UNKNOWN, NONE, 0},
      {"survey 9 = eu 9/9/0", STATE_UNKNOWN, NONE, 0},
      {"survey 9 = eu 5/5/0, us 4/4/0", STATE_STABLE, 1, 0},
      {0}}},
    {"few enough for all rows, a lost cluster is still unknown",
     {{"survey 3 = eu 2/2/0, us 1/1/0", STATE_STABLE, 1, 0},
      {"eu/a: " DONE "; eu/b: " DONE, STATE_UNKNOWN, NONE, 2},
      {"eu/a: " DONE "; eu/b: " DONE "; us/a: " DONE, STATE_STABLE, 1, 3},
      {0}}},
    {"one of a pair may go: as many workloads are counted without it",
     {{"survey 9 = a 9/9/0, b 9/9/0", STATE_STABLE, 1, 0},
      {"survey 9 = b 9/9/0", STATE_STABLE, 1, 0},
      {"survey 10 = b 10/10/0", STATE_STABLE, 1, 0},
      {0}}},
    {"a cluster that is counted nowhere at all is missed",
     {{"survey 9 = eu 9/9/0", STATE_STABLE, 1, 0}, {"survey 0", STATE_UNKNOWN, NONE, 0}, {0}}},
    {"zero replicas among others that serve are green",
     {{"survey 9; a: 1/1 0 0/0/0/0 N", STATE_STABLE, 1, 0}, {0}}},
};

static void verdicts_are_as_written(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 8);
        for (size_t k = 0; k < 6 && table[i].polls[k].rows != NULL; k++) {
            const struct poll *poll = &table[i].polls[k];
            const struct verdict *verdict = &scene.rollout.verdict;
            scene_poll(&scene, (int64_t)k * 10, poll->rows);
            double p = isnan(verdict->p) ? NONE : verdict->p;
            if (verdict->state != poll->state || fabs(p - poll->p) > 1e-6 ||
                scene.rollout.count != poll->members)
                fail_msg("%s: poll %zu shows %s %g of %zu members", table[i].sentence, k,
                         state_name(verdict->state), p, scene.rollout.count);
        }
    }
}

/* A bar that stays open keeps those that finished, but never at the cost of those to come. */
static void an_open_bar_never_runs_out_of_room(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 4);
    for (char name = 'b'; name < 'p'; name++) {
        char rows[128];
        snprintf(rows, sizeof rows,
                 "survey 99; z: 2/2 4 5/1/4/4 U; %c: 2/2 4 5/1/4/4 U; %c: 2/2 4 4/4/4/4 N", name,
                 name - 1);
        scene_poll(&scene, (name - 'a') * 10, rows);
        assert_int_equal(scene.rollout.dropped, 0);
        assert_int_equal(scene.rollout.verdict.state, STATE_PROGRESSING);
    }
}

/* Counts of a few would pass for counts of all. */
static void what_was_not_counted_has_no_count(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 8);
    scene_poll(&scene, 0, "survey 9; a: 2/2 4 5/1/4/4 C");
    assert_int_equal(scene.rollout.verdict.spec, 4);
    for (int64_t t_s = 20; t_s <= 40; t_s += 20) {
        scene_poll(&scene, t_s, "survey 9; a: 2/2 4 4/4/4/4 N");
        assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);
        assert_int_equal(scene.rollout.verdict.spec, ROW_MISSING);
    }
    size_t worst;
    assert_int_equal(rollouts_common(&scene.rollout, 1, &worst).state, STATE_STABLE);
    assert_int_equal(rollout_total(&scene.rollout), 9);
}

/* What stands for one poll more is not newer for that: it ends when it would have ended. */
static void a_verdict_that_stands_is_not_renewed(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 8);
    scene_poll(&scene, 0, "survey 9 = eu 9/9/0");
    const int64_t seen_ms = scene.rollout.seen_ms;
    assert_int_equal(seen_ms, -15000); /* the age of its oldest sample */
    scene_poll(&scene, 10, "survey 9 = eu 9/8/0");
    assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);
    assert_int_equal(scene.rollout.seen_ms, seen_ms);
    scene_poll(&scene, 20, "survey 9 = eu 9/9/0");
    assert_int_equal(scene.rollout.seen_ms, 5000);
    scene_poll(&scene, 100, "survey 9 = eu 9/8/0"); /* the one before is not young any more */
    assert_int_equal(scene.rollout.verdict.state, STATE_UNKNOWN);
    assert_int_equal(scene.rollout.verdict.why, WHY_COUNTS);
}

/* And it speaks of as many as before. */
static void what_stands_is_a_count_as_well(void **unused)
{
    (void)unused;
    static const struct {
        enum workload_kind kind;
        const char *before, *after;
    } rows[] = {
        {KIND_DEPLOYMENT, "all 9 deployments are stable", "all 7 deployments are stable"},
        {KIND_STATEFULSET, "all 9 StatefulSets are stable", "all 7 StatefulSets are stable"},
        {KIND_DAEMONSET, "all 9 DaemonSets are stable", "all 7 DaemonSets are stable"},
        {KIND_ROLLOUT, "all 9 Argo Rollouts are stable", "all 7 Argo Rollouts are stable"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        char sentence[256];
        scene_start(&scene, 8);
        scene.rollout.kinds = KIND_BIT(rows[i].kind);
        scene_poll(&scene, 0, "survey 9 = eu 9/9/0");
        scene_poll(&scene, 10, "survey 7 = eu 7/6/0");
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].before);
        scene_poll(&scene, 20, "survey 7 = eu 7/7/0");
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].after);
    }
}

/* It speaks of the rows alone: what is counted wrongly, or in part, makes them no older. */
static void a_failure_that_is_listed_is_as_new_as_its_row(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 8);
    scene_poll(&scene, 1000, "survey 9 = eu 9/7/1; a: 2/2 10 13/5/8/8 D");
    assert_int_equal(scene.rollout.verdict.state, STATE_FAILED);
    assert_true(scene.rollout.seen_ms > INT64_C(900000));
}

/* Of those that are not shown it is known that they move, and no more. */
static void what_is_shown_says_why_it_moves(void **unused)
{
    (void)unused;
    static const struct {
        const char *rows;
        enum state state;
        enum why why;
    } polls[] = {
        {"survey 9 more; a: 2/2 6 3/3/3/3 N", STATE_PROGRESSING, WHY_SCALING},
        {"survey 9 more; a: 2/2 4 5/2/4/4 Z paused", STATE_PROGRESSING, WHY_ROLLOUT},
        {"survey 9 more; a: 2/2 10 13/5/8/8 D", STATE_FAILED, WHY_DEADLINE},
    };
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 8);
        scene_poll(&scene, 0, polls[i].rows);
        assert_int_equal(scene.rollout.verdict.state, polls[i].state);
        assert_int_equal(scene.rollout.verdict.why, polls[i].why);
    }
}

static void what_does_not_add_up_is_said(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    char sentence[256];
    scene_start(&scene, 8);
    scene_poll(&scene, 0, "survey 200 = eu 200/199/0");
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_non_null(strstr(sentence, "of 200 Deployments 199 are counted as settled and 0 as not"));
    assert_string_equal(scene.rollout.detail,
                        "of 200 Deployments 199 are counted as settled and 0 as not: does "
                        "something in between cut answers?");
    scene_poll(&scene, 10, "survey 200 = eu 200/200/0");
    assert_string_equal(scene.rollout.detail, "");
    scene_poll(&scene, 110, "survey 200 = eu 200/199/0");
    assert_int_equal(scene.rollout.verdict.why, WHY_COUNTS);
    scene_poll(&scene, 120, "fetch"); /* nothing of that is known any more */
    assert_int_equal(scene.rollout.verdict.why, WHY_FETCH);
    assert_string_equal(scene.rollout.detail, "");
}

/* The canary is asked about a source that was counted; alive in two answers, it has nothing here.
 */
static void a_source_that_lives_elsewhere_has_left(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 8);
    scene_poll(&scene, 0, "us/z: " DONE); /* shows the source: it is there from now on */
    scene.rollout.count = 0;
    scene_poll(&scene, 10, "survey 9 = eu 5/5/0, us 4/4/0");
    scene_poll(&scene, 20, "survey 5 = eu 5/5/0");
    assert_int_equal(scene.rollout.verdict.why, WHY_SOURCE_GONE);
    char sentence[256];
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "what exported it is gone from Prometheus, and nothing says what "
                                  "became of what it exported; if the exporter is gone for good, "
                                  "restart amberbar");
    scene_poll(&scene, 30, "survey 5 = eu 5/5/0");
    assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);

    const struct survey survey = {.taken = true, .total = {[KIND_DEPLOYMENT] = 4}};
    const struct answer answer = {.surveys = &survey, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    struct missed_sources missed = {.count = 0};
    size_t total[KIND_COUNT];
    assert_true(rollout_missed_sources(&scene.rollout, &answer, 0, &missed, total));
    assert_int_equal(total[KIND_DEPLOYMENT], 4);
    assert_int_equal(missed.count, 1);
    assert_int_equal(missed.ids[0], hash_of("eu"));
    assert_true(rollout_missed_sources(&scene.rollout, &answer, 0, &missed, total));
    assert_int_equal(missed.count, 1);
}

/* It is asked for as long as nothing at all is counted, and not when a single one is. */
static void one_that_is_counted_is_not_nothing(void **unused)
{
    (void)unused;
    for (size_t count = 0; count <= 2; count++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        const struct survey survey = {.taken = true, .total = {[KIND_DEPLOYMENT] = count}};
        const struct answer answer = {.surveys = &survey};
        const unsigned missed = rollout_misses(&scene.rollout, &answer, 0);
        assert_int_equal(missed, count == 0 ? KIND_BIT(KIND_DEPLOYMENT) : 0);
    }
}

/* Who is settled is counted, and need not be listed; who is not must be there. */
static void the_source_of_one_that_is_not_settled_is_missed(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *first, *second;
        bool missed;
    } rows[] = {
        {"settled, and counted", "survey 9; eu/a: 2/2 4 5/3/4/4 U; eu/b: 2/2 4 5/3/4/4 U",
         "survey 9; eu/a: 2/2 4 4/4/4/4 N; eu/b: 2/2 4 5/3/4/4 U", false},
        {"not settled", "survey 9; eu/a: " DONE, "survey 9; eu/a: 2/2 4 5/3/4/4 U", true},
        {"settled, and not counted", "eu/a: " DONE, "eu/a: " DONE, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        struct missed_sources missed = {.count = 0};
        size_t total[KIND_COUNT];
        scene_start(&scene, 8);
        scene.rollout.limits.max_age_ms = 1000000;
        scene_poll(&scene, 0, rows[i].first);
        scene_poll(&scene, 10, rows[i].second);
        const struct answer answer = {.kind_alive = {[KIND_DEPLOYMENT] = true}};
        assert_non_null(scene_member(&scene, "eu/a"));
        rollout_missed_sources(&scene.rollout, &answer, 0, &missed, total);
        size_t known = 0;
        for (size_t k = 0; k < missed.key_count; k++)
            known += strcmp(missed.keys[k].key.name, "a") == 0;
        if (known != (rows[i].missed ? 1 : 0))
            fail_msg("%s: %zu are missed", rows[i].sentence, known);
    }
}

/* Of two kinds, one may just not be there; what was there is missed. */
static void a_canary_is_wanted_for_the_kinds_that_are_missed(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 4);
    scene.rollout.kinds |= KIND_BIT(KIND_STATEFULSET);
    const struct survey survey = {.taken = true, .total = {[KIND_DEPLOYMENT] = 9}};
    struct answer answer = {.surveys = &survey, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    assert_int_equal(rollout_misses(&scene.rollout, &answer, 0), 0);
    assert_true(rollout_expect(&scene.rollout, KIND_STATEFULSET, "shop", "db"));
    assert_int_equal(rollout_misses(&scene.rollout, &answer, 0), KIND_BIT(KIND_STATEFULSET));
    answer = (struct answer){.surveys = NULL};
    assert_int_equal(rollout_misses(&scene.rollout, &answer, 0), KIND_BIT(KIND_STATEFULSET));
    assert_true(rollout_expect(&scene.rollout, KIND_DAEMONSET, "shop", "agent"));
    assert_int_equal(rollout_misses(&scene.rollout, &answer, 0),
                     KIND_BIT(KIND_STATEFULSET) | KIND_BIT(KIND_DAEMONSET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_as_written),
        cmocka_unit_test(an_open_bar_never_runs_out_of_room),
        cmocka_unit_test(what_was_not_counted_has_no_count),
        cmocka_unit_test(a_verdict_that_stands_is_not_renewed),
        cmocka_unit_test(what_stands_is_a_count_as_well),
        cmocka_unit_test(a_failure_that_is_listed_is_as_new_as_its_row),
        cmocka_unit_test(what_is_shown_says_why_it_moves),
        cmocka_unit_test(what_does_not_add_up_is_said),
        cmocka_unit_test(a_source_that_lives_elsewhere_has_left),
        cmocka_unit_test(one_that_is_counted_is_not_nothing),
        cmocka_unit_test(the_source_of_one_that_is_not_settled_is_missed),
        cmocka_unit_test(a_canary_is_wanted_for_the_kinds_that_are_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
