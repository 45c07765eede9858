/*
 * Three lamps on GPIO lines that fail as told, instead of a real back end: implements bus/gpio.h.
 */
#ifndef AMBERBAR_TESTS_SCENARIO_LAMPS_H
#define AMBERBAR_TESTS_SCENARIO_LAMPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lamp_way {
    LAMPS_WORK,
    LAMPS_FAIL,  /* setting fails: EIO */
    LAMPS_BUSY,  /* setting fails, and the lines cannot be had again: EBUSY */
    LAMPS_GONE,  /* setting fails, and there is no chip: ENODEV */
    LAMPS_LOOSE, /* every other setting fails */
};

struct lamps {
    enum lamp_way way;
    uint32_t levels; /* red, amber, green: bits 0, 1, 2 */
    size_t sets;
    size_t held; /* requests that are open; never more than one */
};

extern struct lamps lamps;

bool lamps_green(void);

#endif
