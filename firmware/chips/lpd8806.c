#include "chips/lpd8806.h"

static const struct ledstrip_nature nature = {.steps = 127, .weights = {1, 1, 1}};

static const struct field lpd8806_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgb_orders, "grb", "50"),
    {.key = NULL},
};

static bool lpd8806_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

static size_t latch_size(size_t pixels)
{
    return (pixels + 31) / 32;
}

static size_t lpd8806_wire_size(const void *settings)
{
    size_t pixels = ledstrip_pixels(settings);
    return 3 * pixels + 2 * latch_size(pixels);
}

static void lpd8806_encode(const void *settings, const struct frame *frame, bool raw,
                           struct wire *wire)
{
    struct ledstrip strip;
    size_t count = ledstrip_pixels(settings);
    ledstrip_begin(&strip, &nature, settings, frame, raw);
    wire->limited = strip.limit < LEDSTRIP_LIMIT_NONE;
    wire_fill(wire, 0x00, latch_size(count));
    uint8_t *out = wire_reserve(wire, 3 * count);
    for (size_t i = 0; out != NULL && i < count; i++) {
        const uint8_t *levels = ledstrip_levels(&strip, i);
        for (size_t c = 0; c < 3; c++)
            *out++ = (uint8_t)(0x80 | levels[c]);
    }
    wire_fill(wire, 0x00, latch_size(count));
    wire_end_message(wire);
}

const struct chip chip_lpd8806 = {
    .name = "lpd8806",
    .summary = "LPD8806 LEDs on data and clock",
    .fields = lpd8806_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_CLOCKED,
    .spi = {.hz = 2000000, .min_hz = 100000, .max_hz = 12000000},
    .check = lpd8806_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = lpd8806_wire_size,
    .encode = lpd8806_encode,
};
