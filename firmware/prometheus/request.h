/*
 * What one request to the query API carries: its form, its headers, its credentials. Inside
 * prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_REQUEST_H
#define AMBERBAR_PROMETHEUS_REQUEST_H

#include "base/text.h"
#include "prometheus/client.h"

/* The body of the POST (application/x-www-form-urlencoded). The server gets a second less than we
   have, so that its own word of a time-out arrives. */
void request_form(struct text *form, const char *query, int64_t timeout_ms);

/* The file that holds the password or the credentials, and the setting that names it; "" for none.
 */
const char *request_secret_file(const struct prometheus_settings *settings, const char **term);

/* All headers, each a line that ends with a line feed. `secret`: what the secret's file holds. */
void request_headers(struct text *lines, const struct prometheus_settings *settings,
                     const char *secret, bool compress);

/* Frees text that held a secret. */
void request_wipe(struct text *text);

#endif
