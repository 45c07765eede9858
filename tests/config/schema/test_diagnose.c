#include "config/expect.h"
#include "config/schema/diagnose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* Where a sentence is about a key, and about one within it. */
static void test_node_about(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *map, *said;
        const char *key; /* NULL: the map itself */
    } rows[] = {
        {"the key that it begins with", "{a: 1, b: 2}", "b is wrong", "b"},
        {"with a colon", "{a: 1, b: 2}", "b: is wrong", "b"},
        {"nothing but the key", "{a: {b: 1}}", "a", "a"},
        {"one within it", "{a: {b: 1}}", "a: b: is wrong", "b"},
        {"two within it", "{a: {b: {c: 1}}}", "a: b: c is wrong", "c"},
        {"one within that there is not", "{a: {b: 1}}", "a: c is wrong", "a"},
        {"no key", "{a: 1}", "wrong", NULL},
        {"none within where no colon says so", "{a: {s: 1}}", "a is wrong", "a"},
        {"none within behind a colon alone", "{a: {b: 1}}", "a:xb is wrong", "a"},
        {"a key that begins like another", "{ab: 1, a: 2}", "a is wrong", "a"},
        {"a key that is longer than the word", "{ab: 1}", "a is wrong", NULL},
        {"a list, which has no keys", "[a]", "a is wrong", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        struct tree *tree = tree_read_text("x", rows[i].map, strlen(rows[i].map), &complaints);
        expect_complaints(rows[i].sentence, &complaints, "");
        const struct node *node = node_about(tree_root(tree), rows[i].said);
        const char *key = node->key != NULL ? node->key : "the map";
        if (strcmp(key, rows[i].key != NULL ? rows[i].key : "the map") != 0)
            fail_msg("%s: '%s' is about %s", rows[i].sentence, rows[i].said, key);
        tree_free(tree);
        complaints_free(&complaints);
    }
}

/* What YAML calls true and false, where words are asked for. */
static void test_other_spellings(void **state)
{
    (void)state;
    static const char *const switches[] = {"on", "off"};
    static const char *const colours[] = {"red", "green"};
    static const struct {
        const char *word, *of_switches, *of_colours;
    } rows[] = {
        {"yes", "did you mean 'on'?", "write red or green"},
        {"true", "did you mean 'on'?", "write red or green"},
        {"no", "did you mean 'off'?", "write red or green"},
        {"false", "did you mean 'off'?", "write red or green"},
        {"OFF", "did you mean 'off'?", "write red or green"},
        {"gren", "write on or off", "did you mean 'green'?"},
        {"", "write on or off", "write red or green"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char advice[DIAGNOSE_ADVICE_SIZE];
        diagnose_advise(advice, rows[i].word, switches, 2);
        assert_string_equal(advice, rows[i].of_switches);
        diagnose_advise(advice, rows[i].word, colours, 2);
        assert_string_equal(advice, rows[i].of_colours);
    }
}

static void test_lists(void **state)
{
    (void)state;
    static const char *const words[] = {"a", "b", "c"};
    char list[DIAGNOSE_ADVICE_SIZE];
    diagnose_list(list, words, 0);
    assert_string_equal(list, "");
    diagnose_list(list, words, 1);
    assert_string_equal(list, "write a");
    diagnose_list(list, words, 2);
    assert_string_equal(list, "write a or b");
    diagnose_list(list, words, 3);
    assert_string_equal(list, "write a, b or c");

    static const char *many[DIAGNOSE_ADVICE_SIZE];
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
        many[i] = "abcdef";
    diagnose_list(list, many, sizeof many / sizeof many[0]);
    assert_int_equal(strlen(list), DIAGNOSE_ADVICE_SIZE - 1); /* the rest is left out */
}

/* A secret without its quotes, say, is repeated in part: so many bytes, and whole characters. */
static void test_shown(void **state)
{
    (void)state;
    char text[DIAGNOSE_SHOWN + 8];
    memset(text, 'a', sizeof text);
    text[DIAGNOSE_SHOWN] = '\0';
    assert_int_equal(reading_shown(text), DIAGNOSE_SHOWN);
    text[DIAGNOSE_SHOWN] = 'a';
    text[DIAGNOSE_SHOWN + 1] = '\0';
    assert_int_equal(reading_shown(text), DIAGNOSE_SHOWN);
    memcpy(text + DIAGNOSE_SHOWN - 1, "\xc3\xa9", 3);
    assert_int_equal(reading_shown(text), DIAGNOSE_SHOWN - 1);
    memcpy(text + DIAGNOSE_SHOWN - 2, "\xc3\xa9", 3);
    assert_int_equal(reading_shown(text), DIAGNOSE_SHOWN);
}

/* The value of the key a is asked for, as a word. */
static void expect_word(const char *text, const char *expected)
{
    struct complaints complaints = {0};
    const struct reading reading = {"x", &complaints, MANUAL_CONFIG};
    struct tree *tree = tree_read_text("x", text, strlen(text), &complaints);
    assert_non_null(tree);
    const bool good = node_is(&reading, node_get(tree_root(tree), "a"), NODE_SCALAR, "a word");
    expect_complaints(text, &complaints, expected);
    assert_int_equal(good, expected[0] == '\0');
    tree_free(tree);
    complaints_free(&complaints);
}

/* A value that is asked for and is not there, however YAML has it; and quotes of word processors.
 */
static void test_values_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaints;
    } rows[] = {
        {"a:", "x:1:3: a cannot be empty; write a word\n"},
        {"a: ~", "x:1:4: a cannot be empty; write a word\n"},
        {"a: null", "x:1:4: a cannot be empty; write a word\n"},
        {"a: Null", "x:1:4: a cannot be empty; write a word\n"},
        {"a: NULL", "x:1:4: a cannot be empty; write a word\n"},
        {"a: ''", ""},
        {"a: 'null'", ""},
        {"a: nULL", ""},
        {"a: b", ""},
        {"a: [b]", "x:1:4: a cannot be a list; write a word\n"},
        {"a: {b: c}", "x:1:4: a cannot be a map of keys; write a word\n"},
    };
    static const char *const quotes[] = {"\u201c", "\u201d", "\u201e", "\u201f", "\u2018",
                                         "\u2019", "\u201a", "\u201b", "\u00ab", "\u00bb"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_word(rows[i].text, rows[i].complaints);
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        char text[32];
        snprintf(text, sizeof text, "a: %sb%s", quotes[i], quotes[i]);
        expect_word(text, "x:1:4: a cannot begin with a typographic quote; write plain ones: "
                          "\"...\"\n");
        snprintf(text, sizeof text, "a: '%sb'", quotes[i]);
        expect_word(text, "");
        snprintf(text, sizeof text, "a: b%s", quotes[i]);
        expect_word(text, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_node_about),
        cmocka_unit_test(test_other_spellings),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_values_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
