/*
 * Device files: how they are opened, and the sentences for when they cannot be. One place, so that
 * a missing group reads alike for GPIO, SPI, I2C and lights.
 */
#ifndef AMBERBAR_BUS_DEVICE_H
#define AMBERBAR_BUS_DEVICE_H

#include "bus/bus.h"

#include <stdbool.h>

struct device {
    const char *path;
    const char *group;   /* whose members may open it once udev rules are there: "spi" */
    const char *absence; /* what to do when there is no such device; NULL: the machine says */
    const char *others;  /* the names of what could be meant instead begin so: "/sys/class/leds/";
                            NULL: none are reported */
    const struct device_settings *lights; /* that the kernel drives through it; NULL: none */
};

/* `flags` as of open(2); O_CLOEXEC is added. -1 on error. */
int device_open(const struct device *device, int flags, struct error *error);

/*
 * The sentence for an errno: "PATH could not be DOING: ..., and what to do". `doing` is a
 * participle: "opened", "written". Returns false.
 */
bool device_fault(const struct device *device, const char *doing, int number, struct error *error);

/* The same for EACCES and EPERM: who owns the path, and which group the user has to join. */
bool device_denied(const char *path, const char *doing, const char *group, struct error *error);

#endif
