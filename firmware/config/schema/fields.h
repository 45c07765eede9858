/*
 * Maps of a file into structs, by tables. Every key that no table knows, every value that a key
 * cannot have, and every key that is missing is complained about at its place.
 */
#ifndef AMBERBAR_CONFIG_SCHEMA_FIELDS_H
#define AMBERBAR_CONFIG_SCHEMA_FIELDS_H

#include "base/field.h"
#include "config/schema/diagnose.h"

/* A key whose value is more than a field: a list, or words with a grammar of their own. */
struct section {
    const char *key; /* NULL ends a table */
    /* NULL: the caller has read it before. */
    void (*read)(const struct reading *reading, const struct node *node, void *settings);
    bool required;
    bool guarded;     /* as of a field */
    const char *hint; /* what to do when it is missing */
    const char *form; /* for the manual: what it takes; NULL: not in it */
    const char *help; /* for the manual, as of a field */
};

/* The keys of one map. */
struct keys {
    const struct field *fields; /* into `settings`, which begins as zeros; NULL: none */
    void *settings;
    const struct section *sections; /* read in the table's order, after the fields; NULL: none */
    void *section_settings;
};

/*
 * Reads a map into all of `groups`, together the keys that it may have. `node` NULL stands for a
 * map that was left out: settings get their fallbacks, nothing is required, and `reading` may be
 * NULL. Numbers and words that
 * are wrong keep their fallback.
 */
void fields_read(const struct reading *reading, const struct node *node, const struct keys groups[],
                 size_t count);

#endif
