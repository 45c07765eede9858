#include "config/yaml/builder.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)16384)

/* Memory of the tree: filled from the front, freed as a whole. */
struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t bytes[];
};

static void *reserve(struct tree *tree, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct chunk *chunk = tree->chunks;
    if (chunk == NULL || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        chunk = malloc(sizeof *chunk + room);
        if (chunk == NULL)
            return NULL;
        *chunk = (struct chunk){.next = tree->chunks, .size = room};
        tree->chunks = chunk;
    }
    void *memory = (char *)chunk->bytes + chunk->used;
    chunk->used += size;
    return memory;
}

char *builder_keep(struct builder *builder, const char *bytes, size_t length)
{
    char *copy = reserve(builder->tree, length + 1);
    if (copy != NULL) {
        memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}

bool builder_refuse(struct builder *builder, struct mark mark, const char *sentence)
{
    complain(builder->complaints, builder->tree->name, mark.line, mark.column, "%s", sentence);
    return false;
}

bool builder_refuse_memory(struct builder *builder)
{
    complain(builder->complaints, builder->tree->name, 0, 0,
             "there is not enough memory to read it");
    return false;
}

bool builder_wants_key(const struct builder *builder)
{
    const struct open *open = builder->depth > 0 ? &builder->stack[builder->depth - 1] : NULL;
    return open != NULL && open->node.type == NODE_MAP && open->key == NULL;
}

void builder_take_key(struct builder *builder, const char *text, struct mark mark)
{
    struct open *open = &builder->stack[builder->depth - 1];
    open->key = text;
    open->key_mark = mark;
}

bool builder_add(struct builder *builder, struct node *node)
{
    if (builder->depth == 0) {
        builder->tree->root = *node;
        builder->rooted = true;
        return true;
    }
    struct open *open = &builder->stack[builder->depth - 1];
    if (open->node.count == open->capacity) {
        size_t capacity = open->capacity == 0 ? 8 : open->capacity * 2;
        struct node *items = reallocarray(open->items, capacity, sizeof *items);
        if (items == NULL)
            return builder_refuse_memory(builder);
        open->items = items;
        open->capacity = capacity;
    }
    node->key = open->key;
    node->key_line = open->key_mark.line;
    node->key_column = open->key_mark.column;
    open->key = NULL;
    open->items[open->node.count++] = *node;
    return true;
}

bool builder_open(struct builder *builder, enum node_type type, struct mark mark)
{
    if (builder_wants_key(builder)) {
        return builder_refuse(builder, mark,
                              "a key must be a word, not a list or a map; put quotes around "
                              "a value that begins with [ or {");
    }
    if (builder->depth == TREE_DEPTH_MAX) {
        return builder_refuse(builder, mark,
                              "lists and maps are nested too deeply; 64 levels are read");
    }
    builder->stack[builder->depth++] =
        (struct open){.node = {.type = type, .line = mark.line, .column = mark.column}};
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const struct node *left = *(const struct node *const *)a;
    const struct node *right = *(const struct node *const *)b;
    int order = strcmp(left->key, right->key);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Sorted, so that a map of very many keys costs no quadratic time. */
static bool check_duplicates(struct builder *builder, const struct node *map)
{
    const struct node **sorted = calloc(map->count + 1, sizeof *sorted);
    if (sorted == NULL)
        return builder_refuse_memory(builder);
    for (size_t i = 0; i < map->count; i++)
        sorted[i] = &map->children[i];
    qsort(sorted, map->count, sizeof(const struct node *), compare_keys);
    const struct node *first = sorted[0];
    for (size_t i = 1; i < map->count; i++) {
        if (strcmp(first->key, sorted[i]->key) != 0) {
            first = sorted[i];
            continue;
        }
        complain(builder->complaints, builder->tree->name, sorted[i]->key_line,
                 sorted[i]->key_column, "this key is given again, first in line %zu; keep one",
                 first->key_line);
    }
    free(sorted);
    return true;
}

bool builder_close(struct builder *builder)
{
    struct open *open = &builder->stack[builder->depth - 1];
    struct node node = open->node;
    if (node.count > 0) {
        node.children = reserve(builder->tree, node.count * sizeof node);
        if (node.children == NULL)
            return builder_refuse_memory(builder);
        memcpy(node.children, open->items, node.count * sizeof node);
    }
    free(open->items);
    builder->depth--;
    if (node.type == NODE_MAP && !check_duplicates(builder, &node))
        return false;
    return builder_add(builder, &node);
}

const struct node *tree_root(const struct tree *tree)
{
    return &tree->root;
}

const char *tree_name(const struct tree *tree)
{
    return tree->name;
}

void tree_free(struct tree *tree)
{
    if (tree == NULL)
        return;
    while (tree->chunks != NULL) {
        struct chunk *chunk = tree->chunks;
        tree->chunks = chunk->next;
        explicit_bzero(chunk->bytes, chunk->used);
        free(chunk);
    }
    free(tree);
}

const struct node *node_get(const struct node *map, const char *key)
{
    if (map == NULL || map->type != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->children[i].key, key) == 0)
            return &map->children[i];
    return NULL;
}
