#include "prometheus/http/client.h"

#include "base/clock.h"
#include "prometheus/http/echo.h"
#include "prometheus/http/exchange.h"
#include "prometheus/http/reason.h"
#include "prometheus/http/transfer.h"
#include "prometheus/http/url.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define COMPRESS_FROM_BYTES ((size_t)64 * 1024) /* below, unpacking costs more than it saves */

enum step {
    STEP_REST,
    STEP_QUERY, /* a transfer is under way: to Prometheus ... */
    STEP_TOKEN, /* ... or to the token server */
    STEP_QUEUE, /* the other channel's token is on its way */
    STEP_PAUSE, /* until pause_end_ms */
    STEP_OVER,  /* `event` waits to be heard */
};

struct channel {
    struct exchange exchange;
    enum step step;
    struct peer peer; /* whom the transfer under way goes to */
    int64_t end_ms;   /* of this question's time */
    int64_t pause_end_ms;
    int64_t sent_ms; /* of the last request */
    enum client_event event;
    struct http_answer answer;
    struct echo sent; /* which it may repeat; empty where nothing is secret */
    struct error error;
    enum client_trouble trouble;
    bool distrusted; /* its last transfer: see client_distrusts() */
};

struct client {
    const struct prometheus_settings *settings;
    struct transfers *transfers;
    struct session session;
    struct channel channels[CLIENT_CHANNELS];
    bool keeps_secrets;       /* that a server may repeat */
    enum client_channel turn; /* whose event comes first */
    uint64_t name;            /* of the last question */
};

static_assert((int)CLIENT_WORKLOADS == SLOT_WORKLOADS && (int)CLIENT_OWN == SLOT_OWN,
              "a channel's queries go on its line");
static_assert(2 * CLIENT_CHANNELS + RESPONSE_ROWS_HALVES + RESPONSE_RATIO_HALVES ==
                  PROMETHEUS_MEMORY_HALVES,
              "what check says of memory is what is taken");
static_assert(CLIENT_FDS_MAX == TRANSFERS_FDS_MAX, "all of them reach a transfer");

static bool open_questions(struct client *client)
{
    for (enum client_channel channel = 0; channel < CLIENT_CHANNELS; channel++)
        if (!exchange_open(&client->channels[channel].exchange, client->settings, &client->session))
            return false;
    return true;
}

struct client *client_open(const struct prometheus_settings *settings, struct error *error)
{
    struct client *client = calloc(1, sizeof *client);
    if (client != NULL) {
        client->settings = settings;
        client->keeps_secrets = echo_is_possible(settings);
        if (open_questions(client))
            client->transfers = transfers_open(settings);
    }
    if (client == NULL || client->transfers == NULL) {
        client_close(client);
        error_set(error, "cannot start libcurl: not enough memory");
        return NULL;
    }
    if (getrandom(&client->name, sizeof client->name, GRND_NONBLOCK) != sizeof client->name)
        client->name = (uint64_t)clock_realtime_ms() << 22 ^ (uint64_t)getpid();
    return client;
}

static void close_channel(struct channel *channel)
{
    exchange_close(&channel->exchange);
    echo_wipe(&channel->sent);
}

void client_close(struct client *client)
{
    if (client == NULL)
        return;
    transfers_close(client->transfers);
    for (enum client_channel channel = 0; channel < CLIENT_CHANNELS; channel++)
        close_channel(&client->channels[channel]);
    token_wipe(&client->session.token);
    free(client);
}

void client_name_question(struct client *client, char ask[static CLIENT_ASK_SIZE])
{
    client->name++;
    for (int digit = 0; digit < CLIENT_ASK_SIZE - 1; digit++)
        ask[digit] = "0123456789abcdef"[client->name >> (60 - 4 * digit) & 15];
    ask[CLIENT_ASK_SIZE - 1] = '\0';
}

bool client_busy(const struct client *client, enum client_channel channel)
{
    return client->channels[channel].step != STEP_REST;
}

bool client_asks_by_get(const struct client *client)
{
    return client->session.get;
}

bool client_distrusts(const struct client *client, enum client_channel channel)
{
    return client->channels[channel].distrusted;
}

bool client_notice(struct client *client, struct error *notice)
{
    const long status = client->session.refused;
    client->session.refused = 0;
    if (status == 0)
        return false;
    error_set(notice,
              "the server refuses POST (HTTP %ld) and answers GET: GET is used from now on; "
              "http_method: GET does so from the start",
              status);
    return true;
}

/* Nothing is under way for this question any more. */
static void forget(struct client *client, struct channel *channel)
{
    transfers_forget(client->transfers, (enum slot)(channel - client->channels));
    exchange_forget(&channel->exchange);
}

void client_cancel(struct client *client, enum client_channel which)
{
    struct channel *channel = &client->channels[which];
    transfers_cancel(client->transfers, (enum slot)which);
    if (channel->step == STEP_TOKEN) {
        transfers_cancel(client->transfers, SLOT_TOKEN);
        transfers_forget(client->transfers, SLOT_TOKEN);
    }
    forget(client, channel);
    echo_wipe(&channel->sent);
    channel->step = STEP_REST;
}

void client_rest(struct client *client, enum client_channel which)
{
    if (!client_busy(client, which))
        transfers_rest(client->transfers, (enum slot)which);
}

static void end(struct client *client, struct channel *channel, enum client_event event)
{
    forget(client, channel);
    channel->step = STEP_OVER;
    channel->event = event;
}

/* Who fetches a token; NULL: nobody. */
static const struct channel *fetcher_of(const struct client *client)
{
    for (enum client_channel channel = 0; channel < CLIENT_CHANNELS; channel++)
        if (client->channels[channel].step == STEP_TOKEN)
            return &client->channels[channel];
    return NULL;
}

static void send_message(struct client *client, struct channel *channel, enum next next)
{
    struct message message;
    int64_t now_ms = clock_monotonic_ms();
    bool token = next == NEXT_TOKEN;
    enum slot slot = token ? SLOT_TOKEN : (enum slot)(channel - client->channels);
    enum fault fault = FAULT_MEMORY;
    if (client->keeps_secrets)
        echo_add(&channel->sent, client->settings, &channel->exchange.secrets,
                 secret_text(&client->session.token.text));
    if (exchange_message(&channel->exchange, next, &message, &channel->peer))
        fault = transfers_send(client->transfers, slot, &message, channel->end_ms - now_ms);
    if (fault == FAULT_NONE) {
        channel->step = token ? STEP_TOKEN : STEP_QUERY;
        channel->sent_ms = now_ms;
        return;
    }
    if (token)
        transfers_forget(client->transfers, SLOT_TOKEN);
    error_set(&channel->error, "not enough memory to ask Prometheus");
    if (fault == FAULT_NAME)
        fault_set(fault, client->settings, &channel->peer, "", &channel->error);
    end(client, channel, CLIENT_FAILED);
}

/* Does what the question says. */
static void go_on(struct client *client, struct channel *channel, enum next next)
{
    const struct channel *fetcher = next == NEXT_TOKEN ? fetcher_of(client) : NULL;
    switch (next) {
    case NEXT_TOKEN:
    case NEXT_QUERY:
        if (fetcher == NULL) {
            send_message(client, channel, next);
            return;
        }
        channel->step = STEP_QUEUE;
        channel->peer = fetcher->peer;
        return;
    case NEXT_PAUSE:
        channel->step = STEP_PAUSE;
        channel->pause_end_ms = clock_monotonic_ms() + EXCHANGE_PAUSE_MS;
        return;
    case NEXT_ANSWER:
        end(client, channel, CLIENT_ANSWER);
        return;
    case NEXT_FAILURE:
        end(client, channel, CLIENT_FAILED);
        return;
    }
}

bool client_ask(struct client *client, enum client_channel which, const char *query,
                const char *ask, struct error *error)
{
    struct channel *channel = &client->channels[which];
    int64_t now_ms = clock_monotonic_ms();
    assert(channel->step == STEP_REST);
    channel->trouble = CLIENT_TROUBLE_OTHER;
    assert(strspn(ask, "0123456789abcdef") == CLIENT_ASK_SIZE - 1 &&
           ask[CLIENT_ASK_SIZE - 1] == '\0');
    channel->end_ms = now_ms + prometheus_timeout_ms(client->settings);
    go_on(client, channel, exchange_begin(&channel->exchange, query, ask, now_ms, &channel->error));
    if (channel->step != STEP_OVER)
        return true;
    *error = channel->error;
    channel->step = STEP_REST;
    return false;
}

/* The token server has answered, and gives none: not to the other question either. */
static void refuse_queue(struct client *client, const struct error *error)
{
    for (enum client_channel which = 0; which < CLIENT_CHANNELS; which++) {
        struct channel *channel = &client->channels[which];
        if (channel->step != STEP_QUEUE)
            continue;
        channel->error = *error;
        end(client, channel, CLIENT_FAILED);
    }
}

static enum client_trouble trouble_of(const struct outcome *outcome)
{
    const enum fault fault = outcome->fault;
    if (fault == FAULT_NAME || fault == FAULT_PROXY_NAME || fault == FAULT_UNREACHABLE ||
        fault == FAULT_CONNECT_TIMEOUT)
        return CLIENT_TROUBLE_WAY;
    return fault_is_early(fault, outcome->reason) ? CLIENT_TROUBLE_CLOCK : CLIENT_TROUBLE_OTHER;
}

enum client_trouble client_trouble(const struct client *client, enum client_channel channel)
{
    return client->channels[channel].trouble;
}

/* The place in the sentence is none that the config names. */
static void name_redirect(const struct client *client, struct error *error)
{
    char place[HTTP_FROM_SIZE];
    url_place(client->settings->url, place, sizeof place);
    error_prefix(error, "%s redirects elsewhere", place);
}

/* Where the server itself has led to may hold what was sent to it. */
static void hide_redirect(const struct client *client, struct channel *channel)
{
    char place[HTTP_FROM_SIZE];
    if (!echo_holds(&channel->sent, channel->error.text))
        return;
    url_place(client->settings->url, place, sizeof place);
    error_set(&channel->error,
              "%s redirects to an address that holds what is kept secret; set url to where "
              "Prometheus is",
              place);
}

static void note_redirect(struct channel *channel)
{
    struct http_answer *answer = &channel->answer;
    url_place(channel->peer.url, answer->from, sizeof answer->from);
    exchange_moved(&channel->exchange, answer->moved, sizeof answer->moved);
    if (channel->exchange.redirects > 0 &&
        (echo_holds(&channel->sent, answer->from) || echo_holds(&channel->sent, answer->moved))) {
        snprintf(answer->from, sizeof answer->from, "another address");
        answer->moved[0] = '\0';
    }
}

/* What a finished transfer means for its question. */
static enum next judge(struct client *client, struct channel *channel,
                       const struct outcome *outcome)
{
    struct exchange *exchange = &channel->exchange;
    const struct http_answer *answer = &outcome->answer;
    int64_t now_ms = clock_monotonic_ms();
    channel->distrusted = fault_is_distrust(outcome->fault, outcome->reason);
    if (outcome->fault != FAULT_NONE) {
        channel->trouble = trouble_of(outcome);
        fault_set(outcome->fault, client->settings, &channel->peer, outcome->reason,
                  &channel->error);
        if (channel->step == STEP_QUERY && exchange->redirects > 0)
            name_redirect(client, &channel->error);
        return exchange_broken(exchange, outcome->fault);
    }
    if (channel->step == STEP_TOKEN) {
        enum next next = exchange_token(exchange, answer, &channel->sent, now_ms, &channel->error);
        if (next == NEXT_FAILURE)
            refuse_queue(client, &channel->error);
        return next;
    }
    channel->answer = *answer;
    channel->answer.sent_ms = channel->sent_ms;
    channel->answer.get = exchange->get;
    channel->answer.anonymous = !prometheus_says_who(client->settings);
    channel->answer.repeats = echo_holds;
    channel->answer.sent = &channel->sent;
    if (answer->status == 401 || answer->status == 403)
        reason_read(&channel->answer, channel->answer.reason);
    note_redirect(channel);
    exchange->compress = answer->length >= COMPRESS_FROM_BYTES;
    return exchange_answered(exchange, answer->status, outcome->redirect, now_ms, &channel->error);
}

static void take_outcome(struct client *client, enum slot slot, const struct outcome *outcome)
{
    struct channel *channel = &client->channels[CLIENT_WORKLOADS];
    while (slot == SLOT_TOKEN ? channel->step != STEP_TOKEN : channel != &client->channels[slot])
        channel++;
    enum next next = judge(client, channel, outcome);
    if (next == NEXT_FAILURE && channel->exchange.redirects > 0)
        hide_redirect(client, channel);
    if (slot == SLOT_TOKEN)
        transfers_forget(client->transfers, slot);
    channel->step = STEP_REST; /* it fetches no more */
    go_on(client, channel, next);
}

/* The other channel's token is there, or will not come, or this question's time is over. */
static void leave_queue(struct client *client, struct channel *channel, int64_t now_ms)
{
    if (now_ms >= channel->end_ms) {
        fault_set(FAULT_TIMEOUT, client->settings, &channel->peer, "", &channel->error);
        end(client, channel, CLIENT_FAILED);
    } else if (fetcher_of(client) == NULL) {
        go_on(client, channel, exchange_share_token(&channel->exchange, now_ms));
    }
}

/* Takes what has ended, and goes on with what has waited; true: somebody has an event. */
static bool collect(struct client *client)
{
    enum slot slot;
    struct outcome outcome;
    bool over = false;
    while (transfers_take(client->transfers, &slot, &outcome))
        take_outcome(client, slot, &outcome);
    int64_t now_ms = clock_monotonic_ms();
    for (enum client_channel which = 0; which < CLIENT_CHANNELS; which++) {
        struct channel *channel = &client->channels[which];
        if (channel->step == STEP_PAUSE && now_ms >= channel->pause_end_ms)
            go_on(client, channel, exchange_resume(&channel->exchange, now_ms, &channel->error));
        if (channel->step == STEP_QUEUE)
            leave_queue(client, channel, now_ms);
        over |= channel->step == STEP_OVER;
    }
    return over;
}

/* How long at most to sleep: timeout_ms, or until a channel's wait is over. */
static int nap_ms(const struct client *client, int timeout_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t nap = timeout_ms;
    for (enum client_channel which = 0; which < CLIENT_CHANNELS; which++) {
        const struct channel *channel = &client->channels[which];
        if (channel->step != STEP_PAUSE && channel->step != STEP_QUEUE)
            continue;
        bool pause = channel->step == STEP_PAUSE;
        int64_t left = (pause ? channel->pause_end_ms : channel->end_ms) - now_ms;
        left = left > 0 ? left : 0;
        nap = nap < 0 || left < nap ? left : nap;
    }
    return (int)nap;
}

/* The next event; the channel after it is heard first next time. */
static enum client_event give_event(struct client *client, enum client_channel *which,
                                    struct http_answer *answer, struct error *error)
{
    for (unsigned i = 0; i < CLIENT_CHANNELS; i++) {
        enum client_channel turn = (client->turn + i) % CLIENT_CHANNELS;
        struct channel *channel = &client->channels[turn];
        if (channel->step != STEP_OVER)
            continue;
        channel->step = STEP_REST;
        client->turn = (turn + 1) % CLIENT_CHANNELS;
        *which = turn;
        if (channel->event == CLIENT_ANSWER)
            *answer = channel->answer;
        else
            *error = channel->error;
        return channel->event;
    }
    return CLIENT_NOTHING;
}

/* The answers before have been judged. */
static void forget_what_was_heard(struct client *client)
{
    for (enum client_channel which = 0; client->keeps_secrets && which < CLIENT_CHANNELS; which++)
        if (client->channels[which].step == STEP_REST)
            echo_wipe(&client->channels[which].sent);
}

enum client_event client_wait(struct client *client, struct pollfd fds[], size_t count,
                              int timeout_ms, enum client_channel *channel,
                              struct http_answer *answer, struct error *error)
{
    forget_what_was_heard(client);
    bool over = collect(client);
    transfers_sleep(client->transfers, fds, count, over ? 0 : nap_ms(client, timeout_ms));
    collect(client);
    return give_event(client, channel, answer, error);
}
