/*
 * What is shown and why, as one JSON object: the status file, and `once --json`. The shape is part
 * of the program's interface; keys may be added, never changed.
 */
#ifndef AMBERBAR_DAEMON_STATUS_H
#define AMBERBAR_DAEMON_STATUS_H

#include "daemon/model.h"

#define STATUS_FILE "status.json"
#define STATUS_SERVICE_DIRECTORY "/run/amberbar" /* the service's and root's */
#define STATUS_WORKLOADS_MAX 100 /* listed of one rollout, those that are not settled first */

struct status_view {
    const struct model *model;
    const struct poll_report *report;
    const struct frame *frame;
    const char *output_fault; /* NULL: every output works */
    bool limited;             /* some output's supply allows less light than there should be */
    bool night;
    const char *reload_fault; /* NULL: the config file was fine when it was last read */
    int64_t now_ms;           /* monotonic */
    int64_t realtime_ms;      /* since 1970 */
    int64_t valid_ms;         /* from now: by then it will have been written anew */
};

/* Appends the object and a newline. */
void status_render(const struct status_view *view, struct text *out);

/*
 * The folder of the status file: $RUNTIME_DIRECTORY, else /run/amberbar for root, else
 * $XDG_RUNTIME_DIR/amberbar. False when there is none.
 */
bool status_directory(char *out, size_t size);

/*
 * Makes the folder when it is not there, and takes it for this process alone: two daemons that
 * write one status file would make it lie. `claim` is a descriptor, -1 at first, which stays open
 * while the folder is ours; the kernel gives it back however the process ends. False while another
 * has it: a later call tries again, and also finds out that the folder was removed and made anew.
 */
bool status_claim(const char *directory, int *claim, struct error *error);

/*
 * Whether a daemon has claimed the folder, at once after its death, too. A folder that this user
 * may not read (the service's own is readable for everybody) tells nothing: DAEMON_UNSEEN, and only
 * the status file's own `valid_until` is left to go by.
 */
enum daemon_life { DAEMON_UNSEEN, DAEMON_GONE, DAEMON_RUNS };
enum daemon_life status_life(const char *directory);

/* Writes the file whole and renames it into place. */
bool status_write(const char *directory, const struct text *text, struct error *error);

/* Removes it: no daemon, no status. */
void status_remove(const char *directory);

#endif
