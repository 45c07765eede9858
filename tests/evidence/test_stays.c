/*
 * The sources that were counted stay, or who makes up for them: answer by answer.
 */
#include "evidence/counting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/*
 * Poll by poll: sources come and go, and each is said with its cluster and its rows.
 */
struct shown {
    uint64_t id, cluster;
    int64_t rows;
};
#define SHOWN_MAX 6
#define POLLS_MAX 5

static const struct {
    const char *sentence;
    struct {
        size_t total;
        struct shown shown[SHOWN_MAX];
        enum doubt doubt; /* DOUBT_UNPROVEN, which is none of this room's, ends them */
    } polls[POLLS_MAX];
} comings[] = {
    {"a cluster that joined lately is no heir of another one",
     {{4, {{1, 1, 2}, {2, 2, 2}}, DOUBT_NONE},
      {6, {{1, 1, 2}, {2, 2, 2}, {3, 3, 2}}, DOUBT_NONE},
      {4, {{1, 1, 2}, {3, 3, 2}}, DOUBT_SOURCE_GONE},
      {6, {{1, 1, 2}, {2, 2, 2}, {3, 3, 2}}, DOUBT_NONE}}},
    {"nor one that comes in that moment",
     {{4, {{1, 1, 2}, {2, 2, 2}}, DOUBT_NONE}, {4, {{1, 1, 2}, {3, 3, 2}}, DOUBT_SOURCE_GONE}}},
    {"who restarts in one cluster makes up for nobody in another",
     {{102, {{1, 1, 100}, {2, 2, 2}}, DOUBT_NONE}, {100, {{3, 1, 100}}, DOUBT_SOURCE_GONE}}},
    {"nor does a shard that restarted for the one that dies after it",
     {{10, {{1, 1, 5}, {2, 1, 5}}, DOUBT_NONE},
      {10, {{3, 1, 5}, {2, 1, 5}}, DOUBT_NONE},
      {5, {{3, 1, 5}}, DOUBT_SOURCE_GONE},
      {10, {{3, 1, 5}, {2, 1, 5}}, DOUBT_NONE}}},
    {"nor a shard that took half of another's",
     {{10, {{1, 1, 10}}, DOUBT_NONE},
      {10, {{1, 1, 5}, {2, 1, 5}}, DOUBT_NONE},
      {5, {{2, 1, 5}}, DOUBT_SOURCE_GONE},
      {10, {{2, 1, 10}}, DOUBT_SOURCE_GONE}}}, /* what it has more may be new */
    {"nor one that was succeeded beside it just before",
     {{10, {{1, 1, 5}, {2, 1, 5}}, DOUBT_NONE},
      {10, {{1, 1, 5}, {2, 1, 5}, {3, 1, 5}}, DOUBT_NONE},
      {5, {{1, 1, 5}, {3, 1, 5}}, DOUBT_SOURCE_GONE}}},
    {"nor what is created in its successor later",
     {{3, {{1, 1, 2}, {2, 1, 1}}, DOUBT_NONE},
      {3, {{3, 1, 2}, {2, 1, 1}}, DOUBT_NONE},
      {2, {{3, 1, 2}}, DOUBT_SOURCE_GONE},
      {3, {{3, 1, 3}}, DOUBT_SOURCE_GONE}}},
    {"shards that restart one after the other, each beside the one before",
     {{20, {{1, 1, 5}, {2, 1, 5}, {9, 2, 10}}, DOUBT_NONE},
      {20, {{1, 1, 5}, {2, 1, 5}, {3, 1, 5}, {9, 2, 10}}, DOUBT_NONE},
      {20, {{3, 1, 5}, {2, 1, 5}, {9, 2, 10}}, DOUBT_NONE},
      {20, {{3, 1, 5}, {4, 1, 5}, {9, 2, 10}}, DOUBT_NONE}}},
    {"nor does who came beside one for another one later",
     {{15, {{1, 1, 10}, {2, 1, 5}}, DOUBT_NONE},
      {15, {{1, 1, 10}, {2, 1, 5}, {3, 1, 10}}, DOUBT_NONE},
      {15, {{2, 1, 5}, {3, 1, 10}}, DOUBT_NONE},
      {10, {{3, 1, 10}}, DOUBT_SOURCE_GONE}}},
    {"two that were both succeeded do not succeed once more",
     {{10, {{1, 1, 10}}, DOUBT_NONE},
      {10, {{1, 1, 10}, {2, 1, 10}}, DOUBT_NONE},
      {10, {{2, 1, 10}}, DOUBT_NONE},
      {0, {{0}}, DOUBT_SOURCE_GONE}}},
    {"who comes beside it and has its rows may stay, also where others are shards",
     {{20, {{1, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{1, 1, 10}, {2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {10, {{8, 2, 5}, {9, 2, 5}}, DOUBT_SOURCE_GONE}}},
    {"also where the others are listed before",
     {{20, {{8, 2, 5}, {9, 2, 5}, {1, 1, 10}}, DOUBT_NONE},
      {20, {{8, 2, 5}, {9, 2, 5}, {1, 1, 10}, {2, 1, 10}}, DOUBT_NONE},
      {20, {{8, 2, 5}, {9, 2, 5}, {2, 1, 10}}, DOUBT_NONE}}},
    {"one of a pair goes", {{9, {{1, 1, 9}, {2, 1, 9}}, DOUBT_NONE}, {9, {{1, 1, 9}}, DOUBT_NONE}}},
    {"what is created in that moment makes nobody one of a pair",
     {{4, {{1, 1, 2}, {2, 2, 2}}, DOUBT_NONE}, {4, {{1, 1, 4}}, DOUBT_SOURCE_GONE}}},
    {"nor where clusters are not told apart",
     {{4, {{1, 0, 2}, {2, 0, 2}}, DOUBT_NONE}, {4, {{1, 0, 4}}, DOUBT_SOURCE_GONE}}},
    {"nor does a pair make up for who is alone, where they are not told apart",
     {{15, {{1, 0, 10}, {2, 0, 10}, {3, 0, 5}}, DOUBT_NONE},
      {10, {{1, 0, 10}, {2, 0, 10}}, DOUBT_SOURCE_GONE}}},
    {"nor does a pair elsewhere",
     {{15, {{1, 1, 10}, {2, 1, 10}, {3, 2, 5}}, DOUBT_NONE},
      {15, {{1, 1, 15}, {2, 1, 15}}, DOUBT_SOURCE_GONE}}},
    {"a shard that restarted does not make up for one that died, be they small",
     {{4, {{1, 1, 2}, {2, 1, 2}}, DOUBT_NONE}, {2, {{3, 1, 2}}, DOUBT_SOURCE_GONE}}},
    {"nor for a smaller one",
     {{11, {{1, 1, 10}, {2, 1, 1}}, DOUBT_NONE}, {10, {{3, 1, 10}}, DOUBT_SOURCE_GONE}}},
    {"nor does a pair that came for it",
     {{11, {{1, 1, 10}, {2, 1, 1}}, DOUBT_NONE},
      {10, {{3, 1, 10}, {4, 1, 10}}, DOUBT_SOURCE_GONE}}},
    {"nor shards for one of them that has not come",
     {{15, {{1, 1, 15}}, DOUBT_NONE}, {13, {{2, 1, 7}, {3, 1, 6}}, DOUBT_SOURCE_GONE}}},
    {"they do when all have come",
     {{15, {{1, 1, 15}}, DOUBT_NONE}, {15, {{2, 1, 8}, {3, 1, 7}}, DOUBT_NONE}}},
    {"and so does one for all shards",
     {{15, {{1, 1, 8}, {2, 1, 7}}, DOUBT_NONE}, {15, {{3, 1, 15}}, DOUBT_NONE}}},
    {"a pair that restarts at once, and one that was deleted then",
     {{10, {{1, 1, 10}, {2, 1, 10}}, DOUBT_NONE}, {9, {{3, 1, 9}, {4, 1, 9}}, DOUBT_NONE}}},
    {"a pair among others that are alone",
     {{15, {{1, 1, 10}, {2, 1, 10}, {3, 2, 5}}, DOUBT_NONE},
      {15, {{2, 1, 10}, {3, 2, 5}}, DOUBT_NONE}}},
    {"also where the other is listed before",
     {{15, {{3, 2, 5}, {1, 1, 10}, {2, 1, 10}}, DOUBT_NONE},
      {15, {{3, 2, 5}, {2, 1, 10}}, DOUBT_NONE}}},
    {"one of a pair goes, and two in a hundred were deleted then",
     {{100, {{1, 1, 100}, {2, 1, 100}}, DOUBT_NONE}, {98, {{1, 1, 98}}, DOUBT_NONE}}},
    {"two of fewer are more than that",
     {{98, {{1, 1, 98}, {2, 1, 98}}, DOUBT_NONE}, {96, {{1, 1, 96}}, DOUBT_SOURCE_GONE}}},
    {"one workload alone has a successor, too",
     {{1, {{1, 1, 1}}, DOUBT_NONE}, {1, {{2, 1, 1}}, DOUBT_NONE}}},
    {"a younger shard took nothing over, whatever is created elsewhere in that moment",
     {{0, {{2, 1, 0}}, DOUBT_NONE},
      {15, {{3, 1, 5}, {2, 1, 5}, {9, 2, 5}}, DOUBT_NONE},
      {15, {{3, 1, 5}, {9, 2, 10}}, DOUBT_SOURCE_GONE}}},
    {"nor one that has a single workload",
     {{0, {{2, 1, 0}}, DOUBT_NONE},
      {7, {{3, 1, 1}, {2, 1, 1}, {9, 2, 5}}, DOUBT_NONE},
      {7, {{3, 1, 1}, {9, 2, 6}}, DOUBT_SOURCE_GONE}}},
    {"shards that restart, and one workload that was deleted then",
     {{20, {{1, 1, 18}, {2, 1, 2}}, DOUBT_NONE}, {19, {{3, 1, 18}, {4, 1, 1}}, DOUBT_NONE}}},
    {"a shard that was there before is no successor for one more",
     {{23, {{1, 1, 20}, {2, 1, 3}}, DOUBT_NONE},
      {25, {{1, 1, 20}, {2, 1, 3}, {3, 1, 2}}, DOUBT_NONE},
      {23, {{3, 1, 2}, {4, 1, 21}}, DOUBT_SOURCE_GONE}}},
    {"what has no rows is not missed, either",
     {{15, {{1, 1, 5}, {8, 2, 5}, {9, 2, 5}, {2, 1, 0}}, DOUBT_NONE},
      {15, {{1, 1, 5}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE}}},
    {"who came beside one, with its rows, is its successor however long they stood together",
     {{20, {{1, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{1, 1, 10}, {2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{1, 1, 10}, {2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE}}},
    {"be it one row",
     {{11, {{1, 1, 1}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {11, {{1, 1, 1}, {2, 1, 1}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {11, {{2, 1, 1}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE}}},
    {"and though another one was gone for a moment",
     {{20, {{1, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{1, 1, 10}, {2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {15, {{1, 1, 10}, {2, 1, 10}, {8, 2, 5}}, DOUBT_SOURCE_GONE},
      {20, {{1, 1, 10}, {2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{2, 1, 10}, {8, 2, 5}, {9, 2, 5}}, DOUBT_NONE}}},
    {"one that counts nothing any more takes nothing over from the other, nor from who does",
     {{5, {{1, 1, 5}}, DOUBT_NONE},
      {10, {{1, 1, 5}, {2, 1, 5}}, DOUBT_NONE},
      {10, {{2, 1, 0}, {3, 1, 10}}, DOUBT_NONE}}},
    /* In the others as many are created elsewhere, in that moment, as are lost. */
    {"who has taken over what one had takes nothing over from another one later",
     {{20, {{1, 1, 10}, {2, 1, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{1, 1, 10}, {2, 1, 5}, {9, 2, 5}, {3, 1, 10}}, DOUBT_NONE},
      {20, {{2, 1, 5}, {9, 2, 5}, {3, 1, 10}}, DOUBT_NONE},
      {20, {{9, 2, 10}, {3, 1, 10}}, DOUBT_SOURCE_GONE}}},
    {"not even from one that has a single workload",
     {{10, {{1, 1, 10}, {2, 1, 0}}, DOUBT_NONE},
      {10, {{1, 1, 10}, {3, 1, 10}}, DOUBT_NONE},
      {16, {{3, 1, 10}, {2, 1, 1}, {9, 2, 5}}, DOUBT_NONE},
      {16, {{3, 1, 10}, {9, 2, 6}}, DOUBT_SOURCE_GONE}}},
    {"who came with workloads of its own has nobody else's",
     {{10, {{2, 1, 5}, {9, 2, 5}}, DOUBT_NONE},
      {15, {{2, 1, 5}, {9, 2, 5}, {3, 1, 5}}, DOUBT_NONE},
      {15, {{9, 2, 10}, {3, 1, 5}}, DOUBT_SOURCE_GONE}}},
    {"also where a pair has all that it has twice",
     {{35, {{1, 1, 10}, {2, 1, 10}, {4, 1, 5}, {8, 2, 10}, {9, 2, 10}}, DOUBT_NONE},
      {40, {{1, 1, 10}, {2, 1, 10}, {4, 1, 5}, {8, 2, 10}, {9, 2, 10}, {3, 1, 5}}, DOUBT_NONE},
      {40, {{1, 1, 10}, {2, 1, 10}, {8, 2, 10}, {9, 2, 15}, {3, 1, 5}}, DOUBT_SOURCE_GONE}}},
    {"and beside one that came with another's",
     {{20, {{1, 1, 10}, {4, 1, 5}, {9, 2, 5}}, DOUBT_NONE},
      {25, {{1, 1, 10}, {4, 1, 5}, {9, 2, 5}, {2, 1, 10}, {3, 1, 5}}, DOUBT_NONE},
      {25, {{9, 2, 10}, {2, 1, 10}, {3, 1, 5}}, DOUBT_SOURCE_GONE}}},
    {"nobody takes over more rows than it has",
     {{20, {{1, 1, 10}, {4, 1, 5}, {9, 2, 5}}, DOUBT_NONE},
      {20, {{1, 1, 10}, {4, 1, 5}, {9, 2, 5}, {2, 1, 10}}, DOUBT_NONE},
      {15, {{1, 1, 5}, {4, 1, 5}, {9, 2, 5}, {2, 1, 5}}, DOUBT_NONE},
      {15, {{9, 2, 10}, {2, 1, 5}}, DOUBT_SOURCE_GONE}}},
};

static void come_and_go(void **state, size_t i, enum workload_kind kind)
{
    struct world *world = *state;
    set_up(state);
    world->kind = kind;
    for (size_t k = 0; k < POLLS_MAX && comings[i].polls[k].doubt != DOUBT_UNPROVEN; k++) {
        const struct shown *shown = comings[i].polls[k].shown;
        for (size_t n = 0; n < SHOWN_MAX && shown[n].id != 0; n++)
            introduce_in(world, shown[n].id, (int64_t)k * 15000, shown[n].cluster);
        evaluate(world, (int64_t)k * 15);
        for (size_t n = 0; n < SHOWN_MAX && shown[n].id != 0; n++)
            count(world, shown[n].id, shown[n].rows, shown[n].rows, 0);
        if (weigh(world, comings[i].polls[k].total) != comings[i].polls[k].doubt)
            fail_msg("%s: poll %zu of %ss: doubt %d", comings[i].sentence, k, kind_name(kind),
                     (int)world->belief.doubt);
    }
}

static void who_makes_up_for_whom(void **state)
{
    for (size_t i = 0; i < sizeof comings / sizeof comings[0]; i++)
        for (int kind = 0; kind < KIND_COUNT; kind++)
            come_and_go(state, i, (enum workload_kind)kind);
}

/* As many as there is room for are each missed by name. */
static void of_many_sources_each_is_missed(void **state)
{
    for (uint64_t gone = 1; gone <= COUNTED_MAX; gone += COUNTED_MAX - 1) {
        struct world *world = *state;
        set_up(state);
        for (uint64_t id = 1; id <= COUNTED_MAX; id++)
            introduce(world, id, 0);
        for (int64_t t_s = 0; t_s <= 15; t_s += 15) {
            evaluate(world, t_s);
            for (uint64_t id = 1; id <= COUNTED_MAX; id++)
                if (t_s == 0 || id != gone)
                    count(world, id, 2, 2, 0);
            const size_t total = 2 * (size_t)(COUNTED_MAX - (t_s > 0));
            assert_int_equal(weigh(world, total), t_s == 0 ? DOUBT_NONE : DOUBT_SOURCE_GONE);
        }
        assert_int_equal(world->belief.source, gone);
    }
}

static void a_source_that_goes_is_named(void **state)
{
    struct world *world = *state;
    introduce(world, 1, 0);
    introduce(world, 2, 0);
    for (int64_t t_s = 0; t_s < 2000; t_s += 500) {
        evaluate(world, t_s);
        count(world, 1, 5, 5, 0);
        if (t_s == 0 || t_s == 1500)
            count(world, 2, 4, 4, 0);
        const bool whole = t_s == 0 || t_s == 1500;
        assert_int_equal(weigh(world, whole ? 9 : 5), whole ? DOUBT_NONE : DOUBT_SOURCE_GONE);
        assert_words(world, whole ? "" : "ksm-2:8080");
    }
}

/* As with a workload that is asked for by name. */
static void without_any_of_its_kind_there_is_no_data(void **state)
{
    struct world *world = *state;
    introduce(world, 1, 0);
    evaluate(world, 0);
    count(world, 1, 5, 5, 0);
    assert_int_equal(weigh(world, 5), DOUBT_NONE);
    evaluate(world, 15);
    world->answer.kind_alive[KIND_DEPLOYMENT] = false;
    assert_int_equal(weigh(world, 0), DOUBT_NO_DATA);
    assert_words(world, "ksm-1:8080");
}

static void successors_have_as_many_rows(void **state)
{
    static const struct {
        const char *sentence;
        int64_t before, heirs[2];
        bool late;
        enum doubt doubt;
    } table[] = {
        {"as many", 500, {500, 0}, false, DOUBT_NONE},
        {"all but two in a hundred", 500, {490, 0}, false, DOUBT_NONE},
        {"fewer", 500, {489, 0}, false, DOUBT_SOURCE_GONE},
        {"three of a hundred and fifty", 150, {147, 0}, false, DOUBT_NONE},
        {"four of fewer than two hundred", 199, {195, 0}, false, DOUBT_SOURCE_GONE},
        {"two of twenty", 20, {18, 0}, false, DOUBT_NONE},
        {"three of twenty", 20, {17, 0}, false, DOUBT_SOURCE_GONE},
        {"three of thirty", 30, {27, 0}, false, DOUBT_SOURCE_GONE},
        {"two of fewer than twenty", 19, {17, 0}, false, DOUBT_SOURCE_GONE},
        {"one of nine", 9, {8, 0}, false, DOUBT_SOURCE_GONE},
        {"not all of a few", 2, {0, 0}, false, DOUBT_SOURCE_GONE},
        {"one of ten", 10, {9, 0}, false, DOUBT_NONE},
        {"two of ten: the other shard may not have come", 10, {8, 0}, false, DOUBT_SOURCE_GONE},
        {"half of two, likewise", 2, {1, 0}, false, DOUBT_SOURCE_GONE},
        {"the only one has no heir", 1, {0, 0}, false, DOUBT_SOURCE_GONE},
        {"several together", 500, {250, 250}, false, DOUBT_NONE},
        {"who comes much later succeeds nobody", 500, {500, 0}, true, DOUBT_SOURCE_GONE},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct world *world = *state;
        set_up(state);
        const int64_t t_s = table[i].late ? 3600 : 15;
        introduce(world, 1, 0);
        evaluate(world, 0);
        count(world, 1, table[i].before, table[i].before, 0);
        count(world, 9, 50, 50, 0); /* another cluster, which stays */
        assert_int_equal(weigh(world, (size_t)table[i].before + 50), DOUBT_NONE);
        evaluate(world, t_s);
        count(world, 9, 50, 50, 0);
        size_t total = 50;
        for (uint64_t k = 0; k < 2; k++) {
            introduce(world, 2 + k, t_s * 1000);
            if (table[i].heirs[k] > 0)
                count(world, 2 + k, table[i].heirs[k], table[i].heirs[k], 0);
            total += (size_t)table[i].heirs[k];
        }
        if (table[i].late) /* it was not the total that fell */
            world->whole.known[0].fallen = world->whole.known[1].fallen = true;
        if (weigh(world, total) != table[i].doubt)
            fail_msg("%s: doubt %d", table[i].sentence, (int)world->belief.doubt);
    }
}

/* What is created later does not make up for what was lost. */
static void a_total_that_grows_again_is_no_pair(void **state)
{
    struct world *world = *state;
    for (int64_t t_s = 0; t_s < 60; t_s += 15) {
        evaluate(world, t_s);
        if (t_s == 0)
            count(world, 2, 3, 3, 0);
        count(world, 1, 5 + t_s, 5 + t_s, 0);
        const size_t total = (size_t)(5 + (t_s == 15 ? 0 : t_s) + (t_s == 0 ? 3 : 0));
        assert_int_equal(weigh(world, total), t_s == 0 ? DOUBT_NONE : DOUBT_SOURCE_GONE);
    }
}

/* A total of the evaluation before says nothing of a source that is gone since. */
static void a_pair_is_known_by_an_evaluation_of_its_own(void **state)
{
    struct world *world = *state;
    evaluate(world, 0);
    count(world, 1, 9, 9, 0);
    count(world, 2, 9, 9, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    evaluate(world, 15);
    count(world, 1, 9, 9, 0);
    world->survey.evaluated_ms[RULE_COUNT] -= 15000;
    assert_int_equal(weigh(world, 9), DOUBT_SOURCE_GONE);
    world->survey.evaluated_ms[RULE_COUNT] += 15000;
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
}

static void a_source_that_is_alive_has_left_at_the_second_evaluation(void **state)
{
    struct world *world = *state;
    introduce(world, 2, 0);
    evaluate(world, 0);
    count(world, 1, 5, 5, 0);
    count(world, 2, 4, 4, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    for (int64_t t_s = 15; t_s <= 45; t_s += 15) {
        evaluate(world, t_s);
        count(world, 1, 5, 5, 0);
        world->answer.witnesses[0] = (struct source_seen){.id = 2, .newest_ms = T_MS};
        world->answer.witness_count = 1;
        for (int poll = 0; poll < 2; poll++)
            assert_int_equal(weigh(world, 5), t_s == 15 ? DOUBT_SOURCE_GONE : DOUBT_NONE);
    }
}

/* Its rules are written one by one, and a poll comes in between: that is no second one. */
static void an_evaluation_that_is_under_way_is_no_second_one(void **state)
{
    static const struct {
        int64_t count_s, settled_s, unsettled_s; /* when each was evaluated */
        enum doubt doubt;
    } polls[] = {
        {15, 15, 0, DOUBT_SOURCE_GONE},
        {15, 15, 15, DOUBT_SOURCE_GONE},
        {30, 15, 15, DOUBT_SOURCE_GONE},
        {30, 30, 30, DOUBT_NONE},
    };
    struct world *world = *state;
    introduce(world, 2, 0);
    evaluate(world, 0);
    count(world, 1, 5, 5, 0);
    count(world, 2, 4, 4, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        evaluate(world, polls[i].count_s);
        count(world, 1, 5, 5, 0);
        world->survey.evaluated_ms[RULE_SETTLED] = T_MS + polls[i].settled_s * 1000;
        world->survey.evaluated_ms[RULE_UNSETTLED] = T_MS + polls[i].unsettled_s * 1000;
        world->answer.witnesses[0] = (struct source_seen){.id = 2, .newest_ms = T_MS};
        world->answer.witness_count = 1;
        if (weigh(world, 5) != polls[i].doubt)
            fail_msg("poll %zu: doubt %d", i, (int)world->belief.doubt);
    }
}

static void a_canary_asks_for_what_was_counted(void **state)
{
    struct world *world = *state;
    struct missed_sources missed = {.count = 0};
    evaluate(world, 0);
    count(world, 1, 5, 5, 0);
    count(world, 2, 4, 4, 0);
    count(world, 3, 6, 6, 0);
    assert_int_equal(weigh(world, 15), DOUBT_NONE);
    assert_false(whole_miss(&world->whole, &world->survey.counted, &world->answer, &missed));
    assert_int_equal(missed.count, 0);
    evaluate(world, 15);
    count(world, 1, 5, 5, 0);
    for (int rollout = 0; rollout < 2; rollout++)
        assert_true(whole_miss(&world->whole, &world->survey.counted, &world->answer, &missed));
    assert_int_equal(missed.count, 2); /* each once */
    assert_int_equal(missed.ids[0], 2);
    assert_int_equal(missed.ids[1], 3);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_makes_up_for_whom),
        TEST(of_many_sources_each_is_missed),
        TEST(a_source_that_goes_is_named),
        TEST(without_any_of_its_kind_there_is_no_data),
        TEST(successors_have_as_many_rows),
        TEST(a_total_that_grows_again_is_no_pair),
        TEST(a_pair_is_known_by_an_evaluation_of_its_own),
        TEST(a_source_that_is_alive_has_left_at_the_second_evaluation),
        TEST(an_evaluation_that_is_under_way_is_no_second_one),
        TEST(a_canary_asks_for_what_was_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
