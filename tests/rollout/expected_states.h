/*
 * What each state must be, for the tests that go through all of them: a state more is a row here,
 * beside its own tests.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_EXPECTED_STATES_H
#define AMBERBAR_TESTS_ROLLOUT_EXPECTED_STATES_H

#include "rollout/verdict.h"

/* What its lamps ask of who sees them. */
enum asks { ASKS_NOTHING, ASKS_WAIT, ASKS_LOOK, ASKS_ACT, ASKS_QUESTION, ASKS_SOON };

/* What it is of a rollout: a light sweeps from the bar of what is under way into what is settled.
 */
enum course { COURSE_NONE, COURSE_UNDER_WAY, COURSE_SETTLED };

struct expected_state {
    enum state state;
    const char *name; /* in the status file */
    int severity;
    bool moves;        /* its picture */
    const char *lamps; /* of red, amber and green those that are lit */
    enum asks asks;
    enum course course;
};

static const struct expected_state expected_states[] = {
    {STATE_UNKNOWN, "unknown", 5, true, "---", ASKS_QUESTION, COURSE_NONE},
    {STATE_STABLE, "stable", 1, false, "--g", ASKS_NOTHING, COURSE_SETTLED},
    {STATE_PROGRESSING, "progressing", 3, true, "-a-", ASKS_WAIT, COURSE_UNDER_WAY},
    {STATE_STALLED, "stalled", 6, true, "ra-", ASKS_LOOK, COURSE_UNDER_WAY},
    {STATE_FAILED, "failed", 7, true, "r--", ASKS_ACT, COURSE_NONE},
    {STATE_PAUSED, "paused", 2, false, "-a-", ASKS_WAIT, COURSE_NONE},
    {STATE_DEGRADED, "degraded", 4, true, "r--", ASKS_ACT, COURSE_NONE},
    {STATE_SCALED_TO_ZERO, "scaled_to_zero", 1, false, "--g", ASKS_NOTHING, COURSE_SETTLED},
};

_Static_assert(sizeof expected_states / sizeof expected_states[0] == STATE_COUNT,
               "a row of tests/rollout/expected_states.h is forgotten");

#endif
