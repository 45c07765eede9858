/*
 * The names that a config file gives to rollouts and indicators, and what refers to them.
 */
#ifndef AMBERBAR_CONFIG_SECTIONS_REFERENCES_H
#define AMBERBAR_CONFIG_SECTIONS_REFERENCES_H

#include "config/config.h"
#include "config/schema/diagnose.h"

enum referent { REFERENT_ROLLOUT, REFERENT_INDICATOR };

/*
 * Complains about a name that stands badly in a line of text, or that something of the config has
 * already: rollouts and indicators stand in one history. `index`: of its own list.
 */
void references_check_name(const struct reading *reading, const struct node *node,
                           const struct config *config, enum referent what, size_t index);

/* The index of what is called `name`; false: there is none, and `node` was complained about. */
bool references_find(const struct reading *reading, const struct node *node, const char *name,
                     const struct config *config, enum referent what, size_t *index);

#endif
