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
#include "evidence/source.h"
#include "prometheus/promql/promql.h"

#define QUERY_MAX_BYTES 16384 /* VictoriaMetrics -search.maxQueryLen's default */
#define QUERY_NONCE_BYTES 96  /* of them are kept for the nonce's arm */
#define QUERY_ROOM_BYTES (QUERY_MAX_BYTES - QUERY_NONCE_BYTES)
/* Of a question that is in an address, escaped: nginx and Apache take request lines of 8 KiB. */
#define QUERY_ADDRESS_BYTES 7000
#define QUERY_SAMPLE_TIME "sample_ts" /* its value on the arm of sample times: "sample_ts/KIND" */
#define QUERY_SOURCE "source"         /* and on the canary's arms about sources: "source/KIND", */
#define QUERY_SHOWN "shown"           /* and on that about what the answer lacks */
#define QUERY_NONCE_LABEL "amberbar_ask"
#define QUERY_NONCE_SIZE 17 /* 16 hexadecimal digits, and NUL */

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

/* Asks for a row of each kind whose own labels stand behind exported_..., once for its namespace
   and once for its name. Of a kind with rows of both sorts, by two exporters, for none: what is
   asked by one label would lack the rows of the other. */
bool query_exported(struct text *out, const struct query_terms *terms, struct error *error);

/* A selection of which something is missed, and how many workloads of each kind the answer has. */
struct lacking {
    const struct selection *selection;
    size_t total[KIND_COUNT];
};

/* What a canary is asked for. */
struct canary {
    unsigned kinds;                      /* KIND_BIT of each of which nothing is seen */
    const struct missed_sources *missed; /* sources of which nothing is seen */
    const struct source_ledger *ledger;  /* that knows them by their labels */
    const struct lacking *lacking;
    size_t lacking_count;
    bool in_address; /* it is sent so */
};

/*
 * The canary: counts what is visible of each of its kinds, labelled m="<kind>"; and of the missed
 * sources that the ledger knows, when each was last scraped: amberbar="source/<kind>". A matcher
 * finds also what has more labels than it says, so all sources come back that it finds, each with
 * its own labels: by these the answer is read, and no source speaks for another. amberbar="shown"
 * comes back when any of the missed workloads is shown, or more of a selection than the answer has:
 * who answers is another server then than the one that lacked them, or they are there again. Where
 * that is too long to send, sources are not asked about: nothing witnesses for them. False: no
 * memory.
 */
bool query_canary(struct text *out, const struct query_terms *terms, const struct canary *canary);

/*
 * Adds to a question, or puts in the place of the nonce that it has, what proves that an answer is
 * its own: one more arm, a row that carries `nonce`. The text stays as long as it is. False when
 * memory ran out: the question is then as it was, to be asked another time.
 */
bool query_set_nonce(struct text *query, const char nonce[static QUERY_NONCE_SIZE]);

/* How long it is as it is sent, and how long it may be: in an address, where it takes 3 bytes for
   each that is not unreserved (RFC 3986); or in a request's body. */
size_t query_length(const struct text *query, bool in_address);
size_t query_room(bool in_address);

/* False, with a sentence, when the query for `count` rollouts is no good. */
bool query_check(const struct text *query, size_t count, struct error *error);

#endif
