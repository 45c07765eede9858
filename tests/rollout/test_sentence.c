/*
 * What people read.
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

#define DONE "1/1 3 3/3/3/3 N"
#define DONE_SET "1/1 3 3/3/3/3 a>a cur3"

struct sentence_row {
    const char *first;  /* a poll at 0 s; NULL: none */
    const char *second; /* a poll at 700 s; NULL: none */
    const char *sentence;
};

static const struct sentence_row table[] = {
    {NULL, NULL, "Prometheus has not answered yet"},
    {"fetch", NULL, "no usable answer from Prometheus"},
    {"", NULL, "no deployment matches"},
    {"nodata", NULL,
     "no deployment is visible in Prometheus: is its exporter (kube-state-metrics) down?"},
    {"partial", NULL, "a part of the answer is missing"},
    {"a: " DONE, NULL, "stable, 3 pods available"},
    {"a: 1/1 1 1/1/1/1 N ~2", NULL, "stable, 1 pod available, 2 old still draining"},
    {"a: 1/1 3 3/3/3/3 N ~0", NULL, "stable, 3 pods available"},
    {"a: 1/1 3 3/3/3/3 N ~1", NULL, "stable, 3 pods available, 1 old still draining"},
    {"a: 2/2 10 13/5/8/8 C", NULL, "0 of 10 new pods available (rollout)"},
    {"a: 2/2 10 13/6/10/10 C", NULL, "3 of 10 new pods available (rollout)"},
    {"a: 2/2 4 5/4/5/5 U", NULL, "all 4 new pods available, old ones still going (rollout)"},
    {"a: 2/2 2 3/2/3/3 U", NULL, "all 2 new pods available, old ones still going (rollout)"},
    {"a: 2/2 1 2/1/2/2 U", NULL, "the new pod is available, old ones still going (rollout)"},
    {"a: 2/2 1 2/1/1/1 U", NULL, "0 of 1 new pods available (rollout)"},
    {"a: 2/1 4 4/4/4/4 N", NULL, "the controller has not seen the newest change yet"},
    {"a: 2/2 6 3/3/3/3 N", NULL, "3 of 6 pods available (scaling)"},
    {"a: " DONE, "a: 2/2 6 6/6/3/3 N", "3 of 6 pods available (scaling)"},
    {"a: " DONE, "a: 2/2 2 3/3/3/3 N", "going down from 3 to 2 pods (scaling)"},
    {"a: 2/2 4 5/2/4/4 U", "a: 2/2 4 5/2/4/4 U",
     "stalled, no progress for 11 min or more: 1 of 4 new pods available (rollout)"},
    {"a: 2/2 10 13/5/8/8 D", NULL,
     "failed, the controller gave up: progress deadline exceeded; 5 of 10 new pods created, "
     "0 of them available"},
    {"a: 2/2 4 12/6/4/4 D", NULL,
     "failed, the controller gave up: progress deadline exceeded; 4 of 4 new pods created, "
     "0 of them available"},
    {"a: 2/2 4 5/2/4/4 Z paused", NULL, "paused, 1 of 4 new pods available"},
    {"a: 2/2 4 4/4/4/4 Z paused", NULL, "paused, 4 pods available"},
    {"a: " DONE, "a: 1/1 3 3/3/2/2 N", "degraded, 2 of 3 pods available (shown thinned at first)"},
    {"a: 1/1 3 3/3/2/2 N", "a: 1/1 3 3/3/2/2 N", "degraded, 2 of 3 pods available"},
    {"a: " DONE "; b: 2/2 4 5/3/4/4 U; c: 2/2 4 5/2/4/4 Z paused", NULL,
     "1 of 3 deployments is rolling, 3 of 8 new pods available; 1 is paused"},
    {"a: 2/2 4 4/0/4/4 C RF; b: 2/2 4 5/2/4/4 Z paused; c: 2/2 4 5/2/4/4 Z paused", NULL,
     "1 of 3 deployments is rolling, 2 of 12 new pods available; pods of a cannot be created "
     "(ReplicaFailure: a quota, or admission?); 2 are paused"},
    {"a: " DONE "; b: 2/2 4 4/0/4/4 C RF; c: 2/2 4 4/0/4/4 C RF", NULL,
     "2 of 3 deployments are rolling, 0 of 8 new pods available; pods of b cannot be created "
     "(ReplicaFailure: a quota, or admission?)"},
    {"a: 2/2 10 10/0/10/10 C RF", NULL,
     "0 of 10 new pods available (rollout); pods cannot be created (ReplicaFailure: a quota, or "
     "admission?)"},
    {"a: 2/2 10 10/0/10/10 C RF", "a: 2/2 10 10/0/10/10 C RF",
     "stalled, no progress for 11 min or more: 0 of 10 new pods available (rollout); pods cannot "
     "be "
     "created (ReplicaFailure: a quota, or admission?)"},
    {"a: 1/1 0 0/0/0/0 N", NULL, "scaled to zero, no pods wanted"},
    {"a: " DONE, "", "unknown, not in Prometheus, while others of its kind are"},
    {"survey 20000", NULL, "all 20000 deployments are stable"},
    {"survey 1", NULL, "the only deployment is stable"},
    {"survey 20000 stale", NULL, "the newest sample is too old: is its exporter still scraped?"},
    {"survey 20000; b: 2/2 4 5/3/4/4 U", NULL,
     "1 of 20000 deployments is rolling, 2 of 4 new pods available"},
    {"survey 20000 more; b: 2/2 10 13/5/8/8 D", NULL,
     "too many are not settled to show all; of those shown, 1 of 20000 deployments failed; b: the "
     "controller gave up: progress deadline exceeded; 5 of 10 new pods created, 0 of them "
     "available"},
    {"a: " DONE "; b: " DONE, NULL, "both deployments are stable, 6 pods available"},
    {"a: " DONE "; b: " DONE "; c: " DONE, NULL, "all 3 deployments are stable, 9 pods available"},
    {"a: 2/2 6 3/3/3/3 N; b: 2/2 6 3/3/3/3 N", NULL,
     "2 of 2 deployments are scaling, 6 of 12 pods available"},
    {"a: 2/2 6 3/3/3/3 N; b: 2/2 4 5/3/4/4 U", NULL,
     "2 of 2 deployments are rolling, 5 of 10 new pods available"},
    {"a: 1/1 0 0/0/0/0 N; b: 1/1 0 0/0/0/0 N", NULL, "both deployments are scaled to zero"},
    {"a: " DONE "; b: 2/2 4 5/3/4/4 U; c: 2/2 20 25/10/20/20 U", NULL,
     "2 of 3 deployments are rolling, 7 of 24 new pods available"},
    {"a: 2/1 4 4/4/4/4 N; b: 2/2 4 5/3/4/4 U", NULL,
     "2 of 2 deployments are rolling, 2 of 8 new pods available"},
    {"a: " DONE "; b: 2/2 4 5/3/4/4 U", NULL,
     "1 of 2 deployments is rolling, 2 of 4 new pods available"},
    {"a: " DONE "; b: 2/2 6 3/3/3/3 N", NULL,
     "1 of 2 deployments is scaling, 3 of 6 pods available"},
    {"a: " DONE "; b: 2/2 10 13/5/8/8 D", NULL,
     "1 of 2 deployments failed; b: the controller gave up: progress deadline exceeded; 5 of "
     "10 new pods created, 0 of them available"},
    {"e/a: " DONE "; u/a: 2/2 4 5/2/4/4 Z paused", NULL,
     "1 of 2 deployments is paused; a in u: 1 of 4 new pods available"},
    {"eu/a: " DONE "; us/a: 1/1 3 3/3/3/? N", NULL,
     "1 of 2 deployments is unknown; a in us: Prometheus has no number of "
     "kube_deployment_status_replicas_available for it: add that to the keep list of the scrape, "
     "or let kube-state-metrics export it"},
    {"a: 1/1 3 3/?/3/? N", NULL,
     "unknown, Prometheus has no number of "
     "kube_deployment_(status_replicas_available|status_replicas_updated) for it: add that to the "
     "keep list of the scrape, or let kube-state-metrics export it"},
    {"a: ?/1 3 3/3/3/3 N", NULL,
     "unknown, Prometheus has no number of kube_deployment_metadata_generation for it: add that to "
     "the keep list of the scrape, or let kube-state-metrics export it"},
    {"a: 1/1 ? 3/3/3/3 N", NULL,
     "unknown, Prometheus has no number of kube_deployment_spec_replicas for it: add that to the "
     "keep list of the scrape, or let kube-state-metrics export it"},
    {"a: " DONE "; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE, NULL,
     "1 more deployment than fit (max_workloads: 4); narrow the namespace or name, or raise "
     "max_workloads"},
    {"a: 2/2 3 4/1/3/3 D; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE "; f: " DONE, NULL,
     "2 more deployments than fit (max_workloads: 4); narrow the namespace or name, or raise "
     "max_workloads; 1 of 4 deployments failed; a: the controller gave up: progress deadline "
     "exceeded; 1 of 3 new pods created, 0 of them available"},
    {"a\x1b[2J: 2/2 3 4/1/3/3 D; b: " DONE, NULL,
     "1 of 2 deployments failed; a?[2J: the controller gave up: progress deadline exceeded; "
     "1 of 3 new pods created, 0 of them available"},
};

static const struct sentence_row sets[] = {
    {"a: 1/1 3 3/3/3/3 a>a cur3", "a: 1/1 3 3/2/3/3 a>a cur2",
     "2 of 3 pods available and up to date, waiting for old ones to end (draining)"},
    {"a: " DONE_SET "; b: 2/2 3 3/1/3/3 a>b cur1", NULL,
     "1 of 2 StatefulSets is draining, 1 of 3 pods available and up to date, waiting for old ones "
     "to end"},
    {"a: " DONE_SET, "a: 1/1 3 3/2/3/3",
     "degraded, 1 of 3 pods terminating or not up to date (shown thinned at first)"},
    {"a: " DONE_SET, "a: 1/1 3 3/2/2/2",
     "degraded, 2 of 3 pods available (shown thinned at first)"},
    {"a: " DONE_SET, "a: 1/1 3 3/3/2/3",
     "degraded, 3 pods available, not all of them ready (shown thinned at first)"},
    {"a: " DONE_SET, "a: 1/1 3 4/3/3/3",
     "degraded, going down from 4 to 3 pods (shown thinned at first)"},
    {"a: 2/2 4 4/1/4/4 a>b cur3", "a: 2/2 4 4/1/4/4 a>b cur3",
     "paused, healthy, but held back: by a partition, or OnDelete; 1 of 4 pods updated"},
    {"a: " DONE_SET, "a: 2/2 0 1/0/1/1 a>a cur0", "going down from 1 to 0 pods (scaling)"},
    {"a: 1/1 5 5/5/5/5 a>a cur5", "a: 2/2 1 5/4/5/5 a>a cur4",
     "going down from 5 to 1 pods (draining)"},
    {"a: 2/2 5 5/3/4/4 a>b cur2", NULL,
     "2 of 5 new pods available (rollout); the cluster updates pods below the partition in the "
     "config, which is out of date"},
    {"a: 2/2 3 3/0/2/2 a>b cur2", NULL, "0 of 0 new pods available (rollout)"},
    {"a: 2/2 3 3/0/3/3 a>b cur3", NULL, "stable, 3 pods available"},
};
#define PARTITIONED 3 /* of these, the last ones */

static size_t wrong_sentences(const struct sentence_row rows[], size_t count,
                              enum workload_kind kind, int64_t partition)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct scene_rollout scene;
        char sentence[512];
        scene_start(&scene, 4);
        scene.rollout.kinds = KIND_BIT(kind);
        scene.rollout.limits.partition = partition;
        if (rows[i].first != NULL)
            scene_poll(&scene, 0, rows[i].first);
        if (rows[i].second != NULL)
            scene_poll(&scene, 700, rows[i].second);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        if (strcmp(sentence, rows[i].sentence) == 0)
            continue;
        fprintf(stderr, "%s\n    said   %s\n    not    %s\n", rows[i].first, sentence,
                rows[i].sentence);
        wrong++;
    }
    return wrong;
}

#define COUNT(rows) (sizeof rows / sizeof rows[0])

static void sentences_are_as_written(void **unused)
{
    (void)unused;
    assert_int_equal(wrong_sentences(table, COUNT(table), KIND_DEPLOYMENT, 0), 0);
}

static void sets_say_what_is(void **unused)
{
    (void)unused;
    const size_t plain = COUNT(sets) - PARTITIONED;
    assert_int_equal(wrong_sentences(sets, plain, KIND_STATEFULSET, 0), 0);
    assert_int_equal(wrong_sentences(&sets[plain], PARTITIONED, KIND_STATEFULSET, 3), 0);
}

static void a_ratio_has_words_of_its_own(void **unused)
{
    (void)unused;
    static const struct {
        double value;
        const char *sentence;
    } values[] = {
        {0.735, "73 %"},
        {1.0, "stable, the query yields 1"},
        {2.5, "the query yields 2.5, and 1 is done: what it divides by has shrunk"},
        {-0.5, "unknown, the query yields -0.5, which is no ratio from 0 to 1: divide it by what 1 "
               "shall mean, or show it as an indicator"},
        {(double)NAN, "unknown, the query yields no number from 0 to 1"},
    };
    char sentence[256];
    struct scene_rollout scene;
    scene_start(&scene, 4);
    scene.rollout.is_query = true;
    rollout_observe_ratio(&scene.rollout, NULL, 0, false, 0);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "the query finds no series");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct ratio_sample sample = {"{a=\"b\"}", values[i].value, 0};
        rollout_observe_ratio(&scene.rollout, &sample, 1, false, 0);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, values[i].sentence);
    }
    rollout_observe_ratio(&scene.rollout, NULL, 0, false, 0);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "unknown, the query yields this series no more");
    rollout_observe_failure(&scene.rollout, 0);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "unknown, no usable answer from Prometheus");
    const struct ratio_sample both[] = {{"{a=\"b\"}", 1, 0}, {"{a=\"c\"}", 1, 0}};
    rollout_observe_ratio(&scene.rollout, both, 2, false, 0);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "both series are done");
}

/* With ReplicaFailure that may be soon. */
static void a_standstill_is_told_in_seconds_or_minutes(void **unused)
{
    (void)unused;
    static const struct {
        int64_t seconds;
        const char *start;
    } rows[] = {{59, "stalled, no progress for 59 s or more: 0 of 3"},
                {60, "stalled, no progress for 1 min or more: 0 of 3"},
                {119, "stalled, no progress for 1 min or more: 0 of 3"},
                {1019, "stalled, no progress for 16 min or more: 0 of 3"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene_rollout scene;
        char sentence[256];
        scene_start(&scene, 4);
        scene.rollout.limits.stall_after_failure_ms = 30000;
        scene_poll(&scene, 7, "a: 2/2 3 3/0/3/3 C RF");
        scene_poll(&scene, 7 + rows[i].seconds, "a: 2/2 3 3/0/3/3 C RF");
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_memory_equal(sentence, rows[i].start, strlen(rows[i].start));
    }
}

static void a_small_buffer_cuts_and_ends(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    char sentence[7];
    scene_start(&scene, 4);
    scene_poll(&scene, 0, "a: " DONE);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "stable");
}

/* Polls until `t_s`, every two seconds, that all see the same. */
static int64_t see(struct scene_rollout *scene, int64_t from_s, int64_t t_s, const char *rows)
{
    for (; from_s < t_s; from_s += 2)
        scene_poll(scene, from_s, rows);
    return t_s;
}

static void expect_end(const struct scene_rollout *scene, const char *end)
{
    char sentence[256];
    rollout_sentence(&scene->rollout, sentence, sizeof sentence);
    const size_t length = strlen(sentence), wanted = strlen(end);
    if (length < wanted || strcmp(sentence + length - wanted, end) != 0)
        fail_msg("'%s' does not end '%s'", sentence, end);
}

static void the_time_that_is_left_is_said_where_it_is_known(void **unused)
{
    (void)unused;
    static const struct usual_time once = {1, {700, {100, 300, 500}}},
                                   often = {3, {700, {100, 300, 500}}};
    struct scene_rollout scene;
    scene_start(&scene, SCENE_MEMBERS);
    struct time_left *left = &scene.workloads[0].time_left;
    int64_t t = see(&scene, 0, 10, "a: " DONE);
    t = see(&scene, t, 130, "a: 2/2 3 4/1/3/3 U");
    expect_end(&scene, "0 of 3 new pods available (rollout)");
    time_left_compare(left, &often);
    expect_end(&scene, "0 of 3 new pods available (rollout); usually 12 min");
    time_left_compare(left, &(struct usual_time){3, {1169, {100, 300, 500}}});
    expect_end(&scene, "; usually 19 min");
    time_left_compare(left, &(struct usual_time){0});
    t = see(&scene, t, 134, "a: 2/2 3 4/2/3/3 U");
    expect_end(&scene, "1 of 3 new pods available (rollout); about 4 min left");
    time_left_compare(left, &once);
    expect_end(&scene, "; about 4 min left (last time 12 min)");
    time_left_compare(left, &(struct usual_time){2, {20, {5, 10, 15}}});
    t = see(&scene, t, t + 60, "a: 2/2 3 4/2/3/3 U");
    expect_end(&scene, "; less than 1 min left (usually less than 1 min)");
    left->shown_ms = 60000;
    expect_end(&scene, "; about 1 min left (usually less than 1 min)");
    see(&scene, t, t + 600, "a: 2/2 3 4/2/3/3 U RF");
    expect_end(&scene, "(ReplicaFailure: a quota, or admission?)");
}

/* A survey counts those that are at rest, and shows the rows of others alone. */
static void a_survey_knows_who_was_at_rest(void **unused)
{
    (void)unused;
    static const struct {
        const char *before;
        bool counted;
    } rows[] = {{"survey 9", true},        {"fetch", false},    {"survey 9 = eu 9/8/0", false},
                {"survey 9 stale", false}, {"survey 0", false}, {"survey 9 more", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene_rollout scene;
        scene_start(&scene, SCENE_MEMBERS);
        int64_t t = see(&scene, 0, 10, rows[i].before);
        t = see(&scene, t, 130, "survey 9; a: 2/2 3 4/1/3/3 U");
        see(&scene, t, t + 4, "survey 9; a: 2/2 3 4/2/3/3 U");
        expect_end(&scene, rows[i].counted ? "; about 4 min left" : "1 of 3 new pods available");
        see(&scene, t + 4, t + 8, "survey 9 more; a: 2/2 3 4/2/3/3 U"); /* of others nothing is */
        expect_end(&scene, "1 of 3 new pods available");
    }
}

/* The bar is done when the last of them is. */
static void of_several_it_is_that_of_the_slowest(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, SCENE_MEMBERS);
    int64_t t = see(&scene, 0, 10, "a: " DONE "; b: " DONE "; c: " DONE);
    t = see(&scene, t, 70, "a: 2/2 3 4/1/3/3 U; b: 2/2 3 4/1/3/3 U; c: " DONE);
    t = see(&scene, t, 74, "a: 2/2 3 4/2/3/3 U; b: 2/2 3 4/1/3/3 U; c: " DONE);
    expect_end(&scene, "new pods available"); /* of b nothing is known */
    t = see(&scene, t, 190, "a: 2/2 3 4/2/3/3 U; b: 2/2 3 4/1/3/3 U; c: " DONE);
    t = see(&scene, t, 194, "a: 2/2 3 4/3/3/3 U; b: 2/2 3 4/2/3/3 U; c: " DONE);
    expect_end(&scene, "; about 6 min left for b");
    see(&scene, t, t + 4, "a: 2/2 3 3/3/3/3 N; b: 2/2 3 4/2/3/3 U; c: " DONE);
    expect_end(&scene, "; about 6 min left");
    see(&scene, t + 4, t + 8, "a: 2/2 3 3/3/3/3 N; b: 2/2 3 4/2/3/3 U; c: 2/2 3 4/2/3/3 Z paused");
    expect_end(&scene, "; 1 is paused");
    scene_start(&scene, SCENE_MEMBERS);
    t = see(&scene, 0, 10, "a: " DONE "; b: " DONE);
    t = see(&scene, t, 70, "a: 2/2 3 4/1/3/3 U; b: 2/2 3 4/1/3/3 U");
    see(&scene, t, t + 4, "a: 2/2 3 4/2/3/3 U; b: 2/2 3 4/2/3/3 U");
    expect_end(&scene, "; about 2 min left for a"); /* as slow as the other one */
}

/* Whatever the memory behind the last member has, and be it in need. */
static void only_members_are_told_of(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct scene_rollout scene;
        char sentence[512], beside[512];
        if (table[i].first == NULL)
            continue;
        scene_start(&scene, 4);
        scene_poll(&scene, 0, table[i].first);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        const bool moves = rollout_moves(&scene.rollout);
        for (enum state is = 0; is < STATE_COUNT; is++) {
            struct workload *behind = &scene.workloads[scene.rollout.count];
            behind->verdict = (struct verdict){.state = is, .cannot_create = true};
            rollout_sentence(&scene.rollout, beside, sizeof beside);
            assert_string_equal(beside, sentence);
            assert_true(rollout_moves(&scene.rollout) == moves);
        }
    }
}

/* The pods of those that it counts are nowhere. */
static void beside_a_survey_no_pods_are_said_but_of_the_only_one(void **unused)
{
    (void)unused;
    static const struct sentence_row rows[] = {
        {"survey 1; web: 1/1 1 1/1/1/1 N", NULL, "stable, 1 pod available"},
        {"survey 2; web: 1/1 1 1/1/1/1 N", NULL, "both deployments are stable"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene_rollout scene;
        char sentence[256];
        scene_start(&scene, 4);
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
        scene_poll(&scene, 0, rows[i].first);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

/* Of several kinds, one and more. */
static void what_is_of_any_kind_is_a_workload(void **unused)
{
    (void)unused;
    static const struct sentence_row rows[] = {
        {"a: " DONE "; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE, NULL,
         "1 more workload than fit (max_workloads: 4); narrow the namespace or name, or raise "
         "max_workloads"},
        {"a: " DONE "; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE "; f: " DONE, NULL,
         "2 more workloads than fit (max_workloads: 4); narrow the namespace or name, or raise "
         "max_workloads"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        char sentence[512];
        scene_start(&scene, 4);
        scene.rollout.kinds = KINDS_ALL;
        scene_poll(&scene, 0, rows[i].first);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

/* Whose names have no room: there is room for more of them. */
static void names_that_are_too_long_are_no_want_of_room(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    char sentence[512];
    scene_start(&scene, 4);
    scene_poll(&scene, 0, "a: " DONE);
    scene.rollout.dropped = 1;
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    const char *said =
        "1 more deployment with a cluster, a namespace or a name that is longer than "
        "any in Kubernetes; see what relabels them; ";
    if (strncmp(sentence, said, strlen(said)) != 0)
        fail_msg("%s", sentence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_are_as_written),
        cmocka_unit_test(sets_say_what_is),
        cmocka_unit_test(what_is_of_any_kind_is_a_workload),
        cmocka_unit_test(only_members_are_told_of),
        cmocka_unit_test(beside_a_survey_no_pods_are_said_but_of_the_only_one),
        cmocka_unit_test(names_that_are_too_long_are_no_want_of_room),
        cmocka_unit_test(a_ratio_has_words_of_its_own),
        cmocka_unit_test(a_standstill_is_told_in_seconds_or_minutes),
        cmocka_unit_test(the_time_that_is_left_is_said_where_it_is_known),
        cmocka_unit_test(a_survey_knows_who_was_at_rest),
        cmocka_unit_test(of_several_it_is_that_of_the_slowest),
        cmocka_unit_test(a_small_buffer_cuts_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
