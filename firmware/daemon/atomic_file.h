/*
 * A file that others read at any time: written whole beside its place, as PATH.new, then renamed
 * into it. PATH.new is always made anew: what a killed predecessor left there (a plain file with
 * one name) is removed, and anything else (a named pipe, a device, a directory, a link, a file with
 * a second name) is neither opened nor written through nor removed, but reported.
 */
#ifndef AMBERBAR_DAEMON_ATOMIC_FILE_H
#define AMBERBAR_DAEMON_ATOMIC_FILE_H

#include "base/error.h"
#include "base/text.h"

/* Readable for everybody. False: the file is as it was before. */
bool atomic_file_write(const char *path, const struct text *text, struct error *error);

/* False when something stands there that is no regular file, and is to be left alone: a named pipe,
   a device, a socket, a directory, a link. */
bool atomic_file_may_replace(const char *path, struct error *error);

/*
 * Appends at most `max` bytes of a file that stands in a folder where others may put things: only a
 * plain file is read, so nothing waits and no link is followed. False, with "it is ...; what to
 * do", when it is anything else or longer. `owned`: and it is this user's or root's, who alone may
 * write it.
 */
bool atomic_file_read(const char *path, size_t max, bool owned, struct text *out,
                      struct error *error);

#endif
