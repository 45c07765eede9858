#include "daemon/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void keeps_the_newest_fifty(void **state)
{
    (void)state;
    struct history history = {0};
    assert_null(history_newest(&history, 0));
    for (int64_t at = 1; at <= 120; at++) {
        history_add(&history, &(struct transition){.at_ms = at, .name = "cms"});
        assert_true(history_newest(&history, 0)->at_ms == at);
        size_t kept = at < HISTORY_LENGTH ? (size_t)at : HISTORY_LENGTH;
        assert_true(history_newest(&history, kept - 1)->at_ms == at - (int64_t)kept + 1);
        assert_null(history_newest(&history, kept));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_newest_fifty)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
