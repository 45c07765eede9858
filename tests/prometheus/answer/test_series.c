/*
 * One series' labels: in order, once, and apart where they tell values of one source from others.
 */
#include "prometheus/answer/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Adds `names`, a letter each, with the value "v"; false when one was refused. */
static bool add_letters(struct series *series, const char *names)
{
    static char each[128][2];
    bool fine = true;
    for (const char *name = names; *name != '\0'; name++) {
        each[(int)*name][0] = *name;
        fine = series_add(series, each[(int)*name], "v") && fine;
    }
    return fine;
}

static void labels_are_ordered_and_there_once(void **state)
{
    (void)state;
    static const struct {
        const char *added, *ordered; /* NULL: refused */
    } rows[] = {
        {"", ""},         {"a", "a"},     {"abc", "abc"},   {"cba", "abc"}, {"bca", "abc"},
        {"bdac", "abcd"}, {"aa", NULL},   {"aba", NULL},    {"bab", NULL},  {"cbac", NULL},
        {"abcb", NULL},   {"aBb", "Bab"}, {"zyxw", "wxyz"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct series series;
        series_clear(&series);
        const bool fine = add_letters(&series, rows[i].added);
        if (fine != (rows[i].ordered != NULL))
            fail_msg("%s: %s", rows[i].added, fine ? "taken" : "refused");
        if (!fine)
            continue;
        assert_int_equal(series.count, strlen(rows[i].ordered));
        for (size_t k = 0; k < series.count; k++)
            if (series.labels[k].name[0] != rows[i].ordered[k])
                fail_msg("%s: %s is number %zu", rows[i].added, series.labels[k].name, k);
    }
}

static void an_empty_value_is_no_label(void **state)
{
    (void)state;
    struct series series;
    series_clear(&series);
    assert_true(series_add(&series, "a", ""));
    assert_true(series_add(&series, "phase", ""));
    assert_true(series_add(&series, "a", "v"));
    assert_true(series_add(&series, "a", ""));
    assert_int_equal(series.count, 1);
    assert_null(series.aside[ASIDE_PHASE]);
}

static void as_many_labels_as_there_is_room_for(void **state)
{
    (void)state;
    static char names[SERIES_LABELS_MAX + 1][16];
    struct series series;
    series_clear(&series);
    for (int i = 0; i <= SERIES_LABELS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "l%03d", i);
        assert_int_equal(series_add(&series, names[i], "v"), i < SERIES_LABELS_MAX);
    }
    assert_int_equal(series.count, SERIES_LABELS_MAX);
    for (int i = 0; i < ASIDE_COUNT; i++) /* they have room of their own */
        assert_true(series_add(&series, series_aside_name((enum aside)i), "v"));
    series_own(&series, 0);
    assert_int_equal(series.count, SERIES_LABELS_MAX + ASIDE_COUNT);
}

static void what_is_owned_stays_aside(void **state)
{
    (void)state;
    for (int i = 0; i < ASIDE_COUNT; i++) {
        const char *name = series_aside_name((enum aside)i);
        struct series series;
        series_clear(&series);
        assert_true(series_add(&series, "zone", "v") && series_add(&series, "Area", "v"));
        assert_true(series_add(&series, name, "v"));
        assert_false(series_add(&series, name, "v"));
        assert_string_equal(series.aside[i], "v");
        assert_null(series_label(&series, name));
        assert_int_equal(series.count, 2);
        series_own(&series, ASIDE_BIT(i));
        assert_int_equal(series.count, 2);
        assert_string_equal(series.aside[i], "v");
        series_own(&series, ~ASIDE_BIT(i));
        assert_null(series.aside[i]);
        assert_int_equal(series.count, 3);
        assert_string_equal(series.labels[1].name, name); /* in its place */
        assert_string_equal(series_label(&series, name), "v");
    }
}

static void labels_are_found_by_their_whole_name(void **state)
{
    (void)state;
    struct series series;
    series_clear(&series);
    assert_null(series_label(&series, "aa"));
    assert_true(series_add(&series, "ab", "1") && series_add(&series, "aa", "2"));
    assert_true(series_add(&series, "ba", "3"));
    assert_string_equal(series_label(&series, "aa"), "2");
    assert_string_equal(series_label(&series, "ab"), "1");
    assert_string_equal(series_label(&series, "ba"), "3");
    assert_null(series_label(&series, "a"));
    assert_null(series_label(&series, "aaa"));
    assert_null(series_label(&series, "ca"));
}

static void a_cleared_series_has_nothing(void **state)
{
    (void)state;
    struct series series;
    memset(&series, 0x55, sizeof series);
    series_clear(&series);
    for (size_t i = 0; i < ASIDE_COUNT; i++)
        assert_null(series.aside[i]);
    assert_int_equal(series.count, 0);
    assert_null(series.value);
    assert_int_equal(series.eval_ms, 0);
}

/* Labels are a name and a value in turn. */
static void hashes_tell_series_apart(void **state)
{
    (void)state;
    static const char *const series_of[][6] = {
        {NULL},
        {"a", "b"},
        {"a", "c"},
        {"b", "a"},
        {"ab", "c"},
        {"a", "bc"},
        {"a", "b", "c", "d"},
        {"a", "b", "c", "e"},
        {"a", "d", "c", "b"},
        {"phase", "b"},
        {"phase", "c"},
        {"reason", "b"},
        {"revision", "b"},
        {"phase", "b", "reason", "c"},
        {"phase", "c", "reason", "b"},
        {"__name__", "b"},
        {"amberbar_ask", "b"},
        {"a", "b", "phase", "b"},
    };
    uint64_t seen[sizeof series_of / sizeof series_of[0]];
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        struct series series;
        series_clear(&series);
        for (size_t k = 0; k < 6 && series_of[i][k] != NULL; k += 2)
            assert_true(series_add(&series, series_of[i][k], series_of[i][k + 1]));
        seen[i] = series_hash_asides(&series, series_hash_labels(&series, HASH_START));
        assert_true(seen[i] !=
                    series_hash_asides(&series, series_hash_labels(&series, HASH_START + 1)));
        for (size_t k = 0; k < i; k++)
            if (seen[k] == seen[i])
                fail_msg("%zu and %zu are the same", k, i);
    }
}

static void label_sets_are_ordered(void **state)
{
    (void)state;
    static const struct label sets[][3] = {
        /* in order */
        {{NULL, NULL}},
        {{"a", "a"}},
        {{"a", "a"}, {"b", "a"}},
        {{"a", "a"}, {"b", "b"}},
        {{"a", "a"}, {"b", "b"}, {"c", "a"}},
        {{"a", "a"}, {"c", "a"}},
        {{"a", "b"}},
        {{"a", "b"}, {"b", "a"}},
        {{"b", "a"}},
    };
    static const size_t counts[] = {0, 1, 2, 2, 3, 2, 1, 2, 1};
    for (int i = 0; i < 9; i++)
        for (int k = 0; k < 9; k++) {
            const int order = labels_compare(sets[i], counts[i], sets[k], counts[k]);
            if ((order > 0) - (order < 0) != (i > k) - (i < k))
                fail_msg("%d and %d: %d", i, k, order);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_ordered_and_there_once),
        cmocka_unit_test(an_empty_value_is_no_label),
        cmocka_unit_test(as_many_labels_as_there_is_room_for),
        cmocka_unit_test(what_is_owned_stays_aside),
        cmocka_unit_test(labels_are_found_by_their_whole_name),
        cmocka_unit_test(a_cleared_series_has_nothing),
        cmocka_unit_test(hashes_tell_series_apart),
        cmocka_unit_test(label_sets_are_ordered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
