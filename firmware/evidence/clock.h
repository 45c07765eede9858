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
 *     An answer whose rows were evaluated at several times (something in between merges or repeats
 *     them) is as old as the oldest of them. The clock goes by the newest: that late it was there,
 *     whatever else came with it, and E* by the oldest would let answers after it look newer. The
 *     answer lags by what lies between them.
 * N3. Where no nonce can go (the config's own queries, or a back end that refuses it), the first
 *     answer proves itself by its HTTP Date, or a second one by an evaluation time that has moved.
 */
#ifndef AMBERBAR_EVIDENCE_CLOCK_H
#define AMBERBAR_EVIDENCE_CLOCK_H

#include "evidence/doubt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At `seen_ms` (monotonic), or before, Prometheus's clock had shown no later time than `clock_ms`.
 */
struct horizon {
    int64_t clock_ms, seen_ms;
};
#define HORIZONS_MAX 8

struct evidence_clock {
    bool asks;     /* by the caller: workloads are asked for with a nonce, which proves first */
    bool known;    /* an evaluation time was seen */
    bool proven;   /* and it was new */
    bool by_nonce; /* what lacks the nonce does not move E* */
    int64_t highest_ms; /* E*: since 1970, Prometheus's clock */
    int64_t seen_ms;    /* monotonic: when the question was sent that E* first came to */
    bool leapt;         /* the answer before was far ahead, alone */
    int64_t lag_ms;     /* of the answer before */
    struct horizon horizons[HORIZONS_MAX]; /* the oldest first */
    size_t horizon_count;
};

/* The nonce of an answer. */
enum nonce_kind {
    NONCE_ANOTHER,   /* the question had one, and the answer has not, or has another */
    NONCE_NOT_ASKED, /* the question had none */
    NONCE_OWN,
};

/* How an answer came. */
struct arrival {
    int64_t sent_ms; /* monotonic: when it was asked for */
    int64_t age_ms;  /* HTTP's Age: a cache has held it so long; 0: none says so */
    int64_t date_ms; /* HTTP's Date, since 1970; -1: none */
    enum nonce_kind nonce;
    int64_t received_ms; /* monotonic: it had come by then; 0: no later than it was sent */
    int64_t spread_ms;   /* its newest row was evaluated so much later than its oldest */
};

struct clock_reading {
    enum doubt doubt; /* DOUBT_NONE, DOUBT_REPEATED, DOUBT_CLOCK or DOUBT_UNPROVEN */
    int64_t lag_ms;   /* at least 0: the answer is so much older than its evaluation time says */
};

/* `oldest_ms`: the answer's evaluation time, of its oldest row. `max_age_ms`: Date and E may be so
 * far apart (N3). */
struct clock_reading evidence_clock_read(struct evidence_clock *clock, int64_t oldest_ms,
                                         const struct arrival *arrival, int64_t max_age_ms);

/* Some servers round an evaluation time down to whole seconds, and no sample's time. */
#define EVIDENCE_ROUNDING_MS 1000

/* When an answer was computed and asked for, and on whose clock. */
struct answer_time {
    int64_t eval_ms, lag_ms;
    int64_t now_ms;                     /* monotonic */
    const struct evidence_clock *clock; /* NULL: nothing is known of it */
};

/* How old a sample of the answer is, on all that is known of the clock [N2]; never below 0. */
int64_t evidence_age_ms(const struct answer_time *of, int64_t sample_ms);

/*
 * How old a sample is at least, by the horizons that it lies before: 0 when there is none.
 * `now_ms`: monotonic. NULL: nothing is known of the clock.
 */
int64_t evidence_horizon_age_ms(const struct evidence_clock *clock, int64_t sample_ms,
                                int64_t now_ms);

#endif
