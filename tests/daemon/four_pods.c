#include "daemon/four_pods.h"

struct row four_pods(const char *name, int64_t now_ms, int64_t generation, int64_t updated)
{
    return (struct row){.key = {KIND_DEPLOYMENT, "", "shop", name, ""},
                        .sample_ms = now_ms,
                        .created = 1,
                        .generation = generation,
                        .observed = generation,
                        .spec = 4,
                        .replicas = 4,
                        .updated = updated,
                        .ready = 4,
                        .available = 4,
                        .current = ROW_MISSING,
                        .unavailable = ROW_MISSING,
                        .terminating = ROW_MISSING,
                        .paused = 0,
                        .progressing = CONDITION_TRUE,
                        .reason = updated == 4 ? REASON_NEW_REPLICA_SET_AVAILABLE
                                               : REASON_REPLICA_SET_UPDATED};
}
