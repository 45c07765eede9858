/*
 * What a soak sets and counts in one process, preloaded. The file $SOAK_CLOCK holds six int64_t:
 *
 * - milliseconds that CLOCK_REALTIME is off: a clock on the wall that can be set. CLOCK_MONOTONIC
 *   and all waiting stay the kernel's. (A time namespace cannot do this: it has no realtime
 * offset.)
 * - the blocks of memory that the process holds at the moment, and their bytes, as of the last time
 *   that it looked at a clock. What the kernel counts as its memory is in pages, with holes and
 * what the C library keeps for later; this is exact, and one block that is left behind shows.
 * - whether the heap's own figures are wanted (they cost a walk); when they are, the next look at a
 *   clock sets that to zero and these two: what malloc(3) has from the kernel, and what of it is
 * not given out, in bytes, of all its arenas. They tell a heap with holes from pages of anything
 * else.
 */
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct page {
    int64_t step_ms, blocks, bytes, heap_wanted, heap, heap_free;
};

static volatile struct page *page;
static atomic_int_fast64_t blocks, bytes;

__attribute__((constructor)) static void open_clock(void)
{
    const char *path = getenv("SOAK_CLOCK");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *mapped =
        fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    if (mapped == MAP_FAILED)
        abort(); /* a soak without its clock proves nothing */
    page = mapped;
}

/* glibc's own functions, under the names by which it lends them to who stands in between. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

static void *count(void *block, int sign)
{
    if (block != NULL) {
        blocks += sign;
        bytes += sign * (int64_t)malloc_usable_size(block);
    }
    return block;
}

void *malloc(size_t size)
{
    return count(__libc_malloc(size), 1);
}

void *calloc(size_t number, size_t size)
{
    return count(__libc_calloc(number, size), 1);
}

void *realloc(void *old, size_t size)
{
    const int64_t had = old != NULL ? (int64_t)malloc_usable_size(old) : 0;
    void *block = __libc_realloc(old, size);
    if (block != NULL || size == 0) {
        blocks -= old != NULL;
        bytes -= had;
    }
    return count(block, 1);
}

void free(void *block)
{
    __libc_free(count(block, -1));
}

static void fill_page(void)
{
    page->blocks = blocks;
    page->bytes = bytes;
    if (!page->heap_wanted)
        return;
    const struct mallinfo2 info = mallinfo2();
    page->heap = (int64_t)(info.arena + info.hblkhd);
    page->heap_free = (int64_t)info.fordblks;
    page->heap_wanted = 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, id, now);
    if (page == NULL)
        return result;
    fill_page();
    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        now->tv_sec += page->step_ms / 1000;
    return result;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}
