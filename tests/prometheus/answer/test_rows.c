/*
 * What the series of a good answer become.
 */
#include "config/config.h"
#include "prometheus/answers.h"
#include "prometheus/promql/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_deployment_becomes_one_row(void **state)
{
    struct room *room = *state;
    answers_add_deployment(&room->body, "cluster=\"c\",deployment=\"web\",namespace=\"shop\"", 20);
    answers_add(&room->body,
                "{__name__=\"kube_deployment_deletion_timestamp\",cluster=\"c\",deployment=\"web\","
                "namespace=\"shop\"}",
                "\"1.7e+09\"");
    room_read(room);
    assert_int_equal(room->answer.count, 1);
    const struct row *row = room->answer.rows;
    assert_int_equal(row->key.kind, KIND_DEPLOYMENT);
    assert_string_equal(row->key.cluster, "c");
    assert_string_equal(row->key.namespace_, "shop");
    assert_string_equal(row->key.name, "web");
    const int64_t counts[] = {row->created,  row->generation, row->paused,    row->spec,
                              row->observed, row->replicas,   row->available, row->ready,
                              row->updated,  row->terminating};
    for (int i = 0; i < 10; i++)
        assert_int_equal(counts[i], 20 + i);
    assert_int_equal(row->unavailable, ROW_MISSING);
    assert_int_equal(row->sample_ms, INT64_C(1699999990250));
    assert_true(row->deleting);
    assert_int_equal(room->answer.eval_ms, ANSWERS_TIME_MS);
    assert_true(room->answer.kind_alive[KIND_DEPLOYMENT]);
    assert_false(room->answer.kind_alive[KIND_STATEFULSET]);
    assert_false(room->answer.partial);
    assert_string_equal(response_remark(room->rows), "");
}

static void two_exporters_are_two_rows(void **state)
{
    struct room *room = *state;
    const char *labels = "deployment=\"web\",instance=\"b\",namespace=\"shop\"";
    answers_add_deployment(&room->body, labels, 2);
    answers_add_deployment(&room->body, "deployment=\"web\",instance=\"a\",namespace=\"shop\"", 1);
    answers_add_deployment(&room->body, "deployment=\"web\",namespace=\"shop\"", 3);
    room_read(room);
    assert_int_equal(room->answer.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(room->answer.rows[i].source, i);
        assert_int_equal(room->answer.rows[i].created, i + 1); /* in the order of their labels */
    }
}

/* Labels that a query gives are a target's own where it gives none. */
static void labels_of_ours_tell_targets_apart(void **state)
{
    struct room *room = *state;
    const char *labels[] = {"amberbar=\"0\",deployment=\"web\",namespace=\"shop\"",
                            "amberbar=\"1\",deployment=\"web\",namespace=\"shop\"",
                            "amberbar_ask=\"0\",deployment=\"web\",namespace=\"shop\"",
                            "deployment=\"web\",namespace=\"shop\""};
    for (int i = 0; i < 4; i++)
        answers_add_deployment(&room->body, labels[i], i + 1);
    room_read(room);
    assert_int_equal(room->answer.count, 4);
    int64_t seen = 0;
    for (size_t i = 0; i < 4; i++)
        seen |= INT64_C(1) << room->answer.rows[i].created;
    assert_int_equal(seen, 2 | 4 | 8 | 16);
}

/* The same rows, whatever the order in which the server writes them. */
static void rows_are_ordered(void **state)
{
    static const char *const names[] = {"web", "api", "db"};
    struct room *room = *state;
    room->selections = 11;
    for (int i = 0; i < 33; i++) {
        int at = i * 7 % 33;
        char labels[128];
        snprintf(labels, sizeof labels, "amberbar=\"%d\",deployment=\"%s\",namespace=\"%c\"",
                 at % 11, names[at / 11], 'z' - at / 11);
        answers_add_deployment(&room->body, labels, at);
    }
    room_read(room);
    assert_int_equal(room->answer.count, 33);
    for (size_t i = 0; i < 33; i++) {
        const struct row *row = &room->answer.rows[i];
        assert_int_equal(row->selection, i / 3);
        assert_int_equal(row->key.namespace_[0], "xyz"[i % 3]);
        assert_int_equal(row->created, row->selection + 11 * (2 - i % 3));
        assert_int_equal(row->source, 0);
    }
}

static void a_series_must_say_its_selection(void **state)
{
    static const char *const labels[] = {"deployment=\"web\"", "amberbar=\"2\",deployment=\"web\"",
                                         "amberbar=\"x\",deployment=\"web\""};
    struct room *room = *state;
    room->selections = 2;
    for (size_t i = 0; i < 3; i++) {
        answers_begin(&room->body, "");
        answers_add_deployment(&room->body, labels[i], 1);
        assert_false(room_try(room));
        assert_non_null(strstr(room->refusal.error.text, "amberbar"));
    }
}

static void labels_are_read_exactly(void **state)
{
    struct room *room = *state;
    text_add(&room->body,
             "{\"metric\":{\"__name__\":\"kube_deployment_spec_replicas\",\"deployment\":"
             "\"\\u0077e\\ud83d\\ude80\\\"\",\"namespace\":\"a\xFF\",\"k8s.pod.name\":\"x\"},"
             "\"value\":[1700000000.5,\"3\"]}");
    room_read(room);
    assert_string_equal(room->answer.rows[0].key.name, "we\xF0\x9F\x9A\x80\"");
    assert_string_equal(room->answer.rows[0].key.namespace_, "a\xFF");
    assert_string_equal(room->answer.rows[0].key.cluster, "");
}

static void the_server_may_warn(void **state)
{
    static const struct {
        const char *sentence, *members;
        bool partial;
        const char *remark;
    } answers[] = {
        {"no warnings", "\"warnings\":[],", false, ""},
        {"null is no warning", "\"warnings\":null,", false, ""},
        {"infos are no warnings", "\"infos\":[\"x\"],", false, ""},
        {"isPartial false", "\"isPartial\":false,", false, ""},
        {"null is not partial", "\"isPartial\":null,", false, ""},
        {"Thanos", "\"warnings\":[\"No Store\\u001bAPIs\",\"b\"],", true,
         "the answer may lack series: No Store?APIs"},
        {"Prometheus before 3.0 has its annotations here: a remark",
         "\"warnings\":[\"PromQL info: metric might not be a counter, name does not end in "
         "_total/_sum/_count/_bucket: \\\"x\\\"\"],",
         false, ""},
        {"a warning about the query itself lacks nothing",
         "\"warnings\":[\"PromQL warning: bucket label \\\"le\\\" is missing\"],", false,
         "PromQL warning: bucket label \"le\" is missing"},
        {"and one that means missing series does, among them",
         "\"warnings\":[\"PromQL info: x\",\"PromQL warning: y\",\"a store is down\"],", true,
         "the answer may lack series: a store is down"},
        {"a warning that is no text is the worst", "\"warnings\":[7],", true,
         "the answer may lack series"},
        {"VictoriaMetrics", "\"isPartial\":true,", true, "the answer may lack series"},
        {"said as text", "\"isPartial\":\"true\",", true, "the answer may lack series"},
        {"text is not false", "\"isPartial\":\"false\",", true, "the answer may lack series"},
        {"said as a number", "\"isPartial\":1,", true, "the answer may lack series"},
        {"nor is a number", "\"isPartial\":0,", true, "the answer may lack series"},
        {"a list says more than false", "\"isPartial\":[],", true, "the answer may lack series"},
        {"an object likewise", "\"isPartial\":{},", true, "the answer may lack series"},
        {"warnings that are no list", "\"warnings\":{\"a\":1},", true,
         "the answer may lack series"},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        answers_begin(&room->body, answers[i].members);
        answers_add_deployment(&room->body, "deployment=\"web\"", 1);
        room_read(room);
        if (room->answer.partial != answers[i].partial || room->answer.count != 1 ||
            strcmp(response_remark(room->rows), answers[i].remark) != 0)
            fail_msg("%s: %s", answers[i].sentence, response_remark(room->rows));
    }
}

static void odd_labels_are_hinted_at(void **state)
{
    struct room *room = *state;
    answers_add_deployment(&room->body, "deployment=\"web\",exported_namespace=\"shop\"", 1);
    room_read(room);
    assert_int_equal(room->answer.count, 1);
    assert_non_null(strstr(response_remark(room->rows), "set namespace_label: exported_namespace"));
    answers_begin(&room->body, "");
    answers_add_deployment(&room->body, "deployment=\"ksm\",exported_deployment=\"web\"", 1);
    room_read(room);
    assert_string_equal(response_remark(room->rows),
                        "labels of a target stand in the place of workloads' own, which are there "
                        "as exported_...: it is scraped without honor_labels; set labels: "
                        "{deployment: {name: exported_deployment}}");
    assert_int_equal(response_exported_names(room->rows), KIND_BIT(KIND_DEPLOYMENT));
    assert_int_equal(response_exported_namespaces(room->rows), 0);
    answers_begin(&room->body, "");
    answers_add_deployment(&room->body, "deployment=\"web\",exported_namespace=\"shop\"", 1);
    answers_add(&room->body, "{__name__=\"kube_statefulset_replicas\",statefulset=\"db\"}",
                "\"1\"");
    room_read(room);
    assert_non_null(strstr(response_remark(room->rows),
                           "set labels: {deployment: {namespace: exported_namespace}}"));
}

/* What marks a series is none of its source's labels: two rollouts count rows of one exporter. */
static void selections_count_rows_of_one_source(void **state)
{
    struct room *room = *state;
    room->selections = 2;
    for (int i = 0; i < 2; i++)
        for (int settled = 0; settled < 2; settled++) {
            char labels[96];
            snprintf(labels, sizeof labels, "{amberbar=\"%d\",job=\"ksm\",m=\"%s/deployment\"}", i,
                     settled != 0 ? "settled" : "rows");
            answers_add(&room->body, labels, "\"5\"");
        }
    room_read(room);
    const struct counted *first = &room->answer.surveys[0].counted;
    const struct counted *second = &room->answer.surveys[1].counted;
    assert_int_equal(first->count, 1);
    assert_int_equal(second->count, 1);
    assert_true(first->list[0].id != 0 && first->list[0].id == second->list[0].id);
    assert_int_equal(second->list[0].rows, 5);
    assert_int_equal(second->list[0].settled, 5);
}

static void series_without_a_name_are_counted(void **state)
{
    struct room *room = *state;
    answers_add(&room->body, "{__name__=\"kube_deployment_spec_replicas\"}", "\"1\"");
    answers_add(&room->body, "{__name__=\"kube_deployment_spec_replicas\",job=\"a\"}", "\"1\"");
    room_read(room);
    assert_string_equal(response_remark(room->rows),
                        "2 series without a workload's name were left out");
    assert_int_equal(room->answer.count, 0);
}

static void times_are_the_servers(void **state)
{
    struct room *room = *state;
    text_add(&room->body, "{\"metric\":{\"__name__\":\"kube_deployment_created\",\"deployment\":"
                          "\"a\"},\"value\":[-5,\"1\"]},{\"metric\":{\"__name__\":"
                          "\"kube_deployment_created\",\"deployment\":\"b\"},\"value\":[99,\"1\"]},"
                          "{\"metric\":{\"__name__\":\"kube_deployment_created\",\"deployment\":"
                          "\"c\"},\"value\":[98.9994,\"1\"]}");
    room_read(room);
    assert_int_equal(room->answer.eval_ms, 98999); /* where series disagree: the oldest */
    assert_int_equal(room->answer.spread_ms, 1);
    answers_begin(&room->body, "");
    answers_add(&room->body, "{deployment=\"a\",m=\"sample_ts\"}", "\"NaN\"");
    room_read(room);
    assert_int_equal(room->answer.rows[0].sample_ms, ROW_MISSING);
}

/* 2,000 sources, so that the hash tables grow beyond one block; twice, as the memory is used again.
 */
static void many_sources_stay_apart(void **state)
{
    struct room *room = *state;
    for (int poll = 0; poll < 2; poll++) {
        answers_begin(&room->body, "");
        for (int i = 0; i < 2000; i++) {
            char labels[64];
            snprintf(labels, sizeof labels, "deployment=\"%04d\",instance=\"%d\"", i, i);
            answers_add_deployment(&room->body, labels, i);
        }
        room_read(room);
        assert_int_equal(room->answer.count, 2000);
        assert_int_equal(room->answer.source_count, 2000);
        for (int i = 0; i < 2000; i++) {
            assert_int_equal(room->answer.rows[i].created, i);
            assert_int_equal(room->answer.rows[i].terminating, i + 9);
        }
    }
}

/* One series of the answer to a question about `list`, read. */
static bool try_asked(struct room *room, const struct selection list[], const char *labels)
{
    const struct asked asked = {.namespace_ = "namespace",
                                .cluster = "cluster",
                                .selections = room->selections,
                                .list = list};
    answers_begin(&room->body, "");
    answers_add(&room->body, labels, "\"1\"");
    struct http_answer http = answers_end(&room->body);
    return response_workloads(&http, &asked, room->rows, &room->answer, &room->refusal);
}

/* [O1] */
#define REPLICAS "__name__=\"kube_deployment_spec_replicas\","
#define ALL (KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_DAEMONSET))
#define ONE KIND_BIT(KIND_DEPLOYMENT)
static const struct {
    const char *sentence;
    struct selection asked;
    const char *labels;
    bool fine;
} askings[] = {
    {"what was asked for",
     {ONE, "shop", "web", 0, NULL},
     "{" REPLICAS "deployment=\"web\",namespace=\"shop\"}",
     true},
    {"another namespace",
     {ONE, "shop", "web", 0, NULL},
     "{" REPLICAS "deployment=\"web\",namespace=\"shop-2\"}",
     false},
    {"no namespace", {ONE, "shop", "web", 0, NULL}, "{" REPLICAS "deployment=\"web\"}", false},
    {"another name",
     {ONE, "shop", "web", 0, NULL},
     "{" REPLICAS "deployment=\"we\",namespace=\"shop\"}",
     false},
    {"another kind",
     {KIND_BIT(KIND_STATEFULSET), "shop", "web", 0, NULL},
     "{" REPLICAS "deployment=\"web\",namespace=\"shop\"}",
     false},
    {"one of several kinds",
     {ALL, "shop", NULL, 0, NULL},
     "{" REPLICAS "deployment=\"web\",namespace=\"shop\"}",
     true},
    {"none of several kinds",
     {ALL, "shop", NULL, 0, NULL},
     "{__name__=\"kube_statefulset_replicas\",statefulset=\"web\",namespace=\"shop\"}",
     false},
    {"any name of the namespace",
     {ONE, "shop", NULL, 0, NULL},
     "{" REPLICAS "deployment=\"api\",namespace=\"shop\"}",
     true},
    {"any name, but of another namespace",
     {ONE, "shop", NULL, 0, NULL},
     "{" REPLICAS "deployment=\"api\",namespace=\"bank\"}",
     false},
    {"patterns of namespaces are the server's",
     {ONE, "sh.*", "web", 0, NULL},
     "{" REPLICAS "deployment=\"web\",namespace=\"bank\"}",
     true},
    {"patterns of names too",
     {ONE, "shop", "w.*", 0, NULL},
     "{" REPLICAS "deployment=\"api\",namespace=\"shop\"}",
     true},
    {"but not what is plain beside them",
     {ONE, "sh.*", "web", 0, NULL},
     "{" REPLICAS "deployment=\"api\",namespace=\"shop\"}",
     false},
    {"any cluster",
     {ONE, "shop", "web", 0, NULL},
     "{" REPLICAS "cluster=\"eu\",deployment=\"web\",namespace=\"shop\"}",
     true},
    {"the cluster",
     {ONE, "shop", "web", 0, "eu"},
     "{" REPLICAS "cluster=\"eu\",deployment=\"web\",namespace=\"shop\"}",
     true},
    {"another cluster",
     {ONE, "shop", "web", 0, "eu"},
     "{" REPLICAS "cluster=\"us\",deployment=\"web\",namespace=\"shop\"}",
     false},
    {"no cluster, and one was asked for",
     {ONE, "shop", "web", 0, "eu"},
     "{" REPLICAS "deployment=\"web\",namespace=\"shop\"}",
     false},
    {"a cluster, and none was asked for",
     {ONE, "shop", "web", 0, ""},
     "{" REPLICAS "cluster=\"us\",deployment=\"web\",namespace=\"shop\"}",
     false},
    {"a pattern of clusters",
     {ONE, "shop", "web", 0, "eu-.*"},
     "{" REPLICAS "cluster=\"us\",deployment=\"web\",namespace=\"shop\"}",
     true},
    {"another's sample time",
     {ONE, "shop", "web", 0, NULL},
     "{deployment=\"api\",m=\"sample_ts\",namespace=\"shop\"}",
     false},
};
#undef REPLICAS
#undef ALL
#undef ONE

static void rows_are_checked_against_what_was_asked(void **state)
{
    struct room *room = *state;
    for (size_t i = 0; i < sizeof askings / sizeof askings[0]; i++) {
        bool fine = try_asked(room, &askings[i].asked, askings[i].labels);
        if (fine != askings[i].fine)
            fail_msg("%s: %s", askings[i].sentence, fine ? "taken" : room->refusal.error.text);
        if (fine)
            continue;
        assert_non_null(strstr(room->refusal.error.text, "answer to another question"));
        assert_int_equal(room->refusal.fault, EVIDENCE_FOREIGN);
    }
}

/* [O1] */
static void each_selection_has_its_own_rows(void **state)
{
    static const struct selection list[] = {{KIND_BIT(KIND_DEPLOYMENT), "shop", "web", 0, NULL},
                                            {KIND_BIT(KIND_DEPLOYMENT), "bank", "api", 1, NULL}};
    static const struct {
        const char *labels;
        bool fine;
    } rows[] = {
        {"{amberbar=\"0\",deployment=\"web\",m=\"sample_ts\",namespace=\"shop\"}", true},
        {"{amberbar=\"1\",deployment=\"api\",m=\"sample_ts\",namespace=\"bank\"}", true},
        {"{amberbar=\"1\",deployment=\"web\",m=\"sample_ts\",namespace=\"shop\"}", false},
        {"{amberbar=\"0\",deployment=\"api\",m=\"sample_ts\",namespace=\"bank\"}", false},
    };
    struct room *room = *state;
    room->selections = 2;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (try_asked(room, list, rows[i].labels) != rows[i].fine)
            fail_msg("%s is %s", rows[i].labels, rows[i].fine ? "refused" : "taken");
}

/* What is kept of a survey is as much as was asked for: a small answer has room for it. */
static void a_small_answer_surveys_the_most_selections(void **state)
{
    struct room *room = *state;
    char labels[64];
    room->selections = CONFIG_ROLLOUTS_MAX;
    snprintf(labels, sizeof labels, "{amberbar=\"%d\",m=\"deployment\"}", CONFIG_ROLLOUTS_MAX - 1);
    assert_true(try_asked(room, NULL, labels));
    assert_non_null(room->answer.surveys);
    assert_int_equal(survey_total(&room->answer.surveys[CONFIG_ROLLOUTS_MAX - 1]), 1);
    assert_int_equal(survey_total(&room->answer.surveys[0]), 0);
}

/* [W4] A controller that is scraped without honor_labels gives its own namespace to all. */
static void exported_labels_tell_objects_apart(void **state)
{
    static const struct {
        const char *sentence, *first, *second;
        const char *keys[2];
    } rows[] = {
        {"two namespaces",
         "{__name__=\"rollout_info\",exported_namespace=\"a\",name=\"web\",namespace=\"argo\","
         "phase=\"Completed\"}",
         "{__name__=\"rollout_info\",exported_namespace=\"b\",name=\"web\",namespace=\"argo\","
         "phase=\"Abort\"}",
         {"a/", "b/"}},
        {"two names",
         "{__name__=\"rollout_info\",exported_name=\"api\",name=\"pod\",namespace=\"argo\","
         "phase=\"Completed\"}",
         "{__name__=\"rollout_info\",exported_name=\"web\",name=\"pod\",namespace=\"argo\","
         "phase=\"Abort\"}",
         {"/api", "/web"}},
        {"both",
         "{__name__=\"rollout_info\",exported_name=\"api\",exported_namespace=\"a\",name=\"pod\","
         "namespace=\"argo\",phase=\"Completed\"}",
         "{__name__=\"rollout_info\",exported_name=\"api\",exported_namespace=\"b\",name=\"pod\","
         "namespace=\"argo\",phase=\"Abort\"}",
         {"a/api", "b/api"}},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answers_begin(&room->body, "");
        answers_add(&room->body, rows[i].second, "\"1\"");
        answers_add(&room->body, rows[i].first, "\"1\"");
        room_read(room);
        const struct row *row = room->answer.rows;
        if (room->answer.count != 2 || strcmp(row[0].key.exported, rows[i].keys[0]) != 0 ||
            strcmp(row[1].key.exported, rows[i].keys[1]) != 0 || row[0].phase != PHASE_COMPLETED ||
            row[1].phase != PHASE_ABORT)
            fail_msg("%s: %zu rows, the first is '%s'", rows[i].sentence, room->answer.count,
                     row[0].key.exported);
        assert_int_equal(row[1].source, 0); /* the first of its own, not the second of one */
        assert_true(row[0].source_id == row[1].source_id); /* which is one all the same */
    }
}

/* A label that some series own is a target's on those that do not, and tells sources apart. */
static void a_targets_labels_tell_sources_apart(void **state)
{
    static const char *const labels[] = {"condition", "phase",    "reason",        "revision",
                                         "status",    "strategy", "traffic_router"};
    struct room *room = *state;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        answers_begin(&room->body, "");
        for (int k = 0; k < 2; k++) {
            char text[128];
            snprintf(text, sizeof text, "deployment=\"web\",namespace=\"shop\",%s=\"%c\"",
                     labels[i], 'a' + k);
            answers_add_deployment(&room->body, text, 20 * k);
        }
        room_read(room);
        const struct row *row = room->answer.rows;
        if (room->answer.count != 2 || room->answer.source_count != 2 ||
            row[0].source_id == row[1].source_id || row[0].terminating != 9 ||
            row[1].created != 20 || row[1].terminating != 29)
            fail_msg("%s: %zu rows of %zu sources", labels[i], room->answer.count,
                     room->answer.source_count);
    }
}

/* The mark of an arm is one on a raw series only when it names that very metric. */
static void a_targets_label_m_tells_sources_apart(void **state)
{
    struct room *room = *state;
    for (int k = 0; k < 2; k++) {
        char text[160];
        snprintf(text, sizeof text,
                 "{__name__=\"kube_deployment_spec_replicas\",deployment=\"web\",m=\"%c\","
                 "namespace=\"shop\"}",
                 'a' + k);
        answers_add(&room->body, text, k == 0 ? "\"1\"" : "\"2\"");
    }
    room_read(room);
    assert_int_equal(room->answer.count, 2);
    assert_int_equal(room->answer.rows[0].spec, 1);
    assert_int_equal(room->answer.rows[1].spec, 2);
    assert_true(room->answer.rows[0].source_id != room->answer.rows[1].source_id);
}

/* On the series that own them they tell values apart, and all are of one source. */
static void what_a_series_owns_is_no_source(void **state)
{
    struct room *room = *state;
    answers_add_deployment(&room->body, "deployment=\"web\",namespace=\"shop\"", 20);
    answers_add(&room->body,
                "{__name__=\"kube_deployment_status_condition\",condition=\"Progressing\","
                "deployment=\"web\",namespace=\"shop\",reason=\"ReplicaSetUpdated\","
                "status=\"true\"}",
                "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.count, 1);
    assert_int_equal(room->answer.source_count, 1);
    assert_int_equal(room->answer.rows[0].progressing, CONDITION_TRUE);
    assert_int_equal(room->answer.rows[0].reason, REASON_REPLICA_SET_UPDATED);
    answers_begin(&room->body, "");
    answers_add(&room->body, "{name=\"web\",namespace=\"shop\",m=\"sample_ts\"}", "\"5\"");
    answers_add(&room->body,
                "{__name__=\"rollout_info\",name=\"web\",namespace=\"shop\",phase=\"Paused\","
                "strategy=\"canary\",traffic_router=\"nginx\"}",
                "\"1\"");
    room_read(room);
    assert_int_equal(room->answer.count, 1);
    assert_int_equal(room->answer.rows[0].phase, PHASE_PAUSED);
    assert_int_equal(room->answer.rows[0].sample_ms, 5000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_deployment_becomes_one_row),
        TEST(labels_of_ours_tell_targets_apart),
        TEST(two_exporters_are_two_rows),
        TEST(rows_are_ordered),
        TEST(a_series_must_say_its_selection),
        TEST(labels_are_read_exactly),
        TEST(the_server_may_warn),
        TEST(odd_labels_are_hinted_at),
        TEST(selections_count_rows_of_one_source),
        TEST(series_without_a_name_are_counted),
        TEST(times_are_the_servers),
        TEST(many_sources_stay_apart),
        TEST(rows_are_checked_against_what_was_asked),
        TEST(each_selection_has_its_own_rows),
        TEST(a_small_answer_surveys_the_most_selections),
        TEST(exported_labels_tell_objects_apart),
        TEST(a_targets_labels_tell_sources_apart),
        TEST(a_targets_label_m_tells_sources_apart),
        TEST(what_a_series_owns_is_no_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
