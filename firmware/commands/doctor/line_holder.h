/*
 * Who holds a GPIO line.
 */
#ifndef AMBERBAR_COMMANDS_DOCTOR_LINE_HOLDER_H
#define AMBERBAR_COMMANDS_DOCTOR_LINE_HOLDER_H

#include "bus/gpiochip.h"
#include "commands/doctor/accounts.h"

struct line_holder {
    struct gpiochip chip;
    unsigned offset;
    bool used;
    char consumer[GPIOCHIP_LABEL_SIZE]; /* who uses it, as it calls itself; "" when it does not */
};

/* Asks the kernel. `labels` and `line` as in a board file. */
bool line_holder_find(const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE], const char *line,
                      struct line_holder *holder, struct error *error);

/* The same of a machine whose /sys/kernel/debug/gpio was recorded. */
bool line_holder_recorded(const struct machine *machine,
                          const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE], const char *line,
                          struct line_holder *holder);

#endif
