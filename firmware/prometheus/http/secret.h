/*
 * One password, token or key, often in a file of its own, as other programs leave it there: read
 * when it is needed, wiped when it was used. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_SECRET_H
#define AMBERBAR_PROMETHEUS_HTTP_SECRET_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

#define SECRET_MAX_BYTES 65536         /* longer than any token that fits into a header */
#define SECRET_PEM_MAX_BYTES (1 << 20) /* a system's whole bundle of authorities takes 220 kB */

struct secret {
    char *text; /* NUL-terminated, owned; NULL: none */
    size_t length;
    size_t size; /* of the memory, which is wiped as a whole */
};

enum secret_form {
    SECRET_LINE, /* goes into a header: no line break may be in it */
    SECRET_PEM,
};

/* Reads the file by its path (Kubernetes swaps a symbolic link), without the white space around. An
   empty file, one too long, a NUL, and a line break in a SECRET_LINE are errors; `term` names the
   setting. Whatever the secret was before is wiped. */
bool secret_read(struct secret *secret, const char *path, const char *term, enum secret_form form,
                 struct error *error);

/* One that no header may hold: RFC 9110 section 5.5. */
bool secret_has_control(const char *bytes);

/* How many bytes of a file may be one. */
off_t secret_most(enum secret_form form);

/* Takes a copy of so many bytes. False: no memory. */
bool secret_set(struct secret *secret, const char *bytes, size_t length);

/*
 * Whether a sentence may repeat the value of a key that names a secret's file: only where something
 * stands at that path. Else it may be no path but the secret itself, pasted in the wrong place; the
 * key, and in the config file its line and column, say which value is meant.
 */
bool secret_may_be_named(const char *path);

bool secret_equals(const struct secret *a, const struct secret *b);
const char *secret_text(const struct secret *secret); /* "" for none */
void secret_wipe(struct secret *secret);

/* True when others may read the file than its owner, our own group and root's. */
bool secret_is_exposed(const char *path);

#endif
