/*
 * What a round asks about workloads. While they are few, one request brings the rows of all. Where
 * that would be too many rows, a survey counts them and lists what is not settled, and the rows of
 * these alone are asked for, if there are any. A survey is as many questions as it takes: each asks
 * about as many rollouts as one has room for. So too, whatever the number, where recording rules
 * have done the counting. How many there are is counted first, and again after a failure.
 */
#ifndef AMBERBAR_DAEMON_PLAN_H
#define AMBERBAR_DAEMON_PLAN_H

#include "config/config.h"

#define PLAN_WORKLOADS_MAX 2000 /* of all rollouts, whose rows one request brings */
#define PLAN_DEAR_MAX 5000      /* workloads; a survey of more takes a server about a second */

enum plan_form {
    PLAN_UNCOUNTED, /* the next round counts first */
    PLAN_WHOLE,     /* rows of all */
    PLAN_SURVEY,    /* a survey, and rows of what is not settled */
};

enum plan_step { PLAN_COUNTING, PLAN_SURVEYING, PLAN_ROWS, PLAN_DONE };

struct plan {
    const struct config *config;
    struct query_terms terms;
    struct selection selections[CONFIG_ROLLOUTS_MAX];
    size_t count;
    size_t selection_of[CONFIG_ROLLOUTS_MAX]; /* by rollout; of a query: no meaning */

    bool in_address; /* questions are sent by GET: those that can be shorter are */

    enum plan_form form; /* of the next round */
    enum plan_step step;
    struct text whole;                          /* the query for the rows of all */
    struct text query;                          /* any other; of PLAN_ROWS when `surveyed` */
    bool surveyed;                              /* this round has a survey */
    size_t asked_from, asked_to;                /* of the selections that are surveyed, those that
                                                   this question is about */
    struct survey surveys[CONFIG_ROLLOUTS_MAX]; /* by selection */
    struct listed *listed;                      /* by them, and room for so many */
    size_t listed_count, listed_room;           /* of all its questions so far */
    struct text listed_names;                   /* what its keys point into */
};

/* A plan of zeros is opened: it is large, and pages that nobody writes cost nothing. `config`
   outlives the plan. False: the rollouts' query cannot be written. */
bool plan_open(struct plan *plan, const struct config *config, struct error *error);
void plan_close(struct plan *plan);

/* Begins a round. False: its first query cannot be written. */
bool plan_begin(struct plan *plan, struct error *error);

/* The query of this step, to which a nonce may be added; NULL: the round has all it needs. Of a
   config without workloads it is empty: its nonce alone is asked for, to know the server's clock.
 */
struct text *plan_text(struct plan *plan);

/*
 * Takes the answer to it, and goes on to the next step. After the last, `answer` is what the whole
 * round knows; its surveys are the plan's. False: the next query cannot be written.
 */
bool plan_take(struct plan *plan, const struct rollout rollouts[], struct answer *answer,
               struct error *error);

/* What the round's end shows to be wrong with the config, or dear; false: nothing. */
bool plan_remark(const struct plan *plan, struct error *remark);

/* The round has failed: there may be more workloads than there were. */
void plan_fail(struct plan *plan);

/* True when a round costs the server so much that polling faster is out of the question. */
bool plan_is_dear(const struct plan *plan);

#endif
