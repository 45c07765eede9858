/*
 * Why an answer that is no result is refused, in one sentence: by its HTTP status, or by the error
 * that Prometheus itself reports.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_REFUSAL_H
#define AMBERBAR_PROMETHEUS_ANSWER_REFUSAL_H

#include "prometheus/answer/response.h"

/* What the body says, when it is Prometheus's own JSON; NULL for what it does not say. */
struct reported {
    const char *type; /* errorType: "bad_data" ... */
    const char *text; /* error */
};

/* Words of the server that may be passed on: these, or others in their place where they repeat a
   secret of ours. NULL stays NULL. */
const char *words_of(const struct http_answer *http, const char *words);

/* Fills `refusal` for a status that is not 2xx; returns false. */
bool refuse_status(const struct http_answer *http, struct reported reported,
                   struct refusal *refusal);

/* The same for a body of "status":"error", whatever the HTTP status is. */
bool refuse_reported(const struct http_answer *http, struct reported reported,
                     struct refusal *refusal);

/* For a body that is no JSON object. `flaw` says why in a few words. */
bool refuse_body(const struct http_answer *http, const char *flaw, struct refusal *refusal);

/* For anything else: any sentence. */
bool refuse(struct refusal *refusal, enum retry retry, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
