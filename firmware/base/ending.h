/*
 * Signals that end or stop a program which does nothing about them. Lights stay as they are when
 * their program ends, and while it is stopped: so whoever lights them, or has a terminal's echo
 * off, takes each of these for its end, and leaves all as it should be first.
 *
 * Left out are SIGKILL and SIGSTOP, which nobody can take; SIGPIPE, which is ignored: a reader that
 * leaves is an output's error; what a fault in the program raises; and SIGABRT, an assert's, by
 * which a service manager ends a program that hangs.
 */
#ifndef AMBERBAR_BASE_ENDING_H
#define AMBERBAR_BASE_ENDING_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* All of them: SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGUSR1, SIGALRM ... */
void ending_signals(sigset_t *out);

/* "SIGQUIT"; "a signal" for one that has no name of its own. */
const char *ending_name(int number);

struct ending {
    sigset_t before; /* blocked before */
    int fd;          /* readable once one came; nobody else reads it. -1: they end the program */
};

/* From here on they wait, and SIGPIPE is ignored. */
void ending_begin(struct ending *ending);

/* Waits so long for one; true when one came, now or before. */
bool ending_wait(const struct ending *ending, int64_t ms);

/*
 * They act again as before; those that came are used up. Gives the exit status: `status`, or after
 * a signal by which nobody asks for an end in order (all but SIGINT, SIGTERM, SIGHUP) 128 and its
 * number, as a shell has it.
 */
int ending_end(struct ending *ending, int status);

#endif
