#include "rollout/credit.h"

#include "rollout/kind.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/*
 * Pods of the old template that nobody deletes. A StatefulSet says how many, while its revisions
 * differ; a DaemonSet does not, and any old pod of it may be terminating.
 */
static int64_t standing(const struct row *row)
{
    bool says = kind_of(row->key.kind)->ordered && row->current >= 0 &&
                row->current_revision != 0 && row->update_revision != 0 &&
                row->current_revision != row->update_revision;
    return says ? row->current : 0;
}

/* No more new pods are available, when all that stand are. */
static int64_t most_of(const struct row *row)
{
    return least(row->updated, row->available - standing(row));
}

static uint64_t template_of(const struct row *row)
{
    bool named = kind_of(row->key.kind)->ordered && row->update_revision != 0;
    return named ? row->update_revision : (uint64_t)row->generation;
}

/*
 * What is still true of what was proven; below 0: nothing. The first row of a template may be torn
 * (workload.c), with the counters of the template before: then fewer are updated in the next.
 */
static int64_t kept_of(const struct credit *credit, const struct row *row)
{
    int64_t lost = row->updated < credit->updated ? credit->updated - row->updated : 0;
    bool torn = credit->is_first && lost > 0;
    return torn ? 0 : least(credit->pods - lost, most_of(row));
}

/* What a template begins with: nothing is proven, but who was there before may be known. */
static struct credit begin(const struct workload_memory *memory, const struct row *row)
{
    const struct credit *before = &memory->credit;
    return (struct credit){
        .taken = true,
        .is_first = true,
        .sole = before->taken && memory->settled && row->current_revision != 0 &&
                row->current_revision == memory->settled_revision &&
                row->current_revision == before->template_,
        .template_ = template_of(row),
        .spec = row->spec,
    };
}

/*
 * A StatefulSet's controller takes old pods away so many at once, and more only as new ones are
 * available. How many shows while none is updated; from then on all that are neither standing nor
 * among so many are new and available, also while old ones end that are not ready any more. That
 * there are only two templates must be known, and that nobody but the controller deletes pods.
 */
static int64_t inferred(struct credit *credit, const struct row *row, const struct limits *limits)
{
    if (!credit->sole || row->spec != credit->spec || limits->on_delete || row->current < 0)
        return 0;
    int64_t away = row->spec - standing(row);
    if (row->updated == 0 && away > credit->at_once)
        credit->at_once = away;
    return credit->at_once > 0 ? least(away - credit->at_once, most_of(row)) : 0;
}

void credit_keep(struct workload_memory *memory, const struct limits *limits, const struct row *row,
                 struct counts *counts)
{
    struct credit *credit = &memory->credit;
    bool counts_terminating = kind_of(row->key.kind)->counts_terminating;
    if (!counts_terminating || row->observed < row->generation) /* counters of another spec */
        return;
    if (!credit->taken || credit->template_ != template_of(row)) {
        *credit = begin(memory, row);
    } else {
        levels_prove(counts, kept_of(credit, row));
        credit->is_first = credit->is_first && row->sample_ms == credit->sample_ms;
    }
    levels_prove(counts, inferred(credit, row, limits));
    credit->sample_ms = row->sample_ms;
    credit->updated = row->updated;
    credit->pods = counts->proven;
}
