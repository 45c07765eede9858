/*
 * Surveys: what is asked of Prometheus where the rows of all workloads would be too many. A survey
 * counts the workloads of each selection, says how old the oldest sample is, and lists those that
 * are not settled: all of which it is not certain that a decision table would call them stable or
 * scaled to zero. The server does the work, or its recording rules have done it before
 * (tools/prometheus/amberbar.rules.yml).
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_SURVEY_H
#define AMBERBAR_PROMETHEUS_PROMQL_SURVEY_H

#include "prometheus/answer/series.h"
#include "prometheus/promql/query.h"

#define SURVEY_SHOWN_MAX 200 /* unsettled workloads of a selection that are listed */

/*
 * Values of QUERY_FIELD_LABEL: what a series counts or times, and of which kind, as in
 * "rows/deployment"; a kind alone (query_kinds) is its count. Without a kind it is of the kind that
 * its label `kind` says, which the recording rules give it, or of all.
 */
#define SURVEY_COUNT "count"         /* workloads, however many exporters show them */
#define SURVEY_UNSETTLED "unsettled" /* a row that is not settled */
#define SURVEY_ROWS "rows"           /* of each source: its rows */
#define SURVEY_SETTLED "settled"     /* and those that are settled */
#define SURVEY_OLDEST "oldest"       /* scrape time of the oldest sample */
#define SURVEY_EVALUATED "at"        /* and a rule: when it was, where that is longest ago */

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
 * whose name is SURVEY_EVERY and whose spec is the number of workloads.
 */
#define SURVEY_EVERY "*"
bool survey_namespaces(struct text *out, const struct query_terms *terms, struct error *error);

/* What one series says. */
struct survey_mark {
    enum survey_rule rule; /* what it counts or, with `evaluated`, when that was */
    bool evaluated;
    bool of_kind; /* of one; false: of all */
    enum workload_kind kind;
    double number;
};

/* False when it is no part of a survey, or no number. */
bool survey_read(const struct series *series, struct survey_mark *mark);

/* Takes what is of no source into `survey`. */
void survey_add(struct survey *survey, const struct survey_mark *mark);

#endif
