/*
 * `amberbar COMMAND`: finds the command, reads its options, runs it.
 */
#include "base/say.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/common/version.h"

#include <stdio.h>
#include <string.h>

#define POINTER(name) &command_##name,
static const struct command *const commands[] = {COMMANDS(POINTER)};
#undef POINTER
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

/* "check" of "amberbar check" */
static const char *word_of(const struct command *command)
{
    return strchr(command->name, ' ') + 1;
}

static int print_help(FILE *to, int status)
{
    say_lines(to, "Usage: amberbar COMMAND [OPTION...]\n"
                  "Shows what Kubernetes is rolling out on lights on the wall.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        say_line(to, "  %-9s %s", word_of(commands[i]), commands[i]->brief);
    say_lines(to,
              "\n  --help, --version\n\n`amberbar COMMAND --help` says more about a command.\n");
    return status;
}

static int unknown_command(const char *word)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = word_of(commands[i]);
    if (word[0] == '-') {
        say_line(stderr,
                 "amberbar: '%.*s' stands where a command is to stand; write the command first, "
                 "such as `amberbar check -c FILE`",
                 (int)text_fit(word, 64), word);
        return EXIT_STATUS_USAGE;
    }
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
        if (strcmp(argv[1], word_of(commands[i])) == 0)
            return command_call(commands[i], argc - 1, argv + 1);
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
