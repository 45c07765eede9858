/*
 * What a kind of bus is made of. A kind's own struct begins with a struct bus.
 */
#ifndef AMBERBAR_BUS_DRIVER_H
#define AMBERBAR_BUS_DRIVER_H

#include "bus/bus.h"

struct bus_driver {
    bool (*send)(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error);
    void (*close)(struct bus *bus); /* releases the lines or files, and the memory */
};

struct bus {
    const struct bus_driver *driver;
};

#endif
