#include "rollout/kubectl.h"

static bool deployment_done(const struct row *row)
{
    if (row->generation > row->observed)
        return false;
    if (row->reason == REASON_PROGRESS_DEADLINE_EXCEEDED)
        return false; /* "exceeded its progress deadline" */
    if (row->updated < row->spec)
        return false; /* "%d out of %d new replicas have been updated" */
    if (row->replicas > row->updated)
        return false;                      /* "%d old replicas are pending termination" */
    return row->available >= row->updated; /* else "%d of %d updated replicas are available" */
}

/* The partition is defaulted to 0 by the API server, so kubectl returns before it compares
 * revisions */
static bool statefulset_done(const struct row *row, int64_t partition)
{
    if (row->observed == 0 || row->generation > row->observed)
        return false;
    if (row->ready < row->spec)
        return false;
    return row->updated >= row->spec - partition;
}

/* A DaemonSet, and whatever nothing else is said of. */
static bool counts_done(const struct row *row)
{
    return row->generation <= row->observed && row->updated >= row->spec &&
           row->available >= row->spec;
}

bool kubectl_done(const struct row *row, const struct limits *limits)
{
    if (row->key.kind == KIND_DEPLOYMENT)
        return deployment_done(row);
    if (row->key.kind == KIND_STATEFULSET)
        return statefulset_done(row, limits->partition);
    if (row->key.kind == KIND_ROLLOUT)
        return row->phase == PHASE_COMPLETED; /* its own tool: "Healthy" */
    return counts_done(row);
}
