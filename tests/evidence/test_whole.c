/*
 * Counts add up: answer by answer.
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
    {"one that is in excess",
     200,
     {1, KIND_DEPLOYMENT, 200, 200, 1},
     KINDS_ALL,
     "of 200 Deployments 200 are counted as settled and 1 as not: is the rule "
     "amberbar:workloads:rows missing, or does it fail?"},
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

/* Also where there is but one, and of whatever kind. */
static void one_that_is_counted_is_not_none(void **state)
{
    static const struct {
        size_t total;
        int64_t rows, settled, unsettled;
        enum survey_rule missing;
    } counts[] = {{1, 0, 0, 0, RULE_ROWS},
                  {0, 1, 0, 0, RULE_COUNT},
                  {0, 0, 1, 0, RULE_COUNT},
                  {0, 0, 0, 1, RULE_COUNT}};
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            struct world *world = *state;
            set_up(state);
            world->kind = (enum workload_kind)kind;
            evaluate(world, 100);
            count(world, 1, counts[i].rows, counts[i].settled, counts[i].unsettled);
            if (weigh(world, counts[i].total) != DOUBT_COUNTS ||
                world->belief.rule != counts[i].missing)
                fail_msg("counts %zu of %ss: doubt %d, rule %s", i, kind_name(world->kind),
                         (int)world->belief.doubt, survey_rule_name(world->belief.rule));
            assert_non_null(strstr(said(world), kind_name(world->kind)));
        }
    struct world *world = *state;
    set_up(state);
    evaluate(world, 100);
    assert_int_equal(weigh(world, 1), DOUBT_COUNTS); /* and no source at all */
}

/* An empty cluster is no fault: no time is said of nothing. */
static void nothing_that_is_counted_is_nothing(void **state)
{
    struct world *world = *state;
    evaluate(world, 100);
    world->survey.oldest_ms = ROW_MISSING;
    assert_int_equal(weigh(world, 0), DOUBT_NONE);
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

/* What the rules evaluated last have seen, where they were evaluated before the oldest sample's. */
static void the_oldest_sample_is_the_one_that_all_rules_have_seen(void **state)
{
    static const struct {
        const char *sentence;
        int64_t settled_s, unsettled_s; /* when they were evaluated; -1: they list nothing */
        int64_t sample_s, truth_s;
    } table[] = {
        {"all of them", 115, 115, 110, 110},
        {"both are of before", 100, 100, 110, 95},
        {"what is settled is", 100, 115, 110, 95},
        {"what is not settled is", 115, 100, 110, 95},
        {"nothing is settled", -1, 100, 110, 95},
        {"nothing is settled, and the rest is new", -1, 115, 110, 110},
        {"all is settled", 100, -1, 110, 95},
        {"all is settled, and that is new", 115, -1, 110, 110},
        {"one that is older than then came meanwhile", 100, 100, 90, 90},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct world *world = *state;
        set_up(state);
        evaluate(world, 100);
        count(world, 1, 9, 9, 0);
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        evaluate(world, 115);
        const int64_t settled_s = table[i].settled_s, unsettled_s = table[i].unsettled_s;
        count(world, 1, 9, settled_s < 0 ? 0 : 9 - (unsettled_s >= 0),
              unsettled_s < 0 ? 0 : 9 - 8 * (settled_s >= 0));
        world->survey.oldest_ms = T_MS + table[i].sample_s * 1000;
        world->survey.evaluated_ms[RULE_SETTLED] =
            settled_s < 0 ? ROW_MISSING : T_MS + settled_s * 1000;
        world->survey.evaluated_ms[RULE_UNSETTLED] =
            unsettled_s < 0 ? ROW_MISSING : T_MS + unsettled_s * 1000;
        if (weigh(world, 9) != DOUBT_NONE || world->whole.truth_ms != table[i].truth_s * 1000)
            fail_msg("%s: doubt %d, so at %d ms", table[i].sentence, (int)world->belief.doubt,
                     (int)world->whole.truth_ms);
    }
}

/* Each poll comes in the midst of an evaluation. */
static void an_evaluation_that_was_seen_under_way_is_known_when_it_is_done(void **state)
{
    struct world *world = *state;
    for (int64_t t_s = 100; t_s <= 145; t_s += 15) {
        evaluate(world, t_s);
        count(world, 1, 9, 9, 0);
        if (t_s > 100) {
            world->survey.evaluated_ms[RULE_SETTLED] -= 15000;
            world->survey.evaluated_ms[RULE_UNSETTLED] -= 15000;
        }
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        assert_int_equal(world->whole.truth_ms, t_s == 100 ? 95000 : (t_s - 20) * 1000);
    }
}

/* Nothing says what the last rules had seen, when the first poll of all comes in their midst. */
static void an_evaluation_that_nobody_saw_begin_has_no_oldest_sample(void **state)
{
    struct world *world = *state;
    evaluate(world, 100);
    count(world, 1, 9, 9, 0);
    world->survey.evaluated_ms[RULE_SETTLED] -= 15000;
    assert_int_equal(weigh(world, 9), DOUBT_STALE);
    assert_int_equal(world->belief.rule, RULE_OLDEST);
    assert_words(world, "");
}

static void a_sample_of_the_future_is_refused(void **state)
{
    for (int64_t later_ms = 1000; later_ms <= 1001; later_ms++) {
        struct world *world = *state;
        set_up(state);
        evaluate(world, 100);
        count(world, 1, 9, 9, 0);
        world->survey.oldest_ms = world->survey.eval_ms + later_ms;
        assert_int_equal(weigh(world, 9), later_ms == 1000 ? DOUBT_NONE : DOUBT_CLOCK);
        assert_words(world, "");
    }
}

/* Whatever is evaluated: what is settled says nothing when it was scraped too long ago. */
static void an_old_sample_is_stale_and_no_rule_is_blamed(void **state)
{
    for (int64_t older_ms = 0; older_ms <= 1; older_ms++) {
        struct world *world = *state;
        set_up(state);
        evaluate(world, 100);
        count(world, 1, 9, 9, 0);
        world->survey.oldest_ms = world->survey.eval_ms - MAX_AGE_MS - older_ms;
        assert_int_equal(weigh(world, 9), older_ms == 0 ? DOUBT_NONE : DOUBT_STALE);
        assert_words(world, "");
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
    evaluate(world, 60); /* the next one that does not is a first one again */
    count(world, 1, 9, 8, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    assert_true(world->belief.stands);
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

/* Long after a machine's start as well. */
static void what_was_known_stands_as_long_as_it_is_young(void **state)
{
    for (int64_t begin_s = 0; begin_s <= 1000000; begin_s += 1000000) {
        struct world *world = *state;
        set_up(state);
        evaluate(world, begin_s);
        count(world, 1, 9, 9, 0);
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        evaluate(world, begin_s + 84); /* its oldest sample was of 5 s before */
        count(world, 1, 9, 8, 0);
        assert_int_equal(weigh(world, 9), DOUBT_NONE);
        assert_true(world->belief.stands);
        world->now_ms++;
        assert_int_equal(weigh(world, 9), DOUBT_COUNTS);
    }
}

/* Behind one address may be two servers, each with evaluations of its own. */
static void what_stood_once_does_not_stand_again(void **state)
{
    struct world *world = *state;
    static const int64_t evaluations_s[] = {15, 30, 15};
    evaluate(world, 0);
    count(world, 1, 9, 9, 0);
    assert_int_equal(weigh(world, 9), DOUBT_NONE);
    for (size_t i = 0; i < 3; i++) {
        evaluate(world, evaluations_s[i]);
        count(world, 1, 9, 8, 0);
        world->now_ms = 16000 + (int64_t)i * 15000;
        assert_int_equal(weigh(world, 9), i == 0 ? DOUBT_NONE : DOUBT_COUNTS);
    }
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

static void add_up_in_sum(struct world *world)
{
    evaluate(world, 0);
    for (uint64_t id = 1; id <= COUNTED_MAX; id++)
        count(world, id, 1, 1, 0);
    for (uint64_t id = 1; id <= 3; id++) {
        struct source_count *rest =
            whole_place(&world->survey.counted, COUNTED_MAX + id, world->kind);
        rest->rows += 2;
        rest->settled += (int64_t)id;
    }
    assert_true(world->survey.counted.crowded);
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS);
    assert_words(world, "more than 256 exporters are counted (each kind by itself), and nobody can "
                        "tell whether one is lost: ask by cluster, or by namespace, in several "
                        "rollouts");
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS); /* nor does it stand */
    whole_place(&world->survey.counted, COUNTED_MAX + 1, world->kind)->settled--;
    assert_int_equal(weigh(world, COUNTED_MAX + 6), DOUBT_COUNTS);
    assert_non_null(strstr(said(world), "s 5 are counted as settled"));
}

static void too_many_sources_add_up_in_sum(void **state)
{
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct world *world = *state;
        set_up(state);
        world->kind = (enum workload_kind)kind;
        add_up_in_sum(world);
    }
}

/* Without a survey the rows are counted, by their sources, and the workloads. */
static void rows_are_counted_by_source_and_workload(void **state)
{
    (void)state;
    const struct row rows[] = {
        {.key = {.kind = KIND_STATEFULSET}, .source_id = 7},
        {.key = {.kind = KIND_STATEFULSET}, .source_id = 8, .source = 1}, /* the same one */
        {.key = {.kind = KIND_STATEFULSET}, .source_id = 9, .left_behind = true},
        {.key = {.kind = KIND_STATEFULSET}, .source_id = 7},
        {.key = {.kind = KIND_DAEMONSET}, .source_id = 6},
    };
    static struct counted counted;
    size_t total[KIND_COUNT] = {0};
    counted_clear(&counted);
    whole_count(rows, sizeof rows / sizeof rows[0], &counted, total);
    assert_int_equal(counted.count, 3);
    assert_int_equal(whole_place(&counted, 7, KIND_STATEFULSET)->rows, 2);
    assert_int_equal(whole_place(&counted, 8, KIND_STATEFULSET)->rows, 1);
    assert_int_equal(whole_sum(&counted, KIND_STATEFULSET).rows, 3);
    assert_int_equal(whole_sum(&counted, KIND_DAEMONSET).rows, 1);
    assert_int_equal(whole_sum(&counted, KIND_DEPLOYMENT).rows, 0);
    assert_int_equal(total[KIND_STATEFULSET], 2);
    assert_int_equal(total[KIND_DAEMONSET], 1);
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
        TEST(one_that_is_counted_is_not_none),
        TEST(nothing_that_is_counted_is_nothing),
        TEST(a_rule_that_fails_grows_old),
        TEST(an_evaluation_under_way_makes_nothing_younger),
        TEST(the_oldest_sample_is_the_one_that_all_rules_have_seen),
        TEST(an_evaluation_that_was_seen_under_way_is_known_when_it_is_done),
        TEST(an_evaluation_that_nobody_saw_begin_has_no_oldest_sample),
        TEST(a_sample_of_the_future_is_refused),
        TEST(an_old_sample_is_stale_and_no_rule_is_blamed),
        TEST(a_rule_that_lags_is_blamed),
        TEST(one_evaluation_that_does_not_add_up_says_nothing),
        TEST(an_evaluation_that_is_under_way_is_one),
        TEST(what_was_known_stands_as_long_as_it_is_young),
        TEST(what_stood_once_does_not_stand_again),
        TEST(each_source_adds_up_by_itself),
        TEST(too_many_sources_add_up_in_sum),
        TEST(rows_are_counted_by_source_and_workload),
        TEST(a_partial_answer_is_not_weighed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
