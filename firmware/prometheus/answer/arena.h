/*
 * Memory of one answer: handed out piece by piece, taken back all at once, and used again for the
 * next answer. A limit keeps a small hostile answer from growing into a large one.
 */
#ifndef AMBERBAR_PROMETHEUS_ANSWER_ARENA_H
#define AMBERBAR_PROMETHEUS_ANSWER_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/* Zero-initialise. */
struct arena {
    struct arena_block *first, *current;
    size_t left;   /* bytes of the limit that may still be taken */
    bool exceeded; /* something was refused because of the limit */
};

/* Takes everything back; from now on at most `limit` bytes are handed out. */
void arena_reset(struct arena *arena, size_t limit);

/* From now on at most `limit` bytes more are handed out. */
void arena_limit(struct arena *arena, size_t limit);

/* Takes everything back, and gives it back to the system, but for a first small block. */
void arena_rest(struct arena *arena);

/* `size` bytes, aligned for any number or pointer and not cleared; NULL beyond the limit. */
void *arena_take(struct arena *arena, size_t size);

size_t arena_held(const struct arena *arena); /* bytes that the system has given to it */

void arena_free(struct arena *arena);
void arena_wipe(struct arena *arena); /* frees what held a secret */

#endif
