/*
 * The queries that the config has for one rollout or one indicator alone.
 */
#ifndef AMBERBAR_DAEMON_OWN_H
#define AMBERBAR_DAEMON_OWN_H

#include "config/config.h"

#define OWN_MAX (CONFIG_ROLLOUTS_MAX + CONFIG_INDICATORS_MAX)
#define OWN_REFUSED_MS 30000 /* until a query that was refused is asked again */

struct own {
    const char *query;
    struct choice choice;        /* of a cluster; its value "": all */
    struct rollout *rollout;     /* NULL: an indicator's */
    struct indicator *indicator; /* NULL: a rollout's */
    int64_t interval_ms;         /* asked no more often than this; 0: in each round */
    int64_t due_ms;              /* monotonic: not asked in a round that began before */
    char fault[256];             /* why the server refuses it; "": it does not */
};

/* All of a config's, of which there are as many as it returns. */
size_t own_list(struct own owns[static OWN_MAX], const struct config *config,
                struct rollout rollouts[], struct indicator indicators[]);

/* The series of its answer that count. NULL: all. */
const struct choice *own_choice(const struct own *own);

/* It is asked in the round that began at `started_ms`. */
void own_ask(struct own *own, int64_t started_ms);

void own_observe(struct own *own, const struct ratio_sample samples[], size_t count, bool partial,
                 int64_t now_ms);

/* It could not be asked, or not be answered. */
void own_fail(struct own *own, int64_t now_ms);

/* The server refuses it: somebody has to change it, and until then it is asked but rarely. */
void own_refuse(struct own *own, const struct error *error, int64_t now_ms);

#endif
