/*
 * A status object (daemon/status.h) for people, and as an exit status: what `once` and `status`
 * have in common.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_REPORT_H
#define AMBERBAR_COMMANDS_COMMON_REPORT_H

#include "config/yaml/tree.h"

#include <stdio.h>

/*
 * Prints rollouts, workloads that are not settled, indicators, the picture, and the newest
 * transitions if they are wanted (of one answer there are none to report). False, and said on
 * standard error: there was no memory for all of it.
 */
bool report_print(const struct node *status, bool with_history, FILE *to);

/* EXIT_STATUS_OK, _MOVING, _TROUBLE or _UNKNOWN, by the worst rollout; indicators do not count. */
int report_exit_status(const struct node *status);

/* The text of a scalar in a map, or "" when there is none. */
const char *report_text(const struct node *map, const char *key);

/* Likewise a list and a map in it, or empty ones. */
const struct node *report_list(const struct node *map, const char *key);
const struct node *report_map(const struct node *map, const char *key);

/* By the clock on the wall of whoever asks, with its zone, for other logs have another; "" when it
   is no time. */
void report_time(const char *rfc3339, char *out, size_t size);

#endif
