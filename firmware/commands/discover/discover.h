/*
 * `amberbar discover`: what was found, and the config that is made of it. Inside commands/ only.
 */
#ifndef AMBERBAR_COMMANDS_DISCOVER_DISCOVER_H
#define AMBERBAR_COMMANDS_DISCOVER_DISCOVER_H

#include "config/config.h"

/* A namespace of a cluster, its workloads by kind, and the lines that tell of each. */
struct place {
    char cluster[WORKLOAD_CLUSTER_SIZE]; /* "": its workloads have no such label */
    char namespace_[WORKLOAD_NAMESPACE_SIZE];
    size_t counts[KIND_COUNT];
    size_t total;
    struct text told; /* comments, a line for each workload */
};

/* What the exporters lack or have. */
struct traits {
    size_t rows[KIND_COUNT];
    size_t conditions, reasons, ready, created, terminating; /* rows of Deployments with it */
};

struct discovery {
    const struct config *config;
    const char *config_path; /* NULL: by --url */
    struct place *places;
    size_t count, room;
    bool several; /* clusters */
    struct traits traits;
    char remark[ERROR_TEXT_SIZE]; /* of the answers' reader; "" */
};

/* Notes what a row shows that not every exporter has. */
void traits_note(struct traits *traits, const struct row *row);

/* A comment that tells of a workload. */
void discover_tell(struct place *place, const struct workload *workload);

/* The whole config: one that `amberbar check` accepts. False: no memory. */
bool discover_write(const struct discovery *discovery, struct text *out);

#endif
