#include "evidence/lacks.h"
#include "evidence/rows.h"

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

/* Has all that an exporter says of the kind. */
static struct row full(enum workload_kind kind)
{
    struct row row = rows_whole(kind);
    row.created = row.current = row.paused = row.terminating = 1;
    row.current_revision = row.update_revision = 7;
    row.progressing = CONDITION_TRUE;
    return row;
}

static void leave_out(struct row *row, const struct metric *metric)
{
    char *field = (char *)row + metric->field;
    const int64_t missing = metric->meaning == MEANS_REVISION ? 0 : ROW_MISSING;
    if (metric->meaning == MEANS_CONDITION)
        row->progressing = CONDITION_ABSENT;
    else if (metric->meaning == MEANS_PHASE)
        row->phase = PHASE_NONE;
    else
        memcpy(field, &missing, sizeof missing);
}

static void each_that_is_missing_is_lacked_and_no_other(void **state)
{
    (void)state;
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct kind_metrics *of = kind_metrics(kind);
        struct row row = full(kind);
        assert_int_equal(lacks_of_row(&row), 0);
        for (size_t i = 0; i < of->count; i++) {
            row = full(kind);
            if (of->metrics[i].cost == NULL)
                continue; /* it is there only now and then */
            leave_out(&row, &of->metrics[i]);
            if (lacks_of_row(&row) != 1u << i)
                fail_msg("without %s a row lacks %#x", of->metrics[i].name, lacks_of_row(&row));
        }
    }
}

static void what_all_rows_of_a_kind_lack_is_shared(void **state)
{
    (void)state;
    struct lacks lacks = lacks_begin();
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct kind_metrics *of = kind_metrics(kind);
        size_t rare = 0;
        while (of->metrics[rare].cost == NULL)
            rare++;
        struct row without = full(kind), with = full(kind);
        leave_out(&without, &of->metrics[rare]);
        assert_int_equal(lacks.shared[kind], LACKS_ALL);
        assert_int_equal(lacks.rows[kind], 0);
        lacks_note(&lacks, &without);
        lacks_note(&lacks, &without);
        assert_int_equal(lacks.shared[kind], 1u << rare);
        lacks_note(&lacks, &with);
        assert_int_equal(lacks.shared[kind], 0);
        assert_int_equal(lacks.rows[kind], 3);
    }
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
    struct row more = with; /* which lacks two, and the other one misleads nobody */
    more.created = more.paused = ROW_MISSING;
    lacks = lacks_begin();
    lacks_note(&lacks, &more);
    assert_true(lacks_remark(&lacks, words, sizeof words));
    assert_string_equal(words, "no Deployment shows whether it is paused: a paused rollout is "
                               "shown as one that stalls; is kube_deployment_spec_paused in the "
                               "keep list of the scrape?");
    more = full(KIND_STATEFULSET);
    more.current = ROW_MISSING;
    lacks = lacks_begin();
    lacks_note(&lacks, &more);
    assert_false(lacks_remark(&lacks, words, sizeof words)); /* there are no Deployments */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_needed_stands_first),
        cmocka_unit_test(each_that_is_missing_is_lacked_and_no_other),
        cmocka_unit_test(what_all_rows_of_a_kind_lack_is_shared),
        cmocka_unit_test(a_remark_is_made_of_what_no_row_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
