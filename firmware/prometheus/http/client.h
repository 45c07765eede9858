/*
 * HTTP to one Prometheus, never blocking: one question at a time on each of two channels, side by
 * side, with one kept-alive connection for each channel that is used. A question may take several
 * requests: a token first, redirects, fresh secrets after a refusal. client_wait() is the one place
 * where the daemon sleeps.
 *
 * A channel is on its own in all that can go wrong: time-outs, refusals, redirects, secrets that
 * are read again. Shared is what the server is known for: the OAuth2 token, which is fetched once
 * for both, and that POST is refused.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_CLIENT_H
#define AMBERBAR_PROMETHEUS_HTTP_CLIENT_H

#include "base/error.h"
#include "prometheus/answer/response.h"
#include "prometheus/settings/settings.h"

#include <poll.h>

struct client; /* opaque */

enum client_channel {
    CLIENT_WORKLOADS,
    CLIENT_OWN, /* the config's own queries, of rollouts and indicators */
    CLIENT_CHANNELS
};

/* `settings` must outlive the client. NULL on error. */
struct client *client_open(const struct prometheus_settings *settings, struct error *error);

/* Aborts what is under way, without waiting. NULL is fine. */
void client_close(struct client *client);

/* A name for one question, that none before had: 16 digits of [0-9a-f]. */
#define CLIENT_ASK_SIZE 17
void client_name_question(struct client *client, char ask[static CLIENT_ASK_SIZE]);

/* Starts POST, or GET, of <url>/api/v1/query with `query` and amberbar_ask=`ask` (16 digits of
   [0-9a-f]; other ones for each question). One at a time on a channel. False: not started (its
   secrets cannot be read). */
bool client_ask(struct client *client, enum client_channel channel, const char *query,
                const char *ask, struct error *error);

/* From client_ask() until client_wait() gives how it ended. */
bool client_busy(const struct client *client, enum client_channel channel);

/* Aborts the channel's question, if there is one, without waiting; nothing more is heard of it. */
void client_cancel(struct client *client, enum client_channel channel);

/* Lets go of the channel's last answer, if it is not asked again already; what was large goes back
   to the system. */
void client_rest(struct client *client, enum client_channel channel);

/* True when questions stand in the address (GET), where they may be too long for a server. */
bool client_asks_by_get(const struct client *client);

/* True when the channel's last question failed because the certificate is signed by nobody this
   machine trusts: a ca_file may help. */
bool client_distrusts(const struct client *client, enum client_channel channel);

/* True once, when POST turned out to be refused and GET to be answered: `notice` is worth a line.
 */
bool client_notice(struct client *client, struct error *notice);

enum client_event {
    CLIENT_NOTHING, /* nothing finished yet */
    CLIENT_ANSWER,  /* `answer` is complete; valid until the channel is asked again */
    CLIENT_FAILED,  /* no answer: `error` says why in words */
};

/* Of a question that failed: what it may be due to, beside what its error says. */
enum client_trouble {
    CLIENT_TROUBLE_OTHER,
    CLIENT_TROUBLE_WAY,   /* no name, or no way there: is there a network at all? */
    CLIENT_TROUBLE_CLOCK, /* by this machine's clock its certificate is not valid yet */
};
enum client_trouble client_trouble(const struct client *client, enum client_channel channel);

/*
 * Sleeps until a transfer moves, one of `fds` is ready (revents is set), or timeout_ms passed; then
 * moves the transfers. At most CLIENT_FDS_MAX of `fds`. One event a call, and `channel` is whose it
 * is; where both channels have one, the other's comes next, at once. They take turns.
 */
#define CLIENT_FDS_MAX 8
enum client_event client_wait(struct client *client, struct pollfd fds[], size_t count,
                              int timeout_ms, enum client_channel *channel,
                              struct http_answer *answer, struct error *error);

#endif
