/*
 * Keys that a map does not have: where they belong, what else they mean, and what is no key at all.
 */
#include "config/schema/keys.h"

#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* 59 letters, the longest that is known again with its value right behind it. */
#define LONG_KEY "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefg"

struct settings {
    char text[32];
    char list[32]; /* of what has to be quoted */
    int64_t number;
};

static const struct field few[] = {
    {.key = "pixels", .type = FIELD_STRING, .offset = offsetof(struct settings, list), .size = 32},
    {.key = "show", .type = FIELD_STRING, .offset = offsetof(struct settings, text), .size = 32},
    {.key = NULL},
};
static const struct field with_long[] = {
    {.key = LONG_KEY, .type = FIELD_INTEGER, .offset = offsetof(struct settings, number)},
    {.key = NULL},
};
static const struct field needed[] = {
    {.key = "url",
     .type = FIELD_STRING,
     .offset = offsetof(struct settings, text),
     .size = 32,
     .required = true},
    {.key = NULL},
};

static void expect_keys(const char *sentence, const struct field fields[], const char *text,
                        const char *expected)
{
    struct settings settings = {0};
    struct complaints complaints = {0};
    const struct reading reading = {"x", &complaints, MANUAL_CONFIG};
    const struct keys keys = {.fields = fields, .settings = &settings};
    struct tree *tree = tree_read_text("x", text, strlen(text), &complaints);
    assert_non_null(tree);
    fields_read(&reading, tree_root(tree), &keys, 1);
    expect_complaints(sentence, &complaints, expected);
    tree_free(tree);
    complaints_free(&complaints);
}

static void test_where_they_belong(void **state)
{
    (void)state;
    static const struct {
        const char *key, *place;
    } rows[] = {
        {"max_age", "a rollout"},
        {"stall_after", "a rollout"},
        {"forget_after", "a rollout"},
        {"degraded_after", "a rollout"},
        {"hold_after", "a rollout"},
        {"namespace", "a rollout"},
        {"deployment", "a rollout"},
        {"poll_interval", "prometheus"},
        {"timeout", "prometheus"},
        {"namespace_label", "prometheus"},
        {"cluster_label", "prometheus"},
        {"brightness", "display"},
        {"night", "display"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64], expected[256];
        snprintf(text, sizeof text, "{%s: 1}", rows[i].key);
        snprintf(expected, sizeof expected,
                 "x:1:2: unknown key '%s' here: it is one of %s; move it there\n", rows[i].key,
                 rows[i].place);
        expect_keys(rows[i].key, few, text, expected);
    }
}

static const struct {
    const char *word, *key;
} meanings[] = {
    {"address", "url"},
    {"endpoint", "url"},
    {"host", "url"},
    {"server", "url"},
    {"target", "url"},
    {"auth", "basic_auth"},
    {"login", "basic_auth"},
    {"pass", "basic_auth"},
    {"passwd", "basic_auth"},
    {"user", "basic_auth"},
    {"api_key", "authorization"},
    {"apikey", "authorization"},
    {"apiKey", "authorization"},
    {"bearer", "authorization"},
    {"token", "authorization"},
    {"token_file", "authorization"},
    {"cacert", "tls_config"},
    {"certificate", "tls_config"},
    {"insecure", "tls_config"},
    {"ssl", "tls_config"},
    {"tls", "tls_config"},
    {"TLS", "tls_config"},
    {"verify", "tls_config"},
    {"org_id", "http_headers"},
    {"tenant", "http_headers"},
    {"X-Scope-OrgID", "http_headers"},
    {"interval", "poll_interval"},
    {"scrape_interval", "poll_interval"},
    {"refresh", "poll_interval"},
    {"proxy", "proxy_url"},
    {"ns", "namespace"},
    {"project", "namespace"},
    {"expr", "query"},
    {"promql", "query"},
    {"warn", "warning"},
    {"crit", "critical"},
    {"error", "critical"},
    {"leds", "pixels"},
    {"length", "pixels"},
    {"type", "chip"},
    {"driver", "chip"},
};

static void test_what_else_they_mean(void **state)
{
    (void)state;
    static const char *const names[] = {
        "url",           "basic_auth", "authorization", "tls_config", "http_headers",
        "poll_interval", "proxy_url",  "namespace",     "query",      "warning",
        "critical",      "pixels",     "chip"};
    struct field fields[sizeof names / sizeof names[0] + 1] = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        fields[i] = (struct field){.key = names[i], .type = FIELD_STRING, .size = 32};
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        char text[64], expected[256];
        snprintf(text, sizeof text, "{%s: 1}", meanings[i].word);
        snprintf(expected, sizeof expected, "x:1:2: unknown key '%s'; did you mean '%s'?\n",
                 meanings[i].word, meanings[i].key);
        expect_keys(meanings[i].word, fields, text, expected);
    }
    expect_keys("a word for a key that there is not here", few, "{ns: 1}",
                "x:1:2: unknown key 'ns'; write pixels or show\n");
    expect_keys("a required key by another word is not missing, too", needed, "{host: 1}",
                "x:1:2: unknown key 'host'; did you mean 'url'?\n");
    expect_keys("one by a word for another is", needed, "{ns: 1}",
                "x:1:1: the key 'url' is missing here; add it, with text\n"
                "x:1:2: unknown key 'ns'; write url\n");
}

/* Of more than a sentence holds the manual tells. */
static void test_how_many_are_listed(void **state)
{
    (void)state;
    static const char *const names[] = {"aa", "bb", "cc", "dd", "ee", "ff",
                                        "gg", "hh", "ii", "jj", "kk"};
    struct field fields[sizeof names / sizeof names[0] + 1] = {0};
    for (size_t i = 0; i < 10; i++)
        fields[i] = (struct field){.key = names[i], .type = FIELD_STRING, .size = 32};
    expect_keys("ten keys", fields, "{zzzzzzzz: 1}",
                "x:1:2: unknown key 'zzzzzzzz'; write aa, bb, cc, dd, ee, ff, gg, hh, ii or jj\n");
    fields[10] = (struct field){.key = names[10], .type = FIELD_STRING, .size = 32};
    expect_keys("eleven keys", fields, "{zzzzzzzz: 1}",
                "x:1:2: unknown key 'zzzzzzzz'; amberbar.yaml(5) lists those that there are\n");
}

/* A comma within braces ends a value: what follows it looks like keys without values. */
static void test_torn_off(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text, *complaints;
    } rows[] = {
        {"one that was torn off", "{pixels: 0-2,4}",
         "x:1:14: within { } a comma ends a value; put it in quotes: pixels: \"0-2,4\"\n"},
        {"two, and keys behind them that are unknown", "{pixels: 0-2,4-5,7, foo: 1, bar: 2, 8}",
         "x:1:14: within { } a comma ends a value; put it in quotes: pixels: \"0-2,4-5,7\"\n"
         "x:1:21: unknown key 'foo'; write pixels or show\n"
         "x:1:29: unknown key 'bar'; write pixels or show\n"
         "x:1:37: within { } a comma ends a value; put it in quotes: bar: \"2,8\"\n"},
        {"a word without a value", "{pixels: 0-2, shw}",
         "x:1:15: unknown key 'shw'; did you mean 'show'?\n"},
        {"a number with a letter", "{pixels: 0-2, 4a}",
         "x:1:15: unknown key '4a'; write pixels or show\n"},
        {"nothing at all", "{pixels: 0-2, '': }", "x:1:15: unknown key ''; write pixels or show\n"},
        {"a number with a value", "{pixels: 0-2, 4: 5}",
         "x:1:15: unknown key '4'; write pixels or show\n"},
        {"a number with an empty text", "{pixels: 0-2, 4: ''}",
         "x:1:15: unknown key '4'; write pixels or show\n"},
        {"a number that comes first", "{4, pixels: 0-2}",
         "x:1:2: unknown key '4'; write pixels or show\n"},
        {"a number after a list", "{pixels: [0], 4}",
         "x:1:10: pixels cannot be a list; write text\n"
         "x:1:15: unknown key '4'; write pixels or show\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_keys(rows[i].sentence, few, rows[i].text, rows[i].complaints);
    expect_keys(
        "more than a sentence holds", few,
        "{pixels: 1000,1001,1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,1012,1013,1014,1015,"
        "1016,1017,1018,1019,1020,1021,1022,1023,1024,1025,1026}",
        "x:1:15: within { } a comma ends a value; put it in quotes: pixels: \"1000,1001,1002,1003,"
        "1004,1005,1006,1007,1008,1009,1010,1011,1012,1013,1014,1015,1016,1017,1018,1019,1020,1021,"
        "1022,1023\"\n");
}

/* "brightness:50%": the space is missing. */
static void test_run_together(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text, *complaints;
    } rows[] = {
        {"a key and its value", LONG_KEY ":5",
         "x:1:1: a space is missing after '" LONG_KEY ":'; add it\n"},
        {"a key and nothing", "{a: {" LONG_KEY ":5}}",
         "x:1:2: unknown key 'a'; write " LONG_KEY "\n"},
        {"one letter more than any key has", LONG_KEY "h:5",
         "x:1:1: this cannot be a single value; write its keys, indented under it\n"},
        {"a word that is no key", "abc:5",
         "x:1:1: this cannot be a single value; write its keys, indented under it\n"},
        {"in quotes it is a text", "'" LONG_KEY ":5'",
         "x:1:1: this cannot be a single value; write its keys, indented under it\n"},
        {"as a key within braces", "{" LONG_KEY ":5}",
         "x:1:2: a space is missing after '" LONG_KEY ":'; add it\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_keys(rows[i].sentence, with_long, rows[i].text, rows[i].complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_they_belong),   cmocka_unit_test(test_what_else_they_mean),
        cmocka_unit_test(test_how_many_are_listed), cmocka_unit_test(test_torn_off),
        cmocka_unit_test(test_run_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
