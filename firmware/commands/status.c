#include "daemon/status.h"

#include "base/clock.h"
#include "base/intake.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "commands/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct option_spec options_table[] = {
    {"--json", NULL, NULL, "print the status file as it is"},
    {0},
};

static const struct command_spec spec = {
    .program = "amberbar",
    .command = "status",
    .summary =
        "Prints what the running daemon shows, and why, with its last transitions. Exits with 0\n"
        "when all is stable, 3 when something moves, 4 when there is trouble, 5 when the state\n"
        "is unknown or no daemon runs; by the rollouts alone, whatever the indicators say.",
    .options = options_table,
};

static int no_daemon(const char *path, const char *why)
{
    say_line(
        stderr,
        "amberbar status: %s: %s; start `amberbar run`, or set RUNTIME_DIRECTORY to that of the "
        "daemon",
        path, why);
    return EXIT_STATUS_UNKNOWN;
}

/* The file as it is, but for what somebody else may have written raw into it. */
static void print_file(const char *path)
{
    struct text text = {0};
    if (intake_file(path, INTAKE_FILE, TREE_BYTES_MAX, &text))
        say_lines(stdout, text.length > 0 ? text.data : "");
    text_free(&text);
}

static int report(const char *path, const struct node *status, bool json)
{
    int64_t valid_until = clock_parse_rfc3339(report_text(status, "valid_until"));
    if (valid_until == INT64_MIN)
        return no_daemon(path, "this is no status file");
    if (json)
        print_file(path);
    else if (!report_print(status, stdout))
        return EXIT_STATUS_UNKNOWN;
    if (clock_realtime_ms() > valid_until) {
        char why[128];
        snprintf(why, sizeof why, "old, last written %s", report_text(status, "updated"));
        return no_daemon(path, why);
    }
    return report_exit_status(status);
}

/* The daemon that this user has started or names, else the service, which is another user's. */
static bool find_file(char *path, size_t size)
{
    char directory[CONFIG_PATH_SIZE];
    const char *named = getenv("RUNTIME_DIRECTORY");
    bool known = status_directory(directory, sizeof directory);
    snprintf(path, size, "%s/" STATUS_FILE, known ? directory : STATUS_SERVICE_DIRECTORY);
    if ((named != NULL && named[0] != '\0') || (known && access(path, F_OK) == 0))
        return known;
    if (access(STATUS_SERVICE_DIRECTORY "/" STATUS_FILE, F_OK) != 0)
        return known;
    snprintf(path, size, STATUS_SERVICE_DIRECTORY "/" STATUS_FILE);
    return true;
}

int command_status(int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return result == OPTIONS_WRONG ? EXIT_STATUS_USAGE : EXIT_STATUS_OK;
    char path[CONFIG_PATH_SIZE + sizeof STATUS_FILE];
    if (!find_file(path, sizeof path))
        return no_daemon(STATUS_FILE,
                         "neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR says where it is");
    struct complaints complaints = {0};
    struct tree *tree = tree_read_file(path, &complaints);
    int status = tree != NULL ? report(path, tree_root(tree), options.values[0] != NULL)
                              : no_daemon(path, access(path, F_OK) == 0 ? "cannot be read"
                                                                        : "there is no such file");
    tree_free(tree);
    complaints_free(&complaints);
    return status;
}
