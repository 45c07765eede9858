/*
 * What amberbar itself does, in Prometheus's text format (version 0.0.4), for node_exporter's
 * textfile collector: who watches the wall can be watched. Names are part of the program's
 * interface; they may be added, never changed. Times are exported, not ages: a file that is not
 * written any more must not look fresh.
 */
#ifndef AMBERBAR_DAEMON_METRICS_H
#define AMBERBAR_DAEMON_METRICS_H

#include "daemon/model.h"
#include "daemon/outputs.h"

/* Since the start; a reload goes on counting. */
struct metrics {
    uint64_t polls, failures[POLL_FAILURE_COUNT];
};

struct metrics_view {
    const struct metrics *metrics;
    const struct model *model;
    const struct poll_report *report;
    const struct outputs *outputs;
    bool reload_failed;  /* the last one */
    int64_t now_ms;      /* monotonic */
    int64_t realtime_ms; /* since 1970 */
};

/* Counts one finished round. */
void metrics_count(struct metrics *metrics, const struct poll_report *report);

void metrics_render(const struct metrics_view *view, struct text *out);

#endif
