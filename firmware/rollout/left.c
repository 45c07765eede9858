#include "rollout/left.h"

#include "base/hash.h"
#include "evidence/source.h"
#include "rollout/members.h"

/* That very sample of a row, of whichever workload and source (which is of one kind). */
static uint64_t sample_id(const struct row *row)
{
    const struct workload_key *key = &row->key;
    const char *names[] = {key->cluster, key->namespace_, key->name, key->exported};
    uint64_t hash = HASH_START ^ row->source_id ^ (uint64_t)row->sample_ms;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        hash = hash_text(hash, names[i] == NULL ? "" : names[i]);
    return hash | 1; /* 0: a free place */
}

/* A member that has left has no pace any more, and its last sample is still there. */
static bool is_known_left(const struct rollout *rollout, uint64_t sample)
{
    size_t i = 0;
    while (i < ROLLOUT_LEFT_MAX && rollout->left[i] != sample)
        i++;
    return i < ROLLOUT_LEFT_MAX;
}

/*
 * By the pace of its source alone a workload would be left behind that comes of a slower job than
 * its siblings: it is, when it misses its own. Before that is known it is not.
 */
static bool has_missed_its_pace(struct rollout *rollout, const struct answer *answer,
                                const struct row *row)
{
    const uint64_t sample = sample_id(row);
    if (is_known_left(rollout, sample))
        return true;
    const struct identity identity = {.key = row->key};
    const struct workload *member = members_find(rollout, rollout->count, &identity);
    const int64_t step_ms =
        member == NULL ? 0 : proof_step_ms(&member->memory.proof, row->source_id);
    if (!source_leaves_behind(answer, row, step_ms))
        return false;
    rollout->left[rollout->left_next] = sample;
    rollout->left_next = (rollout->left_next + 1) % ROLLOUT_LEFT_MAX;
    return true;
}

void left_keep_slow(struct rollout *rollout, const struct answer *answer, size_t first,
                    size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        struct row *row = &answer->rows[i];
        row->left_behind = row->left_behind && has_missed_its_pace(rollout, answer, row);
    }
}
