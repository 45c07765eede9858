/*
 * Tokens of the client credentials grant (RFC 6749 section 4.4): how one is asked for, and how long
 * it is good. Inside prometheus/ only; knows nothing of sockets.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_OAUTH2_H
#define AMBERBAR_PROMETHEUS_HTTP_OAUTH2_H

#include "base/text.h"
#include "prometheus/answer/response.h"
#include "prometheus/http/echo.h"

#define TOKEN_EARLY_MS INT64_C(30000) /* so long before it expires a token is not used any more */
#define TOKEN_LIFE_MAX_MS (INT64_C(24) * 3600 * 1000) /* whatever expires_in says */
#define TOKEN_ANSWER_MAX_BYTES 65536

struct token {
    struct secret text;
    struct secret client_secret; /* that it was given for */
    int64_t expires_ms;          /* monotonic */
    unsigned number;             /* of the token, from 1; stays when it is wiped */
    bool in_form; /* this server takes the client's secret in the form, not as Basic */
};

/* True when it can be sent. */
bool token_is_fresh(const struct token *token, int64_t now_ms);

/* The request's form and its Authorization line, if it has one. */
void token_request(const struct token *token, const struct oauth2_settings *settings,
                   const struct secrets *secrets, struct text *form, struct text *headers);

/* Takes the answer to that client secret. False: there is no token, and `error` says why; but not
   in words that repeat what was sent. */
bool token_take(struct token *token, const struct http_answer *http, const struct secret *secret,
                const struct echo *sent, int64_t now_ms, struct error *error);

void token_wipe(struct token *token); /* and remembers what the server takes */

#endif
