/*
 * A wall on which everything that can be told is to be told at once: three rollouts, of which one
 * is dimmed, one is the user's own query, and one has lost its exporter; an indicator that is
 * explained and one that is dimmed; a poll that has failed. What is written of it, in the status
 * file and among the metrics, stands beside this, whole.
 */
#ifndef TESTS_DAEMON_BAD_DAY_H
#define TESTS_DAEMON_BAD_DAY_H

#include "daemon/model.h"

#define BAD_DAY_MS INT64_C(600000)                 /* monotonic: now */
#define BAD_DAY_REALTIME_MS INT64_C(1700000000000) /* since 1970 */

/* To be stopped. */
void bad_day_start(struct model *model);

extern const struct poll_report bad_day_report;

/* Fails unless tests/daemon/NAME has this very text, which it prints otherwise. */
void expect_file(const char *name, const char *text);

#endif
