/*
 * Pieces of PromQL text. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_PROMQL_H
#define AMBERBAR_PROMETHEUS_PROMQL_PROMQL_H

#include "prometheus/promql/query.h"

/* What stands between the braces of every selector about `selection`. */
void promql_add_matchers(struct text *out, const struct query_terms *terms,
                         const struct selection *selection, enum workload_kind kind);

/* `template` with `matchers` in the place of each '@'. */
void promql_add_expanded(struct text *out, const char *template, const char *matchers);

/* A label's name, quoted where it must be. */
void promql_add_label(struct text *out, const char *label);

/* `label="value"`, whatever characters the value has. */
void promql_add_equals(struct text *out, const char *label, const char *value);

/* `label_replace(`, what was added since, and `,"label","value","","")`. */
void promql_begin_mark(struct text *out);
void promql_end_mark(struct text *out, const char *label, const char *value);
void promql_end_selection(struct text *out, size_t index); /* the mark of a selection's series */

/* " or " before all but the first operand, which begins at `start` of `out`. */
void promql_add_or(struct text *out, size_t start);

#endif
