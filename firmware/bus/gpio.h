/*
 * Output lines of one GPIO chip, as little as the buses need: four operations that hide which
 * libgpiod there is. Implemented once for each: gpio_v1.c (1.6), gpio_v2.c (2.x), gpio_none.c
 * (built without); CMake compiles exactly one of them.
 */
#ifndef AMBERBAR_BUS_GPIO_H
#define AMBERBAR_BUS_GPIO_H

#include "base/error.h"
#include "bus/bus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GPIO_LINES_MAX                                                        \
    32 /* one bit each in `mask` and `levels`; the kernel allows 64 a request \
        */
#define GPIO_CONSUMER "amberbar" /* who holds the lines, as gpioinfo prints it */

struct gpio_request {
    const char (*chips)[BUS_NAME_SIZE]; /* BUS_LABELS_MAX labels, first match wins; "" ends them */
    const char
        *lines[GPIO_LINES_MAX]; /* names inside the chosen chip, or "GPIO23", "23": offsets */
    size_t count;
    uint32_t levels; /* what the lines are from the first moment on (bit i: line i); 0: low */
    bool open_drain; /* a line that is set high is let go: what pulls it up, or another that holds
                        it low, decides, and gpio_get() says so */
};

struct gpio; /* opaque */

/* All lines in one request, as outputs. NULL on error. */
struct gpio *gpio_open(const struct gpio_request *request, struct error *error);

/*
 * Sets the lines in `mask` (bit i: line i of the request) to their bits in `levels` in one system
 * call; the others keep their level. Within the call a Pi changes one line after the other, lowest
 * offset first (pinctrl-bcm2835.c and pinctrl-rp1.c have no set_multiple).
 */
bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error);

/* Reads the levels that all lines really have. */
bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error);

/* Releases the lines as they are; what they do then is the kernel's choice. NULL is fine. */
void gpio_close(struct gpio *gpio);

#endif
