/*
 * What is believed of one workload, poll by poll: which of its rows, whether it is the object that
 * was seen before, and what it means that there is none. What the row then says of the workload is
 * rollout/'s affair.
 *
 * Age (N2). A row's age is its evaluation time less its sample's, and what the answer lags
 * (clock.h); and it is at least as long as we have known that very sample. A sample later than its
 * evaluation time, beyond what rounding to whole seconds does, is no number of this world.
 *
 * Identity (N4, W4). `created` tells one object from the next of its name. Where it is not
 * exported, a lower (generation, observed) in newer samples of the same source does, at the second
 * of them, and sources that contradict each other show two objects (twins.h). Another source that
 * was lower all the time stands still, and does not speak for the one that is gone. Behind what was
 * seen already, but of another source or an older sample, is a copy that lags: the verdict before
 * stands, for two scrapes at most and never beyond max_age.
 *
 * Torn scrapes (N5). kube-state-metrics (2.14 on) writes a scrape family by family while its store
 * changes, so counters can be older than the generations beside them. "Complete" is therefore
 * believed of a (generation, observed) that has stood before, or in a second newer sample, whether
 * or not the generation has moved on meanwhile.
 */
#ifndef AMBERBAR_EVIDENCE_PROOF_H
#define AMBERBAR_EVIDENCE_PROOF_H

#include "evidence/clock.h"
#include "evidence/doubt.h"
#include "evidence/row.h"
#include "evidence/twins.h"

enum sight_kind {
    SIGHT_FETCH_FAILED, /* the request failed or its answer was invalid */
    SIGHT_ROWS,         /* rows of this workload: `rows`, `count` > 0 */
    SIGHT_NO_DATA,      /* a valid answer without this workload, nothing of its kind is visible */
    SIGHT_ABSENT,       /* a valid answer without it, and its source, or its successor, is there */
    SIGHT_SOURCE_GONE,  /* a valid answer without it and without its source */
    SIGHT_PARTIAL,      /* an answer known to be partial without this workload */
};

/* What one poll saw of one workload. */
struct sight {
    enum sight_kind kind;
    const struct row *rows; /* one a source, in any order */
    size_t count;
    int64_t eval_ms; /* Prometheus's evaluation time; meaningless for SIGHT_FETCH_FAILED */
    int64_t now_ms;  /* monotonic: when it was asked for */
    int64_t lag_ms;  /* how much older than eval_ms the answer may be */
    const struct evidence_clock *clock; /* by which samples may be older than they look; or NULL */
    bool found;         /* by a selector: it may leave; false: it was asked for by name */
    int64_t step_ms;    /* between two scrapes of its source; 0: not known */
    int64_t witness_ms; /* SIGHT_ABSENT: the newest sample of the source that shows it absent;
                           ROW_MISSING: not said, each answer is another */
};

/* Patience, from the config file, in milliseconds. */
struct proof_limits {
    int64_t max_age_ms;
    int64_t forget_after_ms;
};

/* Two clusters of a name, each scraped by pairs, and successors. */
#define PROOF_EXPORTERS_MAX 8

/* How far apart its samples by one source are: the two last steps that were seen. */
struct pace {
    int64_t sample_ms; /* the newest sample */
    int64_t since_ms;  /* monotonic: when it showed the workload first */
    int64_t done_ms;   /* the first sample since which nothing is undone; 0: something is */
    int32_t step_ms, before_ms;   /* 0: not known */
    int32_t generation, observed; /* of the newest sample, up to INT32_MAX */
    bool beside;                  /* another source was there, too */
    bool sank;                    /* they fell, and have not reached what there is since */
    bool fell;                    /* in this sample, from all there was */
};

/* What is remembered of one workload between polls. Treat as opaque; zero-initialised is empty. */
struct proof {
    bool accepted; /* a row was accepted since the memory was made */
    bool holding;  /* that row is complete, but not believed before a newer sample says so too */
    int64_t created;
    int64_t generation, observed;            /* of the last accepted row */
    int64_t sample_ms;                       /* of the last accepted row */
    int64_t known_ms;                        /* monotonic: when that very sample was first known */
    int64_t accepted_ms;                     /* monotonic */
    int64_t truth_ms;                        /* monotonic: it was so at this moment or later */
    uint64_t source;                         /* of the last accepted row (source.h) */
    uint64_t exporters[PROOF_EXPORTERS_MAX]; /* sources that have shown it, the last ones first */
    struct pace paces[PROOF_EXPORTERS_MAX];  /* by each of these */

    bool lower; /* a newer sample is behind (N4): this one */
    int64_t lower_ms;
    bool lags; /* the verdict before stands, since `lags_since_ms` (monotonic) */
    int64_t lags_since_ms;

    struct twins twins;
    uint64_t rivals[2];   /* sources that showed it otherwise than each other when both were heard
                             last; 0: none */
    unsigned rival_count; /* sources that were heard then, at the most */
    bool crowded;  /* more sources were heard at once than are kept apart: of one that goes nobody
                      would know what it had shown, so nothing good is believed any more [W4] */
    uint64_t lost; /* the one of them that is gone, in the last sight */

    unsigned lacks; /* series that are needed and that no row of the last sight had (lacks.h) */

    bool absent;
    unsigned misses;         /* scrapes of its source that lack it, one after the other */
    int64_t missed_ms;       /* the newest of them */
    int64_t absent_since_ms; /* monotonic */
};

/* What comes of a sight. */
struct belief {
    enum doubt doubt;      /* DOUBT_NONE: `row` is believed, or the verdict before stands */
    const struct row *row; /* NULL: there is a doubt, or the verdict before stands */
    bool another;          /* it is another object: forget all that is remembered of this one */
    bool unconfirmed;      /* were it complete, that would have to be seen once more */
    int64_t age_ms;        /* of the row */
};

/* Judges a sight, and notes in `proof` what is only known by looking again. */
struct belief proof_weigh(struct proof *proof, const struct proof_limits *limits,
                          const struct sight *sight);

/* Of what is unknown because its source is gone: which one. */
uint64_t proof_missed_source(const struct proof *proof);

/* They agree, or others have taken their places, or one says itself that it shows it no more. */
void proof_forget_rivals(struct proof *proof);

/* It is another object: what was believed is forgotten, and not who has shown it, nor what was
   missed. */
void proof_forget(struct proof *proof);

/* Is the row of the sample that was accepted last? */
bool proof_knows(const struct proof *proof, const struct row *row);

/* By that source; NULL: it has not shown the workload. */
const struct pace *proof_pace(const struct proof *proof, uint64_t source);

/* Between two of its samples by that source, the longer one of the two last times; 0: not known. */
int64_t proof_step_ms(const struct proof *proof, uint64_t source);

/* Has that source shown it, not long ago? */
bool proof_was_shown_by(const struct proof *proof, uint64_t source);

/* The believed row of that sight becomes what is remembered; `holding`: it is complete, and waits
   to be confirmed. */
void proof_accept(struct proof *proof, const struct belief *belief, const struct sight *sight,
                  bool holding);

#endif
