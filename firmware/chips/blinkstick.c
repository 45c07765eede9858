/*
 * A BlinkStick, by the reports that usblight.h describes.
 */
#include "chips/usblight.h"

#include <string.h>

#define CHANNELS 3
#define FIRST_LED 1  /* report */
#define FIRST_MANY 6 /* report, of 8 LEDs; each further one has twice as many */

/* As WS2812, which they are. */
static const struct ledstrip_nature nature = {.steps = 255, .weights = {16, 11, 15}};

static const char *const channel_words[] = {"r", "g", "b", NULL};

static const struct field blinkstick_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct blinkstick_settings, strip.pixels)),
     RANGE(1, BLINKSTICK_PIXELS_MAX), .required = true,
     .help = "1 for the first model, 2 a Nano, 8 a Strip or a Square, up to 64 on a Pro or Flex"},
    {KEY("order", FIELD_WORD, offsetof(struct blinkstick_settings, strip.order)),
     .words = ledstrip_rgb_orders, .fallback = "grb",
     .help = "the colours' order on the strip, where there are several LEDs"},
    {KEY("channel", FIELD_WORD, offsetof(struct blinkstick_settings, channel)),
     .words = channel_words, .fallback = "r",
     .help = "the line of a Pro that the strip is soldered to"},
    {KEY("max_ma", FIELD_INTEGER, offsetof(struct blinkstick_settings, strip.max_ma)),
     RANGE(10, 100000), .fallback = "450",
     .help = "what USB can give the whole strip, in mA; brighter frames are dimmed to it"},
    {KEY("led_ma", FIELD_INTEGER, offsetof(struct blinkstick_settings, strip.led_ma)),
     RANGE(1, 1000), .fallback = "55",
     .help = "what one LED draws at full white, in mA, by its data sheet"},
    {.key = NULL},
};

static bool blinkstick_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

/* The smallest report that has room: *size LEDs. */
static uint8_t report_of(size_t count, size_t *size)
{
    uint8_t number = FIRST_MANY;
    for (*size = 8; *size < count; *size *= 2)
        number++;
    return number;
}

static size_t blinkstick_wire_size(const void *settings)
{
    size_t size;
    report_of(ledstrip_pixels(settings), &size);
    return 2 + CHANNELS * size;
}

static void blinkstick_encode(const void *settings, const struct frame *frame, bool raw,
                              struct wire *wire)
{
    const struct blinkstick_settings *stick = settings;
    struct ledstrip_settings led = stick->strip;
    struct ledstrip strip;
    size_t count = ledstrip_pixels(settings), size = 1;
    if (count == 1)
        led.order = LEDSTRIP_ORDER_RGB;
    ledstrip_begin(&strip, &nature, &led, frame, raw);
    wire->limited = strip.limit < LEDSTRIP_LIMIT_NONE;
    wire_add(wire, count == 1 ? FIRST_LED : report_of(count, &size));
    if (count > 1)
        wire_add(wire, (uint8_t)stick->channel);
    uint8_t *out = wire_reserve(wire, CHANNELS * count);
    for (size_t i = 0; out != NULL && i < count; i++, out += CHANNELS)
        memcpy(out, ledstrip_levels(&strip, i), CHANNELS);
    wire_fill(wire, 0, CHANNELS * (size - count));
    wire_end_message(wire);
}

const struct chip chip_blinkstick = {
    .name = "blinkstick",
    .summary = "a BlinkStick of any form on USB",
    .fields = blinkstick_fields,
    .settings_size = sizeof(struct blinkstick_settings),
    .buses = BUS_BIT(BUS_HIDRAW),
    .hid = {.product = "BlinkStick", .vendor = 0x20a0, .id = 0x41e5, .features = true},
    .check = blinkstick_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = blinkstick_wire_size,
    .encode = blinkstick_encode,
};
