#include "prometheus/answer/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)16 * 1024) /* ten workloads fit in one */
#define ALIGNMENT sizeof(uint64_t)

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    uint64_t bytes[];
};

void arena_reset(struct arena *arena, size_t limit)
{
    arena->current = arena->first;
    if (arena->first != NULL)
        arena->first->used = 0;
    arena_limit(arena, limit);
}

void arena_limit(struct arena *arena, size_t limit)
{
    arena->left = limit / ALIGNMENT * ALIGNMENT;
    arena->exceeded = false;
}

size_t arena_held(const struct arena *arena)
{
    size_t held = 0;
    for (const struct arena_block *block = arena->first; block != NULL; block = block->next)
        held += sizeof *block + block->size;
    return held;
}

static void free_chain(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_rest(struct arena *arena)
{
    struct arena_block *first = arena->first;
    if (first == NULL || first->size > BLOCK_BYTES) {
        arena_free(arena);
        return;
    }
    free_chain(first->next);
    first->next = NULL;
    arena_reset(arena, 0);
}

/* The next block of the chain when it is large enough, else a new one: as large as all that is
   held, so that their number stays small. */
static struct arena_block *next_block(struct arena *arena, size_t size)
{
    struct arena_block *after = arena->current == NULL ? NULL : arena->current->next;
    if (after == NULL || after->size < size) {
        size_t wanted = arena->current == NULL ? BLOCK_BYTES : arena->current->size * 2;
        if (wanted < size)
            wanted = size;
        struct arena_block *block = malloc(sizeof *block + wanted);
        if (block == NULL)
            return NULL;
        block->size = wanted;
        block->next = after;
        after = block;
        if (arena->current == NULL)
            arena->first = block;
        else
            arena->current->next = block;
    }
    after->used = 0;
    arena->current = after;
    return after;
}

void *arena_take(struct arena *arena, size_t size)
{
    if (size > arena->left) {
        arena->exceeded = true;
        return NULL;
    }
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; /* not more than is left */
    struct arena_block *block = arena->current;
    if (block == NULL || block->size - block->used < rounded)
        block = next_block(arena, rounded);
    if (block == NULL)
        return NULL;
    void *taken = (char *)block->bytes + block->used;
    block->used += rounded;
    arena->left -= rounded;
    return taken;
}

void arena_free(struct arena *arena)
{
    free_chain(arena->first);
    *arena = (struct arena){0};
}

void arena_wipe(struct arena *arena)
{
    for (struct arena_block *block = arena->first; block != NULL; block = block->next)
        explicit_bzero(block->bytes, block->used);
    arena_free(arena);
}
