#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct story table[] = {
    {"never observed: a set whose status is still empty", KIND_STATEFULSET,
     "0: 1/0 3 0/0/0/0 a>a => PR 0 unobserved"},
    {"generation 0 and observed 0 is not observed either", KIND_STATEFULSET,
     "0: 0/0 3 3/3/3/3 a>a => PR 0 unobserved"},
    {"zero", KIND_STATEFULSET, "0: 1/1 0 0/0/0/0 a>a => Z0"},
    {"zero wanted, pods left", KIND_STATEFULSET, "0: 1/1 0 2/2/2/2 a>a => PR 0 scaling"},
    {"complete, whatever the current revision says (trap 33)", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 a>b => ST 1 complete"},
    {"ready but not available is not complete", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/2 a>b => PR 0.6667 rollout"},
    {"available but not ready is not complete", KIND_STATEFULSET,
     "0: 2/2 3 3/3/2/3 a>b => PR 0.8333 rollout"},
    {"and the only one is not", KIND_STATEFULSET, "0: 1/1 1 1/1/0/1 a>a => PR 0.5 rollout"},
    {"all are new, and one is not ready: nobody drains", KIND_STATEFULSET,
     "0: 1/1 3 3/3/2/3 a>a cur3 => PR 0.8333 rollout"},
    {"more pods than wanted is not complete", KIND_STATEFULSET, "0: 2/2 2 3/3/3/3 a>a => PR 0.75"},
    {"a new generation is confirmed by a second sample", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a => ST 1; 15: 2/1 3 3/3/3/3 a>a => PR 0 unobserved; "
     "30: 2/2 3 3/3/3/3 a>b => PR 0 confirming; 45: 2/2 3 3/0/2/2 a>b => PR 0 rollout"},
    {"complete at the partition that we were told of", KIND_STATEFULSET,
     "partition 3; 0: 2/2 5 5/2/5/5 a>b => ST 1"},
    {"below the partition", KIND_STATEFULSET, "partition 3; 0: 2/2 5 5/1/5/5 a>b => PR 0.5"},
    {"a partition beyond the size leaves nothing to renew", KIND_STATEFULSET,
     "partition 9; 0: 2/2 3 3/0/2/2 a>b => PR 0.5; 15: 2/2 3 3/0/3/3 a>b => ST 1"},
    {"healthy and still for hold_after: held", KIND_STATEFULSET,
     "0: 2/2 4 4/1/4/4 a>b => PR 0.25 rollout; 59: 2/2 4 4/1/4/4 a>b => PR 0.25; "
     "60: 2/2 4 4/1/4/4 a>b => PA 0.25 held; 9000: 2/2 4 4/1/4/4 a>b => PA 0.25 held"},
    {"unhealthy and still is no hold: it stalls", KIND_STATEFULSET,
     "0: 2/2 4 4/1/3/3 a>b => PR 0; 60: 2/2 4 4/1/3/3 a>b => PR 0; "
     "600: 2/2 4 4/1/3/3 a>b => SL 0 rollout"},
    {"OnDelete, told to us: held at once", KIND_STATEFULSET,
     "OnDelete; 0: 2/2 4 4/1/4/4 a>b => PA 0.25 held"},
    {"OnDelete, and a deleted pod on its way: moving", KIND_STATEFULSET,
     "OnDelete; 0: 2/2 4 3/1/3/3 a>b => PR 0.25 rollout"},
    {"a pod drains for minutes and stays ready: never held, never stalled", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a cur3 => ST 1; 15: 2/2 3 3/0/3/3 a>b cur2 => PR 0 draining; "
     "75: 2/2 3 3/0/3/3 a>b cur2 => PR 0 draining; 9000: 2/2 3 3/0/3/3 a>b cur2 => PR 0 draining"},
    {"the last old one drains", KIND_STATEFULSET,
     "0: 2/2 3 3/2/3/3 a>b cur0 => PR 0.6667 draining; 60: 2/2 3 3/2/3/3 a>b cur0 => PR 0.6667 "
     "draining"},
    {"nobody drains: held", KIND_STATEFULSET,
     "0: 2/2 3 3/1/3/3 a>b cur2 => PR 0.3333 rollout; 60: 2/2 3 3/1/3/3 a>b cur2 => PA 0.3333 "
     "held; "
     "75: 2/2 3 3/1/3/3 a>b cur1 => PR 0.3333 draining"},
    {"a node is drained, without a rollout; then the pod is gone", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a cur3 => ST 1; 15: 1/1 3 3/2/3/3 a>a cur2 => PR 0.6667 draining; "
     "700: 1/1 3 3/2/3/3 a>a cur2 => PR 0.6667 draining; "
     "715: 1/1 3 2/2/2/2 a>a cur2 => DG 0.6667 degraded calm; "
     "730: 1/1 3 3/3/2/2 a>a cur3 => DG 0.6667 degraded calm; 745: 1/1 3 3/3/3/3 a>a cur3 => ST 1"},
    {"a pod drains and one is missing: the counters decide", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a cur3 => ST 1; 15: 1/1 3 3/2/2/2 a>a cur2 => DG 0.3333 degraded"},
    {"OnDelete, taken back: a third revision is no draining pod", KIND_STATEFULSET,
     "OnDelete; 0: 3/3 3 3/2/3/3 a>a cur2 => PA 0.6667 held"},
    {"OnDelete, complete, and a pod drains", KIND_STATEFULSET,
     "OnDelete; 0: 3/3 3 3/3/3/3 a>a cur3 => ST 1; 15: 3/3 3 3/2/3/3 a>a cur2 => PR 0.6667 "
     "draining"},
    {"the next old pod ends: what was proven stays", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/1/3/3 a>b cur3 => PR 0; "
     "30: 2/2 4 4/2/4/4 a>b cur1 => PR 0.5; 45: 2/2 4 4/2/3/3 a>b cur1 => PR 0.5; "
     "50: 2/2 4 4/2/3/3 a>b cur1 @45 => PR 0.5; 60: 2/2 4 4/3/3/3 a>b cur1 => PR 0.5"},
    {"old pods are not ready while they end: one at a time, so all the others serve",
     KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/3/3 a>b cur3 => PR 0; "
     "30: 2/2 4 4/1/3/3 a>b cur3 => PR 0; 45: 2/2 4 4/1/3/3 a>b cur2 => PR 0.25; "
     "60: 2/2 4 4/2/3/3 a>b cur2 => PR 0.25; 75: 2/2 4 4/2/3/3 a>b cur1 => PR 0.5"},
    {"the last of them ends: all the others are new, and serve", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/3/3 a>b cur3 => PR 0; "
     "90: 2/2 4 4/3/3/3 a>b cur0 => PR 0.75"},
    {"two at a time", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/2/2 a>b cur2 => PR 0; "
     "30: 2/2 4 4/2/2/2 a>b cur2 => PR 0; 45: 2/2 4 4/2/2/2 a>b cur1 => PR 0.25"},
    {"what the first row of a template proves stays as long as no pod of it is gone",
     KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/2/4/4 a>b cur2 => PR 0.5; "
     "30: 2/2 4 4/2/3/3 a>b cur1 => PR 0.5"},
    {"looked at twice it is still the first", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/2/4/4 a>b cur2 => PR 0.5; "
     "17: 2/2 4 4/2/4/4 a>b cur2 @15 => PR 0.5; 30: 2/2 4 4/1/3/3 a>b cur2 => PR 0"},
    {"two at a time, of which one ends, and is ready as a new one may be", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/3/3 a>b cur2 => PR 0; "
     "30: 2/2 4 4/1/3/3 a>b cur2 => PR 0"},
    {"a third template that takes no pod of the second", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/1/4/4 a>b cur3 => PR 0.25; "
     "30: 3/3 4 4/0/4/4 a>c cur3 => PR 0; 45: 3/3 4 4/1/3/3 a>c cur2 => PR 0"},
    {"a third template: nobody knows what its neighbours are", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/3/3 a>b cur3 => PR 0; "
     "30: 2/2 4 4/2/4/4 a>b cur2 => PR 0.5; 45: 3/3 4 4/0/3/3 a>c cur2 => PR 0; "
     "60: 3/3 4 4/1/3/3 a>c cur2 => PR 0"},
    {"another size in between: nor which pods are still to come", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/3/3 a>b cur3 => PR 0; "
     "30: 3/3 6 6/3/3/3 a>b cur3 => PR 0"},
    {"OnDelete: nor who deletes how many", KIND_STATEFULSET,
     "OnDelete; 0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/0/3/3 a>b cur3 => PR 0; "
     "30: 2/2 4 4/1/3/3 a>b cur2 => PR 0"},
    {"a new pod breaks while nobody terminates: it does not", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/1/3/3 a>b cur3 => PR 0; "
     "30: 2/2 4 4/2/4/4 a>b cur2 => PR 0.5; 45: 2/2 4 4/2/3/3 a>b cur2 => PR 0.25"},
    {"a new pod is deleted: neither", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/1/3/3 a>b cur3 => PR 0; "
     "30: 2/2 4 4/2/4/4 a>b cur2 => PR 0.5; 45: 2/2 4 4/1/3/3 a>b cur2 => PR 0.25"},
    {"the first row of a template proves nothing for later: it may be torn", KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 a>a cur4 => ST 1; 15: 2/2 4 4/2/4/4 a>b cur2 => PR 0.5; "
     "30: 2/2 4 4/1/3/3 a>b cur2 => PR 0"},
    {"without revisions the generation tells templates apart: of another nothing is proven",
     KIND_STATEFULSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 2/2 4 4/2/3/3 => PR 0.25; 30: 2/2 4 4/2/4/4 => PR 0.5; "
     "45: 3/2 4 4/2/4/4 => PR 0; 60: 3/3 4 4/1/3/3 => PR 0"},
    {"the partition was moved in the cluster: all pods are the target", KIND_STATEFULSET,
     "partition 3; 0: 1/1 5 5/5/5/5 a>a cur5 => ST 1; 15: 2/2 5 5/1/5/5 a>b cur3 => PR 0.5; "
     "30: 2/2 5 5/2/5/5 a>b cur3 => ST 1; 45: 3/3 5 5/3/4/4 a>b cur2 => PR 0.4; "
     "60: 3/3 5 5/3/5/5 a>b cur2 => PR 0.6; 75: 3/3 5 5/5/5/5 b>b cur5 => ST 1"},
    {"also one of a single pod", KIND_STATEFULSET,
     "partition 1; 0: 2/2 3 3/3/2/2 a>b => PR 0.6667"},
    {"a partition of all pods, and the only one is lost", KIND_STATEFULSET,
     "partition 1; 0: 2/2 1 1/0/0/0 a>b => PR 0.5"},
    {"pods of a scale-down are no sign of that", KIND_STATEFULSET,
     "partition 3; 0: 2/2 5 5/2/5/5 a>b cur3 => ST 1; 15: 3/3 4 5/2/5/5 a>b cur3 => PR 0.5 "
     "scaling; "
     "30: 3/3 4 4/1/4/4 a>b cur3 => ST 1"},
    {"a revision that a scrape lacks is no other template: it stalls all the same",
     KIND_STATEFULSET,
     "0: 2/2 4 4/1/3/3 a>b => PR 0; 300: 2/2 4 4/1/3/3 => PR 0; 600: 2/2 4 4/1/3/3 a>b => SL 0"},
    {"another template and another size over a stalled one begin anew", KIND_STATEFULSET,
     "0: 2/2 4 4/1/3/3 a>b => PR 0; 600: 2/2 4 4/1/3/3 a>b => SL 0; "
     "615: 3/3 5 4/1/3/3 a>c => PR 0 rollout"},
    {"and so does whatever else is new in its spec", KIND_STATEFULSET,
     "0: 2/2 4 4/1/3/3 a>b => PR 0; 600: 2/2 4 4/1/3/3 a>b => SL 0; "
     "615: 3/3 4 4/1/3/3 a>b => PR 0 rollout"},
    {"pods lost before the size changed are lost still", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b cur3 => ST 1; 15: 2/2 3 3/3/1/1 b>b cur3 => DG 0.3333 calm; "
     "30: 3/3 4 4/4/1/1 b>b cur4 => DG 0.25; 45: 4/4 3 3/3/1/1 b>b cur3 => DG 0.3333"},
    {"pods lost", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 2/2 3 3/3/2/2 b>b => DG 0.6667 degraded; "
     "9000: 2/2 3 3/3/2/2 b>b => DG 0.6667"},
    {"another size, the same revision: scaling", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 3/3 5 3/3/3/3 b>b => PR 0.6 scaling; "
     "615: 3/3 5 3/3/3/3 b>b => SL 0.6 scaling"},
    {"there and back again is scaling, too", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 3/3 5 3/3/3/3 b>b => PR 0.6 scaling; "
     "30: 4/4 3 5/5/3/3 b>b => PR 0.8333 scaling"},
    {"something else in its spec is new, and a pod is gone: the size is the same", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 3/3 3 2/2/2/2 b>b => PR 0.6667 rollout"},
    {"another size and another revision: a rollout", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 3/3 5 3/0/3/3 b>c => PR 0 rollout"},
    {"undone: the template that was settled comes anew", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a => ST 1; 15: 2/2 3 3/1/2/2 a>b => PR 0 rollout; "
     "30: 3/3 3 3/2/2/2 a>a => PR 0.3333 rollout"},
    {"undone, and another size: what is left of it is scaling", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a => ST 1; 15: 2/2 3 3/1/2/2 a>b => PR 0 rollout; "
     "30: 3/3 5 3/2/2/2 a>a => PR 0.2 scaling"},
    {"another size, revisions not exported: a rollout, to be safe", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 => ST 1; 15: 3/3 5 3/3/3/3 => PR 0.6 rollout"},
};

static void every_row_decides_as_written(void **unused)
{
    (void)unused;
    STORIES_HOLD(table);
}

/* Of the three numbers that tell it each may be missing. */
static void that_pods_end_is_told_by_three_numbers(void **unused)
{
    (void)unused;
    static const struct {
        uint64_t current_revision, update_revision;
        int64_t current;
        enum why why;
    } rows[] = {
        {1, 2, 1, WHY_DRAINING}, {1, 2, 0, WHY_DRAINING}, {0, 2, 1, WHY_ROLLOUT},
        {1, 0, 1, WHY_ROLLOUT},  {0, 0, 1, WHY_ROLLOUT},  {1, 2, ROW_MISSING, WHY_ROLLOUT},
        {1, 2, 2, WHY_ROLLOUT}, /* one is new, and all are there */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct workload_memory memory = {0};
        struct row row = story_row(KIND_STATEFULSET, STORY_ZERO_MS, "2/2 3 3/1/3/3");
        const struct sight sight = {
            .kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = STORY_ZERO_MS};
        row.current_revision = rows[i].current_revision;
        row.update_revision = rows[i].update_revision;
        row.current = rows[i].current;
        const struct verdict verdict = workload_judge(&memory, &limits_default, &sight);
        if (verdict.why != rows[i].why)
            fail_msg("row %zu: %s", i, why_name(verdict.why));
    }
}

/* More pods are new than the partition leaves, while the set says that its update goes on. */
static void that_a_partition_was_moved_is_told_by_both_revisions(void **unused)
{
    (void)unused;
    static const struct {
        int64_t partition;
        uint64_t current_revision, update_revision;
        bool moved;
    } rows[] = {
        {1, 7, 8, true},  {2, 7, 8, true},  {3, 7, 8, true},  {0, 7, 8, false}, {1, 7, 7, false},
        {1, 0, 8, false}, {1, 7, 0, false}, {2, 0, 8, false}, {2, 7, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct workload_memory memory = {0};
        struct limits limits = limits_default;
        struct row row = story_row(KIND_STATEFULSET, STORY_ZERO_MS, "2/2 3 3/3/2/2");
        const struct sight sight = {
            .kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = STORY_ZERO_MS};
        row.current_revision = rows[i].current_revision;
        row.update_revision = rows[i].update_revision;
        limits.partition = rows[i].partition;
        const struct verdict verdict = workload_judge(&memory, &limits, &sight);
        if (verdict.partition_moved != rows[i].moved)
            fail_msg("row %zu: it was %smoved", i, rows[i].moved ? "not " : "");
        assert_int_equal(verdict.target, rows[i].moved ? 3 : 3 - rows[i].partition);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_decides_as_written),
        cmocka_unit_test(that_a_partition_was_moved_is_told_by_both_revisions),
        cmocka_unit_test(that_pods_end_is_told_by_three_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
