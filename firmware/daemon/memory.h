/*
 * What the C library does with memory that is free again.
 */
#ifndef AMBERBAR_DAEMON_MEMORY_H
#define AMBERBAR_DAEMON_MEMORY_H

/*
 * The C library adapts to a program's largest blocks and keeps them, and gives each thread a heap:
 * one answer of 4 MB, or a name server that lets resolving threads pile up, would stay in memory
 * for ever. From now on what is large goes back at once, and all threads share the one heap.
 */
void memory_keep_small(void);

#endif
