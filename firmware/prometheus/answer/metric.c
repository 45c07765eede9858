#include "prometheus/answer/metric.h"

#include "base/text.h"
#include "prometheus/promql/query.h"
#include "prometheus/promql/survey.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum meaning {
    MEANS_NOTHING,     /* but that the workload is there */
    MEANS_COUNT,       /* a number for the int64_t at `field` */
    MEANS_SAMPLE_TIME, /* seconds since 1970, with a fraction */
    MEANS_DELETING,    /* its presence says it */
    MEANS_CONDITION,   /* labels condition, status and reason of the series that is 1 */
    MEANS_REVISION,    /* label revision of the series that is 1, for the hash at `field` */
    MEANS_PHASE,       /* label phase of the series that is 1 */
};

struct metric {
    const char *suffix; /* of the family's prefix */
    enum meaning meaning;
    size_t field; /* offset in struct row */
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define COUNT(suffix, field)                             \
    {                                                    \
        suffix, MEANS_COUNT, offsetof(struct row, field) \
    }
#define REVISION(suffix, field)                             \
    {                                                       \
        suffix, MEANS_REVISION, offsetof(struct row, field) \
    }

/* Sources: kube-state-metrics docs/metrics/workload, argo-rollouts controller/metrics/rollouts.go.
 */
static const struct metric deployment_metrics[] = {
    COUNT("created", created),
    COUNT("metadata_generation", generation),
    COUNT("spec_paused", paused),
    COUNT("spec_replicas", spec),
    COUNT("status_observed_generation", observed),
    COUNT("status_replicas", replicas),
    COUNT("status_replicas_available", available),
    COUNT("status_replicas_ready", ready),
    COUNT("status_replicas_updated", updated),
    COUNT("status_terminating_replicas", terminating),
    {"deletion_timestamp", MEANS_DELETING, 0},
    {"status_condition", MEANS_CONDITION, 0},
    {NULL, MEANS_COUNT, 0},
};

static const struct metric statefulset_metrics[] = {
    COUNT("created", created),
    COUNT("metadata_generation", generation),
    COUNT("replicas", spec),
    COUNT("status_observed_generation", observed),
    COUNT("status_replicas", replicas),
    COUNT("status_replicas_available", available),
    COUNT("status_replicas_current", current),
    COUNT("status_replicas_ready", ready),
    COUNT("status_replicas_updated", updated),
    REVISION("status_current_revision", current_revision),
    REVISION("status_update_revision", update_revision),
    {"deletion_timestamp", MEANS_DELETING, 0},
    {NULL, MEANS_COUNT, 0},
};

static const struct metric daemonset_metrics[] = {
    COUNT("created", created),
    COUNT("metadata_generation", generation),
    COUNT("status_observed_generation", observed),
    COUNT("status_desired_number_scheduled", spec),
    COUNT("status_current_number_scheduled", replicas),
    COUNT("status_updated_number_scheduled", updated),
    COUNT("status_number_available", available),
    COUNT("status_number_ready", ready),
    {"deletion_timestamp", MEANS_DELETING, 0},
    {NULL, MEANS_COUNT, 0},
};

static const struct metric rollout_metrics[] = {
    COUNT("_replicas_desired", spec),
    COUNT("_replicas_updated", updated),
    COUNT("_replicas_available", available),
    COUNT("_replicas_unavailable", unavailable),
    {"", MEANS_PHASE, 0},
    {NULL, MEANS_COUNT, 0},
};

/* In the order in which a nameless series is told by its labels: `name` is a common label. */
static const struct {
    const char *prefix;
    const char *name_label;
    const struct metric *metrics;
} families[KIND_COUNT] = {
    [KIND_DEPLOYMENT] = {"kube_deployment_", "deployment", deployment_metrics},
    [KIND_STATEFULSET] = {"kube_statefulset_", "statefulset", statefulset_metrics},
    [KIND_DAEMONSET] = {"kube_daemonset_", "daemonset", daemonset_metrics},
    [KIND_ROLLOUT] = {"rollout_info", "name", rollout_metrics},
};

static const struct metric sample_time = {NULL, MEANS_SAMPLE_TIME, 0};
static const struct metric unsettled = {NULL, MEANS_NOTHING, 0};

/* Of a series that no metric's name tells: the kind is told by the workload's name. */
static const struct metric *find_marked(const struct series *series, enum workload_kind *kind)
{
    const char *mark = series->aside[ASIDE_FIELD];
    const struct metric *found = NULL;
    if (mark != NULL && strcmp(mark, QUERY_SAMPLE_TIME) == 0)
        found = &sample_time;
    else if (mark != NULL && strcmp(mark, SURVEY_UNSETTLED) == 0)
        found = &unsettled;
    for (int i = 0; found != NULL && i < KIND_COUNT; i++) {
        *kind = (enum workload_kind)i;
        if (series_label(series, families[i].name_label) != NULL)
            return found;
    }
    return NULL;
}

const struct metric *metric_find(const struct series *series, enum workload_kind *kind)
{
    const struct metric *marked = find_marked(series, kind);
    const char *name = series->aside[ASIDE_NAME];
    if (name == NULL)
        name = series->aside[ASIDE_FIELD]; /* of an arm of its own, where the name was dropped */
    if (marked != NULL || name == NULL)
        return marked;
    for (int i = 0; i < KIND_COUNT; i++) {
        size_t length = strlen(families[i].prefix);
        if (strncmp(name, families[i].prefix, length) != 0)
            continue;
        *kind = (enum workload_kind)i;
        for (const struct metric *metric = families[i].metrics; metric->suffix != NULL; metric++)
            if (strcmp(name + length, metric->suffix) == 0)
                return metric;
    }
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
    return metric->suffix == NULL || name == NULL || mark == NULL || strcmp(mark, name) == 0;
}

unsigned metric_owns(const struct metric *metric, const struct series *series)
{
    static const unsigned always =
        ASIDE_BIT(ASIDE_NAME) | ASIDE_BIT(ASIDE_SELECTION) | ASIDE_BIT(ASIDE_ASK);
    static const unsigned owned[] = {
        [MEANS_NOTHING] = 0,
        [MEANS_COUNT] = 0,
        [MEANS_SAMPLE_TIME] = 0,
        [MEANS_DELETING] = 0,
        [MEANS_CONDITION] =
            ASIDE_BIT(ASIDE_CONDITION) | ASIDE_BIT(ASIDE_STATUS) | ASIDE_BIT(ASIDE_REASON),
        [MEANS_REVISION] = ASIDE_BIT(ASIDE_REVISION),
        [MEANS_PHASE] =
            ASIDE_BIT(ASIDE_PHASE) | ASIDE_BIT(ASIDE_STRATEGY) | ASIDE_BIT(ASIDE_TRAFFIC_ROUTER),
    };
    unsigned mark = is_marked(metric, series) ? ASIDE_BIT(ASIDE_FIELD) : 0;
    return always | mark | owned[metric->meaning];
}

void metric_spec(enum workload_kind kind, char name[static METRIC_NAME_SIZE])
{
    const struct metric *metric = families[kind].metrics;
    while (metric->meaning != MEANS_COUNT || metric->field != offsetof(struct row, spec))
        metric++;
    snprintf(name, METRIC_NAME_SIZE, "%s%s", families[kind].prefix, metric->suffix);
}

bool metric_counter(enum workload_kind kind, size_t index, char name[static METRIC_NAME_SIZE])
{
    size_t left = index;
    for (const struct metric *metric = families[kind].metrics; metric->suffix != NULL; metric++) {
        if (metric->meaning == MEANS_CONDITION || left-- > 0)
            continue;
        snprintf(name, METRIC_NAME_SIZE, "%s%s", families[kind].prefix, metric->suffix);
        return true;
    }
    return false;
}

const char *metric_name_label(enum workload_kind kind)
{
    return families[kind].name_label;
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
    if (!text_number(text, &number) || !(number >= 0 && number < 0x1p53) || number != floor(number))
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

/* The index of `word`; `count` when it is not among `words`. */
static size_t find_word(const char *word, const char *const words[], size_t count)
{
    size_t i = 0;
    while (i < count && (words[i] == NULL || strcmp(word, words[i]) != 0))
        i++;
    return i;
}

static enum progress_reason read_reason(const char *word)
{
    static const char *const words[] = {
        [REASON_NEW_REPLICA_SET_CREATED] = "NewReplicaSetCreated",
        [REASON_FOUND_NEW_REPLICA_SET] = "FoundNewReplicaSet",
        [REASON_REPLICA_SET_UPDATED] = "ReplicaSetUpdated",
        [REASON_NEW_REPLICA_SET_AVAILABLE] = "NewReplicaSetAvailable",
        [REASON_PROGRESS_DEADLINE_EXCEEDED] = "ProgressDeadlineExceeded",
        [REASON_REPLICA_SET_CREATE_ERROR] = "ReplicaSetCreateError",
        [REASON_DEPLOYMENT_PAUSED] = "DeploymentPaused",
        [REASON_DEPLOYMENT_RESUMED] = "DeploymentResumed",
    };
    if (word == NULL)
        return REASON_NONE;
    size_t found = find_word(word, words, COUNT_OF(words));
    return found < COUNT_OF(words) ? (enum progress_reason)found : REASON_OTHER;
}

/*
 * Exactly one status of a condition is 1; a back end without staleness may still show the one
 * before. Then the worse status stands, and of two reasons none, whatever the order in which they
 * come.
 */
static void apply_condition(const struct series *series, struct row *row)
{
    static const char *const words[] = {
        [CONDITION_TRUE] = "true", [CONDITION_FALSE] = "false", [CONDITION_UNKNOWN] = "unknown"};
    static const int badness[] = {[CONDITION_ABSENT] = 0,
                                  [CONDITION_TRUE] = 1,
                                  [CONDITION_UNKNOWN] = 2,
                                  [CONDITION_FALSE] = 3};
    const char *condition = series->aside[ASIDE_CONDITION];
    const char *word = series->aside[ASIDE_STATUS];
    size_t found = word == NULL ? COUNT_OF(words) : find_word(word, words, COUNT_OF(words));
    if (condition == NULL || found == COUNT_OF(words))
        return;
    enum condition_status status = (enum condition_status)found;
    if (strcmp(condition, "ReplicaFailure") == 0)
        row->replica_failure |= status == CONDITION_TRUE;
    if (strcmp(condition, "Progressing") != 0 || badness[status] < badness[row->progressing])
        return;
    enum progress_reason reason = read_reason(series->aside[ASIDE_REASON]);
    bool contested = row->progressing == status && row->reason != reason;
    row->reason = contested ? REASON_OTHER : reason;
    row->progressing = status;
}

/* Of two phases the worse one stands. */
static void apply_phase(const char *word, struct row *row)
{
    static const char *const words[] = {
        [PHASE_INVALID_SPEC] = "InvalidSpec",
        [PHASE_COMPLETED] = "Completed",
        [PHASE_PROGRESSING] = "Progressing",
        [PHASE_PAUSED] = "Paused",
        [PHASE_TIMEOUT] = "Timeout",
        [PHASE_ERROR] = "Error",
        [PHASE_ABORT] = "Abort",
    };
    size_t found = word == NULL ? 0 : find_word(word, words, COUNT_OF(words));
    if (found < COUNT_OF(words) && found > (size_t)row->phase)
        row->phase = (enum rollout_phase)found;
}

/* Of two revisions the larger hash stands; 0 means missing. */
static void apply_revision(const char *revision, uint64_t *field)
{
    uint64_t hash = revision == NULL ? 0 : hash_text(HASH_START, revision) | 1;
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
