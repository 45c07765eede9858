/*
 * Darkening lights that nobody drives any more: they stay lit when their program dies. Which lights
 * those are is known by what the dead daemon left behind (lit.h), and by the config's `board:`,
 * however wrong the rest of the config is.
 */
#ifndef AMBERBAR_DAEMON_DARKEN_H
#define AMBERBAR_DAEMON_DARKEN_H

#include "config/config.h"

/*
 * The beginning of a daemon that will light `board`: claims its folder ("": there is none; see
 * status_claim()), darkens what a killed predecessor left lit, but for those very lights, and
 * leaves its own record. What does not work is logged, and in `reported`; nothing of it stops a
 * daemon.
 */
void darken_begin(const char *directory, int *claim, struct board *board, struct error *reported);

enum darkened {
    DARKENED_UNKNOWN, /* nothing says which lights there are */
    DARKENED_NOT,     /* some light may still be lit */
    DARKENED_ALL,
};

/*
 * For commands: darkens what a dead daemon left lit, and the board of the config at `config_path`.
 * A living daemon's record is left alone. `asked`: darkening is what the user wants; else (a `run`
 * that is refused) the config's board is left alone beside a living daemon, and so is standard
 * output, on which nobody has drawn. Adds to `words` what did not work, a line each.
 */
enum darkened darken_after_death(const char *config_path, bool asked, struct text *words);

#endif
