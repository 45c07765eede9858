#include "daemon/memory.h"

#include <malloc.h>

#define LARGE_BLOCK (128 * 1024) /* bytes; glibc's own first threshold */

void memory_keep_small(void)
{
#ifdef __GLIBC__ /* others, musl's, give large blocks back by themselves */
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
    mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK);
    mallopt(M_ARENA_MAX, 1);
#endif
}
