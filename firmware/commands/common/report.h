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
 * transitions. False, and said on standard error: there was no memory for all of it.
 */
bool report_print(const struct node *status, FILE *to);

/* EXIT_STATUS_OK, _MOVING, _TROUBLE or _UNKNOWN, by the worst rollout; indicators do not count. */
int report_exit_status(const struct node *status);

/* The text of a scalar in a map, or "" when there is none. */
const char *report_text(const struct node *map, const char *key);

#endif
