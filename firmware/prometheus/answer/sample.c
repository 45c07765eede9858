#include "prometheus/answer/sample.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *put(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length);
    return to + length;
}

static char *put_quoted(char *to, const char *value)
{
    *to++ = '"';
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\')
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

/* Prometheus's own names for what was scraped, and those of its operator and of replicas. */
static uint64_t source_of(const struct label labels[], size_t count)
{
    static const char *const names[] = {"cluster", "instance",   "job",
                                        "pod",     "prometheus", "prometheus_replica"};
    uint64_t hash = HASH_START;
    bool found = false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            if (strcmp(labels[i].name, names[k]) != 0)
                continue;
            hash = hash_text(hash_text(hash, names[k]), labels[i].value);
            found |= strcmp(names[k], "instance") == 0;
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
        size += strlen(all[i].name) + 2 * strlen(all[i].value) + sizeof ", =\"\"";
    char *labels = arena_take(arena, size);
    if (labels == NULL)
        return false;
    char *end = put(labels, "{");
    for (size_t i = 0; i < count; i++) {
        end = put(put(put(end, i == 0 ? "" : ", "), all[i].name), "=");
        end = put_quoted(end, all[i].value);
    }
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
    if (series->eval_ms > samples->eval_ms)
        samples->eval_ms = series->eval_ms;
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
