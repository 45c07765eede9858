#include "prometheus/rows.h"

#include "base/text.h"
#include "prometheus/metric.h"
#include "prometheus/survey.h"

#include <stdlib.h>
#include <string.h>

struct group {
    struct group *next;
    uint64_t hash; /* of selection, kind and labels */
    const struct label *labels;
    size_t label_count;
    struct row row;
};

struct rows *rows_new(void)
{
    return calloc(1, sizeof(struct rows));
}

void rows_free(struct rows *rows)
{
    if (rows == NULL)
        return;
    arena_free(&rows->arena);
    free(rows);
}

bool rows_begin(struct rows *rows, const struct asked *asked, size_t series)
{
    size_t slots = 16;
    while (slots < 2 * series)
        slots *= 2;
    rows->asked = asked;
    rows->groups = NULL;
    rows->group_count = 0;
    rows->mask = slots - 1;
    rows->surveys = NULL;
    rows->eval_ms = 0;
    rows->nameless = 0;
    rows->is_exported = false;
    rows->slots = arena_take(&rows->arena, slots * sizeof *rows->slots);
    rows->seen = arena_take(&rows->arena, slots * sizeof *rows->seen);
    if (rows->slots == NULL || rows->seen == NULL)
        return false;
    memset(rows->slots, 0, slots * sizeof *rows->slots);
    memset(rows->seen, 0, slots * sizeof *rows->seen);
    return true;
}

/* 64 bits decide: by chance, one answer of 10,000 series in 10^11 would be refused. */
static bool is_new(struct rows *rows, uint64_t hash)
{
    hash += hash == 0;
    size_t at = (size_t)hash & rows->mask;
    for (; rows->seen[at] != 0; at = (at + 1) & rows->mask)
        if (rows->seen[at] == hash)
            return false;
    rows->seen[at] = hash;
    return true;
}

static bool is_group_of(const struct group *group, const struct series *series, uint64_t hash)
{
    return group->hash == hash &&
           labels_compare(group->labels, group->label_count, series->labels, series->count) == 0;
}

/* The slot of the series' group, or the free slot where it belongs. Labels are compared in full:
   two sources must never become one. */
static struct group **find_slot(struct rows *rows, const struct series *series, uint64_t hash)
{
    size_t at = (size_t)hash & rows->mask;
    while (rows->slots[at] != NULL && !is_group_of(rows->slots[at], series, hash))
        at = (at + 1) & rows->mask;
    return &rows->slots[at];
}

/* `exported_x` is what a scrape without honor_labels makes of the exporter's own label `x`. */
static bool has_exported(const struct series *series, const char *label)
{
    static const char prefix[] = "exported_";
    const size_t length = sizeof prefix - 1;
    for (size_t i = 0; i < series->count; i++)
        if (strncmp(series->labels[i].name, prefix, length) == 0 &&
            strcmp(series->labels[i].name + length, label) == 0)
            return true;
    return false;
}

static const char *label_or_empty(const struct series *series, const char *name)
{
    const char *value = series_label(series, name);
    return value == NULL ? "" : value;
}

static struct group *new_group(struct rows *rows, const struct series *series,
                               enum workload_kind kind)
{
    struct group *group = arena_take(&rows->arena, sizeof *group);
    struct label *labels = arena_take(&rows->arena, series->count * sizeof *labels);
    if (group == NULL || labels == NULL)
        return NULL;
    memcpy(labels, series->labels, series->count * sizeof *labels);
    group->labels = labels;
    group->label_count = series->count;
    group->row = metric_blank_row((struct workload_key){
        .kind = kind,
        .cluster = label_or_empty(series, rows->asked->cluster),
        .namespace_ = label_or_empty(series, rows->asked->namespace_),
        .name = label_or_empty(series, metric_name_label(kind)),
    });
    group->next = rows->groups;
    rows->groups = group;
    rows->group_count++;
    rows->is_exported |= has_exported(series, rows->asked->namespace_);
    return group;
}

static bool read_selection(const struct rows *rows, const struct series *series, size_t *selection)
{
    *selection = 0;
    if (rows->asked->selections <= 1)
        return true;
    int64_t index;
    const char *text = series->aside[ASIDE_SELECTION];
    if (text == NULL || !text_integer(text, 0, (int64_t)rows->asked->selections - 1, &index))
        return false;
    *selection = (size_t)index;
    return true;
}

/* The survey of that selection; all are made for the first that is asked for. */
static struct survey *survey_of(struct rows *rows, size_t selection)
{
    if (rows->surveys == NULL) {
        struct survey *list = arena_take(&rows->arena, rows->asked->selections * sizeof *list);
        for (size_t i = 0; list != NULL && i < rows->asked->selections; i++)
            list[i] = (struct survey){.taken = true, .oldest_ms = ROW_MISSING};
        rows->surveys = list;
    }
    return rows->surveys == NULL ? NULL : &rows->surveys[selection];
}

/* A series that is of no workload: of a survey, or none that we asked for. */
static enum rows_fault add_survey(struct rows *rows, const struct series *series, size_t selection)
{
    if (series->aside[ASIDE_FIELD] == NULL || rows->asked->selections == 0)
        return ROWS_FINE;
    struct survey *survey = survey_of(rows, selection);
    if (survey == NULL)
        return ROWS_NO_MEMORY;
    if (survey_add(survey, series) && series->eval_ms > rows->eval_ms)
        rows->eval_ms = series->eval_ms;
    return ROWS_FINE;
}

enum rows_fault rows_add(struct rows *rows, const struct series *series)
{
    size_t selection;
    enum workload_kind kind = KIND_DEPLOYMENT;
    const struct metric *metric = metric_find(series, &kind);
    uint64_t hash = series_hash_labels(series, HASH_START);
    if (!is_new(rows, series_hash_asides(series, hash)))
        return ROWS_DUPLICATE;
    if (!read_selection(rows, series, &selection))
        return ROWS_NO_SELECTION;
    if (metric == NULL)
        return add_survey(rows, series, selection);
    if (series_label(series, metric_name_label(kind)) == NULL) {
        rows->nameless++;
        return ROWS_FINE;
    }
    hash ^= (uint64_t)selection * KIND_COUNT + (uint64_t)kind;
    struct group **slot = find_slot(rows, series, hash);
    if (*slot == NULL) {
        *slot = new_group(rows, series, kind);
        if (*slot == NULL)
            return ROWS_NO_MEMORY;
        (*slot)->hash = hash;
        (*slot)->row.selection = selection;
    }
    metric_apply(metric, series, &(*slot)->row);
    if (series->value != NULL && series->eval_ms > rows->eval_ms)
        rows->eval_ms = series->eval_ms;
    return ROWS_FINE;
}

static int compare_workloads(const struct row *a, const struct row *b)
{
    if (a->selection != b->selection)
        return a->selection < b->selection ? -1 : 1;
    if (a->key.kind != b->key.kind)
        return a->key.kind < b->key.kind ? -1 : 1;
    int order = strcmp(a->key.cluster, b->key.cluster);
    if (order == 0)
        order = strcmp(a->key.namespace_, b->key.namespace_);
    return order != 0 ? order : strcmp(a->key.name, b->key.name);
}

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = *(struct group *const *)left;
    const struct group *b = *(struct group *const *)right;
    int order = compare_workloads(&a->row, &b->row);
    if (order != 0)
        return order;
    return labels_compare(a->labels, a->label_count, b->labels, b->label_count);
}

bool rows_finish(struct rows *rows, struct answer *answer)
{
    struct group **order = arena_take(&rows->arena, rows->group_count * sizeof *order);
    struct row *list = arena_take(&rows->arena, rows->group_count * sizeof *list);
    if (order == NULL || list == NULL)
        return false;
    size_t count = 0;
    for (struct group *group = rows->groups; group != NULL; group = group->next)
        order[count++] = group;
    qsort(order, count, sizeof(struct group *), compare_groups);
    for (size_t i = 0; i < count; i++) {
        list[i] = order[i]->row;
        bool same = i > 0 && compare_workloads(&list[i - 1], &list[i]) == 0;
        list[i].source = same ? list[i - 1].source + 1 : 0;
        answer->kind_alive[list[i].key.kind] = true;
    }
    answer->eval_ms = rows->eval_ms;
    for (size_t i = 0; rows->surveys != NULL && i < rows->asked->selections; i++)
        rows->surveys[i].eval_ms = rows->eval_ms;
    answer->surveys = rows->surveys;
    answer->rows = list;
    answer->count = count;
    return true;
}
