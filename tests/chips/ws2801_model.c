/*
 * WS2801: each LED keeps the first 24 bits and passes the others on, until its clock was low for
 * 500 us; then it shows them.
 */
#include "strip_model.h"

#define LATCH_US 500

void ws2801_receive(struct strip_model *strip, const uint8_t *bytes, size_t length, double idle_us)
{
    size_t bits = 8 * length;
    if (idle_us < LATCH_US) {
        strip_fault(strip, "%.0f us of idle clock show nothing", idle_us);
        return;
    }
    if (bits != 24 * strip->count)
        strip_fault(strip, "%zu bits for %zu LEDs", bits, strip->count);
    for (size_t i = 0; i < bits && i / 24 < strip->count; i++) {
        uint8_t *byte = &strip->shown[i / 24][i % 24 / 8];
        *byte = (uint8_t)(*byte << 1 | (bytes[i / 8] >> (7 - i % 8) & 1));
    }
}
