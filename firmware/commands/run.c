#include "base/say.h"
#include "commands/commands.h"
#include "commands/load.h"
#include "daemon/daemon.h"

#include <stdio.h>

static const struct option_spec options_table[] = {
    CONFIG_OPTION,
    {0},
};

static const struct command_spec spec = {
    .program = "amberbar",
    .command = "run",
    .summary =
        "Shows what Kubernetes is rolling out on the board of the config, in the foreground,\n"
        "until SIGTERM or SIGINT; then darkens every output. SIGHUP reads the config again.",
    .options = options_table,
};

int command_run(int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return options_status(result);
    struct config *config = load_config(options.values[0]);
    if (config == NULL)
        return EXIT_STATUS_USAGE;
    struct error error;
    bool good = daemon_run(config, &error);
    if (!good)
        say_line(stderr, "amberbar run: %s", error.text);
    return good ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}
