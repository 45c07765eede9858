/*
 * The daemon that runs on this machine, as its status file and its lock show it: what `status` and
 * `doctor` have in common.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_RUNNING_H
#define AMBERBAR_COMMANDS_COMMON_RUNNING_H

#include "config/yaml/tree.h"
#include "daemon/status.h"

enum running_state {
    RUNNING_NONE,  /* there is no status file, or none that can be read: `why` says so */
    RUNNING_ENDED, /* a daemon has left one and is gone: what it says is nobody's word any more */
    RUNNING_OLD,   /* the daemon has not written for too long */
    RUNNING_WELL,
};

struct running {
    char path[CONFIG_PATH_SIZE + sizeof STATUS_FILE]; /* of the file */
    struct text file;
    struct tree *tree; /* NULL with RUNNING_NONE */
    struct error why;
};

/* Looks for the daemon that this user has started or names, else for the service, which is another
   user's. The caller calls running_forget(). */
enum running_state running_find(struct running *running);
void running_forget(struct running *running);

/* When the file was written, as it says itself: RFC 3339; or "". */
const char *running_updated(const struct running *running);

/* For a command that drives the lights itself: true where a daemon drives lights of this machine,
   and a sentence of `amberbar COMMAND` has said how to stop it. */
bool running_refuses(const char *command);

#endif
