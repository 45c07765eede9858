#include "daemon/status.h"

#include "base/clock.h"
#include "base/intake.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/options.h"
#include "commands/common/report.h"
#include "daemon/atomic_file.h"

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

/* What it showed is nobody's word any more, so it is not printed. */
static int tell_death(const char *path, const struct node *status)
{
    char why[160];
    snprintf(why, sizeof why, "no daemon runs (it ended without a word: last written %.64s)",
             report_text(status, "updated"));
    return no_daemon(path, why);
}

static int report(const char *path, const struct text *file, const struct node *status, bool json)
{
    int64_t valid_until = clock_parse_rfc3339(report_text(status, "valid_until"));
    if (valid_until == INT64_MIN)
        return no_daemon(path, "this is no status file");
    if (json)
        say_lines(stdout, file->length > 0 ? file->data : "");
    else if (!report_print(status, stdout))
        return EXIT_STATUS_UNKNOWN;
    if (clock_realtime_ms() > valid_until) {
        char why[128];
        snprintf(why, sizeof why, "old, last written %.64s", report_text(status, "updated"));
        return no_daemon(path, why);
    }
    return report_exit_status(status);
}

/* The daemon that this user has started or names, else the service, which is another user's. */
static bool find_directory(char *directory, size_t size)
{
    char path[CONFIG_PATH_SIZE + sizeof STATUS_FILE];
    const char *named = getenv("RUNTIME_DIRECTORY");
    bool known = status_directory(directory, size);
    snprintf(path, sizeof path, "%s/" STATUS_FILE, known ? directory : STATUS_SERVICE_DIRECTORY);
    if ((named != NULL && named[0] != '\0') || (known && access(path, F_OK) == 0))
        return known;
    if (access(STATUS_SERVICE_DIRECTORY "/" STATUS_FILE, F_OK) != 0)
        return known;
    return text_copy(directory, size, STATUS_SERVICE_DIRECTORY);
}

/* The lock is looked at after the file: a daemon that has just begun has both. */
static int tell(const char *directory, const char *path, const struct text *file, bool json)
{
    struct complaints complaints = {0};
    struct tree *tree = tree_read_text(path, file->data, file->length, &complaints);
    int status = EXIT_STATUS_UNKNOWN;
    if (tree == NULL)
        no_daemon(path, "this is no status file");
    else if (status_life(directory) == DAEMON_GONE)
        tell_death(path, tree_root(tree));
    else
        status = report(path, file, tree_root(tree), json);
    tree_free(tree);
    complaints_free(&complaints);
    return status;
}

int command_status(int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return result == OPTIONS_WRONG ? EXIT_STATUS_USAGE : EXIT_STATUS_OK;
    char directory[CONFIG_PATH_SIZE], path[CONFIG_PATH_SIZE + sizeof STATUS_FILE];
    if (!find_directory(directory, sizeof directory))
        return no_daemon(STATUS_FILE,
                         "neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR says where it is");
    snprintf(path, sizeof path, "%s/" STATUS_FILE, directory);
    struct text file = {0};
    struct error error = {0};
    bool good = atomic_file_read(path, TREE_BYTES_MAX, false, &file, &error);
    if (good && file.length == 0)
        good = error_set(&error, "it is empty");
    int status = good ? tell(directory, path, &file, options.values[0] != NULL)
                      : no_daemon(path, error.text);
    text_free(&file);
    return status;
}
