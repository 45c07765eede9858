/*
 * What Prometheus says of one workload through one source, as plain numbers. A source is one
 * exporter as scraped once: all series whose labels are equal but for the metric's name and the
 * labels that tell its values apart. Rows of two sources are never combined.
 */
#ifndef AMBERBAR_EVIDENCE_ROW_H
#define AMBERBAR_EVIDENCE_ROW_H

#include "evidence/kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_MISSING INT64_C(-1) /* the series is absent or its value is no count */

/* Status of a condition (kube_deployment_status_condition's label `status`). */
enum condition_status {
    CONDITION_ABSENT,
    CONDITION_TRUE,
    CONDITION_FALSE,
    CONDITION_UNKNOWN,
    CONDITION_COUNT
};

/* Reasons of a Deployment's Progressing condition (kubernetes pkg/controller/deployment/util). */
enum progress_reason {
    REASON_NONE,  /* no label: kube-state-metrics before 2.17 */
    REASON_OTHER, /* a reason not in this list, or "unknown" */
    REASON_NEW_REPLICA_SET_CREATED,
    REASON_FOUND_NEW_REPLICA_SET,
    REASON_REPLICA_SET_UPDATED,
    REASON_NEW_REPLICA_SET_AVAILABLE,
    REASON_PROGRESS_DEADLINE_EXCEEDED,
    REASON_REPLICA_SET_CREATE_ERROR,
    REASON_DEPLOYMENT_PAUSED,
    REASON_DEPLOYMENT_RESUMED,
    REASON_COUNT
};

/* Phases of an Argo Rollout as its controller exports them (argo-rollouts controller/metrics). */
enum rollout_phase {
    PHASE_NONE,
    PHASE_INVALID_SPEC,
    PHASE_COMPLETED,
    PHASE_PROGRESSING,
    PHASE_PAUSED,
    PHASE_TIMEOUT,
    PHASE_ERROR,
    PHASE_ABORT,
    PHASE_COUNT
};

/*
 * Identity of a workload. Strings live as long as the rows; "" for no such label. `exported` is
 * what a scrape without honor_labels made of the exporter's own namespace and name, where it did
 * ("exported_namespace/exported_name", NULL or "" where it did not): two workloads may differ in
 * that alone.
 */
struct workload_key {
    enum workload_kind kind;
    const char *cluster;
    const char *namespace_;
    const char *name;
    const char *exported;
};

struct row {
    struct workload_key key;
    size_t selection;   /* which selection of the query asked for it (query.h), from 0 */
    size_t source;      /* rank of the source's labels in label order; breaks the last tie */
    uint64_t source_id; /* of the source's labels, of this kind (source.h); 0: not said */
    bool left_behind;   /* a store still shows it, its source does not any more (source.h) */
    int64_t sample_ms;  /* scrape time of the newest sample, Prometheus's clock */
    int64_t created;    /* seconds since 1970; ROW_MISSING */

    /* Counts, each >= 0 or ROW_MISSING. A DaemonSet's `desired` is spec, its `current` replicas. */
    int64_t generation;
    int64_t observed;
    int64_t spec;
    int64_t replicas;
    int64_t updated;
    int64_t ready;
    int64_t available;
    int64_t current; /* StatefulSet only: pods of the old template that do not terminate, while the
                        revisions differ (kube_statefulset_status_replicas_current) */
    int64_t unavailable; /* Argo Rollout only */
    int64_t terminating;
    int64_t paused; /* 0 or 1 */

    enum condition_status progressing;
    enum progress_reason reason;
    bool replica_failure; /* condition ReplicaFailure is true */
    bool deleting;        /* a deletion timestamp is set */

    enum rollout_phase phase;
    uint64_t current_revision; /* hash of the revision's name; 0: missing */
    uint64_t update_revision;
};

/* Of one source: how many rows it has, and how many of them are settled, and are not. */
struct source_count {
    uint64_t id;
    enum workload_kind kind;
    int64_t rows, settled, unsettled;
};

#define COUNTED_MAX 256 /* sources of a selection, each kind by itself */

/* The sources that a selection's rows come from. What has no room in `list` is summed. */
struct counted {
    struct source_count rest[KIND_COUNT];
    bool crowded; /* `rest` is in use */
    size_t count;
    struct source_count list[COUNTED_MAX]; /* the last, so that only `count` of it are touched */
};

void counted_clear(struct counted *counted);

/* Recording rules (tools/prometheus/amberbar.rules.yml), as they are evaluated: each after the one
   before. */
enum survey_rule { RULE_COUNT, RULE_OLDEST, RULE_ROWS, RULE_SETTLED, RULE_UNSETTLED, SURVEY_RULES };

const char *survey_rule_name(enum survey_rule rule); /* "count" */

/*
 * What a survey says of a selection whose rows are too many to be asked for: the rows are then only
 * of the workloads that are not settled, or were not a moment ago.
 */
struct survey {
    bool taken;               /* false: the rows of all workloads are there */
    bool recorded;            /* by recording rules; false: by the question itself */
    bool partial;             /* as in the answer */
    bool more;                /* others than those in the rows are not settled either */
    size_t listed;            /* rows that are not settled, of all sources */
    size_t total[KIND_COUNT]; /* workloads, settled or not */
    unsigned timed;           /* kinds (KIND_BIT) of which the oldest sample's time is known */
    int64_t oldest_ms;        /* sample time of the oldest, Prometheus's clock; or ROW_MISSING */
    int64_t evaluated_ms[SURVEY_RULES]; /* when each rule was evaluated, where that was longest
                                            ago (RULE_OLDEST: last); ROW_MISSING: not said */
    int64_t eval_ms;                    /* the survey's evaluation time */
    struct counted counted;             /* the rows that they are shown in */
};

struct survey survey_empty(void); /* taken, and nothing is in it */

/* NULL: none is taken. */
void survey_copy(struct survey *to, const struct survey *from);

size_t survey_total(const struct survey *survey); /* of all kinds; 0 when it is not taken */

/* A workload that a survey lists, because it is not settled, through one source. */
struct listed {
    size_t selection;
    struct workload_key key;
    uint64_t source_id;
};

struct source_ledger;  /* source.h */
struct evidence_clock; /* clock.h */

/* A source as an answer shows it: those of its rows that are of one kind. */
struct source_seen {
    uint64_t id;
    enum workload_kind kind;
    int64_t newest_ms; /* its newest sample; ROW_MISSING */
    const char *text;  /* its labels as matchers of PromQL, {} left out; NULL: too long to say */
    uint64_t cluster;  /* a hash of its cluster's name, by the config's cluster_label */
};

#define WITNESSES_MAX 8 /* sources that a canary is asked about at once */

/* One valid answer to the rollouts' query. Rows are ordered by selection, key, source. */
struct answer {
    int64_t eval_ms;   /* the evaluation time, Prometheus's clock, of the series where it is oldest;
                          ages are taken against it alone */
    int64_t spread_ms; /* and so much later it was where it is newest; 0: as it should be */
    int64_t sent_ms;   /* monotonic: when it was asked for */
    bool answered;     /* it has the nonce of its question */
    int64_t lag_ms;    /* it may be so much older than its evaluation time says (clock.h) */
    const struct evidence_clock *clock; /* by which samples may be older than they look; or NULL */
    const struct source_seen *sources;  /* of its rows, each once */
    size_t source_count;
    struct source_seen witnesses[WITNESSES_MAX]; /* and what a canary found beside them */
    size_t witness_count;
    struct source_ledger *ledger; /* what is remembered of all sources; NULL: nothing */
    const char *warning;          /* the back end's words for what makes it partial; NULL: none */
    struct row *rows;
    size_t count;
    int64_t canary_ms;        /* the canary's evaluation time; 0: there is none, or it says none */
    int64_t canary_spread_ms; /* as spread_ms */
    bool unwitnessed; /* nothing can be concluded of what is missing: the canary was not heard, or
                         is shown what the answer was not */
    bool partial;     /* the back end warned that series may be missing */
    const struct survey *surveys; /* one for each selection; NULL: none is taken */
    size_t survey_count;          /* so many; 0: not said */
    const struct listed *listed;  /* by the surveys: their rows should be in the answer */
    size_t listed_count;
    bool kind_alive[KIND_COUNT]; /* something of that kind is visible anywhere (canary included) */
};

/* Labels of the exporters, as values above. */
enum progress_reason progress_reason_of(const char *label);   /* NULL: REASON_NONE */
enum rollout_phase rollout_phase_of(const char *label);       /* PHASE_NONE for an unknown word */
enum condition_status condition_status_of(const char *label); /* CONDITION_ABSENT likewise */

/* From 0, Completed, to the worst: which of two phases counts when nothing says which is newer. */
int phase_badness(enum rollout_phase phase);
int condition_badness(enum condition_status status); /* from 0, absent, to false */

/* Has it all without which nothing is concluded? All else may be missing: old exporters lack it. */
bool row_is_whole(const struct row *row);

/* Does its exporter say a phase, and no generation? Then nothing says which of two is newer. */
bool row_is_phased(const struct row *row);

int64_t row_pods(const struct row *row); /* of any template */

/* Is (generation, observed) lower than those? */
bool height_is_lower(int64_t generation, int64_t observed, int64_t than_generation,
                     int64_t than_observed);

#endif
