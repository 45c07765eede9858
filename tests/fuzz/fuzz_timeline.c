/*
 * Fuzzes files of timelines, from their bytes to the verdicts, and checks of each verdict what must
 * hold of any.
 */
#include "commands/replay/timeline.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct verdict *verdict, const struct sight *sight)
{
    bool none = verdict->state == STATE_UNKNOWN || verdict->state == STATE_SCALED_TO_ZERO;
    must(none == (isnan(verdict->p) != 0));
    must(none || (verdict->p >= 0.0 && verdict->p <= verdict->q && verdict->q <= 1.0));
    must(none || verdict->p < 1.0 || verdict->state == STATE_STABLE ||
         verdict->state == STATE_PAUSED);
    must(verdict->state == STATE_UNKNOWN || sight->kind == SIGHT_ROWS);
    must(state_name(verdict->state) != NULL && why_sentence(verdict->why) != NULL);
}

static void replay(const struct tree *tree, const struct node *node, struct complaints *complaints)
{
    struct workload_memory memory = {0};
    struct timeline timeline;
    struct timeline_row row;
    if (!timeline_read(tree, node, &timeline, complaints))
        return;
    for (size_t i = 0; i < timeline.rows->count; i++) {
        if (!timeline_read_row(tree, &timeline, i, &row, complaints))
            continue;
        struct verdict verdict = workload_judge(&memory, &timeline.limits, &row.sight);
        check(&verdict, &row.sight);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct complaints complaints = {0};
    struct tree *tree = tree_read_text("fuzz.json", (const char *)data, size, &complaints);
    const struct node *list = tree != NULL ? timeline_list(tree, &complaints) : NULL;
    for (size_t i = 0; list != NULL && i < list->count; i++)
        replay(tree, &list->children[i], &complaints);
    tree_free(tree);
    complaints_free(&complaints);
    return 0;
}
