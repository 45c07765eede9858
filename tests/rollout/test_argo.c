#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct story table[] = {
    {"an invalid spec", KIND_ROLLOUT, "0: InvalidSpec 5 0/5/0 => FA 0 invalid_spec"},
    {"a deadline", KIND_ROLLOUT, "0: Timeout 5 3/5/1 => FA 0.4 timeout"},
    {"an error", KIND_ROLLOUT, "0: Error 5 3/5/1 => FA 0.4 error"},
    {"aborted, all back on the old pods", KIND_ROLLOUT, "0: Abort 5 0/5/0 => FA 0 abort"},
    {"zero", KIND_ROLLOUT, "0: Completed 0 0/0/0 => Z0"},
    {"zero wanted, pods left", KIND_ROLLOUT, "0: Completed 0 2/2/0 => PR 0 scaling"},
    {"paused at a step", KIND_ROLLOUT, "0: Paused 5 1/5/0 => PA 0.2 paused"},
    {"paused for ever never stalls", KIND_ROLLOUT,
     "0: Paused 5 1/5/0 => PA 0.2; 90000: Paused 5 1/5/0 => PA 0.2"},
    {"completed", KIND_ROLLOUT, "0: Completed 5 5/5/0 => ST 1 complete"},
    {"completed with the old stack still up", KIND_ROLLOUT, "0: Completed 5 5/10/0 => ST 1"},
    {"completed, then lost pods", KIND_ROLLOUT, "0: Completed 5 5/4/1 => DG 0.8 degraded"},
    {"completed, then another size", KIND_ROLLOUT, "0: Completed 5 3/3/0 => PR 0.6 scaling"},
    {"blueGreen has all new pods at once: below full until completed", KIND_ROLLOUT,
     "0: Progressing 5 5/10/0 => PR 0.9 rollout; 15: Completed 5 5/10/0 => ST 1"},
    {"progressing stalls by the clock; a new phase begins anew", KIND_ROLLOUT,
     "0: Progressing 5 1/5/1 => PR 0; 600: Progressing 5 1/5/1 => SL 0 rollout; "
     "615: Paused 5 1/5/1 => PA 0; 630: Progressing 5 1/5/1 => PR 0"},
    {"fewer are updated: that is another template", KIND_ROLLOUT,
     "0: Progressing 5 3/5/1 => PR 0.4; 600: Progressing 5 3/5/1 => SL 0.4; "
     "615: Progressing 5 1/5/1 => PR 0"},
    {"it has no partition", KIND_ROLLOUT, "partition 3; 0: Progressing 5 2/5/0 => PR 0.4 rollout"},
    {"pods that end are not counted: what is available no more was lost", KIND_ROLLOUT,
     "0: Progressing 5 3/5/1 => PR 0.4; 15: Progressing 5 3/4/2 => PR 0.2"},
    {"a phase of tomorrow says nothing", KIND_ROLLOUT, "0: Pondering 5 5/5/0 => ?? partial"},
    {"no pods counted as unavailable", KIND_ROLLOUT, "0: Completed 5 5/5/? => ?? partial"},
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
