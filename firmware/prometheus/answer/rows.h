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
    struct source_found *next;  /* of all */
    struct source_found *chain; /* of its bucket */
    struct source_seen seen;
};

#define SOURCE_BUCKETS 256

struct rows {
    struct arena arena;   /* of the answer that is being read: its envelope, its rows */
    struct arena scratch; /* of the series that is being read: its JSON */

    const struct asked *asked;
    struct group *groups; /* a list, the newest first */
    size_t group_count;
    struct group **slots;         /* hash table of the groups, open addressing */
    uint64_t *seen;               /* hash table of full label sets, likewise; 0: free */
    size_t slot_count;            /* of each */
    uint64_t secret;              /* no server knows what comes to stand where */
    struct survey *surveys;       /* one for each selection; NULL: no series of a survey */
    struct source_found *sources; /* a list, the newest first */
    struct source_found *buckets[SOURCE_BUCKETS];
    size_t source_count;
    struct text matchers; /* of a source, while it is written */
    bool answered;        /* the question's nonce came back */
    struct evaluated evaluated;
    size_t nameless; /* series of our metrics without a workload's name */
    unsigned kinds;  /* KIND_BIT of those that have rows; of these have an exported_<label> ... */
    unsigned exported_namespace; /* ... beside that of the namespace */
    unsigned exported_name;      /* ... beside that of the name */
    struct error remark;         /* response_remark() */
};

/* Begins an answer of at most `series` series. False: no memory. */
bool rows_begin(struct rows *rows, const struct asked *asked, size_t series);

enum rows_fault {
    ROWS_NO_MEMORY,
    ROWS_DUPLICATE,    /* the same label set was there already */
    ROWS_FOREIGN,      /* it is of a workload that was not asked for [O1] */
    ROWS_NO_SELECTION, /* several selections were asked for, and the series does not say its own */
    ROWS_FINE,
};

/* Its strings are copied where they are kept. */
enum rows_fault rows_add(struct rows *rows, struct series *series);

/* The source that a series of that kind is of, by all its labels but the workload's own. */
uint64_t rows_source_id(const struct asked *asked, const struct series *series,
                        enum workload_kind kind);

/* Orders the rows and hands them out. False: no memory. */
bool rows_finish(struct rows *rows, struct answer *answer);

#endif
