/*
 * PromQL as a config file has it: what certainly is none. Prometheus has the last word on the rest.
 */
#ifndef AMBERBAR_CONFIG_SECTIONS_PROMQL_CHECK_H
#define AMBERBAR_CONFIG_SECTIONS_PROMQL_CHECK_H

#include "base/error.h"
#include "config/schema/diagnose.h"

#define PROMQL_CHECK_DEPTH_MAX 64 /* of what nests deeper nothing is said */

/*
 * False, with "has ...; what to do", when brackets or quotes are not closed, or not by their own
 * kind. What stands in strings and comments does not count.
 */
bool promql_check(const char *promql, struct error *error);

/* The value of `query:` in `map`, if it is there: complains when it is empty or promql_check()
   fails. `yields`: what it should, as in "PromQL that yields 0 to 1". */
void promql_check_query(const struct reading *reading, const struct node *map, const char *yields);

#endif
