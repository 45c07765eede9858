/*
 * Reads what machine/machine.h answers from: the files of this machine, or those of another one
 * that were recorded in a folder.
 */
#ifndef AMBERBAR_BUS_LOOK_H
#define AMBERBAR_BUS_LOOK_H

#include "machine/machine.h"

#define LOOK_PATH_SIZE 1024

/* `root`: "" for this machine; it stays the caller's. What cannot be read is unknown, and no error.
 * In a folder, ls-dev lists /dev as `ls -l` does. */
void look_at(struct machine *machine, const char *root);
void look_away(struct machine *machine); /* frees */

/* Only which framebuffers there are; part of look_at(). */
void look_at_framebuffers(struct machine *machine);

/* The path below the machine's root. */
void look_path(const struct machine *machine, const char *path, char out[static LOOK_PATH_SIZE]);

/* Appends a file's text, NULs left out; false when it cannot be read. */
bool look_read(const struct machine *machine, const char *path, struct text *out);

/* True when the folder has a file whose name begins so; with "": when there is that folder. */
bool look_finds(const struct machine *machine, const char *folder, const char *beginning);

#endif
