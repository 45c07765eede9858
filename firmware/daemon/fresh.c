#include "daemon/fresh.h"

#include "base/clock.h"

#include <inttypes.h>

int64_t fresh_max_age_ms(const struct config *config)
{
    int64_t least = limits_default.max_age_ms;
    for (size_t i = 0; i < config->rollout_count; i++)
        if (config->rollouts[i].limits.max_age_ms < least)
            least = config->rollouts[i].limits.max_age_ms;
    return least;
}

static struct clock_reading read_clock(const struct fresh *fresh, const struct http_answer *http,
                                       int64_t eval_ms, int64_t spread_ms, enum nonce_kind nonce)
{
    const struct arrival arrival = {.sent_ms = http->sent_ms,
                                    .received_ms = clock_monotonic_ms(),
                                    .age_ms = http->age_ms,
                                    .date_ms = http->date_ms,
                                    .spread_ms = spread_ms,
                                    .nonce = nonce};
    return evidence_clock_read(&fresh->evidence->clock, eval_ms, &arrival,
                               fresh_max_age_ms(fresh->config));
}

static bool refuse_unproven(struct refusal *refusal)
{
    *refusal = (struct refusal){.retry = RETRY_BACK_OFF, .fault = EVIDENCE_UNPROVEN};
    return error_set(&refusal->error,
                     "nothing proves yet that what Prometheus answers is new; asking again");
}

static bool refuse_clock(int64_t eval_ms, struct refusal *refusal)
{
    *refusal = (struct refusal){.retry = RETRY_BACK_OFF, .fault = EVIDENCE_CLOCK};
    return error_set(&refusal->error,
                     "the answer says that it is of %" PRId64
                     " ms since 1970: the clock of Prometheus is wrong",
                     eval_ms);
}

static bool refuse_old(int64_t max_age_ms, struct refusal *refusal)
{
    *refusal = (struct refusal){.retry = RETRY_BACK_OFF, .fault = EVIDENCE_CLOCK};
    return error_set(&refusal->error,
                     "its answer is over %" PRId64
                     " s old: does a cache stand between, or did the clock go back?",
                     max_age_ms / 1000);
}

bool fresh_answer(const struct fresh *fresh, const struct http_answer *http,
                  const struct answer *answer, struct clock_reading *reading,
                  struct refusal *refusal)
{
    const bool asked = fresh->config->prometheus.query_nonce;
    const bool silent = answer->eval_ms == 0 && answer->count == 0;
    if (silent && !asked)
        return true; /* nothing in it says when it was made, and nothing in it is good news */
    const enum nonce_kind nonce = !asked             ? NONCE_NOT_ASKED
                                  : answer->answered ? NONCE_OWN
                                                     : NONCE_ANOTHER;
    const int64_t most_ms = reading->lag_ms;
    *reading = read_clock(fresh, http, answer->eval_ms, answer->spread_ms, nonce);
    if (reading->lag_ms < most_ms)
        reading->lag_ms = most_ms;
    if (reading->doubt == DOUBT_NONE)
        return true;
    if (reading->doubt == DOUBT_REPEATED)
        return response_refuse_repeat(refusal);
    return reading->doubt == DOUBT_UNPROVEN ? refuse_unproven(refusal)
                                            : refuse_clock(answer->eval_ms, refusal);
}

bool fresh_canary(const struct fresh *fresh, const struct http_answer *http,
                  const struct answer *answer)
{
    const enum nonce_kind nonce =
        fresh->config->prometheus.query_nonce ? NONCE_OWN : NONCE_NOT_ASKED;
    if (answer->canary_ms == 0)
        return true; /* it has shown nothing */
    const struct clock_reading reading =
        read_clock(fresh, http, answer->canary_ms, answer->canary_spread_ms, nonce);
    return reading.doubt == DOUBT_NONE && reading.lag_ms <= fresh_max_age_ms(fresh->config);
}

/* An answer without a sample is no good news, and says nothing of when it was made. */
bool fresh_ratio(const struct fresh *fresh, const struct http_answer *http,
                 const struct ratio_answer *answer, struct clock_reading *reading,
                 struct refusal *refusal)
{
    const int64_t most_ms = fresh_max_age_ms(fresh->config);
    *reading = (struct clock_reading){.doubt = DOUBT_NONE};
    if (answer->eval_ms == 0)
        return true;
    *reading = read_clock(fresh, http, answer->eval_ms, answer->spread_ms, NONCE_NOT_ASKED);
    if (reading->doubt == DOUBT_NONE && reading->lag_ms <= most_ms)
        return true;
    return reading->doubt == DOUBT_UNPROVEN ? refuse_unproven(refusal)
                                            : refuse_old(most_ms, refusal);
}

void fresh_remark(const struct fresh *fresh, const struct clock_reading *reading,
                  struct error *remark)
{
    const int64_t most_ms = fresh_max_age_ms(fresh->config);
    if (reading->lag_ms > most_ms)
        error_set(remark,
                  "what Prometheus answers is over %" PRId64
                  " s older than it looks: its clock went back, or a cache repeats old answers",
                  most_ms / 1000);
}

void fresh_count(const struct fresh *fresh, const struct refusal *refusal)
{
    fresh->evidence->refused[refusal->fault]++;
}
