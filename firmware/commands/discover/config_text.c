/* What `discover` prints: places as config to paste, with comments about what is there. */
#include "commands/discover/discover.h"

#include "daemon/history.h"
#include "prometheus/promql/kind.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SHOWN 96

void traits_note(struct traits *traits, const struct row *row)
{
    lacks_note(&traits->lacks, row);
    if (row->key.kind != KIND_DEPLOYMENT)
        return;
    traits->conditions += row->progressing != CONDITION_ABSENT;
    traits->reasons += row->progressing != CONDITION_ABSENT && row->reason != REASON_NONE;
    traits->terminating += row->terminating != ROW_MISSING;
}

static void add_shown(struct text *out, const char *name)
{
    text_add_cell(out, name, 0, NAME_SHOWN);
}

void discover_report(struct place *place, const struct workload *workload)
{
    const struct verdict *verdict = &workload->verdict;
    text_addf(&place->lines, "  #   %s ", kind_name(workload->kind));
    add_shown(&place->lines, workload->name);
    if (workload->cluster[0] != '\0') {
        text_add(&place->lines, " in ");
        add_shown(&place->lines, workload->cluster);
    }
    if (verdict->available >= 0 && verdict->spec >= 0)
        text_addf(&place->lines, ": %lld of %lld available", (long long)verdict->available,
                  (long long)verdict->spec);
    char state[HISTORY_STATE_SIZE];
    history_state_words(state_name(verdict->state), state);
    text_addf(&place->lines, "%s %s", verdict->spec >= 0 ? "," : ":", state);
    if (verdict->state == STATE_UNKNOWN)
        text_addf(&place->lines, " (%s)", why_sentence(verdict->why));
    text_add(&place->lines, "\n");
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
           strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(word);
}

void discover_add_yaml(struct text *out, const char *word)
{
    if (is_plain_yaml(word))
        text_add(out, word);
    else
        text_add_json(out, word);
}

static void add_pattern(struct text *out, const char *name)
{
    struct text pattern = {0};
    promql_add_alternative(&pattern, name);
    discover_add_yaml(out, pattern.failed ? name : pattern.data);
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

void discover_name(const struct discovery *discovery, size_t index,
                   char out[static ROLLOUT_NAME_SIZE])
{
    const struct place *place = &discovery->places[index];
    int length =
        snprintf(out, ROLLOUT_NAME_SIZE, "%s%s%s", discovery->several ? place->cluster : "",
                 discovery->several && place->cluster[0] != '\0' ? "/" : "", place->namespace_);
    if (length < 0 || (size_t)length >= ROLLOUT_NAME_SIZE)
        snprintf(out, ROLLOUT_NAME_SIZE, "rollout-%zu", index + 1);
}

static void add_cluster(struct text *out, const struct place *place)
{
    text_add(out, ", cluster: ");
    add_pattern(out, place->cluster);
}

void discover_add_counts(struct text *out, const struct discovery *discovery,
                         const struct place *place)
{
    const char *separator = ": ";
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
}

static void add_heading(struct text *out, const struct discovery *discovery,
                        const struct place *place)
{
    text_add(out, "  # ");
    discover_add_counts(out, discovery, place);
    text_add(out, "\n");
    if (discovery->several && place->cluster[0] == '\0')
        text_add(out, "  #   in no cluster by its labels: this asks all clusters for it\n");
}

void discover_add_selection(struct text *out, const struct discovery *discovery, size_t index,
                            bool kinds)
{
    const struct place *place = &discovery->places[index];
    if (discovery->several && place->cluster[0] != '\0')
        add_cluster(out, place);
    text_add(out, ", namespace: ");
    add_pattern(out, place->namespace_);
    if (kinds)
        add_kinds(out, place);
}

static void add_place(struct text *out, const struct discovery *discovery, size_t index,
                      bool active)
{
    const struct place *place = &discovery->places[index];
    char name[ROLLOUT_NAME_SIZE];
    add_heading(out, discovery, place);
    text_add(out, place->lines.length > 0 ? place->lines.data : "");
    out->failed |= place->lines.failed;
    text_add(out, active ? "  - {name: " : "  # - {name: ");
    discover_name(discovery, index, name);
    discover_add_yaml(out, name);
    discover_add_selection(out, discovery, index, true);
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
        discover_add_yaml(out, board->name);
    else
        text_add_json(out, realpath(board->path, whole) != NULL ? whole : board->path);
    text_add(out, " # `amberbar boards` lists them\n");
}

/* Those of each kind that has its own. */
void discover_add_labels(struct text *out, const struct discovery *discovery)
{
    const struct labels *labels = &discovery->labels;
    const char *begin = "  labels: {", *end = "";
    if (discovery->relabelled)
        text_add(out,
                 "  # a target's labels stand in the place of workloads' own (no honor_labels):\n");
    for (int i = 0; i < KIND_COUNT; i++) {
        const char *namespace_ = labels->of[i].namespace_, *name = labels->of[i].name;
        if (namespace_ == NULL && name == NULL)
            continue;
        text_addf(out, "%s%s: {", begin, kind_word((enum workload_kind)i));
        if (namespace_ != NULL) {
            text_add(out, "namespace: ");
            text_add_json(out, namespace_);
        }
        if (name != NULL) {
            text_add(out, namespace_ != NULL ? ", name: " : "name: ");
            text_add_json(out, name);
        }
        text_add(out, "}");
        begin = ", ";
        end = "}\n";
    }
    text_add(out, end);
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
    discover_add_labels(out, discovery);
    if (discovery->config_path != NULL) {
        text_add(out, "  # and what else stands here in ");
        add_shown(out, discovery->config_path);
        text_add(out, "\n");
    }
}

/* Series that no workload of the kind has, each with what it costs; and all of them for a list of
   kept metrics. */
static void add_series(struct text *out, enum workload_kind kind, unsigned lacks)
{
    const struct metric *list[METRICS_MAX];
    const size_t count = lacks_list(kind, lacks, list);
    char pattern[KIND_PATTERN_SIZE];
    kind_pattern(kind, lacks, false, pattern, sizeof pattern);
    for (size_t i = 0; i < count; i++)
        text_addf(out, "# - no %s: %s%s\n", list[i]->name, list[i]->cost,
                  list[i]->needed ? ", so nothing is known of them" : "");
    if (pattern[0] != '\0')
        text_addf(out, "#   For the keep list of the scrape: %s\n", pattern);
}

/* What is not there, and what that costs. */
static void add_lacks(struct text *out, const struct traits *traits)
{
    struct text all = {0};
    const size_t deployments = traits->lacks.rows[KIND_DEPLOYMENT];
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++)
        if (traits->lacks.rows[kind] > 0)
            add_series(&all, kind, traits->lacks.shared[kind]);
        else
            text_addf(&all, "# - %s\n", kind_query(kind)->none);
    if (traits->conditions > 0 && traits->reasons == 0)
        text_add(&all,
                 "# - no label `reason` (kube-state-metrics before 2.17): right after a start, "
                 "a Recreate rollout looks like scaling, and failed does not say why\n");
    if (deployments > 0 && traits->terminating == 0)
        text_add(&all,
                 "# - no kube_deployment_status_terminating_replicas (kube-state-metrics 2.18 "
                 "and a feature gate of Kubernetes): pods that still drain are not known\n");
    if (all.length > 0)
        text_addf(out, "\n# What is missing, and what that costs:\n%s", all.data);
    out->failed |= all.failed;
    text_free(&all);
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
