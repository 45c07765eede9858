/*
 * Bytes to a data and a clock line, most significant bit first, at two system calls a bit: the
 * clock rises over a settled data line; then it falls together with the data's change to the next
 * bit. Which of the two changes first does not matter, since the lights sample at the rising edge.
 *
 * Both lines rest low. A message that begins with a 0 bit (as each APA102 frame does) therefore
 * needs exactly 2 calls a bit; one that begins with a 1 needs one more, to set that bit up.
 *
 * With a third line the message is shown at that line's rise, once all bits are in. It too rests
 * low, so that taking the lines, and giving them up in the middle of a message, show nothing.
 * MAX7219 (Maxim 19-4452) and 74HC595 (Nexperia) look at nothing but that edge.
 */
#include "bus/driver.h"
#include "bus/gpio.h"
#include "bus/pace.h"

#include <stdlib.h>

#define DATA 1U  /* bit 0: the first line of the request */
#define CLOCK 2U /* bit 1 */
#define LATCH 4U /* bit 2, when there is a third line */

struct clocked {
    struct bus bus;
    struct gpio *gpio;
    int64_t half_period_us;
    uint32_t lines; /* those that there are */
    bool resting;   /* all lines are known to be low */
};

static bool set(struct clocked *clocked, uint32_t mask, uint32_t levels, struct error *error)
{
    if (!gpio_set(clocked->gpio, mask, levels, error))
        return false;
    pace_us(clocked->half_period_us);
    return true;
}

static bool bit_at(const uint8_t *bytes, size_t index)
{
    return (bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

static bool show(struct clocked *clocked, struct error *error)
{
    return (clocked->lines & LATCH) == 0 ||
           (set(clocked, LATCH, LATCH, error) && set(clocked, LATCH, 0, error));
}

static bool clocked_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    struct clocked *clocked = (struct clocked *)bus;
    size_t bits = length * 8;
    if (bits == 0)
        return true;

    bool first = bit_at(bytes, 0);
    uint32_t unsure = clocked->resting ? DATA | CLOCK : clocked->lines;
    if ((first || !clocked->resting) && !set(clocked, unsure, first ? DATA : 0, error))
        return false;
    clocked->resting = false;
    for (size_t i = 0; i < bits; i++) {
        bool next = i + 1 < bits && bit_at(bytes, i + 1);
        if (!set(clocked, CLOCK, CLOCK, error) ||
            !set(clocked, DATA | CLOCK, next ? DATA : 0, error))
            return false;
    }
    clocked->resting = show(clocked, error);
    return clocked->resting;
}

static void clocked_close(struct bus *bus)
{
    struct clocked *clocked = (struct clocked *)bus;
    struct error ignored; /* the lines are given up either way */
    if (!clocked->resting)
        (void)gpio_set(clocked->gpio, clocked->lines, 0, &ignored);
    gpio_close(clocked->gpio);
    free(clocked);
}

static const struct bus_driver driver = {clocked_send, clocked_close};

struct bus *bus_open_gpio_clocked(const struct gpio_clocked_settings *settings, struct error *error)
{
    struct clocked *clocked = calloc(1, sizeof *clocked);
    if (clocked == NULL) {
        (void)error_set(error, "out of memory while opening GPIO lines");
        return NULL;
    }
    bool latched = settings->latch[0] != '\0';
    const struct gpio_request request = {
        .chips = settings->chips,
        .lines = {settings->data, settings->clock, settings->latch},
        .count = latched ? 3 : 2,
    };
    clocked->bus.driver = &driver;
    clocked->half_period_us = settings->half_period_us;
    clocked->lines = latched ? DATA | CLOCK | LATCH : DATA | CLOCK;
    clocked->resting = true;
    clocked->gpio = gpio_open(&request, error);
    if (clocked->gpio != NULL)
        return &clocked->bus;
    free(clocked);
    return NULL;
}
