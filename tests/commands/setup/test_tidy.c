#include "commands/setup/tidy.h"
#include "prometheus/http/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What is pasted, and what the config wants. */
static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *wanted;
    } rows[] = {
        {"http://a:9090", "http://a:9090"},
        {"http://a:9090/", "http://a:9090"},
        {"a", "a"},
        {"http://a:9090/graph?g0.expr=up&g0.tab=0#x", "http://a:9090"},
        {"https://a/prom/graph", "https://a/prom"},
        {"https://a/prom/query?g0.expr=up", "https://a/prom"},
        {"https://a/prometheus/api/v1/query", "https://a/prometheus"},
        {"https://a/api/v1/", "https://a"},
        {"http://vm:8428/vmui/#/?g0.expr=up", "http://vm:8428"},
        {"http://a/classic/graph", "http://a"},
        {"http://graph", "http://graph"}, /* a host of that name */
        {"http://query/query", "http://query"},
        {"https://api:6443/api/v1/namespaces/m/services/prometheus:9090/proxy",
         "https://api:6443/api/v1/namespaces/m/services/prometheus:9090/proxy"},
        {"graph", "graph"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[128];
        assert_true(tidy_address(rows[i].typed, out, sizeof out));
        assert_string_equal(out, rows[i].wanted);
    }
}

static void test_too_long(void **state)
{
    (void)state;
    char out[8];
    assert_false(tidy_address("http://a:9090", out, sizeof out));
}

static void test_schemes(void **state)
{
    (void)state;
    assert_true(url_is_web("http://a"));
    assert_true(url_is_web("HTTPS://a"));
    assert_false(url_is_web("a:9090"));
    assert_false(url_is_web("ftp://a"));
}

static void test_schemes_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *wanted; /* NULL: it is fine */
    } rows[] = {
        {"http://a", NULL},
        {"a:9090", NULL},
        {"a/b?c=d://e", NULL},
        {"htp://a:9090/x", "htp:// leads to no Prometheus; did you mean http://a:9090/x?"},
        {"htps://a", "htps:// leads to no Prometheus; did you mean https://a?"},
        {"://a", ":// leads to no Prometheus; did you mean http://a?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        const bool known = tidy_scheme_is_known(rows[i].typed, &error);
        if (known != (rows[i].wanted == NULL))
            fail_msg("%s is %s", rows[i].typed, known ? "taken" : "not taken");
        if (!known)
            assert_string_equal(error.text, rows[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_schemes),
        cmocka_unit_test(test_schemes_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
