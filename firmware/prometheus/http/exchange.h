/*
 * One question to Prometheus, from its secrets to its answer: which request comes next, and what is
 * in it. Redirects, fresh secrets after a refusal, tokens, GET where POST is refused: with 405 or
 * 501 by a proxy, with 403 where POST means "create" (Kubernetes RBAC of services/proxy, and who
 * stands before Prometheus with the same roles). It is asked by GET once, and kept to when that is
 * answered. Inside
 * prometheus/ only; knows nothing of sockets, so that each rule can be tested without one.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_EXCHANGE_H
#define AMBERBAR_PROMETHEUS_HTTP_EXCHANGE_H

#include "prometheus/http/message.h"
#include "prometheus/http/oauth2.h"

#define EXCHANGE_PAUSE_MS 100 /* in which who writes two files has written the second */

enum next {
    NEXT_QUERY,   /* ask Prometheus */
    NEXT_TOKEN,   /* ask the token server */
    NEXT_PAUSE,   /* wait for EXCHANGE_PAUSE_MS, then exchange_resume() */
    NEXT_ANSWER,  /* what came is the answer */
    NEXT_FAILURE, /* there is none: error says why */
};

/* What all questions to one Prometheus share. Zero-initialise; token_wipe() the token at the end.
 */
struct session {
    struct token token;
    bool get;     /* asked by GET from the start, or since POST was refused; stays so */
    long refused; /* HTTP status of that refusal, until it is reported; 0: there is none */
};

struct exchange {
    const struct prometheus_settings *settings;
    struct session *session;
    struct text endpoint; /* <url>/api/v1/query */
    struct text target;   /* where the query goes now */
    struct text form;     /* what is asked; the address of a POST has extra_params alone */
    struct text params;   /* extra_params */
    struct text headers, token_form, sni_url, connect_to; /* of the message */
    struct secrets secrets, fresh;                        /* as sent; as read again */
    struct signature signature;
    unsigned token_number; /* of the token that was sent; 0: none */

    bool get;          /* its query is in the URL */
    long refused;      /* HTTP status by which POST was refused; 0: it was not */
    bool compress;     /* set by who saw a large answer */
    bool fetched;      /* the token was fetched for it */
    bool retried;      /* it was sent again with fresh secrets */
    bool paused;       /* certificate and key were read again */
    bool cross_origin; /* redirected to another origin: credentials stay behind */
    int redirects;     /* of this question */
};

/* `settings` and `session` outlive it. False: no memory. */
bool exchange_open(struct exchange *exchange, const struct prometheus_settings *settings,
                   struct session *session);
void exchange_close(struct exchange *exchange);

/* Begins with fresh secrets. `ask` tells this question from all others. Returns NEXT_QUERY,
   NEXT_TOKEN or NEXT_FAILURE. */
enum next exchange_begin(struct exchange *exchange, const char *query, const char *ask,
                         int64_t now_ms, struct error *error);

/* What is to be sent for NEXT_QUERY or NEXT_TOKEN, and to whom; valid until the next call with the
   same question. False: no memory. */
bool exchange_message(struct exchange *exchange, enum next next, struct message *message,
                      struct peer *peer);

/* An answer came to NEXT_QUERY; `redirect`: where it points to, NULL for nowhere. */
enum next exchange_answered(struct exchange *exchange, long status, const char *redirect,
                            int64_t now_ms, struct error *error);

/* Where redirects have led, without what the query adds; "": nowhere, or where a secret may be in
   it. */
void exchange_moved(const struct exchange *exchange, char *out, size_t size);

/* An answer came to NEXT_TOKEN; `sent`: what it may repeat. */
enum next exchange_token(struct exchange *exchange, const struct http_answer *http,
                         const struct echo *sent, int64_t now_ms, struct error *error);

/* Instead of NEXT_TOKEN, once a token that another question has fetched is there, or will not come:
   NEXT_QUERY or NEXT_TOKEN. */
enum next exchange_share_token(struct exchange *exchange, int64_t now_ms);

/* The transport broke, in either: NEXT_PAUSE when reading the files again may help. */
enum next exchange_broken(struct exchange *exchange, enum fault fault);

/* After the pause. */
enum next exchange_resume(struct exchange *exchange, int64_t now_ms, struct error *error);

/* Wipes what was read for this question; the token is kept. */
void exchange_forget(struct exchange *exchange);

#endif
