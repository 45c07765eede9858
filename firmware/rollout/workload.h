/*
 * One workload's verdict, poll by poll. Pure: the memory is the caller's, time is an argument.
 *
 * The rules, and the reasons for each, are those of Kubernetes's own controllers and of
 * `kubectl rollout status` (kubernetes/kubectl pkg/polymorphichelpers/rollout_status.go), made safe
 * against what a scraped copy of the truth does to them: see the table of each kind in its
 * own file (deployment.c, statefulset.c, daemonset.c, argo.c). What is believed at all is
 * evidence's affair (evidence/proof.h).
 */
#ifndef AMBERBAR_ROLLOUT_WORKLOAD_H
#define AMBERBAR_ROLLOUT_WORKLOAD_H

#include "evidence/proof.h"
#include "evidence/row.h"
#include "rollout/verdict.h"

/* Patience and hints, from the config file. All times in milliseconds. */
struct limits {
    int64_t stall_after_ms;         /* no progress for so long: stalled. 600 s, Kubernetes's default
                                       progressDeadlineSeconds */
    int64_t stall_after_failure_ms; /* the same while ReplicaFailure is true. 60 s */
    int64_t max_age_ms;             /* a sample older than this is no news. 90 s */
    int64_t forget_after_ms;        /* absent for so long: gone. 90 s */
    int64_t hold_after_ms;          /* StatefulSet: healthy and still for so long: held. 60 s */
    int64_t degraded_after_ms;      /* pods lost for less are shown calmly. 30 s */
    int64_t partition;              /* StatefulSet: ordinals below it stay old on purpose. 0 */
    bool on_delete;                 /* StatefulSet, DaemonSet: strategy OnDelete */
};

extern const struct limits limits_default;

bool limits_same(const struct limits *a, const struct limits *b);

/* The last accepted row, as far as change.c compares the next one with it. */
struct row_before {
    bool taken;
    int64_t generation, spec, updated;
    int64_t owed; /* of the change of size the part that `updated` has not followed yet */
    enum progress_reason reason;
    enum rollout_phase phase;
    uint64_t revision;
};

/* New pods proven available, for credit.c. */
struct credit {
    bool taken;
    bool is_first;      /* no other row of the template was seen */
    uint64_t template_; /* a StatefulSet's revision, else the generation */
    bool sole;          /* all pods were of one other template before it */
    int64_t sample_ms;
    int64_t updated, pods;
    int64_t spec;    /* at its first row */
    int64_t at_once; /* old pods that are taken away at once; 0: not known */
};

/* What is remembered of one workload between polls. Treat as opaque; zero-initialised is empty. */
struct workload_memory {
    struct proof proof;  /* what is believed */
    struct verdict last; /* the last verdict from an accepted row */

    bool settled; /* stable or scaled to zero was reached */
    int64_t settled_generation, settled_spec;
    uint64_t settled_revision;
    bool saw_old; /* pods of an old template were seen since settled */
    bool renewed; /* a new template was seen since settled */
    bool resized; /* another size was seen since settled */

    bool lost;       /* degraded, and not well since */
    int64_t lost_ms; /* monotonic: when that was first seen */

    struct row_before before;
    struct credit credit;

    bool marked;      /* the stall clock runs */
    int64_t marks[4]; /* high-water marks of updated, ready, available, -old */
    int64_t progress_ms;
};

enum why why_of_doubt(enum doubt doubt); /* of anything but DOUBT_NONE */

/* The verdict of this poll. What a selector found stands once more when a scrape lacks it first. */
struct verdict workload_judge(struct workload_memory *memory, const struct limits *limits,
                              const struct sight *sight);

/*
 * Other limits: no verdict by those before stands. Where they say what is wanted, what was
 * remembered of its way there is forgotten; what is believed, and since when nothing moves, stays.
 */
void workload_relimit(struct workload_memory *memory, const struct limits *before,
                      const struct limits *after);

#endif
