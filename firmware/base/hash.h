/*
 * FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923): what tells labels, sources and series apart.
 */
#ifndef AMBERBAR_BASE_HASH_H
#define AMBERBAR_BASE_HASH_H

#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* From `hash` on, of `text` with its NUL, so that "ab", "c" and "a", "bc" differ. */
uint64_t hash_text(uint64_t hash, const char *text);

uint64_t hash_of(const char *text); /* of it alone; never 0 */

/*
 * Who chooses the texts can make FNV-1a collide. Where they come from outside, a table begins with
 * the secret and finds slots by the mixed hash.
 */
uint64_t hash_secret(void); /* another in each process */
uint64_t hash_mix(uint64_t hash);

#endif
