/*
 * Is an answer new? One Prometheus's clock, as its answers show it, held against our monotonic one.
 *
 * N1. A question about workloads carries a nonce of its own, which only its own answer repeats: the
 *     answer was computed between sending and receiving.
 * N2. The highest evaluation time E* ever proven, and when it was asked for, say what the time must
 *     be there now. An answer whose evaluation time is behind that lags: its samples are so much
 *     older than they look. Prometheus's clock set back an hour shows the samples of an hour ago as
 *     if they were of now. When E* is passed again, the samples from before are in sight of it, and
 *     look new: up to the horizon, the latest time that the clock can have shown before it went
 *     back, a sample is at least as old as that moment.
 * N3. Where no nonce can go (the config's own queries, or a back end that refuses it), the first
 *     answer proves itself by its HTTP Date, or a second one by an evaluation time that has moved.
 */
#ifndef AMBERBAR_EVIDENCE_CLOCK_H
#define AMBERBAR_EVIDENCE_CLOCK_H

#include "evidence/doubt.h"

#include <stdbool.h>
#include <stdint.h>

struct evidence_clock {
    bool known;              /* an evaluation time was seen */
    bool proven;             /* and it was new */
    bool by_nonce;           /* what lacks the nonce does not move E* */
    int64_t highest_ms;      /* E*: since 1970, Prometheus's clock */
    int64_t seen_ms;         /* monotonic: when the question was sent that E* first came to */
    int64_t lag_ms;          /* of the answer before */
    int64_t horizon_ms;      /* before it last went back it had shown no later time than this */
    int64_t horizon_seen_ms; /* monotonic: that was then, or earlier; 0 with a horizon of 0 */
};

/* The nonce of an answer. */
enum nonce {
    NONCE_ANOTHER,   /* the question had one, and the answer has not, or has another */
    NONCE_NOT_ASKED, /* the question had none */
    NONCE_OWN,
};

/* How an answer came. */
struct arrival {
    int64_t sent_ms; /* monotonic: when it was asked for */
    int64_t age_ms;  /* HTTP's Age: a cache has held it so long; 0: none says so */
    int64_t date_ms; /* HTTP's Date, since 1970; -1: none */
    enum nonce nonce;
};

struct reading {
    enum doubt doubt;   /* DOUBT_NONE, DOUBT_REPEATED, DOUBT_CLOCK or DOUBT_UNPROVEN */
    int64_t lag_ms;     /* at least 0: the answer is so much older than its evaluation time says */
    int64_t horizon_ms; /* a sample that is not later than this, Prometheus's clock, ... */
    int64_t horizon_age_ms; /* ... is at least so old */
};

/* `eval_ms`: the answer's evaluation time. `max_age_ms`: Date and E may be so far apart (N3). */
struct reading evidence_clock_read(struct evidence_clock *clock, int64_t eval_ms,
                                   const struct arrival *arrival, int64_t max_age_ms);

#endif
