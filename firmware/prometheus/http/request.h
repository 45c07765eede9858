/*
 * What one request to the query API carries: its form, its headers, its credentials. Inside
 * prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_REQUEST_H
#define AMBERBAR_PROMETHEUS_HTTP_REQUEST_H

#include "base/text.h"
#include "prometheus/http/secrets.h"

/* The body of the POST (application/x-www-form-urlencoded). The server gets a second less than we
   have, so that its own word of a time-out arrives. `ask` is other text in each: Prometheus ignores
   a parameter that it does not know, and no cache that keys by the request can repeat an answer. */
void request_form(struct text *form, const char *query, const char *ask,
                  const struct prometheus_settings *settings);

/* A name and value more, each escaped; the "&" before it is added to all but the first. */
void request_add(struct text *form, const char *name, const char *value);

/* A value as a form has it. */
void request_escape(struct text *out, const char *value);

/* What any request of ours says, each a line that ends with a line feed. */
void request_headers(struct text *lines, bool compress);

/* What only the origin of `url` may see: http_headers and Authorization. `token` is from oauth2, ""
   for none. */
void request_credentials(struct text *lines, const struct prometheus_settings *settings,
                         const struct secrets *secrets, const char *token);

/* What only a proxy may see, on CONNECT. */
void request_connect_headers(struct text *lines, const struct proxy_settings *proxy);

/* An Authorization line of the Basic scheme. */
void request_basic(struct text *lines, const char *username, const char *password);

/* Frees text that held a secret. */
void request_wipe(struct text *text);

#endif
