/*
 * Counts add up, and what is listed has rows: answer by answer.
 */
#include "evidence/counting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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
    {"count, where only rows are counted",
     0,
     {1, KIND_DEPLOYMENT, 5, 0, 0},
     KINDS_ALL,
     "5 rows of Deployments are counted, but no workloads: is the rule "
     "amberbar:workloads:count missing, or does it fail?"},
    {"count, where only what is settled is",
     0,
     {1, KIND_DEPLOYMENT, 0, 5, 0},
     KINDS_ALL,
     "there are Deployments, and the rule amberbar:workloads:count counts none: has Prometheus "
     "loaded amberbar.rules.yml?"},
    {"count, where only what is not settled is",
     0,
     {1, KIND_DEPLOYMENT, 0, 0, 5},
     KINDS_ALL,
     "there are Deployments, and the rule amberbar:workloads:count counts none: has Prometheus "
     "loaded amberbar.rules.yml?"},
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
        evaluate(world, 100 - MAX_AGE_MS / 1000 + 1);
        world->survey.oldest_ms += 5000; /* scraped at that moment */
        count(world, 1, 9, 9, 0);
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
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

/* Asked in its midst: what is settled is of the evaluation before, and of the samples of then. */
static void an_evaluation_under_way_makes_nothing_younger(void **state)
{
    struct world *world = *state;
    evaluate(world, 100);
    count(world, 1, 9, 9, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    assert_int_equal(world->whole.truth_ms, 95000);
    for (int poll = 0; poll < 2; poll++) {
        evaluate(world, 115 + poll);
        count(world, 1, 9, 9, 0);
        world->survey.evaluated_ms[RULE_SETTLED] = T_MS + 100000;
        world->survey.evaluated_ms[RULE_UNSETTLED] = T_MS + 100000;
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        assert_int_equal(world->whole.truth_ms, 95000);
    }
    evaluate(world, 130);
    count(world, 1, 9, 9, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    assert_int_equal(world->whole.truth_ms, 125000);
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
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS);
    assert_words(world, "more than 256 exporters are counted (each kind by itself), and nobody can "
                        "tell whether one is lost: ask by cluster, or by namespace, in several "
                        "rollouts");
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS); /* nor does it stand */
    whole_place(&world->survey.counted, 99, KIND_DEPLOYMENT)->settled--;
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS);
    assert_non_null(strstr(said(world), "are counted as settled"));
}

/* A source of the labels of another one, and one more. */
static void introduce_ruled(struct world *world, uint64_t id, int other)
{
    char text[48];
    snprintf(text, sizeof text, "instance=\"ksm-%d:8080\",ruler=\"r1\"", other);
    const struct source_seen seen = {id, KIND_DEPLOYMENT, T_MS, text, 0};
    struct answer answer = {.ledger = &world->ledger, .sources = &seen, .source_count = 1};
    source_note(&answer);
}

static const struct {
    const char *sentence;
    struct workload_key key;
    uint64_t source;
    size_t selection;
    bool left_behind, seen;
} listings[] = {
    {"its own", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 1, 0, false, true},
    {"none: a name", {KIND_DEPLOYMENT, "eu", "shop", "web", ""}, 1, 0, false, false},
    {"none: a namespace", {KIND_DEPLOYMENT, "eu", "pay", "api", ""}, 1, 0, false, false},
    {"none: a cluster", {KIND_DEPLOYMENT, "us", "shop", "api", ""}, 1, 0, false, false},
    {"none: a kind", {KIND_STATEFULSET, "eu", "shop", "api", ""}, 1, 0, false, false},
    {"none: what it is elsewhere",
     {KIND_DEPLOYMENT, "eu", "shop", "api", "a/b"},
     1,
     0,
     false,
     false},
    {"of another exporter", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 2, 0, false, false},
    {"its own, with a label of the ruler's",
     {KIND_DEPLOYMENT, "eu", "shop", "api", ""},
     3,
     0,
     false,
     true},
    {"of another rollout", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 1, 1, false, false},
    {"exported no more", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 1, 0, true, false},
};

/* Nothing is concluded of what is listed and is not there: the rules alone may be. */
static void what_is_listed_has_a_row(void **state)
{
    const struct listed listed = {0, {KIND_DEPLOYMENT, "eu", "shop", "api", NULL}, 1};
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        struct world *world = *state;
        set_up(state);
        introduce(world, 1, 0);
        introduce(world, 2, 0);
        introduce_ruled(world, 3, 1);
        struct row row = {.key = listings[i].key,
                          .selection = listings[i].selection,
                          .source_id = listings[i].source};
        evaluate(world, 0);
        count(world, 1, 5, 4, 1);
        world->answer.surveys = &world->survey;
        world->answer.rows = &row;
        world->answer.count = 1;
        world->answer.listed = &listed;
        world->answer.listed_count = 1;
        source_note(&world->answer);
        row.left_behind = listings[i].left_behind;
        world->survey.total[KIND_DEPLOYMENT] = 5;
        const struct whole_sight sight = {.survey = &world->survey,
                                          .counted = &world->survey.counted,
                                          .total = world->survey.total,
                                          .answer = &world->answer,
                                          .now_ms = world->now_ms,
                                          .max_age_ms = MAX_AGE_MS};
        world->belief = whole_weigh(&world->whole, &sight);
        if (world->belief.doubt != (listings[i].seen ? DOUBT_NONE : DOUBT_COUNTS))
            fail_msg("%s: doubt %d", listings[i].sentence, (int)world->belief.doubt);
        assert_words(world, listings[i].seen
                                ? ""
                                : "shop/api is not settled, and no row of it is there: does this "
                                  "Prometheus have kube_deployment_metadata_generation?");
    }
}

/* It may have been deleted since: once, what was known stands, as with other counts. */
static void what_is_listed_may_be_gone_for_one_evaluation(void **state)
{
    struct world *world = *state;
    const struct listed listed = {0, {KIND_DEPLOYMENT, "", "shop", "api", ""}, 1};
    for (int64_t t_s = 0; t_s <= 45; t_s += 15) {
        evaluate(world, t_s);
        const bool lists = t_s == 15 || t_s == 30;
        count(world, 1, 5, 4 + !lists, lists);
        world->answer.listed = &listed;
        world->answer.listed_count = lists;
        for (int poll = 0; poll < 2; poll++)
            assert_int_equal(weigh(world, 5), t_s == 30 ? DOUBT_COUNTS : DOUBT_NONE);
        assert_true(world->belief.stands == (t_s == 15));
    }
    evaluate(world, 60); /* more than are asked for: it is not green for that already */
    count(world, 1, 500, 200, 201);
    world->survey.more = true;
    world->answer.listed = &listed;
    world->answer.listed_count = 1;
    assert_int_equal(weigh(world, 500), DOUBT_NONE);
    assert_false(world->belief.stands);
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
        TEST(an_evaluation_under_way_makes_nothing_younger),
        TEST(a_rule_that_lags_is_blamed),
        TEST(one_evaluation_that_does_not_add_up_says_nothing),
        TEST(an_evaluation_that_is_under_way_is_one),
        TEST(each_source_adds_up_by_itself),
        TEST(too_many_sources_add_up_in_sum),
        TEST(what_is_listed_has_a_row),
        TEST(what_is_listed_may_be_gone_for_one_evaluation),
        TEST(a_partial_answer_is_not_weighed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
