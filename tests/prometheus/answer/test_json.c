/*
 * What is seen of a JSON text before a parser reads it: its flaw, and where the list stands.
 */
#include "prometheus/answer/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) (literal), sizeof literal - 1
#define LIST(before, list) TEXT("{" before "\"data\":{\"result\":[" list "]}}")

static const struct {
    const char *sentence, *text;
    size_t length;
    enum json_flaw flaw;
    const char *list; /* what stands in the list; NULL: there is none, or it does not matter */
    size_t count;
} texts[] = {
    {"nothing", TEXT(""), JSON_NO_OBJECT, NULL, 0},
    {"white space alone", TEXT(" \t\r\n"), JSON_NO_OBJECT, NULL, 0},
    {"an empty object", TEXT("{}"), JSON_NO_FLAW, NULL, 0},
    {"each white space around it", TEXT(" \t\r\n{} \t\r\n"), JSON_NO_FLAW, NULL, 0},
    {"what is no white space of JSON", TEXT("\f{}"), JSON_NO_OBJECT, NULL, 0},
    {"... behind it", TEXT("{}\v"), JSON_GOES_ON, NULL, 0},
    {"an array", TEXT("[{}]"), JSON_NO_OBJECT, NULL, 0},
    {"a mark by itself", TEXT("\xEF\xBB\xBF"), JSON_BOM, NULL, 0},
    {"a part of a mark", TEXT("\xEF\xBB"), JSON_NO_OBJECT, NULL, 0},
    {"a NUL that is the last byte", TEXT("{\0"), JSON_NUL, NULL, 0},
    {"a NUL behind its end", TEXT("{}\0"), JSON_NUL, NULL, 0},
    {"an escaped NUL at the end", TEXT("{\"\\u0000"), JSON_NUL, NULL, 0},
    {"most of an escaped NUL", TEXT("{\"\\u000"), JSON_ENDS_EARLY, NULL, 0},
    {"an escaped NUL behind an escaped character", TEXT("{\"\\n\\u0000\"}"), JSON_NUL, NULL, 0},
    {"... and behind an escaped backslash", TEXT("{\"\\\\\\u0000\"}"), JSON_NUL, NULL, 0},
    {"an escaped backslash, and what is no NUL", TEXT("{\"\\\\u0000\"}"), JSON_NO_FLAW, NULL, 0},
    {"an escaped character that begins like it", TEXT("{\"\\u0001\"}"), JSON_NO_FLAW, NULL, 0},
    {"an escaped quote", TEXT("{\"a\\\"}"), JSON_ENDS_EARLY, NULL, 0},
    {"a quote behind an escaped backslash", TEXT("{\"a\\\\\"}"), JSON_NO_FLAW, NULL, 0},
    {"a quote behind two, the second escaped", TEXT("{\"a\\\\\\\"}"), JSON_ENDS_EARLY, NULL, 0},
    {"a quote behind nothing but a backslash", TEXT("{\"\\\"}"), JSON_ENDS_EARLY, NULL, 0},
    {"an empty string", TEXT("{\"\"}"), JSON_NO_FLAW, NULL, 0},
    {"a string of two quotes", TEXT("{\"\\\"\\\"\"}"), JSON_NO_FLAW, NULL, 0},
    {"an array that is not closed", TEXT("{["), JSON_ENDS_EARLY, NULL, 0},
    {"two objects", TEXT("{}{}"), JSON_GOES_ON, NULL, 0},
    {"an empty list", LIST("", ""), JSON_NO_FLAW, "", 0},
    {"a list of white space", LIST("", " \n"), JSON_NO_FLAW, " \n", 0},
    {"one element", LIST("", "1"), JSON_NO_FLAW, "1", 1},
    {"one behind white space", LIST("", "\t1"), JSON_NO_FLAW, "\t1", 1},
    {"three", LIST("", "1,{},[]"), JSON_NO_FLAW, "1,{},[]", 3},
    {"commas within are none of its own", LIST("", "[1,2],{\"a\":1,\"b\":2},\",\""), JSON_NO_FLAW,
     "[1,2],{\"a\":1,\"b\":2},\",\"", 3},
    {"commas around it neither",
     TEXT("{\"a\":1,\"data\":{\"a\":[1,2],\"result\":[1],\"b\":1,"
          "\"c\":[3,4]},\"d\":[5,6]}"),
     JSON_NO_FLAW, "1", 1},
    {"another list of lists first", LIST("\"a\":[[1,2],[]],", "7"), JSON_NO_FLAW, "7", 1},
    {"a second one is not looked at", TEXT("{\"data\":{\"result\":[1,2],\"result\":[3,4,5]}}"),
     JSON_NO_FLAW, "1,2", 2},
    {"an object", TEXT("{\"data\":{\"result\":{}}}"), JSON_NO_FLAW, NULL, 0},
    {"a longer name", TEXT("{\"data\":{\"results\":[]}}"), JSON_NO_FLAW, NULL, 0},
    {"a shorter name", TEXT("{\"data\":{\"resul\":[]}}"), JSON_NO_FLAW, NULL, 0},
    {"another name", TEXT("{\"data\":{\"resulx\":[]}}"), JSON_NO_FLAW, NULL, 0},
    {"another name outside", TEXT("{\"date\":{\"result\":[]}}"), JSON_NO_FLAW, NULL, 0},
    {"no names", TEXT("{[[]]}"), JSON_NO_FLAW, NULL, 0},
    {"deeper", TEXT("{\"data\":{\"result\":{\"result\":[]}}}"), JSON_NO_FLAW, NULL, 0},
    {"less deep", TEXT("{\"data\":[],\"result\":[]}"), JSON_NO_FLAW, NULL, 0},
    {"a name that is left over from another object", TEXT("{\"a\":{\"result\":1},\"data\":{[]}}"),
     JSON_NO_FLAW, NULL, 0},
};

static void see(size_t i, const char *text)
{
    struct json_list list = {7, 7, 7};
    const enum json_flaw flaw = json_flaw(text, texts[i].length, &list);
    if (flaw != texts[i].flaw)
        fail_msg("%s: %s", texts[i].sentence, json_flaw_words(flaw));
    const char *wanted = texts[i].list;
    if (flaw == JSON_NO_FLAW && json_has_list(&list) != (wanted != NULL))
        fail_msg("%s: a list %s", texts[i].sentence, wanted == NULL ? "was seen" : "is there");
    if (wanted != NULL &&
        (list.count != texts[i].count || list.end - list.start != strlen(wanted) ||
         memcmp(text + list.start, wanted, strlen(wanted)) != 0))
        fail_msg("%s: %zu elements from %zu to %zu", texts[i].sentence, list.count, list.start,
                 list.end);
}

/* Whatever stands behind them: nothing, where a sanitizer sees that it is read, or what would fit.
 */
static void texts_are_seen_from_outside(void **state)
{
    (void)state;
    static const char *const behind[] = {"", "0}", "\"}", "]}}", "\0", " x"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++) {
            const size_t more = k == 0 ? 0 : strlen(behind[k]) + 1;
            char *text = malloc(texts[i].length + more + (texts[i].length + more == 0));
            assert_non_null(text);
            memcpy(text, texts[i].text, texts[i].length);
            memcpy(text + texts[i].length, behind[k], more);
            see(i, text);
            free(text);
        }
}

/* So deep as is allowed, and one level more. */
static void depth_has_a_limit(void **state)
{
    (void)state;
    char text[2 * (JSON_DEPTH_MAX + 1)];
    for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        struct json_list list;
        memset(text, '{', depth);
        memset(text + depth, '}', depth);
        assert_int_equal(json_flaw(text, 2 * depth, &list),
                         depth <= JSON_DEPTH_MAX ? JSON_NO_FLAW : JSON_TOO_DEEP);
    }
}

static void white_space_is_skipped_to_the_end(void **state)
{
    (void)state;
    static const char bytes[] = "a \t\r\nb ";
    assert_int_equal(json_skip_space(bytes, 0, 7), 0);
    assert_int_equal(json_skip_space(bytes, 1, 7), 5);
    assert_int_equal(json_skip_space(bytes, 1, 3), 3);
    assert_int_equal(json_skip_space(bytes, 6, 7), 7);
    assert_int_equal(json_skip_space(bytes, 7, 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_seen_from_outside),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(white_space_is_skipped_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
