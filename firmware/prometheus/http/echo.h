/*
 * What a server, or a proxy before it, repeats of what was sent to it: words that hold a secret of
 * ours are not passed on. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_ECHO_H
#define AMBERBAR_PROMETHEUS_HTTP_ECHO_H

#include "prometheus/http/secrets.h"

/* What was sent, and may come back. */
struct echo {
    const struct prometheus_settings *settings;
    const struct secrets *secrets;
    const char *token; /* of oauth2; "": none */
};

/* True when the beginning of these words, which is all that is ever shown, holds a short secret or
   8 bytes of a longer one, plain or as it stands in a header. `echo`: a struct echo. */
bool echo_holds(const void *echo, const char *words);

#endif
