/*
 * GPIO lines with a chip on them instead of a kernel: implements bus/gpio.h and bus/pace.h, so that
 * a chip's model sees the very edges that the real bus makes.
 */
#ifndef AMBERBAR_TESTS_CHIPS_FAKE_GPIO_H
#define AMBERBAR_TESTS_CHIPS_FAKE_GPIO_H

#include "bus/bus.h"

struct fake_chip {
    /* The lines' levels changed; those of one call change one after the other, lowest bit first. */
    void (*edge)(void *model, uint32_t before, uint32_t after);
    /* Lines that the chip itself holds low; NULL: none. */
    uint32_t (*holds)(const void *model);
    void *model;
};

/* What hangs on the lines of the next bus that is opened. */
void fake_connect(const struct fake_chip *chip);

#endif
