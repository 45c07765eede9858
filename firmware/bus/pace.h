/*
 * Least times between the edges of a wire.
 */
#ifndef AMBERBAR_BUS_PACE_H
#define AMBERBAR_BUS_PACE_H

#include <stdint.h>

/* Returns no earlier than `us` microseconds from now; later by what the scheduler takes. */
void pace_us(int64_t us);

#endif
