/*
 * libgpiod 1.6 (Debian 12). Its line calls are only safe on the complete bulk: a call for one line
 * of a bulk request sets the others to 0 and reads the first one (lib/core.c). So every call here
 * passes all lines, in the order of the request.
 */
#include "bus/gpio.h"

#include "bus/gpiochip.h"

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>

struct gpio {
    struct gpiochip chip;
    struct gpiod_chip *handle; /* closing it releases its lines */
    struct gpiod_line_bulk lines;
    int levels[GPIO_LINES_MAX];
    size_t count;
};

static bool find_line(void *open_chip, const char *name, unsigned *offset)
{
    struct gpiod_line *line = gpiod_chip_find_line(open_chip, name);
    if (line == NULL)
        return false;
    *offset = gpiod_line_offset(line);
    return true;
}

/* The line that somebody else holds, if that is why the request failed. */
static bool complain_request(struct gpio *gpio, const struct gpio_request *request, int number,
                             struct error *error)
{
    for (unsigned i = 0; number == EBUSY && i < gpio->count; i++) {
        struct gpiod_line *line = gpiod_line_bulk_get_line(&gpio->lines, i);
        if (gpiod_line_update(line) == 0 && gpiod_line_is_used(line))
            return gpiochip_busy(&gpio->chip, request->lines[i], gpiod_line_offset(line),
                                 gpiod_line_consumer(line), error);
    }
    return gpiochip_fault(&gpio->chip, "asked for its lines", number, error);
}

static bool take_lines(struct gpio *gpio, const struct gpio_request *request, struct error *error)
{
    gpio->handle = gpiod_chip_open(gpio->chip.path);
    if (gpio->handle == NULL)
        return gpiochip_fault(&gpio->chip, "opened", errno, error);

    unsigned offsets[GPIO_LINES_MAX] = {0};
    const struct gpiochip_names names = {request->lines, request->count, find_line, gpio->handle};
    if (!gpiochip_offsets(&gpio->chip, &names, offsets, error))
        return false;
    gpio->count = request->count;
    for (size_t i = 0; i < gpio->count; i++)
        gpio->levels[i] = (int)(request->levels >> i & 1U);
    if (gpiod_chip_get_lines(gpio->handle, offsets, (unsigned)gpio->count, &gpio->lines) != 0)
        return gpiochip_fault(&gpio->chip, "asked for its lines", errno, error);
    int flags = request->open_drain ? GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN : 0;
    if (gpiod_line_request_bulk_output_flags(&gpio->lines, GPIO_CONSUMER, flags, gpio->levels) != 0)
        return complain_request(gpio, request, errno, error);
    return true;
}

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    struct gpio *gpio = calloc(1, sizeof *gpio);
    if (gpio == NULL) {
        (void)error_set(error, "out of memory while opening GPIO lines");
        return NULL;
    }
    if (gpiochip_find(request->chips, &gpio->chip, error) && take_lines(gpio, request, error))
        return gpio;
    gpio_close(gpio);
    return NULL;
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    for (size_t i = 0; i < gpio->count; i++)
        if ((mask >> i & 1U) != 0)
            gpio->levels[i] = (int)(levels >> i & 1U);
    if (gpiod_line_set_value_bulk(&gpio->lines, gpio->levels) != 0)
        return gpiochip_fault(&gpio->chip, "set", errno, error);
    return true;
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    int values[GPIO_LINES_MAX] = {0};
    if (gpiod_line_get_value_bulk(&gpio->lines, values) != 0)
        return gpiochip_fault(&gpio->chip, "read", errno, error);
    *levels = 0;
    for (size_t i = 0; i < gpio->count; i++)
        *levels |= values[i] != 0 ? 1U << i : 0U;
    return true;
}

void gpio_close(struct gpio *gpio)
{
    if (gpio == NULL)
        return;
    if (gpio->handle != NULL)
        gpiod_chip_close(gpio->handle);
    free(gpio);
}
