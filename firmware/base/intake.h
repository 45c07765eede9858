/*
 * Whatever is read whole from the file system comes in here: config, boards, secrets, status,
 * timelines, config.txt, the device tree, accounts. What lies at a path may be anything: a FIFO
 * whose open(2) never returns, a terminal, a device without an end. None of them stops us.
 */
#ifndef AMBERBAR_BASE_INTAKE_H
#define AMBERBAR_BASE_INTAKE_H

#include "base/text.h"

#define INTAKE_PIPE_MS 5000 /* for all that comes through a pipe */

enum intake {
    INTAKE_FILE,   /* a regular file; of /proc and /sys too */
    INTAKE_HANDED, /* also a pipe that was handed over open, such as /dev/stdin or the shell's
                      <(command); not a FIFO that lies there under a name */
};

/* Opens for reading, at once. -1 with errno as of intake_words(). */
int intake_open(const char *path, enum intake what);

/* Appends the rest of what was opened; false with errno when it has more than `most` bytes (EFBIG),
   when a pipe does not end in time (ETIMEDOUT), or cannot be read. What was added stays. */
bool intake_rest(int fd, size_t most, struct text *out);

/* Both, and closes it. */
bool intake_file(const char *path, enum intake what, size_t most, struct text *out);

/* What an errno of these means to a person: "it is a directory", else as strerror(3). */
const char *intake_words(int reason);

#endif
