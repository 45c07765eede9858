/*
 * libgpiod 2.x (Debian 13).
 */
#include "bus/gpio.h"

#include "bus/gpiochip.h"

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>

struct gpio {
    struct gpiochip chip;
    struct gpiod_chip *handle;
    struct gpiod_line_request *lines;
    unsigned offsets[GPIO_LINES_MAX];
    size_t count;
};

static enum gpiod_line_value value_of(uint32_t levels, size_t line)
{
    return (levels >> line & 1U) != 0 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

static bool find_line(void *open_chip, const char *name, unsigned *offset)
{
    int found = gpiod_chip_get_line_offset_from_name(open_chip, name);
    if (found < 0)
        return false;
    *offset = (unsigned)found;
    return true;
}

/* The line that somebody else holds, if that is why the request failed. */
static bool complain_request(struct gpio *gpio, const struct gpio_request *request, int number,
                             struct error *error)
{
    for (size_t i = 0; number == EBUSY && i < gpio->count; i++) {
        struct gpiod_line_info *info = gpiod_chip_get_line_info(gpio->handle, gpio->offsets[i]);
        bool used = info != NULL && gpiod_line_info_is_used(info);
        if (used)
            (void)gpiochip_busy(&gpio->chip, request->lines[i], gpio->offsets[i],
                                gpiod_line_info_get_consumer(info), error);
        gpiod_line_info_free(info);
        if (used)
            return false;
    }
    return gpiochip_fault(&gpio->chip, "asked for its lines", number, error);
}

/* What the request asks for, from libgpiod; what could not be made is NULL. */
struct wishes {
    struct gpiod_request_config *who;
    struct gpiod_line_settings *settings;
    struct gpiod_line_config *lines;
};

/* Fills them; errno says why not. */
static bool describe(const struct gpio *gpio, const struct gpio_request *request,
                     const struct wishes *wishes)
{
    enum gpiod_line_value values[GPIO_LINES_MAX];
    enum gpiod_line_drive drive =
        request->open_drain ? GPIOD_LINE_DRIVE_OPEN_DRAIN : GPIOD_LINE_DRIVE_PUSH_PULL;
    for (size_t i = 0; i < gpio->count; i++)
        values[i] = value_of(request->levels, i);
    gpiod_request_config_set_consumer(wishes->who, GPIO_CONSUMER);
    return gpiod_line_settings_set_direction(wishes->settings, GPIOD_LINE_DIRECTION_OUTPUT) == 0 &&
           gpiod_line_settings_set_drive(wishes->settings, drive) == 0 &&
           gpiod_line_config_add_line_settings(wishes->lines, gpio->offsets, gpio->count,
                                               wishes->settings) == 0 &&
           gpiod_line_config_set_output_values(wishes->lines, values, gpio->count) == 0;
}

static struct gpiod_line_request *request_lines(const struct gpio *gpio,
                                                const struct gpio_request *request)
{
    const struct wishes wishes = {gpiod_request_config_new(), gpiod_line_settings_new(),
                                  gpiod_line_config_new()};
    struct gpiod_line_request *lines = NULL;
    if (wishes.who != NULL && wishes.settings != NULL && wishes.lines != NULL &&
        describe(gpio, request, &wishes))
        lines = gpiod_chip_request_lines(gpio->handle, wishes.who, wishes.lines);
    int why = errno;
    gpiod_line_config_free(wishes.lines);
    gpiod_line_settings_free(wishes.settings);
    gpiod_request_config_free(wishes.who);
    errno = why;
    return lines;
}

static bool take_lines(struct gpio *gpio, const struct gpio_request *request, struct error *error)
{
    gpio->handle = gpiod_chip_open(gpio->chip.path);
    if (gpio->handle == NULL)
        return gpiochip_fault(&gpio->chip, "opened", errno, error);

    gpio->count = request->count;
    const struct gpiochip_names names = {request->lines, request->count, find_line, gpio->handle};
    if (!gpiochip_offsets(&gpio->chip, &names, gpio->offsets, error))
        return false;
    gpio->lines = request_lines(gpio, request);
    if (gpio->lines == NULL)
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
    /* Only the lines that are meant: the kernel's work grows with each of them. */
    unsigned offsets[GPIO_LINES_MAX];
    enum gpiod_line_value values[GPIO_LINES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < gpio->count; i++) {
        if ((mask >> i & 1U) == 0)
            continue;
        offsets[count] = gpio->offsets[i];
        values[count++] = value_of(levels, i);
    }
    if (gpiod_line_request_set_values_subset(gpio->lines, count, offsets, values) != 0)
        return gpiochip_fault(&gpio->chip, "set", errno, error);
    return true;
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    enum gpiod_line_value values[GPIO_LINES_MAX] = {GPIOD_LINE_VALUE_INACTIVE};
    if (gpiod_line_request_get_values(gpio->lines, values) != 0)
        return gpiochip_fault(&gpio->chip, "read", errno, error);
    *levels = 0;
    for (size_t i = 0; i < gpio->count; i++)
        *levels |= values[i] == GPIOD_LINE_VALUE_ACTIVE ? 1U << i : 0U;
    return true;
}

void gpio_close(struct gpio *gpio)
{
    if (gpio == NULL)
        return;
    if (gpio->lines != NULL)
        gpiod_line_request_release(gpio->lines);
    if (gpio->handle != NULL)
        gpiod_chip_close(gpio->handle);
    free(gpio);
}
