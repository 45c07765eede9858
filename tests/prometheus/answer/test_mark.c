/*
 * What one series says of a survey, and what becomes of it. Whole surveys: promql/test_survey.c.
 */
#include "prometheus/answer/mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *sentence, *mark, *kind, *value; /* NULL: there is none */
    bool good;
    struct survey_mark read; /* `number` of 0: it does not matter */
} marks[] = {
    {"a kind is its count",
     "daemonset",
     NULL,
     "3",
     true,
     {RULE_COUNT, false, true, KIND_DAEMONSET, 3}},
    {"the last kind", "rollout", NULL, "3", true, {RULE_COUNT, false, true, KIND_ROLLOUT, 3}},
    {"what is no kind", "pod", NULL, "3", false, {0}},
    {"rows of a kind",
     "rows/statefulset",
     NULL,
     "5",
     true,
     {RULE_ROWS, false, true, KIND_STATEFULSET, 5}},
    {"rows of the kind that a label says",
     "rows",
     "StatefulSet",
     "5",
     true,
     {RULE_ROWS, false, true, KIND_STATEFULSET, 5}},
    {"the mark's kind before the label's",
     "rows/statefulset",
     "Deployment",
     "5",
     true,
     {RULE_ROWS, false, true, KIND_STATEFULSET, 5}},
    {"rows of no kind", "rows", NULL, "5", false, {0}},
    {"rows of a kind that is none", "rows/pod", NULL, "5", false, {0}},
    {"... in spite of the label", "rows/pod", "Deployment", "5", false, {0}},
    {"rows of a label that is none", "rows", "Pod", "5", false, {0}},
    {"counts of the kind that a label says",
     "count",
     "DaemonSet",
     "5",
     true,
     {RULE_COUNT, false, true, KIND_DAEMONSET, 5}},
    {"what is settled",
     "settled/rollout",
     NULL,
     "5",
     true,
     {RULE_SETTLED, false, true, KIND_ROLLOUT, 5}},
    {"what is not settled is a row, and no count", "unsettled/rollout", NULL, "5", false, {0}},
    {"but its time may be said",
     "at/unsettled",
     NULL,
     "5",
     true,
     {RULE_UNSETTLED, true, false, KIND_DEPLOYMENT, 5}},
    {"the oldest of all",
     "oldest",
     NULL,
     "5",
     true,
     {RULE_OLDEST, false, false, KIND_DEPLOYMENT, 5}},
    {"the oldest of a kind",
     "oldest",
     "DaemonSet",
     "5",
     true,
     {RULE_OLDEST, false, true, KIND_DAEMONSET, 5}},
    {"when it was counted",
     "at/count",
     NULL,
     "5",
     true,
     {RULE_COUNT, true, false, KIND_DEPLOYMENT, 5}},
    {"when the rows of a kind were",
     "at/rows/daemonset",
     NULL,
     "5",
     true,
     {RULE_ROWS, true, true, KIND_DAEMONSET, 5}},
    {"when what is no rule was", "at/pods", NULL, "5", false, {0}},
    {"when nothing was", "at/", NULL, "5", false, {0}},
    {"a part of a rule", "row/deployment", NULL, "5", false, {0}},
    {"more than a rule", "rowss/deployment", NULL, "5", false, {0}},
    {"nothing", "/deployment", NULL, "5", false, {0}},
    {"no mark", NULL, "Deployment", "5", false, {0}},
    {"no value", "rows/deployment", NULL, NULL, false, {0}},
    {"no number", "rows/deployment", NULL, "x", false, {0}},
    {"NaN", "rows/deployment", NULL, "NaN", false, {0}},
    {"below zero", "rows/deployment", NULL, "-1", false, {0}},
    {"zero", "rows/daemonset", NULL, "0", true, {RULE_ROWS, false, true, KIND_DAEMONSET, 0}},
    {"the largest count",
     "rows/daemonset",
     NULL,
     "1e9",
     true,
     {RULE_ROWS, false, true, KIND_DAEMONSET, 1e9}},
    {"more", "rows/daemonset", NULL, "1000000001", false, {0}},
    {"the largest time",
     "oldest",
     NULL,
     "1e11",
     true,
     {RULE_OLDEST, false, false, KIND_DEPLOYMENT, 1e11}},
    {"later", "oldest", NULL, "100000000001", false, {0}},
    {"the largest time of a count",
     "at/count",
     NULL,
     "1e11",
     true,
     {RULE_COUNT, true, false, KIND_DEPLOYMENT, 1e11}},
    {"later than that", "at/count", NULL, "100000000001", false, {0}},
};

static void marks_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const struct survey_mark *wanted = &marks[i].read;
        struct series series;
        struct survey_mark mark;
        series_clear(&series);
        if (marks[i].mark != NULL)
            assert_true(series_add(&series, "m", marks[i].mark));
        if (marks[i].kind != NULL)
            assert_true(series_add(&series, "kind", marks[i].kind));
        series.value = marks[i].value;
        const bool good = mark_read(&series, &mark);
        if (good != marks[i].good)
            fail_msg("%s: it was %s", marks[i].sentence, good ? "taken" : "refused");
        if (good && (mark.rule != wanted->rule || mark.evaluated != wanted->evaluated ||
                     mark.of_kind != wanted->of_kind || mark.kind != wanted->kind ||
                     mark.number < wanted->number || mark.number > wanted->number))
            fail_msg("%s: rule %d, evaluated %d, of a kind %d, kind %d, %g", marks[i].sentence,
                     (int)mark.rule, mark.evaluated, mark.of_kind, (int)mark.kind, mark.number);
    }
}

static void the_oldest_time_stands(void **state)
{
    (void)state;
    static const struct {
        double seconds[2];
        int64_t oldest_ms;
    } rows[] = {{{5, 7}, 5000}, {{7, 5}, 5000}, {{5.25, 5.25}, 5250}, {{0, 1}, 0}, {{1, 0}, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct survey survey = survey_empty();
        for (size_t k = 0; k < 2; k++) {
            struct survey_mark mark = {RULE_OLDEST, false, false, KIND_DEPLOYMENT,
                                       rows[i].seconds[k]};
            mark_add(&survey, &mark);
            mark.evaluated = true;
            mark.rule = RULE_ROWS;
            mark_add(&survey, &mark);
        }
        assert_int_equal(survey.oldest_ms, rows[i].oldest_ms);
        assert_int_equal(survey.evaluated_ms[RULE_ROWS], rows[i].oldest_ms);
        assert_int_equal(survey.evaluated_ms[RULE_OLDEST], ROW_MISSING);
        assert_int_equal(survey_total(&survey), 0);
    }
}

static void a_time_is_of_a_kind_or_of_all(void **state)
{
    (void)state;
    struct survey survey = survey_empty();
    struct survey_mark mark = {RULE_OLDEST, false, true, KIND_DAEMONSET, 5};
    mark_add(&survey, &mark);
    mark.kind = KIND_ROLLOUT;
    mark_add(&survey, &mark);
    assert_int_equal(survey.timed, KIND_BIT(KIND_DAEMONSET) | KIND_BIT(KIND_ROLLOUT));
    mark.of_kind = false;
    mark_add(&survey, &mark);
    assert_int_equal(survey.timed, KINDS_ALL);
    mark = (struct survey_mark){RULE_COUNT, true, true, KIND_DAEMONSET, 5};
    mark_add(&survey, &mark);
    assert_int_equal(survey_total(&survey), 0);
    mark.evaluated = false;
    mark_add(&survey, &mark);
    assert_int_equal(survey.total[KIND_DAEMONSET], 5);
    assert_int_equal(survey_total(&survey), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_read),
        cmocka_unit_test(the_oldest_time_stands),
        cmocka_unit_test(a_time_is_of_a_kind_or_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
