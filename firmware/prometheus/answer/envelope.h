/*
 * What an answer's series are wrapped in, and the series one by one. The only file that knows
 * cJSON. The series are parsed one after the other, each in the memory of the one before: what
 * grows with an answer is only what is kept of it. All that stands beside them, warnings and
 * errors, is parsed at once, before them. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_ENVELOPE_H
#define AMBERBAR_PROMETHEUS_ANSWER_ENVELOPE_H

#include "prometheus/answer/arena.h"
#include "prometheus/answer/json.h"
#include "prometheus/answer/response.h"
#include "prometheus/answer/series.h"

/* The most that may be taken for what stands beside the series, and for one of them: a bad server's
   may be of any shape, Prometheus's own take a hundredth of this. */
#define ENVELOPE_BYTES ((size_t)256 * 1024)
#define SERIES_BYTES ((size_t)256 * 1024)

/* Its strings are in the arena that it was opened with. */
struct envelope {
    const struct http_answer *http;
    const char *type;      /* resultType */
    bool is_list;          /* the result is an array */
    struct json_list list; /* that array */
    size_t at;             /* of the next series */
    size_t read;           /* of them, so far */
    const char *warning;   /* the first that means missing series; NULL: none */
    const char *note;      /* the first that is about the query itself; NULL: none */
    bool partial;
};

/* Judges an answer down to its result, in order: HTTP status, JSON, `status`, `data`. */
bool envelope_open(struct envelope *envelope, const struct http_answer *http, struct arena *arena,
                   struct refusal *refusal);

enum envelope_part {
    ENVELOPE_REFUSED, /* `refusal` says why */
    ENVELOPE_END,
    ENVELOPE_SERIES,
};

/* The next element of the result, as a series: its strings are in `scratch`, until the next call.
   A sample that cannot be used leaves its `value` NULL. */
enum envelope_part envelope_next(struct envelope *envelope, struct arena *scratch,
                                 struct series *series, struct refusal *refusal);

/* The result as one sample without labels; likewise. */
bool envelope_scalar(const struct envelope *envelope, struct arena *scratch, struct series *series,
                     struct refusal *refusal);

/* For an answer of which something found no room in `arena`; returns false. */
bool envelope_refuse_memory(const struct arena *arena, const struct http_answer *http,
                            struct refusal *refusal);

/* response_members() */
bool envelope_members(const struct http_answer *http, const char *const names[],
                      struct text values[], size_t count);

#endif
