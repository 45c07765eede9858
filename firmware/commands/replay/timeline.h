/*
 * Files of the schema `rollout-timelines/1`: what Prometheus would have said of one workload, row
 * after row. For `amberbar-replay`, the tests and the fuzzer, which all judge the same sights.
 *
 *     {"schema": "rollout-timelines/1",
 *      "defaults": {"stall_after": 600, "max_age": 90, ...},
 *      "timelines": [{"id": "S01", "kind": "Deployment", "config": {"stall_after": 60},
 *                     "rows": [{"t": 0, "gen": 5, "obs": 5, "spec": 10, ...}]}]}
 *
 * Times are seconds. `t` is both Prometheus's evaluation time and the daemon's clock. A row may say
 * "fetch": "<error>" (the request failed), "present": false (with "kind_alive": false when nothing
 * of the kind is visible), or hold "sources": [{...}, ...] in place of fields of its own. A field
 * that is left out, null or no count is a missing series. `current` is a StatefulSet's
 * kube_statefulset_status_replicas_current, and of a DaemonSet what others call replicas. Keys that
 * are not known are for other readers.
 */
#ifndef AMBERBAR_COMMANDS_REPLAY_TIMELINE_H
#define AMBERBAR_COMMANDS_REPLAY_TIMELINE_H

#include "config/yaml/tree.h"
#include "rollout/workload.h"

#define TIMELINE_SCHEMA "rollout-timelines/1"
#define TIMELINE_SOURCES_MAX 16
#define TIMELINE_ZERO_MS INT64_C(1000000000000) /* when t is 0, since 1970: some moment */

struct timeline {
    const char *id; /* points into the tree */
    enum workload_kind kind;
    struct limits limits;    /* the file's defaults and the timeline's own config */
    const struct node *rows; /* a list */
};

/* One row as a sight. `sight.rows` points to `rows`: do not copy. */
struct timeline_row {
    double t;
    struct sight sight;
    struct row rows[TIMELINE_SOURCES_MAX];
};

/* The list of timelines of a file, NULL after complaints. */
const struct node *timeline_list(const struct tree *tree, struct complaints *complaints);

/* Reads the timeline `node`, one of that list; false after complaints. */
bool timeline_read(const struct tree *tree, const struct node *node, struct timeline *timeline,
                   struct complaints *complaints);

/* Reads row `index` of a timeline; false after complaints. */
bool timeline_read_row(const struct tree *tree, const struct timeline *timeline, size_t index,
                       struct timeline_row *row, struct complaints *complaints);

#endif
