/*
 * What a server's survey says of the rows that it has: the world's own count of what is settled,
 * held to the words of evidence/kinds.h by eye, as the simulated stores of the system tests are by
 * PromQL.
 */
#ifndef AMBERBAR_TESTS_LAW_SURVEY_H
#define AMBERBAR_TESTS_LAW_SURVEY_H

#include "law/world.h"

/* What a survey lists: rows that are not settled. */
struct listed_workloads {
    struct listed list[WORLD_ROWS_MAX];
    size_t count;
};

void survey_of_answer(const struct world_answer *answer, struct survey *survey,
                      struct listed_workloads *listed);

#endif
