#include "scenario/lamps.h"

#include "bus/gpio.h"

#include <errno.h>
#include <string.h>

struct gpio {
    int unused;
};

struct lamps lamps;

static struct gpio lines;

static const int numbers[] = {[LAMPS_WORK] = 0,
                              [LAMPS_FAIL] = EIO,
                              [LAMPS_BUSY] = EBUSY,
                              [LAMPS_GONE] = ENODEV,
                              [LAMPS_LOOSE] = EIO};

bool lamps_green(void)
{
    return (lamps.levels & 4) != 0;
}

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    bool refuses = lamps.way == LAMPS_BUSY || lamps.way == LAMPS_GONE || lamps.held > 0;
    if (refuses) {
        (void)error_set(error, "the lines cannot be had: %s",
                        strerror(lamps.held > 0 ? EBUSY : numbers[lamps.way]));
        return NULL;
    }
    lamps.held++;
    lamps.levels = request->levels;
    return &lines;
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    (void)gpio;
    lamps.sets++;
    bool fails = lamps.way != LAMPS_WORK && (lamps.way != LAMPS_LOOSE || lamps.sets % 2 == 0);
    if (fails)
        return error_set(error, "the lines cannot be set: %s", strerror(numbers[lamps.way]));
    lamps.levels = (lamps.levels & ~mask) | (levels & mask);
    return true;
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    (void)gpio;
    (void)error;
    *levels = lamps.levels;
    return true;
}

void gpio_close(struct gpio *gpio)
{
    lamps.held -= gpio != NULL;
}
