/*
 * What a command prints, as text.
 */
#ifndef AMBERBAR_TESTS_COMMANDS_CAPTURE_H
#define AMBERBAR_TESTS_COMMANDS_CAPTURE_H

#include "commands/commands.h"

struct captured {
    int status;
    char out[8192]; /* standard output */
    char err[8192]; /* standard error */
};

/* Runs a command with up to four words, the first its own name; NULLs end them. */
struct captured capture(const struct command *command, const char *const words[4]);

#endif
