/* Which of the config's own queries is asked next. */
#include "daemon/query_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_next_is_the_longest_due)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
