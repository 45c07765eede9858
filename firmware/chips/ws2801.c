#include "chips/ws2801.h"

#include <string.h>

static const struct ledstrip_nature nature = {.steps = 255, .weights = {1, 1, 1}};

static const struct field ws2801_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgb_orders, "rgb", "60"),
    {.key = NULL},
};

static bool ws2801_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

static size_t ws2801_wire_size(const void *settings)
{
    return 3 * ledstrip_pixels(settings);
}

static void ws2801_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    struct ledstrip strip;
    size_t count = ledstrip_pixels(settings);
    ledstrip_begin(&strip, &nature, settings, frame, raw);
    wire->limited = strip.limit < LEDSTRIP_LIMIT_NONE;
    uint8_t *out = wire_reserve(wire, 3 * count);
    for (size_t i = 0; out != NULL && i < count; i++, out += 3)
        memcpy(out, ledstrip_levels(&strip, i), 3);
    wire_end_message(wire);
}

const struct chip chip_ws2801 = {
    .name = "ws2801",
    .summary = "WS2801 LEDs on the data and clock lines of SPI",
    .fields = ws2801_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_SPI),
    .spi = {.hz = 1000000, .min_hz = 100000, .max_hz = 25000000, .whole = true},
    .check = ws2801_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = ws2801_wire_size,
    .encode = ws2801_encode,
};
