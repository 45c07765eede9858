/*
 * The kernel's ws2812-pio-rp1 driver: a byte at position 0 is the brightness; four a LED are red,
 * green, blue and white, scaled by it, then by a gamma of 1 / 0.45, and sent green first.
 */
#include "strip_model.h"

#include <math.h>

static uint8_t gamma_of(unsigned brightness, unsigned value)
{
    if (value == 0 || brightness == 0)
        return (uint8_t)value;
    double part = (double)(value * brightness / 255) / 255;
    return (uint8_t)(255 * pow(part, 1 / 0.45) + 1e-9);
}

void pio_write(struct strip_model *strip, struct pio_driver *driver, const uint8_t *bytes,
               size_t length)
{
    if (length == 1) {
        driver->brightness = bytes[0];
        return;
    }
    if (length != 4 * driver->leds)
        strip_fault(strip, "a write of %zu bytes for %zu LEDs blinks or fails", length,
                    driver->leds);
    for (size_t i = 0; i < length / 4 && i < strip->count; i++) {
        static const size_t order[4] = {1, 0, 2, 3};
        for (size_t c = 0; c < strip->channels; c++)
            strip->shown[i][c] = gamma_of(driver->brightness, bytes[4 * i + order[c]]);
    }
}
