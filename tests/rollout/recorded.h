/*
 * The stories that real controllers have written (recorded.json), open for the tests of a group.
 */
#ifndef TESTS_ROLLOUT_RECORDED_H
#define TESTS_ROLLOUT_RECORDED_H

#include "config/yaml/complaint.h"
#include "config/yaml/tree.h"

extern struct tree *recorded;
extern struct complaints recorded_complaints;

/* Of cmocka_run_group_tests(). */
int recorded_open(void **state);
int recorded_close(void **state);

#endif
