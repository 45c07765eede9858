/*
 * Bytes to a data and a clock line, most significant bit first, at two system calls a bit: the
 * clock rises over a settled data line; then it falls together with the data's change to the next
 * bit. Which of the two changes first does not matter, since the lights sample at the rising edge.
 *
 * Both lines rest low. A message that begins with a 0 bit (as each APA102 frame does) therefore
 * needs exactly 2 calls a bit; one that begins with a 1 needs one more, to set that bit up.
 */
#include "bus/driver.h"
#include "bus/gpio.h"

#include <stdlib.h>
#include <time.h>

#define DATA 1U  /* bit 0: the first line of the request */
#define CLOCK 2U /* bit 1 */

/* A sleep lasts some 50 us longer than asked (timer slack, timerslack_ns in prctl(2)). */
#define SHORTEST_SLEEP_US 20

struct clocked {
    struct bus bus;
    struct gpio *gpio;
    int64_t half_period_us;
    bool resting; /* both lines are known to be low */
};

static struct timespec after_us(int64_t us)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    long nanoseconds = at.tv_nsec + (long)(us % 1000000) * 1000;
    at.tv_sec += (time_t)(us / 1000000) + nanoseconds / 1000000000;
    at.tv_nsec = nanoseconds % 1000000000;
    return at;
}

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

static void hold(int64_t us)
{
    if (us <= 0)
        return;
    struct timespec until = after_us(us);
    if (us >= SHORTEST_SLEEP_US) {
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            continue; /* a signal came */
        return;
    }
    for (struct timespec now = after_us(0); is_before(now, until); now = after_us(0))
        continue;
}

static bool set(struct clocked *clocked, uint32_t mask, uint32_t levels, struct error *error)
{
    if (!gpio_set(clocked->gpio, mask, levels, error))
        return false;
    hold(clocked->half_period_us);
    return true;
}

static bool bit_at(const uint8_t *bytes, size_t index)
{
    return (bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

static bool clocked_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    struct clocked *clocked = (struct clocked *)bus;
    size_t bits = length * 8;
    if (bits == 0)
        return true;

    bool first = bit_at(bytes, 0);
    if ((first || !clocked->resting) && !set(clocked, DATA | CLOCK, first ? DATA : 0, error))
        return false;
    clocked->resting = false;
    for (size_t i = 0; i < bits; i++) {
        bool next = i + 1 < bits && bit_at(bytes, i + 1);
        if (!set(clocked, CLOCK, CLOCK, error) ||
            !set(clocked, DATA | CLOCK, next ? DATA : 0, error))
            return false;
    }
    clocked->resting = true;
    return true;
}

static void clocked_close(struct bus *bus)
{
    struct clocked *clocked = (struct clocked *)bus;
    struct error ignored; /* the lines are given up either way */
    if (!clocked->resting)
        (void)gpio_set(clocked->gpio, DATA | CLOCK, 0, &ignored);
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
    const struct gpio_request request = {
        .chips = settings->chips,
        .lines = {settings->data, settings->clock},
        .count = 2,
    };
    clocked->bus.driver = &driver;
    clocked->half_period_us = settings->half_period_us;
    clocked->resting = true;
    clocked->gpio = gpio_open(&request, error);
    if (clocked->gpio != NULL)
        return &clocked->bus;
    free(clocked);
    return NULL;
}
