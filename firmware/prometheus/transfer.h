/*
 * Single HTTP transfers, one at a time, never blocking; connections are kept. The only file that
 * knows libcurl. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_TRANSFER_H
#define AMBERBAR_PROMETHEUS_TRANSFER_H

#include "base/text.h"
#include "prometheus/fault.h"
#include "prometheus/response.h"
#include "prometheus/secret.h"

#include <poll.h>

/* What a handle is for: each has TLS and proxy settings of its own. */
enum line { LINE_QUERY, LINE_TOKEN, LINES };

struct message {
    const char *url;
    const char *lead;         /* NAME:PORT:HOST:PORT (url_lead()); NULL: url has the host */
    const struct text *form;  /* to POST; NULL: GET */
    const struct text *lines; /* headers, each with a line feed */
    const struct secret *ca, *cert, *key; /* PEM; must stay until transfers_forget() */
};

struct outcome {
    enum fault fault; /* FAULT_NONE: `answer` is there */
    const char *reason;
    struct http_answer answer; /* valid until the next transfer on the same line */
    const char *redirect;      /* where it points to; NULL: nowhere */
    int64_t spent_ms;
};

struct transfers; /* opaque */

/* NULL: no memory. `settings` must outlive it. */
struct transfers *transfers_open(const struct prometheus_settings *settings);

/* Aborts what is under way, without waiting. NULL is fine. */
void transfers_close(struct transfers *transfers);

/* False: no memory. */
bool transfers_send(struct transfers *transfers, enum line line, const struct message *message,
                    int64_t timeout_ms);

/* Sleeps until something moves, one of `fds` is ready (revents is set), or timeout_ms passed; true:
   the transfer is over. At most TRANSFERS_FDS_MAX of `fds`. */
#define TRANSFERS_FDS_MAX 8
bool transfers_wait(struct transfers *transfers, struct pollfd fds[], size_t count, int timeout_ms,
                    struct outcome *outcome);

/* Wipes and lets go of the secrets of the last messages, and of the last token's answer. */
void transfers_forget(struct transfers *transfers);

#endif
