/*
 * Who stands before the wall: reads the frames of a running daemon, and sends it signals.
 */
#ifndef AMBERBAR_TESTS_TORTURE_WALL_H
#define AMBERBAR_TESTS_TORTURE_WALL_H

#include "base/text.h"

#include <sys/types.h>

enum wall_picture { WALL_PERCENT, WALL_GREEN, WALL_UNKNOWN };

struct wall {
    pid_t process;
    int output;   /* a pipe: frames, one JSON object a line */
    int messages; /* a file: its log */
    struct text *fault;

    char line[4096]; /* that is being read */
    size_t length;
    bool shown[WALL_UNKNOWN + 1]; /* what the newest frame shows */
    bool was_green;               /* one frame or another */
    bool lit;                     /* the newest frame is */
    bool gone;                    /* the daemon has closed its output */
    bool refused;                 /* the last reload was */
};

int64_t wall_now_ms(void);

/* Waits until a frame shows this; else, unless the daemon is gone, that is a fault. */
void wall_wait(struct wall *wall, enum wall_picture picture, const char *fault);

/* SIGHUP, until its log says what came of it. */
void wall_reload(struct wall *wall);

/* SIGTERM, and all frames up to the last. */
void wall_stop(struct wall *wall);

/* Whether a log says of an output that it could not be written. */
bool wall_has_said(const char *log, const char *output);

#endif
