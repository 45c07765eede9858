/*
 * A Deployment of four pods in the namespace shop, as Prometheus shows it.
 */
#ifndef TESTS_DAEMON_FOUR_PODS_H
#define TESTS_DAEMON_FOUR_PODS_H

#include "evidence/row.h"

/* With so many new pods; all that are there are available. `name` outlives the row. */
struct row four_pods(const char *name, int64_t now_ms, int64_t generation, int64_t updated);

#endif
