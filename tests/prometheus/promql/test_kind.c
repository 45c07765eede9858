#include "prometheus/promql/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The same prefix, and each time the matchers of the selection. */
static void what_is_settled_is_asked_of_the_selection(void **state)
{
    (void)state;
    for (int i = 0; i < KIND_COUNT; i++) {
        const struct kind_query *of = kind_query((enum workload_kind)i);
        const char *prefix = kind_metrics((enum workload_kind)i)->prefix;
        size_t metrics = 0, matchers = 0;
        for (const char *at = of->settled; (at = strstr(at, prefix)) != NULL; at++)
            metrics++;
        for (const char *at = of->settled; (at = strchr(at, '@')) != NULL; at++)
            matchers++;
        if (metrics == 0 || metrics != matchers)
            fail_msg("%zu metrics have %zu matchers in\n%s", metrics, matchers, of->settled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_settled_is_asked_of_the_selection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
