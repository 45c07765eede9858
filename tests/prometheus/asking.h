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
struct talk {
    struct server *server;
    struct prometheus_settings settings;
    struct client *client;
    enum client_channel channel; /* whose event was the last */
    struct http_answer answer;
    struct error error;
    char secret[64]; /* a file */
};

int talk_set_up(void **state);
int talk_tear_down(void **state);

void talk_serve(struct talk *talk, const struct reply replies[], size_t count);
void talk_open(struct talk *talk);
void talk_expect(struct talk *talk, long status); /* asks; fails on any other status */
void talk_was_sent(const struct talk *talk, const char *words);
void talk_was_not_sent(const struct talk *talk, const char *words);

/* What each channel is asked for, and the bodies that the tests answer with: "web", "own". */
extern const char *const talk_queries[CLIENT_CHANNELS];

void talk_start(struct talk *talk, enum client_channel channel);
void talk_start_both(struct talk *talk);

/* The next event; fails when none comes. */
enum client_event talk_hear(struct talk *talk);

/* The next event is that this channel is answered, with its own query's body; that it has failed,
   with these words. */
void talk_expect_answer(struct talk *talk, enum client_channel channel);
void talk_expect_failure(struct talk *talk, enum client_channel channel, const char *words);

/* Both end so, in whatever order; `words` NULL: they are answered. */
void talk_expect_both(struct talk *talk, const char *words);

/* Moves the transfers until a reply was given so often; nothing ends meanwhile. */
void talk_until_given(struct talk *talk, size_t reply, size_t times);

#endif
