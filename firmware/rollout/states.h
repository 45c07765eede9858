/*
 * The states, each with all that is said of it but what it looks like (picture/look.c): the columns
 * are those of struct state_traits. A state more is a row here; the compiler asks for its look.
 */
#ifndef AMBERBAR_ROLLOUT_STATES_H
#define AMBERBAR_ROLLOUT_STATES_H

/* Its sentence: one of enum state_sentence, or no more than a clause. */
#define SAYS(form) SENTENCE_##form, NULL
#define SAYS_CLAUSE(clause) SENTENCE_CLAUSE, clause

#define STATES(X)                                                                                  \
    X(STATE_UNKNOWN, "unknown", 5, 0, RUN_HIDDEN, OUTLOOK_UNKNOWN, INDICATOR_ROLLOUT_UNKNOWN,      \
      SAYS(EVIDENCE), "unknown, ", "is unknown", "are unknown")                                    \
    X(STATE_STABLE, "stable", 1, STATE_SETTLED | STATE_IDLE | STATE_FULL | STATE_SERVES, RUN_ENDS, \
      OUTLOOK_DONE, INDICATOR_EXPLAINED, SAYS(AVAILABLE), "stable, ", "is stable", "are stable")   \
    X(STATE_PROGRESSING, "progressing", 3, STATE_MOVES, RUN_IS_ON, OUTLOOK_WAIT,                   \
      INDICATOR_EXPLAINED, SAYS(PROGRESS), "", "is rolling", "are rolling")                        \
    X(STATE_STALLED, "stalled", 6, STATE_TROUBLED, RUN_IS_ON, OUTLOOK_TROUBLE,                     \
      INDICATOR_ROLLOUT_STALLED, SAYS(STANDSTILL), "stalled, ", "is stalled", "are stalled")       \
    X(STATE_FAILED, "failed", 7, STATE_TROUBLED, RUN_BREAKS, OUTLOOK_TROUBLE,                      \
      INDICATOR_ROLLOUT_FAILED, SAYS(FAILURE), "failed, ", "failed", "failed")                     \
    X(STATE_PAUSED, "paused", 2, STATE_IDLE | STATE_FULL, RUN_GOES_ON, OUTLOOK_WAIT,               \
      INDICATOR_EXPLAINED, SAYS(PAUSE), "paused, ", "is paused", "are paused")                     \
    X(STATE_DEGRADED, "degraded", 4, STATE_IDLE | STATE_TROUBLED | STATE_LOSES, RUN_ENDS,          \
      OUTLOOK_TROUBLE, INDICATOR_ROLLOUT_LOST_PODS, SAYS(LOSS), "degraded, ", "is degraded",       \
      "are degraded")                                                                              \
    X(STATE_SCALED_TO_ZERO, "scaled_to_zero", 1, STATE_SETTLED | STATE_IDLE, RUN_ENDS,             \
      OUTLOOK_DONE, INDICATOR_EXPLAINED, SAYS_CLAUSE("no pods wanted"), "scaled to zero, ",        \
      "is scaled to zero", "are scaled to zero")

#endif
