/*
 * What people read.
 */
#include "rollout/scene.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DONE "1/1 3 3/3/3/3 N"

static const struct {
    const char *first;  /* a poll at 0 s; NULL: none */
    const char *second; /* a poll at 700 s; NULL: none */
    const char *sentence;
} table[] = {
    {NULL, NULL, "Prometheus has not answered yet"},
    {"fetch", NULL, "no usable answer from Prometheus"},
    {"", NULL, "no deployment matches"},
    {"nodata", NULL,
     "no deployment is visible in Prometheus: is its exporter (kube-state-metrics) down?"},
    {"partial", NULL, "a part of the data is missing or no number"},
    {"a: " DONE, NULL, "stable, 3 pods available"},
    {"a: 1/1 1 1/1/1/1 N ~2", NULL, "stable, 1 pod available, 2 old still draining"},
    {"a: 2/2 10 13/5/8/8 C", NULL, "0 of 10 new pods available (rollout)"},
    {"a: 2/2 10 13/6/10/10 C", NULL, "3 of 10 new pods available (rollout)"},
    {"a: 2/2 4 5/4/5/5 U", NULL, "all 4 new pods available, old ones still going (rollout)"},
    {"a: 2/1 4 4/4/4/4 N", NULL, "the controller has not seen the newest change yet"},
    {"a: 2/2 6 3/3/3/3 N", NULL, "3 of 6 pods available (scaling)"},
    {"a: " DONE, "a: 2/2 2 3/3/3/3 N", "going down from 3 to 2 pods (scaling)"},
    {"a: 2/2 4 5/2/4/4 U", "a: 2/2 4 5/2/4/4 U",
     "stalled, no progress for 11 min or more: 1 of 4 new pods available (rollout)"},
    {"a: 2/2 10 13/5/8/8 D", NULL,
     "failed, the controller gave up: progress deadline exceeded; 5 of 10 new pods created, "
     "0 available"},
    {"a: 2/2 4 5/2/4/4 Z paused", NULL, "paused, 1 of 4 new pods available"},
    {"a: 2/2 4 4/4/4/4 Z paused", NULL, "paused, 4 pods available"},
    {"a: " DONE, "a: 1/1 3 3/3/2/2 N", "degraded, 2 of 3 pods available"},
    {"a: 1/1 0 0/0/0/0 N", NULL, "scaled to zero, no pods wanted"},
    {"a: " DONE, "", "unknown, not in Prometheus, while others of its kind are"},
    {"survey 20000", NULL, "all 20000 deployments are stable"},
    {"survey 1", NULL, "the only deployment is stable"},
    {"survey 20000 stale", NULL, "the newest sample is too old: is its exporter still scraped?"},
    {"survey 20000; b: 2/2 4 5/3/4/4 U", NULL,
     "1 of 20000 deployments is rolling, 2 of 4 new pods available"},
    {"survey 20000 more; b: 2/2 10 13/5/8/8 D", NULL,
     "too many are not settled to show all; of those shown, 1 of 20000 deployments failed; b: the "
     "controller gave up: progress deadline exceeded; 5 of 10 new pods created, 0 available"},
    {"a: " DONE "; b: " DONE, NULL, "both deployments are stable, 6 pods available"},
    {"a: 1/1 0 0/0/0/0 N; b: 1/1 0 0/0/0/0 N", NULL, "both deployments are scaled to zero"},
    {"a: " DONE "; b: 2/2 4 5/3/4/4 U; c: 2/2 20 25/10/20/20 U", NULL,
     "2 of 3 deployments are rolling, 7 of 24 new pods available"},
    {"a: " DONE "; b: 2/2 4 5/3/4/4 U", NULL,
     "1 of 2 deployments is rolling, 2 of 4 new pods available"},
    {"a: " DONE "; b: 2/2 6 3/3/3/3 N", NULL,
     "1 of 2 deployments is scaling, 3 of 6 pods available"},
    {"a: " DONE "; b: 2/2 10 13/5/8/8 D", NULL,
     "1 of 2 deployments failed; b: the controller gave up: progress deadline exceeded; 5 of "
     "10 new pods created, 0 available"},
    {"eu/a: " DONE "; us/a: 1/1 3 3/3/3/? N", NULL,
     "1 of 2 deployments is unknown; a in us: a part of the data is missing or no number"},
    {"a: " DONE "; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE, NULL,
     "1 more deployment than fit (max_workloads: 4); narrow the namespace or name, or raise "
     "max_workloads"},
    {"a: 2/2 3 4/1/3/3 D; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE "; f: " DONE, NULL,
     "2 more deployments than fit (max_workloads: 4); narrow the namespace or name, or raise "
     "max_workloads; 1 of 4 deployments failed; a: the controller gave up: progress deadline "
     "exceeded; 1 of 3 new pods created, 0 available"},
    {"a\x1b[2J: 2/2 3 4/1/3/3 D; b: " DONE, NULL,
     "1 of 2 deployments failed; a?[2J: the controller gave up: progress deadline exceeded; "
     "1 of 3 new pods created, 0 available"},
};

static void sentences_are_as_written(void **unused)
{
    (void)unused;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        char sentence[512];
        scene_start(&scene, 4);
        if (table[i].first != NULL)
            scene_poll(&scene, 0, table[i].first);
        if (table[i].second != NULL)
            scene_poll(&scene, 700, table[i].second);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        if (strcmp(sentence, table[i].sentence) == 0)
            continue;
        fprintf(stderr, "%s\n    said   %s\n    not    %s\n", table[i].first, sentence,
                table[i].sentence);
        wrong++;
    }
    assert_int_equal(wrong, 0);
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
        {2.0, "the query yields more than 1"},
        {(double)NAN, "unknown, the query yields no number from 0 to 1"},
    };
    char sentence[256];
    struct scene_rollout scene;
    scene_start(&scene, 4);
    scene.rollout.is_query = true;
    rollout_observe_ratio(&scene.rollout, NULL, 0, false, 0);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "the query yields nothing");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct ratio_sample sample = {"{a=\"b\"}", values[i].value, 0};
        rollout_observe_ratio(&scene.rollout, &sample, 1, false, 0);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, values[i].sentence);
    }
    rollout_observe_ratio(&scene.rollout, NULL, 0, false, 0);
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "unknown, the query yields this series no more");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_are_as_written),
        cmocka_unit_test(a_ratio_has_words_of_its_own),
        cmocka_unit_test(a_small_buffer_cuts_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
