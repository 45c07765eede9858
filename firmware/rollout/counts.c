#include "rollout/counts.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t above_zero(int64_t value)
{
    return value > 0 ? value : 0;
}

/* Missing `ready` is tolerated (kube-state-metrics before 2.2): available pods are ready. */
static struct levels counts_of(const struct row *row)
{
    return (struct levels){
        .spec = row->spec,
        .target = row->spec,
        .replicas =
            row->key.kind == KIND_ROLLOUT ? row->available + row->unavailable : row->replicas,
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
static int64_t proven_available(const struct levels *levels)
{
    return least(above_zero(levels->available - levels->old), levels->updated);
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
static void fill(struct levels *levels)
{
    double pods = levels->target > 0 ? (double)levels->target : 1.0;
    double cap = 1.0 - 1.0 / (2.0 * pods);
    levels->new_available = least(levels->proven, levels->target);
    if (levels->target == 0 && levels->spec > 0) { /* the partition leaves nothing to renew */
        levels->p = cap;
        levels->q = 1.0;
        return;
    }
    levels->p = (double)levels->new_available / pods;
    levels->q = (double)least(levels->updated, levels->target) / pods;
    if (levels->p > cap)
        levels->p = cap;
}

struct levels levels_of(const struct row *row, const struct limits *limits)
{
    struct levels levels = counts_of(row);
    if (row->key.kind == KIND_STATEFULSET) {
        levels.partition_moved = partition_moved(row, limits);
        if (!levels.partition_moved)
            levels.target = above_zero(levels.spec - limits->partition);
    }
    levels.old = above_zero(levels.replicas - levels.updated);
    levels.proven = proven_available(&levels);
    fill(&levels);
    return levels;
}

void levels_prove(struct levels *levels, int64_t pods)
{
    if (pods <= levels->proven)
        return;
    levels->proven = pods;
    fill(levels);
}
