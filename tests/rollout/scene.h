/*
 * A rollout with room, and answers for it.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_SCENE_H
#define AMBERBAR_TESTS_ROLLOUT_SCENE_H

#include "rollout/rollout.h"

#define SCENE_MEMBERS 16

struct scene_rollout {
    struct source_seen sources[8]; /* seen so far, and there as long as the kind is alive */
    size_t source_count;
    struct rollout rollout;
    struct workload workloads[SCENE_MEMBERS];
};

/* A selector for Deployments (or the kind that is then set in `kinds`) named "cms" with room for
   `capacity` members. */
void scene_start(struct scene_rollout *scene, size_t capacity);

/*
 * One poll at `t_s`. `rows` is what is seen: "name: ROW; name: ROW" in the notation of story.h, or
 * "cluster/name: ROW"; "" is an empty answer in which the kind is alive, "nodata", "partial" and
 * "fetch" are what they say; "partial; name: ROW" is a partial answer with rows. After "survey 9;"
 * the rows are those of a survey of 9 workloads, after "survey 9 more;" not of all that are
 * unsettled, after "survey 9 stale;" its oldest sample is too old; "survey 9 = eu 5/4/1, us 4/4/0;"
 * counts rows of two clusters, and how many of them are settled, and are not.
 */
void scene_poll(struct scene_rollout *scene, int64_t t_s, const char *rows);

/* The member of that name ("name" or "cluster/name"); NULL: there is none. */
const struct workload *scene_member(const struct scene_rollout *scene, const char *name);

#endif
