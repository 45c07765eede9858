/*
 * What certainly is no PromQL.
 */
#include "config/sections/promql_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *sentence, *promql, *refusal; /* NULL: it is taken */
} rows[] = {
    {"no brackets at all", "up", NULL},
    {"nothing", "", NULL},
    {"all kinds, in each other", "sum(rate(x{a=\"b\",c=~'d'}[5m])) / (1 - y[1h:5m])", NULL},
    {"a bracket in a string", "x{a=\"(\",b='[',c=`{`}", NULL},
    {"an escaped quote", "x{a=\"\\\"(\",b='\\''}", NULL},
    {"a backslash in a raw string escapes nothing", "x{a=`\\`}", NULL},
    {"a raw string of two lines", "x{a=`\n(`}", NULL},
    {"another kind of quote in a string", "x{a=\"it's\"}", NULL},
    {"a bracket in a comment", "up # (\n + 1", NULL},
    {"a comment at the end", "up # it's (", NULL},
    {"a bracket that stays open", "sum(up", "has a '(' without its ')'; add it"},
    {"the innermost that stays open", "sum(up{a=\"b\"", "has a '{' without its '}'; add it"},
    {"a bracket that closes nothing", "sum(up))", "has a ')' that closes nothing; remove it"},
    {"a bracket closed by another kind", "rate(x[5m)",
     "has a ')' where ']' should close '['; correct it"},
    {"a string that stays open", "x{a=\"b}", "has a string without its closing \"; add it"},
    {"a string that ends with its escape", "x{a='b\\'}",
     "has a string without its closing '; add it"},
    {"a string with a backslash at the very end", "\"\\",
     "has a string without its closing \"; add it"},
    {"a string broken over two lines", "x{a=\"b\n\"}",
     "has a string without its closing \"; add it"},
    {"a raw string that stays open", "x{a=`b}", "has a string without its closing `; add it"},
};

static void what_certainly_is_no_promql(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        bool good = promql_check(rows[i].promql, &error);
        const char *refusal = rows[i].refusal != NULL ? rows[i].refusal : "";
        if (good != (rows[i].refusal == NULL) || strcmp(error.text, refusal) != 0)
            fail_msg("%s: '%s', not '%s'", rows[i].sentence, error.text, refusal);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    struct error error = {0};
    char promql[PROMQL_CHECK_DEPTH_MAX + 2] = {0};
    memset(promql, '(', PROMQL_CHECK_DEPTH_MAX);
    assert_false(promql_check(promql, &error));
    promql[PROMQL_CHECK_DEPTH_MAX] = '(';
    assert_true(promql_check(promql, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_certainly_is_no_promql),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
