/*
 * A YAML document as a tree whose nodes know where they stand. The only file that knows libyaml.
 * Refused with a sentence each: more than one document, aliases and anchors, tags, merge keys,
 * duplicate keys, keys that are no scalars, more than 1 MiB, nesting deeper than 64, NUL, invalid
 * UTF-8.
 */
#ifndef AMBERBAR_CONFIG_TREE_H
#define AMBERBAR_CONFIG_TREE_H

#include "config/complaint.h"

enum node_type { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_type type;
    size_t line, column; /* from 1 */
    const char *key;     /* in a map: this entry's key; else NULL */
    size_t key_line, key_column;
    const char *text;      /* NODE_SCALAR */
    bool plain;            /* NODE_SCALAR: written without quotes (null, true, 5) */
    struct node *children; /* NODE_LIST items, NODE_MAP values, `count` of them */
    size_t count;
};

struct tree; /* opaque: owns all nodes and their text */

struct tree *tree_read_file(const char *path, struct complaints *complaints); /* NULL: complaints */
struct tree *tree_read_text(const char *name, const char *bytes, size_t length,
                            struct complaints *complaints);
const struct node *tree_root(const struct tree *tree);
const char *tree_name(const struct tree *tree);
void tree_free(struct tree *tree);

const struct node *node_get(const struct node *map, const char *key); /* NULL when not there */

#endif
