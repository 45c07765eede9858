#include "evidence/kind.h"

#include "base/table.h"
#include "evidence/row.h"

#include <stdio.h>
#include <string.h>

#define FIELD(name) offsetof(struct row, name)

#define METRIC(name, meaning, member, ...) {name, meaning, FIELD(member), __VA_ARGS__},
#define METRICS(kind, word, name, plural, phased, prefix, heartbeat, metrics, ...) \
    static const struct metric word##_metrics[] = {metrics(METRIC)};

KINDS(METRICS)

#define KIND_ROW(kind, word, name, plural, phased, prefix, heartbeat, ...) \
    ROW_OF(kind, phased, prefix, heartbeat, word##_metrics,                \
           sizeof word##_metrics / sizeof word##_metrics[0]);

const struct kind_metrics *kind_metrics(enum workload_kind kind)
{
    TABLE_OF(struct kind_metrics);
    switch (kind) {
        KINDS(KIND_ROW)
        ROW_COUNT(KIND_COUNT);
    }
    NO_OTHER_ROW;
}

#define WORD(kind, word, ...) ROW_AT(kind) = #word,
#define NAME(kind, word, name, ...) ROW_AT(kind) = name,

ROWS_BEGIN(words);
static const char *const words[] = {KINDS(WORD)};
ROWS_END(words, KIND_COUNT);

ROWS_BEGIN(kind_list);
static const char *const kind_list[] = {KINDS(NAME)};
ROWS_END(kind_list, KIND_COUNT);

const char *kind_name(enum workload_kind kind)
{
    return kind_list[kind];
}

const char *kind_word(enum workload_kind kind)
{
    return words[kind];
}

void kind_names(const char *names[static KIND_COUNT])
{
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        names[kind] = kind_name((enum workload_kind)kind);
}

static size_t place_of(const char *text, const char *const list[static KIND_COUNT])
{
    size_t kind = 0;
    while (kind < KIND_COUNT && strcmp(list[kind], text) != 0)
        kind++;
    return kind;
}

size_t kind_named(const char *name)
{
    return place_of(name, kind_list);
}

size_t kind_worded(const char *word)
{
    return place_of(word, words);
}

enum workload_kind kinds_first(unsigned kinds)
{
    int kind = 0;
    while (kind < KIND_COUNT - 1 && (kinds & KIND_BIT(kind)) == 0)
        kind++;
    return (enum workload_kind)kind;
}

const char *kind_spec(enum workload_kind kind)
{
    const struct metric *metric = kind_metrics(kind)->metrics;
    while (metric->meaning != MEANS_PODS || metric->field != FIELD(spec))
        metric++;
    return metric->name;
}

unsigned kind_counters(enum workload_kind kind)
{
    unsigned counters = 0;
    for (size_t i = 0; i < kind_metrics(kind)->count; i++)
        if (kind_metrics(kind)->metrics[i].meaning != MEANS_CONDITION)
            counters |= 1u << i;
    return counters;
}

/* The end of the word at `at` of a name, with the '_' behind it, which the next name has too; 0: it
   has another. */
static size_t shared_end(const char *name, const char *next, size_t at)
{
    const size_t begin = at + strspn(name + at, "_");
    const size_t end = begin + strcspn(name + begin, "_") + 1;
    return name[end - 1] == '_' && next != NULL && strncmp(name, next, end) == 0 ? end : 0;
}

struct pattern {
    char *out;
    size_t length, size;
};

static void add(struct pattern *pattern, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && pattern->length + 1 < pattern->size; i++)
        pattern->out[pattern->length++] = bytes[i];
    pattern->out[pattern->length] = '\0';
}

#define WORDS_MAX 8 /* of a metric's name */

/* The names, up to NULL, without the first `start` bytes, which all of them share. */
static void add_names(struct pattern *pattern, const char *const *names, size_t start, bool folded)
{
    size_t ends[WORDS_MAX] = {start}, depth = 0; /* of the words that are open */
    for (size_t i = 0; names[i] != NULL; i++) {
        for (; depth > 0 && strncmp(names[i - 1], names[i], ends[depth]) != 0; depth--)
            add(pattern, ")", 1);
        add(pattern, "|", i > 0);
        size_t end;
        while (folded && depth + 1 < WORDS_MAX &&
               (end = shared_end(names[i], names[i + 1], ends[depth])) > 0) {
            add(pattern, names[i] + ends[depth], end - ends[depth]);
            add(pattern, "(", 1);
            ends[++depth] = end;
        }
        add(pattern, names[i] + ends[depth], strlen(names[i]) - ends[depth]);
    }
    for (; depth > 0; depth--)
        add(pattern, ")", 1);
}

void kind_pattern(enum workload_kind kind, unsigned metrics, bool folded, char *out, size_t size)
{
    const struct kind_metrics *of = kind_metrics(kind);
    struct pattern pattern = {.out = out, .size = size};
    const char *names[METRICS_MAX + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < of->count; i++)
        if ((metrics & 1u << i) != 0)
            names[count++] = of->metrics[i].name;
    add(&pattern, of->prefix, count > 0 ? strlen(of->prefix) : 0);
    add(&pattern, "(", count > 1);
    add_names(&pattern, names, strlen(of->prefix), folded);
    add(&pattern, ")", count > 1);
}
