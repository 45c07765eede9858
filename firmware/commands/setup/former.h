/*
 * What a config that is there already says: each of its choices is what is proposed, so that Enter
 * keeps it. Its rollouts and indicators are kept as they were written, with their comments.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_FORMER_H
#define AMBERBAR_COMMANDS_SETUP_FORMER_H

#include "config/config.h"

#define AS_BEFORE "as before" /* the answer that keeps a section */

struct former {
    struct config *config; /* NULL: there is none that can be read, or nobody has chosen it */
    struct text source;
};

/* Reads the config at `path`; the example that came with the program is nobody's choice. */
void former_read(struct former *former, const char *path);
void former_free(struct former *former);

/* The lines of a section, from its key to the next one; false: there is none. Pure. */
bool former_section(const char *source, const char *key, struct text *out);

/* Answers that keep what there was; false: none does. */
bool former_board(const struct former *former, char *out, size_t size);
bool former_brightness(const struct former *former, char *out, size_t size); /* "60%" */
bool former_night(const struct former *former, char *out, size_t size);      /* "19:00-07:30 3%" */

/* The names of its rollouts: "cms, shop", as YAML. */
void former_names(const struct former *former, struct text *out);

#endif
