/*
 * A world in which recording rules count, evaluation by evaluation.
 */
#ifndef AMBERBAR_TESTS_EVIDENCE_COUNTING_H
#define AMBERBAR_TESTS_EVIDENCE_COUNTING_H

#include "evidence/whole.h"

#define T_MS INT64_C(1700000000000)
#define MAX_AGE_MS 90000

/* What recording rules have counted at `at_s`, and a poll just after. */
struct world {
    enum workload_kind kind; /* of all that is counted; a Deployment, if nothing else is said */
    struct whole whole;
    struct source_ledger ledger;
    struct survey survey;
    struct answer answer;
    struct whole_belief belief;
    int64_t now_ms;
};

int set_up(void **state); /* an empty one */

/* An evaluation of all rules at `t_s`, in which nothing is counted yet, and a poll just after. */
void evaluate(struct world *world, int64_t t_s);

void count(struct world *world, uint64_t id, int64_t rows, int64_t settled, int64_t unsettled);

enum doubt weigh(struct world *world, size_t total);

/* The ledger knows sources by an answer that shows them. */
void introduce_in(struct world *world, uint64_t id, int64_t now_ms, uint64_t cluster);
void introduce(struct world *world, uint64_t id, int64_t now_ms);

const char *said(const struct world *world);
void assert_words(const struct world *world, const char *words);

#endif
