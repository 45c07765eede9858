/*
 * What there is instead of a workload that a rollout looks for and that is not there: a name, a
 * namespace or a cluster is soon mistyped. Asked of Prometheus in one or two small questions, and
 * but rarely; what comes of it is a hint in the rollout's sentence (rollout.h), and no evidence.
 */
#ifndef AMBERBAR_DAEMON_NEARBY_H
#define AMBERBAR_DAEMON_NEARBY_H

#include "config/config.h"

#define NEARBY_AGAIN_MS 600000 /* a rollout is asked about again, while nothing of it is there */
#define NEARBY_MOST 200        /* names of a kind, or namespaces, that one answer has */

struct nearby {
    const struct config *config;
    struct rollout *rollouts; /* one for each of the config's */
    size_t subject;           /* the rollout that is asked about; their count: none is */
    bool wide;                /* nothing is in its namespace: the namespaces are asked for */
    int64_t due_ms[CONFIG_ROLLOUTS_MAX]; /* monotonic; INT64_MIN: it was never asked about */
    struct rows *rows;
    struct text query;
};

/* False: no memory. `config` and `rollouts` outlive it. */
bool nearby_open(struct nearby *nearby, const struct config *config, struct rollout rollouts[]);
void nearby_close(struct nearby *nearby);

/* Monotonic: when the next question is due; INT64_MAX: nothing is missed, or one is under way. */
int64_t nearby_due_ms(const struct nearby *nearby);

/* From nearby_ask() until the last nearby_take(), or nearby_give_up(). */
bool nearby_busy(const struct nearby *nearby);

/* True while something is missed that was never asked about. */
bool nearby_is_new(const struct nearby *nearby);

/* The question that is due at `now_ms`; NULL: there is none, or it cannot be written. */
const char *nearby_ask(struct nearby *nearby, int64_t now_ms);

/* Its answer: the question that follows it, or NULL when that is all. */
const char *nearby_take(struct nearby *nearby, const struct http_answer *http);

/* There is none. */
void nearby_give_up(struct nearby *nearby);

/*
 * In words, for a rollout of `settings`, of which nothing is there. `answer` has the keys of what
 * is in its namespace (survey_names()), or with `wide` of all namespaces (survey_namespaces()).
 */
void nearby_words(const struct config *config, const struct rollout_settings *settings, bool wide,
                  const struct answer *answer, struct text *out);

#endif
