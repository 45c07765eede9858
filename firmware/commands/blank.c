/* `amberbar blank` */
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "daemon/darken.h"

#include <signal.h>
#include <stdio.h>

static const struct option_spec options_table[] = {CONFIG_OPTION, {0}};

static int run_blank(const struct options *options)
{
    const char *path = options->values[0] != NULL ? options->values[0] : CONFIG_FILE_DEFAULT;
    struct text words = {0}, whole = {0};
    signal(SIGPIPE, SIG_IGN);
    enum darkened darkened = darken_after_death(path, true, &words);
    if (darkened == DARKENED_UNKNOWN)
        text_add(&whole, "amberbar blank: nothing says which lights to darken: ");
    text_add(&whole, words.data != NULL ? words.data : "");
    say_lines(stderr, whole.data != NULL ? whole.data : "");
    text_free(&whole);
    text_free(&words);
    return darkened == DARKENED_ALL ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

const struct command command_blank = {
    .name = "amberbar blank",
    .brief = "darken every output",
    .summary = "Darkens what a daemon that died left lit, and every output of the config's board,\n"
               "whatever else is wrong with the config; for a service's ExecStopPost=, because "
               "lights may\n"
               "stay lit when a program dies.",
    .options = options_table,
    .run = run_blank,
};
