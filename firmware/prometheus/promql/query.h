/*
 * PromQL text: what is asked of Prometheus. Nothing here talks to anybody.
 *
 * One request asks for every workload of every rollout. With one selection the query is the plain
 * union of its arms (counters, conditions, sample times). With several, each selection's arms carry
 * the label `amberbar="<index>"`, so that the server alone decides what a regular expression
 * matches.
 *
 * Where that would be too many rows, two requests do (survey.h): one counts the workloads and lists
 * those that are not settled, the other asks for the rows of these alone.
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_QUERY_H
#define AMBERBAR_PROMETHEUS_PROMQL_QUERY_H

#include "base/error.h"
#include "base/text.h"
#include "evidence/source.h"

#define QUERY_MAX_BYTES 16384 /* VictoriaMetrics -search.maxQueryLen's default */
#define QUERY_NONCE_BYTES 96  /* of them are kept for the nonce's arm */
#define QUERY_ROOM_BYTES (QUERY_MAX_BYTES - QUERY_NONCE_BYTES)
#define QUERY_SELECTION_LABEL "amberbar"
#define QUERY_FIELD_LABEL "m" /* tells the arms of one labelset apart: `or` ignores __name__ */
#define QUERY_SAMPLE_TIME "sample_ts" /* its value on the arm of sample times */
#define QUERY_SOURCE "source"         /* and on the canary's arms about sources */
#define QUERY_NONCE_LABEL "amberbar_ask"
#define QUERY_NONCE_SIZE 17 /* 16 hexadecimal digits, and NUL */

extern const char *const query_kinds[KIND_COUNT]; /* its values in the canary: "deployment" ... */

/* What one rollout selects. Names are RE2 as in Prometheus's =~, anchored; plain names use =. */
struct selection {
    unsigned kinds;         /* KIND_BIT of each; of a selection by name: one */
    const char *namespace_; /* never NULL */
    const char *name;       /* NULL: every one in the namespace */
    size_t index;           /* the selection of the rows that come of it (row.h) */
    const char *cluster;    /* value of the label query_terms.cluster_label; NULL: any; "": none */
};

/* How all selections are asked for. */
struct query_terms {
    const char *namespace_label;
    const char *cluster_label; /* "" for none */
    size_t selections;         /* that there are: with more than one, rows must say their own */
    bool named;                /* no regular expression over metrics' names: an arm for each */
    bool recorded;             /* surveys look at the series of tools/prometheus's rules */
};

/* True when `name` means exactly itself: it holds no character that is special to RE2. */
bool query_is_plain(const char *name);

/* Adds `name` to a pattern of alternatives, so that it means exactly itself there. */
void query_add_alternative(struct text *pattern, const char *name);

/* The rollouts' query, for at least one selection. `out` is written anew. False when it would
   exceed QUERY_MAX_BYTES, or memory ran out. */
bool query_workloads(struct text *out, const struct query_terms *terms,
                     const struct selection selections[], size_t count, struct error *error);

/* Appends the arms of one selection to a query. */
void query_add(struct text *out, const struct query_terms *terms,
               const struct selection *selection);

/* Appends an arm that yields one row of that kind, if there is any: is there what rules do not
   count? */
void query_add_any(struct text *out, const struct query_terms *terms,
                   const struct selection *selection, enum workload_kind kind);

/*
 * The canary: counts what is visible of each of `kinds` (KIND_BIT), labelled m="<kind>"; and of
 * each missed source that the ledger knows by its labels, when it was last scraped: m="source",
 * amberbar="<index>".
 */
bool query_canary(struct text *out, unsigned kinds, const struct missed_sources *missed,
                  const struct source_ledger *ledger, struct error *error);

/*
 * Adds to a question, or puts in the place of the nonce that it has, what proves that an answer is
 * its own: one more arm, a row that carries `nonce`. The text stays as long as it is. False when
 * memory ran out: the question is then as it was, to be asked another time.
 */
bool query_set_nonce(struct text *query, const char nonce[static QUERY_NONCE_SIZE]);

/* The metric of a kind that every workload has, by which it is counted and timed. */
const char *query_heartbeat(enum workload_kind kind);

/* False, with a sentence, when the query for `count` rollouts is no good. */
bool query_check(const struct text *query, size_t count, struct error *error);

#endif
