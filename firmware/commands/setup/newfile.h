/*
 * A file that was not there before: written whole beside its place and then given its name, so that
 * nobody ever sees half of it, and nothing that is there is written over.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_NEWFILE_H
#define AMBERBAR_COMMANDS_SETUP_NEWFILE_H

#include "base/error.h"
#include "base/text.h"

#include <sys/types.h>

/* `group`: whose it is and who may read it beside the owner (mode 0640); NEWFILE_ALL: anybody reads
   it (0644); NEWFILE_OWNER: the owner alone (0600). */
#define NEWFILE_ALL ((gid_t)-1)
#define NEWFILE_OWNER ((gid_t)-2)

/* In that open folder, by the last part of its path, so that whoever may rename folders on the way
   leads it nowhere else; AT_FDCWD: by its path. False: nothing is there that was not before. */
bool newfile_write(int folder, const char *path, gid_t group, const struct text *text,
                   struct error *error);

/* The same, in the place of what is there: for what nobody has written. */
bool newfile_replace(int folder, const char *path, gid_t group, const struct text *text,
                     struct error *error);

void newfile_remove(int folder, const char *path);

/* A folder for new files, made where there is none: then it is 0755, whatever the umask is, and
   neither a link nor another's that was put there meanwhile. */
struct newfolder {
    int fd;
    bool made;
    int above; /* where it is */
    char name[256];
};
bool newfolder_open(const char *path, struct newfolder *folder, struct error *error);
void newfolder_remove(const struct newfolder *folder); /* if it was made, and is empty again */
void newfolder_close(struct newfolder *folder);

/* True when both are plain files of the same text. */
bool newfile_same(const char *path, const char *other);

/* `path` if nothing is there, else `path` with the first of `endings` (NULL-terminated) behind it
   that is free. False: all are taken, or it does not fit. */
bool newfile_free(const char *path, const char *const endings[], char *out, size_t size);

#endif
