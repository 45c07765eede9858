#include "fake_gpio.h"

#include "bus/gpio.h"
#include "bus/pace.h"

struct gpio {
    struct fake_chip chip;
    uint32_t levels; /* driven high, or let go */
};

static struct gpio lines;

void fake_connect(const struct fake_chip *chip)
{
    lines = (struct gpio){.chip = *chip};
}

static uint32_t held(const struct gpio *gpio)
{
    return gpio->chip.holds != NULL ? gpio->chip.holds(gpio->chip.model) : 0;
}

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    (void)error;
    lines.levels = request->levels;
    return &lines;
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    (void)error;
    for (uint32_t rest = mask; rest != 0; rest &= rest - 1) { /* the lines one by one */
        const uint32_t line = rest & -rest;
        uint32_t before = gpio->levels & ~held(gpio);
        gpio->levels = (gpio->levels & ~line) | (levels & line);
        uint32_t after = gpio->levels & ~held(gpio);
        if (after != before)
            gpio->chip.edge(gpio->chip.model, before, after);
    }
    return true;
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    (void)error;
    *levels = gpio->levels & ~held(gpio);
    return true;
}

void gpio_close(struct gpio *gpio)
{
    (void)gpio;
}

void pace_us(int64_t us)
{
    (void)us;
}
