/*
 * Names of namespaces and workloads as a config file gives them: a name of Kubernetes, or a regular
 * expression for Prometheus's =~ (RE2 syntax, anchored at both ends).
 */
#ifndef AMBERBAR_CONFIG_SECTIONS_PATTERN_H
#define AMBERBAR_CONFIG_SECTIONS_PATTERN_H

#include "base/error.h"

#include <stddef.h>

/*
 * False, with "what; what to do", when it can match nothing: a plain name that Kubernetes refuses
 * (longer than `max` characters, upper case), or an expression that RE2 certainly refuses.
 * Prometheus has the last word on the rest.
 */
bool pattern_check(const char *pattern, size_t max, struct error *error);

/* The same where a plain name may be any: a cluster's is not Kubernetes's. */
bool pattern_check_expression(const char *pattern, struct error *error);

#endif
