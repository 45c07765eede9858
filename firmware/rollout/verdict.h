/*
 * What is true of a workload, or of a rollout that gathers several. The only vocabulary that the
 * picture, the status file and the journal know.
 */
#ifndef AMBERBAR_ROLLOUT_VERDICT_H
#define AMBERBAR_ROLLOUT_VERDICT_H

#include "rollout/states.h"
#include "rollout/whys.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define P_NONE ((double)NAN) /* no progress can be reported; test it with isnan() */

#define STATE_ENUMERATOR(state, ...) state,

enum state { STATES(STATE_ENUMERATOR) STATE_COUNT };

/* What it means for the run of a rollout: for its bar, and for indicators that it may explain. */
enum state_run {
    RUN_HIDDEN,  /* nothing is known of it */
    RUN_IS_ON,   /* it is under way: its end is celebrated */
    RUN_GOES_ON, /* if there is one: its bar is the same bar still */
    RUN_ENDS,
    RUN_BREAKS, /* it ends, and explains nothing any more */
};

/* What comes of it for who waits for the rollout. */
enum outlook { OUTLOOK_UNKNOWN, OUTLOOK_DONE, OUTLOOK_WAIT, OUTLOOK_TROUBLE };

/* Why an indicator is what it is. Of several rollouts the last in this order gives the reason. */
enum indicator_why {
    INDICATOR_NOT_ASKED, /* unknown: no answer yet since the start */
    INDICATOR_FETCH,     /* unknown: the request failed */
    INDICATOR_LATE,      /* unknown: nothing new was read of it for too long */
    INDICATOR_NO_SERIES, /* unknown: the query finds nothing */
    INDICATOR_NO_NUMBER, /* unknown: NaN, and nothing beside it is bad */
    INDICATOR_PARTIAL,   /* unknown: a part of the answer is missing, and what is there is good */
    INDICATOR_FINE,      /* ok */
    INDICATOR_ALONE,     /* bad, and explained_by names no rollout */
    INDICATOR_NOTHING_MOVES,
    INDICATOR_ROLLOUT_UNKNOWN, /* what is not known explains nothing */
    INDICATOR_BEFORE_UNKNOWN,  /* a rollout moves, but was it bad before? */
    INDICATOR_BEFORE,          /* a rollout moves, but it was bad before */
    INDICATOR_GRACE_OVER,
    INDICATOR_ROLLOUT_LOST_PODS,
    INDICATOR_ROLLOUT_STALLED,
    INDICATOR_ROLLOUT_FAILED,
    INDICATOR_EXPLAINED_STILL, /* explained: the rollout stopped moving less than grace ago */
    INDICATOR_EXPLAINED,       /* explained: the rollout moves */
};

/* What a sentence about a workload in it says (sentence.c). */
enum state_sentence {
    SENTENCE_CLAUSE,     /* the clause beside it, for its numbers say nothing more */
    SENTENCE_EVIDENCE,   /* what the evidence lacks */
    SENTENCE_AVAILABLE,  /* how many pods serve */
    SENTENCE_PROGRESS,   /* how far it has come, and why it moves */
    SENTENCE_STANDSTILL, /* since when nothing moves on, and how far it had come */
    SENTENCE_FAILURE,    /* why, and how many pods were created */
    SENTENCE_PAUSE,      /* how far it has come, or what holds it */
    SENTENCE_LOSS,       /* how many pods are left */
};

/* All that is said of a state, but what it looks like: a row of states.h. */
struct state_traits {
    const char *name; /* as in the status file: "scaled_to_zero" */
    int severity;     /* from 1 to 7: the order in which states win a shared bar */
    unsigned is;      /* of STATE_SETTLED ... */
    enum state_run run;
    enum outlook outlook;
    enum indicator_why explains; /* INDICATOR_EXPLAINED: a bad indicator, or why it does not */
    enum state_sentence sentence;
    const char *clause;     /* of SENTENCE_CLAUSE: "no pods wanted"; NULL of others */
    const char *words;      /* before a sentence of its only workload: "stalled, " */
    const char *one, *many; /* of one workload of several, and of many: "is stalled" */
};

#define STATE_SETTLED 1u  /* nothing is left to do */
#define STATE_IDLE 2u     /* no progress is waited for */
#define STATE_TROUBLED 4u /* somebody is needed */
#define STATE_MOVES 8u    /* pods come and go; where none does for too long, it is stalled */
#define STATE_FULL 16u    /* a bar of it that is full is one that is done */
#define STATE_SERVES 32u  /* all that is wanted serves: a full bar, and its pods are counted */
#define STATE_LOSES 64u   /* pods are lost, which is calm for degraded_after */

const struct state_traits *state_traits(enum state state);
bool state_is(enum state state, unsigned traits); /* any of STATE_SETTLED ... */

/* Why the state is what it is; why_sentence() has the words for people. */
#define WHY_ENUMERATOR(why, ...) why,

enum why { WHYS(WHY_ENUMERATOR) };

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

const char *state_name(enum state state);
const char *why_name(enum why why);     /* as in timelines: "no_data" */
const char *why_sentence(enum why why); /* for people: "no usable answer from Prometheus" */

#define WHYS_UNANSWERED 1u /* no request was answered */
#define WHYS_MISSED 2u     /* it is not there: a hint may say what is there instead */
#define WHYS_SOURCE 4u     /* its sentence names the exporter */
#define WHYS_RESIZING 8u   /* the number of pods is changing, or is not yet what it shall be */
#define WHYS_PATIENT 16u   /* it may take as long as it likes */
#define WHYS_STANDING 32u  /* the verdict before stands */

bool why_is(enum why why, unsigned traits); /* any of WHYS_UNANSWERED ... */

/* What this machine lacks, so that somebody here can fix it. */
enum own_fault { OWN_FAULT_ELSEWHERE, OWN_FAULT_NETWORK, OWN_FAULT_CLOCK, OWN_FAULT_CARD };

enum own_fault why_fault(enum why why);

int state_severity(enum state state);

/* How well something is, by an indicator's thresholds (indicator.h). */
enum health { HEALTH_UNKNOWN, HEALTH_OK, HEALTH_WARNING, HEALTH_CRITICAL, HEALTH_COUNT };

const char *health_name(enum health health); /* as in the status file: "warning" */
const char *
health_words(enum health health); /* before the threshold that is next: "good; warning" */

/*
 * On the scale of state_severity(). A critical indicator that nothing explains is worse than any
 * rollout: people are hurt now. One that is explained never outshouts the rollout that explains it.
 */
int health_severity(enum health health, bool explained);

#endif
