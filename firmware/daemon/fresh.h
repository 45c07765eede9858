/*
 * Whether what Prometheus answers is new, and in words why it is not believed (evidence/clock.h).
 */
#ifndef AMBERBAR_DAEMON_FRESH_H
#define AMBERBAR_DAEMON_FRESH_H

#include "config/config.h"
#include "evidence/evidence.h"
#include "prometheus/answer/response.h"

/* What an answer is held against. */
struct fresh {
    const struct config *config;
    struct evidence *evidence;
};

/* The least that any rollout takes for news. */
int64_t fresh_max_age_ms(const struct config *config);

/*
 * An answer about workloads, whose `reading` becomes that of all the round's answers so far: of the
 * last, with the most that any of them lags. False: it is refused.
 */
bool fresh_answer(const struct fresh *fresh, const struct http_answer *http,
                  const struct answer *answer, struct clock_reading *reading,
                  struct refusal *refusal);

/* The canary's answer, which has the nonce if it was asked with one. False: it witnesses nothing.
 */
bool fresh_canary(const struct fresh *fresh, const struct http_answer *http,
                  const struct answer *answer);

/* An answer to a query of the config's own. False: it is refused. */
bool fresh_ratio(const struct fresh *fresh, const struct http_answer *http,
                 const struct ratio_answer *answer, struct clock_reading *reading,
                 struct refusal *refusal);

/* What such a reading is worth a remark for; without a figure that changes: what is the same is
   reported once. */
void fresh_remark(const struct fresh *fresh, const struct clock_reading *reading,
                  struct error *remark);

/* Counts an answer that was refused, if it was for what it proves. */
void fresh_count(const struct fresh *fresh, const struct refusal *refusal);

#endif
