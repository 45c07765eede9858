/*
 * Rows for tests of evidence/, in virtual time.
 */
#ifndef AMBERBAR_TESTS_EVIDENCE_ROWS_H
#define AMBERBAR_TESTS_EVIDENCE_ROWS_H

#include "evidence/proof.h"

#define S INT64_C(1000)
#define ZERO_S INT64_C(1700000000) /* Prometheus's clock at monotonic 0, in seconds */
#define ZERO (ZERO_S * S)
#define MAX_AGE (90 * S)

extern const struct proof_limits rows_limits; /* MAX_AGE; forget_after is 300 s */

/* All 3 pods are new and available; whole, of any kind; of source 1, sampled at ZERO. */
struct row rows_whole(enum workload_kind kind);

/* A Deployment's (generation, observed), of the sample at that second, of that source. */
struct shown {
    uint64_t source;
    int64_t sample_s, generation, observed;
    int64_t created; /* 0: not exported; OF_1970: at the start of that year */
};
#define OF_1970 INT64_C(-1)

struct row rows_shown(const struct shown *shown);

/* A count of a row, set to something else; `name` NULL ends a list. */
struct edit {
    const char *name;
    size_t offset;
    int64_t value;
};
#define EDITS_MAX 7
#define SET(field, value)                            \
    {                                                \
#field, offsetof(struct row, field), (value) \
    }

void rows_apply(struct row *row, const struct edit edits[EDITS_MAX]);

const char *rows_doubt(enum doubt doubt); /* in a word */

#endif
