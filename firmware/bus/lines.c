/*
 * Lamps: a line each, all of them in one system call a message.
 *
 * What is off on an active-low line is high. That is turned here, not by the kernel's active-low
 * flag: libgpiod 1.6 has one flag for all lines of a request, and lines of two requests would not
 * change in one call.
 */
#include "bus/driver.h"
#include "bus/gpio.h"

#include <stdlib.h>

_Static_assert(BUS_LINES_MAX <= GPIO_LINES_MAX, "a request holds all lamps");

struct lines {
    struct bus bus;
    struct gpio *gpio;
    uint32_t off; /* the levels at which every lamp is off */
    size_t count;
};

static bool lines_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    struct lines *lines = (struct lines *)bus;
    uint32_t lit = 0;
    uint32_t all = (uint32_t)(((uint64_t)1 << lines->count) - 1);
    if (length != lines->count)
        return error_set(error,
                         "the chip has %zu lamps, but %zu lines are wired: name a line for each "
                         "lamp in the board file",
                         length, lines->count);
    for (size_t i = 0; i < length; i++)
        lit |= bytes[i] != 0 ? 1U << i : 0U;
    return gpio_set(lines->gpio, all, lit ^ lines->off, error);
}

static void lines_close(struct bus *bus)
{
    struct lines *lines = (struct lines *)bus;
    gpio_close(lines->gpio);
    free(lines);
}

static const struct bus_driver driver = {lines_send, lines_close};

struct bus *bus_open_gpio_lines(const struct gpio_lines_settings *settings, struct error *error)
{
    struct lines *lines = calloc(1, sizeof *lines);
    if (lines == NULL) {
        (void)error_set(error, "out of memory while opening GPIO lines");
        return NULL;
    }
    struct gpio_request request = {.chips = settings->chips, .count = settings->count};
    for (size_t i = 0; i < settings->count; i++) {
        request.lines[i] = settings->lines[i].name;
        lines->off |= settings->lines[i].active_low ? 1U << i : 0U;
    }
    request.levels = lines->off;
    lines->bus.driver = &driver;
    lines->count = settings->count;
    lines->gpio = gpio_open(&request, error);
    if (lines->gpio != NULL)
        return &lines->bus;
    free(lines);
    return NULL;
}
