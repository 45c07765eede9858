#include "prometheus/client.h"

#include "base/clock.h"
#include "prometheus/question.h"
#include "prometheus/url.h"

#include <assert.h>
#include <stdlib.h>

#define COMPRESS_FROM_BYTES ((size_t)64 * 1024) /* below, unpacking costs more than it saves */

struct client {
    const struct prometheus_settings *settings;
    struct transfers *transfers;
    struct question question;
    struct peer peer; /* whom the transfer under way goes to */
    enum line line;
    bool busy;
    bool pausing; /* no transfer is under way until pause_end_ms */
    int64_t pause_end_ms;
    int64_t spent_ms; /* by what this question has taken so far */
};

struct client *client_open(const struct prometheus_settings *settings, struct error *error)
{
    struct client *client = calloc(1, sizeof *client);
    if (client != NULL && question_open(&client->question, settings))
        client->transfers = transfers_open(settings);
    if (client != NULL && client->transfers != NULL) {
        client->settings = settings;
        return client;
    }
    client_close(client);
    error_set(error, "cannot start libcurl: not enough memory");
    return NULL;
}

void client_close(struct client *client)
{
    if (client == NULL)
        return;
    transfers_close(client->transfers);
    question_close(&client->question);
    free(client);
}

static bool send_message(struct client *client, enum next next, struct error *error)
{
    struct message message;
    int64_t left_ms = prometheus_timeout_ms(client->settings) - client->spent_ms;
    client->line = next == NEXT_TOKEN ? LINE_TOKEN : LINE_QUERY;
    return (question_message(&client->question, next, &message, &client->peer) &&
            transfers_send(client->transfers, client->line, &message, left_ms)) ||
           error_set(error, "not enough memory to ask Prometheus");
}

static void forget(struct client *client)
{
    client->busy = false;
    transfers_forget(client->transfers);
    question_forget(&client->question);
}

/* Does what the question says. */
static enum client_event go_on(struct client *client, enum next next, struct error *error)
{
    switch (next) {
    case NEXT_QUERY:
    case NEXT_TOKEN:
        if (send_message(client, next, error))
            return CLIENT_NOTHING;
        forget(client);
        return CLIENT_FAILED;
    case NEXT_PAUSE:
        client->pausing = true;
        client->pause_end_ms = clock_monotonic_ms() + QUESTION_PAUSE_MS;
        client->spent_ms += QUESTION_PAUSE_MS;
        return CLIENT_NOTHING;
    case NEXT_ANSWER:
        forget(client);
        return CLIENT_ANSWER;
    case NEXT_FAILURE:
        forget(client);
        return CLIENT_FAILED;
    }
    return CLIENT_FAILED;
}

bool client_ask(struct client *client, const char *query, struct error *error)
{
    assert(!client->busy);
    client->busy = true;
    client->spent_ms = 0;
    enum next next = question_begin(&client->question, query, clock_monotonic_ms(), error);
    return go_on(client, next, error) == CLIENT_NOTHING;
}

/* What a finished transfer means for the question. */
static enum next judge(struct client *client, const struct outcome *outcome, struct error *error)
{
    struct question *question = &client->question;
    const struct http_answer *answer = &outcome->answer;
    int64_t now = clock_monotonic_ms();
    client->spent_ms += outcome->spent_ms;
    if (outcome->fault != FAULT_NONE) {
        fault_set(outcome->fault, client->settings, &client->peer, outcome->reason, error);
        return question_broken(question, outcome->fault);
    }
    if (client->line == LINE_TOKEN)
        return question_token(question, answer, now, error);
    question->compress = answer->length >= COMPRESS_FROM_BYTES;
    return question_answered(question, answer->status, outcome->redirect, now, error);
}

static_assert(CLIENT_FDS_MAX == TRANSFERS_FDS_MAX, "all of them reach a transfer");

static enum client_event pause_on(struct client *client, struct pollfd fds[], size_t count,
                                  int timeout_ms, struct error *error)
{
    int64_t left_ms = client->pause_end_ms - clock_monotonic_ms();
    int64_t wait_ms = left_ms < timeout_ms || timeout_ms < 0 ? left_ms : timeout_ms;
    poll(fds, count, wait_ms > 0 ? (int)wait_ms : 0);
    int64_t now = clock_monotonic_ms();
    if (now < client->pause_end_ms)
        return CLIENT_NOTHING;
    client->pausing = false;
    return go_on(client, question_resume(&client->question, now, error), error);
}

enum client_event client_wait(struct client *client, struct pollfd fds[], size_t count,
                              int timeout_ms, struct http_answer *answer, struct error *error)
{
    struct outcome outcome;
    if (client->pausing)
        return pause_on(client, fds, count, timeout_ms, error);
    if (!client->busy) {
        poll(fds, count, timeout_ms);
        return CLIENT_NOTHING;
    }
    if (!transfers_wait(client->transfers, fds, count, timeout_ms, &outcome))
        return CLIENT_NOTHING;
    *answer = outcome.answer;
    url_place(client->peer.url, answer->from, sizeof answer->from);
    return go_on(client, judge(client, &outcome, error), error);
}
