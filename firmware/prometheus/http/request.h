/*
 * What one request to the query API carries: its form, its headers, its credentials. Inside
 * prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_REQUEST_H
#define AMBERBAR_PROMETHEUS_HTTP_REQUEST_H

#include "base/text.h"
#include "prometheus/http/secrets.h"

/* What is asked (application/x-www-form-urlencoded): the body of a POST. The server gets a second
   less than we have, so that its own word of a time-out arrives. `ask` is other text in each:
   Prometheus ignores a parameter that it does not know, and no cache that keys by the request can
   repeat an answer. */
void request_form(struct text *form, const char *query, const char *ask,
                  const struct prometheus_settings *settings);

/* extra_params, which stand in the address of a POST too: every back end reads them there, as it
   must for GET, and some read them nowhere else (OpenShift's tenancy port looks for `namespace`
   before it knows a body). In one place only, so that none is counted twice. */
void request_params(struct text *params, const struct prometheus_settings *settings);

/* Appends to an address "?" and what `params` and `form` (NULL: none) hold, in the order of their
   names and values, as AWS Signature Version 4 wants it; nothing where they are empty. */
void request_address(struct text *address, const struct text *params, const struct text *form);

/* A name and value more, each escaped; the "&" before it is added to all but the first. */
void request_add(struct text *form, const char *name, const char *value);

/* What any request of ours says, each a line that ends with a line feed; but none that is signed:
   libcurl 7.88 signs also what it is reported to leave out, and orders "Accept" behind
   "Accept-Encoding". */
void request_headers(struct text *lines, bool compress);

/* What only the origin of `url` may see: http_headers and Authorization. `token` is from oauth2, ""
   for none. */
void request_credentials(struct text *lines, const struct prometheus_settings *settings,
                         const struct secrets *secrets, const char *token);

/* What only a proxy may see, on CONNECT. */
void request_connect_headers(struct text *lines, const struct proxy_settings *proxy);

/* An Authorization line of the Basic scheme. */
void request_basic(struct text *lines, const char *username, const char *password);

/* The same of an OAuth2 client: RFC 6749 section 2.3.1 has both escaped as in a form before. */
void request_basic_of_client(struct text *lines, const char *id, const char *secret);

#endif
