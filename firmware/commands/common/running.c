#include "commands/common/running.h"

#include "base/clock.h"
#include "base/say.h"
#include "commands/common/report.h"
#include "daemon/atomic_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static bool read_file(struct running *running)
{
    if (!atomic_file_read(running->path, TREE_BYTES_MAX, false, &running->file, &running->why))
        return false;
    return running->file.length > 0 || error_set(&running->why, "it is empty");
}

static bool read_tree(struct running *running)
{
    struct complaints complaints = {0};
    running->tree =
        tree_read_text(running->path, running->file.data, running->file.length, &complaints);
    complaints_free(&complaints);
    return running->tree != NULL || error_set(&running->why, "this is no status file");
}

/* The lock is looked at after the file: a daemon that has just begun has both. */
static enum running_state state_of(struct running *running, const char *directory)
{
    const struct node *status = tree_root(running->tree);
    if (status_life(directory) == DAEMON_GONE)
        return RUNNING_ENDED;
    int64_t valid_until = clock_parse_rfc3339(report_text(status, "valid_until"));
    if (valid_until != INT64_MIN)
        return clock_realtime_ms() > valid_until ? RUNNING_OLD : RUNNING_WELL;
    error_set(&running->why, "this is no status file");
    return RUNNING_NONE;
}

enum running_state running_find(struct running *running)
{
    char directory[CONFIG_PATH_SIZE];
    *running = (struct running){.path = STATUS_FILE};
    if (!find_directory(directory, sizeof directory)) {
        error_set(&running->why, "neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR says where it is");
        return RUNNING_NONE;
    }
    snprintf(running->path, sizeof running->path, "%s/" STATUS_FILE, directory);
    if (!read_file(running) || !read_tree(running))
        return RUNNING_NONE;
    return state_of(running, directory);
}

void running_forget(struct running *running)
{
    tree_free(running->tree);
    text_free(&running->file);
}

const char *running_updated(const struct running *running)
{
    return running->tree == NULL ? "" : report_text(tree_root(running->tree), "updated");
}

bool running_refuses(const char *command)
{
    struct running running;
    enum running_state state = running_find(&running);
    bool service = strcmp(running.path, STATUS_SERVICE_DIRECTORY "/" STATUS_FILE) == 0;
    running_forget(&running);
    if (state != RUNNING_WELL)
        return false;
    say_line(stderr,
             "amberbar %s: a daemon drives the lights now (%s is fresh), and both would draw; stop "
             "it first%s",
             command, running.path,
             service ? ": sudo systemctl stop amberbar (and start it again afterwards)"
                     : " with Ctrl-C where it runs");
    return true;
}
