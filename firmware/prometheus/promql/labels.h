/*
 * The labels by which the workloads of each kind are known. Where a target has a label of the same
 * name, and is scraped without honor_labels, Prometheus puts "exported_" before the exporter's own:
 * Argo's controller is often scraped so, and kube-state-metrics beside it is not.
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_LABELS_H
#define AMBERBAR_PROMETHEUS_PROMQL_LABELS_H

#include "evidence/row.h"

#define LABELS_EXPORTED "exported_"

/* NULL: the usual one. */
struct labels {
    struct {
        const char *namespace_, *name;
    } of[KIND_COUNT];
};

/* `usual` is the namespace's label of all kinds that have none of their own. */
const char *labels_namespace(const struct labels *labels, enum workload_kind kind,
                             const char *usual);

const char *labels_name(const struct labels *labels, enum workload_kind kind);

#endif
