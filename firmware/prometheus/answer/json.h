/*
 * What is wrong with a JSON text before a parser sees it: the things that the parser would accept,
 * or would need too much stack for. And where its largest part stands, so that the parser need not
 * see all of it at once.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_JSON_H
#define AMBERBAR_PROMETHEUS_ANSWER_JSON_H

#include <stdbool.h>
#include <stddef.h>

#define JSON_DEPTH_MAX 64 /* an answer nests 5 deep; cJSON would recurse 1000 deep */

enum json_flaw {
    JSON_NO_OBJECT,  /* does not begin with '{' */
    JSON_BOM,        /* begins with a byte order mark */
    JSON_NUL,        /* holds a NUL, raw or as \u0000: it would cut a string short */
    JSON_TOO_DEEP,   /* nests deeper than JSON_DEPTH_MAX */
    JSON_ENDS_EARLY, /* the object is not closed */
    JSON_GOES_ON,    /* something follows the object */
    JSON_NO_FLAW,    /* so far: a parser may find one */
};

/* The array data.result: what stands between its brackets. */
struct json_list {
    size_t start, end; /* of its bytes; the bracket that closes it is at `end` */
    size_t count;      /* elements, by their commas; 0: none, or no such array */
};

/* `list` is only good where there is no flaw, and the rest of the text keeps the grammar. A name
   that is written with escapes is not recognized: Prometheus writes none. */
enum json_flaw json_flaw(const char *bytes, size_t length, struct json_list *list);

bool json_has_list(const struct json_list *list); /* was there such an array? */

/* The first byte from `at` on that is no white space; `end` when there is none before it. */
size_t json_skip_space(const char *bytes, size_t at, size_t end);

/* What is said of a body with that flaw; of one without, that only the parser found one. */
const char *json_flaw_words(enum json_flaw flaw);

#endif
