#include "evidence/rows.h"

#include <string.h>

const struct proof_limits rows_limits = {.max_age_ms = MAX_AGE, .forget_after_ms = 300 * S};

struct row rows_whole(enum workload_kind kind)
{
    return (struct row){.key = {kind, "", "shop", "web", ""},
                        .source_id = 1,
                        .sample_ms = ZERO,
                        .created = ROW_MISSING,
                        .generation = kind == KIND_ROLLOUT ? ROW_MISSING : 5,
                        .observed = kind == KIND_ROLLOUT ? ROW_MISSING : 5,
                        .spec = 3,
                        .replicas = kind == KIND_ROLLOUT ? ROW_MISSING : 3,
                        .updated = 3,
                        .ready = 3,
                        .available = 3,
                        .current = ROW_MISSING,
                        .unavailable = kind == KIND_ROLLOUT ? 0 : ROW_MISSING,
                        .terminating = ROW_MISSING,
                        .paused = ROW_MISSING,
                        .phase = kind == KIND_ROLLOUT ? PHASE_COMPLETED : PHASE_NONE};
}

struct row rows_shown(const struct shown *shown)
{
    struct row row = rows_whole(KIND_DEPLOYMENT);
    row.source_id = shown->source;
    row.sample_ms = ZERO + shown->sample_s * S;
    row.generation = shown->generation;
    row.observed = shown->observed;
    row.created = shown->created == 0 ? ROW_MISSING : shown->created;
    if (shown->created == OF_1970)
        row.created = 0;
    return row;
}

void rows_apply(struct row *row, const struct edit edits[EDITS_MAX])
{
    for (size_t i = 0; i < EDITS_MAX && edits[i].name != NULL; i++)
        memcpy((char *)row + edits[i].offset, &edits[i].value, sizeof edits[i].value);
}

const char *rows_doubt(enum doubt doubt)
{
    static const char *const words[DOUBT_COUNT] = {
        [DOUBT_UNPROVEN] = "unproven", [DOUBT_REPEATED] = "repeated",
        [DOUBT_FETCH] = "fetch",       [DOUBT_NO_DATA] = "no data",
        [DOUBT_ABSENT] = "absent",     [DOUBT_GONE] = "gone",
        [DOUBT_STALE] = "stale",       [DOUBT_SOURCE_GONE] = "source gone",
        [DOUBT_CLOCK] = "clock",       [DOUBT_PARTIAL] = "partial",
        [DOUBT_COUNTS] = "counts",     [DOUBT_AMBIGUOUS] = "ambiguous",
        [DOUBT_DELETING] = "deleting", [DOUBT_NONE] = "none"};
    return words[doubt];
}
