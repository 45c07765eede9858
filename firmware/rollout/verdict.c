#include "rollout/verdict.h"

#include "evidence/row.h"

static const struct {
    const char *name;
    int severity;
} states[STATE_COUNT] = {
    [STATE_UNKNOWN] = {"unknown", 4},         [STATE_STABLE] = {"stable", 0},
    [STATE_PROGRESSING] = {"progressing", 2}, [STATE_STALLED] = {"stalled", 5},
    [STATE_FAILED] = {"failed", 6},           [STATE_PAUSED] = {"paused", 1},
    [STATE_DEGRADED] = {"degraded", 3},       [STATE_SCALED_TO_ZERO] = {"scaled_to_zero", 0},
};

/* Where Kubernetes has a word of its own for a reason, the name is that word. */
static const struct {
    const char *name, *sentence;
} whys[] = {
    [WHY_NOT_ASKED] = {"not_asked", "Prometheus has not answered yet"},
    [WHY_UNPROVEN] = {"unproven", "nothing proves yet that the answer is new"},
    [WHY_FETCH] = {"fetch", "no usable answer from Prometheus"},
    [WHY_LATE] = {"late", "nothing new was heard of it for too long"},
    [WHY_NO_DATA] = {"no_data", "nothing of its kind is visible in Prometheus: is its exporter "
                                "(kube-state-metrics) down?"},
    [WHY_ABSENT] = {"absent", "not in Prometheus, while others of its kind are"},
    [WHY_GONE] = {"gone", "gone from Prometheus, while others of its kind are there"},
    [WHY_SOURCE_GONE] = {"source_gone", "what exported it is gone from Prometheus"},
    [WHY_CLOCK] = {"clock", "the answer is older than it looks: Prometheus's clock went back, or a "
                            "cache repeats it"},
    [WHY_COUNTS] = {"counts", "the counts of workloads do not add up"},
    [WHY_STALE] = {"stale", "the newest sample is too old: is its exporter still scraped?"},
    [WHY_PARTIAL] = {"partial", "a part of the data is missing or no number"},
    [WHY_AMBIGUOUS] = {"ambiguous", "two different objects have this name: is a cluster label "
                                    "missing?"},
    [WHY_DELETING] = {"deleting", "it is being deleted"},
    [WHY_COMPLETE] = {"complete", "done"},
    [WHY_ZERO] = {"zero", "scaled to zero"},
    [WHY_UNOBSERVED] = {"unobserved", "the controller has not seen the newest change yet"},
    [WHY_ROLLOUT] = {"rollout", "new pods are coming"},
    [WHY_SCALING] = {"scaling", "the number of pods is changing"},
    [WHY_DRAINING] = {"draining", "old pods are terminating"},
    [WHY_CONFIRMING] = {"confirming", "waiting for a second sample that says the same"},
    [WHY_LAGGING] = {"lagging", "this source is behind what was seen already"},
    [WHY_DEADLINE] = {"ProgressDeadlineExceeded",
                      "the controller gave up: progress deadline exceeded"},
    [WHY_CREATE_ERROR] = {"ReplicaSetCreateError", "the controller cannot create the ReplicaSet"},
    [WHY_NOT_PROGRESSING] = {"progressing_false", "the controller says that it is not progressing"},
    [WHY_INVALID_SPEC] = {"invalid_spec", "its spec is invalid"},
    [WHY_TIMEOUT] = {"timeout", "the controller gave up: progress deadline exceeded"},
    [WHY_ERROR] = {"error", "the controller reports an error"},
    [WHY_ABORT] = {"abort", "the rollout was aborted"},
    [WHY_PAUSED] = {"paused", "paused"},
    [WHY_HELD] = {"held", "healthy, but held back: by a partition, or OnDelete"},
    [WHY_LOST_PODS] = {"degraded", "pods were lost after the rollout was done"},
    [WHY_RATIO] = {"ratio", "the query says so"},
    [WHY_RATIO_RANGE] = {"ratio_range", "the query yields more than 1"},
};

struct verdict verdict_unknown(enum why why)
{
    return (struct verdict){.state = STATE_UNKNOWN,
                            .why = why,
                            .p = P_NONE,
                            .q = P_NONE,
                            .replicas = ROW_MISSING,
                            .updated = ROW_MISSING,
                            .available = ROW_MISSING,
                            .spec = ROW_MISSING,
                            .terminating = ROW_MISSING,
                            .new_available = ROW_MISSING,
                            .target = ROW_MISSING};
}

const char *state_name(enum state state)
{
    return states[state].name;
}

const char *why_name(enum why why)
{
    return whys[why].name;
}

const char *why_sentence(enum why why)
{
    return whys[why].sentence;
}

int state_severity(enum state state)
{
    return states[state].severity;
}

static const struct {
    const char *name;
    int plain, explained; /* severity */
} healths[HEALTH_COUNT] = {
    [HEALTH_UNKNOWN] = {"unknown", 4, 4},
    [HEALTH_OK] = {"ok", 0, 0},
    [HEALTH_WARNING] = {"warning", 3, 1},
    [HEALTH_CRITICAL] = {"critical", 7, 1},
};

const char *health_name(enum health health)
{
    return healths[health].name;
}

int health_severity(enum health health, bool explained)
{
    return explained ? healths[health].explained : healths[health].plain;
}
