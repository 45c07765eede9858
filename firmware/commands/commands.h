/*
 * The commands of the program `amberbar`: one file each, which ends with its `struct command`, and
 * one line in COMMANDS.
 */
#ifndef AMBERBAR_COMMANDS_COMMANDS_H
#define AMBERBAR_COMMANDS_COMMANDS_H

#include "commands/common/options.h"

enum exit_status {                          /* `once` and `status` say the state by it */
                   EXIT_STATUS_OK = 0,      /* done; all stable or scaled to zero */
                   EXIT_STATUS_FAULT = 1,   /* something did not work */
                   EXIT_STATUS_USAGE = 2,   /* the command line, the config or the board is wrong */
                   EXIT_STATUS_MOVING = 3,  /* progressing or paused */
                   EXIT_STATUS_TROUBLE = 4, /* failed, stalled or degraded */
                   EXIT_STATUS_UNKNOWN = 5, /* the state is not known */
};

/* Every command, in the order of `amberbar --help`. */
#define COMMANDS(X) \
    X(setup)        \
    X(run)          \
    X(check)        \
    X(once)         \
    X(status)       \
    X(doctor)       \
    X(discover)     \
    X(boards)       \
    X(preview)      \
    X(identify)     \
    X(try)          \
    X(encode)       \
    X(blank)        \
    X(card)

#define DECLARE_COMMAND(name) extern const struct command command_##name;
COMMANDS(DECLARE_COMMAND)
#undef DECLARE_COMMAND

#endif
