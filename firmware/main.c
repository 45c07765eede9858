/*
 * The command table of `amberbar`, nothing else.
 */
#include "base/say.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/common/version.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};

static const struct command commands[] = {
    {"run", command_run, "show what Kubernetes is rolling out, until told to stop"},
    {"check", command_check, "read the config and its board, and print every error"},
    {"once", command_once, "ask Prometheus once, print verdicts and the picture"},
    {"status", command_status, "print what the running daemon shows, and why"},
    {"doctor", command_doctor, "check this machine, the lights and Prometheus, end to end"},
    {"discover", command_discover, "list what Prometheus knows, as config ready to paste"},
    {"boards", command_boards, "list the boards, or show one with its header pins"},
    {"preview", command_preview, "draw any state in the terminal or as an SVG picture"},
    {"identify", command_identify, "light each pixel, colour and digit in turn, for mounting"},
    {"encode", command_encode, "print the bytes that would go over each wire"},
    {"blank", command_blank, "darken every output"},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static int print_help(FILE *to, int status)
{
    say_lines(to, "Usage: amberbar COMMAND [OPTION...]\n"
                  "Shows what Kubernetes is rolling out on lights on the wall.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        say_line(to, "  %-8s %s", commands[i].name, commands[i].summary);
    say_lines(to,
              "\n  --help, --version\n\n`amberbar COMMAND --help` says more about a command.\n");
    return status;
}

static int unknown_command(const char *word)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *near = text_suggest(word, names, COMMAND_COUNT);
    say_line(stderr, "amberbar: there is no command '%.*s'%s%s%s", (int)text_fit(word, 64), word,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    say_line(stderr, "`amberbar --help` lists the commands.");
    return EXIT_STATUS_USAGE;
}

static int run(int argc, char **argv)
{
    static char help_option[] = "--help";
    if (argc < 2)
        return print_help(stderr, EXIT_STATUS_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        (strcmp(argv[1], "help") == 0 && argc == 2))
        return print_help(stdout, EXIT_STATUS_OK);
    if (strcmp(argv[1], "help") == 0) { /* `help run` is `run --help` */
        argv[1] = argv[2];
        argv[2] = help_option;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        say_line(stdout, "amberbar %s", version());
        return EXIT_STATUS_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return unknown_command(argv[1]);
}

/* What could not be printed was not done: a full disk, for instance. */
int main(int argc, char **argv)
{
    int status = run(argc, argv);
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return status;
    perror("amberbar: standard output");
    return EXIT_STATUS_FAULT;
}
