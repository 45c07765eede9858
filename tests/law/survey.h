/*
 * What a server's survey says of the rows that it has: the world's own count of what is settled,
 * held to the words of evidence/kinds.h by eye, as the simulated stores of the system tests are by
 * PromQL. And the same by recording rules, which are evaluated one after the other, and fail.
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

/* What a rule has recorded. */
struct recorded {
    int64_t at_ms; /* the server's clock; 0: nothing yet */
    struct survey survey;
    struct listed_workloads listed;
    struct source_seen sources[WORLD_EXPORTERS_MAX];
    size_t source_count;
};

#define RULE_MOST_MS 200 /* one takes no longer */

/* The rules of a server, in one group. */
struct rules {
    struct recorded recorded[SURVEY_RULES];
    int64_t step_ms, begun_ms; /* between two evaluations; when the last one began */
    int64_t due_ms;            /* when `next` is evaluated */
    enum survey_rule next;
    unsigned failing; /* 1 << rule: what they recorded last stays as long as a store shows it */
    int64_t fault_due_ms;
    uint64_t seed;
};

void rules_begin(struct rules *rules, uint64_t seed, bool fail);

/* The next moment at which anything happens; and what is due at `world->now_ms`. */
int64_t rules_due_ms(const struct rules *rules);
void rules_happen(struct rules *rules, const struct world *world);

/* What a server with these rules answers now: that, and whose it is. */
void rules_survey(const struct rules *rules, const struct world *world, struct recorded *answer);

/* Does none fail, and will not for `ms`, and have all been evaluated? */
bool rules_are_whole(const struct rules *rules, const struct world *world, int64_t ms);

#endif
