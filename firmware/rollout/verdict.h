/*
 * What is true of a workload, or of a rollout that gathers several. The only vocabulary that the
 * picture, the status file and the journal know.
 */
#ifndef AMBERBAR_ROLLOUT_VERDICT_H
#define AMBERBAR_ROLLOUT_VERDICT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define P_NONE ((double)NAN) /* no progress can be told; test it with isnan() */

enum state {
    STATE_UNKNOWN,
    STATE_STABLE,
    STATE_PROGRESSING,
    STATE_STALLED,
    STATE_FAILED,
    STATE_PAUSED,
    STATE_DEGRADED,
    STATE_SCALED_TO_ZERO,
};
#define STATE_COUNT 8

/* Why the state is what it is; why_sentence() has the words for people. */
enum why {
    WHY_NOT_ASKED,   /* unknown: no answer yet since the start */
    WHY_UNPROVEN,    /* unknown: nothing proves yet that the answer is new */
    WHY_FETCH,       /* unknown: the request failed */
    WHY_LATE,        /* unknown: nothing new was read of it for too long */
    WHY_NO_DATA,     /* unknown: nothing of this kind is visible: is kube-state-metrics down? */
    WHY_ABSENT,      /* unknown: others are visible, this one is not */
    WHY_GONE,        /* unknown: absent for forget_after; its memory is dropped */
    WHY_SOURCE_GONE, /* unknown: what exported it is not there any more */
    WHY_CLOCK,       /* unknown: the answer's own times do not add up */
    WHY_COUNTS,      /* unknown: counts do not add up */
    WHY_STALE,       /* unknown: the newest sample is older than max_age */
    WHY_PARTIAL,   /* unknown: a required series is missing or no count, or the answer is partial */
    WHY_AMBIGUOUS, /* unknown: two different objects of the same name are visible */
    WHY_DELETING,  /* unknown: a deletion timestamp is set */
    WHY_COMPLETE,  /* stable */
    WHY_ZERO,      /* scaled to zero */
    WHY_UNOBSERVED,   /* progressing: the controller has not seen the newest spec yet */
    WHY_ROLLOUT,      /* progressing or stalled: pods of the new template are coming */
    WHY_SCALING,      /* progressing or stalled: the replica count changes, the template does not */
    WHY_DRAINING,     /* progressing, however long: pods terminate, and are ready until they end */
    WHY_CONFIRMING,   /* the previous verdict stands until a second, newer sample agrees */
    WHY_LAGGING,      /* the previous verdict stands: this source is behind what was seen already */
    WHY_DEADLINE,     /* failed: the controller reports ProgressDeadlineExceeded */
    WHY_CREATE_ERROR, /* failed: the controller cannot create the ReplicaSet */
    WHY_NOT_PROGRESSING, /* failed: Progressing is false for another or an unexported reason */
    WHY_INVALID_SPEC,    /* failed, as the next three: an Argo Rollout's phase says so */
    WHY_TIMEOUT,
    WHY_ERROR,
    WHY_ABORT,
    WHY_PAUSED,      /* paused: spec.paused, or an Argo Rollout's phase */
    WHY_HELD,        /* paused: healthy, but nothing moves on: a partition, OnDelete */
    WHY_LOST_PODS,   /* degraded: pods lost with the rollout done */
    WHY_RATIO,       /* the user's own query says so */
    WHY_RATIO_RANGE, /* the user's own query yields a number outside 0..1 */
};

struct verdict {
    enum state state;
    enum why why;
    double p;         /* 0..1: new pods proven available; 1 only when done. P_NONE: unknown, zero. A
                         rollout of several keeps the progress of those it knows while one is unknown */
    double q;         /* 0..1, >= p: new pods created. P_NONE like p */
    int64_t replicas; /* pods of any template, or ROW_MISSING. A StatefulSet's and a DaemonSet's
                         count the terminating ones */
    int64_t updated;  /* replicas, or ROW_MISSING */
    int64_t available;     /* replicas, or ROW_MISSING */
    int64_t spec;          /* replicas, or ROW_MISSING */
    int64_t terminating;   /* replicas still draining, or ROW_MISSING; never delays stable */
    int64_t new_available; /* new pods proven available, at most `target`, or ROW_MISSING */
    int64_t target;        /* pods to renew: spec less the partition, or ROW_MISSING */
    bool cannot_create;    /* ReplicaFailure: the controller cannot create (or delete) pods */
    bool partition_moved;  /* the partition in the config is out of date (counts.h) */
    bool
        calm; /* degraded for less than degraded_after: shown without alarm, though never as full */
};

struct verdict verdict_unknown(enum why why); /* without p, without counts */

const char *state_name(enum state state); /* as in the status file: "scaled_to_zero" */
const char *why_name(enum why why);       /* as in timelines: "no_data" */
const char *why_sentence(enum why why);   /* for people: "no usable answer from Prometheus" */

/* 0 for stable and scaled to zero, up to 6 for failed: the order in which states win a shared bar.
 */
int state_severity(enum state state);

/* How well something is, by an indicator's thresholds (indicator.h). */
enum health { HEALTH_UNKNOWN, HEALTH_OK, HEALTH_WARNING, HEALTH_CRITICAL };
#define HEALTH_COUNT 4

const char *health_name(enum health health); /* as in the status file: "warning" */

/*
 * On the scale of state_severity(). A critical indicator that nothing explains is worse than any
 * rollout: people are hurt now. One that is explained never outshouts the rollout that explains it.
 */
int health_severity(enum health health, bool explained);

#endif
