/*
 * Surveys: what is asked of Prometheus where the rows of all workloads would be too many. A survey
 * counts the workloads of each selection, says how old the oldest sample is, and lists those that
 * are not settled: all of which it is not certain that a decision table would call them stable or
 * scaled to zero. The server does the work, or its recording rules have done it before
 * (tools/prometheus/amberbar.rules.yml).
 */
#ifndef AMBERBAR_PROMETHEUS_SURVEY_H
#define AMBERBAR_PROMETHEUS_SURVEY_H

#include "prometheus/query.h"
#include "prometheus/series.h"

#define SURVEY_SHOWN_MAX 200 /* unsettled workloads of a selection that are listed */

/* Values of QUERY_FIELD_LABEL. A kind's name (query_kinds) marks its count. */
#define SURVEY_UNSETTLED "unsettled"
#define SURVEY_OLDEST "oldest"       /* scrape time of the oldest sample */
#define SURVEY_EVALUATED "evaluated" /* when the oldest recording rule was evaluated */

/* Counts workloads alone: how many rows would it be? */
bool survey_count(struct text *out, const struct query_terms *terms,
                  const struct selection selections[], size_t count, struct error *error);

/* The survey. Lists at most one unsettled workload more than are shown. */
bool survey_ask(struct text *out, const struct query_terms *terms,
                const struct selection selections[], size_t count, struct error *error);

/*
 * Where is anything? Every namespace of every cluster is answered as one row for each kind in it,
 * whose name is SURVEY_EVERY and whose spec is the number of workloads.
 */
#define SURVEY_EVERY "*"
bool survey_namespaces(struct text *out, const struct query_terms *terms, struct error *error);

/* Takes a series of an answer into `survey`; false when it is no count and no time. */
bool survey_add(struct survey *survey, const struct series *series);

#endif
