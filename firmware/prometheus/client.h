/*
 * HTTP to one Prometheus: one question at a time on one kept-alive connection, never blocking. A
 * question may take several requests: a token first, redirects, fresh secrets after a refusal.
 * client_wait() is the one place where the daemon sleeps.
 */
#ifndef AMBERBAR_PROMETHEUS_CLIENT_H
#define AMBERBAR_PROMETHEUS_CLIENT_H

#include "base/error.h"
#include "prometheus/response.h"
#include "prometheus/settings.h"

#include <poll.h>

struct client; /* opaque */

/* `settings` must outlive the client. NULL on error. */
struct client *client_open(const struct prometheus_settings *settings, struct error *error);

/* Aborts what is under way, without waiting. NULL is fine. */
void client_close(struct client *client);

/* Starts POST <url>/api/v1/query with `query`. One at a time. False: not started (its secrets
   cannot be read). */
bool client_ask(struct client *client, const char *query, struct error *error);

enum client_event {
    CLIENT_NOTHING, /* nothing finished yet */
    CLIENT_ANSWER,  /* `answer` is complete; valid until the next client_ask() */
    CLIENT_FAILED,  /* no answer: `error` says why in words */
};

/* Sleeps until the transfer moves, one of `fds` is ready (revents is set), or timeout_ms passed;
   then moves the transfer. At most CLIENT_FDS_MAX of `fds`. */
#define CLIENT_FDS_MAX 8
enum client_event client_wait(struct client *client, struct pollfd fds[], size_t count,
                              int timeout_ms, struct http_answer *answer, struct error *error);

#endif
