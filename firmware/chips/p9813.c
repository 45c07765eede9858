#include "chips/p9813.h"

static const struct ledstrip_nature nature = {.steps = 255, .weights = {1, 1, 1}};

static const struct field p9813_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgb_orders, "bgr", "60"),
    {.key = NULL},
};

static bool p9813_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

static size_t p9813_wire_size(const void *settings)
{
    return 4 + 4 * ledstrip_pixels(settings) + 4;
}

static uint8_t flag_of(const uint8_t levels[static 3])
{
    int tops = levels[0] >> 6 << 4 | levels[1] >> 6 << 2 | levels[2] >> 6;
    return (uint8_t)(0xFF ^ tops);
}

static void p9813_encode(const void *settings, const struct frame *frame, bool raw,
                         struct wire *wire)
{
    struct ledstrip strip;
    size_t count = ledstrip_pixels(settings);
    ledstrip_begin(&strip, &nature, settings, frame, raw);
    wire->limited = strip.limit < LEDSTRIP_LIMIT_NONE;
    wire_fill(wire, 0x00, 4);
    uint8_t *out = wire_reserve(wire, 4 * count);
    for (size_t i = 0; out != NULL && i < count; i++, out += 4) {
        const uint8_t *levels = ledstrip_levels(&strip, i);
        out[0] = flag_of(levels);
        out[1] = levels[0];
        out[2] = levels[1];
        out[3] = levels[2];
    }
    wire_fill(wire, 0x00, 4);
    wire_end_message(wire);
}

const struct chip chip_p9813 = {
    .name = "p9813",
    .summary = "P9813 LED drivers on data and clock",
    .fields = p9813_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_CLOCKED,
    .spi = {.hz = 1000000, .min_hz = 100000, .max_hz = 15000000},
    .check = p9813_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = p9813_wire_size,
    .encode = p9813_encode,
};
