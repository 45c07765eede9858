/*
 * A rollout as the config file names it: one bar about one or many workloads, or about the series
 * of the user's own query. Pure: the table of workloads is allocated by the caller; time is an
 * argument.
 */
#ifndef AMBERBAR_ROLLOUT_ROLLOUT_H
#define AMBERBAR_ROLLOUT_ROLLOUT_H

#include "evidence/phase.h"
#include "evidence/whole.h"
#include "rollout/time_left.h"
#include "rollout/workload.h"

#define ROLLOUT_NAME_SIZE 64
#define ROLLOUT_DETAIL_SIZE 200
#define ROLLOUT_HINT_SIZE 200
#define ROLLOUT_LEFT_MAX 128 /* what more has left at once is unknown while its store shows it */
#define WORKLOAD_CLUSTER_SIZE 128
#define WORKLOAD_EXPORTED_SIZE 128
#define WORKLOAD_NAMESPACE_SIZE 64 /* a namespace is a DNS label: 63 characters */
#define WORKLOAD_NAME_SIZE 254     /* a workload's name is a DNS subdomain: 253 characters */

enum rollout_weight { WEIGHT_REPLICAS, WEIGHT_EQUAL };

/* One series of a user's own query. */
struct ratio_sample {
    const char *labels; /* rendered without the name: {namespace="cms", deployment="web"}; unique */
    double value;       /* NAN when it was no number */
    uint64_t source;    /* of all its labels but those of objects; 0: they do not say what was
                           scraped */
};

/* An answer to a user's own query. */
struct ratio_answer {
    const struct ratio_sample *samples;
    size_t count;
    bool partial;
    int64_t eval_ms;     /* the evaluation time, the oldest of them; 0: no sample says it */
    int64_t spread_ms;   /* so much later the newest sample was evaluated */
    const char *warning; /* what makes it partial, in the back end's words; NULL: none */
    const char *note;    /* what the back end says of the query itself; NULL: nothing */
};

/* A member of a rollout, and where it stands. */
struct workload {
    enum workload_kind kind;
    char cluster[WORKLOAD_CLUSTER_SIZE];
    char namespace_[WORKLOAD_NAMESPACE_SIZE];
    char exported[WORKLOAD_EXPORTED_SIZE]; /* see row.h */
    char name[WORKLOAD_NAME_SIZE];         /* or, for a query, its labels (cut when longer) */
    bool named; /* asked for by exact name: it stays, unknown, when it is gone */
    struct workload_memory memory;
    struct verdict verdict;
    int64_t since_ms; /* monotonic: when its state last changed */
    struct time_left time_left;

    bool seen;         /* in the answer that is being taken */
    unsigned batches;  /* the bars that it counts in (batch.h) */
    int64_t weight;    /* its share of a bar: replicas of its newest spec, at least 1; or 1 */
    int64_t units;     /* the steps it is made of: replicas, or of a ratio RATIO_UNITS (ratio.h) */
    double ratio;      /* query only: the newest value */
    double ratio_mark; /* query only: the nearest to 1 of this run */
    bool ratio_seen;   /* query only: it was above 0 and at most 1 before, as a ratio is */
    uint64_t ratio_id; /* query only: hash of the full labels; else 0 */
};

struct rollout {
    /* Set by the caller before rollout_start(). */
    char name[ROLLOUT_NAME_SIZE];
    struct limits limits;
    enum rollout_weight weighting;
    bool is_query;
    bool exact;                 /* it is one workload: of one name, in one cluster */
    unsigned kinds;             /* KIND_BIT of each that is asked for; 0 with a query */
    struct workload *workloads; /* room for `capacity`, the caller's */
    size_t capacity;

    /* Kept by rollout_*(). */
    size_t count;
    size_t dropped; /* workloads that had no room at the last answer (or whose names had none):
                       while there are any the rollout is unknown (partial) at best */
    struct survey survey;       /* of the last answer; taken: workloads that are settled need not be
                                   members */
    struct whole whole;         /* what the surveys before have counted */
    struct whole_belief counts; /* and what is believed of the last one */
    bool partial;               /* the last answer may lack series */
    char detail[ROLLOUT_DETAIL_SIZE]; /* what a verdict "unknown" is about: the source that is gone
                                         or too old, the rule that is missing, the warning that
                                         came, how far a clock lags; "": nothing more to say */
    char hint[ROLLOUT_HINT_SIZE];     /* while something is missed: what there is instead, in words;
                                         "": nothing is known of that */
    uint64_t
        left[ROLLOUT_LEFT_MAX]; /* samples that stores still show of what is exported no more */
    size_t left_next;           /* the oldest of them */
    struct verdict verdict;
    size_t worst;     /* index of the workload that gives the verdict its state; count: none */
    int64_t since_ms; /* monotonic: when the rollout's state last changed */
    int64_t seen_ms;  /* monotonic: all that the verdict speaks of was so at this moment or later;
                         INT64_MIN: nothing was known yet */
};

/* Begins without any knowledge: unknown (not asked). */
void rollout_start(struct rollout *rollout, int64_t now_ms);

/*
 * Takes limits in the place of those that it had. By other ones nothing is known, and it is unknown
 * (not asked) until the next answer; what is remembered of its workloads and of what shows them
 * stays, as far as it does not depend on the limits. True: they are others.
 */
bool rollout_relimit(struct rollout *rollout, const struct limits *limits, int64_t now_ms);

/*
 * After rollout_start(): declares a workload that must exist (its exact name was given), in any
 * cluster. Seen in several, it is one member in each. False when there is no room.
 */
bool rollout_expect(struct rollout *rollout, enum workload_kind kind, const char *namespace_,
                    const char *name);

/* One poll's answer: rows of `selection` are this rollout's. */
void rollout_observe(struct rollout *rollout, const struct answer *answer, size_t selection,
                     int64_t now_ms);

/* One poll's answer to the user's own query. */
void rollout_observe_ratio(struct rollout *rollout, const struct ratio_sample samples[],
                           size_t count, bool partial, int64_t now_ms);

/* What an unknown verdict of such an answer is about; NULL: there is nothing to quote. */
void rollout_quote(struct rollout *rollout, const char *warning);

/* It looks for something that is not there: no such name, namespace, cluster or kind? */
bool rollout_is_missed(const struct rollout *rollout);

/* What there is instead: said while it is missed. Foreign names in it are made printable. */
void rollout_hint(struct rollout *rollout, const char *words);

/* Nothing new was read of it for too long. */
void rollout_observe_silence(struct rollout *rollout, int64_t now_ms);

/* One poll that failed; rollout_quote() then says why. */
void rollout_observe_failure(struct rollout *rollout, int64_t now_ms);

/* True while a faster poll is worth it: something is progressing or a verdict waits to be
 * confirmed. */
bool rollout_moves(const struct rollout *rollout);

/* The same; and `phase` wants the sources of `answer` that show what moves, and its survey. */
bool rollout_watch(const struct rollout *rollout, const struct answer *answer, size_t selection,
                   struct phase *phase);

/*
 * The kinds (KIND_BIT of each) of which only the canary can tell what it means that `answer` lacks
 * this rollout's workloads: nothing of them is in it.
 */
unsigned rollout_misses(const struct rollout *rollout, const struct answer *answer,
                        size_t selection);

/*
 * And the sources about which it must ask, because `answer` shows nothing of them, while workloads
 * were last seen there that it lacks. Adds those that are not among them yet; `total`: how many
 * workloads of each kind `answer` has. False: there are none.
 */
bool rollout_missed_sources(const struct rollout *rollout, const struct answer *answer,
                            size_t selection, struct missed_sources *missed,
                            size_t total[static KIND_COUNT]);

/*
 * Several rollouts on one bar: the worst state wins, and the bar is their batch (all that moved
 * since everything was last settled, which is noted in their workloads). `worst` gets the index of
 * the rollout that gives the state; `count` (0) when there is none.
 */
struct verdict rollouts_common(struct rollout rollouts[], size_t count, size_t *worst);

/*
 * Of the members that move the one that will take longest: its time is the rollout's. NULL: how
 * long is not known, as of one of them it is not, or the rollout is not progressing.
 */
const struct workload *rollout_slowest(const struct rollout *rollout);

size_t rollout_total(const struct rollout *rollout); /* workloads, members or not */

/* Why the rollout shows what it shows, for people, e.g. "web: 3 of 10 new pods are available". */
void rollout_sentence(const struct rollout *rollout, char *out, size_t size);

#endif
