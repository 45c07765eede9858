/*
 * What a daemon lights, left behind in its folder for whoever finds it dead: `amberbar blank`, a
 * `run` that may not begin, and the next daemon. Its config may be wrong by then, or name other
 * lights. The record is the board file as it was read, between two lines of comment: the first has
 * the record's version, the last shows that it is whole.
 */
#ifndef AMBERBAR_DAEMON_LIT_H
#define AMBERBAR_DAEMON_LIT_H

#include "config/config.h"

#define LIT_FILE "lit.yaml"

/* Writes the record of this board unless it is there. Whoever calls it has claimed the folder. */
bool lit_keep(const char *directory, const struct board *board, struct error *error);

enum lit {
    LIT_REFUSED, /* `error` says which record, why, and what to do */
    LIT_READ,    /* `board` is what was lit; board_free() it */
    LIT_NONE,    /* no daemon left lights lit, or none that could say so */
};

/*
 * Reads the record. Its board names files that are then written to, so only this user's or root's
 * is read: what the service's user wrote does not make root write.
 */
enum lit lit_read(const char *directory, struct board *board, struct error *error);

/* All is dark. */
void lit_remove(const char *directory);

#endif
