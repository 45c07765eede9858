/*
 * The queries that the config has for one rollout or one indicator alone, each asked in its own
 * time.
 */
#ifndef AMBERBAR_DAEMON_QUERY_LIST_H
#define AMBERBAR_DAEMON_QUERY_LIST_H

#include "config/config.h"
#include "daemon/source.h"

#define QUERY_LIST_MAX (CONFIG_ROLLOUTS_MAX + CONFIG_INDICATORS_MAX)
#define QUERY_LIST_SLOW_MS 30000 /* one that is slow waits so much longer, while others are due */
#define QUERY_LIST_REFUSED_MS \
    30000 /* until a refused one, or a rare one that failed, is asked again */

struct listed_query {
    const char *query;
    struct choice choice;        /* of a cluster; its value "": all */
    struct rollout *rollout;     /* NULL: an indicator's */
    struct indicator *indicator; /* NULL: a rollout's */
    int64_t interval_ms;         /* asked so often; 0: as often as the rounds */
    int64_t due_ms;              /* monotonic: not asked before; INT64_MIN: at once */
    bool heard;                  /* it was answered, or failed, at least once */
    char fault[256];             /* why it was not answered last; "": it was */
    enum poll_failure failure;   /* then of which kind */
    bool slow;                   /* it took all of its time when it was last asked */
};

/* All of a config's, of which there are as many as it returns. */
size_t query_list_make(struct listed_query queries[static QUERY_LIST_MAX],
                       const struct config *config, struct rollout rollouts[],
                       struct indicator indicators[]);

/* The series of its answer that count. NULL: all. */
const struct choice *query_list_choice(const struct listed_query *listed);

/* The one that has been due for longest at `now_ms`, a slow one as if so much shorter; `count`:
   none is. */
size_t query_list_next(const struct listed_query queries[], size_t count, int64_t now_ms);

/* An answer, whose values were so at `truth_ms` (monotonic) or later. */
void query_list_observe(struct listed_query *listed, const struct ratio_answer *answer,
                        int64_t truth_ms, int64_t now_ms);

/* It could not be asked, or not be answered: nothing is known. It is due again at `due_ms`. */
void query_list_fail(struct listed_query *listed, enum poll_failure failure,
                     const struct error *error, int64_t due_ms, int64_t now_ms);

/* The server refuses it: somebody has to change it, and until then it is asked but rarely. */
void query_list_refuse(struct listed_query *listed, const struct error *error, int64_t now_ms);

#endif
