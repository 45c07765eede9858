/* `indicators:` of the config. */
#include "config/sections/promql_check.h"
#include "config/sections/references.h"
#include "config/sections/sections.h"
#include "config/yaml/values.h"

#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct indicator_settings, member)
#define DAYS_MS(days) ((days)*24.0 * 60 * 60 * 1000)

const struct field indicator_fields[] = {
    {KEY("name", FIELD_STRING, AT(name)), .size = ROLLOUT_NAME_SIZE, .required = true,
     .form = "a name of your choice such as errors",
     .help = "What segments, messages and the status file call the indicator."},
    {KEY("query", FIELD_STRING, AT(query)), .size = CONFIG_QUERY_SIZE, .required = true,
     .form = "PromQL that yields a number",
     .help = "Any PromQL that yields numbers; of several series the worst counts, and one that "
             "goes, good or bad, is not missed. A sample that no scrape renews stays in "
             "Prometheus's answers for 5 minutes; a query that must not believe that says so: X "
             "and time() - timestamp(X) < 90."},
    {KEY("cluster", FIELD_STRING, AT(cluster)), .size = WORKLOAD_CLUSTER_SIZE,
     .help = "Only the series count that cluster_label gives exactly this."},
    {KEY("warning", FIELD_NUMBER, AT(limits.warning)), .required = true,
     .help = "Orange begins here. Above critical, falling is bad; below it, rising is."},
    {KEY("critical", FIELD_NUMBER, AT(limits.critical)), .required = true,
     .help = "Red begins here."},
    {KEY("for", FIELD_DURATION, AT(limits.for_ms)), RANGE(0, DAYS_MS(1)), .fallback = "0s",
     .help = "A level counts once it held for so long, on the way up and on the way down."},
    {KEY("grace", FIELD_DURATION, AT(limits.grace_ms)), RANGE(0, DAYS_MS(1)), .fallback = "2m",
     .help = "A rollout explains for so long after its end."},
    {KEY("poll_interval", FIELD_DURATION, AT(poll_interval_ms)), RANGE(0, DAYS_MS(1)),
     .fallback = "0s",
     .help = "Asked no more often than this; for queries that are dear. 0s: in each poll."},
    {.key = NULL},
};

/* An indicator that is being read, and what it may refer to. */
struct reader {
    const struct config *config;
    struct indicator_settings *indicator;
};

static void read_cause(const struct reading *reading, const struct node *node,
                       const struct reader *reader)
{
    struct indicator_settings *indicator = reader->indicator;
    size_t index;
    if (!node_is(reading, node, NODE_SCALAR, "the name of a rollout") ||
        !references_find(reading, node, node->text, reader->config, REFERENT_ROLLOUT, &index))
        return;
    for (size_t i = 0; i < indicator->explained_by_count; i++) {
        if (indicator->explained_by[i] == index) {
            complain_at(reading, node, "%s is named twice; keep one", node->text);
            return;
        }
    }
    indicator->explained_by[indicator->explained_by_count++] = index;
}

static void read_causes(const struct reading *reading, const struct node *node, void *settings)
{
    if (!node_is(reading, node, NODE_LIST, "a list of rollouts, e.g. [shop]"))
        return;
    for (size_t i = 0; i < node->count; i++)
        read_cause(reading, &node->children[i], settings);
}

/* The difference tells which way is bad. */
static void check_thresholds(const struct reading *reading, const struct node *node)
{
    const struct node *warning = node_get(node, "warning");
    const struct node *critical = node_get(node, "critical");
    double from;
    double to;
    if (warning == NULL || critical == NULL || warning->type != NODE_SCALAR ||
        critical->type != NODE_SCALAR || !text_number(warning->text, &from) ||
        !text_number(critical->text, &to) || !(from <= to && from >= to))
        return;
    complain_at(reading, critical,
                "critical cannot be %s as warning is; write more where rising is bad, or less "
                "where falling is",
                critical->text);
}

/* Indicators are asked in the same round as everything else. */
static void check_interval(const struct reading *reading, const struct node *node,
                           const struct reader *reader)
{
    int64_t round_ms = reader->config->prometheus.poll_interval_ms;
    int64_t interval_ms = reader->indicator->poll_interval_ms;
    char round[VALUE_TEXT_SIZE];
    if (interval_ms == 0 || interval_ms >= round_ms)
        return;
    value_write(FIELD_DURATION, (double)round_ms, round);
    complain_at(reading, node_get(node, "poll_interval"),
                "poll_interval cannot be shorter than that of prometheus, %s, in whose polls it is "
                "asked; remove it, or write more",
                round);
}

/* Of one that is empty the table of keys has complained. */
static void check_query(const struct reading *reading, const struct node *node)
{
    const struct node *query = node_get(node, "query");
    if (query != NULL && query->type == NODE_SCALAR && query->text[0] != '\0')
        promql_check_query(reading, node, "a number");
}

static void read_indicator(const struct reading *reading, const struct node *node,
                           struct reader *reader)
{
    static const struct section sections[] = {{.key = "explained_by", .read = read_causes},
                                              {.key = NULL}};
    if (!node_is(reading, node, NODE_MAP,
                 "the keys of an indicator, e.g. {name: errors, query: my_errors, warning: 1, "
                 "critical: 10}"))
        return;
    const struct keys keys = {indicator_fields, reader->indicator, sections, reader};
    fields_read(reading, node, &keys, 1);
    check_query(reading, node);
    cluster_check(reading, node, reader->config, true);
    check_thresholds(reading, node);
    check_interval(reading, node, reader);
}

void indicators_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    struct config *config = settings;
    if (node->type == NODE_SCALAR && node->plain && node->text[0] == '\0')
        return; /* all of the list is commented out */
    if (!node_is(reading, node, NODE_LIST, "a list of indicators"))
        return;
    if (node->count > CONFIG_INDICATORS_MAX) {
        complain_at(reading, node, "indicators names %zu; at most %d are shown", node->count,
                    CONFIG_INDICATORS_MAX);
        return;
    }
    config->indicators = calloc(node->count + 1, sizeof *config->indicators);
    if (config->indicators == NULL) {
        complain_at(reading, node, "there is not enough memory for the indicators");
        return;
    }
    config->indicator_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = &node->children[i];
        struct reader reader = {config, &config->indicators[i]};
        read_indicator(reading, child, &reader);
        references_check_name(reading, node_get(child, "name"), config, REFERENT_INDICATOR, i);
    }
}
