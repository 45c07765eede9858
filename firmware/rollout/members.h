/*
 * The table of a rollout's members: sorted by kind, cluster, namespace and name (and, for a query,
 * the hash of its labels), so that a poll finds each of its workloads by bisection.
 */
#ifndef AMBERBAR_ROLLOUT_MEMBERS_H
#define AMBERBAR_ROLLOUT_MEMBERS_H

#include "rollout/rollout.h"

struct identity {
    struct workload_key key;
    uint64_t ratio_id;
};

/* Among the first `sorted` members. NULL: not there. */
struct workload *members_find(struct rollout *rollout, size_t sorted,
                              const struct identity *identity);

/* Appends, unsorted. NULL when there is no room, which is counted in `dropped`. */
struct workload *members_add(struct rollout *rollout, const struct identity *identity,
                             int64_t now_ms);

/* The order of the table: below 0, 0 or above 0. */
int members_compare(const struct workload *member, const struct workload_key *key);

struct workload_key members_key(const struct workload *member);
void members_sort(struct rollout *rollout);

/* Takes a verdict into a member: its state's age, its weight, the time that is left. */
void members_take(const struct rollout *rollout, struct workload *member,
                  const struct verdict *verdict, int64_t now_ms);

/*
 * A member that was asked for by name and of which nothing is known takes the place of a workload
 * of its name in these rows, whichever cluster that is in.
 */
void members_adopt(struct rollout *rollout, const struct row rows[], size_t count);

/*
 * Removes what is gone and, after a survey, what is settled and counts in no bar. Of what was asked
 * for by name the last one stays: as long as it is seen in another cluster, that one takes the name
 * over.
 */
void members_sweep(struct rollout *rollout);

/*
 * True when something of the rollout is not known that its members would tell: some had no room, or
 * the survey cannot be trusted. `why` then says why.
 */
bool members_lack(const struct rollout *rollout, enum why *why);

bool member_is_settled(const struct workload *member);

/* The number of rows at the beginning of `rows` that are of one workload. */
size_t members_group(const struct row rows[], size_t count);

#endif
