#include "rollout/counts.h"

#include "rollout/kind.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t above_zero(int64_t value)
{
    return value > 0 ? value : 0;
}

/* Missing `ready` is tolerated (kube-state-metrics before 2.2): available pods are ready. */
static struct counts reported_counts(const struct row *row)
{
    return (struct counts){
        .spec = row->spec,
        .target = row->spec,
        .replicas = row_pods(row),
        .updated = row->updated,
        .ready = row->ready >= 0 ? row->ready : row->available,
        .available = row->available,
    };
}

/*
 * `available` counts old and new pods together. Assuming that every old pod is available leaves the
 * new ones that must be: a tight lower bound, exact in every healthy rolling update, and one that
 * never falls while nothing gets worse (tests/rollout/test_progress.c).
 */
static int64_t proven_available(const struct counts *counts)
{
    return least(above_zero(counts->available - counts->old), counts->updated);
}

/*
 * More pods are updated than the partition leaves, and the update is not over: somebody has moved
 * the partition. While pods of a scale-down are still there the counts say nothing of it.
 */
static bool partition_moved(const struct row *row, const struct limits *limits)
{
    return limits->partition > 0 && row->replicas <= row->spec && row->current_revision != 0 &&
           row->update_revision != 0 && row->current_revision != row->update_revision &&
           row->updated > above_zero(row->spec - limits->partition);
}

/* The last half pod is credited only when the rules say "complete": a full bar means done. */
static void fill(struct counts *counts)
{
    double pods = counts->target > 1 ? (double)counts->target : 1.0;
    double cap = 1.0 - 1.0 / (2.0 * pods);
    counts->new_available = least(counts->proven, counts->target);
    if (counts->target == 0 && counts->spec > 0) { /* the partition leaves nothing to renew */
        counts->p = cap;
        counts->q = 1.0;
        return;
    }
    counts->p = (double)counts->new_available / pods;
    counts->q = (double)least(counts->updated, counts->target) / pods;
    if (counts->p > cap)
        counts->p = cap;
}

struct counts counts_of(const struct row *row, const struct limits *limits)
{
    struct counts counts = reported_counts(row);
    if (kind_of(row->key.kind)->ordered) {
        counts.partition_moved = partition_moved(row, limits);
        if (!counts.partition_moved)
            counts.target = above_zero(counts.spec - limits->partition);
    }
    counts.old = above_zero(counts.replicas - counts.updated);
    counts.proven = proven_available(&counts);
    fill(&counts);
    return counts;
}

void levels_prove(struct counts *counts, int64_t pods)
{
    if (pods <= counts->proven)
        return;
    counts->proven = pods;
    fill(counts);
}
