/*
 * Do the sources stay that a selection was counted by? Of those that do not: who makes up for them
 * (whole.h has the rules).
 */
#ifndef AMBERBAR_EVIDENCE_STAYS_H
#define AMBERBAR_EVIDENCE_STAYS_H

#include "evidence/whole.h"

/* Drops what is explained of the sources that are not counted any more; the first that is not. Of
   counts that have room for all sources. */
const struct whole_source *stays_find_lost(struct whole *whole, const struct whole_sight *sight);

/* Of counts of which nothing is lost: these are known from now on. */
void stays_note(struct whole *whole, const struct whole_sight *sight);

#endif
