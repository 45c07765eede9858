/*
 * PromQL text: what is asked of Prometheus. Nothing here talks to anybody.
 *
 * One request asks for every workload of every rollout. With one selection the query is the plain
 * union of three arms (counters, conditions, sample times). With several, each selection's arms
 * carry the label `amberbar="<index>"`, so that the server alone decides what a regular expression
 * matches.
 */
#ifndef AMBERBAR_PROMETHEUS_QUERY_H
#define AMBERBAR_PROMETHEUS_QUERY_H

#include "base/error.h"
#include "base/text.h"
#include "rollout/row.h"

#define QUERY_MAX_BYTES 16384 /* VictoriaMetrics -search.maxQueryLen's default */
#define QUERY_SELECTION_LABEL "amberbar"
#define QUERY_FIELD_LABEL "m" /* tells the arms of one labelset apart: `or` ignores __name__ */
#define QUERY_SAMPLE_TIME "sample_ts" /* its value on the arm of sample times */

extern const char *const query_kinds[KIND_COUNT]; /* its values in the canary: "deployment" ... */

/* What one rollout selects. Names are RE2 as in Prometheus's =~, anchored; plain names use =. */
struct selection {
    enum workload_kind kind;
    const char *namespace_; /* never NULL */
    const char *name;       /* NULL: every one in the namespace */
};

/* True when `name` means exactly itself: it holds no character that is special to RE2. */
bool query_is_plain(const char *name);

/* The rollouts' query, for at least one selection. `out` is written anew. False when it would
   exceed QUERY_MAX_BYTES, or memory ran out. */
bool query_workloads(struct text *out, const struct selection selections[], size_t count,
                     const char *namespace_label, struct error *error);

/* The canary: counts what is visible of each of `kinds`, labelled m="<kind>". */
bool query_canary(struct text *out, const bool kinds[static KIND_COUNT], struct error *error);

#endif
