/*
 * A bus with lines beside it that stay as they are: requested after it, given up after it.
 */
#include "bus/driver.h"
#include "bus/gpio.h"

#include <stdlib.h>

_Static_assert(BUS_HOLD_MAX <= GPIO_LINES_MAX, "a request holds all lines");

struct hold {
    struct bus bus;
    struct bus *held; /* the one that moves bytes */
    struct gpio *gpio;
};

static bool hold_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    return bus_send(((struct hold *)bus)->held, bytes, length, error);
}

static void hold_close(struct bus *bus)
{
    struct hold *hold = (struct hold *)bus;
    bus_close(hold->held);
    gpio_close(hold->gpio);
    free(hold);
}

static const struct bus_driver driver = {hold_send, hold_close};

static struct gpio *take_lines(const struct gpio_hold_settings *settings, struct error *error)
{
    struct gpio_request request = {.chips = settings->chips, .count = settings->count};
    for (size_t i = 0; i < settings->count; i++) {
        request.lines[i] = settings->lines[i].line;
        request.levels |= settings->lines[i].level != 0 ? 1U << i : 0U;
    }
    return gpio_open(&request, error);
}

struct bus *bus_hold(const struct gpio_hold_settings *settings, struct bus *bus,
                     struct error *error)
{
    if (bus == NULL || settings->count == 0)
        return bus;
    struct hold *hold = calloc(1, sizeof *hold);
    if (hold == NULL) {
        (void)error_set(error, "out of memory while opening GPIO lines");
        bus_close(bus);
        return NULL;
    }
    hold->bus.driver = &driver;
    hold->held = bus;
    hold->gpio = take_lines(settings, error);
    if (hold->gpio != NULL)
        return &hold->bus;
    hold_close(&hold->bus);
    return NULL;
}
