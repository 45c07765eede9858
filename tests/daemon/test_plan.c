/*
 * What is asked about workloads, round by round.
 */
#include "daemon/plan_stage.h"

#include "evidence/whole.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void names_alone_need_no_counting(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "web");
    open_plan(stage);
    begin(stage, PLAN_ROWS);
    assert_true(asks(stage, "deployment=\"web\""));
    const struct answer answer = take(stage, 0, PLAN_DONE);
    assert_null(answer.surveys);
    assert_int_equal(answer.survey_count, 0);
    assert_int_equal(answer.listed_count, 0);
    plan_fail(&stage->plan);
    begin(stage, PLAN_ROWS);
}

static void few_are_counted_once_and_then_asked_for_in_one_request(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    assert_string_equal(plan_text(&stage->plan)->data,
                        "label_replace(count(count by (namespace,deployment,cluster) "
                        "(kube_deployment_metadata_generation{namespace=\"shop\"})),"
                        "\"m\",\"deployment\",\"\",\"\")");
    stage->surveys[0].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX;
    take(stage, 0, PLAN_ROWS);
    assert_null(take(stage, 0, PLAN_DONE).surveys);
    for (int round = 0; round < 3; round++) {
        begin(stage, PLAN_ROWS);
        take(stage, 0, PLAN_DONE);
    }
    assert_false(plan_is_dear(&stage->plan));
    plan_fail(&stage->plan); /* perhaps there are more now */
    begin(stage, PLAN_COUNTING);
}

static void a_survey_and_its_rows_stay_in_the_cluster(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    strcpy(stage->settings[0].cluster, "eu-1");
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    assert_true(asks(stage, "{cluster=\"eu-1\",namespace=\"shop\"}"));
    stage->surveys[0].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX + 1;
    take(stage, 0, PLAN_SURVEYING);
    assert_true(asks(stage, "topk(201,kube_deployment_metadata_generation{cluster=\"eu-1\","));
    list(stage, 1, "web");
    take(stage, 1, PLAN_ROWS);
    assert_true(asks(stage, "{cluster=\"eu-1\",namespace=\"shop\",deployment=\"web0\"}"));
}

static void many_are_surveyed(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX + 1;
    take(stage, 0, PLAN_SURVEYING);
    assert_true(asks(stage, "label_replace(topk(201,kube_deployment_metadata_generation{"));
    assert_true(asks(stage, "\"m\",\"oldest\""));
    struct answer answer = take(stage, 0, PLAN_DONE); /* nothing unsettled: no more to ask */
    assert_int_equal(answer.survey_count, 1);
    assert_true(answer.surveys[0].taken);
    assert_false(answer.surveys[0].recorded);
    assert_true(answer.kind_alive[KIND_DEPLOYMENT]);
    assert_false(answer.kind_alive[KIND_DAEMONSET]); /* of which there is none */
    assert_int_equal(answer.count, 0);
    assert_true(plan_is_dear(&stage->plan));
    begin(stage, PLAN_SURVEYING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX / 4 * 3; /* fewer */
    take(stage, 0, PLAN_DONE);
    begin(stage, PLAN_SURVEYING);
    stage->surveys[0].total[KIND_DEPLOYMENT]--; /* few again */
    take(stage, 0, PLAN_DONE);
    begin(stage, PLAN_ROWS);
}

static void rows_are_of_what_is_unsettled_or_was(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    add(stage, "shop", "db");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING); /* rules have counted */
    assert_true(
        asks(stage, "amberbar:workloads:unsettled{kind=\"Deployment\",namespace=\"shop\"}"));
    tally(stage, 0, 50, 48);
    list(stage, 2, "new.");
    take(stage, 2, PLAN_ROWS);
    assert_true(asks(stage, "namespace=\"shop\",deployment=~\"new\\\\.0|new\\\\.1\""));
    assert_true(asks(stage, "namespace=\"shop\",deployment=\"db\""));
    struct error remark;
    struct answer answer = take(stage, 2, PLAN_DONE);
    assert_false(plan_remark(&stage->plan, &remark));
    assert_true(answer.surveys[0].taken && answer.surveys[0].recorded);
    assert_false(answer.surveys[1].taken); /* by name: its own rows */
    rollout_observe(&stage->rollouts[0], &answer, 0, 0);
    assert_int_equal(stage->rollouts[0].count, 2);

    begin(stage, PLAN_SURVEYING);
    list(stage, 1, "other");
    take(stage, 1, PLAN_ROWS);
    assert_true(asks(stage, "deployment=~\"new\\\\.0|new\\\\.1|other0\"")); /* settled now? */
    assert_false(plan_is_dear(&stage->plan));
}

/* What was listed goes with the rows, though the answer that listed it is let go of. */
static void what_is_listed_is_held_against_the_rows(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t count = 3; count > 0; count--) {
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, 50, 50 - (int64_t)count);
        stage->surveys[0].timed = KINDS_ALL;
        for (size_t rule = 0; rule < SURVEY_RULES; rule++)
            stage->surveys[0].evaluated_ms[rule] = T_MS;
        list(stage, count, "new");
        for (size_t i = 0; i < count; i++)
            stage->rows[i].source_id = 40 + i;
        take(stage, count, PLAN_ROWS);
        list(stage, count, "old");
        struct answer answer = take(stage, 0, PLAN_DONE);
        assert_int_equal(answer.listed_count, count);
        for (size_t i = 0; i < count; i++) {
            char name[32];
            snprintf(name, sizeof name, "new%zu", i);
            assert_string_equal(answer.listed[i].key.name, name);
            assert_string_equal(answer.listed[i].key.namespace_, "shop");
            assert_string_equal(answer.listed[i].key.cluster, "");
            assert_int_equal(answer.listed[i].source_id, 40 + i);
        }
        struct rollout rollout = stage->rollouts[0];
        rollout_observe(&rollout, &answer, 0, 0);
        assert_int_equal(rollout.verdict.state, STATE_UNKNOWN);
        assert_int_equal(rollout.verdict.why, WHY_COUNTS);
        assert_non_null(strstr(rollout.detail, "shop/new0 is not settled, and no row of it"));
    }
    begin(stage, PLAN_SURVEYING);
    tally(stage, 0, 50, 50);
    assert_int_equal(take(stage, 0, PLAN_DONE).listed_count, 0);
}

static void rules_that_are_not_loaded_are_remarked_on(void **state)
{
    struct stage *stage = *state;
    struct error remark;
    add(stage, "shop", "");
    add(stage, "cms", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    take(stage, 0, PLAN_ROWS);
    assert_true(asks(stage, "topk(1,kube_deployment_metadata_generation{namespace=\"shop\"})"));
    assert_true(asks(stage, "topk(1,kube_deployment_metadata_generation{namespace=\"cms\"})"));
    take(stage, 0, PLAN_DONE);
    assert_true(plan_remark(&stage->plan, &remark));
    assert_non_null(strstr(remark.text, "load amberbar.rules.yml"));
}

/* Rules of one kind are there, of the other there are none: is there nothing, or no rule? */
static void what_no_rule_counts_does_not_add_up(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->config.rollouts[0].kinds = KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_DAEMONSET);
    stage->rollouts[0].kinds = stage->config.rollouts[0].kinds;
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t uncounted = 0; uncounted < 2; uncounted++) {
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, 50, 50);
        stage->surveys[0].counted.list[0].unsettled = 0;
        stage->surveys[0].oldest_ms = T_MS;
        stage->surveys[0].timed = KINDS_ALL;
        for (size_t rule = 0; rule < SURVEY_RULES; rule++)
            stage->surveys[0].evaluated_ms[rule] = T_MS;
        stage->surveys[0].eval_ms = T_MS;
        take(stage, 0, PLAN_ROWS);
        assert_true(asks(stage, "topk(1,kube_daemonset_metadata_generation{namespace=\"shop\"})"));
        assert_false(asks(stage, "kube_deployment"));
        list(stage, 1, "agent");
        stage->rows[0].key.kind = KIND_DAEMONSET;
        stage->rows[0].sample_ms = ROW_MISSING;
        struct answer answer = take(stage, uncounted, PLAN_DONE);
        assert_int_equal(answer.count, 0);
        struct rollout rollout = stage->rollouts[0];
        rollout_observe(&rollout, &answer, 0, 0);
        assert_int_equal(rollout.verdict.state, uncounted == 0 ? STATE_STABLE : STATE_UNKNOWN);
        assert_int_equal(rollout.counts.doubt, uncounted == 0 ? DOUBT_NONE : DOUBT_COUNTS);
    }
}

/* What was not settled and is listed again is one workload; its namesake elsewhere is another. */
static void what_is_listed_again_is_asked_for_once(void **state)
{
    static const char *const questions[] = {
        "{namespace=~\"shop|cms\",deployment=~\"new0|new1|new2|new1\"}",
        "{namespace=~\"cms|shop\",deployment=~\"new1|new0|new1|new2\"}"}; /* as rollouts have them
                                                                           */
    struct stage *stage = *state;
    add(stage, "shop|cms", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (int round = 0; round < 2; round++) {
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, 50, 46);
        list(stage, 4, "new");
        strcpy(stage->names[3], stage->names[1]);
        stage->rows[3].key.namespace_ = "cms";
        take(stage, 4, PLAN_ROWS);
        assert_true(asks(stage, questions[round]));
        list(stage, 4, "new"); /* the rows' names stand elsewhere than the list's */
        strcpy(stage->names[3], stage->names[1]);
        stage->rows[3].key.namespace_ = "cms";
        struct answer answer = take(stage, 4, PLAN_DONE);
        rollout_observe(&stage->rollouts[0], &answer, 0, 0);
        assert_int_equal(stage->rollouts[0].count, 4);
    }
}

/* A query of its own is none of them, however short it is; nor is what stands behind the last. */
static void only_rollouts_of_workloads_are_asked_about(void **state)
{
    struct stage *stage = *state;
    add(stage, "none", "");
    add(stage, "shop", "");
    add(stage, "behind", "");
    strcpy(stage->settings[0].query, "q");
    stage->rollouts[0].is_query = true;
    stage->config.rollout_count = 2;
    for (size_t i = 0; i < 3; i++) {
        stage->rollouts[i].count = 1;
        stage->workloads[i][0] = (struct workload){.verdict = {.state = STATE_STALLED}};
        strcpy(stage->workloads[i][0].namespace_, "shop");
        strcpy(stage->workloads[i][0].name, i == 0 ? "a" : i == 1 ? "b" : "c");
    }
    open_plan(stage);
    assert_int_equal(stage->plan.count, 1);
    assert_int_equal(stage->plan.selection_of[1], 0);
    begin(stage, PLAN_COUNTING);
    assert_true(asks(stage, "namespace=\"shop\""));
    assert_false(asks(stage, "none") || asks(stage, "behind"));
    stage->surveys[1].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX + 1; /* whose would they be? */
    take(stage, 0, PLAN_ROWS);
    plan_fail(&stage->plan);
    begin(stage, PLAN_COUNTING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX + 1;
    take(stage, 0, PLAN_SURVEYING);
    take(stage, 0, PLAN_ROWS);
    assert_true(asks(stage, "deployment=\"b\""));
}

/* What a survey said before it says no longer when the next one says nothing. */
static void a_survey_that_says_nothing_counts_nothing(void **state)
{
    struct stage *stage = *state;
    struct error error;
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    tally(stage, 0, 50, 50);
    assert_int_equal(survey_total(&take(stage, 0, PLAN_DONE).surveys[0]), 50);
    begin(stage, PLAN_SURVEYING);
    struct answer answer = {.eval_ms = T_MS + 1};
    assert_true(plan_take(&stage->plan, stage->rollouts, &answer, &error));
    answer = take(stage, 0, PLAN_DONE);
    assert_int_equal(survey_total(&answer.surveys[0]), 0);
    assert_int_equal(answer.surveys[0].counted.count, 0);
    assert_int_equal(answer.surveys[0].eval_ms, T_MS + 1);
    assert_false(answer.kind_alive[KIND_DEPLOYMENT]);
}

/* Of a kind that rules do not count, what is there by itself is counted; rows of it are rows. */
static void rows_without_a_time_are_of_what_no_rule_counts(void **state)
{
    static const struct {
        const char *sentence;
        int64_t counted; /* by rules, of Deployments; of others none */
        enum workload_kind kind;
        int64_t sample_ms;
        bool is_row;
    } table[] = {
        {"what is there, and not counted", 50, KIND_DAEMONSET, ROW_MISSING, false},
        {"its row", 50, KIND_DAEMONSET, T_MS, true},
        {"a row of what is counted, also without a time", 50, KIND_DEPLOYMENT, ROW_MISSING, true},
        {"one that is counted is enough", 1, KIND_DEPLOYMENT, ROW_MISSING, true},
        {"none is not", 0, KIND_DEPLOYMENT, ROW_MISSING, false},
    };
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->settings[0].kinds = KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_DAEMONSET);
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, table[i].counted, table[i].counted);
        stage->surveys[0].counted.list[0].unsettled = 0;
        take(stage, 0, PLAN_ROWS);
        list(stage, 1, "agent");
        stage->rows[0].key.kind = table[i].kind;
        stage->rows[0].sample_ms = table[i].sample_ms;
        const struct answer answer = take(stage, 1, PLAN_DONE);
        const int64_t uncounted = whole_sum(&answer.surveys[0].counted, table[i].kind).unsettled;
        if (answer.count != table[i].is_row || uncounted != !table[i].is_row)
            fail_msg("%s: %zu rows, %d not counted", table[i].sentence, answer.count,
                     (int)uncounted);
    }
}

/* Which rule is missing, of a file that was loaded in part, or is older than we are. */
static void rules_that_are_older_are_remarked_on(void **state)
{
    static const struct {
        const char *sentence;
        int64_t rows, settled;
        const char *words; /* NULL: no remark */
    } table[] = {
        {"all is there", 50, 48, NULL},
        {"nothing is settled", 50, 0, NULL},
        {"no rows are counted", 0, 48, "amberbar:workloads:rows"},
        {"nor what is settled", 0, 0, "amberbar:workloads:rows"},
        {"only what is settled is not", 60, 0, "amberbar:workloads:settled"},
    };
    struct stage *stage = *state;
    struct error remark;
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, table[i].rows, table[i].settled);
        stage->surveys[0].counted.list[1] = /* behind the last of them */
            (struct source_count){2, KIND_DEPLOYMENT, 50, 48, 50};
        take(stage, 0, table[i].rows == 0 ? PLAN_ROWS : PLAN_DONE);
        if (table[i].rows == 0)
            take(stage, 0, PLAN_DONE);
        const bool remarked = plan_remark(&stage->plan, &remark);
        if (remarked != (table[i].words != NULL) ||
            (remarked && strstr(remark.text, table[i].words) == NULL))
            fail_msg("%s: %s", table[i].sentence, remarked ? remark.text : "no remark");
    }
}

static void rules_of_a_second_cluster_are_rules(void **state)
{
    struct stage *stage = *state;
    struct error remark;
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    tally(stage, 0, 0, 0);
    stage->surveys[0].counted.list[1] = (struct source_count){2, KIND_DEPLOYMENT, 50, 48, 2};
    stage->surveys[0].counted.count = 2;
    take(stage, 0, PLAN_DONE);
    assert_false(plan_remark(&stage->plan, &remark));
}

/* A rollout that has none is none that lacks rules. */
static void rules_of_the_second_rollout_are_rules(void **state)
{
    struct stage *stage = *state;
    struct error remark;
    add(stage, "none", "");
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    tally(stage, 1, 50, 48);
    take(stage, 0, PLAN_ROWS);
    take(stage, 0, PLAN_DONE);
    assert_false(plan_remark(&stage->plan, &remark));
}

static void a_dear_survey_is_remarked_on(void **state)
{
    struct stage *stage = *state;
    struct {
        const char *sentence;
        size_t total;
        bool remarked;
    } table[] = {
        {"what a server takes in its stride", PLAN_DEAR_MAX, false},
        {"more", PLAN_DEAR_MAX + 1, true},
        {"much more: the same words, which are reported once", 20000, true},
    };
    struct error remark, first = {0};
    add(stage, "shop", "");
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = PLAN_DEAR_MAX;
    take(stage, 0, PLAN_SURVEYING);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        stage->surveys[0].total[KIND_DEPLOYMENT] = table[i].total;
        take(stage, 0, PLAN_DONE);
        if (plan_remark(&stage->plan, &remark) != table[i].remarked)
            fail_msg("%s", table[i].sentence);
        if (table[i].remarked && first.text[0] == '\0')
            first = remark;
        if (table[i].remarked)
            assert_string_equal(remark.text, first.text);
        begin(stage, PLAN_SURVEYING);
    }
    assert_non_null(strstr(first.text, "set recording_rules: true"));
}

static void a_partial_survey_makes_the_round_partial(void **state)
{
    struct stage *stage = *state;
    struct error error;
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = 50;
    list(stage, 1, "a");
    struct answer answer = {.eval_ms = T_MS,
                            .rows = stage->rows,
                            .count = 1,
                            .partial = true,
                            .surveys = stage->surveys};
    assert_true(plan_take(&stage->plan, stage->rollouts, &answer, &error));
    answer = take(stage, 1, PLAN_DONE);
    assert_true(answer.partial);
    rollout_observe(&stage->rollouts[0], &answer, 0, 0);
    assert_int_equal(stage->rollouts[0].verdict.state, STATE_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, plan_set_up, plan_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_alone_need_no_counting),
        TEST(few_are_counted_once_and_then_asked_for_in_one_request),
        TEST(a_survey_and_its_rows_stay_in_the_cluster),
        TEST(many_are_surveyed),
        TEST(rows_are_of_what_is_unsettled_or_was),
        TEST(what_is_listed_is_held_against_the_rows),
        TEST(rules_that_are_not_loaded_are_remarked_on),
        TEST(what_no_rule_counts_does_not_add_up),
        TEST(what_is_listed_again_is_asked_for_once),
        TEST(only_rollouts_of_workloads_are_asked_about),
        TEST(a_survey_that_says_nothing_counts_nothing),
        TEST(rows_without_a_time_are_of_what_no_rule_counts),
        TEST(rules_that_are_older_are_remarked_on),
        TEST(rules_of_a_second_cluster_are_rules),
        TEST(rules_of_the_second_rollout_are_rules),
        TEST(a_dear_survey_is_remarked_on),
        TEST(a_partial_survey_makes_the_round_partial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
