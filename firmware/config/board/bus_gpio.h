/*
 * GPIO lines in `bus:`: the keys of each wiring, and the lines that are held beside any bus. Part
 * of bus.c.
 */
#ifndef AMBERBAR_CONFIG_BOARD_BUS_GPIO_H
#define AMBERBAR_CONFIG_BOARD_BUS_GPIO_H

#include "config/sections/sections.h"

/* The keys of each wiring, of a lamp's line and of a line that is held. */
extern const struct field bus_gpio_clocked_fields[], bus_gpio_latched_fields[],
    bus_gpio_two_wire_fields[], bus_gpio_lamp_line_fields[], bus_gpio_hold_fields[];
extern const struct section bus_gpio_clocked_sections[], bus_gpio_lines_sections[];

/* How a wiring is written: "bus: {gpio: {data: LINE, ...}}". */
const char *bus_gpio_form(enum wiring wiring);

/* The value of `gpio:`, into a struct output_settings whose chip is known. */
void bus_gpio_read(const struct reading *reading, const struct node *node, void *output);

/* `gpiochip:` and `hold:` beside another bus, into its struct output_settings. */
extern const struct section bus_gpio_beside[];

/* Puts the chips where they are used: the header's of a Raspberry Pi where none is named. */
void bus_gpio_settle(struct bus_settings *settings);

#endif
