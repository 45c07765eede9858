/*
 * Strips of LEDs as they behave on their wires, each written from its data sheet and not from an
 * encoder: what a strip really shows after some bytes, or what was wrong with them.
 */
#ifndef AMBERBAR_TESTS_STRIP_MODEL_H
#define AMBERBAR_TESTS_STRIP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRIP_LEDS_MAX 1100
#define STRIP_NEVER 0xEE /* a channel that was never set */

struct strip_model {
    size_t count, channels;
    uint8_t shown[STRIP_LEDS_MAX][4]; /* in the order of the wire */
    char fault[128];                  /* the first; "": none */
};

void strip_power(struct strip_model *strip, size_t count, size_t channels);
__attribute__((format(printf, 2, 3))) void strip_fault(struct strip_model *strip,
                                                       const char *format, ...);

/* Least and most nanoseconds of high for a 0 and a 1, and of low for the end of a frame. */
struct ws2812_timing {
    const char *name;
    double zero_min, zero_max, one_min, one_max, reset_min;
};
extern const struct ws2812_timing ws2812_classic, ws2812_v5, ws2812_sk6812, ws2812_ws2813;

/* The data line of SPI, as a controller drives it. */
struct ws2812_line {
    const struct ws2812_timing *timing;
    double hz;
    double byte_gap_ns; /* the line keeps its level between two bytes */
    bool idles_high;    /* before the message */
};
void ws2812_receive(struct strip_model *strip, const struct ws2812_line *line, const uint8_t *bytes,
                    size_t length);

/* Bits, then `idle_us` of a low clock. */
void ws2801_receive(struct strip_model *strip, const uint8_t *bytes, size_t length, double idle_us);

void lpd8806_receive(struct strip_model *strip, const uint8_t *bytes, size_t length);
void p9813_receive(struct strip_model *strip, const uint8_t *bytes, size_t length);

/* /dev/leds0: one write at position 0; the strip behind it has the driver's own order. */
struct pio_driver {
    size_t leds;
    unsigned brightness;
};
void pio_write(struct strip_model *strip, struct pio_driver *driver, const uint8_t *bytes,
               size_t length);

#endif
