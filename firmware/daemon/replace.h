/*
 * A file that others read at any time: written whole beside its place, then renamed into it.
 */
#ifndef AMBERBAR_DAEMON_REPLACE_H
#define AMBERBAR_DAEMON_REPLACE_H

#include "base/error.h"
#include "base/text.h"

/* Readable for everybody. False: the file is as it was before. */
bool replace_file(const char *path, const struct text *text, struct error *error);

#endif
