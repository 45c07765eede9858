/*
 * What is special of each kind of workload once its rows are believed.
 */
#ifndef AMBERBAR_ROLLOUT_KIND_H
#define AMBERBAR_ROLLOUT_KIND_H

#include "evidence/row.h"

struct rule; /* rules.h */

struct kind {
    const char *noun, *plural;
    const char *exporter;     /* who says what is known of it */
    const struct rule *rules; /* its decision table */
    bool ordered;             /* its pods have ordinals, so a partition may keep some old; revisions
                                 name its templates, and `current` counts the old pods */
    bool counts_terminating;  /* its replicas count pods that terminate, also when they are old */
};

#define KUBE_STATE_METRICS "kube-state-metrics"

/* Each kind's file ends with this. */
#define KIND_DECLARED(id, word, ...) extern const struct kind kind_##word;
KINDS(KIND_DECLARED)

const struct kind *kind_of(enum workload_kind kind);

#endif
