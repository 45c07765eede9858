/*
 * Which of the metrics that are there make a good indicator, and from which thresholds on it is
 * bad. Pure.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_SUGGEST_H
#define AMBERBAR_COMMANDS_SETUP_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a metric is called as PromQL writes it without quotes: [a-zA-Z_:][a-zA-Z0-9_:]*. No other
   is suggested: its name would be part of a query and of the config. */
bool suggest_takes(const char *metric);

/*
 * How much a histogram of seconds, or a counter of requests, says of how users fare: 0 for what a
 * cluster's own machinery measures of itself, the more the better. Names are those that client
 * libraries, ingress controllers and service meshes export.
 */
int suggest_rank(const char *metric);

struct thresholds {
    double warning, critical;
};

/*
 * `high`: what 99 of 100 values of the last day stayed below. A day like that must not alarm, so
 * orange begins half as much above it, rounded up to a number that a person would write, and red at
 * twice that. `most`: what it can be at all, 1 for a share; 0: anything. `least`: below that,
 * nobody cares.
 */
struct thresholds suggest_thresholds(double high, double least, double most);

#endif
