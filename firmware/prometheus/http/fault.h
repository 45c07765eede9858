/*
 * Why no answer came, in a sentence. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_FAULT_H
#define AMBERBAR_PROMETHEUS_HTTP_FAULT_H

#include "prometheus/settings/settings.h"

enum fault {
    FAULT_OTHER,
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
    FAULT_CA,                 /* tls_config has none that can be read */
    FAULT_CLIENT_CERTIFICATE, /* it cannot be read, or its key does not fit */
    FAULT_TLS,
    FAULT_PROXY_NAME,
    FAULT_PROXY, /* it refuses */
    FAULT_BODY_SIZE,
    FAULT_HEADER_SIZE,
    FAULT_MEMORY,
    FAULT_NONE, /* an answer came */
};

/* Whom a request went to: what it is, and the settings that lead there. */
struct peer {
    const char *name; /* "Prometheus" */
    const char *term; /* "url" */
    const char *tls;  /* "tls_config" */
    const char *url;
    const struct proxy_settings *proxy; /* on the way */
};

/* `reason` is what the transport itself says of it, perhaps "". Returns false. */
bool fault_set(enum fault fault, const struct prometheus_settings *settings,
               const struct peer *peer, const char *reason, struct error *error);

/* A certificate whose time is to come, by this machine's clock. */
bool fault_is_early(enum fault fault, const char *reason);
/* True for a certificate that is signed by nobody this machine trusts: a ca_file may help. */
bool fault_is_distrust(enum fault fault, const char *reason);

/* A redirect from `url` that ends the matter; `clause` goes on: "which ..." or "where ...".
   `target` NULL: too many of them. Returns false. */
bool fault_redirect(const char *url, const char *target, const char *clause, struct error *error);

#endif
