/*
 * Answers to a user's own query, and to the canary.
 */
#include "prometheus/answers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct http_answer http_of(const char *body)
{
    return (struct http_answer){.status = 200,
                                .content_type = "application/json",
                                .retry_after_ms = -1,
                                .body = body,
                                .length = strlen(body)};
}

#define RESULT(type, result) \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"" type "\",\"result\":" result "}}"

static const struct asked no_nonce;
static const struct missed_sources no_source;

static void samples_carry_their_labels(void **state)
{
    struct room *room = *state;
    struct ratio_answer answer;
    answers_add(&room->body, "{__name__=\"x\",namespace=\"shop\",deployment=\"web\",m=\"1\"}",
                "\"0.5\"");
    answers_add(&room->body, "{deployment=\"api\",reason=\"why\"}", "\"NaN\"");
    answers_add(&room->body, "{}", "\"nonsense\"");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
    assert_int_equal(answer.count, 3);
    assert_false(answer.partial);
    assert_string_equal(answer.samples[0].labels, "{deployment=\"api\", reason=\"why\"}");
    assert_true(isnan(answer.samples[0].value));
    assert_string_equal(answer.samples[1].labels,
                        "{deployment=\"web\", m=\"1\", namespace=\"shop\"}");
    assert_true(answer.samples[1].value > 0.49 && answer.samples[1].value < 0.51);
    assert_string_equal(answer.samples[2].labels, "{}");
    assert_true(isnan(answer.samples[2].value));
}

static void results_are_judged(void **state)
{
    static const struct {
        const char *sentence, *body;
        const char *words; /* NULL: good */
        size_t count;
        double first;
    } rows[] = {
        {"a scalar is one sample", RESULT("scalar", "[1700000000,\"0.25\"]"), NULL, 1, 0.25},
        {"a scalar without a value", RESULT("scalar", "[]"), NULL, 1, (double)NAN},
        {"a vector with nothing", RESULT("vector", "[]"), NULL, 0, 0},
        {"a scalar of a whole number", RESULT("scalar", "[1,\"2\"]"), NULL, 1, 2},
        {"a scalar of two values", RESULT("scalar", "[1700000000,\"0.25\",\"1\"]"), NULL, 1,
         (double)NAN},
        {"a scalar that breaks the grammar", RESULT("scalar", "[1,]"), "breaks the grammar", 0, 0},
        {"quotes in labels are escaped",
         RESULT("vector", "[{\"metric\":{\"a\":\"\\\"\\\\\"},\"value\":[1,\"1\"]}]"), NULL, 1, 1},
        {"a matrix", RESULT("matrix", "[]"), "expected a vector or a scalar", 0, 0},
        {"a scalar that is an object", RESULT("scalar", "{}"), "expected a vector", 0, 0},
        {"two series that differ in their names alone",
         RESULT("vector", "[{\"metric\":{\"__name__\":\"a\"},\"value\":[1,\"1\"]},{\"metric\":{"
                          "\"__name__\":\"b\"},\"value\":[1,\"1\"]}]"),
         "duplicate series", 0, 0},
        {"a series without labels' object", RESULT("vector", "[{\"value\":[1,\"1\"]}]"),
         "no labels", 0, 0},
        {"no JSON", "<html>", "malformed", 0, 0},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio_answer answer;
        struct http_answer http = http_of(rows[i].body);
        bool good = response_ratio(&http, room->rows, NULL, &answer, &room->refusal);
        if (good != (rows[i].words == NULL) || answer.count != rows[i].count)
            fail_msg("%s: %zu, %s", rows[i].sentence, answer.count, room->refusal.error.text);
        if (!good && strstr(room->refusal.error.text, rows[i].words) == NULL)
            fail_msg("%s: %s", rows[i].sentence, room->refusal.error.text);
        if (answer.count > 0 && (isnan(answer.samples[0].value) != isnan(rows[i].first) ||
                                 fabs(answer.samples[0].value - rows[i].first) > 1e-9))
            fail_msg("%s: %g", rows[i].sentence, answer.samples[0].value);
    }
}

static void labels_are_written_as_a_query_has_them(void **state)
{
    static const struct {
        const char *metric, *labels;
    } rows[] = {
        {"", "{}"},
        {"\"a\":\"b\"", "{a=\"b\"}"},
        {"\"z\":\"1\",\"m\":\"2\",\"b\":\"3\"", "{b=\"3\", m=\"2\", z=\"1\"}"},
        {"\"a\":\"\\\"\"", "{a=\"\\\"\"}"},
        {"\"a\":\"\\\\\"", "{a=\"\\\\\"}"},
        {"\"a\":\"\\\"b\\\\c\\\"\"", "{a=\"\\\"b\\\\c\\\"\"}"},
        {"\"a\":\"b\\\"\\\"\\\"\\\"\"", "{a=\"b\\\"\\\"\\\"\\\"\"}"},
        {"\"a\":\"\\n{,}\"", "{a=\"\n{,}\"}"},
        {"\"__name__\":\"x\",\"amberbar_ask\":\"1\",\"phase\":\"p\"",
         "{amberbar_ask=\"1\", phase=\"p\"}"},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio_answer answer;
        answers_begin(&room->body, "");
        text_addf(&room->body, "{\"metric\":{%s},\"value\":[1,\"1\"]}", rows[i].metric);
        struct http_answer http = answers_end(&room->body);
        assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
        assert_string_equal(answer.samples[0].labels, rows[i].labels);
    }
}

static void samples_are_ordered_by_their_labels(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    struct room *room = *state;
    for (size_t count = 2; count <= 3; count++) {
        struct ratio_answer answer;
        answers_begin(&room->body, "");
        for (size_t i = 0; i < count; i++) {
            char labels[16];
            snprintf(labels, sizeof labels, "{x=\"%s\"}", names[count - 1 - i]);
            answers_add(&room->body, labels, "\"1\"");
        }
        struct http_answer http = answers_end(&room->body);
        assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
        assert_int_equal(answer.count, count);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(answer.samples[i].labels[4], names[i][0]);
    }
}

/* What merges answers may have kept one of them for long. */
static void an_answer_is_as_old_as_its_oldest_series(void **state)
{
    static const struct {
        const char *sentence, *samples[2];
        int64_t eval_ms, spread_ms;
    } rows[] = {
        {"the first", {"[5,\"1\"]", "[7.5,\"1\"]"}, 5000, 2500},
        {"the second", {"[7.5,\"1\"]", "[5,\"1\"]"}, 5000, 2500},
        {"both", {"[5,\"1\"]", "[5,\"2\"]"}, 5000, 0},
        {"also where its value is none", {"[505,\"1\"]", "[5,\"NaN\"]"}, 5000, 500000},
        {"by a millisecond", {"[5.001,\"1\"]", "[5,\"1\"]"}, 5000, 1},
        {"rounded up", {"[5.0006,\"1\"]", "[6,\"1\"]"}, 5001, 999},
        {"rounded down", {"[5.0004,\"1\"]", "[6,\"1\"]"}, 5000, 1000},
        {"no time is newer", {"[5,\"1\"]", "[1e12,\"1\"]"}, 5000, 0},
        {"the last of this world",
         {"[5,\"1\"]", "[999999999999,\"1\"]"},
         5000,
         999999999999000 - 5000},
        {"none", {"[0,\"1\"]", "[-1,\"1\"]"}, 0, 0},
        {"the first of this world", {"[0.0005,\"1\"]", "[0,\"1\"]"}, 1, 0},
        {"no time is older", {"[0.00049,\"1\"]", "[5,\"1\"]"}, 5000, 0},
        {"nor as the second", {"[5,\"1\"]", "[0.00049,\"1\"]"}, 5000, 0},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio_answer answer;
        answers_begin(&room->body, "");
        for (size_t k = 0; k < 2; k++)
            text_addf(&room->body, "%s{\"metric\":{\"a\":\"%zu\"},\"value\":%s}", k > 0 ? "," : "",
                      k, rows[i].samples[k]);
        struct http_answer http = answers_end(&room->body);
        assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
        if (answer.eval_ms != rows[i].eval_ms || answer.spread_ms != rows[i].spread_ms)
            fail_msg("%s: %lld, and %lld more", rows[i].sentence, (long long)answer.eval_ms,
                     (long long)answer.spread_ms);
    }
}

/* What is kept of honest ones is no more than their text. */
static void samples_are_kept_as_far_as_there_is_room(void **state)
{
    static const struct {
        const char *sentence, *before, *after; /* a number, which tells them apart */
        bool fine;
    } rows[] = {
        {"honest ones", "{\"metric\":{\"deployment\":\"web-",
         "\",\"namespace\":\"shop\"},\"value\":"
         "[1700000000.123,\"0.98765432101234567\"]}",
         true},
        {"next to nothing", "{\"metric\":{\"a\":\"", "\"}}", false},
    };
    struct room *room = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio_answer answer;
        answers_begin(&room->body, "");
        for (int k = 0; k < 20000; k++)
            text_addf(&room->body, "%s%s%d%s", k > 0 ? "," : "", rows[i].before, k, rows[i].after);
        struct http_answer http = answers_end(&room->body);
        bool fine = response_ratio(&http, room->rows, NULL, &answer, &room->refusal);
        if (fine != rows[i].fine)
            fail_msg("%s: %s", rows[i].sentence, fine ? "taken" : room->refusal.error.text);
    }
    assert_non_null(strstr(room->refusal.error.text, "far more memory"));
}

static void a_choice_is_exact(void **state)
{
    struct room *room = *state;
    static const struct {
        const char *sentence;
        struct choice choice;
        const char *labels; /* of the one that is left; NULL: none is */
    } rows[] = {
        {"the one", {"cluster", "eu-1"}, "{cluster=\"eu-1\"}"},
        {"not one whose name begins so", {"cluster", "eu"}, NULL},
        {"no pattern", {"cluster", "eu-.*"}, NULL},
        {"by another label", {"region", "eu-1"}, "{cluster=\"us\", region=\"eu-1\"}"},
        {"a label that nothing has", {"site", "eu-1"}, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio_answer answer;
        answers_begin(&room->body, "");
        answers_add(&room->body, "{cluster=\"eu-1\"}", "\"1\"");
        answers_add(&room->body, "{cluster=\"eu-10\"}", "\"0.1\"");
        answers_add(&room->body, "{cluster=\"us\",region=\"eu-1\"}", "\"0.2\"");
        answers_add(&room->body, "{}", "\"0.3\"");
        struct http_answer http = answers_end(&room->body);
        assert_true(response_ratio(&http, room->rows, &rows[i].choice, &answer, &room->refusal));
        if (answer.count != (rows[i].labels != NULL) ||
            (answer.count == 1 && strcmp(answer.samples[0].labels, rows[i].labels) != 0))
            fail_msg("%s: %zu", rows[i].sentence, answer.count);
    }
    struct http_answer scalar = http_of(RESULT("scalar", "[1700000000,\"0.25\"]"));
    struct ratio_answer answer;
    assert_true(response_ratio(&scalar, room->rows, &rows[0].choice, &answer, &room->refusal));
    assert_int_equal(answer.count, 0); /* it has no labels */
}

/* Two series, and whether one's presence says that the other's source is there. */
static const struct {
    const char *sentence, *gone, *there;
    bool same;
} origins[] = {
    {"another workload of one exporter",
     "namespace=\"a\",deployment=\"x\",instance=\"i\",job=\"ksm\"",
     "namespace=\"b\",deployment=\"y\",instance=\"i\",job=\"ksm\"", true},
    {"a workload of another kind", "statefulset=\"x\",instance=\"i\"",
     "deployment=\"y\",instance=\"i\"", true},
    {"without honor_labels", "exported_namespace=\"a\",instance=\"i\"",
     "exported_namespace=\"b\",instance=\"i\"", true},
    {"another replica set and its revision", "replicaset=\"x\",revision=\"1\",instance=\"i\"",
     "replicaset=\"y\",revision=\"2\",instance=\"i\"", true},
    {"another instance", "deployment=\"x\",instance=\"i\"", "deployment=\"x\",instance=\"k\"",
     false},
    {"another cluster", "cluster=\"a\",instance=\"i\"", "cluster=\"b\",instance=\"i\"", false},
    {"... by whatever name", "k8s_cluster=\"a\",instance=\"i\"", "k8s_cluster=\"b\",instance=\"i\"",
     false},
    {"a label more", "instance=\"i\"", "instance=\"i\",region=\"eu\"", false},
    {"a label less", "instance=\"i\",region=\"eu\"", "instance=\"i\"", false},
    {"a name that begins like an object's", "uids=\"a\",instance=\"i\"",
     "uids=\"b\",instance=\"i\"", false},
    {"another exporter behind a federation", "exported_instance=\"a\",instance=\"i\"",
     "exported_instance=\"b\",instance=\"i\"", false},
};

static void any_label_may_tell_what_was_scraped(void **state)
{
    struct room *room = *state;
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        uint64_t sources[2];
        for (size_t k = 0; k < 2; k++) {
            char labels[160];
            struct ratio_answer answer;
            snprintf(labels, sizeof labels, "{%s}", k == 0 ? origins[i].gone : origins[i].there);
            answers_begin(&room->body, "");
            answers_add(&room->body, labels, "\"1\"");
            struct http_answer http = answers_end(&room->body);
            assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
            sources[k] = answer.samples[0].source;
            assert_true(sources[k] != 0);
        }
        if ((sources[0] == sources[1]) != origins[i].same)
            fail_msg("%s: %s source", origins[i].sentence,
                     origins[i].same ? "another" : "the same");
    }
}

static void an_aggregation_has_no_source(void **state)
{
    struct room *room = *state;
    struct ratio_answer answer;
    answers_add(&room->body, "{team=\"a\",deployment=\"x\"}", "\"1\"");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
    assert_true(answer.samples[0].source == 0);
}

static void a_partial_answer_is_reported(void **state)
{
    struct room *room = *state;
    struct ratio_answer answer;
    answers_begin(&room->body, "\"warnings\":[\"a\"],");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
    assert_true(answer.partial);
    assert_string_equal(answer.warning, "a");
    assert_null(answer.note);
    answers_begin(&room->body, "\"warnings\":[\"PromQL warning: b\",\"PromQL warning: c\"],");
    http = answers_end(&room->body);
    assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
    assert_false(answer.partial);
    assert_null(answer.warning);
    assert_string_equal(answer.note, "PromQL warning: b");
}

static void the_canary_tells_what_is_alive(void **state)
{
    struct room *room = *state;
    struct answer answer = {.kind_alive = {[KIND_DAEMONSET] = true}};
    answers_add(&room->body, "{m=\"deployment\"}", "\"3\"");
    answers_add(&room->body, "{m=\"statefulset\"}", "\"0\"");
    answers_add(&room->body, "{m=\"something\"}", "\"1\"");
    answers_add(&room->body, "{}", "\"1\"");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
    assert_true(answer.kind_alive[KIND_DEPLOYMENT]);
    assert_false(answer.kind_alive[KIND_STATEFULSET]);
    assert_true(answer.kind_alive[KIND_DAEMONSET]); /* known before */
    assert_false(answer.kind_alive[KIND_ROLLOUT]);
}

/* The id of a source, as the answer about workloads has it. */
static uint64_t id_of(struct room *room, const struct asked *asked, const char *labels)
{
    struct answer answer;
    answers_begin(&room->body, "");
    answers_add(&room->body, labels, "\"1\"");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_workloads(&http, asked, room->rows, &answer, &room->refusal));
    assert_int_equal(answer.source_count, 1);
    return answer.sources[0].id;
}

#define HEARTBEAT "__name__=\"kube_deployment_metadata_generation\","
#define WORKLOAD HEARTBEAT "namespace=\"shop\",deployment=\"web\","
#define MARK "amberbar=\"source/deployment\","

static void a_canary_says_when_a_source_was_scraped(void **state)
{
    struct room *room = *state;
    struct answer answer = {0};
    const struct asked asked = {
        .namespace_ = "namespace", .cluster = "", .selections = 1, .nonce = "0123456789abcdef"};
    struct missed_sources missed = {.ids = {7}, .count = 2};
    missed.ids[1] = id_of(room, &asked, "{" WORKLOAD "job=\"ksm\",m=\"x\"}");
    answers_begin(&room->body, "");
    answers_add(&room->body, "{" MARK "job=\"ksm\",m=\"x\"}", "\"1700000000.25\"");
    answers_add(&room->body, "{m=\"source\",job=\"ksm\"}", "\"1700000000\"");
    answers_add(&room->body, "{amberbar_ask=\"0123456789abcdef\"}", "\"1\"");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_canary(&http, &asked, &missed, &answer, &room->refusal));
    assert_int_equal(answer.canary_ms, ANSWERS_TIME_MS);
    assert_int_equal(answer.witness_count, 1);
    assert_true(answer.witnesses[0].id == missed.ids[1]);
    assert_int_equal(answer.witnesses[0].kind, KIND_DEPLOYMENT);
    assert_int_equal(answer.witnesses[0].newest_ms, 1700000000250);
    const struct asked other = {.namespace_ = "namespace", .nonce = "0123456789abcdee"};
    assert_false(response_canary(&http, &other, &missed, &answer, &room->refusal));
    assert_non_null(strstr(room->refusal.error.text, "answer to another question"));
    assert_int_equal(room->refusal.fault, EVIDENCE_REPEATED);
}

/* What a question about job="ksm",instance="a" may bring, and who it is a witness for. */
static const struct {
    const char *sentence, *labels, *value;
    bool witness;
} testimonies[] = {
    {"the source itself", "{" MARK "job=\"ksm\",instance=\"a\"}", "\"5\"", true},
    {"one with a label more", "{" MARK "cluster=\"b\",job=\"ksm\",instance=\"a\"}", "\"5\"", false},
    {"one with a label less", "{" MARK "job=\"ksm\"}", "\"5\"", false},
    {"without any label, as before", "{" MARK "m=\"source\"}", "\"5\"", false},
    {"with another label's value", "{" MARK "job=\"ksm\",instance=\"b\"}", "\"5\"", false},
    {"of another kind", "{amberbar=\"source/daemonset\",job=\"ksm\",instance=\"a\"}", "\"5\"",
     false},
    {"of no kind", "{amberbar=\"source/pod\",job=\"ksm\",instance=\"a\"}", "\"5\"", false},
    {"the mark of a selection", "{amberbar=\"0\",job=\"ksm\",instance=\"a\"}", "\"5\"", false},
    {"no mark", "{job=\"ksm\",instance=\"a\"}", "\"5\"", false},
    {"a workload's own labels are no part of it",
     "{" MARK "job=\"ksm\",instance=\"a\",exported_namespace=\"x\"}", "\"5\"", true},
    {"1970", "{" MARK "job=\"ksm\",instance=\"a\"}", "\"0\"", true},
    {"a time of no world", "{" MARK "job=\"ksm\",instance=\"a\"}", "\"1e11\"", false},
    {"the last of this one", "{" MARK "job=\"ksm\",instance=\"a\"}", "\"99999999999\"", true},
    {"no value", "{" MARK "job=\"ksm\",instance=\"a\"}", "null", false},
    {"no time", "{" MARK "job=\"ksm\",instance=\"a\"}", "\"NaN\"", false},
    {"a time before 1970", "{" MARK "job=\"ksm\",instance=\"a\"}", "\"-1\"", false},
};

static void no_source_witnesses_for_another(void **state)
{
    struct room *room = *state;
    const struct asked asked = {
        .namespace_ = "namespace", .cluster = "", .selections = 1, .recorded = true};
    struct missed_sources missed = {.count = 1};
    missed.ids[0] = id_of(room, &asked, "{" WORKLOAD "job=\"ksm\",instance=\"a\"}");
    for (size_t i = 0; i < sizeof testimonies / sizeof testimonies[0]; i++) {
        struct answer answer = {0};
        answers_begin(&room->body, "");
        answers_add(&room->body, testimonies[i].labels, testimonies[i].value);
        answers_add(&room->body, testimonies[i].labels, testimonies[i].value); /* counts once */
        struct http_answer http = answers_end(&room->body);
        assert_true(response_canary(&http, &asked, &missed, &answer, &room->refusal));
        if (answer.witness_count != testimonies[i].witness)
            fail_msg("%s: %zu witnesses", testimonies[i].sentence, answer.witness_count);
    }
}

/* Whether the canary is shown what the answer lacks. */
static const struct {
    const char *sentence, *labels, *value;
    bool witnessed;
} showings[] = {
    {"it is not", NULL, NULL, true},
    {"it is", "{amberbar=\"shown\"}", "\"3\"", false},
    {"none of it", "{amberbar=\"shown\"}", "\"0\"", true},
    {"no number", "{amberbar=\"shown\"}", "\"NaN\"", true},
    {"a source", "{" MARK "job=\"ksm\"}", "\"3\"", true},
    {"another mark", "{amberbar=\"shown/deployment\"}", "\"3\"", true},
    {"as another label", "{m=\"shown\"}", "\"3\"", true},
};

static void a_canary_that_sees_more_than_the_answer_witnesses_nothing(void **state)
{
    struct room *room = *state;
    const struct asked asked = {.namespace_ = "namespace", .cluster = "", .selections = 1};
    const struct missed_sources none = {.count = 0};
    for (size_t i = 0; i < sizeof showings / sizeof showings[0]; i++) {
        struct answer answer = {0};
        answers_begin(&room->body, "");
        if (showings[i].labels != NULL)
            answers_add(&room->body, showings[i].labels, showings[i].value);
        struct http_answer http = answers_end(&room->body);
        assert_true(response_canary(&http, &asked, &none, &answer, &room->refusal));
        if (answer.unwitnessed == showings[i].witnessed)
            fail_msg("%s: %s", showings[i].sentence,
                     answer.unwitnessed ? "unwitnessed" : "witnessed");
    }
}

/* As many as can be asked about at once, each once, whichever of those that were missed it is. */
static void all_that_were_missed_may_witness(void **state)
{
    struct room *room = *state;
    const struct asked asked = {.namespace_ = "namespace", .cluster = "", .selections = 1};
    struct missed_sources missed = {.count = WITNESSES_MAX};
    struct answer answer = {0};
    char labels[160];
    for (size_t i = 0; i < WITNESSES_MAX; i++) {
        snprintf(labels, sizeof labels, "{" WORKLOAD "job=\"%zu\"}", i);
        missed.ids[i] = id_of(room, &asked, labels);
    }
    answers_begin(&room->body, "");
    for (size_t i = 0; i < WITNESSES_MAX; i++) {
        snprintf(labels, sizeof labels, "{" MARK "job=\"%zu\"}", WITNESSES_MAX - 1 - i);
        answers_add(&room->body, labels, "\"5.0006\"");
    }
    struct http_answer http = answers_end(&room->body);
    assert_true(response_canary(&http, &asked, &missed, &answer, &room->refusal));
    assert_int_equal(answer.witness_count, WITNESSES_MAX);
    for (size_t i = 0; i < WITNESSES_MAX; i++) {
        assert_true(answer.witnesses[i].id == missed.ids[WITNESSES_MAX - 1 - i]);
        assert_int_equal(answer.witnesses[i].newest_ms, 5001);
    }
    assert_true(response_canary(&http, &asked, &missed, &answer, &room->refusal)); /* again */
    assert_int_equal(answer.witness_count, WITNESSES_MAX);
}

/* It is as old as its oldest number; what is partial is no witness. */
static void a_canary_has_a_time_and_may_be_partial(void **state)
{
    struct room *room = *state;
    for (int partial = 0; partial < 2; partial++) {
        struct answer answer = {0};
        answers_begin(&room->body, partial != 0 ? "\"isPartial\":true," : "");
        answers_add_at(&room->body, "{m=\"deployment\"}", "\"1\"", 7);
        answers_add_at(&room->body, "{m=\"daemonset\"}", "\"1\"", 5);
        answers_add_at(&room->body, "{m=\"statefulset\"}", "\"-1\"", 9);
        answers_add_at(&room->body, "{m=\"rollout\"}", "1", 3); /* no number */
        struct http_answer http = answers_end(&room->body);
        assert_true(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
        assert_int_equal(answer.canary_ms, 5000);
        assert_int_equal(answer.canary_spread_ms, 4000);
        assert_int_equal(answer.unwitnessed, partial);
        assert_true(answer.kind_alive[KIND_DEPLOYMENT] && answer.kind_alive[KIND_DAEMONSET]);
        assert_false(answer.kind_alive[KIND_STATEFULSET] || answer.kind_alive[KIND_ROLLOUT]);
        answer.unwitnessed = true; /* it stays so */
        assert_true(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
        assert_true(answer.unwitnessed);
    }
}

static void a_canary_that_fails_says_nothing(void **state)
{
    struct room *room = *state;
    struct answer answer = {0};
    struct http_answer http = http_of(RESULT("matrix", "[]"));
    assert_false(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
    http = http_of(RESULT("vector", "[{\"metric\":{\"m\":\"deployment\"},\"value\":[1,\"1\"]},7]"));
    assert_false(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
    assert_false(answer.unwitnessed);
    http.status = 503;
    assert_false(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
    assert_non_null(strstr(room->refusal.error.text, "not available"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(samples_carry_their_labels),
        TEST(results_are_judged),
        TEST(labels_are_written_as_a_query_has_them),
        TEST(samples_are_ordered_by_their_labels),
        TEST(an_answer_is_as_old_as_its_oldest_series),
        TEST(samples_are_kept_as_far_as_there_is_room),
        TEST(a_choice_is_exact),
        TEST(any_label_may_tell_what_was_scraped),
        TEST(an_aggregation_has_no_source),
        TEST(a_partial_answer_is_reported),
        TEST(the_canary_tells_what_is_alive),
        TEST(a_canary_says_when_a_source_was_scraped),
        TEST(no_source_witnesses_for_another),
        TEST(a_canary_that_sees_more_than_the_answer_witnesses_nothing),
        TEST(all_that_were_missed_may_witness),
        TEST(a_canary_has_a_time_and_may_be_partial),
        TEST(a_canary_that_fails_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
