/*
 * The keys that a map has, against those that it may have.
 */
#ifndef AMBERBAR_CONFIG_SCHEMA_KEYS_H
#define AMBERBAR_CONFIG_SCHEMA_KEYS_H

#include "config/schema/fields.h"

/* Complains about every key that none of `groups` knows. */
void keys_check(const struct reading *reading, const struct node *map, const struct keys groups[],
                size_t count);

/* True when a map lacks this key of `groups`, and no mistyped one stands for it. */
bool keys_lack(const struct node *map, const char *key, const struct keys groups[], size_t count);

/* True, with a complaint, when `node` should be a map and is a key and its value in one word:
   "brightness:50%" is a key to YAML only with a space after its colon. */
bool keys_run_together(const struct reading *reading, const struct node *node,
                       const struct keys groups[], size_t count);

#endif
