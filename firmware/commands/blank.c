#include "base/clock.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/load.h"
#include "daemon/outputs.h"
#include "daemon/terminal.h"

#include <signal.h>
#include <stdio.h>

static const struct option_spec options_table[] = {CONFIG_OPTION, {0}};

static const struct command_spec spec = {
    .program = "amberbar",
    .command = "blank",
    .summary = "Darkens every output of the config's board; for a service's ExecStopPost=, because "
               "lights\n"
               "may stay lit when a program dies.",
    .options = options_table,
};

int command_blank(int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return options_status(result);
    struct config *config = load_config(options.values[0]);
    if (config == NULL)
        return EXIT_STATUS_USAGE;
    signal(SIGPIPE, SIG_IGN);
    terminal_prepare(&config->board);
    struct error error = {0};
    struct outputs *outputs = outputs_open(&config->board, &error);
    bool dark = outputs != NULL && outputs_darken(outputs, clock_monotonic_ms());
    if (outputs == NULL)
        say_line(stderr, "amberbar blank: %s", error.text);
    outputs_close(outputs);
    config_free(config);
    return dark ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}
