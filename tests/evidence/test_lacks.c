#include "evidence/lacks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A row of nothing lacks all that costs something, and the needed ones come first. */
static void what_is_needed_stands_first(void **state)
{
    (void)state;
    const struct row nothing = {.observed = 1,
                                .generation = ROW_MISSING,
                                .spec = ROW_MISSING,
                                .replicas = ROW_MISSING,
                                .updated = ROW_MISSING,
                                .available = ROW_MISSING,
                                .ready = ROW_MISSING,
                                .created = ROW_MISSING,
                                .paused = ROW_MISSING};
    const struct metric *list[METRICS_MAX];
    const size_t count = lacks_list(KIND_DEPLOYMENT, lacks_of_row(&nothing), list);
    const unsigned needed = lacks_needed(KIND_DEPLOYMENT, lacks_of_row(&nothing));
    assert_int_equal(count, 9); /* all but the observed generation, and the two that are rare */
    assert_int_equal(lacks_list(KIND_DEPLOYMENT, needed, list), 5);
    assert_int_equal(lacks_list(KIND_DEPLOYMENT, LACKS_ALL, list), 10);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(list[i]->needed, i < 6);
}

static void a_remark_is_made_of_what_no_row_has(void **state)
{
    (void)state;
    const struct row with = {.observed = 1, .progressing = CONDITION_TRUE},
                     without = {.observed = 1}, new = {.observed = 0};
    struct lacks lacks = lacks_begin();
    char words[256] = "";
    assert_false(lacks_remark(&lacks, words, sizeof words));
    lacks_note(&lacks, &new);
    assert_false(lacks_remark(&lacks, words, sizeof words));
    lacks = lacks_begin();
    lacks_note(&lacks, &without);
    assert_true(lacks_remark(&lacks, words, sizeof words));
    assert_non_null(
        strstr(words, "is kube_deployment_status_condition in the keep list of the scrape?"));
    lacks_note(&lacks, &with);
    assert_false(lacks_remark(&lacks, words, sizeof words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_needed_stands_first),
        cmocka_unit_test(a_remark_is_made_of_what_no_row_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
