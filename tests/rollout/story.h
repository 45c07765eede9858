/*
 * Rows and whole stories in a notation that fits a line of a table.
 *
 *     "0: 5/5 3 3/3/3/3 N => ST 1; 15: 6/6 3 4/1/3/3 C => PR 0 rollout"
 *
 * A story may begin with "partition 3;" or "OnDelete;", as the config would say, and read it again
 * before a poll ("RollingUpdate;", "stall_after 60;", or max_age, hold_after, degraded_after, in
 * seconds). Then, for each poll, seconds: what is seen => state, p, and (when given) why, and calm
 * or alarm. Seen is one of the words fetch, absent, nodata, partial, or rows, one a source, joined
 * by &: Deployment, StatefulSet, DaemonSet generation/observed spec
 * replicas/updated/ready/available Argo Rollout phase spec updated/available/unavailable
 * "?" is a missing series. Words after the numbers:
 *     N U C F D Z R E    reason of Progressing: NewReplicaSetAvailable, ReplicaSetUpdated,
 *                        NewReplicaSetCreated, FoundNewReplicaSet, ProgressDeadlineExceeded,
 *                        DeploymentPaused, DeploymentResumed, ReplicaSetCreateError
 *     -true -false -unknown   Progressing without a reason label; a reason before it stays
 *     RF paused deleting a>b (revisions) cur2 (current, of a StatefulSet) c1000 (created) @14
 * (sample time, seconds) ~2 (terminating) States: by their letters in expected_states.h.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_STORY_H
#define AMBERBAR_TESTS_ROLLOUT_STORY_H

#include "rollout/workload.h"

struct story {
    const char *sentence;
    enum workload_kind kind;
    const char *steps;
};

/* One row, sampled at `t_ms` unless it says otherwise. Stops the test when it is not understood. */
struct row story_row(enum workload_kind kind, int64_t t_ms, const char *text);

/* Judges each step from an empty memory; false, and why on standard error, at the first surprise.
 */
bool story_holds(const struct story *story);

#define STORY_ZERO_MS INT64_C(1000000000000) /* when a story's 0 is, since 1970 */

#define STORIES_HOLD(stories)                                                                \
    do {                                                                                     \
        size_t story_failures_ = 0;                                                          \
        for (size_t story_i_ = 0; story_i_ < sizeof stories / sizeof stories[0]; story_i_++) \
            story_failures_ += story_holds(&(stories)[story_i_]) ? 0 : 1;                    \
        assert_int_equal(story_failures_, 0);                                                \
    } while (0)

#endif
