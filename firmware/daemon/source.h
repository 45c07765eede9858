/*
 * One Prometheus, polled. A round asks for all workloads in one request, asks the canary only when
 * something expected is missing, then each query of rollouts and indicators; all on one connection.
 * Verdicts are left in the rollouts, numbers in the indicators.
 */
#ifndef AMBERBAR_DAEMON_SOURCE_H
#define AMBERBAR_DAEMON_SOURCE_H

#include "config/config.h"

#include <poll.h>

#define SOURCE_FAST_MS 2000 /* polls while something moves, when poll_interval is longer */

struct source; /* opaque */

enum poll_failure {
    POLL_FAILURE_NONE,
    POLL_FAILURE_TRANSPORT,      /* no answer came */
    POLL_FAILURE_ANSWER,         /* it was an error of the server's, or nonsense */
    POLL_FAILURE_AUTHENTICATION, /* 401 or 403 */
    POLL_FAILURE_QUERY,          /* the server refuses what is asked */
    POLL_FAILURE_LOCAL,          /* it could not be asked: no memory, no password file */
    POLL_FAILURE_COUNT
};

/* How the last finished round went. */
struct poll_report {
    bool asked;                /* any round has finished */
    bool ok;                   /* every request of it was answered well */
    enum poll_failure failure; /* the first */
    struct error error;        /* when not ok: the first failure, for people */
    struct error remark;       /* what the server remarked on, "" when nothing */
    int64_t good_ms; /* monotonic: when a round last went well, but for queries of their own
                        that the server refuses; INT64_MIN: never */
};

/* `config`, `rollouts` and `indicators` (one for each of the config's, started) outlive it. */
struct source *source_open(const struct config *config, struct rollout rollouts[],
                           struct indicator indicators[], struct error *error);
void source_close(struct source *source); /* at once, in mid-request too; NULL is fine */

/*
 * Sleeps until a descriptor of `fds` is ready, `until_ms` (monotonic) has come, or a round
 * finished; true for the last. Starts the next round when it is due.
 */
bool source_wait(struct source *source, struct pollfd fds[], size_t count, int64_t until_ms);

const struct poll_report *source_report(const struct source *source);

/* Monotonic: by when the next round will have finished, or have failed. */
int64_t source_deadline_ms(const struct source *source);

#endif
