/*
 * What is asked about workloads, round by round.
 */
#include "daemon/plan.h"
#include "prometheus/promql/survey.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T_MS INT64_C(1700000000000)

struct stage {
    struct config config;
    struct rollout_settings settings[3];
    struct rollout rollouts[3];
    struct workload workloads[3][SURVEY_SHOWN_MAX];
    struct plan plan;
    struct survey surveys[3];
    struct row rows[SURVEY_SHOWN_MAX + 1];
    char names[SURVEY_SHOWN_MAX + 1][32];
};

static void add(struct stage *stage, const char *namespace_, const char *workload)
{
    size_t i = stage->config.rollout_count++;
    struct rollout_settings *settings = &stage->settings[i];
    settings->kinds = KIND_BIT(KIND_DEPLOYMENT);
    strcpy(settings->namespace_, namespace_);
    strcpy(settings->workload, workload);
    stage->rollouts[i] = (struct rollout){.kinds = settings->kinds,
                                          .limits = limits_default,
                                          .workloads = stage->workloads[i],
                                          .capacity = SURVEY_SHOWN_MAX};
    rollout_start(&stage->rollouts[i], 0);
}

static int set_up(void **state)
{
    static struct stage stage;
    memset(&stage, 0, sizeof stage);
    stage.config.rollouts = stage.settings;
    stage.config.prometheus.max_response_bytes = 32 << 20;
    strcpy(stage.config.prometheus.namespace_label, "namespace");
    strcpy(stage.config.prometheus.cluster_label, "cluster");
    for (size_t i = 0; i < 3; i++)
        stage.surveys[i] = (struct survey){.taken = true, .oldest_ms = T_MS, .eval_ms = T_MS};
    *state = &stage;
    return 0;
}

static int tear_down(void **state)
{
    plan_close(&((struct stage *)*state)->plan);
    return 0;
}

static void open_plan(struct stage *stage)
{
    struct error error;
    assert_true(plan_open(&stage->plan, &stage->config, &error));
}

static void begin(struct stage *stage, enum plan_step step)
{
    struct error error;
    if (!plan_begin(&stage->plan, &error))
        fail_msg("%s", error.text);
    assert_int_equal(stage->plan.step, step);
}

/* Takes an answer of surveys and the first `rows` rows; what the round knows then. */
static struct answer take(struct stage *stage, size_t rows, enum plan_step step)
{
    struct error error;
    struct answer answer = {
        .eval_ms = T_MS, .rows = stage->rows, .count = rows, .surveys = stage->surveys};
    if (!plan_take(&stage->plan, stage->rollouts, &answer, &error))
        fail_msg("%s", error.text);
    assert_int_equal(stage->plan.step, step);
    assert_true((plan_text(&stage->plan) == NULL) == (step == PLAN_DONE));
    return answer;
}

static void list(struct stage *stage, size_t count, const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(stage->names[i], sizeof stage->names[i], "%s%zu", prefix, i);
        stage->rows[i] = (struct row){.key = {KIND_DEPLOYMENT, "", "shop", stage->names[i], ""},
                                      .sample_ms = T_MS,
                                      .spec = 1};
    }
}

/* What rules have counted of a selection's rows. */
static void tally(struct stage *stage, size_t selection, int64_t rows, int64_t settled)
{
    struct survey *survey = &stage->surveys[selection];
    survey->total[KIND_DEPLOYMENT] = 50;
    survey->counted.count = 1;
    survey->counted.list[0] =
        (struct source_count){1, KIND_DEPLOYMENT, rows, settled, 50 - settled};
}

static bool asks(struct stage *stage, const char *words)
{
    return strstr(plan_text(&stage->plan)->data, words) != NULL;
}

static void names_alone_need_no_counting(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "web");
    open_plan(stage);
    begin(stage, PLAN_ROWS);
    assert_true(asks(stage, "deployment=\"web\""));
    assert_null(take(stage, 0, PLAN_DONE).surveys);
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

/* A rollout's pattern is so long that no two surveys have room in one question. */
static void a_survey_is_as_many_questions_as_it_takes(void **state)
{
    static const char *const places[] = {"first", "second", "third"};
    struct stage *stage = *state;
    for (size_t i = 0; i < 3; i++) {
        add(stage, places[i], "");
        char *pattern = stage->settings[i].namespace_;
        while (strlen(pattern) < 30)
            strcat(pattern, "|elsewhere");
        stage->settings[i].kinds = KINDS_ALL;
        stage->surveys[i].total[KIND_DEPLOYMENT] = PLAN_WORKLOADS_MAX;
    }
    stage->surveys[2].total[KIND_STATEFULSET] = 1;
    stage->rollouts[2].count = 1; /* what was not settled is asked for, too */
    stage->workloads[2][0] = (struct workload){.verdict = {.state = STATE_STALLED}};
    strcpy(stage->workloads[2][0].name, "stuck");
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    assert_true(asks(stage, "third"));
    take(stage, 0, PLAN_SURVEYING);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 3; i++) {
            for (size_t k = 0; k < 3; k++)
                assert_int_equal(asks(stage, places[k]), k == i);
            assert_true(plan_text(&stage->plan)->length <= QUERY_ROOM_BYTES);
            list(stage, 2, places[i]);
            stage->rows[0].selection = stage->rows[1].selection = i;
            stage->surveys[(i + 1) % 3].oldest_ms = 0; /* which was not asked about */
            stage->surveys[i].oldest_ms = T_MS - (int64_t)i;
            take(stage, 2, i < 2 ? PLAN_SURVEYING : PLAN_ROWS);
        }
        assert_true(asks(stage, "deployment=~\"first0|first1\""));
        assert_true(asks(stage, "deployment=~\"second0|second1\""));
        assert_true(asks(stage, "deployment=~\"stuck|third0|third1\""));
        const struct answer answer = take(stage, 0, PLAN_DONE);
        assert_int_equal(answer.listed_count, 6);
        assert_true(answer.kind_alive[KIND_STATEFULSET]);
        assert_string_equal(answer.listed[0].key.name, "first0");
        assert_string_equal(answer.listed[5].key.name, "third1");
        for (size_t i = 0; i < 3; i++) {
            assert_true(answer.surveys[i].taken);
            assert_int_equal(answer.surveys[i].oldest_ms, T_MS - (int64_t)i);
        }
        begin(stage, PLAN_SURVEYING);
    }
}

static void an_answer_that_would_not_fit_is_surveyed_too(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->config.prometheus.max_response_bytes = 100 * PROMETHEUS_WORKLOAD_BYTES;
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = 101;
    take(stage, 0, PLAN_SURVEYING);
}

static void growth_is_noticed_from_the_rows(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->config.prometheus.max_response_bytes = 100 * PROMETHEUS_WORKLOAD_BYTES;
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    take(stage, 0, PLAN_ROWS);
    list(stage, 101, "w");
    take(stage, 100, PLAN_DONE); /* they fit */
    begin(stage, PLAN_ROWS);
    take(stage, 101, PLAN_DONE);
    begin(stage, PLAN_COUNTING);
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
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    take(stage, 0, PLAN_ROWS);
    assert_true(asks(stage, "topk(1,kube_deployment_metadata_generation{namespace=\"shop\"})"));
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

static void too_many_unsettled_are_cut_and_reported(void **state)
{
    struct stage *stage = *state;
    struct {
        const char *sentence, *prefix;
        size_t count;
        bool more, in_address;
    } table[] = {
        {"as many as are shown", "a", SURVEY_SHOWN_MAX, false, false},
        {"one more", "a", SURVEY_SHOWN_MAX + 1, true, false},
        {"names too long for a query", "averyverylongnamethatgoeson", SURVEY_SHOWN_MAX, true,
         false},
        {"as long as a query may be", "averyverylongnamethatgoeson", 120, false, false},
        {"in an address it takes more", "averyverylongnamethatgoeson", 120, true, true},
        {"a few fit into one", "a", 40, false, true},
    };
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        stage->plan.in_address = table[i].in_address;
        begin(stage, PLAN_SURVEYING);
        list(stage, table[i].count, table[i].prefix);
        take(stage, table[i].count, PLAN_ROWS);
        assert_true(plan_text(&stage->plan)->length <= QUERY_ROOM_BYTES);
        assert_true(!table[i].in_address ||
                    query_length(plan_text(&stage->plan), true) <= query_room(true));
        assert_true(asks(stage, table[i].prefix));
        if (take(stage, 0, PLAN_DONE).surveys[0].more != table[i].more)
            fail_msg("%s", table[i].sentence);
    }
}

static void the_first_rollout_leaves_room_for_the_others(void **state)
{
    enum { MANY = 162 };
    struct stage *stage = *state;
    add(stage, "shop", "");
    add(stage, "cms", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    list(stage, MANY, "averyverylongnamethatgoeson"); /* just as many as a query holds */
    stage->rows[MANY - 1].selection = 1;
    stage->rows[MANY - 1].key.namespace_ = "cms";
    take(stage, MANY, PLAN_ROWS);
    assert_true(asks(stage, "namespace=\"cms\""));
    struct answer answer = take(stage, 0, PLAN_DONE);
    assert_true(answer.surveys[0].more);
    assert_false(answer.surveys[1].more);
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

static void a_survey_too_long_to_send_says_what_to_do(void **state)
{
    struct stage *stage = *state;
    struct error error;
    for (size_t i = 0; i < 3; i++) {
        add(stage, "shop", "");
        stage->settings[i].kinds = KINDS_ALL;
        memset(stage->settings[i].namespace_, 'n', 120);
    }
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = 99999;
    struct answer answer = {.surveys = stage->surveys};
    assert_false(plan_take(&stage->plan, stage->rollouts, &answer, &error));
    assert_non_null(strstr(error.text, "recording_rules: true"));
    assert_null(plan_text(&stage->plan));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_alone_need_no_counting),
        TEST(few_are_counted_once_and_then_asked_for_in_one_request),
        TEST(a_survey_and_its_rows_stay_in_the_cluster),
        TEST(many_are_surveyed),
        TEST(a_survey_is_as_many_questions_as_it_takes),
        TEST(an_answer_that_would_not_fit_is_surveyed_too),
        TEST(growth_is_noticed_from_the_rows),
        TEST(rows_are_of_what_is_unsettled_or_was),
        TEST(what_is_listed_is_held_against_the_rows),
        TEST(rules_that_are_not_loaded_are_remarked_on),
        TEST(what_no_rule_counts_does_not_add_up),
        TEST(rules_that_are_older_are_remarked_on),
        TEST(rules_of_a_second_cluster_are_rules),
        TEST(rules_of_the_second_rollout_are_rules),
        TEST(a_dear_survey_is_remarked_on),
        TEST(too_many_unsettled_are_cut_and_reported),
        TEST(the_first_rollout_leaves_room_for_the_others),
        TEST(a_partial_survey_makes_the_round_partial),
        TEST(a_survey_too_long_to_send_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
