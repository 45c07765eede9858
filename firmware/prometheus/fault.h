/*
 * Why no answer came, in a sentence. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_FAULT_H
#define AMBERBAR_PROMETHEUS_FAULT_H

#include "prometheus/client.h"

enum fault {
    FAULT_NONE,
    FAULT_NAME,        /* it does not resolve */
    FAULT_REFUSED,     /* nothing listens */
    FAULT_UNREACHABLE, /* no way there */
    FAULT_CONNECT_TIMEOUT,
    FAULT_TIMEOUT,
    FAULT_CLOSED,     /* the connection was closed before any answer */
    FAULT_INCOMPLETE, /* ... within one */
    FAULT_ENCODING,   /* corrupt or unknown compression */
    FAULT_NOT_HTTP,
    FAULT_CERTIFICATE,
    FAULT_CA_FILE,
    FAULT_TLS,
    FAULT_BODY_SIZE,
    FAULT_HEADER_SIZE,
    FAULT_MEMORY,
    FAULT_OTHER,
};

/* `reason` is what the transport itself says of it, perhaps "". Returns false. */
bool fault_set(enum fault fault, const struct prometheus_settings *settings, const char *reason,
               struct error *error);

/* A redirect from `url` that is not followed; `target` NULL: too many of them. Returns false. */
bool fault_redirect(const char *url, const char *target, struct error *error);

#endif
