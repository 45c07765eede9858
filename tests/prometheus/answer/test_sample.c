/*
 * Answers to a user's own query, and to the canary.
 */
#include "prometheus/answers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
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
        if (answer.count > 0 && isnan(answer.samples[0].value) != isnan(rows[i].first))
            fail_msg("%s: %g", rows[i].sentence, answer.samples[0].value);
    }
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

static void a_partial_answer_is_told(void **state)
{
    struct room *room = *state;
    struct ratio_answer answer;
    answers_begin(&room->body, "\"warnings\":[\"a\"],");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_ratio(&http, room->rows, NULL, &answer, &room->refusal));
    assert_true(answer.partial);
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

static void a_canary_says_when_a_source_was_scraped(void **state)
{
    struct room *room = *state;
    struct answer answer = {0};
    const struct asked asked = {.nonce = "0123456789abcdef"};
    const struct missed_sources missed = {.ids = {7, 8}, .count = 2};
    answers_add(&room->body, "{m=\"source\",amberbar=\"1\"}", "\"1700000000.25\"");
    answers_add(&room->body, "{m=\"source\",amberbar=\"2\"}", "\"1700000000\"");
    answers_add(&room->body, "{m=\"source\"}", "\"1700000000\"");
    answers_add(&room->body, "{amberbar_ask=\"0123456789abcdef\"}", "\"1\"");
    struct http_answer http = answers_end(&room->body);
    assert_true(response_canary(&http, &asked, &missed, &answer, &room->refusal));
    assert_int_equal(answer.canary_ms, ANSWERS_TIME_MS);
    assert_int_equal(answer.witness_count, 1);
    assert_int_equal(answer.witnesses[0].id, 8);
    assert_int_equal(answer.witnesses[0].newest_ms, 1700000000250);
    const struct asked other = {.nonce = "0123456789abcdee"};
    assert_false(response_canary(&http, &other, &missed, &answer, &room->refusal));
    assert_non_null(strstr(room->refusal.error.text, "answer to another question"));
}

static void a_canary_that_fails_says_nothing(void **state)
{
    struct room *room = *state;
    struct answer answer = {0};
    struct http_answer http = http_of(RESULT("matrix", "[]"));
    assert_false(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
    http = http_of(RESULT("vector", "[{\"metric\":{\"m\":\"deployment\"},\"value\":[1,\"1\"]},7]"));
    assert_false(response_canary(&http, &no_nonce, &no_source, &answer, &room->refusal));
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
        TEST(a_choice_is_exact),
        TEST(a_partial_answer_is_told),
        TEST(the_canary_tells_what_is_alive),
        TEST(a_canary_says_when_a_source_was_scraped),
        TEST(a_canary_that_fails_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
