/*
 * One Prometheus, polled, on two channels that do not wait for each other. A round asks for all
 * workloads in one request, and a canary only when something expected is missing. The config's own
 * queries, of rollouts and indicators, are asked each in its own time; one that is slow is late
 * alone. What is read is left in the rollouts and indicators at once.
 */
#ifndef AMBERBAR_DAEMON_SOURCE_H
#define AMBERBAR_DAEMON_SOURCE_H

#include "config/config.h"
#include "evidence/evidence.h"

#include <poll.h>

struct source; /* opaque */

enum poll_failure {
    POLL_FAILURE_TRANSPORT,      /* no answer came */
    POLL_FAILURE_ANSWER,         /* it was an error of the server's, or nonsense */
    POLL_FAILURE_AUTHENTICATION, /* 401 or 403 */
    POLL_FAILURE_QUERY,          /* the server refuses what is asked */
    POLL_FAILURE_LOCAL,          /* it could not be asked: no memory, no password file */
    POLL_FAILURE_COUNT
};

/* How the last finished round went, and how the config's own queries stand. */
struct poll_report {
    bool asked;                /* any round has finished */
    bool ok;                   /* every request of it was answered well, and every own query */
    enum poll_failure failure; /* the first, when not ok */
    enum why cause;            /* of what is unknown by it: WHY_FETCH, or one that daemon/blame.h
                                  knows */
    struct error error;        /* when not ok: the first failure, for people */
    struct error remark;       /* what the server remarked on, "" when nothing */
    int64_t good_ms;           /* monotonic: when a round last went well; INT64_MIN: never */
};

/* All that is asked for, and where what is learnt is left. */
struct source_subjects {
    struct rollout *rollouts;     /* one for each of the config's */
    struct indicator *indicators; /* likewise, started */
    struct evidence *evidence;    /* what is remembered of this Prometheus */
};

/* `config` and the subjects outlive it. */
struct source *source_open(const struct config *config, const struct source_subjects *subjects,
                           struct error *error);
void source_close(struct source *source); /* at once, in mid-request too; NULL is fine */

enum source_event {
    SOURCE_NOTHING,
    SOURCE_OWN,   /* an own query was answered, or failed */
    SOURCE_ROUND, /* a round has finished: the workloads are known anew, or not known */
};

/*
 * Sleeps until a descriptor of `fds` is ready, `until_ms` (monotonic) has come, or something was
 * heard. Asks what is due.
 */
enum source_event source_wait(struct source *source, struct pollfd fds[], size_t count,
                              int64_t until_ms);

/* True when a round has finished and each own query was answered, or failed, since it was opened.
 */
bool source_complete(const struct source *source);

const struct poll_report *source_report(const struct source *source);

/* Monotonic: by when the next round will have finished, or have failed. */
int64_t source_deadline_ms(const struct source *source);

#endif
