/*
 * Which workloads are members, and what it means when they are not there.
 */
#include "base/hash.h"
#include "rollout/scene.h"
#include "rollout/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DONE "1/1 3 3/3/3/3 N"
#define HALF "2/2 4 5/3/4/4 U"

struct poll {
    int64_t t_s;
    const char *rows;
    size_t members;
    enum state state;
    enum why why;
};

struct scenario {
    const char *sentence;
    const char *expected; /* a name that was asked for, or NULL */
    size_t capacity;
    struct poll polls[6]; /* rows NULL ends them */
};

static const struct scenario scenarios[] = {
    {"a selector without workloads, others of the kind visible",
     NULL,
     4,
     {{0, "", 0, STATE_UNKNOWN, WHY_ABSENT}, {0}}},
    {"a selector without workloads, nothing of the kind visible",
     NULL,
     4,
     {{0, "nodata", 0, STATE_UNKNOWN, WHY_NO_DATA}, {0}}},
    {"a selector without workloads in a partial answer",
     NULL,
     4,
     {{0, "partial", 0, STATE_UNKNOWN, WHY_PARTIAL}, {0}}},
    {"a selector without workloads, the request failed",
     NULL,
     4,
     {{0, "fetch", 0, STATE_UNKNOWN, WHY_FETCH}, {0}}},
    {"discovered, absent, gone and no longer shown",
     NULL,
     4,
     {{0, "a: " DONE "; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {15, "a: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {30, "a: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {120, "a: " DONE "; b: " HALF, 2, STATE_PROGRESSING, WHY_ROLLOUT},
      {0}}},
    {"what one scrape lacks stands for max_age",
     NULL,
     4,
     {{0, "a: " DONE "; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {90, "a: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {0}}},
    {"and no longer",
     NULL,
     4,
     {{0, "a: " DONE "; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {91, "a: " DONE, 2, STATE_UNKNOWN, WHY_ABSENT},
      {0}}},
    {"the last one gone leaves an absence",
     NULL,
     4,
     {{0, "a: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {15, "", 1, STATE_STABLE, WHY_CONFIRMING},
      {30, "", 0, STATE_UNKNOWN, WHY_ABSENT},
      {0}}},
    {"the exporter down is nobody's absence",
     NULL,
     4,
     {{0, "a: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {15, "nodata", 1, STATE_UNKNOWN, WHY_NO_DATA},
      {9000, "nodata", 1, STATE_UNKNOWN, WHY_NO_DATA},
      {0}}},
    {"a partial answer: what is there counts, what is not stays unknown",
     NULL,
     4,
     {{0, "a: " DONE "; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {15, "partial; a: " DONE, 2, STATE_UNKNOWN, WHY_PARTIAL},
      {9000, "partial; a: " DONE, 2, STATE_UNKNOWN, WHY_PARTIAL},
      {9015, "a: " DONE "; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {0}}},
    {"an answer that was partial says nothing of a request that failed",
     NULL,
     4,
     {{0, "partial; a: " DONE, 1, STATE_UNKNOWN, WHY_PARTIAL},
      {15, "fetch", 1, STATE_UNKNOWN, WHY_FETCH},
      {0}}},
    {"asked for by name: it stays, unknown, when it is gone",
     "web",
     4,
     {{0, "", 1, STATE_UNKNOWN, WHY_ABSENT},
      {90, "", 1, STATE_UNKNOWN, WHY_GONE},
      {105, "web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {120, "", 1, STATE_UNKNOWN, WHY_ABSENT},
      {210, "", 1, STATE_UNKNOWN, WHY_GONE},
      {0}}},
    {"asked for by name, found in a cluster",
     "web",
     4,
     {{0, "eu/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {15, "eu/web: " HALF, 1, STATE_PROGRESSING, WHY_ROLLOUT},
      {0}}},
    {"behind another one of that cluster",
     "web",
     4,
     {{0, "eu/api: " DONE "; eu/web: " DONE, 2, STATE_STABLE, WHY_COMPLETE}, {0}}},
    {"only what was asked for by name is found in a cluster",
     NULL,
     4,
     {{0, "web: 1/1 3 3/3/3/? N", 1, STATE_UNKNOWN, WHY_PARTIAL},
      {15, "eu/web: " DONE, 2, STATE_UNKNOWN, WHY_ABSENT},
      {0}}},
    {"and only while nothing is known of it",
     "web",
     4,
     {{0, "web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {15, "eu/web: " DONE, 2, STATE_UNKNOWN, WHY_ABSENT},
      {0}}},
    {"asked for by name, found in two clusters: two members",
     "web",
     4,
     {{0, "eu/web: " DONE "; us/web: " HALF, 2, STATE_PROGRESSING, WHY_ROLLOUT},
      {15, "eu/web: " DONE, 2, STATE_PROGRESSING, WHY_CONFIRMING},
      {30, "eu/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {0}}},
    {"the cluster that gave the name goes: the other takes it over",
     "web",
     4,
     {{0, "eu/web: " DONE "; us/web: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {15, "us/web: " DONE, 2, STATE_UNKNOWN, WHY_ABSENT},
      {105, "us/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {120, "", 1, STATE_UNKNOWN, WHY_ABSENT},
      {210, "", 1, STATE_UNKNOWN, WHY_GONE},
      {0}}},
    {"also one that stands before it",
     "web",
     4,
     {{0, "us/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {15, "eu/web: " DONE "; us/web: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {30, "eu/web: " DONE, 2, STATE_UNKNOWN, WHY_ABSENT},
      {120, "eu/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {135, "", 1, STATE_UNKNOWN, WHY_ABSENT},
      {0}}},
    {"gone, then back in another cluster",
     "web",
     4,
     {{0, "eu/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {15, "", 1, STATE_UNKNOWN, WHY_ABSENT},
      {105, "", 1, STATE_UNKNOWN, WHY_GONE},
      {120, "us/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE},
      {0}}},
    {"one seat, asked for by name: the cluster does not cost another",
     "web",
     1,
     {{0, "eu/web: " DONE, 1, STATE_STABLE, WHY_COMPLETE}, {0}}},
    {"more than fit: unknown although all that fit are stable",
     NULL,
     2,
     {{0, "a: " DONE "; b: " DONE "; c: " DONE, 2, STATE_UNKNOWN, WHY_PARTIAL},
      {15, "a: " DONE "; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {0}}},
    {"more than fit, and worse than unknown",
     NULL,
     2,
     {{0, "a: " DONE "; b: 1/1 3 3/1/3/3 D; c: " DONE, 2, STATE_FAILED, WHY_DEADLINE}, {0}}},
    {"more than none fit", NULL, 0, {{0, "a: " DONE, 0, STATE_UNKNOWN, WHY_PARTIAL}, {0}}},
    {"two rows of one workload are two sources, not two members",
     NULL,
     4,
     {{0, "a: 5/5 3 3/3/3/3 N; a: 6/6 3 0/0/0/0 U", 1, STATE_PROGRESSING, WHY_ROLLOUT}, {0}}},
    {"the same name in two clusters is two members",
     NULL,
     4,
     {{0, "a/web: 5/5 3 3/3/3/3 N c1; b/web: 7/7 3 3/3/3/3 N c2", 2, STATE_STABLE, WHY_COMPLETE},
      {0}}},
    {"one stable workload makes a bar of zeros green",
     NULL,
     4,
     {{0, "a: 1/1 0 0/0/0/0 N; b: " DONE, 2, STATE_STABLE, WHY_COMPLETE},
      {15, "a: 1/1 0 0/0/0/0 N; b: 2/2 0 0/0/0/0 N", 2, STATE_SCALED_TO_ZERO, WHY_ZERO},
      {0}}},
};

static void run(const struct scenario *scenario)
{
    struct scene_rollout scene;
    scene_start(&scene, scenario->capacity);
    if (scenario->expected != NULL)
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", scenario->expected));
    for (const struct poll *poll = scenario->polls; poll->rows != NULL; poll++) {
        scene_poll(&scene, poll->t_s, poll->rows);
        const struct rollout *rollout = &scene.rollout;
        if (rollout->count != poll->members || rollout->verdict.state != poll->state ||
            rollout->verdict.why != poll->why)
            fail_msg("%s: at %lld: %zu members, %s %s", scenario->sentence, (long long)poll->t_s,
                     rollout->count, state_name(rollout->verdict.state),
                     why_name(rollout->verdict.why));
    }
}

static void members_come_and_go_as_written(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        run(&scenarios[i]);
}

static void begins_not_asked(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 4);
    assert_int_equal(scene.rollout.verdict.state, STATE_UNKNOWN);
    assert_int_equal(scene.rollout.verdict.why, WHY_NOT_ASKED);
    assert_false(rollout_moves(&scene.rollout));
}

static void expects_only_what_fits(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 1);
    assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
    assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "web"));
    assert_int_equal(scene.rollout.count, 1);
    assert_false(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "api"));
}

/* In whichever order they were asked for, and in whichever cluster: each in its own place. */
static void those_that_are_expected_are_found(void **unused)
{
    (void)unused;
    static const char *const orders[] = {"abc", "acb", "bac", "bca", "cab", "cba"};
    static const char *const answers[] = {"a: " DONE "; b: " DONE "; c: " DONE,
                                          "eu/a: " DONE "; eu/b: " DONE "; eu/c: " DONE,
                                          "eu/a: " DONE "; eu/c: " DONE "; us/b: " DONE};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        for (size_t k = 0; k < sizeof answers / sizeof answers[0]; k++) {
            struct scene_rollout scene;
            scene_start(&scene, 3);
            for (const char *at = orders[i]; *at != '\0'; at++)
                assert_true(
                    rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", (char[]){*at, '\0'}));
            scene_poll(&scene, 0, answers[k]);
            assert_int_equal(scene.rollout.verdict.state, STATE_STABLE);
            assert_int_equal(scene.rollout.count, 3);
        }
}

static void only_its_own_selection_counts(void **unused)
{
    (void)unused;
    struct row rows[4];
    static const char *const texts[] = {DONE, HALF, DONE, "1/1 3 3/1/3/3 D"};
    static const size_t selections[] = {0, 1, 1, 3};
    static const char *const names[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        rows[i] = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, texts[i]);
        rows[i].selection = selections[i];
        rows[i].key.name = names[i];
    }
    struct answer answer = {
        .eval_ms = STORY_ZERO_MS, .rows = rows, .count = 4, .kind_alive = {true}};
    static const struct {
        size_t selection, members;
        enum state state;
    } table[] = {{0, 1, STATE_STABLE},
                 {1, 2, STATE_PROGRESSING},
                 {2, 0, STATE_UNKNOWN},
                 {3, 1, STATE_FAILED},
                 {4, 0, STATE_UNKNOWN}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 8);
        rollout_observe(&scene.rollout, &answer, table[i].selection, 0);
        assert_int_equal(scene.rollout.count, table[i].members);
        assert_int_equal(scene.rollout.verdict.state, table[i].state);
    }
}

static void a_canary_is_wanted_only_when_it_can_tell(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    struct row row = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, DONE);
    scene_start(&scene, 4);
    struct answer answer = {0};
    assert_int_equal(rollout_misses(&scene.rollout, &answer, 0), KIND_BIT(KIND_DEPLOYMENT));
    answer.kind_alive[KIND_DEPLOYMENT] = true;
    assert_false(rollout_misses(&scene.rollout, &answer, 0));
    answer = (struct answer){.partial = true};
    assert_false(rollout_misses(&scene.rollout, &answer, 0));
    answer = (struct answer){.rows = &row, .count = 1};
    assert_false(rollout_misses(&scene.rollout, &answer, 0));
    assert_int_equal(rollout_misses(&scene.rollout, &answer, 1), KIND_BIT(KIND_DEPLOYMENT));
}

static void polls_faster_while_something_moves(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *first, *second;
        bool moves;
    } table[] = {
        {"stable", "a: " DONE, "a: " DONE, false},
        {"rolling", "a: " DONE, "a: " HALF, true},
        {"the first of two", "a: " DONE "; b: " DONE, "a: " HALF "; b: " DONE, true},
        {"the last of three", "a: " DONE, "a: " DONE "; b: " DONE "; c: " HALF, true},
        {"to be confirmed", "a: " DONE, "a: 2/2 3 3/3/3/3 N", true},
        {"lagging", "a: 2/2 3 3/3/3/3 N", "a: " DONE, true},
        {"failed", "a: " DONE, "a: 2/2 3 4/1/3/3 D", false},
        {"paused", "a: " DONE, "a: 2/2 4 5/2/4/4 Z paused", false},
        {"failed request", "a: " HALF, "fetch", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        scene_poll(&scene, 0, table[i].first);
        scene_poll(&scene, 15, table[i].second);
        if (rollout_moves(&scene.rollout) != table[i].moves)
            fail_msg("%s", table[i].sentence);
    }
}

/* The sources that show what moves, as far as they are there; and the survey. */
static void what_moves_is_watched(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *rows;
        size_t sources; /* of the answer: eu, then us */
        bool moves;
        uint64_t wants[2]; /* 1: eu's, 2: the survey's, 3: us's, 4: eu's second; 0: no more */
    } table[] = {
        {"nothing moves", "eu/a: " DONE "; us/b: " DONE, 2, false, {0}},
        {"one does", "eu/a: " HALF "; us/b: " DONE, 2, true, {1}},
        {"the other one does", "eu/a: " DONE "; us/b: " HALF, 2, true, {3}},
        {"two sources show it", "eu/a: " HALF "; eu/a: " HALF "; us/b: " DONE, 3, true, {4, 1}},
        {"both do", "eu/a: " HALF "; us/b: " HALF, 2, true, {1, 3}},
        {"of both one is not there", "eu/a: " HALF "; us/b: " HALF, 1, true, {1}},
        {"its source is not there", "eu/a: " HALF "; us/b: " DONE, 0, true, {0}},
        {"one of a survey", "survey 9; eu/a: " HALF, 2, true, {1, 2}},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        struct phase phase = {.count = 0};
        scene_start(&scene, 4);
        scene_poll(&scene, 0, "eu/a: " DONE "; us/b: " DONE);
        scene_poll(&scene, 15, table[i].rows);
        const struct answer answer = {.sources = scene.sources, .source_count = table[i].sources};
        size_t wants = 0;
        if (rollout_watch(&scene.rollout, &answer, 0, &phase) != table[i].moves)
            fail_msg("%s", table[i].sentence);
        const uint64_t ids[] = {0, hash_of("eu"), phase_survey_id(0), hash_of("us"),
                                hash_of("eu") + 1};
        for (; wants < 2 && table[i].wants[wants] != 0; wants++)
            assert_true(phase.pulses[wants].wanted &&
                        phase.pulses[wants].id == ids[table[i].wants[wants]]);
        assert_int_equal(phase.count, wants);
    }
}

static void states_know_since_when(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 4);
    scene_poll(&scene, 10, "a: " DONE "; b: " DONE);
    scene_poll(&scene, 20, "a: " HALF "; b: " DONE);
    scene_poll(&scene, 30, "a: 2/2 4 5/4/4/4 U; b: " DONE);
    assert_int_equal(scene.rollout.since_ms, 20000);
    assert_int_equal(scene_member(&scene, "a")->since_ms, 20000);
    assert_int_equal(scene_member(&scene, "b")->since_ms, 10000);
    assert_ptr_equal(&scene.workloads[scene.rollout.worst], scene_member(&scene, "a"));
}

/* The oldest of what the verdict speaks of, by its samples and by its survey's. */
static void all_was_so_at_that_moment(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        struct {
            int64_t t_s;
            const char *rows;
        } polls[3];
        int64_t seen_ms;
    } table[] = {
        {"the older one of two", {{100, "a: " DONE " @80; b: " DONE " @95"}}, 80000},
        {"be it the second", {{100, "a: " DONE " @95; b: " DONE " @80"}}, 80000},
        {"an unknown one says nothing", {{100, "a: " DONE " @80; b: 1/1 3 3/3/3/? N @50"}}, 80000},
        {"and where there is no other one, there was nothing before",
         {{100, "b: 1/1 3 3/3/3/? N @50"}},
         100000},
        {"one is counted", {{60, "survey 1"}}, 45000},
        {"who is settled, and not listed, is counted",
         {{0, "survey 9; a: " HALF "; b: " HALF},
          {10, "survey 9; a: 2/2 4 4/4/4/4 N; b: " HALF},
          {60, "survey 9; b: " HALF}},
         45000},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        for (size_t k = 0; k < 3 && table[i].polls[k].rows != NULL; k++)
            scene_poll(&scene, table[i].polls[k].t_s, table[i].polls[k].rows);
        if (scene.rollout.seen_ms != table[i].seen_ms)
            fail_msg("%s: at %lld ms", table[i].sentence, (long long)scene.rollout.seen_ms);
    }
}

static void a_name_too_long_for_kubernetes_is_never_silent(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    char name[WORKLOAD_NAME_SIZE + 1];
    struct row rows[2] = {story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, DONE),
                          story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, DONE)};
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    rows[1].key.name = name;
    struct answer answer = {.rows = rows, .count = 2, .kind_alive = {true}};
    scene_start(&scene, 4);
    rollout_observe(&scene.rollout, &answer, 0, 0);
    assert_int_equal(scene.rollout.count, 1);
    assert_int_equal(scene.rollout.dropped, 1);
    assert_int_equal(scene.rollout.verdict.state, STATE_UNKNOWN);
}

/* Whatever is in its memory from before. */
static void a_start_forgets_all(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 2);
    scene_poll(&scene, 10, "survey 9 = eu 9/9/0");
    scene_poll(&scene, 20, "partial; a: " HALF "; b: " DONE "; c: 1/1 3 3/1/3/3 D");
    struct rollout *rollout = &scene.rollout;
    rollout_quote(rollout, "store eu is down");
    snprintf(rollout->hint, sizeof rollout->hint, "there is a");
    rollout->left[0] = rollout->left[ROLLOUT_LEFT_MAX - 1] = rollout->left_next = rollout->worst =
        1;
    rollout->survey.taken = rollout->survey.more = true;
    rollout->survey.total[KIND_DEPLOYMENT] = 9;
    rollout_start(rollout, 5000);
    assert_int_equal(rollout->count, 0);
    assert_false(rollout_moves(rollout));
    assert_int_equal(rollout->dropped, 0);
    assert_false(rollout->survey.taken || rollout->survey.more);
    assert_int_equal(rollout_total(rollout), 0);
    assert_int_equal(rollout->whole.count, 0);
    assert_int_equal(rollout->verdict.why, WHY_NOT_ASKED);
    assert_int_equal(rollout->worst, 0);
    assert_int_equal(rollout->since_ms, 5000);
    assert_int_equal(rollout->seen_ms, INT64_MIN);
    assert_false(rollout->partial);
    assert_int_equal(rollout->left[0], 0);
    assert_int_equal(rollout->left[ROLLOUT_LEFT_MAX - 1], 0);
    assert_int_equal(rollout->left_next, 0);
    assert_string_equal(rollout->detail, "");
    assert_string_equal(rollout->hint, "");
}

/* Said while it is missed, and no longer. */
static void a_hint_is_for_what_is_missed(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *rows;
        bool is_query, missed;
    } table[] = {
        {"others of its kind are there", "", false, true},
        {"nothing of its kind is", "nodata", false, true},
        {"a query looks for no name", "", true, false},
        {"who knows", "partial", false, false},
        {"it is there", "a: " DONE, false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct scene_rollout scene;
        scene_start(&scene, 4);
        scene_poll(&scene, 0, "");
        rollout_hint(&scene.rollout, "there is \033a");
        char sentence[64];
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, "there is ?a");
        assert_true(rollout_expect(&scene.rollout, KIND_DEPLOYMENT, "shop", "z"));
        scene_poll(&scene, 5, "");
        rollout_hint(&scene.rollout, "there is a");
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, "unknown, there is a");
        scene.rollout.count = 0;
        scene.rollout.is_query = table[i].is_query;
        scene_poll(&scene, 10, table[i].rows);
        if (rollout_is_missed(&scene.rollout) != table[i].missed ||
            (scene.rollout.hint[0] != '\0') != table[i].missed)
            fail_msg("%s: '%s'", table[i].sentence, scene.rollout.hint);
    }
}

/* Another kind that is visible says nothing of this one. */
static void each_kind_speaks_for_itself(void **unused)
{
    (void)unused;
    struct scene_rollout scene;
    scene_start(&scene, 4);
    const struct answer others = {.kind_alive = {[KIND_STATEFULSET] = true}};
    rollout_observe(&scene.rollout, &others, 0, 0);
    assert_int_equal(scene.rollout.verdict.why, WHY_NO_DATA);
    const struct answer own = {.kind_alive = {[KIND_DEPLOYMENT] = true}};
    rollout_observe(&scene.rollout, &own, 0, 0);
    assert_int_equal(scene.rollout.verdict.why, WHY_ABSENT);
}

#define FEW 5

/* The canary is asked about those of which there is no row, and about no other. */
static void who_has_no_row_is_missed(void **unused)
{
    (void)unused;
    static const char *const names[FEW] = {"a", "b", "c", "d", "e"};
    struct scene_rollout scene;
    scene_start(&scene, FEW);
    scene_poll(&scene, 0, "a: " DONE "; b: " DONE "; c: " DONE "; d: " DONE "; e: " DONE);
    scene.workloads[FEW].memory.proof.source = 77; /* no member: nobody misses its source */
    for (unsigned there = 0; there < 1u << FEW; there++) {
        struct row rows[2 * FEW];
        struct answer answer = {.rows = rows};
        struct missed_sources missed = {.count = 0};
        size_t total[KIND_COUNT], at = 0;
        for (size_t i = 0; i < FEW; i++)
            for (size_t k = 0; k <= i % 2 && (there & 1u << i) != 0; k++) { /* some have two */
                rows[answer.count] = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, DONE);
                rows[answer.count].source = k;
                rows[answer.count++].key.name = names[i];
            }
        const bool any = rollout_missed_sources(&scene.rollout, &answer, 0, &missed, total);
        for (size_t i = 0; i < FEW; i++)
            if ((there & 1u << i) == 0)
                assert_string_equal(missed.keys[at++].key.name, names[i]);
        assert_int_equal(missed.key_count, at);
        assert_int_equal(any, at > 0);
        assert_int_equal(total[KIND_DEPLOYMENT], FEW - at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_and_go_as_written),
        cmocka_unit_test(begins_not_asked),
        cmocka_unit_test(expects_only_what_fits),
        cmocka_unit_test(those_that_are_expected_are_found),
        cmocka_unit_test(only_its_own_selection_counts),
        cmocka_unit_test(a_canary_is_wanted_only_when_it_can_tell),
        cmocka_unit_test(polls_faster_while_something_moves),
        cmocka_unit_test(what_moves_is_watched),
        cmocka_unit_test(states_know_since_when),
        cmocka_unit_test(all_was_so_at_that_moment),
        cmocka_unit_test(a_name_too_long_for_kubernetes_is_never_silent),
        cmocka_unit_test(a_start_forgets_all),
        cmocka_unit_test(each_kind_speaks_for_itself),
        cmocka_unit_test(who_has_no_row_is_missed),
        cmocka_unit_test(a_hint_is_for_what_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
