/*
 * What it means that an answer lacks a member of a rollout: absence needs a witness (W2).
 *
 * The witness is the source that showed it, when it is there; or its successor, an exporter that
 * was restarted under other labels. That it is one is known by the other members: all that were
 * last seen with the one that is gone stand under it, and under it alone. It is not known of a few,
 * for what has come may be a shard, and another one has not come: it takes along its share, which
 * of nine workloads is a single one in two of a hundred cases. Nor is it known of the only one of
 * its namespace: exporters are split by namespaces, too.
 */
#ifndef AMBERBAR_ROLLOUT_ABSENCE_H
#define AMBERBAR_ROLLOUT_ABSENCE_H

#include "rollout/rollout.h"

/* Members that a successor shows, to speak for one that it does not. */
#define ABSENCE_OTHERS_MIN 8

/* Who says that a member is not there; NULL: nobody does. */
const struct source_seen *absence_witness(const struct rollout *rollout,
                                          const struct answer *answer,
                                          const struct workload *member);

enum sight_kind absence_kind(const struct answer *answer, const struct workload *member,
                             const struct source_seen *witness);

/* Of the rows that an answer has of a member: is none of the one of the two sources that showed it
   otherwise (proof.h)? */
bool absence_of_rival(const struct workload *member, const struct row rows[], size_t count,
                      size_t index);

/* One that is there, and does not show it any more, has no other object of the name. */
void absence_follow_rivals(struct workload *member, const struct answer *answer,
                           const struct row rows[], size_t count);

#endif
