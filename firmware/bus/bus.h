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

/* Clocked lines on a GPIO chip: data is sampled by the lights at each rising clock edge. */
struct gpio_clocked_settings {
    char chips[BUS_LABELS_MAX][BUS_NAME_SIZE]; /* labels, first match wins; "" ends the list */
    char data[BUS_NAME_SIZE]; /* line name, e.g. "GPIO23" (falls back to offset 23) or "23" */
    char clock[BUS_NAME_SIZE];
    int64_t half_period_us; /* least time between two edges; 0: as fast as the kernel allows */
};

struct bus; /* opaque */

/* Opens the lines, both low. NULL on error. */
struct bus *bus_open_gpio_clocked(const struct gpio_clocked_settings *settings,
                                  struct error *error);

/* Bytes to an open file descriptor that stays the caller's (standard output). NULL: no memory. */
struct bus *bus_open_file(int fd, struct error *error);

/* Sends one message whole. After an error the bus may be broken: close it and open it anew. */
bool bus_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error);

void bus_close(struct bus *bus); /* NULL is fine */

#endif
