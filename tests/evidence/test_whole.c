/*
 * Counts add up, and the sources that were counted stay: answer by answer.
 */
#include "evidence/whole.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define T_MS INT64_C(1700000000000)
#define MAX_AGE_MS 90000

/* What recording rules have counted at `at_s`, and a poll just after. */
struct world {
    struct whole whole;
    struct source_ledger ledger;
    struct survey survey;
    struct answer answer;
    struct whole_belief belief;
    int64_t now_ms;
};

static int set_up(void **state)
{
    static struct world world;
    memset(&world, 0, sizeof world);
    *state = &world;
    return 0;
}

/* An evaluation of all rules at `t_s`. */
static void evaluate(struct world *world, int64_t t_s)
{
    world->survey = survey_empty();
    world->survey.recorded = true;
    world->survey.timed = KINDS_ALL;
    world->survey.oldest_ms = T_MS + t_s * 1000 - 5000;
    world->survey.eval_ms = T_MS + t_s * 1000 + 1000;
    world->survey.evaluated_ms[RULE_COUNT] = T_MS + t_s * 1000;
    world->survey.evaluated_ms[RULE_UNSETTLED] = T_MS + t_s * 1000;
    world->survey.evaluated_ms[RULE_SETTLED] = T_MS + t_s * 1000;
    world->answer = (struct answer){.eval_ms = world->survey.eval_ms,
                                    .ledger = &world->ledger,
                                    .survey_count = 1,
                                    .kind_alive = {[KIND_DEPLOYMENT] = true}};
    world->now_ms = t_s * 1000 + 1000;
}

static void count(struct world *world, uint64_t id, int64_t rows, int64_t settled,
                  int64_t unsettled)
{
    *whole_place(&world->survey.counted, id, KIND_DEPLOYMENT) =
        (struct source_count){id, KIND_DEPLOYMENT, rows, settled, unsettled};
}

static enum doubt weigh(struct world *world, size_t total)
{
    world->survey.total[KIND_DEPLOYMENT] = total;
    world->answer.surveys = &world->survey;
    world->answer.sent_ms = world->now_ms;
    source_note(&world->answer);
    const struct whole_sight sight = {
        .survey = &world->survey,
        .counted = &world->survey.counted,
        .total = world->survey.total,
        .answer = &world->answer,
        .now_ms = world->now_ms,
        .max_age_ms = MAX_AGE_MS,
    };
    world->belief = whole_weigh(&world->whole, &sight);
    return world->belief.doubt;
}

/* The ledger knows sources by an answer that shows them. */
static void introduce(struct world *world, uint64_t id, int64_t now_ms)
{
    char text[32];
    snprintf(text, sizeof text, "instance=\"ksm-%d:8080\"", (int)id);
    const struct source_seen seen = {id, KIND_DEPLOYMENT, T_MS, text};
    struct answer answer = {
        .ledger = &world->ledger, .sent_ms = now_ms, .sources = &seen, .source_count = 1};
    source_note(&answer);
}

static void assert_words(const struct world *world, const char *words)
{
    char said[256];
    whole_words(&world->belief, &world->ledger, said, sizeof said);
    assert_string_equal(said, words);
}

static const struct {
    const char *sentence;
    size_t total;
    struct source_count counts;
    unsigned timed;
    const char *words;
} missing[] = {
    {"nothing is missing", 200, {1, KIND_DEPLOYMENT, 200, 199, 1}, KINDS_ALL, ""},
    {"count",
     0,
     {1, KIND_DEPLOYMENT, 200, 199, 1},
     KINDS_ALL,
     "200 rows of Deployments are counted, but no workloads: is the rule "
     "amberbar:workloads:count missing, or does it fail?"},
    {"oldest",
     200,
     {1, KIND_DEPLOYMENT, 200, 199, 1},
     KIND_BIT(KIND_ROLLOUT),
     "200 rows of Deployments are counted, but not when they were scraped: is the rule "
     "amberbar:workloads:oldest missing, or does it fail?"},
    {"rows",
     200,
     {1, KIND_DEPLOYMENT, 0, 199, 1},
     KINDS_ALL,
     "of 200 Deployments 199 are counted as settled and 1 as not: is the rule "
     "amberbar:workloads:rows missing, or does it fail?"},
    {"all of the new ones",
     200,
     {1, KIND_DEPLOYMENT, 0, 0, 1},
     KINDS_ALL,
     "of 200 Deployments 0 are counted as settled and 1 as not: is the rule "
     "amberbar:workloads:rows missing, or does it fail?"},
    {"settled",
     200,
     {1, KIND_DEPLOYMENT, 200, 0, 1},
     KINDS_ALL,
     "of 200 Deployments 0 are counted as settled and 1 as not: is the rule "
     "amberbar:workloads:settled missing, or does it fail?"},
    {"unsettled",
     200,
     {1, KIND_DEPLOYMENT, 200, 199, 0},
     KINDS_ALL,
     "of 200 Deployments 199 are counted as settled and 0 as not: is the rule "
     "amberbar:workloads:unsettled missing, or does it fail?"},
    {"nothing is settled, and no rule is missing", 2, {1, KIND_DEPLOYMENT, 2, 0, 2}, KINDS_ALL, ""},
};

static void each_rule_that_is_missing_is_named(void **state)
{
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        struct world *world = *state;
        set_up(state);
        evaluate(world, 100);
        count(world, 1, missing[i].counts.rows, missing[i].counts.settled,
              missing[i].counts.unsettled);
        world->survey.timed = missing[i].timed;
        if (missing[i].counts.settled == 0)
            world->survey.evaluated_ms[RULE_SETTLED] = ROW_MISSING;
        const enum doubt doubt = weigh(world, missing[i].total);
        if (doubt != (missing[i].words[0] == '\0' ? DOUBT_NONE : DOUBT_COUNTS))
            fail_msg("%s: doubt %d", missing[i].sentence, (int)doubt);
        assert_words(world, missing[i].words);
    }
}

/* Its last series stay for five minutes. */
static void a_rule_that_fails_grows_old(void **state)
{
    static const enum survey_rule rules[] = {RULE_COUNT, RULE_SETTLED, RULE_UNSETTLED};
    for (size_t i = 0; i < 3; i++) {
        struct world *world = *state;
        set_up(state);
        evaluate(world, 100);
        count(world, 1, 9, 9, 0);
        world->survey.evaluated_ms[rules[i]] -= MAX_AGE_MS - 1000;
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        assert_int_equal(world->whole.truth_ms, 100000 - MAX_AGE_MS + 1000);
        world->survey.evaluated_ms[rules[i]]--;
        assert_int_equal(weigh(world, 9), DOUBT_STALE);
        assert_int_equal(world->belief.rule, rules[i]);
    }
}

/* And one whose counts do not add up meanwhile is the one that was not evaluated with the rest. */
static void a_rule_that_lags_is_blamed(void **state)
{
    struct world *world = *state;
    evaluate(world, 100);
    count(world, 1, 10, 9, 0);
    world->survey.evaluated_ms[RULE_SETTLED] -= 15000;
    assert_int_equal(weigh(world, 10), DOUBT_COUNTS);
    assert_int_equal(world->belief.rule, RULE_SETTLED);
}

static void one_evaluation_that_does_not_add_up_says_nothing(void **state)
{
    struct world *world = *state;
    evaluate(world, 0);
    count(world, 1, 9, 9, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    const int64_t truth_ms = world->whole.truth_ms;
    evaluate(world, 15);
    count(world, 1, 9, 8, 0);
    for (int poll = 0; poll < 3; poll++) { /* however often it is asked for */
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        assert_true(world->belief.stands);
        assert_int_equal(world->whole.truth_ms, truth_ms);
        world->now_ms += 2000;
    }
    evaluate(world, 30);
    count(world, 1, 9, 8, 0);
    assert_int_equal(weigh(world, 9), DOUBT_COUNTS);
    assert_int_equal(weigh(world, 9), DOUBT_COUNTS); /* and stays so */
    evaluate(world, 45);
    count(world, 1, 9, 8, 1);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    assert_false(world->belief.stands);
}

/* The rules of an evaluation are written one by one: it is the same one all the while. */
static void an_evaluation_that_is_under_way_is_one(void **state)
{
    struct world *world = *state;
    evaluate(world, 0);
    count(world, 1, 9, 9, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    evaluate(world, 15);
    count(world, 1, 10, 9, 0);
    world->survey.evaluated_ms[RULE_SETTLED] -= 15000;
    assert_int_equal(weigh(world, 10), DOUBT_NONE);
    world->survey.evaluated_ms[RULE_SETTLED] += 15000;
    count(world, 1, 10, 8, 1);
    assert_int_equal(weigh(world, 10), DOUBT_NONE);
    assert_true(world->belief.stands);
}

static void each_source_adds_up_by_itself(void **state)
{
    struct world *world = *state;
    evaluate(world, 0);
    count(world, 1, 9, 8, 0);
    count(world, 2, 9, 9, 1);
    assert_int_equal(weigh(world, 18), DOUBT_COUNTS);
    world->survey.counted.list[0].settled++;
    assert_int_equal(weigh(world, 18), DOUBT_COUNTS); /* more than there are */
    world->survey.counted.list[1].settled--;
    assert_int_equal(weigh(world, 18), DOUBT_NONE);
}

static void too_many_sources_add_up_in_sum(void **state)
{
    struct world *world = *state;
    evaluate(world, 0);
    for (uint64_t id = 1; id <= COUNTED_MAX; id++)
        count(world, id, 1, 1, 0);
    for (uint64_t id = 1; id <= 3; id++) {
        struct source_count *rest =
            whole_place(&world->survey.counted, COUNTED_MAX + id, KIND_DEPLOYMENT);
        rest->rows += 2;
        rest->settled += (int64_t)id;
    }
    assert_true(world->survey.counted.crowded);
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_NONE);
    whole_place(&world->survey.counted, 99, KIND_DEPLOYMENT)->settled--;
    world->whole = (struct whole){.count = 0};
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS);
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
        {"two of a few", 10, {8, 0}, false, DOUBT_NONE},
        {"not all of a few", 2, {0, 0}, false, DOUBT_SOURCE_GONE},
        {"half of two", 2, {1, 0}, false, DOUBT_NONE},
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

static void a_canary_asks_for_what_was_counted(void **state)
{
    struct world *world = *state;
    struct missed_sources missed = {.count = 0};
    evaluate(world, 0);
    count(world, 1, 5, 5, 0);
    count(world, 2, 4, 4, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    whole_miss(&world->whole, &world->survey.counted, &world->answer, &missed);
    assert_int_equal(missed.count, 0);
    evaluate(world, 15);
    count(world, 1, 5, 5, 0);
    for (int rollout = 0; rollout < 2; rollout++)
        whole_miss(&world->whole, &world->survey.counted, &world->answer, &missed);
    assert_int_equal(missed.count, 1);
    assert_int_equal(missed.ids[0], 2);
}

/* What lacks series says nothing of them [W1]. */
static void a_partial_answer_is_not_weighed(void **state)
{
    struct world *world = *state;
    evaluate(world, 0);
    count(world, 1, 5, 5, 0);
    count(world, 2, 4, 4, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    const struct whole before = world->whole;
    evaluate(world, 15);
    world->answer.partial = true;
    assert_int_equal(weigh(world, 0), DOUBT_NONE);
    assert_memory_equal(&before, &world->whole, sizeof before);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_rule_that_is_missing_is_named),
        TEST(a_rule_that_fails_grows_old),
        TEST(a_rule_that_lags_is_blamed),
        TEST(one_evaluation_that_does_not_add_up_says_nothing),
        TEST(an_evaluation_that_is_under_way_is_one),
        TEST(each_source_adds_up_by_itself),
        TEST(too_many_sources_add_up_in_sum),
        TEST(a_source_that_goes_is_named),
        TEST(without_any_of_its_kind_there_is_no_data),
        TEST(successors_have_as_many_rows),
        TEST(a_total_that_grows_again_is_no_pair),
        TEST(a_pair_is_known_by_an_evaluation_of_its_own),
        TEST(a_source_that_is_alive_has_left_at_the_second_evaluation),
        TEST(a_canary_asks_for_what_was_counted),
        TEST(a_partial_answer_is_not_weighed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
