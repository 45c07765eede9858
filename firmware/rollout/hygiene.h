/*
 * What must hold before a row is believed: fresh, whole, of one object only.
 */
#ifndef AMBERBAR_ROLLOUT_HYGIENE_H
#define AMBERBAR_ROLLOUT_HYGIENE_H

#include "rollout/workload.h"

/* The one row of a sight with rows to judge by; NULL, and `refused` says why there is none. */
const struct row *hygiene_choose(const struct sight *sight, const struct limits *limits,
                                 enum why *refused);

#endif
