#include "evidence/row.h"

#include "base/table.h"

#include <string.h>

bool row_is_phased(const struct row *row)
{
    return kind_metrics(row->key.kind)->phased;
}

bool height_is_lower(int64_t generation, int64_t observed, int64_t than_generation,
                     int64_t than_observed)
{
    return generation != than_generation ? generation < than_generation : observed < than_observed;
}

int64_t row_pods(const struct row *row)
{
    return row_is_phased(row) ? row->available + row->unavailable : row->replicas;
}

/* Nothing is in the field, or more than there can be. */
static bool is_bad(const struct row *row, const struct metric *metric)
{
    int64_t count;
    if (metric->meaning == MEANS_PHASE)
        return row->phase == PHASE_NONE;
    memcpy(&count, (const char *)row + metric->field, sizeof count);
    return count < 0 || (metric->meaning == MEANS_PODS && count > INT32_MAX);
}

bool row_is_whole(const struct row *row)
{
    const struct kind_metrics *of = kind_metrics(row->key.kind);
    bool whole = true;
    for (size_t i = 0; i < of->count; i++)
        whole &= !of->metrics[i].needed || !is_bad(row, &of->metrics[i]);
    return whole;
}

size_t survey_total(const struct survey *survey)
{
    size_t total = 0;
    for (size_t kind = 0; survey->taken && kind < KIND_COUNT; kind++)
        total += survey->total[kind];
    return total;
}

struct survey survey_empty(void)
{
    struct survey survey = {.taken = true, .oldest_ms = ROW_MISSING};
    for (size_t rule = 0; rule < SURVEY_RULES; rule++)
        survey.evaluated_ms[rule] = ROW_MISSING;
    return survey;
}

void counted_clear(struct counted *counted)
{
    memset(counted, 0,
           offsetof(struct counted, list)); /* a poll has few sources, the list room for many */
}

void survey_copy(struct survey *to, const struct survey *from)
{
    if (from == NULL) {
        memset(to, 0, offsetof(struct survey, counted));
        counted_clear(&to->counted);
        return;
    }
    memcpy(to, from,
           offsetof(struct survey, counted.list) +
               from->counted.count * sizeof from->counted.list[0]);
}

const char *survey_rule_name(enum survey_rule rule)
{
    switch (rule) {
        ROW(RULE_COUNT, "count");
        ROW(RULE_OLDEST, "oldest");
        ROW(RULE_ROWS, "rows");
        ROW(RULE_SETTLED, "settled");
        ROW(RULE_UNSETTLED, "unsettled");
        ROW_COUNT(SURVEY_RULES);
    }
    NO_OTHER_ROW;
}

static const char *word_of_reason(enum progress_reason reason)
{
    switch (reason) {
        ROW(REASON_NONE, "");
        ROW(REASON_OTHER, "unknown");
        ROW(REASON_NEW_REPLICA_SET_CREATED, "NewReplicaSetCreated");
        ROW(REASON_FOUND_NEW_REPLICA_SET, "FoundNewReplicaSet");
        ROW(REASON_REPLICA_SET_UPDATED, "ReplicaSetUpdated");
        ROW(REASON_NEW_REPLICA_SET_AVAILABLE, "NewReplicaSetAvailable");
        ROW(REASON_PROGRESS_DEADLINE_EXCEEDED, "ProgressDeadlineExceeded");
        ROW(REASON_REPLICA_SET_CREATE_ERROR, "ReplicaSetCreateError");
        ROW(REASON_DEPLOYMENT_PAUSED, "DeploymentPaused");
        ROW(REASON_DEPLOYMENT_RESUMED, "DeploymentResumed");
        ROW_COUNT(REASON_COUNT);
    }
    NO_OTHER_ROW;
}

enum progress_reason progress_reason_of(const char *label)
{
    enum progress_reason reason = REASON_NONE;
    if (label == NULL)
        return REASON_NONE;
    while (reason < REASON_COUNT && strcmp(word_of_reason(reason), label) != 0)
        reason++;
    return reason < REASON_COUNT ? reason : REASON_OTHER;
}

struct bad_word {
    const char *label;
    int badness;
};

static const struct bad_word *word_of_phase(enum rollout_phase phase)
{
    TABLE_OF(struct bad_word);
    switch (phase) {
        ROW_OF(PHASE_NONE, "", 3);
        ROW_OF(PHASE_INVALID_SPEC, "InvalidSpec", 7);
        ROW_OF(PHASE_COMPLETED, "Completed", 0);
        ROW_OF(PHASE_PROGRESSING, "Progressing", 1);
        ROW_OF(PHASE_PAUSED, "Paused", 2);
        ROW_OF(PHASE_TIMEOUT, "Timeout", 4);
        ROW_OF(PHASE_ERROR, "Error", 5);
        ROW_OF(PHASE_ABORT, "Abort", 6);
        ROW_COUNT(PHASE_COUNT);
    }
    NO_OTHER_ROW;
}

enum rollout_phase rollout_phase_of(const char *label)
{
    enum rollout_phase phase = PHASE_NONE;
    while (phase < PHASE_COUNT && strcmp(word_of_phase(phase)->label, label) != 0)
        phase++;
    return phase < PHASE_COUNT ? phase : PHASE_NONE;
}

int phase_badness(enum rollout_phase phase)
{
    return word_of_phase(phase)->badness;
}

static const struct bad_word *word_of_condition(enum condition_status status)
{
    TABLE_OF(struct bad_word);
    switch (status) {
        ROW_OF(CONDITION_ABSENT, "", 0);
        ROW_OF(CONDITION_TRUE, "true", 1);
        ROW_OF(CONDITION_FALSE, "false", 3);
        ROW_OF(CONDITION_UNKNOWN, "unknown", 2);
        ROW_COUNT(CONDITION_COUNT);
    }
    NO_OTHER_ROW;
}

enum condition_status condition_status_of(const char *label)
{
    enum condition_status status = CONDITION_ABSENT;
    while (status < CONDITION_COUNT && strcmp(word_of_condition(status)->label, label) != 0)
        status++;
    return status < CONDITION_COUNT ? status : CONDITION_ABSENT;
}

int condition_badness(enum condition_status status)
{
    return word_of_condition(status)->badness;
}
