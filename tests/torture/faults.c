#include "torture/faults.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unwind.h>

#define BLOCKS (1u << 15) /* of our own, live at once */

/* Of the sanitizers' runtime: no header of gcc 12 has the first. */
void __sanitizer_symbolize_pc(void *address, const char *format, char *out, size_t size);
int __lsan_do_recoverable_leak_check(void);

extern char __executable_start, etext;

static struct faults *faults;
static bool armed;
static bool busy; /* calls are our own: they neither fail nor count */
static size_t descriptors;
static uintptr_t bottom; /* of the stack: who began is no part of a path */
static struct {
    void *block, *from;
} blocks[BLOCKS];

struct faults *faults_share(void)
{
    void *memory = mmap(NULL, sizeof(struct faults), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

static bool is_own(const void *address)
{
    return (const char *)address >= &__executable_start && (const char *)address < &etext;
}

bool faults_is_own(const struct place *place)
{
    return is_own(place->frames[0]);
}

struct walk {
    void *from;
    void **frames;
    size_t count;
};

static _Unwind_Reason_Code take_frame(struct _Unwind_Context *context, void *user)
{
    struct walk *walk = user;
    void *address = (void *)(uintptr_t)_Unwind_GetIP(context);
    if (_Unwind_GetCFA(context) > bottom)
        return _URC_END_OF_STACK;
    if (walk->count > 0 || address == walk->from)
        walk->frames[walk->count++] = address;
    return walk->count < FAULTS_FRAMES ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* The path to the call that returns to `from`. */
static void find_path(void *from, void *frames[static FAULTS_FRAMES])
{
    struct walk walk = {.from = from, .frames = frames};
    memset(frames, 0, FAULTS_FRAMES * sizeof *frames);
    _Unwind_Backtrace(take_frame, &walk);
    frames[0] = from; /* where nothing can be unwound, that is all there is */
}

static bool is_place(const struct place *place, const char *call,
                     void *const frames[static FAULTS_FRAMES])
{
    return strcmp(place->call, call) == 0 &&
           memcmp(place->frames, frames, sizeof place->frames) == 0;
}

static void record(const char *call, void *from)
{
    void *frames[FAULTS_FRAMES];
    find_path(from, frames);
    size_t hash = 0;
    for (size_t i = 0; i < FAULTS_FRAMES; i++)
        hash = hash * 31 + (uintptr_t)frames[i];
    for (size_t i = 0; i < FAULTS_PLACES; i++) {
        struct place *place = &faults->places[(hash + i) % FAULTS_PLACES];
        if (place->call != NULL && !is_place(place, call, frames))
            continue;
        place->call = call;
        memcpy(place->frames, frames, sizeof frames);
        place->count++;
        return;
    }
    faults->full = true;
}

static bool is_target(const char *call, void *from)
{
    const struct place *place = &faults->places[faults->target];
    void *frames[FAULTS_FRAMES];
    if (faults->struck || place->frames[0] != from || strcmp(place->call, call) != 0)
        return false;
    find_path(from, frames);
    if (!is_place(place, call, frames) || --faults->nth > 0)
        return false;
    faults->struck = true;
    return true;
}

bool faults_strike(const char *call, void *from)
{
    if (!armed || busy)
        return false;
    busy = true;
    bool strikes = faults->target < FAULTS_PLACES && is_target(call, from);
    if (faults->target == FAULTS_PLACES)
        record(call, from);
    busy = false;
    return strikes;
}

void faults_allocated(void *block, void *from)
{
    if (!armed || busy || block == NULL || !is_own(from))
        return;
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t slot = (((uintptr_t)block >> 4) + i) % BLOCKS;
        if (blocks[slot].from != NULL)
            continue;
        blocks[slot].block = block;
        blocks[slot].from = from;
        return;
    }
    abort(); /* BLOCKS is too small */
}

/* A slot stays taken once it was, or the search for others would end at it. */
void faults_freed(void *block)
{
    if (!armed || busy || block == NULL)
        return;
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t slot = (((uintptr_t)block >> 4) + i) % BLOCKS;
        if (blocks[slot].from == NULL)
            return;
        if (blocks[slot].block == block)
            blocks[slot].block = NULL;
    }
}

bool faults_hasten(void)
{
    return armed && !busy;
}

static size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (directory != NULL && readdir(directory) != NULL)
        count++;
    if (directory != NULL)
        closedir(directory);
    return count;
}

void faults_begin(struct faults *shared)
{
    faults = shared;
    faults->struck = false;
    descriptors = count_descriptors();
    bottom = (uintptr_t)__builtin_frame_address(0) + 64;
    armed = true;
}

void faults_end(void)
{
    armed = false;
    faults->descriptors = count_descriptors() - descriptors;
    faults->leaks = 0;
    faults->leak = NULL;
    for (size_t i = 0; i < BLOCKS; i++) {
        if (blocks[i].block == NULL)
            continue;
        faults->leaks++;
        faults->leak = blocks[i].from;
    }
    memset(blocks, 0, sizeof blocks); /* no pointers are left for LeakSanitizer to find */
    faults->unreachable = __lsan_do_recoverable_leak_check() != 0;
}

void faults_name(void *address, char *out, size_t size)
{
    char *before = (char *)address - 1; /* the call, not where it returns to */
    __sanitizer_symbolize_pc(before, "%f %s:%l", out, size);
    char *slash = strrchr(out, '/');
    char *space = strchr(out, ' ');
    if (slash != NULL && space != NULL)
        memmove(space + 1, slash + 1, strlen(slash));
}

void faults_describe(const struct place *place, char *out, size_t size)
{
    size_t length = (size_t)snprintf(out, size, "%s", place->call);
    for (size_t i = 0; i < FAULTS_FRAMES && place->frames[i] != NULL && length < size; i++) {
        char name[256];
        faults_name(place->frames[i], name, sizeof name);
        length += (size_t)snprintf(out + length, size - length, " < %s", name);
    }
}
