/*
 * Answers of the HTTP API, judged from the outside in: transport, status, one complete JSON object,
 * its `status`, its resultType, its rows. Whatever is not explicitly good is an error with one
 * clear sentence and never a verdict. No I/O here: bytes in, rows out.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_RESPONSE_H
#define AMBERBAR_PROMETHEUS_ANSWER_RESPONSE_H

#include "base/error.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "prometheus/promql/labels.h"
#include "rollout/rollout.h"

/* How soon to ask again after a failure. */
enum retry {
    RETRY_BACK_OFF, /* 1 s doubling to 30 s: it may heal by itself */
    RETRY_SLOWLY,   /* 30 s at once: somebody has to change something (bad query, bad password) */
};

#define CONTENT_TYPE_SIZE 96
#define HTTP_FROM_SIZE 128
#define HTTP_REASON_SIZE 200

/* How refusals and faults end that may heal by themselves; who asks once only cuts it off. */
#define RETRY_WORDS "; asking again"
void retry_words_cut(struct error *error);

/* One complete HTTP answer. */
struct http_answer {
    long status;                          /* 200, 503 ... */
    char content_type[CONTENT_TYPE_SIZE]; /* "" when there was none */
    bool stopping;                        /* header X-Prometheus-Stopping was there */
    int64_t retry_after_ms; /* header Retry-After as a delay; -1 when there was none */
    int64_t age_ms;         /* header Age: since a cache has it; 0 when there was none; what is no
                               number of seconds, or too large a one, counts as 68 years */
    int64_t date_ms;        /* header Date, since 1970; -1 when there was none, it is no date, or
                               questions have a nonce and nobody needs it */
    int64_t sent_ms; /* monotonic: when its request was begun, before any connection was made */
    char from[HTTP_FROM_SIZE];  /* host:port, as refusals begin; "": not said */
    char moved[HTTP_FROM_SIZE]; /* the address that url redirects to, as url might say it; "": to
                                   none, or to one that does not fit or may hold a secret */
    bool get;                   /* its question was in the address */
    bool anonymous;             /* its question did not say who asks */
    /* What the server says of a 401 or 403: printable, and without a secret of ours; "": nothing */
    char reason[HTTP_REASON_SIZE];
    const char *body; /* decoded; need not end with NUL */
    size_t length;
    /* Whether words of the server repeat a secret that was sent, and are not passed on. NULL: none
       was. */
    bool (*repeats)(const void *sent, const char *words);
    const void *sent;
};

/* Why an answer was refused. */
struct refusal {
    struct error error;
    enum retry retry;
    bool authentication; /* 401 or 403 */
    enum evidence_fault fault;
};

/*
 * Memory: what is kept of an answer takes at most so many halves of its bytes, and a little. An
 * honest one's takes half of that; one that is made to hurt is refused.
 */
#define RESPONSE_ROWS_HALVES 3
#define RESPONSE_RATIO_HALVES 2
#define RESPONSE_FLOOR_BYTES ((size_t)256 * 1024)

/* Decoded rows and all memory behind them, used again poll after poll. Zero-initialise. */
struct rows;
struct rows *rows_new(void); /* NULL: no memory */
void rows_free(struct rows *rows);
void rows_rest(struct rows *rows); /* gives back what was large; what was read is gone */

/* What an answer about workloads is the answer to. */
struct asked {
    const char
        *namespace_;      /* the labels of identity and origin, from the config: "namespace" ... */
    struct labels labels; /* ... but of kinds that have their own */
    const char *cluster;  /* "cluster"; "" for none */
    size_t selections;    /* of the query; each series says its own where there are several */
    const struct selection *list; /* by their index: plain names are checked; NULL: none are */
    bool
        recorded; /* the series are those of recording rules, which have a label `kind` of theirs */
    const char *nonce; /* the question's own, which its answer repeats; NULL: none */
};

/*
 * Reads the answer to query_workloads(). `answer` points into `rows` and is valid until the next
 * call with the same `rows`. kind_alive is set for kinds that have rows.
 */
bool response_workloads(const struct http_answer *http, const struct asked *asked,
                        struct rows *rows, struct answer *answer, struct refusal *refusal);

/* Fills `refusal` for an answer without its question's nonce; returns false. */
bool response_refuse_repeat(struct refusal *refusal);

/* A remark worth a log line on what response_workloads() read last (warnings of the server, a hint
   that `namespace_label` is wrong); "" when there is none. Valid until it reads again. */
const char *response_remark(const struct rows *rows);

/* The kinds (KIND_BIT) among the rows that it read last of which a target's label stands in the
   place of that of the namespace, or of the name: the exporter's own is there as exported_<label>.
 */
unsigned response_exported_namespaces(const struct rows *rows);
unsigned response_exported_names(const struct rows *rows);

/* Reads the answer to query_canary() into the kind_alive, the witnesses and the
   canary_ms of `answer`, and its spread. */
bool response_canary(const struct http_answer *http, const struct asked *asked,
                     const struct missed_sources *missed, struct answer *answer,
                     struct refusal *refusal);

/* The series of an answer that count: those whose label has exactly this value. */
struct choice {
    const char *label, *value;
};

/* Reads the answer to a user's own query: vector or scalar. `choice` NULL: all of it counts. */
bool response_ratio(const struct http_answer *http, struct rows *rows, const struct choice *choice,
                    struct ratio_answer *answer, struct refusal *refusal);

/* The members of those names in an answer's outer object, numbers as whole ones; what is not there
   stays "". False when the body is no such object. */
bool response_members(const struct http_answer *http, const char *const names[],
                      struct text values[], size_t count);

#endif
