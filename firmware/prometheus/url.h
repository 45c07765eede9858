/*
 * What must be known of URLs: where an origin ends, and whether two are the same. Inside
 * prometheus/ only; a URL that prometheus_check() accepted has no user in it.
 */
#ifndef AMBERBAR_PROMETHEUS_URL_H
#define AMBERBAR_PROMETHEUS_URL_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of scheme://host[:port] in `url`. */
size_t url_origin_length(const char *url);

/* host[:port] of `url`, cut at `size`. */
void url_place(const char *url, char *place, size_t size);

/* True when `target` begins with the very origin of `url`. Stricter than to parse both: no two
   parsers can disagree about it. */
bool url_same_origin(const char *url, const char *target);

/* True when nothing leaves this machine: localhost, 127.0.0.0/8, ::1. */
bool url_is_loopback(const char *url);

#endif
