#include "evidence/row.h"

#include <string.h>

const char *kind_name(enum workload_kind kind)
{
    static const char *const names[KIND_COUNT] = {
        [KIND_DEPLOYMENT] = "Deployment",
        [KIND_STATEFULSET] = "StatefulSet",
        [KIND_DAEMONSET] = "DaemonSet",
        [KIND_ROLLOUT] = "Rollout",
    };
    return names[kind];
}

enum workload_kind kinds_first(unsigned kinds)
{
    int kind = 0;
    while (kind < KIND_COUNT - 1 && (kinds & KIND_BIT(kind)) == 0)
        kind++;
    return (enum workload_kind)kind;
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

const char *survey_rule_name(enum survey_rule rule)
{
    static const char *const names[SURVEY_RULES] = {
        [RULE_COUNT] = "count",     [RULE_OLDEST] = "oldest",       [RULE_ROWS] = "rows",
        [RULE_SETTLED] = "settled", [RULE_UNSETTLED] = "unsettled",
    };
    return names[rule];
}

struct word {
    const char *label;
    int value;
};

/* `fallback` when no word matches. */
static int find_word(const struct word words[], size_t count, const char *label, int fallback)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].label, label) == 0)
            return words[i].value;
    return fallback;
}

enum progress_reason progress_reason_of(const char *label)
{
    static const struct word words[] = {
        {"NewReplicaSetCreated", REASON_NEW_REPLICA_SET_CREATED},
        {"FoundNewReplicaSet", REASON_FOUND_NEW_REPLICA_SET},
        {"ReplicaSetUpdated", REASON_REPLICA_SET_UPDATED},
        {"NewReplicaSetAvailable", REASON_NEW_REPLICA_SET_AVAILABLE},
        {"ProgressDeadlineExceeded", REASON_PROGRESS_DEADLINE_EXCEEDED},
        {"ReplicaSetCreateError", REASON_REPLICA_SET_CREATE_ERROR},
        {"DeploymentPaused", REASON_DEPLOYMENT_PAUSED},
        {"DeploymentResumed", REASON_DEPLOYMENT_RESUMED},
    };
    if (label == NULL || label[0] == '\0') /* Prometheus: an empty label is no label */
        return REASON_NONE;
    return (enum progress_reason)find_word(words, sizeof words / sizeof words[0], label,
                                           REASON_OTHER);
}

enum rollout_phase rollout_phase_of(const char *label)
{
    static const struct word words[] = {
        {"InvalidSpec", PHASE_INVALID_SPEC},
        {"Completed", PHASE_COMPLETED},
        {"Progressing", PHASE_PROGRESSING},
        {"Paused", PHASE_PAUSED},
        {"Timeout", PHASE_TIMEOUT},
        {"Error", PHASE_ERROR},
        {"Abort", PHASE_ABORT},
    };
    return (enum rollout_phase)find_word(words, sizeof words / sizeof words[0], label, PHASE_NONE);
}

int phase_badness(enum rollout_phase phase)
{
    static const int badness[] = {
        [PHASE_NONE] = 3,        [PHASE_INVALID_SPEC] = 7, [PHASE_COMPLETED] = 0,
        [PHASE_PROGRESSING] = 1, [PHASE_PAUSED] = 2,       [PHASE_TIMEOUT] = 4,
        [PHASE_ERROR] = 5,       [PHASE_ABORT] = 6,
    };
    return badness[phase];
}

uint64_t label_hash(const char *label)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a, 64 bits (RFC 9923) */
    for (; *label != '\0'; label++)
        hash = (hash ^ (unsigned char)*label) * UINT64_C(1099511628211);
    return hash != 0 ? hash : 1;
}
