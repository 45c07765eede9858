/*
 * The GPIO chips of this machine. They are found by label, never by number: a Pi 5's header moved
 * from gpiochip4 to gpiochip0 with a kernel update (raspberrypi/linux#6144). Asks the kernel
 * itself, so that one chip which may not be opened does not hide the others (as libgpiod 1.6's
 * iterator does).
 */
#ifndef AMBERBAR_BUS_GPIOCHIP_H
#define AMBERBAR_BUS_GPIOCHIP_H

#include "base/error.h"
#include "bus/bus.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define GPIOCHIP_PATH_SIZE 64
#define GPIOCHIP_LABEL_SIZE 32 /* GPIO_MAX_NAME_SIZE of linux/gpio.h, with the NUL */
#define GPIOCHIP_MAX 32        /* chips listed; a Pi has 2 to 15 */

struct gpiochip {
    char path[GPIOCHIP_PATH_SIZE];   /* /dev/gpiochip0 */
    char label[GPIOCHIP_LABEL_SIZE]; /* pinctrl-bcm2835 */
    unsigned lines;                  /* offsets are below this */
    dev_t device;                    /* the same chip may have several names in /dev */
    int fault;                       /* errno why it could not be asked (label is ""), or 0 */
};

struct gpiochip_list {
    struct gpiochip chips[GPIOCHIP_MAX]; /* by number */
    size_t count;
};

/* Lists the gpiochip* of a directory ("/dev"), each once. Devices that are no GPIO chips are left
 * out. */
void gpiochip_scan(const char *directory, struct gpiochip_list *list);

/* The chip with the first of the labels that one has; NULL: the error lists what there is. */
const struct gpiochip *gpiochip_choose(const struct gpiochip_list *list,
                                       const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE],
                                       struct error *error);

/* The same for this machine's /dev, as a copy. */
bool gpiochip_find(const char labels[static BUS_LABELS_MAX][BUS_NAME_SIZE], struct gpiochip *chip,
                   struct error *error);

/* Finds lines by name in an open chip: true and the offset when there is one. */
typedef bool gpiochip_by_name(void *open_chip, const char *name, unsigned *offset);

/*
 * The offsets of `count` lines: by name first, then by number ("GPIO23" and "23" are offset 23).
 * False when a name means no line of this chip, or two names mean the same one.
 */
struct gpiochip_names {
    const char *const *names;
    size_t count;
    gpiochip_by_name *by_name;
    void *open_chip;
};
bool gpiochip_offsets(const struct gpiochip *chip, const struct gpiochip_names *lines,
                      unsigned *offsets, struct error *error);

/*
 * The sentences for what the kernel answered (an errno): to opening or using the chip, and to a
 * request for a line that `consumer` holds. Return false.
 */
bool gpiochip_fault(const struct gpiochip *chip, const char *doing, int number,
                    struct error *error);
bool gpiochip_busy(const struct gpiochip *chip, const char *line, unsigned offset,
                   const char *consumer, struct error *error);

#endif
