#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct story table[] = {
    {"unobserved: the old pods prove nothing", KIND_DAEMONSET,
     "0: 4/3 4 4/4/4/4 => PR 0 unobserved"},
    {"no node wants it", KIND_DAEMONSET, "0: 1/1 0 0/0/0/0 => Z0"},
    {"no node wants it any more", KIND_DAEMONSET, "0: 1/1 0 2/2/2/2 => PR 0 scaling"},
    {"complete", KIND_DAEMONSET, "0: 1/1 4 4/4/4/4 => ST 1"},
    {"a new generation is confirmed by a second sample", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 2/2 4 4/4/4/4 => ST 1 confirming; "
     "30: 2/2 4 4/0/4/4 => PR 0 rollout"},
    {"updated, one not available", KIND_DAEMONSET, "0: 2/2 4 4/4/3/3 => PR 0.75 rollout"},
    {"it has no partition", KIND_DAEMONSET, "partition 3; 0: 2/2 4 4/1/4/4 => PR 0.25 rollout"},
    {"a stuck surge looks available and unchanged: stalled", KIND_DAEMONSET,
     "0: 2/2 4 4/1/4/4 => PR 0.25; 600: 2/2 4 4/1/4/4 => SL 0.25 rollout"},
    {"OnDelete, told to us: held", KIND_DAEMONSET, "OnDelete; 0: 2/2 4 4/1/4/4 => PA 0.25 held"},
    {"OnDelete and a pod missing: moving", KIND_DAEMONSET,
     "OnDelete; 0: 2/2 4 4/2/3/3 => PR 0.25 rollout"},
    {"a node joins", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 1/1 5 4/4/4/4 => PR 0.8 scaling; 30: 1/1 5 5/5/5/5 => ST 1"},
    {"a node leaves: done at once", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 1/1 3 4/4/4/4 => ST 1"},
    {"a pod crashes", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 1/1 4 4/4/3/3 => DG 0.75 degraded"},
    {"the next old pod ends: what was proven stays", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 2/2 4 4/1/3/3 => PR 0; 30: 2/2 4 4/1/4/4 => PR 0.25; "
     "45: 2/2 4 4/1/3/3 => PR 0.25; 60: 2/2 4 4/2/3/3 => PR 0.25"},
    {"fewer are available than were proven: those are not", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 2/2 4 4/2/2/2 => PR 0; 30: 2/2 4 4/3/4/4 => PR 0.75; "
     "45: 2/2 4 4/3/2/2 => PR 0.5; 60: 2/2 4 4/3/4/4 => PR 0.75"},
    {"a new pod is deleted: it is not", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 2/2 4 4/2/2/2 => PR 0; 30: 2/2 4 4/2/4/4 => PR 0.5; "
     "45: 2/2 4 4/1/3/3 => PR 0.25"},
    {"another template: nothing of it is proven", KIND_DAEMONSET,
     "0: 1/1 4 4/4/4/4 => ST 1; 15: 2/2 4 4/2/3/3 => PR 0.25; 30: 2/2 4 4/2/4/4 => PR 0.5; "
     "45: 3/2 4 4/2/4/4 => PR 0; 60: 3/3 4 4/1/3/3 => PR 0; 75: 3/3 4 4/1/3/3 => PR 0"},
    {"nodes that are lost are lost, whatever nodes come", KIND_DAEMONSET,
     "0: 1/1 9 9/9/9/9 => ST 1; 15: 1/1 9 9/9/7/7 => DG 0.7778 calm; "
     "44: 1/1 10 10/10/8/8 => DG 0.8 calm; 45: 1/1 9 9/9/7/7 => DG 0.7778 alarm"},
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
