/*
 * What is selected, and the pieces of PromQL text that say so.
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_PROMQL_H
#define AMBERBAR_PROMETHEUS_PROMQL_PROMQL_H

#include "base/text.h"
#include "evidence/row.h"
#include "prometheus/promql/labels.h"

#define QUERY_SELECTION_LABEL "amberbar"
#define QUERY_FIELD_LABEL "m" /* tells the arms of one labelset apart: `or` ignores __name__ */

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
    const char *namespace_label; /* of kinds that have none of their own in `labels` */
    struct labels labels;
    const char *cluster_label; /* "" for none */
    size_t selections;         /* that there are: with more than one, rows must say their own */
    bool named;                /* no regular expression over metrics' names: an arm for each */
    bool recorded;             /* surveys look at the series of tools/prometheus's rules */
};

/* True when `name` means exactly itself: it holds no character that is special to RE2. */
bool promql_is_plain(const char *name);

/* Adds `name` to a pattern of alternatives, so that it means exactly itself there. */
void promql_add_alternative(struct text *pattern, const char *name);

/* What stands between the braces of every selector about `selection`. */
void promql_add_matchers(struct text *out, const struct query_terms *terms,
                         const struct selection *selection, enum workload_kind kind);

/* `template` with `matchers` in the place of each '@'. */
void promql_add_expanded(struct text *out, const char *template, const char *matchers);

/* A label's name, quoted where it must be. */
void promql_add_label(struct text *out, const char *label);

/* A label, and what a scrape without honor_labels makes of the exporter's own of that name. */
void promql_add_own_label(struct text *out, const char *label);

/* These of a workload's namespace and of its name: without them a row's labels are its source's. */
void promql_add_identity(struct text *out, const struct query_terms *terms,
                         enum workload_kind kind);

/* `label="value"`, whatever characters the value has. */
void promql_add_equals(struct text *out, const char *label, const char *value);

/* `label_replace(`, what was added since, and `,"label","value","","")`. */
void promql_begin_mark(struct text *out);
void promql_end_mark(struct text *out, const char *label, const char *value);
void promql_end_selection(struct text *out, size_t index); /* the mark of a selection's series */

/* " or " before all but the first operand, which begins at `start` of `out`. */
void promql_add_or(struct text *out, size_t start);

#endif
