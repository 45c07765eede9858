#include "chips/ws2812.h"

/* FastLED's power model: 16, 11 and 15 mA for red, green and blue. */
static const struct ledstrip_nature nature = {.steps = 255, .weights = {16, 11, 15}};

static const struct field ws2812_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgbw_orders, "grb", "55"),
    LEDSTRIP_FIELD_WHITE,
    {.key = NULL},
};

/* 80 mA: with the white LED. */
static const struct field sk6812_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgbw_orders, "grb", "80"),
    LEDSTRIP_FIELD_WHITE,
    {.key = NULL},
};

static bool ws2812_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

static size_t ws2812_wire_size(const void *settings)
{
    return (size_t)2 * WS2812_RESET_BYTES +
           WS2812_BYTES * ledstrip_channels(settings) * ledstrip_pixels(settings);
}

/* Two bits of light a byte of SPI. */
static void put_byte(uint8_t out[static WS2812_BYTES], uint8_t byte)
{
    static const uint8_t symbols[] = {0x88, 0x8C, 0xC8, 0xCC};
    for (unsigned k = 0; k < WS2812_BYTES; k++)
        out[k] = symbols[byte >> (6 - 2 * k) & 3];
}

static void ws2812_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    struct ledstrip strip;
    size_t count = ledstrip_pixels(settings);
    ledstrip_begin(&strip, &nature, settings, frame, raw);
    wire->limited = strip.limit < LEDSTRIP_LIMIT_NONE;
    wire_fill(wire, 0x00, WS2812_RESET_BYTES);
    uint8_t *out = wire_reserve(wire, WS2812_BYTES * strip.channels * count);
    for (size_t i = 0; out != NULL && i < count; i++) {
        const uint8_t *levels = ledstrip_levels(&strip, i);
        for (size_t c = 0; c < strip.channels; c++, out += WS2812_BYTES)
            put_byte(out, levels[c]);
    }
    wire_fill(wire, 0x00, WS2812_RESET_BYTES);
    wire_end_message(wire);
}

#define WS2812_SPI                                                                        \
    {                                                                                     \
        .hz = 3000000, .min_hz = 2250000, .max_hz = 3080000, .whole = true, .timed = true \
    }

const struct chip chip_ws2812 = {
    .name = "ws2812",
    .summary = "WS2812B and WS2813 LEDs (NeoPixel) on the data line of SPI",
    .fields = ws2812_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_SPI),
    .spi = WS2812_SPI,
    .check = ws2812_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = ws2812_wire_size,
    .encode = ws2812_encode,
};

const struct chip chip_sk6812 = {
    .name = "sk6812",
    .summary = "SK6812 LEDs, with or without white, on the data line of SPI",
    .fields = sk6812_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_SPI),
    .spi = WS2812_SPI,
    .check = ws2812_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = ws2812_wire_size,
    .encode = ws2812_encode,
};
