/*
 * Which metrics (kind.h) rows are without.
 */
#ifndef AMBERBAR_EVIDENCE_LACKS_H
#define AMBERBAR_EVIDENCE_LACKS_H

#include "evidence/row.h"

/* Every metric of a kind. */
#define LACKS_ALL (~0u)

/* Those that the row does not have. */
unsigned lacks_of_row(const struct row *row);

/* Those of a set without which nothing is concluded. */
unsigned lacks_needed(enum workload_kind kind, unsigned lacks);

/* Those of a set that cost something, the needed ones first. */
size_t lacks_list(enum workload_kind kind, unsigned lacks,
                  const struct metric *list[static METRICS_MAX]);

/* The lacks that all rows of a kind share. Start it with lacks_begin(). */
struct lacks {
    size_t rows[KIND_COUNT];
    unsigned shared[KIND_COUNT];
};

struct lacks lacks_begin(void);
void lacks_note(struct lacks *lacks, const struct row *row);

/* What is shown falsely, though nothing that is needed is missing; in one sentence. False: nothing.
 */
bool lacks_remark(const struct lacks *lacks, char *out, size_t size);

#endif
