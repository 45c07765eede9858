#include "prometheus/answer/metric.h"

#include "base/hash.h"
#include "base/table.h"
#include "base/text.h"
#include "prometheus/promql/kind.h"
#include "prometheus/promql/query.h"
#include "prometheus/promql/survey.h"

#include <stdio.h>
#include <string.h>

static const struct metric sample_time = {.meaning = MEANS_SAMPLE_TIME};
static const struct metric unsettled = {.meaning = MEANS_NOTHING};

static bool is_of(const char *metric, enum workload_kind kind)
{
    const char *prefix = kind_metrics(kind)->prefix;
    return strncmp(metric, prefix, strlen(prefix)) == 0;
}

/* The kind whose metrics begin so; KIND_COUNT: none. */
static size_t kind_of_metric(const char *name)
{
    size_t kind = 0;
    while (kind < KIND_COUNT && !is_of(name, (enum workload_kind)kind))
        kind++;
    return kind;
}

/* The kind that a series is of: what the arm's mark says, or the metric's name, or the label that
   recording rules give; failing all of them, the one whose workloads are named by a label that it
   has. KIND_COUNT: none. */
static size_t kind_of(const struct series *series, const char *reported)
{
    const char *name = series->aside[ASIDE_NAME];
    const char *recorded = series_label(series, SURVEY_KIND_LABEL);
    size_t kind = reported == NULL ? KIND_COUNT : kind_worded(reported);
    if (kind == KIND_COUNT && name != NULL)
        kind = kind_of_metric(name);
    if (kind == KIND_COUNT && recorded != NULL)
        kind = kind_named(recorded);
    for (size_t i = 0; kind == KIND_COUNT && i < KIND_COUNT; i++)
        if (series_label(series, kind_query((enum workload_kind)i)->name_label) != NULL)
            kind = i;
    return kind;
}

/* Of a series that no metric's name tells. */
static const struct metric *find_marked(const struct series *series, enum workload_kind *kind)
{
    static const char time_mark[] = QUERY_SAMPLE_TIME;
    const char *mark = series->aside[ASIDE_FIELD];
    const struct metric *found = NULL;
    const char *reported = NULL;
    if (mark != NULL && strncmp(mark, time_mark, sizeof time_mark - 1) == 0) {
        const char *rest = mark + sizeof time_mark - 1;
        reported = *rest == '/' ? rest + 1 : NULL;
        found = *rest == '/' || *rest == '\0' ? &sample_time : NULL;
    } else if (mark != NULL && strcmp(mark, survey_rule_name(RULE_UNSETTLED)) == 0) {
        found = &unsettled;
    }
    const size_t is = found == NULL ? KIND_COUNT : kind_of(series, reported);
    if (is == KIND_COUNT)
        return NULL;
    *kind = (enum workload_kind)is;
    return found;
}

const struct metric *metric_find(const struct series *series, enum workload_kind *kind)
{
    const struct metric *marked = find_marked(series, kind);
    const char *name = series->aside[ASIDE_NAME];
    if (name == NULL)
        name = series->aside[ASIDE_FIELD]; /* of an arm of its own, where the name was dropped */
    if (marked != NULL || name == NULL)
        return marked;
    const size_t is = kind_of_metric(name);
    if (is == KIND_COUNT)
        return NULL;
    const struct kind_metrics *of = kind_metrics((enum workload_kind)is);
    *kind = (enum workload_kind)is;
    for (size_t i = 0; i < of->count; i++)
        if (strcmp(name, of->metrics[i].name) == 0)
            return &of->metrics[i];
    return NULL;
}

bool metric_is_listed(const struct metric *metric)
{
    return metric == &unsettled;
}

/* A raw series has the label of the arms' marks only where its target has it. */
static bool is_marked(const struct metric *metric, const struct series *series)
{
    const char *name = series->aside[ASIDE_NAME];
    const char *mark = series->aside[ASIDE_FIELD];
    return metric->name == NULL || name == NULL || mark == NULL || strcmp(mark, name) == 0;
}

static unsigned owned_by(enum meaning meaning)
{
    switch (meaning) {
        ROW(MEANS_NOTHING, 0);
        ROW(MEANS_COUNT, 0);
        ROW(MEANS_PODS, 0);
        ROW(MEANS_SAMPLE_TIME, 0);
        ROW(MEANS_DELETING, 0);
        ROW(MEANS_CONDITION,
            ASIDE_BIT(ASIDE_CONDITION) | ASIDE_BIT(ASIDE_STATUS) | ASIDE_BIT(ASIDE_REASON));
        ROW(MEANS_REVISION, ASIDE_BIT(ASIDE_REVISION));
        ROW(MEANS_PHASE,
            ASIDE_BIT(ASIDE_PHASE) | ASIDE_BIT(ASIDE_STRATEGY) | ASIDE_BIT(ASIDE_TRAFFIC_ROUTER));
    }
    NO_OTHER_ROW;
}

unsigned metric_owns(const struct metric *metric, const struct series *series, bool selected)
{
    unsigned mark = is_marked(metric, series) ? ASIDE_BIT(ASIDE_FIELD) : 0;
    unsigned selection = selected ? ASIDE_BIT(ASIDE_SELECTION) : 0;
    return ASIDE_BIT(ASIDE_NAME) | selection | mark | owned_by(metric->meaning);
}

struct row metric_blank_row(struct workload_key key)
{
    return (struct row){
        .key = key,
        .sample_ms = ROW_MISSING,
        .created = ROW_MISSING,
        .generation = ROW_MISSING,
        .observed = ROW_MISSING,
        .spec = ROW_MISSING,
        .replicas = ROW_MISSING,
        .updated = ROW_MISSING,
        .ready = ROW_MISSING,
        .available = ROW_MISSING,
        .current = ROW_MISSING,
        .unavailable = ROW_MISSING,
        .terminating = ROW_MISSING,
        .paused = ROW_MISSING,
    };
}

/* A count: finite, integral, not negative, and below 2^53, where doubles are exact. */
static int64_t read_count(const char *text)
{
    int64_t count = 0;
    const char *digit = text;
    while (*digit >= '0' && *digit <= '9' && digit - text < 15) /* 15 digits are below 2^53 */
        count = count * 10 + (*digit++ - '0');
    if (*digit == '\0' && digit > text)
        return count;
    double number;
    if (!text_number(text, &number) || !(number >= 0 && number < 0x1p53) ||
        number != (double)(int64_t)number)
        return ROW_MISSING;
    return (int64_t)number;
}

static int64_t read_time_ms(const char *text)
{
    double seconds;
    if (!text_number(text, &seconds) || !(seconds >= 0 && seconds < 1e12))
        return ROW_MISSING;
    return (int64_t)(seconds * 1000 + 0.5);
}

/*
 * Exactly one status of a condition is 1; a back end without staleness may still show the one
 * before. Then the worse status stands, and of two reasons none, whatever the order in which they
 * come.
 */
static void apply_condition(const struct series *series, struct row *row)
{
    const char *condition = series->aside[ASIDE_CONDITION];
    const char *word = series->aside[ASIDE_STATUS];
    enum condition_status status = condition_status_of(word == NULL ? "" : word);
    if (condition == NULL || status == CONDITION_ABSENT)
        return;
    if (strcmp(condition, "ReplicaFailure") == 0)
        row->replica_failure |= status == CONDITION_TRUE;
    if (strcmp(condition, "Progressing") != 0 ||
        condition_badness(status) < condition_badness(row->progressing))
        return;
    enum progress_reason reason = progress_reason_of(series->aside[ASIDE_REASON]);
    bool contested = row->progressing == status && row->reason != reason;
    row->reason = contested ? REASON_OTHER : reason;
    row->progressing = status;
}

/* Of two phases the worse one stands. */
static void apply_phase(const char *word, struct row *row)
{
    enum rollout_phase phase = rollout_phase_of(word == NULL ? "" : word);
    bool first = row->phase == PHASE_NONE;
    if (phase != PHASE_NONE && (first || phase_badness(phase) > phase_badness(row->phase)))
        row->phase = phase;
}

/* Of two revisions the larger hash stands; 0 means missing. */
static void apply_revision(const char *revision, uint64_t *field)
{
    uint64_t hash = revision == NULL ? 0 : hash_of(revision);
    if (hash > *field)
        *field = hash;
}

void metric_apply(const struct metric *metric, const struct series *series, struct row *row)
{
    if (series->value == NULL)
        return;
    void *field = (char *)row + metric->field;
    bool is_one = read_count(series->value) == 1;
    switch (metric->meaning) {
    case MEANS_NOTHING:
        break;
    case MEANS_COUNT:
    case MEANS_PODS:
        *(int64_t *)field = read_count(series->value);
        break;
    case MEANS_SAMPLE_TIME:
        row->sample_ms = read_time_ms(series->value);
        break;
    case MEANS_DELETING:
        row->deleting = true;
        break;
    case MEANS_CONDITION:
        if (is_one)
            apply_condition(series, row);
        break;
    case MEANS_REVISION:
        if (is_one)
            apply_revision(series->aside[ASIDE_REVISION], field);
        break;
    case MEANS_PHASE:
        if (is_one)
            apply_phase(series->aside[ASIDE_PHASE], row);
        break;
    }
}
