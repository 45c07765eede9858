/*
 * The table of members: who is told from whom, found again, and given a place.
 */
#include "rollout/random.h"
#include "rollout/scene.h"
#include "rollout/story.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DONE "1/1 3 3/3/3/3 N"
#define HALF "2/2 4 5/3/4/4 U"

/* Of one workload all parts are the same. */
static void each_part_of_its_identity_tells_one_from_another(void **unused)
{
    (void)unused;
    static const struct workload_key keys[] = {
        {KIND_DEPLOYMENT, "eu", "shop", "web", NULL}, {KIND_DAEMONSET, "eu", "shop", "web", NULL},
        {KIND_DEPLOYMENT, "us", "shop", "web", NULL}, {KIND_DEPLOYMENT, "eu", "zone", "web", NULL},
        {KIND_DEPLOYMENT, "eu", "shop", "api", NULL}, {KIND_DEPLOYMENT, "eu", "shop", "web", "a"},
        {KIND_DEPLOYMENT, "eu", "shop", "web", "b"},  {KIND_DAEMONSET, "us", "area", "api", "a"},
    };
    enum { COUNT = sizeof keys / sizeof keys[0] };
    struct scene_rollout scene;
    scene_start(&scene, SCENE_MEMBERS);
    for (int64_t poll = 0; poll < 3; poll++) {
        struct row rows[COUNT];
        const struct answer answer = {.eval_ms = STORY_ZERO_MS + poll * 15000,
                                      .rows = rows,
                                      .count = COUNT,
                                      .kind_alive = {true}};
        for (size_t i = 0; i < COUNT; i++) { /* in another order each time */
            const size_t which = (i * 3 + (size_t)poll) % COUNT;
            rows[i] = story_row(keys[which].kind, answer.eval_ms, "1/1 1 1/1/1/1");
            rows[i].key = keys[which];
            rows[i].terminating = (int64_t)which;
        }
        rollout_observe(&scene.rollout, &answer, 0, poll * 15000);
        assert_int_equal(scene.rollout.count, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            const struct workload *member = &scene.workloads[i];
            const struct workload_key *key = &keys[member->verdict.terminating];
            assert_int_equal(member->kind, key->kind);
            assert_string_equal(member->cluster, key->cluster);
            assert_string_equal(member->namespace_, key->namespace_);
            assert_string_equal(member->name, key->name);
            assert_string_equal(member->exported, key->exported == NULL ? "" : key->exported);
        }
    }
}

/* Its name is not enough, nor its namespace, nor its kind. */
static void no_other_workload_takes_a_place_that_was_asked_for(void **unused)
{
    (void)unused;
    static const struct workload_key others[] = {{KIND_DEPLOYMENT, "eu", "zone", "web", NULL},
                                                 {KIND_DEPLOYMENT, "eu", "shop", "api", NULL},
                                                 {KIND_DAEMONSET, "eu", "shop", "web", NULL}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct scene_rollout scene;
        struct row row = story_row(others[i].kind, STORY_ZERO_MS, "1/1 3 3/3/3/3");
        const struct answer answer = {
            .eval_ms = STORY_ZERO_MS, .rows = &row, .count = 1, .kind_alive = {true}};
        row.key = others[i];
        scene_start(&scene, 4);
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
        rollout_observe(&scene.rollout, &answer, 0, 0);
        assert_int_equal(scene.rollout.count, 2);
        assert_string_equal(scene_member(&scene, "web")->namespace_, "shop");
        assert_int_equal(scene_member(&scene, "web")->verdict.why, WHY_ABSENT);
    }
}

/* In whatever cluster, and under whatever label an exporter had to give up. */
static void who_was_asked_for_by_name_takes_its_place(void **unused)
{
    (void)unused;
    static const char *const exported[] = {NULL, "a"};
    for (size_t i = 0; i < 2; i++) {
        struct scene_rollout scene;
        struct row row = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, DONE);
        const struct answer answer = {
            .eval_ms = STORY_ZERO_MS, .rows = &row, .count = 1, .kind_alive = {true}};
        row.key = (struct workload_key){KIND_DEPLOYMENT, "eu", "shop", "web", exported[i]};
        scene_start(&scene, 4);
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
        rollout_observe(&scene.rollout, &answer, 0, 0);
        assert_int_equal(scene.rollout.count, 1);
        assert_string_equal(scene.workloads[0].cluster, "eu");
        assert_string_equal(scene.workloads[0].exported, i == 0 ? "" : "a");
        assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);
    }
}

/* A cluster, or a label, that is longer than there is room for is no place of it. */
static void only_what_has_room_takes_its_place(void **unused)
{
    (void)unused;
    static const struct {
        size_t cluster, exported; /* characters */
        bool fits;
    } rows[] = {
        {WORKLOAD_CLUSTER_SIZE - 1, 0, true},
        {WORKLOAD_CLUSTER_SIZE, 0, false},
        {1, WORKLOAD_EXPORTED_SIZE - 1, true},
        {1, WORKLOAD_EXPORTED_SIZE, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        char cluster[WORKLOAD_CLUSTER_SIZE + 1] = "", exported[WORKLOAD_EXPORTED_SIZE + 1] = "";
        struct row row = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, DONE);
        const struct answer answer = {
            .eval_ms = STORY_ZERO_MS, .rows = &row, .count = 1, .kind_alive = {true}};
        memset(cluster, 'c', rows[i].cluster);
        memset(exported, 'e', rows[i].exported);
        row.key = (struct workload_key){KIND_DEPLOYMENT, cluster, "shop", "web", exported};
        scene_start(&scene, 4);
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
        rollout_observe(&scene.rollout, &answer, 0, 0);
        assert_int_equal(scene.rollout.count, 1);
        assert_int_equal(scene.rollout.dropped, rows[i].fits ? 0 : 1);
        assert_string_equal(scene.workloads[0].cluster, rows[i].fits ? cluster : "");
        assert_string_equal(scene.workloads[0].exported, rows[i].fits ? exported : "");
        assert_int_equal(scene.rollout.verdict.state, rows[i].fits ? STATE_STABLE : STATE_UNKNOWN);
    }
}

/* Who has finished stays in an open bar while the table is half empty. */
static void who_finished_stays_while_there_is_room(void **unused)
{
    (void)unused;
    static const struct {
        const char *before, *after;
        bool stays;
    } rows[] = {
        {"survey 9; a: " HALF "; b: " HALF, "survey 9; a: 2/2 4 4/4/4/4 N; b: " HALF, true},
        {"survey 9; a: " HALF "; b: " HALF "; c: " HALF,
         "survey 9; a: 2/2 4 4/4/4/4 N; b: " HALF "; c: " HALF, true},
        {"survey 9; a: " HALF "; b: " HALF "; c: " HALF "; d: " HALF,
         "survey 9; a: 2/2 4 4/4/4/4 N; b: " HALF "; c: " HALF "; d: " HALF, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 6);
        scene_poll(&scene, 0, rows[i].before);
        scene_poll(&scene, 15, rows[i].after);
        assert_int_equal(scene_member(&scene, "a") != NULL, rows[i].stays);
        assert_non_null(scene_member(&scene, "b"));
        assert_int_equal(scene.rollout.verdict.state, STATE_PROGRESSING);
    }
}

/* It stays with the one that is there itself; else the first of them takes it, for good. */
static const struct {
    const char *sentence;
    struct workload_key keys[3];
    size_t count; /* the first of them has it */
} seats[] = {
    {"it is there itself, and in a cluster",
     {{KIND_DEPLOYMENT, "", "shop", "web", NULL}, {KIND_DEPLOYMENT, "eu", "shop", "web", NULL}},
     2},
    {"it is there itself, and with a label",
     {{KIND_DEPLOYMENT, "", "shop", "web", NULL}, {KIND_DEPLOYMENT, "", "shop", "web", "a"}},
     2},
    {"of two clusters the first",
     {{KIND_DEPLOYMENT, "eu", "shop", "web", NULL}, {KIND_DEPLOYMENT, "us", "shop", "web", NULL}},
     2},
    {"of two labels the first",
     {{KIND_DEPLOYMENT, "", "shop", "web", "a"}, {KIND_DEPLOYMENT, "", "shop", "web", "b"}},
     2},
    {"of two labels in one cluster, and the same in another",
     {{KIND_DEPLOYMENT, "eu", "shop", "web", "a"},
      {KIND_DEPLOYMENT, "eu", "shop", "web", "b"},
      {KIND_DEPLOYMENT, "us", "shop", "web", "a"}},
     3},
};

static void one_takes_the_place_that_was_asked_for_and_keeps_it(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof seats / sizeof seats[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
        for (int64_t poll = 0; poll < 4; poll++) { /* in two of them it is not known yet */
            struct row rows[3];
            const struct answer answer = {.eval_ms = STORY_ZERO_MS + poll * 15000,
                                          .rows = rows,
                                          .count = seats[i].count,
                                          .kind_alive = {true}};
            for (size_t k = 0; k < seats[i].count; k++) {
                rows[k] =
                    story_row(KIND_DEPLOYMENT, answer.eval_ms, poll < 2 ? "1/1 3 3/3/3/? N" : DONE);
                rows[k].key = seats[i].keys[k];
            }
            rollout_observe(&scene.rollout, &answer, 0, poll * 15000);
            assert_int_equal(scene.rollout.count, seats[i].count);
            for (size_t k = 0; k < seats[i].count; k++) /* in the order of the table, as the rows */
                if (scene.workloads[k].named != (k == 0))
                    fail_msg("%s: in poll %d it is not", seats[i].sentence, (int)poll);
        }
    }
}

/* Of those that are gone the one that was asked for stays, and takes no other's name. */
static void a_name_is_handed_to_one_of_that_name_that_is_there(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *before, *after, *named;
    } rows[] = {
        {"both are gone", "eu/web: " DONE "; us/web: " DONE, "", "us/web"},
        {"another is there", "eu/api: " DONE "; us/web: " DONE, "eu/api: " DONE, "us/web"},
        {"it is there elsewhere", "eu/web: " DONE "; us/web: " DONE, "eu/web: " DONE, "eu/web"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
        scene_poll(&scene, 0, "us/web: " DONE);
        scene_poll(&scene, 15, rows[i].before);
        scene_poll(&scene, 30, rows[i].after);
        scene_poll(&scene, 120, rows[i].after);
        for (size_t k = 0; k < scene.rollout.count; k++) {
            const struct workload *member = &scene.workloads[k];
            if (member->named != (member == scene_member(&scene, rows[i].named)))
                fail_msg("%s: %s in %s is not what was asked for", rows[i].sentence, member->name,
                         member->cluster);
        }
        assert_non_null(scene_member(&scene, rows[i].named));
    }
}

/* As it is after a start anew. */
static void start_over(struct scene_rollout *scene, const struct verdict *verdict)
{
    scene_start(scene, 4);
    for (size_t i = 0; i < 4; i++)
        scene->workloads[i] = (struct workload){.kind = KIND_DEPLOYMENT,
                                                .cluster = "us",
                                                .namespace_ = "shop",
                                                .name = "web",
                                                .named = true,
                                                .verdict = *verdict};
}

static void what_its_memory_has_from_before_is_no_member(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    const struct verdict gone = verdict_unknown(WHY_GONE), done = {.state = STATE_STABLE};
    start_over(&scene, &done);
    assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
    scene_poll(&scene, 0, "");
    scene_poll(&scene, 90, "");
    assert_int_equal(scene.rollout.count, 1);
    assert_true(scene.workloads[0].named);
    assert_int_equal(scene.rollout.verdict.why, WHY_GONE);
    start_over(&scene, &gone);
    scene_poll(&scene, 0, "eu/web: " DONE);
    assert_int_equal(scene.rollout.count, 1);
    assert_false(scene.workloads[0].named);
    assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);
}

/* As long as no member comes; in it may be what is not the rollout's. */
static void what_is_behind_the_last_member_is_not_touched(void **unused)
{
    (void)unused;
    static const char *const answers[] = {
        "a: " DONE, "a: " HALF,           "partial; a: " DONE, "nodata", "fetch",      "silence",
        "limits",   "survey 9; a: " HALF, "a: " HALF,          "ratio",  "ratio gone",
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct scene_rollout scene;
        struct workload behind[SCENE_MEMBERS];
        const bool is_query = strncmp(answers[i], "ratio", 5) == 0;
        const struct ratio_sample sample = {"{a=\"b\"}", 0.5, 0};
        struct limits other = limits_default;
        other.stall_after_ms++;
        scene_start(&scene, SCENE_MEMBERS);
        scene.rollout.is_query = is_query;
        if (is_query)
            rollout_observe_ratio(&scene.rollout, &sample, 1, false, 0);
        else
            scene_poll(&scene, 0, "a: " DONE);
        scene.workloads[1].seen = !is_query;
        scene.workloads[1].batches = ~0U;
        memcpy(behind, scene.workloads, sizeof behind);
        if (is_query)
            rollout_observe_ratio(&scene.rollout, &sample, strlen(answers[i]) == 5, false, 15000);
        else if (strcmp(answers[i], "silence") == 0)
            rollout_observe_silence(&scene.rollout, 15000);
        else if (strcmp(answers[i], "limits") == 0)
            rollout_relimit(&scene.rollout, &other, 15000);
        else
            scene_poll(&scene, 15, answers[i]);
        assert_int_equal(scene.rollout.count, 1);
        if (memcmp(&behind[1], &scene.workloads[1], sizeof behind - sizeof behind[0]) != 0)
            fail_msg("%s: it is", answers[i]);
    }
}

/* What ends is not what had begun. */
static void another_generation_in_the_middle_is_no_measure(void **unused)
{
    (void)unused;
    static const char *const ends[] = {"a: 2/2 3 4/2/3/3 U", "a: 3/3 3 4/2/3/3 U"};
    for (size_t i = 0; i < 2; i++) {
        struct scene_rollout scene;
        struct run_time taken;
        scene_start(&scene, 4);
        scene_poll(&scene, 0, "a: " DONE);
        scene_poll(&scene, 10, "a: 2/2 3 4/1/3/3 U");
        scene_poll(&scene, 20, ends[i]);
        scene_poll(&scene, 30, i == 0 ? "a: 2/2 3 3/3/3/3 N" : "a: 3/3 3 3/3/3/3 N");
        assert_int_equal(time_left_take(&scene.workloads[0].time_left, &taken), i == 0);
    }
}

#define MANY 2000
#define NAME_SIZE 32
#define SEED 99

/* Ascending names in descending rows, a random half of them at each poll. */
static size_t fill(struct row rows[], char names[][NAME_SIZE], bool present[], uint64_t *seed,
                   int64_t t_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < MANY; i++) {
        if (random_in(seed, 0, 1) == 0)
            continue;
        present[MANY - 1 - i] = true;
        snprintf(names[count], NAME_SIZE, "web-%05zu", MANY - 1 - i);
        rows[count] = story_row(KIND_DEPLOYMENT, t_ms, DONE);
        rows[count].key.name = names[count];
        count++;
    }
    return count;
}

static void thousands_are_found_again_in_any_order(void **unused)
{
    (void)unused;
    static struct workload workloads[MANY];
    static struct row rows[MANY];
    static char names[MANY][NAME_SIZE];
    static bool present[MANY];
    uint64_t seed = SEED;
    struct rollout rollout = {.name = "all",
                              .limits = limits_default,
                              .kinds = KIND_BIT(KIND_DEPLOYMENT),
                              .workloads = workloads,
                              .capacity = MANY};
    printf("seed %d\n", SEED);
    rollout_start(&rollout, 0);
    for (int64_t t_s = 0; t_s < 80; t_s += 10) {
        struct answer answer = {
            .eval_ms = STORY_ZERO_MS + t_s * 1000, .rows = rows, .kind_alive = {true}};
        answer.count = fill(rows, names, present, &seed, answer.eval_ms);
        rollout_observe(&rollout, &answer, 0, answer.eval_ms);
        size_t known = 0;
        for (size_t i = 0; i < MANY; i++)
            known += present[i] ? 1 : 0;
        assert_int_equal(rollout.count, known);
        assert_int_equal(rollout.dropped, 0);
        for (size_t i = 1; i < rollout.count; i++)
            assert_true(strcmp(workloads[i - 1].name, workloads[i].name) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_of_its_identity_tells_one_from_another),
        cmocka_unit_test(no_other_workload_takes_a_place_that_was_asked_for),
        cmocka_unit_test(who_was_asked_for_by_name_takes_its_place),
        cmocka_unit_test(only_what_has_room_takes_its_place),
        cmocka_unit_test(who_finished_stays_while_there_is_room),
        cmocka_unit_test(one_takes_the_place_that_was_asked_for_and_keeps_it),
        cmocka_unit_test(a_name_is_handed_to_one_of_that_name_that_is_there),
        cmocka_unit_test(what_its_memory_has_from_before_is_no_member),
        cmocka_unit_test(what_is_behind_the_last_member_is_not_touched),
        cmocka_unit_test(another_generation_in_the_middle_is_no_measure),
        cmocka_unit_test(thousands_are_found_again_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
