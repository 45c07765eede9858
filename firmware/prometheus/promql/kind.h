/*
 * How each kind of workload is asked for, as evidence/kinds.h has it.
 */
#ifndef AMBERBAR_PROMETHEUS_PROMQL_KIND_H
#define AMBERBAR_PROMETHEUS_PROMQL_KIND_H

#include "evidence/kind.h"

struct kind_query {
    const char *name_label; /* the label that holds a workload's name */
    const char *pulse;      /* how many pods serve: its scrape time stands for the row's, for
                               timestamp() takes one metric. A federation may have this one by
                               another job than the heartbeat: if it is that job that has died,
                               nothing else of the row shows what has become of it */
    const char *conditions; /* an arm of its own, with @ for the matchers; NULL: none */
    const char *settled;    /* what is certainly settled, with @ for the matchers */
    const char *none;       /* what it means that there are none, and what to do */
};

const struct kind_query *kind_query(enum workload_kind kind);

#endif
