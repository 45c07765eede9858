#include "prometheus/answer/sample.h"

#include "base/text.h"
#include "prometheus/promql/labels.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *put(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length);
    return to + length;
}

static bool is_escaped(char c)
{
    return c == '"' || c == '\\';
}

/* Nearly every value is written as it is. */
static bool is_plain(const char *value, size_t length)
{
    return memchr(value, '"', length) == NULL && memchr(value, '\\', length) == NULL;
}

static size_t quoted_length(const char *value)
{
    size_t length = strlen(value), escapes = 0;
    for (size_t i = is_plain(value, length) ? length : 0; i < length; i++)
        escapes += is_escaped(value[i]);
    return length + escapes + sizeof "\"\"" - 1;
}

static char *put_quoted(char *to, const char *value)
{
    const size_t length = strlen(value);
    *to++ = '"';
    if (is_plain(value, length)) {
        memcpy(to, value, length);
        to += length;
        value += length;
    }
    for (; *value != '\0'; value++) {
        if (is_escaped(*value))
            *to++ = '\\';
        *to++ = *value;
    }
    *to++ = '"';
    return to;
}

static int compare_labels(const void *left, const void *right)
{
    const struct label *a = left;
    const struct label *b = right;
    return strcmp(a->name, b->name);
}

/* All labels but the metric's name, in order. */
static size_t all_labels(const struct series *series,
                         struct label all[static SERIES_LABELS_MAX + ASIDE_COUNT])
{
    size_t count = series->count;
    memcpy(all, series->labels, count * sizeof *all);
    for (int i = ASIDE_NAME + 1; i < ASIDE_COUNT; i++)
        if (series->aside[i] != NULL)
            all[count++] = (struct label){series_aside_name((enum aside)i), series->aside[i]};
    qsort(all, count, sizeof *all, compare_labels);
    return count;
}

#define NAME_LABEL(kind, word, name, plural, phased, prefix, heartbeat, metrics, name_label, ...) \
    name_label,

/* Labels of objects in a cluster and of their states, as kube-state-metrics and Argo's controller
   have them; also behind exported_. What a series is about, not where it comes from. */
static bool is_objects(const char *label)
{
    static const char *const names[] = {/* the objects */
                                        KINDS(NAME_LABEL) "container", "cronjob", "job_name",
                                        "namespace", "replicaset", "rollout", "uid",
                                        /* their owners and states */
                                        "condition", "created_by_kind", "created_by_name", "kind",
                                        "owner_kind", "owner_name", "phase", "reason", "revision",
                                        "status", "strategy", "traffic_router"};
    const size_t exported = sizeof LABELS_EXPORTED - 1;
    if (strncmp(label, LABELS_EXPORTED, exported) == 0)
        label += exported;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_same(label, names[i]))
            return true;
    return false;
}

/*
 * What was scraped: all labels but those of objects. A target, a cluster and a replica may be told
 * apart by any label, and one that is left out makes two sources one, of which the one that is
 * there speaks for the one that is gone. Without `instance` it is the result of an aggregation, of
 * which nobody can tell.
 */
static uint64_t source_of(const struct label labels[], size_t count)
{
    uint64_t hash = HASH_START;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (is_objects(labels[i].name))
            continue;
        hash = hash_text(hash_text(hash, labels[i].name), labels[i].value);
        found |= strcmp(labels[i].name, "instance") == 0;
    }
    return !found ? 0 : hash != 0 ? hash : 1;
}

static bool take_sample(struct arena *arena, const struct series *series,
                        struct ratio_sample *sample)
{
    struct label all[SERIES_LABELS_MAX + ASIDE_COUNT];
    size_t count = all_labels(series, all);
    size_t size = sizeof "{}";
    for (size_t i = 0; i < count; i++)
        size += strlen(all[i].name) + quoted_length(all[i].value) + sizeof ", =" - 1;
    char *labels = arena_take(arena, size);
    if (labels == NULL)
        return false;
    char *end = put(labels, "{");
    for (size_t i = 0; i < count; i++) {
        end = put(put(put(end, i == 0 ? "" : ", "), all[i].name), "=");
        end = put_quoted(end, all[i].value);
    }
    assert((size_t)(end - labels) + sizeof "}" <= size);
    memcpy(end, "}", sizeof "}");
    sample->labels = labels;
    sample->source = source_of(all, count);
    if (series->value == NULL || !text_number(series->value, &sample->value))
        sample->value = (double)NAN;
    return true;
}

static bool is_chosen(const struct series *series, const struct choice *choice)
{
    const char *value = choice != NULL ? series_label(series, choice->label) : NULL;
    return choice == NULL || (value != NULL && strcmp(value, choice->value) == 0);
}

bool sample_add(struct arena *arena, const struct series *series, const struct choice *choice,
                struct samples *samples)
{
    series_note_time(series, &samples->evaluated);
    return !is_chosen(series, choice) ||
           take_sample(arena, series, &samples->list[samples->count++]);
}

static int compare_samples(const void *left, const void *right)
{
    const struct ratio_sample *a = left;
    const struct ratio_sample *b = right;
    return strcmp(a->labels, b->labels);
}

bool sample_order(struct ratio_sample samples[], size_t count)
{
    if (count > 1)
        qsort(samples, count, sizeof *samples, compare_samples);
    for (size_t i = 1; i < count; i++)
        if (compare_samples(&samples[i - 1], &samples[i]) == 0)
            return false;
    return true;
}
