#include "prometheus/answer/rows.h"

#include "base/hash.h"
#include "base/text.h"
#include "evidence/whole.h"
#include "prometheus/answer/mark.h"
#include "prometheus/answer/metric.h"
#include "prometheus/promql/kind.h"
#include "prometheus/promql/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct group {
    struct group *next;
    uint64_t hash; /* of selection, kind and labels */
    const struct label *labels;
    size_t label_count;
    struct source_found *source;
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
    arena_free(&rows->scratch);
    text_free(&rows->matchers);
    free(rows);
}

void rows_rest(struct rows *rows)
{
    arena_rest(&rows->arena);
    arena_rest(&rows->scratch);
}

bool rows_begin(struct rows *rows, const struct asked *asked, size_t series)
{
    const size_t slots = series + series / 2 + 16;
    rows->asked = asked;
    rows->groups = NULL;
    rows->group_count = 0;
    rows->slot_count = slots;
    rows->secret = hash_secret();
    rows->surveys = NULL;
    rows->sources = NULL;
    memset(rows->buckets, 0, sizeof rows->buckets);
    rows->source_count = 0;
    rows->answered = false;
    rows->evaluated = (struct evaluated){0};
    rows->nameless = 0;
    rows->kinds = rows->exported_namespace = rows->exported_name = 0;
    rows->slots = arena_take(&rows->arena, slots * sizeof *rows->slots);
    rows->seen = arena_take(&rows->arena, slots * sizeof *rows->seen);
    if (rows->slots == NULL || rows->seen == NULL)
        return false;
    memset(rows->slots, 0, slots * sizeof *rows->slots);
    memset(rows->seen, 0, slots * sizeof *rows->seen);
    return true;
}

static size_t first_slot(const struct rows *rows, uint64_t hash)
{
    return (size_t)(hash_mix(hash ^ rows->secret) % rows->slot_count);
}

static size_t next_slot(const struct rows *rows, size_t slot)
{
    return slot + 1 < rows->slot_count ? slot + 1 : 0;
}

/* 64 bits decide: by chance, one answer of 10,000 series in 10^11 would be refused. */
static bool is_new(struct rows *rows, uint64_t hash)
{
    hash += hash == 0;
    size_t at = first_slot(rows, hash);
    for (; rows->seen[at] != 0; at = next_slot(rows, at))
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
    size_t at = first_slot(rows, hash);
    while (rows->slots[at] != NULL && !is_group_of(rows->slots[at], series, hash))
        at = next_slot(rows, at);
    return &rows->slots[at];
}

static const char *namespace_label(const struct rows *rows, enum workload_kind kind)
{
    return labels_namespace(&rows->asked->labels, kind, rows->asked->namespace_);
}

static const char *name_label(const struct rows *rows, enum workload_kind kind)
{
    return labels_name(&rows->asked->labels, kind);
}

/* The value of `exported_<label>`; NULL: there is none. */
static const char *exported_label(const struct series *series, const char *label)
{
    const size_t length = sizeof LABELS_EXPORTED - 1;
    for (size_t i = 0; i < series->count; i++)
        if (strncmp(series->labels[i].name, LABELS_EXPORTED, length) == 0 &&
            strcmp(series->labels[i].name + length, label) == 0)
            return series->labels[i].value;
    return NULL;
}

/* "" where there is no such label, NULL where there is no memory. */
static const char *exported_identity(struct rows *rows, const struct series *series,
                                     enum workload_kind kind)
{
    const char *namespace_ = exported_label(series, namespace_label(rows, kind));
    const char *name = exported_label(series, name_label(rows, kind));
    if (namespace_ == NULL && name == NULL)
        return "";
    namespace_ = namespace_ == NULL ? "" : namespace_;
    name = name == NULL ? "" : name;
    const size_t size = strlen(namespace_) + strlen(name) + 2;
    char *identity = arena_take(&rows->arena, size);
    if (identity != NULL)
        snprintf(identity, size, "%s/%s", namespace_, name);
    return identity;
}

/* Is the label the workload's own, and no part of its source? */
static bool is_identity(const struct asked *asked, enum workload_kind kind, const char *label)
{
    const char *own[] = {labels_namespace(&asked->labels, kind, asked->namespace_),
                         labels_name(&asked->labels, kind)};
    if (asked->recorded && strcmp(label, SURVEY_KIND_LABEL) == 0)
        return true; /* the rules gave it */
    for (size_t i = 0; i < 2; i++) {
        bool exported = strncmp(label, LABELS_EXPORTED, sizeof LABELS_EXPORTED - 1) == 0 &&
                        strcmp(label + sizeof LABELS_EXPORTED - 1, own[i]) == 0;
        if (exported || strcmp(label, own[i]) == 0)
            return true;
    }
    return false;
}

/* Its labels as matchers; NULL: they are too long to be kept, or there is no memory for them. */
static const char *source_text(struct rows *rows, const struct series *series,
                               enum workload_kind kind)
{
    text_clear(&rows->matchers);
    for (size_t i = 0; i < series->count; i++) {
        const struct label *label = &series->labels[i];
        if (is_identity(rows->asked, kind, label->name))
            continue;
        text_add(&rows->matchers, rows->matchers.length > 0 ? "," : "");
        promql_add_equals(&rows->matchers, label->name, label->value);
    }
    const size_t length = rows->matchers.length;
    if (rows->matchers.failed || length == 0 || length >= SOURCE_TEXT_SIZE)
        return NULL;
    char *text = arena_take(&rows->arena, length + 1);
    if (text != NULL)
        memcpy(text, rows->matchers.data, length + 1);
    return text;
}

uint64_t rows_source_id(const struct asked *asked, const struct series *series,
                        enum workload_kind kind)
{
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < series->count; i++)
        if (!is_identity(asked, kind, series->labels[i].name))
            hash = hash_text(hash_text(hash, series->labels[i].name), series->labels[i].value);
    return source_id(hash, kind);
}

static const char *label_or_empty(const struct series *series, const char *name)
{
    const char *value = series_label(series, name);
    return value == NULL ? "" : value;
}

/* NULL: no memory. */
static struct source_found *source_of(struct rows *rows, const struct series *series,
                                      enum workload_kind kind)
{
    const uint64_t id = rows_source_id(rows->asked, series, kind);
    struct source_found **bucket = &rows->buckets[hash_mix(id ^ rows->secret) % SOURCE_BUCKETS];
    for (struct source_found *found = *bucket; found != NULL; found = found->chain)
        if (found->seen.id == id)
            return found;
    struct source_found *found = arena_take(&rows->arena, sizeof *found);
    if (found == NULL)
        return NULL;
    *found = (struct source_found){
        .next = rows->sources,
        .chain = *bucket,
        .seen = {id, kind, ROW_MISSING, source_text(rows, series, kind),
                 hash_of(label_or_empty(series, rows->asked->cluster))},
    };
    rows->sources = *bucket = found;
    rows->source_count++;
    return found;
}

/* What stands in the place of a workload's own labels. */
static void note_labels(struct rows *rows, const struct series *series, enum workload_kind kind)
{
    rows->kinds |= KIND_BIT(kind);
    if (exported_label(series, namespace_label(rows, kind)) != NULL)
        rows->exported_namespace |= KIND_BIT(kind);
    if (exported_label(series, name_label(rows, kind)) != NULL)
        rows->exported_name |= KIND_BIT(kind);
}

/* The series' labels, now in memory that stays; NULL: there is none. */
static const struct label *keep_labels(struct rows *rows, struct series *series)
{
    size_t size = 0;
    for (size_t i = 0; i < series->count; i++)
        size += strlen(series->labels[i].name) + strlen(series->labels[i].value) + 2;
    struct label *labels = arena_take(&rows->arena, series->count * sizeof *labels);
    char *at = arena_take(&rows->arena, size);
    if (labels == NULL || at == NULL)
        return NULL;
    for (size_t i = 0; i < series->count; i++) {
        labels[i].name = at;
        at = stpcpy(at, series->labels[i].name) + 1;
        labels[i].value = at;
        at = stpcpy(at, series->labels[i].value) + 1;
        series->labels[i] = labels[i];
    }
    return labels;
}

static struct group *new_group(struct rows *rows, struct series *series, enum workload_kind kind)
{
    struct group *group = arena_take(&rows->arena, sizeof *group);
    const struct label *labels = group == NULL ? NULL : keep_labels(rows, series);
    if (labels == NULL)
        return NULL;
    group->labels = labels;
    group->label_count = series->count;
    const char *exported = exported_identity(rows, series, kind);
    group->source = source_of(rows, series, kind);
    if (exported == NULL || group->source == NULL)
        return NULL;
    group->row = metric_blank_row((struct workload_key){
        .kind = kind,
        .cluster = label_or_empty(series, rows->asked->cluster),
        .namespace_ = label_or_empty(series, namespace_label(rows, kind)),
        .name = label_or_empty(series, name_label(rows, kind)),
        .exported = exported,
    });
    group->row.source_id = group->source->seen.id;
    group->next = rows->groups;
    rows->groups = group;
    rows->group_count++;
    note_labels(rows, series, kind);
    return group;
}

/* Where a series belongs. */
struct place {
    size_t selection;
    enum workload_kind kind;
    uint64_t labels_hash;
};

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
        const size_t size = rows->asked->selections * sizeof(struct survey);
        rows->arena.left += size; /* as much as was asked for, however small the answer */
        struct survey *list = arena_take(&rows->arena, size);
        for (size_t i = 0; list != NULL && i < rows->asked->selections; i++)
            list[i] = survey_empty();
        rows->surveys = list;
    }
    return rows->surveys == NULL ? NULL : &rows->surveys[selection];
}

/* Counts rows that are settled or not, of the source that the series is of. */
static enum rows_fault add_counted(struct rows *rows, struct survey *survey, struct series *series,
                                   const struct survey_mark *mark)
{
    static const unsigned owned = ASIDE_BIT(ASIDE_NAME) | ASIDE_BIT(ASIDE_FIELD) |
                                  ASIDE_BIT(ASIDE_SELECTION) | ASIDE_BIT(ASIDE_ASK);
    series_own(series, owned);
    const struct source_found *source = source_of(rows, series, mark->kind);
    if (source == NULL)
        return ROWS_NO_MEMORY;
    struct source_count *place = whole_place(&survey->counted, source->seen.id, mark->kind);
    if (mark->rule == RULE_ROWS)
        place->rows += (int64_t)mark->number;
    else
        place->settled += (int64_t)mark->number;
    return ROWS_FINE;
}

/* A series that is of no workload: of a survey, or none that we asked for. */
static enum rows_fault add_survey(struct rows *rows, struct series *series, size_t selection)
{
    struct survey_mark mark;
    if (series->aside[ASIDE_FIELD] == NULL || rows->asked->selections == 0)
        return ROWS_FINE;
    struct survey *survey = survey_of(rows, selection);
    if (survey == NULL)
        return ROWS_NO_MEMORY;
    if (!mark_read(series, &mark))
        return ROWS_FINE;
    series_note_time(series, &rows->evaluated);
    if (!mark.evaluated && (mark.rule == RULE_ROWS || mark.rule == RULE_SETTLED))
        return add_counted(rows, survey, series, &mark);
    mark_add(survey, &mark);
    return ROWS_FINE;
}

/* A row that a survey lists because it is not settled. */
static enum rows_fault add_unsettled(struct rows *rows, const struct group *group)
{
    if (rows->asked->selections == 0)
        return ROWS_FINE; /* nobody has asked */
    struct survey *survey = survey_of(rows, group->row.selection);
    if (survey == NULL)
        return ROWS_NO_MEMORY;
    whole_place(&survey->counted, group->row.source_id, group->row.key.kind)->unsettled++;
    survey->listed++;
    survey->more = survey->listed > SURVEY_SHOWN_MAX;
    return ROWS_FINE;
}

/* Of another workload than the selection asks for? Patterns are the server's to match [O1]. */
static bool is_foreign(const struct rows *rows, const struct series *series,
                       enum workload_kind kind, size_t selection)
{
    if (rows->asked->list == NULL)
        return false;
    const struct selection *of = &rows->asked->list[selection];
    const char *namespace_ = label_or_empty(series, namespace_label(rows, kind));
    const char *name = label_or_empty(series, name_label(rows, kind));
    const char *cluster = label_or_empty(series, rows->asked->cluster);
    return (of->kinds & KIND_BIT(kind)) == 0 ||
           (of->cluster != NULL && promql_is_plain(of->cluster) &&
            strcmp(of->cluster, cluster) != 0) ||
           (promql_is_plain(of->namespace_) && strcmp(of->namespace_, namespace_) != 0) ||
           (of->name != NULL && promql_is_plain(of->name) && strcmp(of->name, name) != 0);
}

/* The row that an answer owes to its question [N1]. (Of a metric's series it is a target's label,
   and owned by none.) */
static void take_nonce(struct rows *rows, const struct series *series)
{
    const char *nonce = rows->asked->nonce;
    if (nonce == NULL || strcmp(series->aside[ASIDE_ASK], nonce) != 0)
        return;
    rows->answered = true;
    series_note_time(series, &rows->evaluated);
}

static enum rows_fault add_to_group(struct rows *rows, struct series *series,
                                    const struct metric *metric, struct place place)
{
    uint64_t hash =
        place.labels_hash ^ ((uint64_t)place.selection * KIND_COUNT + (uint64_t)place.kind);
    struct group **slot = find_slot(rows, series, hash);
    if (*slot == NULL) {
        *slot = new_group(rows, series, place.kind);
        if (*slot == NULL)
            return ROWS_NO_MEMORY;
        (*slot)->hash = hash;
        (*slot)->row.selection = place.selection;
    }
    metric_apply(metric, series, &(*slot)->row);
    series_note_time(series, &rows->evaluated);
    return metric_is_listed(metric) ? add_unsettled(rows, *slot) : ROWS_FINE;
}

enum rows_fault rows_add(struct rows *rows, struct series *series)
{
    struct place place = {.kind = KIND_DEPLOYMENT};
    const struct metric *metric = metric_find(series, &place.kind);
    if (metric != NULL)
        series_own(series, metric_owns(metric, series, rows->asked->selections > 1));
    place.labels_hash = series_hash_labels(series, HASH_START ^ rows->secret);
    if (!is_new(rows, series_hash_asides(series, place.labels_hash)))
        return ROWS_DUPLICATE;
    if (series->aside[ASIDE_ASK] != NULL) {
        take_nonce(rows, series);
        return ROWS_FINE;
    }
    if (!read_selection(rows, series, &place.selection))
        return ROWS_NO_SELECTION;
    if (metric == NULL)
        return add_survey(rows, series, place.selection);
    if (series_label(series, name_label(rows, place.kind)) == NULL) {
        rows->nameless++;
        return ROWS_FINE;
    }
    if (is_foreign(rows, series, place.kind, place.selection))
        return ROWS_FOREIGN;
    return add_to_group(rows, series, metric, place);
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
    if (order == 0)
        order = strcmp(a->key.name, b->key.name);
    return order != 0 ? order : strcmp(a->key.exported, b->key.exported);
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

/* NULL: no memory. */
static const struct source_seen *list_sources(struct rows *rows)
{
    for (struct group *group = rows->groups; group != NULL; group = group->next)
        if (group->row.sample_ms > group->source->seen.newest_ms)
            group->source->seen.newest_ms = group->row.sample_ms;
    struct source_seen *list = arena_take(&rows->arena, (rows->source_count + 1) * sizeof *list);
    size_t count = 0;
    for (struct source_found *found = rows->sources; list != NULL && found != NULL;
         found = found->next)
        list[count++] = found->seen;
    return list;
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
    answer->sources = list_sources(rows);
    answer->source_count = rows->source_count;
    if (answer->sources == NULL)
        return false;
    answer->eval_ms = rows->evaluated.oldest_ms;
    answer->spread_ms = evaluated_spread_ms(&rows->evaluated);
    for (size_t i = 0; rows->surveys != NULL && i < rows->asked->selections; i++)
        rows->surveys[i].eval_ms = answer->eval_ms;
    answer->surveys = rows->surveys;
    answer->rows = list;
    answer->count = count;
    return true;
}
