/*
 * One question to Prometheus, from its secrets to its answer: which request comes next, and what is
 * in it. Redirects, fresh secrets after a refusal, tokens, GET where POST is refused. Inside
 * prometheus/ only; knows nothing of sockets, so that each rule can be tested without one.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_EXCHANGE_H
#define AMBERBAR_PROMETHEUS_HTTP_EXCHANGE_H

#include "prometheus/http/message.h"
#include "prometheus/http/oauth2.h"

#define QUESTION_PAUSE_MS 100 /* in which who writes two files has written the second */

enum next {
    NEXT_QUERY,   /* ask Prometheus */
    NEXT_TOKEN,   /* ask the token server */
    NEXT_PAUSE,   /* wait for QUESTION_PAUSE_MS, then question_resume() */
    NEXT_ANSWER,  /* what came is the answer */
    NEXT_FAILURE, /* there is none: error says why */
};

/* What all questions to one Prometheus share. Zero-initialise; token_wipe() the token at the end.
 */
struct session {
    struct token token;
    bool get; /* the server refuses POST; stays so */
};

struct question {
    const struct prometheus_settings *settings;
    struct session *session;
    struct text endpoint; /* <url>/api/v1/query */
    struct text target;   /* where the query goes now */
    struct text form;
    struct text headers, token_form, alias, lead; /* of the message */
    struct secrets secrets, fresh;                /* as sent; as read again */
    unsigned token_number;                        /* of the token that was sent; 0: none */

    bool get;      /* its query is in the URL */
    bool compress; /* set by who saw a large answer */
    bool fetched;  /* the token was fetched for it */
    bool retried;  /* it was sent again with fresh secrets */
    bool paused;   /* certificate and key were read again */
    bool strayed;  /* redirected to another origin: credentials stay behind */
    int redirects; /* of this question */
};

/* `settings` and `session` outlive it. False: no memory. */
bool question_open(struct question *question, const struct prometheus_settings *settings,
                   struct session *session);
void question_close(struct question *question);

/* Begins with fresh secrets. `ask` tells this question from all others. Returns NEXT_QUERY,
   NEXT_TOKEN or NEXT_FAILURE. */
enum next question_begin(struct question *question, const char *query, const char *ask,
                         int64_t now_ms, struct error *error);

/* What is to be sent for NEXT_QUERY or NEXT_TOKEN, and to whom; valid until the next call with the
   same question. False: no memory. */
bool question_message(struct question *question, enum next next, struct message *message,
                      struct peer *peer);

/* An answer came to NEXT_QUERY; `redirect`: where it points to, NULL for nowhere. */
enum next question_answered(struct question *question, long status, const char *redirect,
                            int64_t now_ms, struct error *error);

/* An answer came to NEXT_TOKEN. */
enum next question_token(struct question *question, const struct http_answer *http, int64_t now_ms,
                         struct error *error);

/* Instead of NEXT_TOKEN, once a token that another question has fetched is there, or will not come:
   NEXT_QUERY or NEXT_TOKEN. */
enum next question_share_token(struct question *question, int64_t now_ms);

/* The transport broke, in either: NEXT_PAUSE when reading the files again may help. */
enum next question_broken(struct question *question, enum fault fault);

/* After the pause. */
enum next question_resume(struct question *question, int64_t now_ms, struct error *error);

/* Wipes what was read for this question; the token is kept. */
void question_forget(struct question *question);

#endif
