/*
 * Evidence: what a green light rests on.
 *
 * Never green that is not known to be true now. Every state that is better than unknown rests on
 * evidence that is new, whole, ours and shown in time, and comes through this room: workloads,
 * surveys, recording rules, ratios and indicators alike. Rows, times and ids go in, a doubt or a
 * belief comes out; nothing here asks anybody or reads a clock.
 *
 * The law (tests/law/test_law.c): if the wall is green at time t, each thing that it speaks of
 * was truly done at some moment in [t - B, t], B = max_age + poll_interval + timeout; whatever a
 * cache, a proxy, a shard, a store, a clock, a slow query, a reload or a restart did.
 *
 * New
 *
 * - N1, clock.h. A poll proves that it was answered: its question carries a nonce, and an answer
 *   without that nonce is the answer to another question (a cache repeats one).
 * - N2, clock.h. Evaluation time moves as our monotonic clock moves; what it lags behind is age.
 *   proof.h: a sample is at least as old as we have known it, whatever the server's clock says.
 * - N3, clock.h. The first answer after a start has no past: it proves itself, or it waits.
 * - N4, proof.h. An exporter's own view does not go back: a lower generation in newer samples of
 *   the same source is a new object of the same name.
 * - N5, proof.h. A second newer complete sample confirms, whether or not the generation moved on.
 *
 * Whole
 *
 * - W1, whole.h. An answer known to be partial makes nothing green but what was asked for by one
 *   exact name and is there.
 * - W2, source.h. Absence needs a witness: the same source (what Prometheus scraped), or its
 *   successor. Otherwise the source is gone, and nothing is known. A server that shows what the
 *   answer lacks is another server, and witnesses nothing.
 * - W3, whole.h. Counts add up: settled + unsettled = rows, each counted, of each source.
 * - W4, choice.h. One object, one identity; of sources that show one generation, or none, the one
 *   with more left to do counts. twins.h: sources that contradict each other show two objects.
 *   Of two that showed it otherwise neither may go unless somebody speaks for it.
 *
 * Ours
 *
 * - O1, prometheus/answer/rows.h. Rows are checked against what was asked.
 * - O2, daemon/model.h. Another question is another memory.
 *
 * Shown in time
 *
 * - T1, whole.h. What is known counts until B after the moment that its samples show, counted from
 *   when the question was sent.
 */
#ifndef AMBERBAR_EVIDENCE_DOUBT_H
#define AMBERBAR_EVIDENCE_DOUBT_H

/* Why nothing better than unknown can be said. */
enum doubt {
    DOUBT_UNPROVEN,    /* nothing proves yet that this is new (N3) */
    DOUBT_REPEATED,    /* it is the answer to another question (N1) */
    DOUBT_FETCH,       /* there is no answer */
    DOUBT_NO_DATA,     /* nothing of its kind is visible anywhere */
    DOUBT_ABSENT,      /* its source is there, and it is not (W2) */
    DOUBT_GONE,        /* the same, for forget_after: what was known is forgotten */
    DOUBT_SOURCE_GONE, /* its source is not there any more (W2) */
    DOUBT_STALE,       /* the newest sample is older than max_age */
    DOUBT_CLOCK,       /* the answer's own times do not add up (N2) */
    DOUBT_PARTIAL,     /* a required series is missing or no count, or the answer is partial (W1) */
    DOUBT_COUNTS,      /* counts do not add up (W3) */
    DOUBT_AMBIGUOUS,   /* two objects of the same name are visible, or seem to be (W4) */
    DOUBT_DELETING,    /* a deletion timestamp is set */
    DOUBT_NONE,        /* it is believed */
};
#define DOUBT_COUNT (DOUBT_NONE + 1)

#endif
