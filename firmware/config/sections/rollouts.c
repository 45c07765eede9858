/* `rollouts:` of the config. */
#include "config/schema/keys.h"
#include "config/sections/pattern.h"
#include "config/sections/promql_check.h"
#include "config/sections/references.h"
#include "config/sections/sections.h"

#include "base/table.h"
#include "prometheus/promql/query.h"

#include <stdlib.h>
#include <string.h>

static const char *const weightings[] = {
    [WEIGHT_REPLICAS] = "replicas", [WEIGHT_EQUAL] = "equal", NULL};

static const char *const strategies[] = {"RollingUpdate", "OnDelete", NULL};
#define STRATEGY_ON_DELETE 1

#define AT(member) offsetof(struct rollout_settings, member)
#define DAYS_MS(days) ((days)*24.0 * 60 * 60 * 1000)

#define KIND_KEY(kind, word, name, plural, ...)                           \
    {KEY(#word, FIELD_STRING, AT(workload)), .size = CONFIG_PATTERN_SIZE, \
     .help = plural " by name or regular expression."},

/* The keys that name the workloads all fill the same member: one of them is given. */
const struct field rollout_fields[] = {
    {KEY("name", FIELD_STRING, AT(name)), .size = ROLLOUT_NAME_SIZE, .required = true,
     .form = "a name of your choice such as shop",
     .help = "What segments, messages and the status file call the rollout."},
    {KEY("namespace", FIELD_STRING, AT(namespace_)), .size = CONFIG_PATTERN_SIZE,
     .help = "The namespace, by name or as a regular expression (RE2, anchored); without any kind, "
             "every Deployment in it."},
    // clang-format off
    KINDS(KIND_KEY)
    // clang-format on
    {KEY("query", FIELD_STRING, AT(query)),
     .size = sizeof(((struct rollout_settings *)NULL)->query),
     .help = "Instead of workloads: any PromQL that yields 0 to 1, where 1 means done; more than "
             "that is unknown, but of a series that was in there before: what shrinks. A sample "
             "that no scrape renews stays in Prometheus's answers for 5 minutes; a query that must "
             "not believe that says so: X and time() - timestamp(X) < 90."},
    {KEY("cluster", FIELD_STRING, AT(cluster)), .size = CONFIG_PATTERN_SIZE,
     .help = "Of several clusters in one Prometheus the one meant, by name or regular expression; "
             "of a query's series those that cluster_label gives exactly this."},
    {KEY("weight", FIELD_WORD, AT(weighting)), .words = weightings, .fallback = "replicas",
     .help = "Whether a workload counts in the bar by its replicas, or each the same."},
    {KEY("stall_after", FIELD_DURATION, AT(limits.stall_after_ms)), RANGE(1000, DAYS_MS(7)),
     .fallback = "10m", .help = "A rollout without progress for so long is stalled."},
    {KEY("stall_after_failure", FIELD_DURATION, AT(limits.stall_after_failure_ms)),
     RANGE(1000, DAYS_MS(7)), .fallback = "1m",
     .help = "The same while Kubernetes reports that pods cannot be created."},
    {KEY("max_age", FIELD_DURATION, AT(limits.max_age_ms)), RANGE(1000, DAYS_MS(1)),
     .fallback = "90s",
     .help = "Samples older than this are no news; raise it for scrapes slower than 30s."},
    {KEY("forget_after", FIELD_DURATION, AT(limits.forget_after_ms)), RANGE(1000, DAYS_MS(1)),
     .fallback = "90s", .help = "A workload absent for so long is gone."},
    {KEY("hold_after", FIELD_DURATION, AT(limits.hold_after_ms)), RANGE(1000, DAYS_MS(7)),
     .fallback = "60s",
     .help = "A StatefulSet healthy but standing still for so long is held back on purpose."},
    {KEY("degraded_after", FIELD_DURATION, AT(limits.degraded_after_ms)), .max = DAYS_MS(1),
     .fallback = "30s",
     .help = "Pods lost for less are shown calmly, if at least half are left; 0s: at once with "
             "alarm."},
    {KEY("partition", FIELD_INTEGER, AT(limits.partition)), .max = 1000000, .fallback = "0",
     .help = "The partition in the StatefulSet's updateStrategy: pods below it stay old."},
    {KEY("strategy", FIELD_WORD, AT(strategy)), .words = strategies, .fallback = "RollingUpdate",
     .help = "The updateStrategy of the StatefulSet or DaemonSet."},
    {KEY("max_workloads", FIELD_INTEGER, AT(max_workloads)), RANGE(1, 20000), .fallback = "2000",
     .help = "Workloads that the rollout has room for; more are reported, not shown."},
    {.key = NULL},
};

static void read_kind(const struct reading *reading, const struct node *node, unsigned *kinds)
{
    if (!node_is(reading, node, NODE_SCALAR, "a kind, e.g. StatefulSet"))
        return;
    size_t kind = kind_named(node->text);
    if (kind < KIND_COUNT) {
        *kinds |= KIND_BIT(kind);
        return;
    }
    char advice[DIAGNOSE_ADVICE_SIZE];
    const char *names[KIND_COUNT];
    kind_names(names);
    diagnose_advise(advice, node->text, names, KIND_COUNT);
    complain_at(reading, node, "kinds cannot be '%.*s'; %s", reading_shown(node->text), node->text,
                advice);
}

static void read_kinds(const struct reading *reading, const struct node *node, void *settings)
{
    struct rollout_settings *rollout = settings;
    if (!node_is(reading, node, NODE_LIST, "a list, e.g. [Deployment, StatefulSet]"))
        return;
    if (node->count == 0)
        complain_at(reading, node, "kinds is empty; name one or more, or leave it out");
    for (size_t i = 0; i < node->count; i++)
        read_kind(reading, &node->children[i], &rollout->kinds);
}

static const struct section rollout_sections[] = {{.key = "kinds", .read = read_kinds},
                                                  {.key = NULL}};

#define QUERY KIND_COUNT /* the kind of a rollout that is a query */

static const char *kind_key(size_t kind)
{
    return kind == QUERY ? "query" : kind_word((enum workload_kind)kind);
}

/* Keys that say nothing about some kinds: there they are a mistake, not a wish. */
static const struct limited_key {
    const char *key;
    unsigned kinds;
    const char *form;
} limited_keys[] = {
    {"namespace", KINDS_ALL, "the query itself names what it is about; remove namespace"},
    {"weight", KINDS_ALL, "a query's series count the same; remove weight"},
    {"degraded_after", KINDS_ALL, "a query knows of no pods that are lost; remove degraded_after"},
    {"partition", KIND_BIT(KIND_STATEFULSET), "only a statefulset has a partition; remove it"},
    {"hold_after", KIND_BIT(KIND_STATEFULSET),
     "only a statefulset is held back; remove hold_after"},
    {"strategy", KIND_BIT(KIND_STATEFULSET) | KIND_BIT(KIND_DAEMONSET),
     "only a statefulset or daemonset has this choice; remove strategy"},
};

/* The kind that is asked for: by its key, or every Deployment. False when there are several. */
static bool find_kind(const struct reading *reading, const struct node *node, unsigned *kind)
{
    const struct node *first = NULL;
    *kind = KIND_DEPLOYMENT;
    for (unsigned i = 0; i <= KIND_COUNT; i++) {
        const struct node *named = node_get(node, kind_key(i));
        if (named != NULL && first != NULL) {
            complain_at_key(reading, named,
                            "%s and %s cannot stand together; write a rollout for each", first->key,
                            named->key);
            return false;
        }
        if (named != NULL) {
            first = named;
            *kind = i;
        }
    }
    return true;
}

/* The kind that a key names, or those of the list `kinds`, or Deployments; none for a query. */
static unsigned kinds_of(const struct reading *reading, const struct node *node, unsigned kind,
                         unsigned listed)
{
    const struct node *named = node_get(node, kind_key(kind));
    const struct node *kinds = node_get(node, "kinds");
    if (named != NULL && kinds != NULL) {
        complain_at_key(reading, kinds,
                        "kinds widens a whole namespace, and %s says the kind already; remove one",
                        named->key);
    }
    if (kind == QUERY)
        return 0;
    return named != NULL || listed == 0 ? KIND_BIT(kind) : listed;
}

static void check_limited(const struct reading *reading, const struct node *node, unsigned kinds)
{
    for (size_t i = 0; i < sizeof limited_keys / sizeof limited_keys[0]; i++) {
        const struct limited_key *limited = &limited_keys[i];
        const struct node *given = node_get(node, limited->key);
        if (given != NULL && (limited->kinds & kinds) == 0)
            complain_at_key(reading, given, "%s", limited->form);
    }
}

static void check_pattern(const struct reading *reading, const struct node *map, const char *key,
                          size_t max)
{
    struct error error = {0};
    const struct node *node = node_get(map, key);
    bool text = node != NULL && node->type == NODE_SCALAR && !node->broken;
    if (text && !(node->plain && node->text[0] == '\0') && !pattern_check(node->text, max, &error))
        complain_at(reading, node, "%s %s", key, error.text);
}

static void check_selection(const struct reading *reading, const struct node *node,
                            const struct keys *keys, unsigned kinds)
{
    check_limited(reading, node, kinds);
    if (kinds == 0) {
        promql_check_query(reading, node, "0 to 1");
    } else if (keys_lack(node, "namespace", keys, 1)) {
        complain_at(reading, node,
                    "the key 'namespace' is missing here; add the namespace, or .* for all");
    }
}

static void check_patterns(const struct reading *reading, const struct node *node)
{
    check_pattern(reading, node, "namespace", WORKLOAD_NAMESPACE_SIZE - 1);
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        check_pattern(reading, node, kind_key(kind), WORKLOAD_NAME_SIZE - 1);
}

static void read_rollout(const struct reading *reading, const struct node *node,
                         struct rollout_settings *rollout)
{
    unsigned kind;
    if (!node_is(reading, node, NODE_MAP,
                 "the keys of a rollout, e.g. {name: shop, namespace: shop}"))
        return;
    const struct keys keys = {.fields = rollout_fields,
                              .settings = rollout,
                              .sections = rollout_sections,
                              .section_settings = rollout};
    fields_read(reading, node, &keys, 1);
    check_patterns(reading, node);
    rollout->limits.on_delete = rollout->strategy == STRATEGY_ON_DELETE;
    if (find_kind(reading, node, &kind)) {
        rollout->kinds = kinds_of(reading, node, kind, rollout->kinds);
        check_selection(reading, node, &keys, rollout->kinds);
    }
}

bool rollout_asks_the_same(const struct rollout_settings *a, const struct rollout_settings *b)
{
    return a->kinds == b->kinds && strcmp(a->namespace_, b->namespace_) == 0 &&
           strcmp(a->workload, b->workload) == 0 && strcmp(a->cluster, b->cluster) == 0 &&
           strcmp(a->query, b->query) == 0;
}

size_t config_selections(const struct config *config,
                         struct selection selections[static CONFIG_ROLLOUTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < config->rollout_count; i++) {
        const struct rollout_settings *rollout = &config->rollouts[i];
        if (rollout->query[0] == '\0') {
            selections[count] = (struct selection){
                .kinds = rollout->kinds,
                .namespace_ = rollout->namespace_,
                .name = rollout->workload[0] != '\0' ? rollout->workload : NULL,
                .index = count,
                .cluster = rollout->cluster[0] != '\0' ? rollout->cluster : NULL};
            count++;
        }
    }
    return count;
}

static const char *or_usual(const char *label)
{
    return label[0] == '\0' ? NULL : label;
}

#define LABELS_AT(kind, word, ...) ROW(kind, &labels->word);

static const struct kind_labels *labels_of(const struct labels_settings *labels,
                                           enum workload_kind kind)
{
    switch (kind) {
        KINDS(LABELS_AT)
        ROW_COUNT(KIND_COUNT);
    }
    NO_OTHER_ROW;
}

struct labels config_labels(const struct config *config)
{
    struct labels labels;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const struct kind_labels *of = labels_of(&config->prometheus.labels, (enum workload_kind)i);
        labels.of[i].namespace_ = or_usual(of->namespace_);
        labels.of[i].name = or_usual(of->name);
    }
    return labels;
}

struct query_terms config_terms(const struct config *config)
{
    struct selection selections[CONFIG_ROLLOUTS_MAX];
    const struct prometheus_settings *settings = &config->prometheus;
    return (struct query_terms){.namespace_label = settings->namespace_label,
                                .labels = config_labels(config),
                                .cluster_label = settings->cluster_label,
                                .selections = config_selections(config, selections),
                                .named = settings->query_style == QUERY_STYLE_NAMED,
                                .recorded = settings->recording_rules};
}

/* Recording rules are asked about all kinds of a rollout at once, by one label of the namespace. */
static void check_recorded(const struct reading *reading, const struct node *node,
                           const struct config *config, const struct rollout_settings *rollout)
{
    const struct labels labels = config_labels(config);
    const char *usual = config->prometheus.namespace_label;
    const char *first = NULL;
    for (int i = 0; config->prometheus.recording_rules && i < KIND_COUNT; i++) {
        const char *label = labels_namespace(&labels, (enum workload_kind)i, usual);
        if ((rollout->kinds & KIND_BIT(i)) == 0)
            continue;
        if (first != NULL && strcmp(first, label) != 0) {
            complain_at(reading, node,
                        "with recording_rules the kinds of one rollout have one label for their "
                        "namespace, not %s and %s; give each a rollout of its own",
                        first, label);
            return;
        }
        first = label;
    }
}

/* One request asks for the workloads of all rollouts, and servers limit its length. */
static void check_length(const struct reading *reading, const struct node *list,
                         const struct config *config)
{
    struct selection selections[CONFIG_ROLLOUTS_MAX];
    struct query_terms terms = config_terms(config);
    struct text query = {0};
    struct error error = {0};
    size_t count = config_selections(config, selections);
    if (!query_workloads(&query, &terms, selections, count, &error))
        complain_at_key(reading, list, "%s", error.text);
    text_free(&query);
}

void rollouts_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    struct config *config = settings;
    if (!node_is(reading, node, NODE_LIST, "a list, e.g. - {name: shop, namespace: shop}"))
        return;
    if (node->count == 0 || node->count > CONFIG_ROLLOUTS_MAX) {
        complain_at(reading, node,
                    "rollouts names 1 to %d rollouts, not %zu; one rollout may hold "
                    "many workloads by a regular expression",
                    CONFIG_ROLLOUTS_MAX, node->count);
        return;
    }
    config->rollouts = calloc(node->count, sizeof *config->rollouts);
    if (config->rollouts == NULL) {
        complain_at(reading, node, "there is not enough memory for the rollouts");
        return;
    }
    config->rollout_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        read_rollout(reading, &node->children[i], &config->rollouts[i]);
        cluster_check(reading, &node->children[i], config, config->rollouts[i].query[0] != '\0');
        check_recorded(reading, &node->children[i], config, &config->rollouts[i]);
        references_check_name(reading, node_get(&node->children[i], "name"), config,
                              REFERENT_ROLLOUT, i);
    }
    check_length(reading, node, config);
}
