/*
 * A YAML document as a tree whose nodes know where they stand. The only file that knows libyaml.
 * Refused with a sentence each: more than one document, aliases and anchors, tags, merge keys,
 * duplicate keys, keys that are no scalars, more than 1 MiB, more than 100000 values, nesting
 * deeper than 64, NUL, invalid UTF-8.
 */
#ifndef AMBERBAR_CONFIG_YAML_TREE_H
#define AMBERBAR_CONFIG_YAML_TREE_H

#include "config/yaml/complaint.h"

#define TREE_BYTES_MAX ((size_t)1024 * 1024)
#define TREE_DEPTH_MAX 64
#define TREE_VALUES_MAX 100000 /* some 10 MB of nodes */

enum node_type { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_type type;
    size_t line, column; /* from 1 */
    const char *key;     /* in a map: this entry's key; else NULL */
    size_t key_line, key_column;
    const char *text;      /* NODE_SCALAR: UTF-8 without NUL */
    bool plain;            /* NODE_SCALAR: written without quotes (null, true, 5) */
    bool broken;           /* complained about already (an alias): pass over it in silence */
    struct node *children; /* NODE_LIST items, NODE_MAP values, `count` of them */
    size_t count;
};

struct tree; /* opaque: owns all nodes and their text */

/*
 * NULL, with a complaint, when nothing can be made of it. A tree may come with complaints too
 * (duplicate keys, aliases), so that errors in the rest of the file are found in the same reading:
 * the document is good when there is a tree and `complaints->count` did not grow.
 */
struct tree *tree_read_file(const char *path, struct complaints *complaints);
struct tree *tree_read_text(const char *name, const char *bytes, size_t length,
                            struct complaints *complaints);
const struct node *tree_root(const struct tree *tree);
const char *tree_name(const struct tree *tree);
void tree_free(struct tree *tree); /* wipes the text first: it may hold secrets; NULL is fine */

const struct node *node_get(const struct node *map, const char *key); /* NULL when not there */

#endif
