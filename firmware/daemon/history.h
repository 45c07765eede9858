/*
 * The last transitions, so that "why was it orange at 14:32?" has an answer.
 */
#ifndef AMBERBAR_DAEMON_HISTORY_H
#define AMBERBAR_DAEMON_HISTORY_H

#include "rollout/rollout.h"

#define HISTORY_LENGTH 50
#define HISTORY_WHY_SIZE 256

struct transition {
    int64_t at_ms; /* since 1970, UTC */
    char name[ROLLOUT_NAME_SIZE];
    const char *from, *to;      /* names of states, in static storage */
    char why[HISTORY_WHY_SIZE]; /* a sentence */
};

struct history {
    struct transition transitions[HISTORY_LENGTH]; /* a ring */
    size_t count;                                  /* ever added */
};

/* Of a state's or a health's name, with its NUL: "explained critical". */
#define HISTORY_STATE_SIZE 32

/* A name as people read it: "scaled_to_zero" is "scaled to zero". */
void history_state_words(const char *name, char out[static HISTORY_STATE_SIZE]);

/* What follows the state's own name, which stands before it already: of "failed, the controller
   gave up" the latter. */
const char *history_why(const char *state, const char *why);

/* "cms: unknown -> stable: 2 pods available", in the log. */
void history_log(const struct transition *transition);

void history_add(struct history *history, const struct transition *transition);

/* The `index`-th newest, from 0; NULL when there is none. */
const struct transition *history_newest(const struct history *history, size_t index);

#endif
