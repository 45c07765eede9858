/*
 * Each row of the Deployment's table, and each trap of updated/spec that ends there.
 */
#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct story table[] = {
    {"the counters are of the spec before: nothing is known of the new pods", KIND_DEPLOYMENT,
     "0: 6/5 10 10/10/10/10 N => PR 0 unobserved"},
    {"an unobserved change stalls by the clock", KIND_DEPLOYMENT,
     "0: 6/5 3 3/3/3/3 N => PR 0 unobserved; 599: 6/5 3 3/3/3/3 N => PR 0; "
     "600: 6/5 3 3/3/3/3 N => SL 0 unobserved"},
    {"unobserved beats a deadline of the generation before", KIND_DEPLOYMENT,
     "0: 3/2 10 13/5/8/8 D => PR 0 unobserved"},
    {"the controller gave up", KIND_DEPLOYMENT,
     "0: 2/2 10 13/5/8/8 D => FA 0 ProgressDeadlineExceeded"},
    {"failed keeps the progress that is proven", KIND_DEPLOYMENT,
     "0: 2/2 4 5/4/4/4 D => FA 0.75 ProgressDeadlineExceeded"},
    {"the ReplicaSet cannot be created", KIND_DEPLOYMENT,
     "0: 2/2 3 3/0/3/3 E => FA 0 ReplicaSetCreateError"},
    {"Progressing is false without a reason label (before 2.17)", KIND_DEPLOYMENT,
     "0: 2/2 3 4/1/3/3 -false => FA 0 progressing_false"},
    {"Progressing is false for a reason of tomorrow", KIND_DEPLOYMENT,
     "0: 2/2 3 4/1/3/3 O -false => FA 0 progressing_false"},
    {"Progressing unknown is no failure", KIND_DEPLOYMENT,
     "0: 2/2 3 4/1/3/3 -unknown => PR 0 rollout"},
    {"failed is not sticky: progress takes it back", KIND_DEPLOYMENT,
     "0: 2/2 4 5/2/4/3 D => FA 0; 15: 2/2 4 5/3/4/4 U => PR 0.5 rollout"},
    {"failed beats paused: the controller keeps its deadline while paused", KIND_DEPLOYMENT,
     "0: 2/2 4 5/2/4/4 D paused => FA 0.25"},
    {"complete counters under a deadline are no success and no full bar", KIND_DEPLOYMENT,
     "0: 2/2 4 4/4/4/4 D => FA 0.875"},
    {"it has no partition", KIND_DEPLOYMENT, "partition 3; 0: 2/2 5 6/2/5/5 U => PR 0.2 rollout"},
    {"pods that end are not counted: what is available no more was lost", KIND_DEPLOYMENT,
     "0: 1/1 4 4/4/4/4 N => ST 1; 15: 2/2 4 5/2/5/5 U => PR 0.5; 30: 2/2 4 5/2/4/4 U => PR 0.25"},
    {"the controller has created a ReplicaSet: it rolls, though this spec was complete",
     KIND_DEPLOYMENT, "0: 1/1 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/2/2 C => PR 0.6667 rollout"},
    {"the controller has found one: it rolls, too", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/2/2 F => PR 0.6667 rollout"},
    {"the controller changes one: it rolls, too", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/2/2 U => PR 0.6667 rollout"},
    {"somebody has resumed it: it rolls, too", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/2/2 R => PR 0.6667 rollout"},
    {"for another reason it does not", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/2/2 O => DG 0.6667 degraded"},
    {"a single old pod is left of another template: it rolls", KIND_DEPLOYMENT,
     "0: 2/2 3 4/3/3/3 N => PR 0.6667 rollout"},
    {"none is left, and there are fewer than wanted: it grows", KIND_DEPLOYMENT,
     "0: 2/2 3 2/2/2/2 N => PR 0.6667 scaling"},
    {"another size: scaling, until that is settled", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 2/2 6 3/3/3/3 N => PR 0.5 scaling; "
     "30: 2/2 6 6/6/5/5 N => PR 0.8333 scaling; 45: 2/2 6 6/6/6/6 N => ST 1; "
     "60: 2/2 6 6/6/5/5 N => DG 0.8333 degraded"},
    {"zero of zero", KIND_DEPLOYMENT, "0: 2/2 0 0/0/0/0 N => Z0 zero"},
    {"pods left of a scale to zero", KIND_DEPLOYMENT, "0: 2/2 0 2/2/2/2 N => PR 0 scaling"},
    {"pods that never go, wanted zero, stall", KIND_DEPLOYMENT,
     "0: 2/2 0 2/2/2/2 N => PR 0; 600: 2/2 0 2/2/2/2 N => SL 0 scaling"},
    {"a paused zero is zero", KIND_DEPLOYMENT, "0: 2/2 0 0/0/0/0 Z paused => Z0"},
    {"paused and complete is full", KIND_DEPLOYMENT, "0: 2/2 4 4/4/4/4 Z paused => PA 1 paused"},
    {"paused in mid-rollout", KIND_DEPLOYMENT, "0: 2/2 4 5/2/4/4 Z paused => PA 0.25 paused"},
    {"a template changed while paused has no pods", KIND_DEPLOYMENT,
     "0: 2/2 4 4/0/4/4 Z paused => PA 0 paused"},
    {"paused never stalls", KIND_DEPLOYMENT,
     "0: 2/2 4 5/2/4/4 Z paused => PA 0.25; 9000: 2/2 4 5/2/4/4 Z paused => PA 0.25"},
    {"the first row ever seen needs no confirmation", KIND_DEPLOYMENT,
     "0: 2/2 4 4/4/4/4 N => ST 1 complete"},
    {"a torn scrape: complete at a generation that has just changed is held", KIND_DEPLOYMENT,
     "0: 8/8 3 3/3/3/3 N => ST 1 complete; 15: 9/9 3 3/3/3/3 N => ST 1 confirming; "
     "30: 9/9 3 4/1/3/3 C => PR 0 rollout"},
    {"what is held stays held until a newer sample", KIND_DEPLOYMENT,
     "0: 8/7 3 3/3/3/3 N => PR 0; 15: 8/8 3 3/3/3/3 N @14 => PR 0 confirming; "
     "20: 8/8 3 3/3/3/3 N @14 => PR 0 confirming; 35: 8/8 3 3/3/3/3 N @34 => ST 1 complete"},
    {"complete at a pair that has stood before needs no second sample", KIND_DEPLOYMENT,
     "0: 8/8 3 4/3/3/3 U => PR 0.6667; 15: 8/8 3 3/3/3/3 N => ST 1 complete"},
    {"a second newer complete sample confirms, though the generation moved on", KIND_DEPLOYMENT,
     "0: 7/6 3 3/3/3/3 N => PR 0; 15: 7/7 3 3/3/3/3 N => PR 0 confirming; "
     "17: 8/8 3 3/3/3/3 N @15 => PR 0 confirming; 30: 8/8 3 3/3/3/3 N => ST 1; "
     "45: 9/9 3 3/3/3/3 N => ST 1 confirming"},
    {"updated but not available (trap 1)", KIND_DEPLOYMENT,
     "0: 2/2 10 10/10/8/8 U => PR 0.8 rollout"},
    {"old pods not yet gone (trap 2)", KIND_DEPLOYMENT, "0: 2/2 4 5/4/5/5 U => PR 0.875 rollout"},
    {"one replica with surge (trap 3)", KIND_DEPLOYMENT,
     "0: 2/2 1 2/1/1/1 C => PR 0; 15: 2/2 1 2/1/2/2 U => PR 0.5; 30: 2/2 1 1/1/1/1 N => ST 1"},
    {"more than wanted is a scale-down (trap 5)", KIND_DEPLOYMENT,
     "0: 1/1 6 6/6/6/6 N => ST 1; 15: 2/2 2 6/6/6/6 N => PR 0.75 scaling"},
    {"scaled down in a rollout (trap 5)", KIND_DEPLOYMENT, "0: 2/2 6 12/12/11/11 U => PR 0.9167"},
    {"scaled up without a rollout (trap 6)", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 2/2 6 3/3/3/3 N => PR 0.5 scaling"},
    {"an autoscaler in mid-rollout (trap 7)", KIND_DEPLOYMENT,
     "0: 2/2 4 5/3/4/4 U => PR 0.5; 15: 3/3 8 10/6/4/4 U => PR 0 rollout"},
    {"undone in mid-rollout (trap 10)", KIND_DEPLOYMENT,
     "0: 2/2 4 5/3/4/4 U => PR 0.5; 15: 3/3 4 5/4/3/3 U => PR 0.5"},
    {"a scale-up that no node has room for (trap 12)", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 2/2 5 5/5/4/4 N => PR 0.8 scaling; "
     "614: 2/2 5 5/5/4/4 N => PR 0.8; 615: 2/2 5 5/5/4/4 N => SL 0.8 scaling"},
    {"pods crash after completion (trap 13)", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/1/1 N => DG 0.3333 degraded; "
     "9000: 1/1 3 3/3/1/1 N => DG 0.3333"},
    {"a crash loop flaps for ever (trap 14)", KIND_DEPLOYMENT,
     "0: 2/2 8 9/4/8/8 U => PR 0.375; 200: 2/2 8 9/4/7/7 U => PR 0.25; "
     "400: 2/2 8 9/4/8/8 U => PR 0.375; 599: 2/2 8 9/4/7/7 U => PR 0.25; "
     "600: 2/2 8 9/4/8/8 U => SL 0.375 rollout"},
    {"draining pods do not delay stable (trap 29)", KIND_DEPLOYMENT,
     "0: 1/1 10 10/10/10/10 N ~3 => ST 1"},
    {"Recreate in its gap, the reason still of before (trap 30)", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 N => ST 1; 15: 2/2 3 0/0/0/0 N => PR 0 rollout"},
    {"each reason of a running rollout says rollout: created", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/2/2 C => PR 0.6667 rollout"},
    {"found", KIND_DEPLOYMENT, "0: 1/1 3 3/3/2/2 F => PR 0.6667 rollout"},
    {"updated", KIND_DEPLOYMENT, "0: 1/1 3 3/3/2/2 U => PR 0.6667 rollout"},
    {"resumed", KIND_DEPLOYMENT, "0: 1/1 3 3/3/2/2 R => PR 0.6667 rollout"},
    {"a rollout and a new size at once is a rollout", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 -true => ST 1; 15: 2/2 6 7/1/3/3 -true => PR 0 rollout; "
     "30: 2/2 6 6/6/4/4 -true => PR 0.6667 rollout"},
    {"one old pod was seen: that was a rollout, whatever the size", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 -true => ST 1; 15: 2/2 4 5/4/4/4 -true => PR 0.75 rollout; "
     "30: 2/2 4 4/4/3/3 -true => PR 0.75 rollout"},
    {"no old pod was seen and the size is the same: still a rollout", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 -true => ST 1; 15: 2/2 3 3/3/2/2 -true => PR 0.6667 rollout"},
    {"another size after a rollout that was seen is scaling", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/3/3 -true => ST 1; 15: 2/2 3 4/1/3/3 -true => PR 0 rollout; "
     "30: 2/2 3 3/3/3/3 -true => ST 1; 45: 3/3 6 6/6/3/3 -true => PR 0.5 scaling"},
    {"generation 0 was not settled just because nothing was", KIND_DEPLOYMENT,
     "0: 0/0 3 3/3/2/2 -true => PR 0.6667 rollout"},
    {"just started, lost pods", KIND_DEPLOYMENT, "0: 1/1 3 3/3/2/2 N => DG 0.6667 degraded"},
    {"just started, another size", KIND_DEPLOYMENT, "0: 1/1 6 3/3/3/3 N => PR 0.5 scaling"},
    {"just started, no condition at all", KIND_DEPLOYMENT, "0: 1/1 3 3/3/2/2 => PR 0.6667 rollout"},
    {"just started, a reason of tomorrow", KIND_DEPLOYMENT,
     "0: 1/1 3 3/3/2/2 O => PR 0.6667 rollout"},
    {"pods lost a moment ago are no alarm yet; the state is degraded all the while",
     KIND_DEPLOYMENT,
     "0: 1/1 9 9/9/9/9 N => ST 1 alarm; 10: 1/1 9 9/9/8/8 N => DG 0.8889 calm; "
     "39: 1/1 9 9/9/8/8 N => DG 0.8889 calm; 40: 1/1 9 9/9/8/8 N => DG 0.8889 alarm; "
     "50: 1/1 9 9/9/9/9 N => ST 1 alarm; 60: 1/1 9 9/9/8/8 N => DG 0.8889 calm"},
    {"a size that changes around them is no reprieve", KIND_DEPLOYMENT,
     "0: 1/1 9 9/9/9/9 N => ST 1; 10: 1/1 9 9/9/7/7 N => DG calm; 30: 2/2 12 9/9/7/7 N => PR "
     "scaling alarm; 39: 2/2 12 12/12/7/7 N => DG 0.5833 calm; 40: 2/2 12 12/12/7/7 N => DG alarm"},
    {"another poll may fail in between: the clock goes on", KIND_DEPLOYMENT,
     "0: 1/1 9 9/9/9/9 N => ST 1; 10: 1/1 9 9/9/8/8 N => DG calm; 30: fetch => ?\?; "
     "40: 1/1 9 9/9/8/8 N => DG alarm"},
    {"in a rollout none are lost; after it the clock begins", KIND_DEPLOYMENT,
     "0: 1/1 9 9/9/9/9 N => ST 1; 10: 1/1 9 9/9/8/8 N => DG calm; 50: 2/2 9 10/1/9/9 C => PR "
     "alarm; "
     "60: 2/2 9 9/9/9/9 N => ST 1; 70: 2/2 9 9/9/8/8 N => DG calm"},
    {"lost pods are lost, whatever an autoscaler does to the size", KIND_DEPLOYMENT,
     "0: 1/1 6 6/6/6/6 N => ST 1; 60: 1/1 6 6/6/3/3 N => DG 0.5; 300: 2/2 7 7/7/3/3 N => DG "
     "0.4286; "
     "600: 3/3 6 6/6/3/3 N => DG 0.5 degraded; 900: 4/4 5 5/5/3/3 N => DG 0.6"},
    {"a new template under them is a rollout", KIND_DEPLOYMENT,
     "0: 1/1 6 6/6/6/6 N => ST 1; 60: 2/2 7 7/7/3/3 N => DG 0.4286; "
     "75: 3/3 7 7/7/0/0 -true => PR 0 rollout"},
    {"hours degraded, then another size: the stall clock begins there", KIND_DEPLOYMENT,
     "0: 1/1 6 6/6/6/6 N => ST 1; 60: 1/1 6 6/6/3/3 N => DG; 7200: 2/2 9 6/6/3/3 N => PR scaling; "
     "7799: 2/2 9 6/6/3/3 N => PR scaling; 7800: 2/2 9 6/6/3/3 N => SL scaling"},
    {"a size that goes up and down is no progress: a dead rollout stalls", KIND_DEPLOYMENT,
     "0: 1/1 8 8/8/8/8 N => ST 1; 15: 2/2 8 10/4/6/6 C => PR 0; 240: 3/3 9 10/4/6/6 U => PR; "
     "255: 3/3 9 11/5/6/6 U => PR; 480: 4/4 8 11/5/6/6 U => PR; 495: 4/4 8 10/4/6/6 U => PR; "
     "614: 4/4 8 10/4/6/6 U => PR; 615: 4/4 8 10/4/6/6 U => SL"},
    {"a pod that is created is progress", KIND_DEPLOYMENT,
     "0: 2/2 8 10/4/6/6 U => PR 0; 300: 2/2 8 11/5/6/6 U => PR 0; 899: 2/2 8 11/5/6/6 U => PR 0; "
     "900: 2/2 8 11/5/6/6 U => SL 0"},
    {"what goes beyond the size is progress", KIND_DEPLOYMENT,
     "0: 1/1 8 8/8/8/8 N => ST 1; 15: 2/2 8 10/4/6/6 C => PR 0; 240: 3/3 9 11/6/6/6 U => PR; "
     "615: 3/3 9 11/6/6/6 U => PR; 839: 3/3 9 11/6/6/6 U => PR; 840: 3/3 9 11/6/6/6 U => SL"},
    {"a new template over a stalled one begins anew", KIND_DEPLOYMENT,
     "0: 1/1 8 10/4/6/6 U => PR; 600: 1/1 8 10/4/6/6 U => SL; 615: 2/2 8 10/4/6/6 U => PR; "
     "1215: 2/2 8 10/4/6/6 U => SL"},
    {"and so it does when its size changes with it", KIND_DEPLOYMENT,
     "0: 1/1 8 10/4/6/6 U => PR; 600: 1/1 8 10/4/6/6 U => SL; 615: 2/2 9 11/2/6/6 C => PR"},
    {"with ReplicaFailure patience is short", KIND_DEPLOYMENT,
     "0: 2/2 3 3/1/2/2 U RF => PR 0; 59: 2/2 3 3/1/2/2 U RF => PR 0; "
     "60: 2/2 3 3/1/2/2 U RF => SL 0 rollout; 75: 2/2 3 3/1/2/2 U => PR 0"},
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
