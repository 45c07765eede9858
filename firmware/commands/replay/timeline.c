#include "commands/replay/timeline.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* 10^11 s is the year 5138; a time beyond it, or no number, is a slip. */
#define SECONDS_MAX 1e11
#define INTEGER_MAX 9007199254740992.0 /* 2^53: above it a double skips integers */

/* `where` NULL: the file as a whole. */
static bool wrong(const struct tree *tree, const struct node *where, const char *sentence,
                  struct complaints *complaints)
{
    complain(complaints, tree_name(tree), where != NULL ? where->line : 0,
             where != NULL ? where->column : 0, "%s", sentence);
    return false;
}

static const char *text_of(const struct node *node)
{
    return node != NULL && node->type == NODE_SCALAR ? node->text : NULL;
}

static bool number_of(const struct node *node, double *number)
{
    const char *text = text_of(node);
    return text != NULL && text_number(text, number);
}

static bool is_word(const struct node *node, const char *word)
{
    const char *text = text_of(node);
    return text != NULL && strcmp(text, word) == 0;
}

/* Seconds to whole milliseconds. */
static bool time_of(const struct node *node, int64_t *ms)
{
    double seconds;
    if (!number_of(node, &seconds) || !(seconds >= -SECONDS_MAX && seconds <= SECONDS_MAX))
        return false;
    *ms = TIMELINE_ZERO_MS + (int64_t)(seconds * 1000.0 + (seconds < 0 ? -0.5 : 0.5));
    return true;
}

/* A value that Prometheus could have for a count; anything else is a missing series. */
static int64_t count_of(const struct node *fields, const char *key)
{
    double number;
    if (!number_of(node_get(fields, key), &number) || !(number >= 0 && number <= INTEGER_MAX))
        return ROW_MISSING;
    int64_t count = (int64_t)number;
    return (double)count < number ? ROW_MISSING : count;
}

/* Set to anything but false, 0 and null. */
static bool is_set(const struct node *fields, const char *key)
{
    const struct node *node = node_get(fields, key);
    return node != NULL && !is_word(node, "false") && !is_word(node, "0") && !is_word(node, "null");
}

static const char *word_of(const struct node *fields, const char *key)
{
    const struct node *node = node_get(fields, key);
    if (node == NULL || (node->plain && is_word(node, "null")))
        return NULL;
    return text_of(node);
}

static uint64_t revision_of(const struct node *fields, const char *key)
{
    const char *revision = word_of(fields, key);
    return revision != NULL ? hash_of(revision) : 0;
}

static struct row row_of(enum workload_kind kind, const struct node *fields, int64_t sample_ms)
{
    bool is_daemonset = kind == KIND_DAEMONSET;
    bool wants = is_daemonset || kind == KIND_ROLLOUT;
    const char *phase = word_of(fields, "phase"), *condition = word_of(fields, "cond");
    return (struct row){
        .key = {.kind = kind, .cluster = "", .namespace_ = "", .name = ""},
        .sample_ms = sample_ms,
        .created = count_of(fields, "created"),
        .generation = count_of(fields, "gen"),
        .observed = count_of(fields, "obs"),
        .spec = count_of(fields, wants ? "desired" : "spec"),
        .replicas = count_of(fields, is_daemonset ? "current" : "replicas"),
        .updated = count_of(fields, "updated"),
        .ready = count_of(fields, "ready"),
        .available = count_of(fields, "available"),
        .current = is_daemonset ? ROW_MISSING : count_of(fields, "current"),
        .unavailable = count_of(fields, "unavailable"),
        .terminating = count_of(fields, "terminating"),
        .paused = count_of(fields, "paused"),
        .progressing = condition_status_of(condition != NULL ? condition : ""),
        .reason = progress_reason_of(word_of(fields, "reason")),
        .replica_failure = is_set(fields, "replica_failure"),
        .deleting = is_set(fields, "deleting"),
        .phase = phase != NULL ? rollout_phase_of(phase) : PHASE_NONE,
        .current_revision = revision_of(fields, "cur_rev"),
        .update_revision = revision_of(fields, "upd_rev"),
    };
}

/*
 * A file's sources have no labels to rank them by, so what they say ranks them: their order in the
 * file then never matters. Every number of a row takes part.
 */
static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    const int64_t pairs[][2] = {
        {a->sample_ms, b->sample_ms},
        {a->created, b->created},
        {a->generation, b->generation},
        {a->observed, b->observed},
        {a->spec, b->spec},
        {a->replicas, b->replicas},
        {a->updated, b->updated},
        {a->ready, b->ready},
        {a->available, b->available},
        {a->current, b->current},
        {a->unavailable, b->unavailable},
        {a->paused, b->paused},
        {a->terminating, b->terminating},
        {a->progressing, b->progressing},
        {a->reason, b->reason},
        {a->phase, b->phase},
        {a->replica_failure, b->replica_failure},
        {a->deleting, b->deleting},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    if (a->update_revision != b->update_revision)
        return a->update_revision < b->update_revision ? -1 : 1;
    if (a->current_revision != b->current_revision)
        return a->current_revision < b->current_revision ? -1 : 1;
    return 0;
}

static bool add_source(const struct tree *tree, const struct timeline *timeline,
                       const struct node *fields, struct timeline_row *row,
                       struct complaints *complaints)
{
    int64_t sample_ms = row->sight.eval_ms;
    const struct node *sample = node_get(fields, "sample_t");
    if (sample != NULL && !time_of(sample, &sample_ms))
        return wrong(tree, sample, "sample_t is no time; write seconds, as in t", complaints);
    row->rows[row->sight.count++] = row_of(timeline->kind, fields, sample_ms);
    return true;
}

static bool read_sources(const struct tree *tree, const struct timeline *timeline,
                         const struct node *list, struct timeline_row *row,
                         struct complaints *complaints)
{
    if (list->type != NODE_LIST || list->count == 0 || list->count > TIMELINE_SOURCES_MAX)
        return wrong(tree, list, "sources is no list of 1 to 16 rows", complaints);
    for (size_t i = 0; i < list->count; i++) {
        if (list->children[i].type != NODE_MAP)
            return wrong(tree, &list->children[i], "a source is no map of fields", complaints);
        if (!add_source(tree, timeline, &list->children[i], row, complaints))
            return false;
    }
    return true;
}

bool timeline_read_row(const struct tree *tree, const struct timeline *timeline, size_t index,
                       struct timeline_row *row, struct complaints *complaints)
{
    const struct node *node = &timeline->rows->children[index];
    *row = (struct timeline_row){
        .sight = {.kind = SIGHT_ROWS, .rows = row->rows, .witness_ms = ROW_MISSING}};
    if (node->type != NODE_MAP)
        return wrong(tree, node, "a row is no map; write {\"t\": SECONDS, ...}", complaints);
    if (!time_of(node_get(node, "t"), &row->sight.eval_ms) ||
        !number_of(node_get(node, "t"), &row->t))
        return wrong(tree, node, "a row without a time; write \"t\": SECONDS", complaints);
    row->sight.now_ms = row->sight.eval_ms;

    const struct node *sources = node_get(node, "sources");
    if (node_get(node, "fetch") != NULL && !is_word(node_get(node, "fetch"), "ok"))
        row->sight.kind = SIGHT_FETCH_FAILED;
    else if (is_word(node_get(node, "kind_alive"), "false"))
        row->sight.kind = SIGHT_NO_DATA;
    else if (is_word(node_get(node, "present"), "false"))
        row->sight.kind = SIGHT_ABSENT;
    else if (sources == NULL && add_source(tree, timeline, node, row, complaints))
        row->rows[0].source_id = 1; /* always the same; of several nobody says which is which */
    else if (sources == NULL)
        return false;
    else if (!read_sources(tree, timeline, sources, row, complaints))
        return false;
    qsort(row->rows, row->sight.count, sizeof row->rows[0], compare_rows);
    for (size_t i = 0; i < row->sight.count; i++)
        row->rows[i].source = i;
    return true;
}

/* Overrides of the limits that are named in `settings`, a map or NULL. */
static bool read_limits(const struct tree *tree, const struct node *settings, struct limits *limits,
                        struct complaints *complaints)
{
    const struct {
        const char *key;
        int64_t *value;
        int64_t unit; /* of the file, in the stored unit */
    } table[] = {
        {"stall_after", &limits->stall_after_ms, 1000},
        {"stall_after_failure", &limits->stall_after_failure_ms, 1000},
        {"max_age", &limits->max_age_ms, 1000},
        {"forget_after", &limits->forget_after_ms, 1000},
        {"hold_after", &limits->hold_after_ms, 1000},
        {"degraded_after", &limits->degraded_after_ms, 1000},
        {"partition", &limits->partition, 1},
    };
    if (settings == NULL)
        return true;
    if (settings->type != NODE_MAP)
        return wrong(tree, settings, "defaults and config are maps of limits", complaints);
    if (node_get(settings, "strategy") != NULL)
        limits->on_delete = is_word(node_get(settings, "strategy"), "OnDelete");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct node *node = node_get(settings, table[i].key);
        double number;
        if (node == NULL)
            continue;
        if (!number_of(node, &number) || !(number >= 0 && number <= SECONDS_MAX))
            return wrong(tree, node, "a limit is no number; write seconds (or a partition)",
                         complaints);
        *table[i].value = (int64_t)(number * (double)table[i].unit + 0.5);
    }
    return true;
}

static bool read_kind(const struct tree *tree, const struct node *node, enum workload_kind *kind,
                      struct complaints *complaints)
{
    const char *text = text_of(node_get(node, "kind"));
    const size_t named = text != NULL ? kind_named(text) : KIND_COUNT;
    *kind = (enum workload_kind)named;
    if (named < KIND_COUNT)
        return true;
    const char *names[KIND_COUNT];
    kind_names(names);
    const char *suggestion = text != NULL ? text_suggest(text, names, KIND_COUNT) : NULL;
    complain(complaints, tree_name(tree), node->line, node->column, "kind is none of %s%s%s%s",
             KIND_LIST, suggestion != NULL ? "; did you mean " : "",
             suggestion != NULL ? suggestion : "", suggestion != NULL ? "?" : "");
    return false;
}

bool timeline_read(const struct tree *tree, const struct node *node, struct timeline *timeline,
                   struct complaints *complaints)
{
    *timeline = (struct timeline){.limits = limits_default};
    if (node->type != NODE_MAP)
        return wrong(tree, node, "a timeline is no map", complaints);
    timeline->id = text_of(node_get(node, "id"));
    timeline->rows = node_get(node, "rows");
    if (timeline->id == NULL)
        return wrong(tree, node, "a timeline without a name; write \"id\": \"...\"", complaints);
    if (timeline->rows == NULL || timeline->rows->type != NODE_LIST)
        return wrong(tree, node, "a timeline without rows; write \"rows\": [{\"t\": 0, ...}]",
                     complaints);
    return read_kind(tree, node, &timeline->kind, complaints) &&
           read_limits(tree, node_get(tree_root(tree), "defaults"), &timeline->limits,
                       complaints) &&
           read_limits(tree, node_get(node, "config"), &timeline->limits, complaints);
}

const struct node *timeline_list(const struct tree *tree, struct complaints *complaints)
{
    const struct node *root = tree_root(tree);
    bool is_map = root != NULL && root->type == NODE_MAP;
    if (!is_map || !is_word(node_get(root, "schema"), TIMELINE_SCHEMA)) {
        wrong(tree, root, "not a file of timelines; write \"schema\": \"" TIMELINE_SCHEMA "\"",
              complaints);
        return NULL;
    }
    const struct node *list = node_get(root, "timelines");
    if (list == NULL || list->type != NODE_LIST) {
        wrong(tree, root, "no timelines; write \"timelines\": [...]", complaints);
        return NULL;
    }
    return list;
}
