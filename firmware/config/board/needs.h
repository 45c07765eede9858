/*
 * What an output needs of the machine it is used on: the one place that turns a board's wiring into
 * questions to machine/machine.h. Each function is true when nothing is wrong.
 */
#ifndef AMBERBAR_CONFIG_BOARD_NEEDS_H
#define AMBERBAR_CONFIG_BOARD_NEEDS_H

#include "config/config.h"
#include "machine/machine.h"

/* The device file that an output is written to, NULL for none: /dev/spidev0.0. */
const char *output_device(const struct output_settings *output);

/* That device is there, and does what the chip asks of it. */
bool output_device_fits(const struct machine *machine, const struct output_settings *output,
                        struct advice *advice);

/* Its clock stands still, where the lights measure it. */
bool output_clock_fits(const struct machine *machine, const struct output_settings *output,
                       struct advice *advice);
bool output_measures_pulses(const struct output_settings *output);

/* Whether the output drives that line itself, and not through a bus of the kernel's. */
bool output_drives_line(const struct output_settings *output, const struct line_use *use);

/* A line that it drives is not given to something else by config.txt. */
bool output_line_fits(const struct machine *machine, const struct output_settings *output,
                      const struct line_use *use, struct advice *advice);

/* The number of a header's line, "GPIO23" or "23"; -1: none. */
int output_line_number(const struct line_use *use);

/* The machine's own lights that it names and the machine has not. */
bool output_lights_fit(const struct machine *machine, const struct output_settings *output,
                       struct advice *advice);

/* Decides by the model what the board file leaves to it: which lights are inverted. */
void board_settle_lights(const struct machine *machine, struct board *board);

/* All of it, a line each: "strip: there is no /dev/spidev0.0: put ... and reboot". Nothing when the
 * machine does not say what it is: a config is also checked elsewhere. */
void board_remarks(const struct machine *machine, const struct board *board, struct text *out);

#endif
