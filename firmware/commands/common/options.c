#include "commands/common/options.h"
#include "base/say.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 128 /* bytes of a word that is not understood */

static void print_usage(FILE *to, const struct command_spec *spec)
{
    struct text line = {0};
    text_addf(&line, "Usage: %s%s%s", spec->program, spec->command != NULL ? " " : "",
              spec->command != NULL ? spec->command : "");
    for (const struct option_spec *o = spec->options; o->name != NULL; o++)
        text_addf(&line, " [%s%s%s]", o->alias != NULL ? o->alias : o->name,
                  o->argument != NULL ? " " : "", o->argument != NULL ? o->argument : "");
    say_line(to, "%s%s%s", line.failed ? "" : line.data, spec->operand != NULL ? " " : "",
             spec->operand != NULL ? spec->operand : "");
    text_free(&line);
}

static void print_help(const struct command_spec *spec)
{
    print_usage(stdout, spec);
    say_lines(stdout, spec->summary);
    say_lines(stdout, "\n\n");
    for (const struct option_spec *o = spec->options; o->name != NULL; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s%s", o->alias != NULL ? o->alias : "",
                 o->alias != NULL ? ", " : "", o->name, o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
        say_line(stdout, "  %-22s %s", left, o->help);
    }
    say_line(stdout, "  %-22s %s", "--help", "print this and stop");
}

static enum options_result wrong(const struct command_spec *spec, const char *what,
                                 const char *which, const char *suggestion)
{
    bool suggested = suggestion != NULL;
    say_line(stderr, "%s%s%s: %s '%.*s'%s%s%s", spec->program, spec->command != NULL ? " " : "",
             spec->command != NULL ? spec->command : "", what, (int)text_fit(which, SHOWN_MAX),
             which, suggested ? "; did you mean '" : "", suggested ? suggestion : "",
             suggested ? "'?" : "");
    print_usage(stderr, spec);
    return OPTIONS_WRONG;
}

enum options_result options_refuse(const struct command_spec *spec, const char *what,
                                   const char *which)
{
    return wrong(spec, what, which, NULL);
}

/* The option that `word` names, `length` bytes of it; its index or -1. */
static int find_option(const struct command_spec *spec, const char *word, size_t length)
{
    for (int i = 0; spec->options[i].name != NULL; i++) {
        const char *names[] = {spec->options[i].name, spec->options[i].alias};
        for (size_t k = 0; k < 2; k++)
            if (names[k] != NULL && strlen(names[k]) == length &&
                strncmp(names[k], word, length) == 0)
                return i;
    }
    return -1;
}

static enum options_result unknown_option(const struct command_spec *spec, const char *word)
{
    const char *names[OPTIONS_MAX + 1] = {"--help"};
    size_t count = 1;
    for (const struct option_spec *o = spec->options; o->name != NULL; o++)
        names[count++] = o->name;
    return wrong(spec, "unknown option", word, text_suggest(word, names, count));
}

/* Nothing follows, or an empty word, as where a variable of the shell was never set. */
static enum options_result missing_value(const struct command_spec *spec, const char *word,
                                         size_t length)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    return wrong(spec, "a value is missing after", name, NULL);
}

/* Reads the option at argv[*at], and its value, which may be the next word. */
static enum options_result read_option(const struct command_spec *spec, int argc, char **argv,
                                       int *at, struct options *options)
{
    const char *word = argv[*at];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_help(spec);
        return OPTIONS_HELPED;
    }
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    int index = find_option(spec, word, length);
    if (index < 0)
        return unknown_option(spec, word);
    bool takes_value = spec->options[index].argument != NULL;
    if (!takes_value && equals != NULL)
        return wrong(spec, "no value is expected in", word, NULL);
    const char *value = "";
    if (takes_value && equals != NULL)
        value = equals + 1;
    else if (takes_value && *at + 1 < argc)
        value = argv[++*at];
    if (takes_value && value[0] == '\0')
        return missing_value(spec, word, length);
    options->values[index] = value;
    return OPTIONS_FINE;
}

enum options_result options_read(const struct command_spec *spec, int argc, char **argv,
                                 struct options *options)
{
    *options = (struct options){0};
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != '\0') {
            enum options_result result = read_option(spec, argc, argv, &i, options);
            if (result != OPTIONS_FINE)
                return result;
        } else if (spec->operand == NULL || options->operand != NULL) {
            return wrong(spec, "unexpected word", argv[i], NULL);
        } else {
            options->operand = argv[i];
        }
    }
    if (spec->operand != NULL && spec->operand[0] != '[' && options->operand == NULL)
        return wrong(spec, "missing", spec->operand, NULL);
    return OPTIONS_FINE;
}
