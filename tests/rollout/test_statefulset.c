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
    {"pods lost", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 2/2 3 3/3/2/2 b>b => DG 0.6667 degraded; "
     "9000: 2/2 3 3/3/2/2 b>b => DG 0.6667"},
    {"another size, the same revision: scaling", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 3/3 5 3/3/3/3 b>b => PR 0.6 scaling; "
     "615: 3/3 5 3/3/3/3 b>b => SL 0.6 scaling"},
    {"another size and another revision: a rollout", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 b>b => ST 1; 15: 3/3 5 3/0/3/3 b>c => PR 0 rollout"},
    {"another size, revisions not exported: a rollout, to be safe", KIND_STATEFULSET,
     "0: 2/2 3 3/3/3/3 => ST 1; 15: 3/3 5 3/3/3/3 => PR 0.6 rollout"},
};

static void every_row_decides_as_written(void **unused)
{
    (void)unused;
    STORIES_HOLD(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_decides_as_written)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
