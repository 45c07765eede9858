#include "rollout/absence.h"

#include "evidence/source.h"

#include <string.h>

/* The successor of `gone` that shows it now; NULL: there is none. */
static const struct source_seen *heir_of(const struct proof *proof, const struct answer *answer,
                                         uint64_t gone)
{
    for (size_t i = 0; i < PROOF_EXPORTERS_MAX; i++) {
        const struct source_seen *seen = source_seen(answer, proof->exporters[i]);
        if (seen != NULL && source_succeeds(answer->ledger, seen->id, gone))
            return seen;
    }
    return NULL;
}

/*
 * The one successor to which all has gone over that was last seen with the source of `member`, but
 * this one; and that is so much that a shard which has not come would have taken along more than
 * one. NULL: it cannot be known.
 */
static const struct source_seen *heir_of_others(const struct rollout *rollout,
                                                const struct answer *answer,
                                                const struct workload *member)
{
    const uint64_t source = member->memory.proof.source;
    const struct source_seen *heir = NULL;
    size_t others = 0;
    bool near = false;
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *other = &rollout->workloads[i];
        const struct proof *proof = &other->memory.proof;
        if (other == member || other->kind != member->kind)
            continue;
        if (!other->seen && proof->source == source)
            return NULL;
        const bool moved = other->seen && proof_was_shown_by(proof, source);
        const struct source_seen *here = moved ? heir_of(proof, answer, source) : NULL;
        heir = heir == NULL ? here : heir;
        if (here != NULL && !proof_was_shown_by(proof, heir->id))
            return NULL; /* some here and some there: shards have come */
        others += here != NULL;
        near |= here != NULL && strcmp(other->namespace_, member->namespace_) == 0;
    }
    return near && others >= ABSENCE_OTHERS_MIN ? heir : NULL;
}

const struct source_seen *absence_witness(const struct rollout *rollout,
                                          const struct answer *answer,
                                          const struct workload *member)
{
    const struct source_seen *seen = source_witness(answer, member->memory.proof.source);
    return seen != NULL ? seen : heir_of_others(rollout, answer, member);
}

enum sight_kind absence_kind(const struct answer *answer, const struct workload *member,
                             const struct source_seen *witness)
{
    if (answer->partial || answer->unwitnessed)
        return SIGHT_PARTIAL;
    if (!answer->kind_alive[member->kind])
        return SIGHT_NO_DATA;
    bool witnessed = member->memory.proof.source == 0 || witness != NULL;
    return witnessed ? SIGHT_ABSENT : SIGHT_SOURCE_GONE;
}

/* Does the answer show it through that source still? */
static bool is_shown_by(const struct row rows[], size_t count, uint64_t source)
{
    size_t i = 0;
    while (i < count && (rows[i].source_id != source || rows[i].left_behind))
        i++;
    return i < count;
}

bool absence_of_rival(const struct workload *member, const struct row rows[], size_t count,
                      size_t index)
{
    const uint64_t rival = member->memory.proof.rivals[index];
    return rival != 0 && !is_shown_by(rows, count, rival);
}

void absence_follow_rivals(struct workload *member, const struct answer *answer,
                           const struct row rows[], size_t count)
{
    struct proof *proof = &member->memory.proof;
    for (size_t i = 0; i < 2; i++)
        if (absence_of_rival(member, rows, count, i) && !answer->partial && !answer->unwitnessed &&
            source_witness(answer, proof->rivals[i]) != NULL)
            proof_forget_rivals(proof);
}
