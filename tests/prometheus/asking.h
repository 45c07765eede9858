/*
 * A client put to the test: its settings, and one whole request.
 */
#ifndef AMBERBAR_TESTS_PROMETHEUS_ASKING_H
#define AMBERBAR_TESTS_PROMETHEUS_ASKING_H

#include "prometheus/http/client.h"
#include "prometheus/server.h"

#define ASKING_PATIENCE_MS 10000
#define ASK "0123456789abcdef"

/* http://127.0.0.1:<port>/prom/, a timeout long enough never to matter, 64 KiB at most. */
struct prometheus_settings asking_settings(int port);

/* Waits for the end of a request, for at most ten seconds. */
enum client_event asking_finish(struct client *client, enum client_channel *channel,
                                struct http_answer *answer, struct error *error);

/* Starts a question on a channel; fails the test when it cannot. */
void asking_start(struct client *client, enum client_channel channel, const char *query);

/* Asks for "up" and waits. */
enum client_event asking(struct client *client, struct http_answer *answer, struct error *error);

/* A test's fixture: a server, a client that asks it, and what came of it. */
struct exchange {
    struct server *server;
    struct prometheus_settings settings;
    struct client *client;
    enum client_channel channel; /* whose event was the last */
    struct http_answer answer;
    struct error error;
    char secret[64]; /* a file */
};

int exchange_set_up(void **state);
int exchange_tear_down(void **state);

void exchange_serve(struct exchange *exchange, const struct reply replies[], size_t count);
void exchange_open(struct exchange *exchange);
void exchange_expect(struct exchange *exchange, long status); /* asks; fails on any other status */
void exchange_was_sent(const struct exchange *exchange, const char *words);
void exchange_was_not_sent(const struct exchange *exchange, const char *words);

/* What each channel is asked for, and the bodies that the tests answer with: "web", "own". */
extern const char *const exchange_queries[CLIENT_CHANNELS];

void exchange_start(struct exchange *exchange, enum client_channel channel);
void exchange_start_both(struct exchange *exchange);

/* The next event; fails when none comes. */
enum client_event exchange_hear(struct exchange *exchange);

/* The next event is that this channel is answered, with its own query's body; that it has failed,
   with these words. */
void exchange_expect_answer(struct exchange *exchange, enum client_channel channel);
void exchange_expect_failure(struct exchange *exchange, enum client_channel channel,
                             const char *words);

/* Both end so, in whatever order; `words` NULL: they are answered. */
void exchange_expect_both(struct exchange *exchange, const char *words);

/* Moves the transfers until a reply was given so often; nothing ends meanwhile. */
void exchange_until_given(struct exchange *exchange, size_t reply, size_t times);

#endif
