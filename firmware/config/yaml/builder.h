/*
 * How a tree of nodes grows, front to back, without recursion. Part of tree.c: it knows nothing of
 * YAML, and tree.c alone uses it.
 */
#ifndef AMBERBAR_CONFIG_YAML_BUILDER_H
#define AMBERBAR_CONFIG_YAML_BUILDER_H

#include "config/yaml/tree.h"

struct mark { /* from 1 */
    size_t line, column;
};

struct tree {
    struct chunk *chunks; /* memory of all that follows */
    const char *name;
    struct node root;
};

/* A list or map whose end was not reached yet. */
struct open {
    struct node node;
    struct node *items; /* what it holds so far; copied to the tree at its end */
    size_t capacity;
    const char *key; /* in a map: the key whose value comes next, or NULL */
    struct mark key_mark;
};

struct builder {
    struct tree *tree;
    struct complaints *complaints;
    struct open stack[TREE_DEPTH_MAX];
    size_t depth;
    size_t values;
    bool rooted; /* the root is complete */
};

/* `return builder_refuse(...)`: complains at a mark and gives up the document. */
bool builder_refuse(struct builder *builder, struct mark mark, const char *sentence);
bool builder_refuse_memory(struct builder *builder);

/* A copy that lives as long as the tree; NULL: no memory. */
char *builder_keep(struct builder *builder, const char *bytes, size_t length);

/* True when the next scalar is a key. */
bool builder_wants_key(const struct builder *builder);
void builder_take_key(struct builder *builder, const char *text, struct mark mark);

/* A scalar to the innermost open list or map, or to the root. */
bool builder_add(struct builder *builder, struct node *node);

bool builder_open(struct builder *builder, enum node_type type, struct mark mark);
bool builder_close(struct builder *builder);

#endif
