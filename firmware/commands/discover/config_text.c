#include "commands/discover/discover.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SHOWN 96

void traits_note(struct traits *traits, const struct row *row)
{
    traits->rows[row->key.kind]++;
    if (row->key.kind != KIND_DEPLOYMENT)
        return;
    traits->conditions += row->progressing != CONDITION_ABSENT;
    traits->reasons += row->progressing != CONDITION_ABSENT && row->reason != REASON_NONE;
    traits->ready += row->ready != ROW_MISSING;
    traits->created += row->created != ROW_MISSING;
    traits->terminating += row->terminating != ROW_MISSING;
}

static void add_shown(struct text *out, const char *name)
{
    text_add_cell(out, name, 0, NAME_SHOWN);
}

void discover_tell(struct place *place, const struct workload *workload)
{
    const struct verdict *verdict = &workload->verdict;
    text_addf(&place->told, "  #   %s ", kind_name(workload->kind));
    add_shown(&place->told, workload->name);
    if (workload->cluster[0] != '\0') {
        text_add(&place->told, " in ");
        add_shown(&place->told, workload->cluster);
    }
    if (verdict->available >= 0 && verdict->spec >= 0)
        text_addf(&place->told, ": %lld of %lld available", (long long)verdict->available,
                  (long long)verdict->spec);
    text_addf(&place->told, "%s %s", verdict->spec >= 0 ? "," : ":", state_name(verdict->state));
    if (verdict->state == STATE_UNKNOWN)
        text_addf(&place->told, " (%s)", why_sentence(verdict->why));
    text_add(&place->told, "\n");
}

/* Words that a YAML 1.1 reader takes for something else than text. */
static bool is_plain_yaml(const char *word)
{
    static const char *const others[] = {"true", "false", "yes", "no", "on",
                                         "off",  "null",  "y",   "n"};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(word, others[i]) == 0)
            return false;
    return *word != '\0' && strchr(letters, *word) != NULL &&
           strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(word);
}

static void add_yaml(struct text *out, const char *word)
{
    if (is_plain_yaml(word))
        text_add(out, word);
    else
        text_add_json(out, word);
}

static void add_pattern(struct text *out, const char *name)
{
    struct text pattern = {0};
    query_add_alternative(&pattern, name);
    add_yaml(out, pattern.failed ? name : pattern.data);
    out->failed |= pattern.failed;
    text_free(&pattern);
}

/* Deployments alone need no word. */
static void add_kinds(struct text *out, const struct place *place)
{
    if (place->counts[KIND_DEPLOYMENT] == place->total)
        return;
    const char *separator = ", kinds: [";
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        if (place->counts[kind] == 0)
            continue;
        text_addf(out, "%s%s", separator, kind_name((enum workload_kind)kind));
        separator = ", ";
    }
    text_add(out, "]");
}

/* Its namespace; with several clusters each place needs a name of its own. */
static void add_name(struct text *out, const struct discovery *discovery, size_t index)
{
    const struct place *place = &discovery->places[index];
    char name[ROLLOUT_NAME_SIZE];
    int length =
        snprintf(name, sizeof name, "%s%s%s", discovery->several ? place->cluster : "",
                 discovery->several && place->cluster[0] != '\0' ? "/" : "", place->namespace_);
    if (length < 0 || (size_t)length >= sizeof name)
        snprintf(name, sizeof name, "rollout-%zu", index + 1);
    add_yaml(out, name);
}

static void add_cluster(struct text *out, const struct place *place)
{
    text_add(out, ", cluster: ");
    add_pattern(out, place->cluster);
}

static void add_heading(struct text *out, const struct discovery *discovery,
                        const struct place *place)
{
    const char *separator = ": ";
    text_add(out, "  # ");
    add_shown(out, place->namespace_);
    if (discovery->several && place->cluster[0] != '\0') {
        text_add(out, " in ");
        add_shown(out, place->cluster);
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        if (place->counts[kind] == 0)
            continue;
        text_addf(out, "%s%zu %s%s", separator, place->counts[kind],
                  kind_name((enum workload_kind)kind), place->counts[kind] == 1 ? "" : "s");
        separator = ", ";
    }
    text_add(out, "\n");
    if (discovery->several && place->cluster[0] == '\0')
        text_add(out, "  #   in no cluster by its labels: this asks all clusters for it\n");
}

static void add_place(struct text *out, const struct discovery *discovery, size_t index,
                      bool active)
{
    const struct place *place = &discovery->places[index];
    add_heading(out, discovery, place);
    text_add(out, place->told.length > 0 ? place->told.data : "");
    out->failed |= place->told.failed;
    text_add(out, active ? "  - {name: " : "  # - {name: ");
    add_name(out, discovery, index);
    if (discovery->several && place->cluster[0] != '\0')
        add_cluster(out, place);
    text_add(out, ", namespace: ");
    add_pattern(out, place->namespace_);
    add_kinds(out, place);
    text_add(out, "}\n");
}

/* A board of this machine by its name, any other by its whole path. */
static void add_board(struct text *out, const struct board *board)
{
    char installed[CONFIG_PATH_SIZE * 2], whole[PATH_MAX];
    snprintf(installed, sizeof installed, "%s/%s.yaml", board_directory(), board->name);
    bool by_name = strcmp(installed, board->path) == 0;
    text_add(out, "board: ");
    if (by_name)
        add_yaml(out, board->name);
    else
        text_add_json(out, realpath(board->path, whole) != NULL ? whole : board->path);
    text_add(out, " # `amberbar boards` lists them\n");
}

static void add_prometheus(struct text *out, const struct discovery *discovery)
{
    const struct prometheus_settings *settings = &discovery->config->prometheus;
    text_add(out, "prometheus:\n  url: ");
    text_add_json(out, settings->url);
    text_add(out, "\n");
    if (strcmp(settings->namespace_label, "namespace") != 0) {
        text_add(out, "  namespace_label: ");
        text_add_json(out, settings->namespace_label);
        text_add(out, "\n");
    }
    if (strcmp(settings->cluster_label, "cluster") != 0) {
        text_add(out, "  cluster_label: ");
        text_add_json(out, settings->cluster_label);
        text_add(out, "\n");
    }
    if (discovery->config_path != NULL) {
        text_add(out, "  # and what else stands here in ");
        add_shown(out, discovery->config_path);
        text_add(out, "\n");
    }
}

/* What is not there, and what that costs. */
static void add_lacks(struct text *out, const struct traits *traits)
{
    const size_t deployments = traits->rows[KIND_DEPLOYMENT];
    const struct {
        bool lacks;
        const char *words;
    } table[] = {
        {deployments == 0, "no Deployments (kube_deployment_metadata_generation): fine if there "
                           "are none; else let kube-state-metrics export them (--resources)"},
        {traits->rows[KIND_STATEFULSET] == 0,
         "no StatefulSets (kube_statefulset_metadata_generation): fine if there are none; else let "
         "kube-state-metrics export them (--resources)"},
        {traits->rows[KIND_DAEMONSET] == 0,
         "no DaemonSets (kube_daemonset_metadata_generation): fine if there are none; else let "
         "kube-state-metrics export them (--resources)"},
        {traits->rows[KIND_ROLLOUT] == 0,
         "no Argo Rollouts (rollout_info): fine if there are none; else scrape port 8090 of "
         "their controller"},
        {deployments > 0 && traits->conditions == 0,
         "no kube_deployment_status_condition: a rollout that Kubernetes gave up is shown as "
         "stalled, after stall_after, and never as failed"},
        {traits->conditions > 0 && traits->reasons == 0,
         "no label `reason` (kube-state-metrics before 2.17): right after a start, a Recreate "
         "rollout looks like scaling, and failed does not say why"},
        {deployments > 0 && traits->ready == 0,
         "no kube_deployment_status_replicas_ready (kube-state-metrics before 2.2, which does not "
         "say what of a StatefulSet is available): StatefulSets are unknown"},
        {deployments > 0 && traits->created == 0,
         "no kube_deployment_created: one that is deleted and made again passes for the same"},
        {deployments > 0 && traits->terminating == 0,
         "no kube_deployment_status_terminating_replicas (kube-state-metrics 2.18 and a feature "
         "gate of Kubernetes): pods that still drain are not told"},
    };
    bool any = false;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (!table[i].lacks)
            continue;
        text_add(out, any ? "" : "\n# What is missing, and what that costs:\n");
        text_addf(out, "# - %s\n", table[i].words);
        any = true;
    }
}

static void write(const struct discovery *discovery, size_t active, struct text *out)
{
    size_t total = 0;
    for (size_t i = 0; i < discovery->count; i++)
        total += discovery->places[i].total;
    text_clear(out);
    text_addf(out, "# %zu workload%s in %zu namespace%s\n", total, total == 1 ? "" : "s",
              discovery->count, discovery->count == 1 ? "" : "s");
    if (discovery->remark[0] != '\0') {
        text_add(out, "# Note: ");
        text_add_shown(out, discovery->remark);
        text_add(out, "\n");
    }
    add_board(out, &discovery->config->board);
    add_prometheus(out, discovery);
    text_add(out, "rollouts:\n");
    for (size_t i = 0; i < discovery->count; i++) {
        if (i == active)
            text_add(out,
                     "\n  # These would be too many for one config. A rollout may hold several "
                     "namespaces,\n  # e.g. namespace: \"team-.*\".\n");
        add_place(out, discovery, i, i < active);
    }
    add_lacks(out, &discovery->traits);
}

static bool is_accepted(const struct text *text)
{
    struct complaints complaints = {0};
    struct config *config = config_read_text("discovered", text, &complaints);
    complaints_free(&complaints);
    config_free(config);
    return config != NULL;
}

/* As many rollouts as one config and one query hold. */
bool discover_write(const struct discovery *discovery, struct text *out)
{
    size_t active = discovery->count < CONFIG_ROLLOUTS_MAX ? discovery->count : CONFIG_ROLLOUTS_MAX;
    do {
        write(discovery, active, out);
    } while (!out->failed && !is_accepted(out) && --active > 0);
    return !out->failed;
}
