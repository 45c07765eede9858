/*
 * What must be known of URLs: where an origin ends, and whether two are the same. A URL
 * that prometheus_check() accepted has no user in it.
 *
 * curl_url() would parse more than this, on the heap, and decide again what is an origin: here one
 * is compared to the letter.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_URL_H
#define AMBERBAR_PROMETHEUS_HTTP_URL_H

#include "base/text.h"

/* The bytes of scheme://host[:port] in `url`. */
size_t url_origin_length(const char *url);

/* host[:port] of `url`, cut at `size`. */
void url_place(const char *url, char *place, size_t size);

/* Its host, an IPv6 address without the brackets, cut at `size`. */
void url_host(const char *url, char *host, size_t size);

/* Its port's text, cut at `size`; "" when it has none. */
void url_port(const char *url, char *port, size_t size);

/* True when `target` begins with the very origin of `url`. Stricter than to parse both: no two
   parsers can disagree about it. */
bool url_same_origin(const char *url, const char *target);

/* True when a user's name or a password may be in the URL. */
bool url_has_user(const char *url);

/* Appends the user and the password of an address, decoded as they are sent; false: it has none. */
bool url_user(const char *url, struct text *username, struct text *password);

/* The next character at `at`, of which `left` bytes follow, "%xx" decoded; `at` is then behind it.
 */
char url_next(const char **at, size_t left);

bool url_is_https(const char *url);
bool url_is_web(const char *url); /* it begins with http:// or https:// */

/* The same address under another host's name: scheme://name:port and what follows. */
void url_rename(struct text *out, const char *url, const char *name);

/* NAME:PORT:HOST:PORT, as libcurl takes it: who asks for that name at that port is led to the host
   of `url`. */
void url_connect_to(struct text *out, const char *url, const char *name);

/* True when nothing leaves this machine: localhost, 127.0.0.0/8, ::1. */
bool url_is_loopback(const char *url);

#endif
