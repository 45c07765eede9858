/*
 * README's list of lights: the boards there are, by what one sees of them.
 */
#ifndef AMBERBAR_MANUAL_LIGHTS_H
#define AMBERBAR_MANUAL_LIGHTS_H

#include "config/config.h"

/* A line a kind of lights, as an item of a list: titles, each with its board's name. Kinds that no
   board is of are left out. False: a board cannot be read; it was said. */
bool lights_add(struct text *out);

#endif
