/* `amberbar status` */
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/options.h"
#include "commands/common/report.h"
#include "commands/common/running.h"

#include <stdio.h>

static const struct option_spec options_table[] = {
    {"--json", NULL, NULL, "print the status file as it is"},
    {0},
};

static int no_daemon(const struct running *running, const char *why)
{
    say_line(
        stderr,
        "amberbar status: %s: %s; start `amberbar run`, or set RUNTIME_DIRECTORY to that of the "
        "daemon",
        running->path, why);
    return EXIT_STATUS_UNKNOWN;
}

/* What it showed is nobody's word any more, so it is not printed. */
static int report_end(const struct running *running)
{
    char why[160];
    snprintf(why, sizeof why, "no daemon runs (it ended without a word: last written %.64s)",
             running_updated(running));
    return no_daemon(running, why);
}

static int report_age(const struct running *running)
{
    char why[128];
    snprintf(why, sizeof why, "old, last written %.64s", running_updated(running));
    return no_daemon(running, why);
}

static int report(const struct running *running, bool old, bool json)
{
    const struct node *status = tree_root(running->tree);
    if (json)
        say_lines(stdout, running->file.length > 0 ? running->file.data : "");
    else if (!report_print(status, true, stdout))
        return EXIT_STATUS_UNKNOWN;
    return old ? report_age(running) : report_exit_status(status);
}

static int run_status(const struct options *options)
{
    struct running running;
    int status = EXIT_STATUS_UNKNOWN;
    const enum running_state state = running_find(&running);
    switch (state) {
    case RUNNING_NONE:
        status = no_daemon(&running, running.why.text);
        break;
    case RUNNING_ENDED:
        status = report_end(&running);
        break;
    case RUNNING_OLD:
    case RUNNING_WELL:
        status = report(&running, state == RUNNING_OLD, options->values[0] != NULL);
        break;
    }
    running_forget(&running);
    return status;
}

const struct command command_status = {
    .name = "amberbar status",
    .brief = "print what the running daemon shows, and why",
    .summary =
        "Prints what the running daemon shows, and why, with its last transitions. Exits with 0\n"
        "when all is stable, 3 when something moves, 4 when there is trouble, 5 when the state\n"
        "is unknown or no daemon runs; by the rollouts alone, whatever the indicators say.",
    .options = options_table,
    .run = run_status,
};
