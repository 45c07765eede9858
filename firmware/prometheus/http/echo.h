/*
 * What a server, or a proxy before it, repeats of what was sent to it: words that hold a secret of
 * ours are not passed on. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_ECHO_H
#define AMBERBAR_PROMETHEUS_HTTP_ECHO_H

#include "base/text.h"
#include "prometheus/http/secrets.h"

/*
 * What was sent for one question: copies, for its answer is judged when the secrets themselves are
 * wiped or others. Zero-initialise; echo_wipe() it when the answer was heard.
 */
struct echo {
    struct text plain;  /* each ended by NUL: the secrets, and as headers have them */
    struct text folded; /* the same, folded as words are: see echo.c */
};

/* False: nothing of these settings is secret, and echo_add() would add nothing. */
bool echo_is_possible(const struct prometheus_settings *settings);

/* Adds what a message of these settings holds. `token`: of oauth2; "": none. */
void echo_add(struct echo *echo, const struct prometheus_settings *settings,
              const struct secrets *secrets, const char *token);
void echo_wipe(struct echo *echo);

/*
 * True when the beginning of these words, which is all that is ever shown, holds a short secret or
 * 8 bytes of a longer one: plain, as it stands in a header, escaped for an address, a form or a
 * text in quotes, in other letters (upper case, Latin-1 for UTF-8), or with what hides between its
 * characters. True as well where there was no memory to know. `echo`: a struct echo.
 */
bool echo_holds(const void *echo, const char *words);

#endif
