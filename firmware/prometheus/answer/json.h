/*
 * What is wrong with a JSON text before a parser sees it: the things that the parser would accept,
 * or would need too much stack for.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_JSON_H
#define AMBERBAR_PROMETHEUS_ANSWER_JSON_H

#include <stddef.h>

#define JSON_DEPTH_MAX 64 /* an answer nests 5 deep; cJSON would recurse 1000 deep */

enum json_flaw {
    JSON_NO_FLAW,
    JSON_NO_OBJECT,  /* does not begin with '{' */
    JSON_BOM,        /* begins with a byte order mark */
    JSON_NUL,        /* holds a NUL, raw or as \u0000: it would cut a string short */
    JSON_TOO_DEEP,   /* nests deeper than JSON_DEPTH_MAX */
    JSON_ENDS_EARLY, /* the object is not closed */
    JSON_GOES_ON,    /* something follows the object */
};

enum json_flaw json_flaw(const char *bytes, size_t length);

/* What is said of a body with that flaw; of one without, that only the parser found one. */
const char *json_flaw_words(enum json_flaw flaw);

#endif
