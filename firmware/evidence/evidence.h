/*
 * What is remembered of one Prometheus as a witness: its clock, and the sources it has shown. (What
 * is remembered of each workload stands in its proof.) The caller's; zero-initialised is empty.
 */
#ifndef AMBERBAR_EVIDENCE_EVIDENCE_H
#define AMBERBAR_EVIDENCE_EVIDENCE_H

#include "evidence/clock.h"
#include "evidence/source.h"

/* Why an answer was refused for what it proves. */
enum evidence_fault {
    EVIDENCE_OTHER,    /* for something else */
    EVIDENCE_REPEATED, /* it is the answer to another question (N1) */
    EVIDENCE_FOREIGN,  /* it speaks of what was not asked for (O1) */
    EVIDENCE_UNPROVEN, /* nothing proves yet that it is new (N3) */
    EVIDENCE_CLOCK,    /* its time does not add up (N2) */
    EVIDENCE_FAULT_COUNT
};

struct evidence {
    struct evidence_clock clock;
    struct source_ledger ledger;
    uint64_t refused[EVIDENCE_FAULT_COUNT]; /* answers, since the start */
};

#endif
