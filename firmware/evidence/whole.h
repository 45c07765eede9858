/*
 * Is what a rollout is told of its workloads all of it? Where all rows come, each workload's
 * own proof says so (proof.h). A survey lists only what is not settled, and that nothing is listed
 * is good news only if the rest is counted as settled.
 *
 * Counts add up (W3). Of each source: what is settled and what is not is all that it has rows of;
 * of each kind: there are no more workloads than rows. Recording rules are evaluated one after the
 * other, and a scrape, or the question, may come between two of them: one evaluation that does not
 * add up says nothing yet, if the one before did and is young; the second one does. A rule that
 * fails leaves its last series for five minutes (Prometheus's lookback): each rule's own evaluation
 * must be as young as a sample; and while some of them have been evaluated anew and others have
 * not, the oldest sample is the one that all had seen. A rule that never was evaluated is missing,
 * and is named. And what is listed as not settled has a row through the source that lists it: where
 * the rows of the rules alone are there (federation), nothing is known of it.
 *
 * Sources stay (W2). A source that was counted and is not any more may have had a workload that has
 * failed: nothing is known, for as long as that lasts, unless
 *   - it is alive elsewhere, and a second evaluation does not count it either: it has nothing here;
 *   - it was one of a pair: the others of its cluster had rows of all workloads there before it
 *     went, and as many workloads are counted without it;
 *   - successors stand in its cluster that have as many rows together. Where there is one for each
 *     that is gone, two in a hundred of them, or two of twenty, or one of ten, may have been
 *     deleted in the same moment, but never as many as any of those had: a shard that has not come
 *     takes along more, and so does one that has died while another was succeeded.
 *
 * Of more than COUNTED_MAX of them nobody could tell which is lost: nothing is known.
 */
#ifndef AMBERBAR_EVIDENCE_WHOLE_H
#define AMBERBAR_EVIDENCE_WHOLE_H

#include "evidence/doubt.h"
#include "evidence/source.h"

/* A source that was counted. */
struct whole_source {
    uint64_t id;
    enum workload_kind kind;
    int64_t rows;      /* when it was counted last */
    int64_t doubled;   /* of these, what others showed too when it came */
    bool fallen;       /* without it, workloads are missing */
    int64_t missed_ms; /* alive, but without rows here, since this evaluation; ROW_MISSING */
};

/* The oldest sample that rules had seen which were evaluated then (Prometheus's clock). */
struct whole_oldest {
    int64_t evaluated_ms, sample_ms;
};

/* What is remembered of one selection between answers. Zero-initialised is empty. */
struct whole {
    struct whole_source known[COUNTED_MAX];
    size_t count;
    size_t total[KIND_COUNT];    /* workloads, when all of those were counted */
    int64_t doubled[KIND_COUNT]; /* rows beyond one a workload, then */
    int64_t evaluated_ms;        /* the newest evaluation of that */
    bool added_up;               /* the last counts did, but perhaps for the evaluation `odd_ms` */
    int64_t truth_ms;            /* monotonic: it was so at this moment or later */
    struct whole_oldest first, last; /* by that rule's own evaluation, and by the last ones' */
    bool odd;
    int64_t odd_ms;
};

/* What one answer says of a selection. */
struct whole_sight {
    const struct survey *survey;   /* not taken: `counted` and `total` are those of the rows */
    const struct counted *counted; /* of the survey, or of the rows (whole_count()) */
    const size_t *total;           /* KIND_COUNT of them */
    const struct answer *answer;
    size_t selection;   /* of the answer's rows */
    int64_t now_ms;     /* monotonic: when it was asked for */
    int64_t max_age_ms; /* patience, from the config file */
};

/* What does not add up. */
enum whole_odd { ODD_COUNTS, ODD_UNSEEN, ODD_CROWDED };

#define WHOLE_NAME_SIZE 80

/* What comes of it. */
struct whole_belief {
    enum doubt doubt; /* DOUBT_NONE, DOUBT_STALE, DOUBT_CLOCK, DOUBT_COUNTS, DOUBT_SOURCE_GONE,
                         DOUBT_NO_DATA (nothing of its kind is visible anywhere); of a
                         partial answer nothing is said */
    bool stands;      /* it does not add up yet: what is settled was so at the memory's truth_ms */
    bool recorded;
    enum survey_rule rule; /* the one to look at, when recorded */
    enum whole_odd odd;
    struct source_count counts;     /* ODD_COUNTS: those that do not add up */
    enum workload_kind kind;        /* ODD_UNSEEN: of what is listed and has no row */
    char workload[WHOLE_NAME_SIZE]; /* "shop/api" */
    uint64_t source;                /* the one that is gone */
};

struct whole_belief whole_weigh(struct whole *whole, const struct whole_sight *sight);

/* When the counts were made: the first of them, or the last. What is not surveyed is of the moment
   of its answer. */
int64_t whole_seen_ms(const struct whole_sight *sight, bool last);

/* The source's place among the counted ones; where there is no room, the rest of its kind. */
struct source_count *whole_place(struct counted *counted, uint64_t id, enum workload_kind kind);

/* Of a kind, over all sources. */
struct source_count whole_sum(const struct counted *counted, enum workload_kind kind);

/* Counts rows of one selection by source, and their workloads. */
void whole_count(const struct row rows[], size_t count, struct counted *counted,
                 size_t total[static KIND_COUNT]);

/* Adds the sources about which a canary must ask: counted before, and nothing of the answer shows
   them. False: there are none. */
bool whole_miss(const struct whole *whole, const struct counted *counted,
                const struct answer *answer, struct missed_sources *missed);

/* What the doubt is about, for people; "": nothing more to say. */
void whole_words(const struct whole_belief *belief, const struct source_ledger *ledger, char *out,
                 size_t size);

#endif
