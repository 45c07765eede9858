/*
 * Kinds of workloads: their names, and the metrics that a row of one is made of: how each is read,
 * and what it costs that it is missing. A list of kept metrics (metric_relabel_configs; the default
 * of Grafana Cloud's agent, OpenShift's minimal profile, the managed sets of GKE and AKS) drops
 * some, and an exporter may be older than they are. All of them are asked for, read and counted by
 * these tables alone.
 */
#ifndef AMBERBAR_EVIDENCE_KIND_H
#define AMBERBAR_EVIDENCE_KIND_H

#include "evidence/kinds.h"

#include <stdbool.h>
#include <stddef.h>

#define KIND_ENUMERATOR(kind, ...) kind,

enum workload_kind { KINDS(KIND_ENUMERATOR) KIND_COUNT };

#define KIND_LISTED(kind, word, name, ...) ", " name
#define KIND_LIST (&(KINDS(KIND_LISTED))[2]) /* "Deployment, StatefulSet, ..." */

/* Several kinds, as a set. */
#define KIND_BIT(kind) (1u << (unsigned)(kind))
#define KINDS_ALL (KIND_BIT(KIND_COUNT) - 1)

const char *kind_name(enum workload_kind kind); /* as Kubernetes has it: "StatefulSet" */
const char *kind_word(enum workload_kind kind); /* as a key and a label have it: "statefulset" */
size_t kind_named(const char *name);            /* the kind of that name; KIND_COUNT: none */
size_t kind_worded(const char *word);           /* the kind of that word; likewise */
void kind_names(const char *names[static KIND_COUNT]);
enum workload_kind kinds_first(unsigned kinds); /* the first of a set that is not empty */

enum meaning {
    MEANS_NOTHING,     /* but that the workload is there */
    MEANS_COUNT,       /* a number for the int64_t at `field` */
    MEANS_PODS,        /* the same, of pods: int32 in Kubernetes's API (apps/v1 types.go) */
    MEANS_SAMPLE_TIME, /* seconds since 1970, with a fraction */
    MEANS_DELETING,    /* its presence says it */
    MEANS_CONDITION,   /* labels condition, status and reason of the series that is 1 */
    MEANS_REVISION,    /* label revision of the series that is 1, for the hash at `field` */
    MEANS_PHASE,       /* label phase of the series that is 1 */
};

struct metric {
    const char *name; /* "kube_deployment_status_replicas"; NULL: it has none */
    enum meaning meaning;
    size_t field;     /* offset in struct row */
    bool needed;      /* without it nothing is concluded of the workload */
    const char *cost; /* a clause, what it costs that none of a kind has it: "nothing says how many
                         pods serve"; NULL: nothing, it is there only now and then */
};

#define METRICS_MAX 16 /* of a kind */
#define METRIC_NAME_SIZE 64

/* Sets of a kind's metrics have the bit 1 << index. */
struct kind_metrics {
    bool phased; /* its exporter says a phase, and no generation */
    const char *prefix;
    const char *heartbeat;        /* that every workload has: by it they are counted */
    const struct metric *metrics; /* neighbours of one word stand together, so that a pattern of
                                     them is short */
    size_t count;
};

const struct kind_metrics *kind_metrics(enum workload_kind kind);

/* The name of the count of wanted replicas. */
const char *kind_spec(enum workload_kind kind);

/* All but those that are asked for by an arm of their own. */
unsigned kind_counters(enum workload_kind kind);

#define KIND_PATTERN_SIZE 512 /* the pattern of any set of a kind's */

/* A set as one pattern (RE2): "kube_x_(created|spec_paused|spec_replicas)"; "": the set is empty.
   Folded, which is shorter and not for people: "kube_x_(created|spec_(paused|replicas))". */
void kind_pattern(enum workload_kind kind, unsigned metrics, bool folded, char *out, size_t size);

#endif
