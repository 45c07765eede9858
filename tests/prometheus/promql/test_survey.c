/*
 * Surveys: what is asked, and what the series of an answer become. That the texts mean what they
 * should is tested against a real Prometheus (tests/system/scale.py).
 */
#include "prometheus/promql/survey.h"

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
    static const char *const raw[] = {
        "\"m\",\"deployment\"",     "\"m\",\"statefulset\"",     "\"m\",\"daemonset\"",
        "\"m\",\"rollout\"",        "\"m\",\"rows/deployment\"", "\"m\",\"settled/rollout\"",
        "\"m\",\"oldest\"",         "\"m\",\"unsettled\"",       "topk(201,",
        "count by (ns,name,region)"};
    static const char *const recorded[] = {
        "sum by (kind)(amberbar:workloads:count{ns=\"shop\"})",
        "min by (kind)(amberbar:workloads:oldest{ns=\"shop\"})",
        "sum without(ns,exported_ns)(amberbar:workloads:rows{ns=\"shop\"})",
        "sum without(ns,exported_ns)(amberbar:workloads:settled{ns=\"shop\"})",
        "min(timestamp(amberbar:workloads:count{ns=\"shop\"}))",
        "\"m\",\"at/count\"",
        "max(timestamp(amberbar:workloads:oldest{ns=\"shop\"}))",
        "\"m\",\"at/oldest\"",
        "\"m\",\"at/unsettled\"",
        "\"m\",\"at/settled\"",
        "topk(201,amberbar:workloads:unsettled{ns=\"shop\"})"};
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

/* Byte for byte, of one kind: what a source counts, and what is settled of it. */
static void rows_are_counted_for_each_source(void **state)
{
    (void)state;
    static const struct {
        bool recorded;
        const char *mark, *arm;
    } table[] = {
        {false, "rows/daemonset",
         "label_replace(count without(ns,exported_ns,daemonset,exported_daemonset)"
         "(kube_daemonset_metadata_generation{ns=\"shop\"}),\"m\",\"rows/daemonset\",\"\",\"\")"},
        {false, "settled/daemonset",
         "label_replace(count without(ns,exported_ns,daemonset,exported_daemonset)"
         "(kube_daemonset_status_observed_generation{ns=\"shop\"}>="
         "kube_daemonset_metadata_generation{ns=\"shop\"} and "
         "kube_daemonset_status_updated_number_scheduled{ns=\"shop\"}>="
         "kube_daemonset_status_desired_number_scheduled{ns=\"shop\"} and "
         "kube_daemonset_status_current_number_scheduled{ns=\"shop\"}=="
         "kube_daemonset_status_desired_number_scheduled{ns=\"shop\"} and "
         "kube_daemonset_status_number_available{ns=\"shop\"}>="
         "kube_daemonset_status_desired_number_scheduled{ns=\"shop\"} "
         "unless kube_daemonset_deletion_timestamp{ns=\"shop\"}),"
         "\"m\",\"settled/daemonset\",\"\",\"\")"},
        {true, "count",
         "sum by (kind)(amberbar:workloads:count{kind=~\"Deployment|DaemonSet\",ns=\"shop\"})"},
        {true, "settled",
         "label_replace(sum without(ns,exported_ns)(amberbar:workloads:settled"
         "{kind=\"DaemonSet\",ns=\"shop\"}),\"m\",\"settled\",\"\",\"\")"},
    };
    const struct selection one = {KIND_BIT(KIND_DAEMONSET), "shop", NULL, 0, NULL};
    const struct selection both = {KIND_BIT(KIND_DAEMONSET) | KIND_BIT(KIND_DEPLOYMENT), "shop",
                                   NULL, 0, NULL};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct query_terms terms = {.namespace_label = "ns",
                                          .cluster_label = "",
                                          .selections = 1,
                                          .recorded = table[i].recorded};
        struct text query = {0};
        struct error error;
        const bool two = strcmp(table[i].mark, "count") == 0;
        assert_true(survey_ask(&query, &terms, two ? &both : &one, 1, &error));
        if (strstr(query.data, table[i].arm) == NULL)
            fail_msg("%s: %s", table[i].mark, query.data);
        text_free(&query);
    }
}

/* So many rollouts can be asked about at once; more are by several questions (daemon/plan.h). */
static void several_rollouts_have_room(void **state)
{
    (void)state;
    const unsigned four = KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_STATEFULSET) |
                          KIND_BIT(KIND_DAEMONSET) | KIND_BIT(KIND_ROLLOUT);
    const struct {
        bool recorded;
        unsigned kinds;
        size_t rollouts;
    } table[] = {{true, KINDS_ALL, 15},
                 {true, KIND_BIT(KIND_DEPLOYMENT), 13},
                 {false, KIND_BIT(KIND_DEPLOYMENT), 6},
                 {false, four, 2},
                 {false, KINDS_ALL, 1}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct selection list[16];
        const struct query_terms terms = {.namespace_label = "namespace",
                                          .cluster_label = "cluster",
                                          .selections = table[i].rollouts,
                                          .recorded = table[i].recorded};
        struct text query = {0};
        struct error error;
        for (size_t k = 0; k < 16; k++)
            list[k] = (struct selection){table[i].kinds, "team-checkout", NULL, k, NULL};
        const bool fits = survey_ask(&query, &terms, list, table[i].rollouts, &error);
        text_free(&query);
        if (!fits)
            fail_msg("%zu: %s", i, error.text);
    }
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
        assert_true(selectors >= 8);
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
    assert_true(survey_namespaces(&query, &terms, 0, &error));
    balanced(query.data);
    assert_non_null(
        strstr(query.data, "count by (ns,region) (group by (ns,region,deployment) (kube_"));
    terms.cluster_label = "";
    assert_true(survey_namespaces(&query, &terms, 0, &error));
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

/* What recording rules have counted and listed must be what we would have. */
static void the_rules_say_the_same(void **state)
{
    (void)state;
    static char file[16384];
    static const char *const arms[][2] = {{"topk(201,", "),\"m\",\"unsettled\""},
                                          {"namespace,exported_namespace,", "),\"m\",\"rows/"},
                                          {NULL, "),\"m\",\"settled/"},
                                          {"min(", "),\"m\",\"oldest\""}};
    const struct query_terms terms = {
        .namespace_label = "namespace", .cluster_label = "", .selections = 1};
    struct text query = {0}, bare = {0}, rules = {0};
    struct error error;
    FILE *from = fopen(SOURCE_DIR "/tools/prometheus/amberbar.rules.yml", "r");
    assert_non_null(from);
    const size_t length = fread(file, 1, sizeof file - 1, from);
    assert_true(length < sizeof file - 1);
    file[length] = '\0';
    fclose(from);
    add_bare(&rules, file);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const struct selection one = {KIND_BIT(kind), "shop", NULL, 0, NULL};
        assert_true(survey_ask(&query, &terms, &one, 1, &error));
        const char *at = query.data;
        for (size_t arm = 0; arm < 4; arm++) {
            const char *start = arms[arm][0] != NULL ? arms[arm][0] : arms[1][0];
            at = strstr(arm == 2 ? at : query.data, start);
            assert_non_null(at);
            at += strlen(start);
            text_clear(&bare);
            add_bare(&bare, at);
            char *end = strstr(bare.data, arms[arm][1]);
            assert_non_null(end);
            *end = '\0';
            if (strstr(rules.data, bare.data) == NULL)
                fail_msg("no rule says\n%s", bare.data);
        }
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
    answers_add(&room->body, "{m=\"at/count\",amberbar=\"1\"}", "\"1699999980\"");
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
    assert_int_equal(survey->oldest_ms, INT64_C(1699999990250));
    assert_int_equal(survey->evaluated_ms[RULE_COUNT], INT64_C(1699999980000));
    assert_int_equal(survey->eval_ms, ANSWERS_TIME_MS);
    assert_int_equal(room->answer.count, 2);
    assert_string_equal(room->answer.rows[0].key.name, "web");
    assert_int_equal(room->answer.rows[0].selection, 1);
    assert_string_equal(room->answer.rows[1].key.name, "log");
    assert_int_equal(room->answer.rows[1].key.kind, KIND_DAEMONSET);
    assert_int_equal(room->answer.rows[1].spec, ROW_MISSING);
}

/* Of each source: what the rules have counted, and what is listed; their label `kind` is theirs. */
static void rows_of_each_source_are_counted(void **state)
{
    static const char *const kinds[][2] = {{"/deployment", ""}, {"", ",kind=\"Deployment\""}};
    struct room *room = *state;
    for (int recorded = 0; recorded < 2; recorded++) {
        const char *mark = kinds[recorded][0], *label = kinds[recorded][1];
        char labels[160];
        answers_begin(&room->body, "");
        room->recorded = recorded != 0;
        for (int source = 0; source < 2; source++) {
            snprintf(labels, sizeof labels, "{instance=\"%d\",phase=\"x\"%s,m=\"rows%s\"}", source,
                     label, mark);
            answers_add(&room->body, labels, source == 0 ? "\"7\"" : "\"5\"");
            snprintf(labels, sizeof labels, "{instance=\"%d\",phase=\"x\"%s,m=\"settled%s\"}",
                     source, label, mark);
            answers_add(&room->body, labels, source == 0 ? "\"6\"" : "\"5\"");
        }
        snprintf(labels, sizeof labels,
                 "{deployment=\"web\",instance=\"0\",namespace=\"shop\",phase=\"x\"%s,"
                 "m=\"unsettled\"}",
                 label);
        answers_add(&room->body, labels, "\"3\"");
        answers_add(&room->body, "{m=\"at/unsettled\"}", "\"1699999980\"");
        room_read(room);
        const struct survey *survey = &room->answer.surveys[0];
        assert_int_equal(survey->counted.count, 2);
        assert_int_equal(room->answer.source_count, 2);
        assert_int_equal(survey->listed, 1);
        assert_int_equal(survey->evaluated_ms[RULE_UNSETTLED], INT64_C(1699999980000));
        assert_int_equal(survey->evaluated_ms[RULE_SETTLED], ROW_MISSING);
        for (size_t i = 0; i < 2; i++) {
            const struct source_count *counts = &survey->counted.list[i];
            const bool first = counts->id == room->answer.rows[0].source_id;
            assert_int_equal(counts->kind, KIND_DEPLOYMENT);
            assert_int_equal(counts->rows, first ? 7 : 5);
            assert_int_equal(counts->settled, first ? 6 : 5);
            assert_int_equal(counts->unsettled, first ? 1 : 0);
        }
        for (size_t i = 0; i < 2; i++) /* by what a canary asks for it */
            assert_non_null(strstr("instance=\"0\",phase=\"x\" instance=\"1\",phase=\"x\"",
                                   room->answer.sources[i].text));
    }
}

/* Two exporters of the same workloads fill the list with half of them. */
static void a_full_list_says_that_there_are_more(void **state)
{
    struct room *room = *state;
    for (int rows = SURVEY_SHOWN_MAX; rows <= SURVEY_SHOWN_MAX + 1; rows++) {
        answers_begin(&room->body, "");
        for (int i = 0; i < rows; i++) {
            char labels[192];
            snprintf(labels, sizeof labels,
                     "{deployment=\"%d\",instance=\"10.1.2.3:808%c\",job=\"kube-state-metrics\","
                     "namespace=\"shop\",m=\"unsettled\"}",
                     i / 2, "01"[i % 2]);
            answers_add(&room->body, labels, "\"3\"");
        }
        room_read(room);
        assert_int_equal(room->answer.surveys[0].more, rows > SURVEY_SHOWN_MAX);
    }
}

static void what_is_no_count_is_passed_over(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, "{m=\"deployment\"}", "\"NaN\"");
    answers_add(&room->body, "{m=\"oldest\"}", "\"-1\"");
    answers_add(&room->body, "{m=\"statefulset\"}", "\"1e10\"");
    answers_add(&room->body, "{m=\"job\"}", "\"3\"");
    answers_add(&room->body, "{m=\"rows/job\",instance=\"a\"}", "\"3\"");
    answers_add(&room->body, "{m=\"rows\",instance=\"a\"}", "\"3\"");
    answers_add(&room->body, "{m=\"settled/deployment\",instance=\"a\"}", "\"-3\"");
    room_read(room);
    assert_int_equal(survey_total(room->answer.surveys), 0);
    assert_int_equal(room->answer.surveys[0].oldest_ms, ROW_MISSING);
    assert_int_equal(room->answer.surveys[0].counted.count, 0);
}

static void without_a_survey_there_is_none(void **state)
{
    struct room *room = *state;
    answers_add_deployment(&room->body, "deployment=\"web\",namespace=\"shop\"", 1);
    room_read(room);
    assert_null(room->answer.surveys);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

/* A config without workloads asks for a nonce alone; what else an answer has is nobody's. */
static void what_nobody_asked_for_is_in_no_survey(void **state)
{
    struct room *room = *state;
    room->selections = 0;
    answers_add(&room->body,
                "{__name__=\"amberbar:workloads:unsettled\",kind=\"Deployment\",namespace=\"shop\","
                "deployment=\"web\",m=\"unsettled\"}",
                "\"7\"");
    answers_add(&room->body, "{m=\"deployment\"}", "\"200\"");
    room_read(room);
    assert_null(room->answer.surveys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_counts_times_and_what_is_unsettled),
        cmocka_unit_test(rows_are_counted_for_each_source),
        cmocka_unit_test(several_rollouts_have_room),
        cmocka_unit_test(a_cluster_is_in_every_selector),
        cmocka_unit_test(namespaces_are_counted_in_each_cluster),
        cmocka_unit_test(the_rules_say_the_same),
        cmocka_unit_test(several_selections_say_their_own),
        TEST(an_answer_becomes_counts_and_rows),
        TEST(rows_of_each_source_are_counted),
        TEST(a_full_list_says_that_there_are_more),
        TEST(what_is_no_count_is_passed_over),
        TEST(without_a_survey_there_is_none),
        TEST(what_nobody_asked_for_is_in_no_survey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
