/*
 * Built without libgpiod: a board on GPIO lines says so when it is opened, all others work.
 */
#include "bus/gpio.h"

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    (void)request;
    (void)error_set(error,
                    "this amberbar was built without libgpiod, so it cannot reach GPIO lines: "
                    "install libgpiod-dev and build it anew, or choose a board without GPIO");
    return NULL;
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    (void)gpio;
    (void)mask;
    (void)levels;
    return error_set(error, "this amberbar was built without libgpiod");
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    (void)gpio;
    *levels = 0;
    return error_set(error, "this amberbar was built without libgpiod");
}

void gpio_close(struct gpio *gpio)
{
    (void)gpio;
}
