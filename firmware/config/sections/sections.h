/*
 * The parts of the files, one reader each (fields.h): what stands between the tables and the
 * structs of config.h.
 */
#ifndef AMBERBAR_CONFIG_SECTIONS_SECTIONS_H
#define AMBERBAR_CONFIG_SECTIONS_SECTIONS_H

#include "config/config.h"
#include "config/schema/fields.h"

/* The keys of a board file, and of an output. */
extern const struct field board_fields[], output_fields[];
extern const struct section board_sections[], output_sections[];

/* `board:` of a config file: finds the board file and reads it into a struct config. */
void board_read_section(const struct reading *reading, const struct node *node, void *config);

/* `map:` and `matrix:` of an output with pixels, into its struct output_settings. */
extern const struct section led_order_sections[];

/* As many LEDs as pixels. */
void led_order_check(const struct reading *reading, const struct node *node,
                     const struct output_settings *output);

/* `bus:` of an output, into its struct output_settings. The chip is known. */
void bus_read_section(const struct reading *reading, const struct node *node, void *output);

/* The keys of each bus. */
extern const struct field spi_fields[], i2c_fields[], device_fields[], device_line_fields[],
    framebuffer_fields[], light_fields[], udp_fields[], hidraw_fields[];
extern const struct section i2c_sections[], leds_sections[];

/* Two outputs cannot share a name, standard output, a device or a line; complains at `node`. */
void conflicts_check(const struct reading *reading, const struct node *node,
                     const struct output_settings *output, const struct output_settings *earlier);

/* Nor can one output use a line twice. */
void conflicts_check_lines(const struct reading *reading, const struct node *node,
                           const struct output_settings *output);

/* `lamps:` of an output whose chip has lamps, into its struct lamps_settings. */
extern const struct section lamps_sections[];

/* As many lamps as lines or lights. */
void lamps_check_count(const struct reading *reading, const struct node *node,
                       const struct output_settings *output);

/* `prometheus:`, into a struct config. */
void prometheus_read_section(const struct reading *reading, const struct node *node, void *config);

/* `rollouts:`, into a struct config. */
void rollouts_read_section(const struct reading *reading, const struct node *node, void *config);

/* `colours:` and `night:` of `display:`, into a struct config. */
void colours_read_section(const struct reading *reading, const struct node *node, void *config);
void night_read_section(const struct reading *reading, const struct node *node, void *config);

/* Fills in what `colours:` has left to the palette. */
void colours_complete(struct config *config);

/*
 * `cluster:` of a rollout or an indicator: there must be a label to choose it by, and where the
 * series of a query are chosen (`exact`) it is one name.
 */
void cluster_check(const struct reading *reading, const struct node *map,
                   const struct config *config, bool exact);

/* `indicators:`, into a struct config whose rollouts are read. */
void indicators_read_section(const struct reading *reading, const struct node *node, void *config);

/* `display:` into a struct config whose board, rollouts and indicators are read. `node` NULL: left
 * out. */
void display_read_section(const struct reading *reading, const struct node *node, void *config);

/* The tables of a config file, for the manual. */
extern const struct field config_fields[], rollout_fields[], indicator_fields[], display_fields[],
    wall_fields[], segment_fields[], layout_fields[], night_fields[];

#endif
