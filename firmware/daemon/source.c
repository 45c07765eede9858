#include "daemon/source.h"

#include "base/clock.h"
#include "base/log.h"
#include "daemon/backoff.h"
#include "daemon/blame.h"
#include "daemon/fresh.h"
#include "daemon/nearby.h"
#include "daemon/plan.h"
#include "daemon/query_list.h"
#include "daemon/schedule.h"
#include "evidence/lacks.h"
#include "prometheus/promql/query.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

enum step { STEP_REST, STEP_WORKLOADS, STEP_CANARY };

/* The round about workloads. */
struct round {
    enum step step;
    struct plan plan;                            /* its requests */
    struct text canary;                          /* made anew for what is missing */
    struct missed_sources missed;                /* that the canary asks about */
    struct lacking lacking[CONFIG_ROLLOUTS_MAX]; /* that miss any */
    size_t lacking_count;
    struct rows *rows;
    struct answer answer;
    struct clock_reading reading; /* of its last answer, with the most that any of them lags */
    int64_t sent_ms;              /* its first question */
    int64_t started_ms, due_ms;
    struct backoff backoff;
    enum retry retry;       /* of its first failure */
    int64_t retry_after_ms; /* what the server asked for, or -1 */
    bool held_up;           /* it failed in a way that the next one has to wait for */
    struct poll_report report;
};

/* The config's own queries, one after the other. */
struct lane {
    struct listed_query queries[QUERY_LIST_MAX];
    size_t count;
    size_t current; /* the one that is under way; count: none is */
    int64_t asked_ms;
    int64_t held_until_ms; /* the server does not answer at all */
    struct backoff backoff;
    struct rows *rows;
};

struct source {
    const struct config *config;
    struct source_subjects subjects;
    struct fresh fresh;
    struct schedule schedule;
    struct client *client;
    char nonce[QUERY_NONCE_SIZE];
    struct round round;
    struct lane lane;
    struct nearby nearby;        /* on the lane's channel, when nothing of it is due */
    struct poll_report finished; /* of the last round that is over */
    struct poll_report report;   /* that, and of the own queries as they stand */
};

static_assert(CLIENT_ASK_SIZE == QUERY_NONCE_SIZE, "a question's name is its nonce");

struct source *source_open(const struct config *config, const struct source_subjects *subjects,
                           struct error *error)
{
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_set(error, "not enough memory to ask Prometheus");
        return NULL;
    }
    prometheus_guard(&config->prometheus);
    source->config = config;
    source->subjects = *subjects;
    source->fresh = (struct fresh){config, subjects->evidence};
    subjects->evidence->clock.asks = config->prometheus.query_nonce;
    source->lane.count =
        query_list_make(source->lane.queries, config, subjects->rollouts, subjects->indicators);
    source->lane.current = source->lane.count;
    source->finished.good_ms = source->report.good_ms = INT64_MIN;
    source->round.due_ms = clock_monotonic_ms();
    source->round.backoff.random = (uint32_t)source->round.due_ms ^ (uint32_t)getpid() << 16;
    source->lane.backoff.random = ~source->round.backoff.random;
    schedule_start(&source->schedule, config, subjects->rollouts, source->round.backoff.random);
    source->round.rows = rows_new();
    source->lane.rows = rows_new();
    bool can_look = nearby_open(&source->nearby, config, subjects->rollouts);
    if (source->round.rows == NULL || source->lane.rows == NULL || !can_look)
        error_set(error, "not enough memory to ask Prometheus");
    else if (plan_open(&source->round.plan, config, error))
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
    rows_free(source->round.rows);
    rows_free(source->lane.rows);
    nearby_close(&source->nearby);
    plan_close(&source->round.plan);
    text_free(&source->round.canary);
    free(source);
}

/* The finished round's report, and after it the first own query that was not answered. */
static void write_report(struct source *source)
{
    struct poll_report *report = &source->report;
    *report = source->finished;
    for (size_t i = 0; report->ok && i < source->lane.count; i++) {
        const struct listed_query *listed = &source->lane.queries[i];
        if (listed->fault[0] == '\0')
            continue;
        report->ok = false;
        report->failure = listed->failure;
        text_copy(report->error.text, sizeof report->error.text, listed->fault);
    }
}

const struct poll_report *source_report(const struct source *source)
{
    return &source->report;
}

bool source_complete(const struct source *source)
{
    for (size_t i = 0; i < source->lane.count; i++)
        if (!source->lane.queries[i].heard)
            return false;
    const bool looks = nearby_busy(&source->nearby) || nearby_is_new(&source->nearby);
    return source->report.asked && !looks;
}

/* --- the round about workloads */

/* A poll that fails costs the server no more than one that does not: it need not be rarer, and a
   server that is back is seen within an interval. But what only a person can fix can wait. */
static int64_t wait_after_failure_ms(struct source *source)
{
    struct round *round = &source->round;
    int64_t interval = source->config->prometheus.poll_interval_ms;
    int64_t wait = round->retry == RETRY_SLOWLY ? backoff_slowest_ms(&round->backoff)
                                                : backoff_next_ms(&round->backoff, interval);
    return round->retry_after_ms > wait ? round->retry_after_ms : wait;
}

static bool end_round(struct source *source, int64_t now_ms)
{
    struct round *round = &source->round;
    round->step = STEP_REST;
    round->report.asked = true;
    round->report.good_ms = round->held_up ? source->finished.good_ms : now_ms;
    if (!round->held_up) {
        backoff_reset(&round->backoff);
        int64_t due = schedule_round_ms(&source->schedule, &round->plan, round->started_ms);
        round->due_ms = due > now_ms ? due : now_ms;
    } else {
        round->due_ms = now_ms + wait_after_failure_ms(source);
    }
    source->finished = round->report;
    write_report(source);
    round->answer = (struct answer){0};
    rows_rest(round->rows);
    return true;
}

static void note_failure(struct round *round, enum poll_failure failure, const struct error *error,
                         enum retry retry)
{
    round->held_up = true;
    if (!round->report.ok)
        return;
    round->report.ok = false;
    round->report.failure = failure;
    round->report.error = *error;
    round->report.cause = WHY_FETCH;
    round->retry = retry;
    round->retry_after_ms = -1;
}

static enum poll_failure failure_of(const struct refusal *refusal)
{
    if (refusal->authentication)
        return POLL_FAILURE_AUTHENTICATION;
    return refusal->retry == RETRY_SLOWLY ? POLL_FAILURE_QUERY : POLL_FAILURE_ANSWER;
}

/* The same for an answer that is refused. */
static void note_refusal(struct round *round, const struct refusal *refusal, int64_t retry_after_ms)
{
    bool first = round->report.ok;
    note_failure(round, failure_of(refusal), &refusal->error, refusal->retry);
    if (first)
        round->retry_after_ms = retry_after_ms;
}

/* Series that no row has, where the wall shows falsely without them. */
static void remark_lacks(struct round *round)
{
    struct error *remark = &round->report.remark;
    struct lacks lacks = lacks_begin();
    for (size_t i = 0; i < round->answer.count; i++)
        lacks_note(&lacks, &round->answer.rows[i]);
    if (remark->text[0] == '\0')
        lacks_remark(&lacks, remark->text, sizeof remark->text);
}

/* The round says what everything was at the moment when it was begun. */
static void observe_answer(struct source *source)
{
    struct round *round = &source->round;
    remark_lacks(round);
    source_note(&round->answer);
    for (size_t i = 0; i < source->config->rollout_count; i++)
        if (!source->subjects.rollouts[i].is_query)
            rollout_observe(&source->subjects.rollouts[i], &round->answer,
                            round->plan.selection_of[i], round->sent_ms);
    schedule_learn(&source->schedule, &round->plan, &round->answer);
}

/* True when a canary must tell "gone" from "nothing to see"; its query is then written. */
static bool needs_canary(struct source *source)
{
    struct round *round = &source->round;
    unsigned kinds = 0;
    round->missed = (struct missed_sources){.count = 0};
    round->lacking_count = 0;
    for (size_t i = 0; i < source->config->rollout_count; i++) {
        const struct rollout *rollout = &source->subjects.rollouts[i];
        if (rollout->is_query)
            continue;
        const size_t selection = round->plan.selection_of[i];
        kinds |= rollout_misses(rollout, &round->answer, selection);
        struct lacking *lacking = &round->lacking[round->lacking_count];
        lacking->selection = &round->plan.selections[selection];
        round->lacking_count += rollout_missed_sources(rollout, &round->answer, selection,
                                                       &round->missed, lacking->total);
    }
    return query_canary(&round->canary, &round->plan.terms,
                        &(struct canary){.kinds = kinds,
                                         .missed = &round->missed,
                                         .ledger = &source->subjects.evidence->ledger,
                                         .lacking = round->lacking,
                                         .lacking_count = round->lacking_count,
                                         .in_address = round->plan.in_address}) &&
           round->canary.length > 0;
}

/* Sends the request of this step; false when it could not even be started. */
static bool ask(struct source *source)
{
    struct round *round = &source->round;
    struct error error;
    client_name_question(source->client, source->nonce);
    struct text *query = round->step == STEP_CANARY ? &round->canary : plan_text(&round->plan);
    bool whole = !source->config->prometheus.query_nonce || query_set_nonce(query, source->nonce);
    if (whole && client_ask(source->client, CLIENT_WORKLOADS, query->data, source->nonce, &error))
        return true;
    if (!whole)
        error_set(&error, "not enough memory to ask Prometheus");
    note_failure(round, POLL_FAILURE_LOCAL, &error, RETRY_BACK_OFF);
    return false;
}

/* What the last request was about has failed: the round is over. */
static bool step_failed(struct source *source, int64_t now_ms)
{
    struct round *round = &source->round;
    if (round->step == STEP_CANARY) { /* the rows stand; only absence cannot be concluded */
        round->answer.unwitnessed = true;
        observe_answer(source);
        return end_round(source, now_ms);
    }
    plan_fail(&round->plan);
    struct error quoted = round->report.error;
    retry_words_cut(&quoted);
    for (size_t i = 0; i < source->config->rollout_count; i++) {
        struct rollout *rollout = &source->subjects.rollouts[i];
        if (rollout->is_query)
            continue;
        rollout_observe_failure(rollout, now_ms);
        rollout_quote(rollout, quoted.text);
    }
    return end_round(source, now_ms);
}

static bool plan_failed(struct source *source, const struct error *error, int64_t now_ms)
{
    note_failure(&source->round, POLL_FAILURE_QUERY, error, RETRY_SLOWLY);
    return step_failed(source, now_ms);
}

static bool start_round(struct source *source, int64_t now_ms)
{
    struct round *round = &source->round;
    round->started_ms = now_ms;
    round->sent_ms = INT64_MAX;
    round->reading.lag_ms = 0;
    round->held_up = false;
    round->report = (struct poll_report){.ok = true};
    round->step = STEP_WORKLOADS;
    round->plan.in_address = client_asks_by_get(source->client);
    struct error error;
    if (!plan_begin(&round->plan, &error))
        return plan_failed(source, &error, now_ms);
    if (plan_text(&round->plan) == NULL)
        return end_round(source, now_ms);
    return ask(source) ? false : step_failed(source, now_ms);
}

static struct asked asked_of(const struct source *source)
{
    const struct prometheus_settings *settings = &source->config->prometheus;
    const struct plan *plan = &source->round.plan;
    return (struct asked){.namespace_ = settings->namespace_label,
                          .labels = plan->terms.labels,
                          .cluster = settings->cluster_label,
                          .selections = plan->count,
                          .list = plan->selections,
                          .recorded = plan->terms.recorded && plan->step == PLAN_SURVEYING,
                          .nonce = settings->query_nonce ? source->nonce : NULL};
}

static bool read_workloads(struct source *source, const struct http_answer *http,
                           struct refusal *refusal)
{
    struct round *round = &source->round;
    const struct asked asked = asked_of(source);
    bool good = response_workloads(http, &asked, round->rows, &round->answer, refusal);
    if (good && http->sent_ms < round->sent_ms)
        round->sent_ms = http->sent_ms;
    good = good && fresh_answer(&source->fresh, http, &round->answer, &round->reading, refusal);
    struct error *remark = &round->report.remark;
    text_copy(remark->text, sizeof remark->text, response_remark(round->rows));
    fresh_remark(&source->fresh, &round->reading, remark);
    round->answer.ledger = &source->subjects.evidence->ledger;
    round->answer.sent_ms = round->sent_ms;
    round->answer.lag_ms = round->reading.lag_ms;
    round->answer.clock = &source->subjects.evidence->clock;
    return good;
}

/* A good answer about workloads is in the round; true: the round is over. */
static bool workloads_seen(struct source *source, int64_t now_ms)
{
    struct round *round = &source->round;
    struct error error;
    round->plan.in_address = client_asks_by_get(source->client); /* since this answer, perhaps */
    if (!plan_take(&round->plan, source->subjects.rollouts, &round->answer, &error))
        return plan_failed(source, &error, now_ms);
    if (plan_text(&round->plan) != NULL)
        return ask(source) ? false : step_failed(source, now_ms);
    plan_remark(&round->plan, &round->report.remark);
    if (needs_canary(source)) {
        round->step = STEP_CANARY;
        return ask(source) ? false : step_failed(source, now_ms);
    }
    observe_answer(source);
    return end_round(source, now_ms);
}

/* Takes a complete HTTP answer; true: the round is over. */
static bool take_workloads(struct source *source, const struct http_answer *http, int64_t now_ms)
{
    struct round *round = &source->round;
    struct refusal refusal = {.retry = RETRY_BACK_OFF};
    const struct asked asked = asked_of(source);
    bool canary = round->step == STEP_CANARY;
    bool good = canary ? response_canary(http, &asked, &round->missed, &round->answer, &refusal)
                       : read_workloads(source, http, &refusal);
    if (!good) {
        fresh_count(&source->fresh, &refusal);
        note_refusal(round, &refusal, http->retry_after_ms);
        return step_failed(source, now_ms);
    }
    if (!canary)
        return workloads_seen(source, now_ms);
    round->answer.unwitnessed |= !fresh_canary(&source->fresh, http, &round->answer);
    observe_answer(source);
    return end_round(source, now_ms);
}

/* --- the config's own queries */

static int64_t listed_interval_ms(const struct source *source, const struct listed_query *listed)
{
    return listed->interval_ms > 0 ? listed->interval_ms
                                   : schedule_own_ms(&source->schedule, &source->round.plan);
}

/* After a failure. One that is asked each hour is not unknown for an hour. */
static int64_t listed_again_ms(const struct source *source, const struct listed_query *listed)
{
    int64_t interval = listed_interval_ms(source, listed);
    return interval < QUERY_LIST_REFUSED_MS ? interval : QUERY_LIST_REFUSED_MS;
}

/* The server does not answer at all: that is all the same for every query that is due. */
static void hold_lane(struct source *source, enum poll_failure failure, const struct error *error,
                      int64_t now_ms)
{
    struct lane *lane = &source->lane;
    bool slowly = failure == POLL_FAILURE_AUTHENTICATION; /* somebody has to change something */
    int64_t most_ms = source->config->prometheus.poll_interval_ms;
    lane->held_until_ms = now_ms + (slowly ? backoff_slowest_ms(&lane->backoff)
                                           : backoff_next_ms(&lane->backoff, most_ms));
    for (size_t i = 0; i < lane->count; i++)
        if (lane->queries[i].due_ms <= now_ms)
            query_list_fail(&lane->queries[i], failure, error, lane->held_until_ms, now_ms);
}

/* One that took all of its time is slow; that says nothing of the others. */
static void listed_failed(struct source *source, enum poll_failure failure,
                          const struct error *error, int64_t now_ms)
{
    struct lane *lane = &source->lane;
    struct listed_query *listed = &lane->queries[lane->current];
    int64_t timeout_ms = prometheus_timeout_ms(&source->config->prometheus);
    bool slow = now_ms - lane->asked_ms >= timeout_ms / 10 * 9;
    query_list_fail(listed, failure, error, now_ms + listed_again_ms(source, listed), now_ms);
    listed->slow = slow;
    if (!slow)
        hold_lane(source, failure, error, now_ms);
}

static void listed_refused(struct source *source, const struct refusal *refusal, int64_t now_ms)
{
    struct listed_query *listed = &source->lane.queries[source->lane.current];
    if (!refusal->authentication && refusal->retry == RETRY_SLOWLY) {
        query_list_refuse(listed, &refusal->error, now_ms);
        return;
    }
    query_list_fail(listed, failure_of(refusal), &refusal->error,
                    now_ms + listed_again_ms(source, listed), now_ms);
    if (refusal->authentication)
        hold_lane(source, POLL_FAILURE_AUTHENTICATION, &refusal->error, now_ms);
}

static void take_own(struct source *source, const struct http_answer *http, int64_t now_ms)
{
    struct listed_query *listed = &source->lane.queries[source->lane.current];
    struct refusal refusal = {.retry = RETRY_BACK_OFF};
    struct ratio_answer answer;
    struct clock_reading reading;
    if (!response_ratio(http, source->lane.rows, query_list_choice(listed), &answer, &refusal) ||
        !fresh_ratio(&source->fresh, http, &answer, &reading, &refusal)) {
        fresh_count(&source->fresh, &refusal);
        listed_refused(source, &refusal, now_ms);
        return;
    }
    backoff_reset(&source->lane.backoff);
    if (source->round.plan.count == 0)
        source->finished.good_ms = now_ms;
    listed->due_ms = source->lane.asked_ms + listed_interval_ms(source, listed);
    query_list_observe(listed, &answer, http->sent_ms - reading.lag_ms, now_ms);
}

static enum source_event listed_over(struct source *source)
{
    source->lane.current = source->lane.count;
    write_report(source);
    rows_rest(source->lane.rows);
    return SOURCE_OWN;
}

/* When the next own query is to be asked; INT64_MAX: when the one under way is over. */
static int64_t lane_due_ms(const struct source *source)
{
    const struct lane *lane = &source->lane;
    bool proven = source->report.asked; /* what the round knows of the clock comes first */
    if (lane->current < lane->count || nearby_busy(&source->nearby) || !proven)
        return INT64_MAX;
    int64_t due = nearby_due_ms(&source->nearby);
    for (size_t i = 0; i < lane->count; i++)
        if (lane->queries[i].due_ms < due)
            due = lane->queries[i].due_ms;
    return due > lane->held_until_ms ? due : lane->held_until_ms;
}

/* Sends a question about what is near; with NULL there is none. */
static void send_nearby(struct source *source, const char *query)
{
    char name[CLIENT_ASK_SIZE];
    struct error error;
    if (query == NULL)
        return;
    client_name_question(source->client, name);
    if (!client_ask(source->client, CLIENT_OWN, query, name, &error))
        nearby_give_up(&source->nearby);
}

/* Asks the next; false when it could not even be started. */
static bool start_own(struct source *source, int64_t now_ms)
{
    struct lane *lane = &source->lane;
    struct error error;
    char name[CLIENT_ASK_SIZE];
    size_t next = query_list_next(lane->queries, lane->count, now_ms);
    if (next == lane->count) {
        send_nearby(source, nearby_ask(&source->nearby, now_ms));
        return true;
    }
    lane->current = next;
    lane->asked_ms = now_ms;
    client_name_question(source->client, name);
    if (client_ask(source->client, CLIENT_OWN, lane->queries[next].query, name, &error))
        return true;
    listed_failed(source, POLL_FAILURE_LOCAL, &error, now_ms);
    return false;
}

/* --- both */

static int timeout_ms(const struct source *source, int64_t until_ms, int64_t now_ms)
{
    int64_t until = until_ms;
    int64_t listed = lane_due_ms(source);
    if (source->round.step == STEP_REST && source->round.due_ms < until)
        until = source->round.due_ms;
    until = listed < until ? listed : until;
    int64_t wait = until > now_ms ? until - now_ms : 0;
    return wait < 60000 ? (int)wait : 60000;
}

/* With NULL there is no answer. */
static enum source_event hear_nearby(struct source *source, const struct http_answer *http)
{
    if (http == NULL)
        nearby_give_up(&source->nearby);
    else
        send_nearby(source, nearby_take(&source->nearby, http));
    return nearby_busy(&source->nearby) ? SOURCE_NOTHING : SOURCE_OWN;
}

static enum source_event hear(struct source *source, enum client_event event,
                              enum client_channel channel, const struct http_answer *http,
                              const struct error *error)
{
    int64_t now = clock_monotonic_ms();
    if (nearby_busy(&source->nearby) && channel == CLIENT_OWN)
        return hear_nearby(source, event == CLIENT_ANSWER ? http : NULL);
    struct error fault = event == CLIENT_FAILED ? *error : (struct error){0};
    enum why cause = blame(client_trouble(source->client, channel), &fault);
    if (channel == CLIENT_OWN) {
        if (event == CLIENT_ANSWER)
            take_own(source, http, now);
        else
            listed_failed(source, POLL_FAILURE_TRANSPORT, &fault, now);
        return listed_over(source);
    }
    if (event == CLIENT_ANSWER)
        return take_workloads(source, http, now) ? SOURCE_ROUND : SOURCE_NOTHING;
    note_failure(&source->round, POLL_FAILURE_TRANSPORT, &fault, RETRY_BACK_OFF);
    source->round.report.cause = cause;
    return step_failed(source, now) ? SOURCE_ROUND : SOURCE_NOTHING;
}

enum source_event source_wait(struct source *source, struct pollfd fds[], size_t count,
                              int64_t until_ms)
{
    int64_t now = clock_monotonic_ms();
    struct round *round = &source->round;
    if (round->step == STEP_REST && now >= round->due_ms && start_round(source, now))
        return SOURCE_ROUND;
    if (now >= lane_due_ms(source) && !start_own(source, now))
        return listed_over(source);
    struct http_answer http;
    struct error error;
    enum client_channel channel;
    enum client_event event = client_wait(
        source->client, fds, count, timeout_ms(source, until_ms, now), &channel, &http, &error);
    struct error notice;
    if (client_notice(source->client, &notice))
        log_line(LOG_LEVEL_NOTICE, "%s", notice.text);
    if (event == CLIENT_NOTHING)
        return SOURCE_NOTHING;
    enum source_event heard = hear(source, event, channel, &http, &error);
    client_rest(source->client, channel);
    return heard;
}

int64_t source_deadline_ms(const struct source *source)
{
    const struct round *round = &source->round;
    int64_t timeout = prometheus_timeout_ms(&source->config->prometheus);
    int64_t from = round->step == STEP_REST ? round->due_ms : round->started_ms;
    return from + timeout * 4; /* counting, a survey, rows, a canary */
}
