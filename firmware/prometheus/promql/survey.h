/*
 * Surveys: what is asked of Prometheus where the rows of all workloads would be too many. A survey
 * counts the workloads of each selection, says how old the oldest sample is, and lists those that
 * are not settled: all of which it is not certain that a decision table would call them stable or
 * scaled to zero. The server does the work, or its recording rules have done it before
 * (tools/prometheus/amberbar.rules.yml).
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_SURVEY_H
#define AMBERBAR_PROMETHEUS_PROMQL_SURVEY_H

#include "prometheus/promql/query.h"

#define SURVEY_SHOWN_MAX 200 /* unsettled workloads of a selection that are listed */

/*
 * Values of QUERY_FIELD_LABEL: what a series counts or times (survey_rule_name()), and of which
 * kind, as in "rows/deployment"; a kind alone is its count. Without a kind it is of the kind that
 * its label `kind` says, which the recording rules give it, or of all.
 */
#define SURVEY_EVALUATED "at/" /* before a rule: when it was, where that is longest ago */

/* The label by which recording rules tell the kinds apart. */
#define SURVEY_KIND_LABEL "kind"

/* Counts workloads alone: how many rows would it be? */
bool survey_count(struct text *out, const struct query_terms *terms,
                  const struct selection selections[], size_t count, struct error *error);

/* The survey. Lists at most one unsettled workload more than are shown. */
bool survey_ask(struct text *out, const struct query_terms *terms,
                const struct selection selections[], size_t count, struct error *error);

/*
 * Where is anything? Every namespace of every cluster is answered as one row for each kind in it,
 * whose name is SURVEY_EVERY and whose spec is the number of workloads; `most` rows of a kind, or
 * all with 0. Asks for the series of wanted replicas, which every list of kept metrics has.
 */
#define SURVEY_EVERY "*"
bool survey_namespaces(struct text *out, const struct query_terms *terms, size_t most,
                       struct error *error);

/* What is there? A row for each workload of any kind in the cluster and namespace of `selection`,
   whatever its name, with what a target's own label hides of it; `most` of a kind. Only their keys
   mean anything. */
bool survey_names(struct text *out, const struct query_terms *terms,
                  const struct selection *selection, size_t most, struct error *error);

#endif
