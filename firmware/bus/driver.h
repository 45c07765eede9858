/*
 * What a kind of bus is made of. A kind's own struct begins with a struct bus.
 */
#ifndef AMBERBAR_BUS_DRIVER_H
#define AMBERBAR_BUS_DRIVER_H

#include "bus/bus.h"

/* gcc's -fanalyzer takes the whole for lost where its struct bus is returned; LeakSanitizer and
   valgrind do not. */
#if defined __GNUC__ && !defined __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

struct bus_driver {
    bool (*send)(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error);
    void (*close)(struct bus *bus); /* releases the lines or files, and the memory */
};

struct bus {
    const struct bus_driver *driver;
};

#endif
