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

#define OPTIONS_MAX 24

struct options {
    const char
        *values[OPTIONS_MAX]; /* in the table's order: the value, "" for a given switch, NULL */
    const char *operand;      /* NULL: not given */
};

struct command {
    const char *name;    /* as it is called: "amberbar check" */
    const char *brief;   /* in the list of commands, without a full stop */
    const char *operand; /* "NAME" or "[NAME]"; NULL: takes none */
    const char *summary; /* for its --help */
    const struct option_spec *options;
    int (*run)(const struct options *options); /* the process's exit status */
};

enum options_result {
    OPTIONS_WRONG,  /* a sentence was printed to standard error: exit 2 */
    OPTIONS_HELPED, /* --help was printed: exit 0 */
    OPTIONS_FINE,
};

/* Understands `--name VALUE`, `--name=VALUE`, `-c VALUE`, `--`. argv[0] is skipped. No value is
   empty. */
enum options_result options_read(const struct command *command, int argc, char **argv,
                                 struct options *options);

/* Reads its options and runs it. */
int command_call(const struct command *command, int argc, char **argv);

/* "http://prometheus", "prometheus:9090"; a word without a port may be anything, a secret too. */
bool options_is_address(const char *word);

/* Prints "amberbar check: WHAT 'WHICH'" and the usage line to standard error. The exit status for
   that. */
int options_refuse(const struct command *command, const char *what, const char *which);

#endif
