#include "commands/common/options.h"
#include "base/say.h"

#include "base/text.h"
#include "commands/commands.h"
#include "config/board/board_find.h"
#include "rollout/indicator.h"
#include "rollout/verdict.h"

#include <stdio.h>
#include <string.h>

#define USAGE_MAX 8   /* options that a line of usage holds */
#define SHOWN_MAX 128 /* bytes of a word that is not understood */

static void print_usage(FILE *to, const struct command *command)
{
    struct text line = {0};
    text_addf(&line, "Usage: %s", command->name);
    size_t count = 0;
    while (command->options[count].name != NULL)
        count++;
    if (count > USAGE_MAX)
        text_add(&line, " [OPTION...]");
    for (const struct option_spec *o = command->options; count <= USAGE_MAX && o->name != NULL; o++)
        text_addf(&line, " [%s%s%s]", o->alias != NULL ? o->alias : o->name,
                  o->argument != NULL ? " " : "", o->argument != NULL ? o->argument : "");
    say_line(to, "%s%s%s", line.failed ? "" : line.data, command->operand != NULL ? " " : "",
             command->operand != NULL ? command->operand : "");
    text_free(&line);
}

static void print_help(const struct command *command)
{
    print_usage(stdout, command);
    say_lines(stdout, command->summary);
    say_lines(stdout, "\n\n");
    for (const struct option_spec *o = command->options; o->name != NULL; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s%s", o->alias != NULL ? o->alias : "",
                 o->alias != NULL ? ", " : "", o->name, o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
        say_line(stdout, "  %-22s %s", left, o->help);
    }
    say_line(stdout, "  %-22s %s", "--help", "print this and stop");
}

static enum options_result wrong(const struct command *command, const char *what, const char *which,
                                 const char *suggestion)
{
    bool suggested = suggestion != NULL;
    say_line(stderr, "%s: %s '%.*s'%s%s%s", command->name, what, (int)text_fit(which, SHOWN_MAX),
             which, suggested ? "; did you mean '" : "", suggested ? suggestion : "",
             suggested ? "'?" : "");
    print_usage(stderr, command);
    return OPTIONS_WRONG;
}

int options_refuse(const struct command *command, const char *what, const char *which)
{
    wrong(command, what, which, NULL);
    return EXIT_STATUS_USAGE;
}

/* The option that `word` names, `length` bytes of it; its index or -1. */
static int find_option(const struct command *command, const char *word, size_t length)
{
    for (int i = 0; command->options[i].name != NULL; i++) {
        const char *names[] = {command->options[i].name, command->options[i].alias};
        for (size_t k = 0; k < 2; k++)
            if (names[k] != NULL && strlen(names[k]) == length &&
                strncmp(names[k], word, length) == 0)
                return i;
    }
    return -1;
}

static bool is_config(const char *word)
{
    const char *ending = strrchr(word, '.');
    return ending != NULL && (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0);
}

bool options_is_address(const char *word)
{
    const char *port = strrchr(word, ':');
    int64_t number;
    return strstr(word, "://") != NULL ||
           (port != NULL && port > word && text_integer(port + 1, 1, 65535, &number));
}

static bool is_state(const char *word)
{
    bool found = strcmp(word, health_name(HEALTH_WARNING)) == 0 ||
                 strcmp(word, health_name(HEALTH_CRITICAL)) == 0;
    for (enum state state = 0; state < STATE_COUNT && !found; state++)
        found = strcmp(word, state_name(state)) == 0;
    return found;
}

static bool is_board(const char *word)
{
    struct error error;
    char path[CONFIG_PATH_SIZE];
    return board_find(word, NULL, path, &error);
}

/* What an option takes, given without the option. */
static const struct {
    const char *option, *what;
    bool (*is_one)(const char *word);
} forgotten[] = {
    {"--config", "a config file", is_config},
    {"--url", "an address", options_is_address},
    {"--state", "a state", is_state},
    {"--board", "a board", is_board},
};

static enum options_result unexpected_word(const struct command *command, const char *word)
{
    for (size_t i = 0; i < sizeof forgotten / sizeof forgotten[0]; i++) {
        int index = find_option(command, forgotten[i].option, strlen(forgotten[i].option));
        if (index < 0 || !forgotten[i].is_one(word))
            continue;
        const struct option_spec *option = &command->options[index];
        const char *name = option->alias != NULL ? option->alias : option->name;
        say_line(stderr, "%s: %s is named with %s: %s %s %.*s", command->name, forgotten[i].what,
                 name, command->name, name, (int)text_fit(word, SHOWN_MAX), word);
        return OPTIONS_WRONG;
    }
    return wrong(command, "unexpected word", word, NULL);
}

static enum options_result unknown_option(const struct command *command, const char *word)
{
    const char *names[OPTIONS_MAX + 1] = {"--help"};
    size_t count = 1;
    for (const struct option_spec *o = command->options; o->name != NULL; o++)
        names[count++] = o->name;
    return wrong(command, "unknown option", word, text_suggest(word, names, count));
}

/* Nothing follows, or an empty word, as where a variable of the shell was never set. */
static enum options_result missing_value(const struct command *command, const char *word,
                                         size_t length)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    return wrong(command, "a value is missing after", name, NULL);
}

/* Reads the option at argv[*at], and its value, which may be the next word. */
static enum options_result read_option(const struct command *command, int argc, char **argv,
                                       int *at, struct options *options)
{
    const char *word = argv[*at];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_help(command);
        return OPTIONS_HELPED;
    }
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    int index = find_option(command, word, length);
    if (index < 0)
        return unknown_option(command, word);
    bool takes_value = command->options[index].argument != NULL;
    if (!takes_value && equals != NULL)
        return wrong(command, "no value is expected in", word, NULL);
    const char *value = "";
    if (takes_value && equals != NULL)
        value = equals + 1;
    else if (takes_value && *at + 1 < argc)
        value = argv[++*at];
    if (takes_value && value[0] == '\0')
        return missing_value(command, word, length);
    options->values[index] = value;
    return OPTIONS_FINE;
}

enum options_result options_read(const struct command *command, int argc, char **argv,
                                 struct options *options)
{
    *options = (struct options){0};
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != '\0') {
            enum options_result result = read_option(command, argc, argv, &i, options);
            if (result != OPTIONS_FINE)
                return result;
        } else if (command->operand == NULL || options->operand != NULL) {
            return unexpected_word(command, argv[i]);
        } else {
            options->operand = argv[i];
        }
    }
    if (command->operand != NULL && command->operand[0] != '[' && options->operand == NULL)
        return wrong(command, "missing", command->operand, NULL);
    return OPTIONS_FINE;
}

int command_call(const struct command *command, int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(command, argc, argv, &options);
    if (result == OPTIONS_FINE)
        return command->run(&options);
    return result == OPTIONS_HELPED ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}
