/*
 * Command lines by table: options, `--help` and the sentences for what was mistyped.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_OPTIONS_H
#define AMBERBAR_COMMANDS_COMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct option_spec {
    const char *name;     /* "--config"; NULL ends the table */
    const char *alias;    /* "-c"; may be NULL */
    const char *argument; /* "FILE": takes a value; NULL: a switch */
    const char *help;     /* one line for --help: what it does, and its default */
};

struct command_spec {
    const char *program; /* "amberbar" */
    const char *command; /* "check"; NULL: the program has no commands */
    const char *operand; /* "NAME" or "[NAME]"; NULL: takes none */
    const char *summary; /* one sentence, as in the command list */
    const struct option_spec *options;
};

#define OPTIONS_MAX 8

struct options {
    const char
        *values[OPTIONS_MAX]; /* in the table's order: the value, "" for a given switch, NULL */
    const char *operand;      /* NULL: not given */
};

enum options_result {
    OPTIONS_FINE,
    OPTIONS_HELPED, /* --help was printed: exit 0 */
    OPTIONS_WRONG,  /* a sentence was printed to standard error: exit 2 */
};

/* Understands `--name VALUE`, `--name=VALUE`, `-c VALUE`, `--`. argv[0] is skipped. No value is
   empty. */
enum options_result options_read(const struct command_spec *spec, int argc, char **argv,
                                 struct options *options);

/* Prints "amberbar check: WHAT 'WHICH'" and the usage line to standard error. */
enum options_result options_refuse(const struct command_spec *spec, const char *what,
                                   const char *which);

#endif
