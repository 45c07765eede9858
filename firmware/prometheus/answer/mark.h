/*
 * What a series says of a survey (promql/survey.h): a count, or a time.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_MARK_H
#define AMBERBAR_PROMETHEUS_ANSWER_MARK_H

#include "evidence/row.h"
#include "prometheus/answer/series.h"

/* What one series says. */
struct survey_mark {
    enum survey_rule rule; /* what it counts or, with `evaluated`, when that was */
    bool evaluated;
    bool of_kind; /* of one; false: of all */
    enum workload_kind kind;
    double number;
};

/* False when it is no part of a survey, or no number. */
bool mark_read(const struct series *series, struct survey_mark *mark);

/* Takes what is of no source into `survey`. */
void mark_add(struct survey *survey, const struct survey_mark *mark);

#endif
