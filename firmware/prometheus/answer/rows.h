/*
 * Series gathered into rows: one row for each workload as one source shows it. Inside prometheus/
 * only; others see the answer (response.h).
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_ROWS_H
#define AMBERBAR_PROMETHEUS_ANSWER_ROWS_H

#include "prometheus/answer/arena.h"
#include "prometheus/answer/response.h"
#include "prometheus/answer/series.h"

struct group; /* one source's series of one workload */

/* A source, as the rows of one answer show it. */
struct source_found {
    struct source_found *next;
    struct source_seen seen;
};

struct rows {
    struct arena arena; /* of the answer that is being read: its JSON, its rows */

    const struct asked *asked;
    struct group *groups; /* a list, the newest first */
    size_t group_count;
    struct group **slots; /* hash table of the groups, open addressing; mask + 1 slots */
    uint64_t *seen;       /* hash table of full label sets, likewise; 0: free */
    size_t mask;
    struct survey *surveys;       /* one for each selection; NULL: no series of a survey */
    struct source_found *sources; /* a list, the newest first */
    size_t source_count;
    struct text matchers; /* of a source, while it is written */
    bool answered;        /* the question's nonce came back */
    int64_t eval_ms;
    size_t nameless;     /* series of our metrics without a workload's name */
    bool is_exported;    /* exported_<namespace label> was seen */
    struct error remark; /* response_remark() */
};

/* Begins an answer of `series` series, whose strings stay where they are. False: no memory. */
bool rows_begin(struct rows *rows, const struct asked *asked, size_t series);

enum rows_fault {
    ROWS_FINE,
    ROWS_NO_MEMORY,
    ROWS_DUPLICATE,    /* the same label set was there already */
    ROWS_FOREIGN,      /* it is of a workload that was not asked for [O1] */
    ROWS_NO_SELECTION, /* several selections were asked for, and the series does not say its own */
};

enum rows_fault rows_add(struct rows *rows, struct series *series);

/* Orders the rows and hands them out. False: no memory. */
bool rows_finish(struct rows *rows, struct answer *answer);

#endif
