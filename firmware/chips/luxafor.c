/*
 * A Luxafor Flag, by the reports that usblight.h describes.
 */
#include "chips/usblight.h"

#include <string.h>

#define REPORT_SIZE 9
#define COLOUR 1
#define ALL_LEDS 0xff
#define CHANNELS 3

static const struct ledstrip_nature nature = {.steps = 255};

static const struct field luxafor_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct luxafor_settings, pixels)),
     RANGE(1, LUXAFOR_PIXELS_MAX), .fallback = "3",
     .help = "3: the LEDs of a side, and the other side as this one; 6: both sides by themselves; "
             "1: all alike"},
    {.key = NULL},
};

static size_t luxafor_pixels(const void *settings)
{
    return (size_t)((const struct luxafor_settings *)settings)->pixels;
}

static bool luxafor_check(const void *settings, struct error *error)
{
    size_t count = luxafor_pixels(settings);
    if (count == 1 || count == 3 || count == LUXAFOR_PIXELS_MAX)
        return true;
    return error_set(error, "a Luxafor Flag shows 1, 3 or 6 pixels, not %zu; write one of these",
                     count);
}

static size_t luxafor_wire_size(const void *settings)
{
    (void)settings;
    return REPORT_SIZE * LUXAFOR_PIXELS_MAX;
}

static void add_report(struct wire *wire, uint8_t led, const uint8_t levels[static CHANNELS])
{
    wire_add(wire, 0); /* its reports have no number */
    wire_add(wire, COLOUR);
    wire_add(wire, led);
    for (size_t c = 0; c < CHANNELS; c++)
        wire_add(wire, levels[c]);
    wire_fill(wire, 0, REPORT_SIZE - 3 - CHANNELS);
    wire_end_message(wire);
}

static void luxafor_encode(const void *settings, const struct frame *frame, bool raw,
                           struct wire *wire)
{
    size_t count = luxafor_pixels(settings);
    const struct ledstrip_settings rgb = {.order = LEDSTRIP_ORDER_RGB};
    struct ledstrip strip;
    uint8_t levels[LUXAFOR_PIXELS_MAX][CHANNELS];
    bool alike = true;
    ledstrip_begin(&strip, &nature, &rgb, frame, raw);
    for (size_t i = 0; i < LUXAFOR_PIXELS_MAX; i++) {
        memcpy(levels[i], ledstrip_levels(&strip, i % count), CHANNELS);
        alike = alike && memcmp(levels[i], levels[0], CHANNELS) == 0;
    }
    if (alike) {
        add_report(wire, ALL_LEDS, levels[0]);
        return;
    }
    for (size_t i = 0; i < LUXAFOR_PIXELS_MAX; i++)
        add_report(wire, (uint8_t)(i + 1), levels[i]);
}

const struct chip chip_luxafor = {
    .name = "luxafor",
    .summary = "a Luxafor Flag on USB",
    .fields = luxafor_fields,
    .settings_size = sizeof(struct luxafor_settings),
    .buses = BUS_BIT(BUS_HIDRAW),
    .hid = {.product = "Luxafor Flag", .vendor = 0x04d8, .id = 0xf372},
    .check = luxafor_check,
    .pixels = luxafor_pixels,
    .digits = ledstrip_digits,
    .wire_size = luxafor_wire_size,
    .encode = luxafor_encode,
};
