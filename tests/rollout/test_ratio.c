/*
 * The user's own query as a rollout.
 */
#include "base/hash.h"
#include "rollout/scene.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NONE (-1.0) /* no progress can be reported */
#define NO_SERIES (-7.0)
#define A "{deployment=\"a\"}"
#define B "{deployment=\"b\"}"

struct poll {
    int64_t t_s;
    double a, b; /* NO_SERIES: not in the answer */
    enum state state;
    enum why why;
    double p;
    size_t members;
};

static const struct {
    const char *sentence;
    struct poll polls[7]; /* without members: ends them */
} table[] = {
    {"a ratio is shown as it is",
     {{0, 0.25, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.25, 1},
      {10, 0.5, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.5, 1},
      {20, 1, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1}}},
    {"1 to the last bits is 1",
     {{0, 1 - 5e-10, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1},
      {10, 1 + 5e-10, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1},
      {20, 1 - 5e-9, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.99, 1}}},
    {"so little above 1 it may have been a ratio all the time",
     {{0, 1.0 + 1e-9, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1},
      {10, 3, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1}}},
    {"a little more is none",
     {{0, 1.0 + 2e-9, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1}}},
    {"nor is what is next to nothing, below it",
     {{0, -1e-300, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1}}},
    {"never full before it is 1", {{0, 0.999, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.99, 1}}},
    {"nothing is nothing", {{0, 0, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0, 1}}},
    {"more than 1 of what was a ratio before is shrinking: moving, below full",
     {{0, 0.5, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.5, 1},
      {10, 3, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1},
      {20, 1, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1},
      {30, 2, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1}}},
    {"what never was a ratio is none, however it moves",
     {{0, 2, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1},
      {10, 12, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1},
      {20, 1.5, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1}}},
    {"0 is no ratio yet: per cent begin there, too",
     {{0, 0, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0, 1},
      {10, 12, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1},
      {20, 100, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1}}},
    {"each series is a ratio by itself",
     {{0, 0.5, 12, STATE_UNKNOWN, WHY_RATIO_RANGE, 0.5, 2},
      {10, 2, 12, STATE_UNKNOWN, WHY_RATIO_RANGE, 0.99, 2}}},
    {"0/0 is no ratio", {{0, (double)NAN, NO_SERIES, STATE_UNKNOWN, WHY_PARTIAL, NONE, 1}}},
    {"2/0 is none either", {{0, (double)INFINITY, NO_SERIES, STATE_UNKNOWN, WHY_PARTIAL, NONE, 1}}},
    {"negative is none",
     {{0, -0.1, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1},
      {10, 0.5, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.5, 1},
      {20, -2, NO_SERIES, STATE_UNKNOWN, WHY_RATIO_RANGE, NONE, 1}}},
    {"stalls by the nearest of the run, whatever flaps",
     {{0, 0.5, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.5, 1},
      {300, 0.4, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.4, 1},
      {599, 0.5, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.5, 1},
      {600, 0.5, NO_SERIES, STATE_STALLED, WHY_RATIO, 0.5, 1},
      {610, 0.6, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.6, 1}}},
    {"coming down to 1 is progress",
     {{0, 1, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1},
      {10, 3, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1},
      {500, 2, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1},
      {1000, 2, NO_SERIES, STATE_PROGRESSING, WHY_RATIO_RANGE, 0.99, 1},
      {1100, 2, NO_SERIES, STATE_STALLED, WHY_RATIO_RANGE, 0.99, 1}}},
    {"a new run begins with a new clock",
     {{0, 0.9, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.9, 1},
      {500, 1, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1},
      {9000, 0.1, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.1, 1},
      {9599, 0.1, NO_SERIES, STATE_PROGRESSING, WHY_RATIO, 0.1, 1}}},
    {"series are members of equal weight",
     {{0, 0.5, 0.25, STATE_PROGRESSING, WHY_RATIO, 0.375, 2},
      {10, 1, 0.25, STATE_PROGRESSING, WHY_RATIO, 0.625, 2},
      {20, 1, 1, STATE_STABLE, WHY_RATIO, 1, 2},
      {30, 1, 0.5, STATE_PROGRESSING, WHY_RATIO, 0.5, 2}}},
    {"two near the end are shown so", {{0, 0.9, 0.9, STATE_PROGRESSING, WHY_RATIO, 0.9, 2}}},
    {"one that is no number makes it unknown",
     {{0, 0.5, (double)NAN, STATE_UNKNOWN, WHY_PARTIAL, 0.5, 2}}},
    {"a series that vanishes is absent, then gone",
     {{0, 1, 0.5, STATE_PROGRESSING, WHY_RATIO, 0.5, 2},
      {10, 1, NO_SERIES, STATE_UNKNOWN, WHY_ABSENT, NONE, 2},
      {99, 1, NO_SERIES, STATE_UNKNOWN, WHY_ABSENT, NONE, 2},
      {100, 1, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1}}},
    {"one that is back is absent anew when it vanishes again",
     {{0, 1, 0.5, STATE_PROGRESSING, WHY_RATIO, 0.5, 2},
      {10, 1, NO_SERIES, STATE_UNKNOWN, WHY_ABSENT, NONE, 2},
      {50, 1, 0.5, STATE_PROGRESSING, WHY_RATIO, 0.5, 2},
      {60, 1, NO_SERIES, STATE_UNKNOWN, WHY_ABSENT, NONE, 2},
      {149, 1, NO_SERIES, STATE_UNKNOWN, WHY_ABSENT, NONE, 2},
      {150, 1, NO_SERIES, STATE_STABLE, WHY_RATIO, 1, 1}}},
};

static void query_start(struct scene_rollout *scene)
{
    scene_start(scene, 4);
    scene->rollout.is_query = true;
}

static void observe(struct rollout *rollout, const struct poll *poll)
{
    struct ratio_sample samples[2];
    size_t count = 0;
    if (!(poll->b <= NO_SERIES)) /* the order of series is Prometheus's own */
        samples[count++] = (struct ratio_sample){B, poll->b, 0};
    if (!(poll->a <= NO_SERIES))
        samples[count++] = (struct ratio_sample){A, poll->a, 0};
    rollout_observe_ratio(rollout, samples, count, false, poll->t_s * 1000);
}

static void ratios_are_judged_as_written(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        query_start(&scene);
        for (const struct poll *poll = table[i].polls; poll->members > 0; poll++) {
            const struct verdict *verdict = &scene.rollout.verdict;
            observe(&scene.rollout, poll);
            assert_int_equal(scene.rollout.seen_ms, poll->t_s * 1000);
            bool fine = poll->p < 0 ? isnan(verdict->p) : fabs(verdict->p - poll->p) < 1e-8;
            if (!fine || verdict->state != poll->state || verdict->why != poll->why ||
                scene.rollout.count != poll->members)
                fail_msg("%s: at %lld: %s %.6f %s, %zu members", table[i].sentence,
                         (long long)poll->t_s, state_name(verdict->state), verdict->p,
                         why_name(verdict->why), scene.rollout.count);
        }
    }
}

static void no_series_are_absent(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    query_start(&scene);
    rollout_observe_ratio(&scene.rollout, NULL, 0, false, 0);
    assert_int_equal(scene.rollout.verdict.state, STATE_UNKNOWN);
    assert_int_equal(scene.rollout.verdict.why, WHY_ABSENT);
    assert_int_equal(scene.rollout.seen_ms, INT64_MIN); /* nothing was seen */
    rollout_observe_ratio(&scene.rollout, NULL, 0, true, 0);
    assert_int_equal(scene.rollout.verdict.why, WHY_PARTIAL);
    rollout_observe_failure(&scene.rollout, 0);
    assert_int_equal(scene.rollout.verdict.why, WHY_FETCH);
    rollout_observe_silence(&scene.rollout, 0);
    assert_int_equal(scene.rollout.verdict.why, WHY_LATE);
}

static void a_partial_answer_makes_nothing_absent(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    struct ratio_sample sample = {A, 1.0, 0};
    query_start(&scene);
    rollout_observe_ratio(&scene.rollout, &sample, 1, false, 0);
    rollout_observe_ratio(&scene.rollout, NULL, 0, true, 900000);
    assert_int_equal(scene.rollout.count, 1);
    assert_int_equal(scene.rollout.verdict.why, WHY_PARTIAL);
}

/* What was scraped with it is there, and it is not: it has left. Else nobody can tell. */
static void a_series_that_left_is_witnessed_by_its_source(void **unused)
{
    (void)unused;
    for (uint64_t other = 7; other <= 8; other++) {
        struct scene_rollout scene;
        const struct ratio_sample both[] = {{A, 1.0, 7}, {B, 1.0, other}};
        query_start(&scene);
        rollout_observe_ratio(&scene.rollout, both, 2, false, 0);
        assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);
        rollout_observe_ratio(&scene.rollout, &both[1], 1, false, 10000);
        assert_int_equal(scene.rollout.verdict.why, other == 7 ? WHY_ABSENT : WHY_SOURCE_GONE);
        rollout_observe_ratio(&scene.rollout, both, 2, false, 15000); /* it is back once */
        const struct ratio_sample rest[] = {{B, 1.0, other}, {"{}", 1.0, 7}};
        rollout_observe_ratio(&scene.rollout, rest, 2, false, 20000);
        assert_int_equal(scene.rollout.verdict.why, WHY_ABSENT);
        rollout_observe_ratio(&scene.rollout, rest, 2, false, 30000);
        assert_int_equal(scene.rollout.verdict.why, WHY_RATIO);
    }
}

/* Labels that are equal where they are cut are two series all the same. */
static void long_labels_stay_apart(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    char labels[2][400];
    struct ratio_sample samples[2] = {{labels[0], 0.25, 0}, {labels[1], 0.75, 0}};
    query_start(&scene);
    for (size_t i = 0; i < 2; i++) {
        memset(labels[i], 'x', sizeof labels[i]);
        labels[i][398] = i == 0 ? 'a' : 'b';
        labels[i][399] = '\0';
    }
    rollout_observe_ratio(&scene.rollout, samples, 2, false, 0);
    samples[0].value = 1.0;
    rollout_observe_ratio(&scene.rollout, samples, 2, false, 10000);
    assert_int_equal(scene.rollout.count, 2);
    assert_memory_equal(scene.workloads[0].name, labels[0], WORKLOAD_NAME_SIZE - 1);
    assert_true(fabs(scene.rollout.verdict.p - 0.875) < 1e-9);
}

#define MANY 8

/* Each is found again as itself, in whatever order the answer has them. */
static void many_long_labels_keep_their_values(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    char labels[MANY][400];
    query_start(&scene);
    scene.rollout.capacity = MANY;
    for (size_t i = 0; i < MANY; i++) {
        memset(labels[i], 'x', sizeof labels[i]);
        labels[i][398] = (char)('a' + i);
        labels[i][399] = '\0';
    }
    for (size_t poll = 0; poll < 2 * MANY; poll++) {
        struct ratio_sample samples[MANY];
        for (size_t i = 0; i < MANY; i++) {
            const size_t which = poll < MANY ? (poll + i) % MANY : (poll + MANY - i) % MANY;
            samples[i] = (struct ratio_sample){labels[which], (double)which / MANY, 0};
        }
        rollout_observe_ratio(&scene.rollout, samples, MANY, false, (int64_t)poll * 10000);
        assert_int_equal(scene.rollout.count, MANY);
        for (size_t i = 0; i < MANY; i++) {
            const struct workload *member = &scene.workloads[i];
            const size_t which = (size_t)(member->ratio * MANY);
            assert_true(member->ratio_id == hash_of(labels[which]));
        }
    }
}

static void what_has_no_room_is_never_silent(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    struct ratio_sample samples[] = {{A, 1.0, 0}, {B, 1.0, 0}};
    query_start(&scene);
    scene.rollout.capacity = 1;
    rollout_observe_ratio(&scene.rollout, samples, 2, false, 0);
    assert_int_equal(scene.rollout.dropped, 1);
    assert_int_equal(scene.rollout.verdict.state, STATE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_judged_as_written),
        cmocka_unit_test(no_series_are_absent),
        cmocka_unit_test(a_partial_answer_makes_nothing_absent),
        cmocka_unit_test(a_series_that_left_is_witnessed_by_its_source),
        cmocka_unit_test(long_labels_stay_apart),
        cmocka_unit_test(many_long_labels_keep_their_values),
        cmocka_unit_test(what_has_no_room_is_never_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
