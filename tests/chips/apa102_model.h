/*
 * A chain of APA102 or SK9822 LEDs, bit by bit, written from how the chips behave and not from the
 * encoder: what a strip really shows after some bytes on its two wires.
 *
 * Each LED samples data at a rising edge of its clock. Until it has its own 32 bits it passes on
 * zeros; after that it passes on what it samples. What it passes on, and its clock, reach the next
 * LED inverted: half a period late. 32 zeros in a row make it wait for its 32 bits anew; they begin
 * with the first 1. (cpldcpu, "Understanding the APA102 Superled", 2014.)
 */
#ifndef AMBERBAR_TESTS_APA102_MODEL_H
#define AMBERBAR_TESTS_APA102_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_LEDS_MAX 1100

struct model_led {
    bool waiting;      /* for its 32 bits */
    unsigned zeros;    /* in a row, at most 32 */
    unsigned got;      /* bits of its own */
    uint32_t shifted;  /* those bits */
    uint32_t buffered; /* complete, to be shown at the next 32 zeros (SK9822) */
    uint32_t shown;    /* header, first, second, third byte; 0: never lit since power came on */
    unsigned whole;    /* times its 32 bits were complete */
    bool malformed;    /* a complete frame did not begin with three ones */
    bool output;
};

struct model {
    struct model_led leds[MODEL_LEDS_MAX];
    size_t count;
    bool sk9822; /* shows what it got at the next 32 zeros */
};

void model_power(struct model *model, size_t count, bool sk9822);
void model_clock(struct model *model, bool data); /* one period of the clock */
void model_send(struct model *model, const uint8_t *bytes, size_t length);

#endif
