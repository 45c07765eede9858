/*
 * What is left for a state whose look is too near to another one: measured with all that
 * test_distinct asks, for every look that it could have.
 */
#ifndef AMBERBAR_TESTS_PICTURE_FREE_LOOKS_H
#define AMBERBAR_TESTS_PICTURE_FREE_LOOKS_H

#include "rollout/verdict.h"

/* Prints the hues and fills, and the hues and rhythms of lamps, with which it would be told from
 * all others if the rest of its look stays as it is. A test that calls it is linked with
 * --wrap=look_of_verdict. */
void free_looks_print(enum state state);

#endif
