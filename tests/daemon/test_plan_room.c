/*
 * What has room in a question or in an answer, and what is done with the rest.
 */
#include "daemon/plan_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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

/* So many of the names that were listed are in the question. */
static size_t count_asked(struct stage *stage, size_t listed)
{
    size_t count = 0;
    for (size_t i = 0; i < listed; i++)
        count += asks(stage, stage->names[i]);
    return count;
}

/* Where not all have room, at least half of the room is used. */
static void as_many_as_fit_are_asked_for(void **state)
{
    enum { FIT = 162 };
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    begin(stage, PLAN_SURVEYING);
    list(stage, FIT, "averyverylongnamethatgoeson");
    take(stage, FIT, PLAN_ROWS);
    assert_int_equal(count_asked(stage, FIT), FIT);
    take(stage, 0, PLAN_DONE);
    begin(stage, PLAN_SURVEYING);
    list(stage, SURVEY_SHOWN_MAX, "averyverylongnamethatgoeson");
    take(stage, SURVEY_SHOWN_MAX, PLAN_ROWS);
    assert_true(count_asked(stage, SURVEY_SHOWN_MAX) >= FIT / 2);
}

/* A question may be full to its last byte. */
static void what_fits_exactly_fits(void **state)
{
    enum { COUNT = 170 };
    struct stage *stage = *state;
    add(stage, "shop|x", ""); /* and as much more as leaves room for whole letters */
    stage->settings[0].kinds = KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_DAEMONSET);
    stage->config.prometheus.recording_rules = true;
    size_t letters = 0; /* by which names are longer; each name is in the question thrice */
    for (int64_t more = -1; more <= 1; more++) {
        plan_close(&stage->plan);
        stage->plan = (struct plan){.config = NULL};
        open_plan(stage);
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, 50, 50); /* of DaemonSets, none */
        list(stage, COUNT, "averyverylongnamethatgoeson");
        for (size_t k = 0; k < letters + (more > 0); k++)
            strcat(stage->names[k], "z");
        take(stage, COUNT, PLAN_ROWS);
        const size_t room = QUERY_ROOM_BYTES - plan_text(&stage->plan)->length;
        letters = more < 0 ? room / 3 : letters;
        assert_true(letters < COUNT);
        if (more < 0)
            strncat(stage->settings[0].namespace_, "xx", room % 3);
        if (more == 0)
            assert_int_equal(room, 0);
        if (take(stage, 0, PLAN_DONE).surveys[0].more != (more > 0))
            fail_msg("%zu bytes are left: %d", room, (int)more);
    }
}

/* Also where it asks whether there is anything of a kind that no rule counts. */
static void what_no_rule_counts_has_room_too(void **state)
{
    struct stage *stage = *state;
    add(stage, "shop", "");
    stage->settings[0].kinds = KINDS_ALL;
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t count = 160; count <= SURVEY_SHOWN_MAX; count++) {
        begin(stage, PLAN_SURVEYING);
        tally(stage, 0, 50, 50);
        list(stage, count, "averyverylongnamethatgoeson");
        take(stage, count, PLAN_ROWS);
        assert_true(asks(stage, "topk(1,kube_daemonset_metadata_generation{"));
        if (plan_text(&stage->plan)->length > QUERY_ROOM_BYTES)
            fail_msg("a question about %zu has %zu bytes", count, plan_text(&stage->plan)->length);
        take(stage, 0, PLAN_DONE);
    }
}

/* Each of two has half of the room, and all that is left of it is the last one's. */
static void two_that_need_all_the_room_share_it(void **state)
{
    struct stage *stage = *state;
    struct {
        const char *sentence;
        size_t counts[2];
        bool more[2];
    } table[] = {
        {"both are few", {40, 40}, {false, false}},
        {"the first needs just its half", {80, 1}, {false, false}},
        {"and the second what is left", {80, 80}, {false, false}},
        {"the first takes little", {10, 140}, {false, false}},
        {"the second needs more than is left", {80, 120}, {false, true}},
        {"the first is cut, and the second has room", {100, 100}, {true, false}},
    };
    add(stage, "shop", "");
    add(stage, "cms", "");
    stage->config.prometheus.recording_rules = true;
    open_plan(stage);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const size_t count = table[i].counts[0] + table[i].counts[1];
        begin(stage, PLAN_SURVEYING);
        list(stage, count, "averyverylongnamethatgoeson");
        for (size_t k = table[i].counts[0]; k < count; k++) {
            stage->rows[k].selection = 1;
            stage->rows[k].key.namespace_ = "cms";
        }
        take(stage, count, PLAN_ROWS);
        if (plan_text(&stage->plan)->length > QUERY_ROOM_BYTES)
            fail_msg("%s: the question is too long", table[i].sentence);
        const struct answer answer = take(stage, 0, PLAN_DONE);
        for (size_t k = 0; k < 2; k++)
            if (answer.surveys[k].more != table[i].more[k])
                fail_msg("%s: of rollout %zu there are %s", table[i].sentence, k,
                         answer.surveys[k].more ? "more" : "no more");
    }
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

/* The first has room in a question; the second has none in any. */
static void so_does_one_that_is_not_the_first(void **state)
{
    struct stage *stage = *state;
    struct error error;
    add(stage, "shop", "");
    add(stage, "cms", "");
    stage->settings[1].kinds = KINDS_ALL;
    memset(stage->settings[1].namespace_, 'n', 120);
    open_plan(stage);
    begin(stage, PLAN_COUNTING);
    stage->surveys[0].total[KIND_DEPLOYMENT] = 99999;
    take(stage, 0, PLAN_SURVEYING);
    struct answer answer = {.surveys = stage->surveys};
    assert_false(plan_take(&stage->plan, stage->rollouts, &answer, &error));
    assert_non_null(strstr(error.text, "recording_rules: true"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, plan_set_up, plan_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_survey_is_as_many_questions_as_it_takes),
        TEST(an_answer_that_would_not_fit_is_surveyed_too),
        TEST(growth_is_noticed_from_the_rows),
        TEST(too_many_unsettled_are_cut_and_reported),
        TEST(the_first_rollout_leaves_room_for_the_others),
        TEST(as_many_as_fit_are_asked_for),
        TEST(what_fits_exactly_fits),
        TEST(what_no_rule_counts_has_room_too),
        TEST(two_that_need_all_the_room_share_it),
        TEST(a_survey_too_long_to_send_says_what_to_do),
        TEST(so_does_one_that_is_not_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
