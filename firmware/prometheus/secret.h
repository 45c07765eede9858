/*
 * A password or token in a file of its own, as other programs leave it there: read when it is
 * needed, forgotten when it was used.
 */
#ifndef AMBERBAR_PROMETHEUS_SECRET_H
#define AMBERBAR_PROMETHEUS_SECRET_H

#include "base/error.h"

#include <stddef.h>

#define SECRET_MAX_BYTES 65536 /* longer than any token that fits into a header */

struct secret {
    size_t length;
    size_t used;                     /* bytes of `text` that were ever written since it was wiped */
    char text[SECRET_MAX_BYTES + 1]; /* NUL-terminated */
};

/* Reads the file by its path (Kubernetes swaps a symbolic link), without the white space around. An
   empty file, one too long, and a NUL or line break inside are errors; `term` names the setting. */
bool secret_read(struct secret *secret, const char *path, const char *term, struct error *error);

bool secret_equals(const struct secret *a, const struct secret *b);
void secret_wipe(struct secret *secret);

/* True when others may read the file than its owner, our own group and root's. */
bool secret_is_exposed(const char *path);

#endif
