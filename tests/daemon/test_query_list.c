/*
 * Which of the config's own queries is asked next, and what becomes of its answer.
 */
#include "daemon/query_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1000000
#define COUNT 3

static const struct {
    const char *sentence;
    struct listed_query queries[COUNT];
    size_t next; /* COUNT: none */
} rows[] = {
    {"one that was never asked comes first",
     {{.due_ms = NOW}, {.due_ms = INT64_MIN}, {.due_ms = NOW - 60000, .slow = true}},
     1},
    {"then the one that has been due for longest",
     {{.due_ms = NOW - 1}, {.due_ms = NOW - 3}, {.due_ms = NOW - 2}},
     1},
    {"none before its time",
     {{.due_ms = NOW + 1}, {.due_ms = NOW + 1, .slow = true}, {.due_ms = NOW + 2}},
     COUNT},
    {"a slow one lets others go before it",
     {{.due_ms = NOW - 20000, .slow = true}, {.due_ms = NOW}, {.due_ms = NOW + 1}},
     1},
    {"but not for ever: others that are always due do not starve it",
     {{.due_ms = NOW - 25000},
      {.due_ms = NOW - QUERY_LIST_SLOW_MS - 25001, .slow = true},
      {.due_ms = NOW - 24000}},
     1},
    {"alone it waits for nobody",
     {{.due_ms = NOW, .slow = true}, {.due_ms = NOW + 1}, {.due_ms = NOW + 1}},
     0},
};

static void the_next_is_the_longest_due(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t next = query_list_next(rows[i].queries, COUNT, NOW);
        if (next != rows[i].next)
            fail_msg("%s: %zu, not %zu", rows[i].sentence, next, rows[i].next);
    }
}

/* A rollout of its own query, one of workloads, and an indicator. */
struct owners {
    struct config config;
    struct rollout rollouts[2];
    struct workload workloads[2];
    struct indicator indicator;
    struct listed_query queries[QUERY_LIST_MAX];
    size_t count;
};

static int owners_set_up(void **state)
{
    struct owners *owners = calloc(1, sizeof *owners);
    static struct indicator_settings indicator = {.query = "errors", .poll_interval_ms = 60000};
    *state = owners;
    struct config *config = &owners->config;
    config->rollout_count = 2;
    config->rollouts = calloc(2, sizeof *config->rollouts);
    text_copy(config->rollouts[1].query, sizeof config->rollouts[1].query, "ratio");
    text_copy(config->rollouts[1].cluster, sizeof config->rollouts[1].cluster, "north");
    text_copy(config->prometheus.cluster_label, sizeof config->prometheus.cluster_label, "cluster");
    config->indicator_count = 1;
    config->indicators = &indicator;
    owners->rollouts[1] = (struct rollout){.name = "canary",
                                           .is_query = true,
                                           .limits = limits_default,
                                           .workloads = owners->workloads,
                                           .capacity = 2};
    rollout_start(&owners->rollouts[1], NOW);
    text_copy(owners->indicator.name, sizeof owners->indicator.name, "errors");
    owners->indicator.limits = (struct indicator_limits){.warning = 1, .critical = 2};
    indicator_start(&owners->indicator, NOW);
    owners->count = query_list_make(owners->queries, config, owners->rollouts, &owners->indicator);
    return 0;
}

static int owners_tear_down(void **state)
{
    struct owners *owners = *state;
    free(owners->config.rollouts);
    free(owners);
    return 0;
}

static void those_with_a_query_are_listed(void **state)
{
    const struct owners *owners = *state;
    const struct listed_query *first = &owners->queries[0], *second = &owners->queries[1];
    assert_int_equal(owners->count, 2);
    assert_string_equal(first->query, "ratio");
    assert_ptr_equal(first->rollout, &owners->rollouts[1]);
    assert_null(first->indicator);
    assert_string_equal(query_list_choice(first)->label, "cluster");
    assert_string_equal(query_list_choice(first)->value, "north");
    assert_int_equal(first->interval_ms, 0);
    assert_string_equal(second->query, "errors");
    assert_ptr_equal(second->indicator, &owners->indicator);
    assert_null(second->rollout);
    assert_null(query_list_choice(second));
    assert_int_equal(second->interval_ms, 60000);
    for (size_t i = 0; i < 2; i++) {
        assert_true(owners->queries[i].due_ms == INT64_MIN);
        assert_false(owners->queries[i].heard);
    }
}

static void a_failure_is_kept_with_its_owners_name_until_an_answer_comes(void **state)
{
    struct owners *owners = *state;
    static const struct ratio_sample half = {.labels = "{}", .value = 0.5};
    const struct ratio_answer answer = {.samples = &half, .count = 1, .note = "a note"};
    struct error error;
    static const char *const faults[] = {"rollout canary: it is down; asking again",
                                         "indicator errors: it is down; asking again"};
    error_set(&error, "it is down; asking again");
    for (size_t i = 0; i < 2; i++) {
        struct listed_query *listed = &owners->queries[i];
        listed->slow = true;
        query_list_fail(listed, POLL_FAILURE_TRANSPORT, &error, NOW + 5, NOW);
        assert_string_equal(listed->fault, faults[i]);
        assert_int_equal(listed->failure, POLL_FAILURE_TRANSPORT);
        assert_true(listed->heard && listed->slow);
        assert_int_equal(listed->due_ms, NOW + 5);
    }
    assert_string_equal(owners->rollouts[1].detail, "it is down");
    assert_string_equal(owners->indicator.note, "it is down");
    assert_int_equal(owners->indicator.why, INDICATOR_FETCH);
    assert_int_equal(owners->rollouts[1].verdict.state, STATE_UNKNOWN);
    for (size_t i = 0; i < 2; i++) {
        struct listed_query *listed = &owners->queries[i];
        query_list_observe(listed, &answer, NOW + 7, NOW + 9);
        assert_string_equal(listed->fault, "");
        assert_true(listed->heard && !listed->slow);
    }
    assert_int_equal(owners->rollouts[1].seen_ms, NOW + 7);
    assert_string_equal(owners->rollouts[1].detail, "");
    assert_int_equal(owners->rollouts[1].verdict.state, STATE_PROGRESSING);
    assert_int_equal(owners->indicator.seen_ms, NOW + 7);
    assert_string_equal(owners->indicator.note, "a note");
    assert_int_equal(owners->indicator.health, HEALTH_OK);
}

static void what_makes_an_answer_partial_is_quoted(void **state)
{
    struct owners *owners = *state;
    const struct ratio_answer answer = {
        .partial = true, .warning = "a store is gone", .note = "a note"};
    for (size_t i = 0; i < 2; i++)
        query_list_observe(&owners->queries[i], &answer, NOW, NOW);
    assert_string_equal(owners->rollouts[1].detail, "a store is gone");
    assert_string_equal(owners->indicator.note, "a store is gone");
}

static void a_refused_one_is_asked_rarely(void **state)
{
    struct owners *owners = *state;
    struct error error;
    error_set(&error, "parse error");
    query_list_refuse(&owners->queries[0], &error, NOW);
    assert_int_equal(owners->queries[0].due_ms, NOW + QUERY_LIST_REFUSED_MS);
    assert_int_equal(owners->queries[0].failure, POLL_FAILURE_QUERY);
}

#define OWNERS(test) cmocka_unit_test_setup_teardown(test, owners_set_up, owners_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_is_the_longest_due),
        OWNERS(those_with_a_query_are_listed),
        OWNERS(a_failure_is_kept_with_its_owners_name_until_an_answer_comes),
        OWNERS(what_makes_an_answer_partial_is_quoted),
        OWNERS(a_refused_one_is_asked_rarely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
