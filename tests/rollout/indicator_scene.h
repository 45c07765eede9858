/*
 * An indicator and the rollouts that may explain it, poll by poll in one line of a table.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_INDICATOR_SCENE_H
#define AMBERBAR_TESTS_ROLLOUT_INDICATOR_SCENE_H

#include "rollout/indicator.h"

#define GRACE_S 120
#define ROLLOUTS 2
#define MEMBERS 3

/*
 * A scene in virtual time, one word a poll: SECONDS:VALUE[/ROLLOUT[/ROLLOUT]]=EXPECTED[?WHY].
 * VALUE is a number, "nan", "none", "some" (part of the answer), "fetch", or "late"; a rollout is a
 * letter of `letters`, or one for each of its workloads, with "-N" when its newest sample is N
 * seconds old. EXPECTED is ok, warning, critical or unknown, with "*" when it is explained. A
 * rollout keeps its state until the next letter.
 */
struct scene {
    const char *sentence;
    double warning, critical;
    int for_s;
    const char *polls;
};

/* An indicator of which nothing is known, with as many rollouts as the scene's first poll has. */
void scene_begin(struct indicator *indicator, struct rollout rollouts[ROLLOUTS],
                 const struct scene *scene);

/* VALUE, in the notation above. */
void scene_observe(struct indicator *indicator, const char *value, int64_t now_ms);

/* The letters after each '/' of a poll, up to its '='. */
void scene_move(struct rollout rollouts[ROLLOUTS], const char *poll, int64_t now_ms);

/* How many polls of the scenes are not as expected; each is said. */
size_t scene_failures(const struct scene scenes[], size_t count);

#endif
