/*
 * What a metric's name says of a workload: which kind it is of, and which number of its row it is.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_METRIC_H
#define AMBERBAR_PROMETHEUS_ANSWER_METRIC_H

#include "evidence/row.h"
#include "prometheus/answer/series.h"

struct metric; /* a line of the table in metric.c */

/* The metric that `series` is of, and its kind; NULL when it is none that we asked for. */
const struct metric *metric_find(const struct series *series, enum workload_kind *kind);

/* The labels aside (ASIDE_BIT of each) that `series` owns, as one of `metric`. */
unsigned metric_owns(const struct metric *metric, const struct series *series);

/* True of the metric that says nothing but that a survey lists the workload (survey.h). */
bool metric_is_listed(const struct metric *metric);

/* The name of a kind's counter `index`; false: there are no more. All but those that have an arm of
   their own. */
#define METRIC_NAME_SIZE 64
bool metric_counter(enum workload_kind kind, size_t index, char name[static METRIC_NAME_SIZE]);

/* The name of the counter of wanted replicas. */
void metric_spec(enum workload_kind kind, char name[static METRIC_NAME_SIZE]);

/* The label that holds a workload's name: "deployment" ... */
const char *metric_name_label(enum workload_kind kind);

/* A row of which nothing is known but `key`. */
struct row metric_blank_row(struct workload_key key);

/* Writes what the series says into the row; a value that is no count leaves the field missing. */
void metric_apply(const struct metric *metric, const struct series *series, struct row *row);

#endif
