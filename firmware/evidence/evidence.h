/*
 * What is remembered of one Prometheus as a witness: its clock, and the sources it has shown. (What
 * is remembered of each workload stands in its proof.) The caller's; zero-initialised is empty.
 */
#ifndef AMBERBAR_EVIDENCE_EVIDENCE_H
#define AMBERBAR_EVIDENCE_EVIDENCE_H

#include "evidence/clock.h"
#include "evidence/source.h"

struct evidence {
    struct evidence_clock clock;
    struct source_ledger ledger;
};

#endif
