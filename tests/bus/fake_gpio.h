/*
 * GPIO lines that only remember, instead of a real back end: implements bus/gpio.h and bus/pace.h.
 * What hangs on the lines is a function of the test's; time passes only while the bus waits.
 */
#ifndef AMBERBAR_TESTS_BUS_FAKE_GPIO_H
#define AMBERBAR_TESTS_BUS_FAKE_GPIO_H

#include "bus/gpio.h"

#define FAKE_OPENS_MAX 4

struct fake_gpio {
    struct gpio_request requests[FAKE_OPENS_MAX]; /* in the order of opening */
    const char *closed[FAKE_OPENS_MAX]; /* the first lines of those, as they were closed */
    size_t opens, closes;
    size_t refuse; /* this opening is refused, counted from 1; 0: none is */

    uint32_t driven;  /* what the bus drives (push-pull), or does not hold low (open drain) */
    size_t calls;     /* of gpio_set() and gpio_get() */
    size_t sets;      /* of gpio_set() alone */
    size_t fail_at;   /* this call and all later ones fail, counted from 1; 0: none does */
    bool short_lived; /* only that one call fails */
    int64_t now_us;

    /* After each gpio_set() that changed something; `before` and `after` are `driven`. */
    void (*changed)(uint32_t before, uint32_t after);
    /* The levels on the wires: `driven` less what others hold low. NULL: as driven. */
    uint32_t (*wires)(uint32_t driven);
};

extern struct fake_gpio fake;

#endif
