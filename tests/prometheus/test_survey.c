/*
 * Surveys: what is asked, and what the series of an answer become. That the texts mean what they
 * should is tested against a real Prometheus (tests/system/scale.py).
 */
#include "prometheus/survey.h"

#include "prometheus/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct selection all_kinds = {KINDS_ALL, "shop", NULL, 0, NULL};

static void balanced(const char *text)
{
    int depth = 0;
    for (const char *c = text; *c != '\0'; c++) {
        depth += (*c == '(') - (*c == ')');
        assert_true(depth >= 0);
    }
    assert_int_equal(depth, 0);
    assert_null(strchr(text, '@'));
}

static void asks_for_counts_times_and_what_is_unsettled(void **state)
{
    (void)state;
    static const char *const raw[] = {"\"m\",\"deployment\"",
                                      "\"m\",\"statefulset\"",
                                      "\"m\",\"daemonset\"",
                                      "\"m\",\"rollout\"",
                                      "\"m\",\"oldest\"",
                                      "\"m\",\"unsettled\"",
                                      "topk(201,",
                                      "count by (ns,name,region)"};
    static const char *const recorded[] = {
        "sum(amberbar:workloads:count{kind=\"DaemonSet\",ns=\"shop\"})",
        "min(amberbar:workloads:oldest{kind=\"Deployment\",ns=\"shop\"} or ",
        "timestamp(amberbar:workloads:count{", "\"m\",\"evaluated\"",
        "topk(201,amberbar:workloads:unsettled{kind=\"Deployment\",ns=\"shop\"}"};
    struct query_terms terms = {
        .namespace_label = "ns", .cluster_label = "region", .selections = 1};
    struct text query = {0};
    struct error error;
    assert_true(survey_ask(&query, &terms, &all_kinds, 1, &error));
    balanced(query.data);
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++)
        assert_non_null(strstr(query.data, raw[i]));
    assert_null(strstr(query.data, "amberbar"));
    terms.recorded = true;
    assert_true(survey_ask(&query, &terms, &all_kinds, 1, &error));
    balanced(query.data);
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        assert_non_null(strstr(query.data, recorded[i]));
    assert_null(strstr(query.data, "kube_"));
    text_free(&query);
}

/* Every selector is about the cluster: counted elsewhere, another cluster's would pass for ours. */
static void a_cluster_is_in_every_selector(void **state)
{
    (void)state;
    const struct selection one = {KINDS_ALL, "shop", NULL, 0, "eu-1"};
    for (int recorded = 0; recorded < 2; recorded++) {
        struct query_terms terms = {.namespace_label = "ns",
                                    .cluster_label = "region",
                                    .selections = 1,
                                    .recorded = recorded != 0};
        struct text query = {0};
        struct error error;
        assert_true(survey_ask(&query, &terms, &one, 1, &error));
        size_t selectors = 0, chosen = 0;
        for (const char *at = query.data; (at = strchr(at, '{')) != NULL; at++)
            selectors++;
        for (const char *at = query.data; (at = strstr(at, "region=\"eu-1\",ns=\"shop\"}")); at++)
            chosen++;
        assert_true(selectors > 8);
        assert_int_equal(selectors, chosen);
        text_free(&query);
    }
}

static void namespaces_are_counted_in_each_cluster(void **state)
{
    (void)state;
    struct query_terms terms = {.namespace_label = "ns", .cluster_label = "region"};
    struct text query = {0};
    struct error error;
    assert_true(survey_namespaces(&query, &terms, &error));
    balanced(query.data);
    assert_non_null(
        strstr(query.data, "count by (ns,region) (group by (ns,region,deployment) (kube_"));
    terms.cluster_label = "";
    assert_true(survey_namespaces(&query, &terms, &error));
    assert_non_null(strstr(query.data, "count by (ns) (group by (ns,deployment) (kube_"));
    text_free(&query);
}

/* Appends `text` without white space, and without the matchers of `all_kinds`. */
static void add_bare(struct text *out, const char *text)
{
    static const char *const left_out[] = {"{namespace=\"shop\"}", ",namespace=\"shop\""};
    while (*text != '\0') {
        size_t skip = strspn(text, " \n");
        for (size_t i = 0; skip == 0 && i < 2; i++)
            skip = strncmp(text, left_out[i], strlen(left_out[i])) == 0 ? strlen(left_out[i]) : 0;
        if (skip == 0)
            text_add_bytes(out, text, 1);
        text += skip > 0 ? skip : 1;
    }
}

/* What recording rules have listed must be what we would have listed. */
static void the_rules_say_the_same(void **state)
{
    (void)state;
    static char file[16384];
    const struct query_terms terms = {
        .namespace_label = "namespace", .cluster_label = "", .selections = 1};
    struct text query = {0}, bare = {0}, rules = {0};
    struct error error;
    FILE *from = fopen(SOURCE_DIR "/tools/prometheus/amberbar.rules.yml", "r");
    assert_non_null(from);
    file[fread(file, 1, sizeof file - 1, from)] = '\0';
    fclose(from);
    add_bare(&rules, file);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const struct selection one = {KIND_BIT(kind), "shop", NULL, 0, NULL};
        assert_true(survey_ask(&query, &terms, &one, 1, &error));
        text_clear(&bare);
        add_bare(&bare, strstr(query.data, "topk(201,") + strlen("topk(201,"));
        char *end = strstr(bare.data, "),\"m\",\"unsettled\"");
        assert_non_null(end);
        *end = '\0';
        if (strstr(rules.data, bare.data) == NULL)
            fail_msg("no rule says\n%s", bare.data);
    }
    text_free(&query);
    text_free(&bare);
    text_free(&rules);
}

static void several_selections_say_their_own(void **state)
{
    (void)state;
    const struct selection two[] = {{KIND_BIT(KIND_DEPLOYMENT), "a", NULL, 3, NULL},
                                    {KIND_BIT(KIND_DAEMONSET), "b", "x", 5, NULL}};
    const struct query_terms terms = {
        .namespace_label = "namespace", .cluster_label = "", .selections = 6};
    struct text query = {0};
    struct error error;
    assert_true(survey_count(&query, &terms, two, 2, &error));
    assert_string_equal(
        query.data,
        "label_replace(label_replace(count(count by (namespace,deployment) "
        "(kube_deployment_metadata_generation{namespace=\"a\"})),\"m\",\"deployment\",\"\",\"\"),"
        "\"amberbar\",\"3\",\"\",\"\") or label_replace(label_replace(count(count by "
        "(namespace,daemonset) (kube_daemonset_metadata_generation{namespace=\"b\","
        "daemonset=\"x\"})),\"m\",\"daemonset\",\"\",\"\"),\"amberbar\",\"5\",\"\",\"\")");
    text_free(&query);
}

static void an_answer_becomes_counts_and_rows(void **state)
{
    struct room *room = *state;
    room->selections = 2;
    answers_add(&room->body, "{m=\"deployment\",amberbar=\"1\"}", "\"20000\"");
    answers_add(&room->body, "{m=\"daemonset\",amberbar=\"1\"}", "\"7\"");
    answers_add(&room->body, "{m=\"oldest\",amberbar=\"1\"}", "\"1699999990.25\"");
    answers_add(&room->body, "{m=\"evaluated\",amberbar=\"1\"}", "\"1699999980\"");
    answers_add(&room->body,
                "{__name__=\"kube_deployment_metadata_generation\",namespace=\"shop\","
                "deployment=\"web\",m=\"unsettled\",amberbar=\"1\"}",
                "\"5\"");
    answers_add(&room->body,
                "{__name__=\"amberbar:workloads:unsettled\",kind=\"DaemonSet\",namespace=\"shop\","
                "daemonset=\"log\",m=\"unsettled\",amberbar=\"1\"}",
                "\"5\"");
    room_read(room);
    const struct survey *survey = &room->answer.surveys[1];
    assert_int_equal(survey_total(&room->answer.surveys[0]), 0);
    assert_int_equal(survey->total[KIND_DEPLOYMENT], 20000);
    assert_int_equal(survey->total[KIND_DAEMONSET], 7);
    assert_int_equal(survey_total(survey), 20007);
    assert_int_equal(survey->oldest_ms, INT64_C(1699999980000));
    assert_int_equal(survey->eval_ms, ANSWERS_TIME_MS);
    assert_int_equal(room->answer.count, 2);
    assert_string_equal(room->answer.rows[0].key.name, "web");
    assert_int_equal(room->answer.rows[0].selection, 1);
    assert_string_equal(room->answer.rows[1].key.name, "log");
    assert_int_equal(room->answer.rows[1].key.kind, KIND_DAEMONSET);
    assert_int_equal(room->answer.rows[1].spec, ROW_MISSING);
}

static void what_is_no_count_is_passed_over(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, "{m=\"deployment\"}", "\"NaN\"");
    answers_add(&room->body, "{m=\"oldest\"}", "\"-1\"");
    answers_add(&room->body, "{m=\"statefulset\"}", "\"1e10\"");
    answers_add(&room->body, "{m=\"job\"}", "\"3\"");
    answers_add(&room->body, "{m=\"daemonset\",instance=\"a\"}", "\"3\"");
    room_read(room);
    assert_int_equal(survey_total(room->answer.surveys), 0);
    assert_int_equal(room->answer.surveys[0].oldest_ms, ROW_MISSING);
}

static void without_a_survey_there_is_none(void **state)
{
    struct room *room = *state;
    answers_add_deployment(&room->body, "deployment=\"web\",namespace=\"shop\"", 1);
    room_read(room);
    assert_null(room->answer.surveys);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_counts_times_and_what_is_unsettled),
        cmocka_unit_test(a_cluster_is_in_every_selector),
        cmocka_unit_test(namespaces_are_counted_in_each_cluster),
        cmocka_unit_test(the_rules_say_the_same),
        cmocka_unit_test(several_selections_say_their_own),
        TEST(an_answer_becomes_counts_and_rows),
        TEST(what_is_no_count_is_passed_over),
        TEST(without_a_survey_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
