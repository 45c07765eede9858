/*
 * A bus moves bytes (or edges) and knows nothing of colours. One open bus a board output.
 * Errors say the path or line, who owns or holds it, and the fix.
 */
#ifndef AMBERBAR_BUS_BUS_H
#define AMBERBAR_BUS_BUS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_NAME_SIZE 64
#define BUS_LABELS_MAX 8
#define BUS_HALF_PERIOD_MAX_US \
    1000 /* a Blinkt! frame then takes 0.65 s, in which nothing else runs */

/* Clocked lines on a GPIO chip: data is sampled by the lights at each rising clock edge. */
struct gpio_clocked_settings {
    char chips[BUS_LABELS_MAX][BUS_NAME_SIZE]; /* labels, first match wins; "" ends the list */
    char data[BUS_NAME_SIZE]; /* line name, e.g. "GPIO23" (falls back to offset 23) or "23" */
    char clock[BUS_NAME_SIZE];
    int64_t half_period_us; /* least time between two edges, up to BUS_HALF_PERIOD_MAX_US; 0: as
                               fast as the kernel allows */
};

struct bus; /* opaque */

/*
 * Opens the lines, both low. NULL on error. The chip is looked for by label each time: after it
 * went away and came back under another number, closing and opening anew finds it.
 */
struct bus *bus_open_gpio_clocked(const struct gpio_clocked_settings *settings,
                                  struct error *error);

/*
 * Bytes to an open file descriptor that stays the caller's (standard output). NULL: no memory.
 * A reader that stops reading costs at most BUS_STALL_MS a message, never the loop; of a message up
 * to PIPE_BUF (4096) bytes to a pipe then nothing was written. The process must ignore SIGPIPE: a
 * reader that went away is an error like others.
 */
#define BUS_STALL_MS 100
struct bus *bus_open_file(int fd, struct error *error);

/* Sends one message whole. After an error the bus may be broken: close it and open it anew. */
bool bus_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error);

/* Leaves GPIO lines low (on a Pi they stay as they were left). NULL is fine. */
void bus_close(struct bus *bus);

#endif
