/*
 * What happens to the workloads of a world: they are created, roll out, stall, lose pods, are
 * scaled and deleted, as their controllers do it.
 */
#ifndef AMBERBAR_TESTS_LAW_OBJECT_H
#define AMBERBAR_TESTS_LAW_OBJECT_H

#include "law/world.h"

void object_create(struct world *world, struct object *object);

/* The next thing happens, and it is set when another one does. */
void object_happens(struct world *world, struct object *object);

#endif
