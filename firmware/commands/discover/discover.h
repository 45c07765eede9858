/*
 * `amberbar discover`: what was found, and the config that is made of it. Inside commands/ only.
 */
#ifndef AMBERBAR_COMMANDS_DISCOVER_DISCOVER_H
#define AMBERBAR_COMMANDS_DISCOVER_DISCOVER_H

#include "commands/common/question.h"
#include "config/config.h"
#include "evidence/lacks.h"

/* A workload that was found. */
struct found_workload {
    enum workload_kind kind;
    char name[WORKLOAD_NAME_SIZE];
};

/* A namespace of a cluster, its workloads by kind, and the lines that speak of each. */
struct place {
    char cluster[WORKLOAD_CLUSTER_SIZE]; /* "": its workloads have no such label */
    char namespace_[WORKLOAD_NAMESPACE_SIZE];
    size_t counts[KIND_COUNT];
    size_t total;
    struct text lines;                /* comments, a line for each workload */
    struct found_workload *workloads; /* those of the lines */
    size_t workload_count;            /* 0 too where one answer does not hold them */
    size_t workload_room;
};

/* What the exporters lack or have. */
struct traits {
    struct lacks lacks;                      /* series that no workload of a kind has */
    size_t conditions, reasons, terminating; /* rows of Deployments with it */
};

struct discovery {
    const struct config *config;
    const char *config_path; /* NULL: by --url */
    struct place *places;
    size_t count, room;
    bool several;               /* clusters */
    struct labels labels;       /* of the kinds; as configured, or as they were found */
    char names[KIND_COUNT][64]; /* of labels in it */
    bool relabelled;            /* some were found to be exported_... */
    struct traits traits;
    char remark[ERROR_TEXT_SIZE]; /* of the answers' reader; "" */
};

/*
 * Looks for all of it by questions to `inquiry`; `found` has its config and lacks_begin(), and
 * belongs to discovery_free() in either case. False: error says why.
 */
bool discover_find(struct discovery *found, const struct inquiry *inquiry, struct error *error);
void discovery_free(struct discovery *found);

/* How a place is called: its namespace; with several clusters, that of its cluster before it. */
void discover_name(const struct discovery *discovery, size_t index,
                   char out[static ROLLOUT_NAME_SIZE]);

/* Adds a word as YAML takes it, quoted where it must be. */
void discover_add_yaml(struct text *out, const char *word);

/* Adds what selects a place after its name: ", namespace: shop, kinds: [StatefulSet]"; `kinds`
   false: without the latter. */
void discover_add_selection(struct text *out, const struct discovery *discovery, size_t index,
                            bool kinds);

/* Adds "shop: 2 Deployments, 1 StatefulSet". */
void discover_add_counts(struct text *out, const struct discovery *discovery,
                         const struct place *place);

/* Adds `labels:` as it must be, or nothing. */
void discover_add_labels(struct text *out, const struct discovery *discovery);

/* Notes what a row shows that not every exporter has. */
void traits_note(struct traits *traits, const struct row *row);

/* A comment about a workload. */
void discover_report(struct place *place, const struct workload *workload);

/* The whole config: one that `amberbar check` accepts. False: no memory. */
bool discover_write(const struct discovery *discovery, struct text *out);

#endif
