/*
 * The sources of evidence (evidence/source.h) as those know them who watch the wall: by a name of
 * their own each, and whether one is missed. A source that is not present any more is missed as
 * long as a workload is unknown because of that; one that was succeeded, or whose workloads have
 * left, is nobody's loss.
 */
#ifndef AMBERBAR_DAEMON_WITNESS_H
#define AMBERBAR_DAEMON_WITNESS_H

#include "daemon/model.h"

struct witness {
    char name[SOURCE_TEXT_SIZE]; /* no two of a kind have the same; printable */
    enum workload_kind kind;
    bool present;    /* in the newest whole answer about it */
    bool missed;     /* it is not, and workloads are unknown for that */
    int64_t last_ms; /* monotonic: when an answer was asked for that showed it */
    double newest_s; /* the age of its newest sample, by Prometheus's clock; NAN: not known */
};

/* The source at this place of the ledger, below SOURCES_MAX. False: there is none. */
bool witness_at(const struct model *model, size_t place, int64_t now_ms, struct witness *witness);

#endif
