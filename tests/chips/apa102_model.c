#include "chips/apa102_model.h"

#include <string.h>

void model_power(struct model *model, size_t count, bool sk9822)
{
    memset(model, 0, sizeof *model);
    model->count = count;
    model->sk9822 = sk9822;
}

static void complete(struct model_led *led, bool sk9822)
{
    led->waiting = false;
    led->got = 0;
    led->whole++;
    led->malformed = led->malformed || led->shifted >> 29 != 7;
    led->buffered = led->shifted;
    if (!sk9822)
        led->shown = led->shifted;
}

static void start(struct model_led *led, bool sk9822)
{
    led->waiting = true;
    led->got = 0;
    if (sk9822)
        led->shown = led->buffered;
}

/* A rising edge of the LED's own clock. */
static void sample(struct model_led *led, bool bit, bool sk9822)
{
    led->zeros = bit ? 0 : led->zeros < 32 ? led->zeros + 1 : 32;
    led->output = !led->waiting && bit;
    if (led->waiting && (led->got > 0 || bit)) {
        led->shifted = led->shifted << 1 | bit;
        if (++led->got == 32)
            complete(led, sk9822);
    }
    if (led->zeros == 32)
        start(led, sk9822);
}

/*
 * One edge on the wire reaches the even or the odd LEDs: their clock rises. From the far end, so
 * that each sees what its neighbour gave out half a period ago.
 */
static void edge(struct model *model, bool data, size_t parity)
{
    for (size_t i = model->count; i-- > 0;)
        if (i % 2 == parity)
            sample(&model->leds[i], i > 0 ? model->leds[i - 1].output : data, model->sk9822);
}

void model_clock(struct model *model, bool data)
{
    edge(model, data, 0); /* clock rises */
    edge(model, data, 1); /* clock falls */
}

void model_send(struct model *model, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        for (int bit = 7; bit >= 0; bit--)
            model_clock(model, bytes[i] >> bit & 1);
}
