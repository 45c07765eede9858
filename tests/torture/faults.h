/*
 * Which call fails. A place is a call as its whole path through the program names it: the function
 * that is called, and who called whom. A run that records finds all places of a run and how often
 * each is passed; a run with a target then fails one of them once.
 *
 * All of it lies in memory that is shared with the processes forked after faults_share(), so that
 * the one that waits for a run knows what came of it. One thread.
 */
#ifndef AMBERBAR_TESTS_TORTURE_FAULTS_H
#define AMBERBAR_TESTS_TORTURE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#define FAULTS_FRAMES 14   /* of a path, the innermost */
#define FAULTS_PLACES 8192 /* a power of two */

struct place {
    const char *call; /* NULL: this slot is free */
    void *frames[FAULTS_FRAMES];
    unsigned count; /* times it was passed */
};

struct faults {
    struct place places[FAULTS_PLACES];
    bool full;
    size_t target; /* FAULTS_PLACES: record */
    unsigned nth;  /* which of its calls fails, from 1 */
    bool struck;   /* it did */
    void *leak;    /* who allocated the first block that was not freed; NULL: none */
    size_t leaks, descriptors;
    bool unreachable; /* LeakSanitizer's word, about all libraries too */
};

/* For the life of the program. Stops it when there is no memory. */
struct faults *faults_share(void);

/* True when the call was made by our own code, not by a library. */
bool faults_is_own(const struct place *place);

/* "malloc < text_add (text.c:217) < ..." */
void faults_describe(const struct place *place, char *out, size_t size);
void faults_name(void *address, char *out, size_t size);

/* Between these two calls fail, blocks are counted, and time runs faster (haste.h). */
void faults_begin(struct faults *shared);
void faults_end(void);

/* For calls.c. True: this call, returning to `from`, is to fail. */
bool faults_strike(const char *call, void *from);
void faults_allocated(void *block, void *from);
void faults_freed(void *block);

/* How many times as fast time runs for the one that is tortured: waiting is most of a run. */
#define FAULTS_HASTE 20
bool faults_hasten(void);

#endif
