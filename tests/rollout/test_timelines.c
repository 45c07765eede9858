/*
 * Every stored timeline, read as amberbar-replay reads it: state, p and why of each row.
 */
#include "commands/replay/timeline.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* With their rows: one that is lost in reading must not pass unseen. */
static const struct file {
    const char *name;
    size_t rows;
} timelines = {TESTS_DIR "/rollout/timelines.json", 151},
  field = {TESTS_DIR "/rollout/field.json", 120}; /* what people have reported of their clusters */

static struct tree *tree; /* of the file that is replayed */
static struct complaints complaints;

/* A row that expects nothing only has to be read. */
static bool is_expected(const struct node *row, const struct verdict *verdict)
{
    const struct node *expect = node_get(row, "expect");
    if (expect == NULL)
        return true;
    const struct node *p = node_get(expect, "p");
    const struct node *why = node_get(expect, "why");
    double number;
    if (strcmp(node_get(expect, "state")->text, state_name(verdict->state)) != 0 ||
        (why != NULL && strcmp(why->text, why_name(verdict->why)) != 0))
        return false;
    if (p == NULL || strcmp(p->text, "null") == 0)
        return isnan(verdict->p);
    return text_number(p->text, &number) && fabs(number - verdict->p) < 1e-6;
}

/* The number of rows that hold; `backwards` reverses each row's sources. */
static size_t replay(const struct node *node, bool backwards)
{
    struct workload_memory memory = {0};
    struct timeline timeline;
    size_t fine = 0;
    assert_true(timeline_read(tree, node, &timeline, &complaints));
    for (size_t i = 0; i < timeline.rows->count; i++) {
        struct timeline_row row;
        assert_true(timeline_read_row(tree, &timeline, i, &row, &complaints));
        for (size_t k = 0; backwards && k < row.sight.count / 2; k++) {
            struct row swapped = row.rows[k];
            row.rows[k] = row.rows[row.sight.count - 1 - k];
            row.rows[row.sight.count - 1 - k] = swapped;
        }
        struct verdict verdict = workload_judge(&memory, &timeline.limits, &row.sight);
        if (is_expected(&timeline.rows->children[i], &verdict))
            fine++;
        else
            fprintf(stderr, "%s at t=%g: got %s %.6f %s\n", timeline.id, row.t,
                    state_name(verdict.state), verdict.p, why_name(verdict.why));
    }
    return fine;
}

static void replay_all(const struct file *file, bool backwards)
{
    tree = tree_read_file(file->name, &complaints);
    assert_non_null(tree);
    const struct node *list = timeline_list(tree, &complaints);
    assert_non_null(list);
    size_t fine = 0;
    for (size_t i = 0; i < list->count; i++)
        fine += replay(&list->children[i], backwards);
    tree_free(tree);
    complaints_free(&complaints);
    assert_int_equal(fine, file->rows);
}

static void every_row_is_judged_as_expected(void **unused)
{
    (void)unused;
    replay_all(&timelines, false);
}

static void the_order_of_sources_is_irrelevant(void **unused)
{
    (void)unused;
    replay_all(&timelines, true);
}

static void every_row_from_the_field_is_judged_as_expected(void **unused)
{
    (void)unused;
    replay_all(&field, false);
}

/* ---- files that are none */

static void bad_files_say_where_and_what(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *file, *complaint;
    } table[] = {
        {"another schema", "{\"schema\": \"rollout-timelines/2\", \"timelines\": []}",
         "bad.json:1:1: not a file of timelines"},
        {"no map at all", "[1, 2]", "bad.json:1:1: not a file of timelines"},
        {"no timelines", "{\"schema\": \"rollout-timelines/1\"}", "bad.json:1:1: no timelines"},
        {"a kind that is nearly one",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         "{\"id\": \"a\", \"kind\": \"deployment\", \"rows\": []}]}",
         "; did you mean Deployment?"},
        {"a kind like no other",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         "{\"id\": \"a\", \"kind\": \"CronJob\", \"rows\": []}]}",
         "bad.json:2:1: kind is none of Deployment, "},
        {"no id",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         " {\"kind\": \"Deployment\", \"rows\": []}]}",
         "bad.json:2:2: a timeline without a name"},
        {"a row without a time",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         "{\"id\": \"a\", \"kind\": \"Deployment\", \"rows\": [\n  {\"gen\": 5}]}]}",
         "bad.json:3:3: a row without a time"},
        {"a time that is none",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         "{\"id\": \"a\", \"kind\": \"Deployment\", \"rows\": [\n  {\"t\": \"NaN\"}]}]}",
         "bad.json:3:3: a row without a time"},
        {"a limit that is none",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         "{\"id\": \"a\", \"kind\": \"Deployment\", \"config\": {\"max_age\": -1}, \"rows\": []}]}",
         ": a limit is no number"},
        {"sources that are none",
         "{\"schema\": \"rollout-timelines/1\", \"timelines\": [\n"
         "{\"id\": \"a\", \"kind\": \"Deployment\", \"rows\": [{\"t\": 0, \"sources\": 3}]}]}",
         ": sources is no list"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct complaints found = {0};
        struct tree *bad = tree_read_text("bad.json", table[i].file, strlen(table[i].file), &found);
        assert_non_null(bad);
        const struct node *list = timeline_list(bad, &found);
        struct timeline timeline;
        struct timeline_row row;
        if (list != NULL && timeline_read(bad, &list->children[0], &timeline, &found))
            for (size_t k = 0; k < timeline.rows->count; k++)
                timeline_read_row(bad, &timeline, k, &row, &found);
        if (found.count != 1 || strstr(found.text.data, table[i].complaint) == NULL)
            fail_msg("%s: %zu complaints: %s", table[i].sentence, found.count,
                     found.text.data != NULL ? found.text.data : "");
        complaints_free(&found);
        tree_free(bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_judged_as_expected),
        cmocka_unit_test(the_order_of_sources_is_irrelevant),
        cmocka_unit_test(every_row_from_the_field_is_judged_as_expected),
        cmocka_unit_test(bad_files_say_where_and_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
