#include "daemon/source.h"

#include "base/clock.h"
#include "daemon/backoff.h"
#include "daemon/own.h"
#include "daemon/plan.h"
#include "prometheus/query.h"

#include <stdlib.h>
#include <unistd.h>

enum step { STEP_REST, STEP_WORKLOADS, STEP_CANARY, STEP_OWN };

struct source {
    const struct config *config;
    struct rollout *rollouts;
    struct own owns[OWN_MAX];
    size_t own_count;
    struct client *client;
    struct rows *rows;
    struct plan plan;   /* the requests about workloads */
    struct text canary; /* made anew for the kinds that are missing */

    enum step step;
    size_t own; /* STEP_OWN: the one that is under way */
    struct answer answer;
    int64_t started_ms, due_ms;
    struct backoff backoff;
    enum retry retry;       /* of this round's first failure */
    int64_t retry_after_ms; /* what the server asked for, or -1 */
    bool held_up;           /* this round failed in a way that the next one has to wait for */
    struct poll_report round, report;
};

struct source *source_open(const struct config *config, struct rollout rollouts[],
                           struct indicator indicators[], struct error *error)
{
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_set(error, "not enough memory to ask Prometheus");
        return NULL;
    }
    prometheus_guard(&config->prometheus);
    source->config = config;
    source->rollouts = rollouts;
    source->own_count = own_list(source->owns, config, rollouts, indicators);
    source->report.good_ms = INT64_MIN;
    source->due_ms = clock_monotonic_ms();
    source->backoff.random = (uint32_t)source->due_ms ^ (uint32_t)getpid() << 16;
    source->rows = rows_new();
    if (source->rows == NULL)
        error_set(error, "not enough memory to ask Prometheus");
    else if (plan_open(&source->plan, config, error))
        source->client = client_open(&config->prometheus, error);
    if (source->client != NULL)
        return source;
    source_close(source);
    return NULL;
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    client_close(source->client);
    rows_free(source->rows);
    plan_close(&source->plan);
    text_free(&source->canary);
    free(source);
}

const struct poll_report *source_report(const struct source *source)
{
    return &source->report;
}

static int64_t interval_ms(const struct source *source)
{
    int64_t interval = source->config->prometheus.poll_interval_ms;
    bool may_speed_up = interval > SOURCE_FAST_MS && !plan_is_dear(&source->plan);
    for (size_t i = 0; may_speed_up && i < source->config->rollout_count; i++)
        if (rollout_moves(&source->rollouts[i]))
            return SOURCE_FAST_MS;
    return interval;
}

/* A poll that fails costs the server no more than one that does not: it need not be rarer, and a
   server that is back is seen within an interval. But what only a person can mend can wait. */
static int64_t wait_after_failure_ms(struct source *source)
{
    int64_t interval = source->config->prometheus.poll_interval_ms;
    int64_t wait = source->retry == RETRY_SLOWLY ? backoff_slowest_ms(&source->backoff)
                                                 : backoff_next_ms(&source->backoff, interval);
    return source->retry_after_ms > wait ? source->retry_after_ms : wait;
}

static bool end_round(struct source *source, int64_t now_ms)
{
    source->step = STEP_REST;
    source->round.asked = true;
    if (!source->held_up) {
        source->round.good_ms = now_ms;
        backoff_reset(&source->backoff);
        int64_t due = source->started_ms + interval_ms(source);
        source->due_ms = due > now_ms ? due : now_ms;
    } else {
        source->due_ms = now_ms + wait_after_failure_ms(source);
    }
    source->report = source->round;
    return true;
}

static void note_failure(struct source *source, enum poll_failure failure,
                         const struct error *error, enum retry retry)
{
    source->held_up = true;
    if (!source->round.ok)
        return;
    source->round.ok = false;
    source->round.failure = failure;
    source->round.error = *error;
    source->retry = retry;
    source->retry_after_ms = -1;
}

/* The same for an answer that is refused. */
static void note_refusal(struct source *source, const struct refusal *refusal,
                         int64_t retry_after_ms)
{
    bool first = source->round.ok;
    note_failure(source,
                 refusal->authentication          ? POLL_FAILURE_AUTHENTICATION
                 : refusal->retry == RETRY_SLOWLY ? POLL_FAILURE_QUERY
                                                  : POLL_FAILURE_ANSWER,
                 &refusal->error, refusal->retry);
    if (first)
        source->retry_after_ms = retry_after_ms;
}

/* A query of its own that the server refuses: told with each round, and nothing waits for it. */
static void note_fault(struct source *source, const struct own *own)
{
    if (!source->round.ok || own->fault[0] == '\0')
        return;
    source->round.ok = false;
    source->round.failure = POLL_FAILURE_QUERY;
    text_copy(source->round.error.text, sizeof source->round.error.text, own->fault);
}

/* Marks as failed what this step was about; `all`: everything that this round has not answered yet.
 */
static void fail(struct source *source, bool all, int64_t now_ms)
{
    bool is_own = source->step == STEP_OWN;
    for (size_t i = 0; !is_own && i < source->config->rollout_count; i++)
        if (!source->rollouts[i].is_query)
            rollout_observe_failure(&source->rollouts[i], now_ms);
    if (is_own)
        own_fail(&source->owns[source->own], now_ms);
    for (size_t i = is_own ? source->own + 1 : 0; all && i < source->own_count; i++)
        own_fail(&source->owns[i], now_ms);
}

static void observe_answer(struct source *source, int64_t now_ms)
{
    for (size_t i = 0; i < source->config->rollout_count; i++)
        if (!source->rollouts[i].is_query)
            rollout_observe(&source->rollouts[i], &source->answer, source->plan.selection_of[i],
                            now_ms);
}

/* True when a canary must tell "gone" from "nothing to see"; its query is then in source->canary.
 */
static bool needs_canary(struct source *source)
{
    unsigned kinds = 0;
    struct error error;
    for (size_t i = 0; i < source->config->rollout_count; i++)
        if (!source->rollouts[i].is_query)
            kinds |=
                rollout_misses(&source->rollouts[i], &source->answer, source->plan.selection_of[i]);
    return kinds != 0 && query_canary(&source->canary, kinds, &error);
}

/* Sends the request of source->step; false when it could not even be started. */
static bool ask(struct source *source)
{
    const char *query = source->step == STEP_WORKLOADS ? plan_query(&source->plan)
                        : source->step == STEP_CANARY  ? source->canary.data
                                                       : source->owns[source->own].query;
    struct error error;
    if (client_ask(source->client, query, &error))
        return true;
    note_failure(source, POLL_FAILURE_LOCAL, &error, RETRY_BACK_OFF);
    return false;
}

/* Goes on with the first query from `from` on that is due; true: the round is over. */
static bool next_own(struct source *source, size_t from, int64_t now_ms)
{
    source->step = STEP_OWN;
    for (source->own = from; source->own < source->own_count; source->own++) {
        struct own *own = &source->owns[source->own];
        if (source->started_ms < own->due_ms) {
            note_fault(source, own);
            continue;
        }
        own_ask(own, source->started_ms);
        if (ask(source))
            return false;
        fail(source, true, now_ms);
        break;
    }
    return end_round(source, now_ms);
}

/* What the last request was about has failed; true: the round is over. */
static bool step_failed(struct source *source, bool everything, int64_t now_ms)
{
    if (source->step == STEP_CANARY) { /* the rows stand; only absence cannot be concluded */
        source->answer.partial = true;
        observe_answer(source, now_ms);
        return next_own(source, 0, now_ms);
    }
    if (source->step == STEP_WORKLOADS)
        plan_fail(&source->plan);
    fail(source, everything, now_ms);
    if (everything)
        return end_round(source, now_ms);
    return next_own(source, source->step == STEP_OWN ? source->own + 1 : 0, now_ms);
}

static bool plan_failed(struct source *source, const struct error *error, int64_t now_ms)
{
    note_failure(source, POLL_FAILURE_QUERY, error, RETRY_SLOWLY);
    return step_failed(source, false, now_ms);
}

static bool start_round(struct source *source, int64_t now_ms)
{
    source->started_ms = now_ms;
    source->held_up = false;
    source->round = (struct poll_report){.ok = true, .good_ms = source->report.good_ms};
    source->step = STEP_WORKLOADS;
    struct error error;
    if (!plan_begin(&source->plan, &error))
        return plan_failed(source, &error, now_ms);
    if (plan_query(&source->plan) == NULL)
        return next_own(source, 0, now_ms);
    return ask(source) ? false : step_failed(source, true, now_ms);
}

static bool read_workloads(struct source *source, const struct http_answer *http,
                           struct refusal *refusal)
{
    const struct prometheus_settings *settings = &source->config->prometheus;
    struct asked asked = {settings->namespace_label, settings->cluster_label, source->plan.count};
    bool good = response_workloads(http, &asked, source->rows, &source->answer, refusal);
    struct error *remark = &source->round.remark;
    text_copy(remark->text, sizeof remark->text, response_remark(source->rows));
    return good;
}

static bool read_own(struct source *source, const struct http_answer *http, int64_t now_ms,
                     struct refusal *refusal)
{
    struct ratio_answer answer;
    struct own *own = &source->owns[source->own];
    if (!response_ratio(http, source->rows, own_choice(own), &answer, refusal))
        return false;
    own_observe(own, answer.samples, answer.count, answer.partial, now_ms);
    return true;
}

/* A good answer about workloads is in source->answer; true: the round is over. */
static bool workloads_seen(struct source *source, int64_t now_ms)
{
    struct error error;
    if (!plan_take(&source->plan, source->rollouts, &source->answer, &error))
        return plan_failed(source, &error, now_ms);
    if (plan_query(&source->plan) != NULL)
        return ask(source) ? false : step_failed(source, true, now_ms);
    plan_remark(&source->plan, &source->round.remark);
    if (needs_canary(source)) {
        source->step = STEP_CANARY;
        return ask(source) ? false : step_failed(source, false, now_ms);
    }
    observe_answer(source, now_ms);
    return next_own(source, 0, now_ms);
}

/* An answer was refused; true: the round is over. */
static bool refused(struct source *source, const struct refusal *refusal, int64_t retry_after_ms,
                    int64_t now_ms)
{
    bool everything = refusal->authentication || refusal->retry == RETRY_BACK_OFF;
    if (source->step == STEP_OWN && !everything) {
        struct own *own = &source->owns[source->own];
        own_refuse(own, &refusal->error, now_ms);
        note_fault(source, own);
        return next_own(source, source->own + 1, now_ms);
    }
    note_refusal(source, refusal, retry_after_ms);
    return step_failed(source, everything, now_ms);
}

/* Takes a complete HTTP answer; true: the round is over. */
static bool take_answer(struct source *source, const struct http_answer *http, int64_t now_ms)
{
    struct refusal refusal = {.retry = RETRY_BACK_OFF};
    bool good = false;
    switch (source->step) {
    case STEP_REST:
        return false;
    case STEP_WORKLOADS:
        good = read_workloads(source, http, &refusal);
        break;
    case STEP_CANARY:
        good = response_canary(http, &source->answer, &refusal);
        break;
    case STEP_OWN:
        good = read_own(source, http, now_ms, &refusal);
        break;
    }
    if (!good)
        return refused(source, &refusal, http->retry_after_ms, now_ms);
    if (source->step == STEP_WORKLOADS)
        return workloads_seen(source, now_ms);
    if (source->step == STEP_OWN)
        return next_own(source, source->own + 1, now_ms);
    observe_answer(source, now_ms);
    return next_own(source, 0, now_ms);
}

static int timeout_ms(const struct source *source, int64_t until_ms, int64_t now_ms)
{
    int64_t until = until_ms;
    if (source->step == STEP_REST && source->due_ms < until)
        until = source->due_ms;
    int64_t wait = until > now_ms ? until - now_ms : 0;
    return wait < 60000 ? (int)wait : 60000;
}

bool source_wait(struct source *source, struct pollfd fds[], size_t count, int64_t until_ms)
{
    int64_t now = clock_monotonic_ms();
    if (source->step == STEP_REST && now >= source->due_ms && start_round(source, now))
        return true;
    struct http_answer http;
    struct error error;
    enum client_event event =
        client_wait(source->client, fds, count, timeout_ms(source, until_ms, now), &http, &error);
    now = clock_monotonic_ms();
    switch (event) {
    case CLIENT_NOTHING:
        return false;
    case CLIENT_ANSWER:
        return take_answer(source, &http, now);
    case CLIENT_FAILED:
        note_failure(source, POLL_FAILURE_TRANSPORT, &error, RETRY_BACK_OFF);
        return step_failed(source, true, now);
    }
    return false;
}

int64_t source_deadline_ms(const struct source *source)
{
    int64_t timeout = source->config->prometheus.timeout_ms;
    if (timeout == 0)
        timeout = source->config->prometheus.poll_interval_ms;
    int64_t from = source->step == STEP_REST ? source->due_ms : source->started_ms;
    return from + timeout * (int64_t)(4 + source->own_count);
}
