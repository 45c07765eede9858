/*
 * How long one workload's rollout will go on: "why is it orange", and then "for how long?". Pure:
 * time is an argument, and what earlier rollouts took is handed in.
 *
 * Progress comes in steps: a pod, or a wave of pods that are made together. So a rollout's pace is
 * taken at its last step, and the time since counts down what was left then; elapsed / p of a
 * moment between two steps would rise and fall like a saw. Where earlier rollouts are known, theirs
 * is the shape, stretched by how much later or earlier this one came to where it is.
 *
 * Nothing is said where it would be a guess:
 *   - of what stands still, has failed, is paused, unknown, or is no rollout (a change of size)
 *   - while pods cannot be created (ReplicaFailure)
 *   - before TIME_LEFT_FIRST of the bar, and before a step was seen at all
 *   - while a row that says otherwise waits to be confirmed
 *   - when the next step is overdue by one usual wait (TIME_LEFT_PATIENCE): it may be stuck
 *
 * What is said is smooth. It comes down with time, and faster by and by when the rollout does; it
 * stands where the estimate is a little higher (TIME_LEFT_SLACK), and rises by and by only where it
 * is higher by more: then the rollout has become slower, which is news. In words it is in whole
 * minutes, with some hysteresis.
 */
#ifndef AMBERBAR_ROLLOUT_TIME_LEFT_H
#define AMBERBAR_ROLLOUT_TIME_LEFT_H

#include "rollout/verdict.h"

#include <stddef.h>

#define TIME_LEFT_FIRST 0.05    /* of the bar; earlier nothing is said */
#define TIME_LEFT_PATIENCE 2    /* of the longest wait for a step so far */
#define TIME_LEFT_SLACK 0.25    /* of what was said before */
#define TIME_LEFT_GAP_MS 60000  /* not looked at for longer: what was missed is not known */
#define TIME_LEFT_STEPS 5       /* that the pace is taken from: the first, and the newest */
#define TIME_LEFT_QUARTERS 3    /* of the bar, between its ends */
#define TIME_LEFT_WORDS_SIZE 24 /* "1 h 20 min" */

/* How long one rollout took that was seen from its beginning to its end and met no trouble. */
struct run_time {
    uint32_t total_s;                        /* at least 1 */
    uint32_t quarters_s[TIME_LEFT_QUARTERS]; /* from its beginning until its bar was so full */
};

/* What earlier rollouts of the workload took, in the middle. */
struct usual_time {
    size_t runs; /* 0: none is known */
    struct run_time time;
};

struct time_left_step {
    int64_t ms; /* monotonic: when the bar was first seen so far */
    double p;
};

/* What is remembered of one workload. Treat as opaque; zero-initialised is empty. */
struct time_left {
    bool rested;     /* it was seen at rest, at rest_ms last */
    int64_t rest_ms; /* monotonic */

    bool runs;          /* a rollout is under way */
    bool is_whole;      /* and was seen from its beginning */
    bool is_marred;     /* by trouble, by another size or template: no measure for later ones */
    bool is_seen;       /* it moved at the last look, too */
    int64_t generation; /* of what runs */
    int64_t began_ms, seen_ms;
    struct time_left_step steps[TIME_LEFT_STEPS]; /* steps[0] is where it began, or was found */
    size_t step_count;
    int64_t longest_ms; /* that it waited for a step */
    double wave;        /* the share of the bar that was under way before its first step */
    struct usual_time usual;
    struct run_time taken;

    bool ended; /* `taken` is whole, and nobody has taken it yet */

    int64_t left_ms; /* smoothed, at said_ms; 0: nothing is said */
    int64_t said_ms;
    int64_t shown_ms; /* the same in steps for people; 0: nothing is said */
};

/* The workload's generation, before the verdict of each poll: where it changes in the middle, what
   ends is not what had begun (perhaps the rollout was undone), and no measure for later ones. */
void time_left_generation(struct time_left *left, int64_t generation);

/* The verdict of this poll. */
void time_left_observe(struct time_left *left, const struct verdict *verdict, int64_t now_ms);

/* Of one that was not looked at: it is known to have been at rest at that moment. */
void time_left_rest(struct time_left *left, int64_t rest_ms);

/* A rollout is under way of which it is not known yet what earlier ones took. */
bool time_left_asks(const struct time_left *left);
void time_left_compare(struct time_left *left, const struct usual_time *usual);

/* A rollout is under way, and what earlier ones took is known. */
bool time_left_compares(const struct time_left *left);

/* A rollout has ended, once: what it took. */
bool time_left_take(struct time_left *left, struct run_time *taken);

/* The middle of `count` (at least 1) by their totals. */
struct usual_time time_left_usual(const struct run_time runs[], size_t count);

/* Milliseconds as people say them: whole minutes, of longer times fewer; half a minute of less. */
int64_t time_left_rounded(int64_t ms);

/* "4 min", "1 h 20 min", "less than 1 min" of rounded milliseconds. */
void time_left_words(int64_t ms, char out[static TIME_LEFT_WORDS_SIZE]);

#endif
