/*
 * An indicator: a number with two thresholds, and whether a rollout explains it when it is bad.
 * Pure: time is an argument, and the indicator is the caller's.
 *
 * Beyond a threshold says nothing of why. While a rollout replaces warm pods by cold ones, a slow
 * answer is to be expected; the same answer with nothing rolling out is not. So an indicator that
 * is orange or red is explained while one of its rollouts progresses, and for a grace after that;
 * not when it was so before the rollout began, nor when the rollout is in trouble itself. The
 * decision table is in indicator.c.
 */
#ifndef AMBERBAR_ROLLOUT_INDICATOR_H
#define AMBERBAR_ROLLOUT_INDICATOR_H

#include "rollout/rollout.h"

#define INDICATOR_CAUSES_MAX 32
#define INDICATOR_SERIES_SIZE 128
#define INDICATOR_NOTE_SIZE 160

/* From the config file. */
struct indicator_limits {
    double warning, critical; /* beyond begins here; the larger is critical: rising is bad, else
                                 falling is */
    int64_t for_ms;           /* being on one side of a threshold counts once it held so long */
    int64_t grace_ms;         /* a rollout explains for so long after its end */
};

/* On which side of a threshold it is, and since when it may be on the other. */
struct side {
    bool beyond;
    bool turning;
    int64_t turning_ms; /* monotonic */
};

/* Whether the indicator was bad when a rollout began. */
enum before { BEFORE_UNKNOWN, BEFORE_BAD, BEFORE_FINE };

/* A rollout that may explain it, and what is remembered of its newest run. */
struct cause {
    size_t rollout;     /* which; set by the caller before indicator_start() */
    bool open;          /* a run has begun, and neither ended nor failed */
    bool moving;        /* when last known, it progressed */
    enum before before; /* of this run */
    int64_t stopped_ms; /* monotonic: when it last stopped to progress; INT64_MIN: never */
    int64_t rest_ms;    /* monotonic: samples this new showed no run under way; INT64_MIN: never */
    enum state state;   /* at the last look: a rollout progresses if any workload of it does */
    size_t troubled; /* workloads that were failed, stalled or degraded while it last progressed */
};

struct indicator {
    /* Set by the caller before indicator_start(). */
    char name[ROLLOUT_NAME_SIZE];
    struct indicator_limits limits;
    struct cause causes[INDICATOR_CAUSES_MAX];
    size_t cause_count;

    /* Kept by indicator_*(). */
    enum health health;
    bool explained;
    enum indicator_why why;
    size_t cause; /* of causes[]: the one that `why` is about; cause_count: none */
    double value; /* the worst series'; NAN: none */
    char series[INDICATOR_SERIES_SIZE]; /* its labels, {a="b"} (cut when longer); "": it has none */
    char note[INDICATOR_NOTE_SIZE];     /* what the server says beside it; "": nothing */
    int64_t seen_ms;                    /* monotonic: the value was so at this moment or later */
    struct side warning, critical;
    bool blank;           /* the last poll gave no value */
    int64_t blank_ms;     /* monotonic: since when */
    bool bad;             /* beyond warning, or about to be, or about to come back */
    int64_t bad_since_ms; /* monotonic: not later than it began; earlier, where nobody saw it */
    int64_t bad_seen_ms;  /* monotonic: when it was seen first */
};

/* Begins without any knowledge: unknown (not asked). */
void indicator_start(struct indicator *indicator, int64_t now_ms);

/* One poll's answer to its query. */
void indicator_observe(struct indicator *indicator, const struct ratio_sample samples[],
                       size_t count, bool partial, int64_t now_ms);

/* What the server says beside its answer, a warning or a remark; NULL: nothing. */
void indicator_quote(struct indicator *indicator, const char *note);

/* Nothing new was read of it for too long. */
void indicator_observe_silence(struct indicator *indicator, int64_t now_ms);

/* One poll that failed. */
void indicator_observe_failure(struct indicator *indicator, int64_t now_ms);

/*
 * After each poll, and at indicator_expiry_ms(): whether a rollout explains it, by what all of them
 * (the caller's, as causes[] numbers them) are now.
 */
void indicator_explain(struct indicator *indicator, const struct rollout rollouts[],
                       int64_t now_ms);

/* When an explanation ends by itself; INT64_MAX: never. */
int64_t indicator_expiry_ms(const struct indicator *indicator);

/* For people: "explained by the rollout of cms (0.52, warning from 0.4 up)", and what the server
   says beside it. */
void indicator_sentence(const struct indicator *indicator, const struct rollout rollouts[],
                        char *out, size_t size);

/* For the history: "ok", "warning", "explained_warning" ... */
const char *indicator_state_name(enum health health, bool explained);

#endif
