/*
 * What a metric's name says of a workload: which kind it is of, and which number of its row it is.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_METRIC_H
#define AMBERBAR_PROMETHEUS_ANSWER_METRIC_H

#include "evidence/row.h"
#include "prometheus/answer/series.h"

/* The metric that `series` is of, and its kind; NULL when it is none that we asked for. */
const struct metric *metric_find(const struct series *series, enum workload_kind *kind);

/* The labels aside (ASIDE_BIT of each) that `series` owns, as one of `metric`. `selected`: the
   query gives each series the label of its selection; else that is a target's own. */
unsigned metric_owns(const struct metric *metric, const struct series *series, bool selected);

/* True of the metric that says nothing but that a survey lists the workload (survey.h). */
bool metric_is_listed(const struct metric *metric);

/* A row of which nothing is known but `key`. */
struct row metric_blank_row(struct workload_key key);

/* Writes what the series says into the row; a value that is no count leaves the field missing. */
void metric_apply(const struct metric *metric, const struct series *series, struct row *row);

#endif
