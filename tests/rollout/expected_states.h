/*
 * What each state must be, for the tests that go through all of them: a state more is a row here,
 * beside its own tests.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_EXPECTED_STATES_H
#define AMBERBAR_TESTS_ROLLOUT_EXPECTED_STATES_H

#include "rollout/verdict.h"

/* What its lamps ask of who sees them. */
enum asks { ASKS_NOTHING, ASKS_WAIT, ASKS_LOOK, ASKS_ACT, ASKS_QUESTION, ASKS_SOON };

struct expected_state {
    enum state state;
    const char *name; /* in the status file */
    int severity;
    bool moves;        /* its picture */
    const char *lamps; /* of red, amber and green those that are lit */
    enum asks asks;
};

static const struct expected_state expected_states[] = {
    {STATE_UNKNOWN, "unknown", 5, true, "---", ASKS_QUESTION},
    {STATE_STABLE, "stable", 1, false, "--g", ASKS_NOTHING},
    {STATE_PROGRESSING, "progressing", 3, true, "-a-", ASKS_WAIT},
    {STATE_STALLED, "stalled", 6, true, "ra-", ASKS_LOOK},
    {STATE_FAILED, "failed", 7, true, "r--", ASKS_ACT},
    {STATE_PAUSED, "paused", 2, false, "-a-", ASKS_WAIT},
    {STATE_DEGRADED, "degraded", 4, true, "r--", ASKS_ACT},
    {STATE_SCALED_TO_ZERO, "scaled_to_zero", 1, false, "--g", ASKS_NOTHING},
};

_Static_assert(sizeof expected_states / sizeof expected_states[0] == STATE_COUNT,
               "a row of tests/rollout/expected_states.h is forgotten");

#endif
