/*
 * What each state must be, for the tests that go through all of them: a state more is a row here,
 * beside its own tests.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_EXPECTED_STATES_H
#define AMBERBAR_TESTS_ROLLOUT_EXPECTED_STATES_H

#include "base/table.h"
#include "rollout/verdict.h"

/* What its lamps ask of who sees them. */
enum asks { ASKS_NOTHING, ASKS_WAIT, ASKS_LOOK, ASKS_ACT, ASKS_QUESTION, ASKS_SOON };

/* What it is of a rollout: a light sweeps from the bar of what is under way into what is settled.
 */
enum course { COURSE_NONE, COURSE_UNDER_WAY, COURSE_SETTLED };

struct expected_state {
    enum state state;
    const char *name;    /* in the status file */
    const char *letters; /* in a story (rollout/story.h) */
    int severity;
    bool moves;        /* its picture */
    const char *lamps; /* of red, amber and green those that are lit */
    bool blinks;       /* a lamp of it, where lamps may */
    enum asks asks;
    enum course course;
};

#define EXPECTS(state, ...) ROW_OF(state, state, __VA_ARGS__)

static inline const struct expected_state *expected_of(enum state state)
{
    TABLE_OF(struct expected_state);
    switch (state) {
        EXPECTS(STATE_UNKNOWN, "unknown", "??", 5, true, "---", false, ASKS_QUESTION, COURSE_NONE);
        EXPECTS(STATE_STABLE, "stable", "ST", 1, false, "--g", false, ASKS_NOTHING, COURSE_SETTLED);
        EXPECTS(STATE_PROGRESSING, "progressing", "PR", 3, true, "-a-", true, ASKS_WAIT,
                COURSE_UNDER_WAY);
        EXPECTS(STATE_STALLED, "stalled", "SL", 6, true, "ra-", false, ASKS_LOOK, COURSE_UNDER_WAY);
        EXPECTS(STATE_FAILED, "failed", "FA", 7, true, "r--", true, ASKS_ACT, COURSE_NONE);
        EXPECTS(STATE_PAUSED, "paused", "PA", 2, false, "-a-", false, ASKS_WAIT, COURSE_NONE);
        EXPECTS(STATE_DEGRADED, "degraded", "DG", 4, true, "r--", false, ASKS_ACT, COURSE_NONE);
        EXPECTS(STATE_SCALED_TO_ZERO, "scaled_to_zero", "Z0", 1, false, "--g", true, ASKS_NOTHING,
                COURSE_SETTLED);
        ROW_COUNT(STATE_COUNT);
    }
    NO_OTHER_ROW;
}

#endif
