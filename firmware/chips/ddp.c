#include "chips/ddp.h"

#include <string.h>

#define CHANNELS 3
#define FLAG_VERSION_1 0x40
#define FLAG_PUSH 0x01
#define TYPE_RGB_8 0x0b
#define OWN_OUTPUT 1

static const struct ledstrip_nature nature = {.steps = 255};

static const struct field ddp_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct ddp_settings, pixels)),
     RANGE(1, FRAME_PIXELS_MAX), .required = true, .help = "how many LEDs the controller has"},
    {KEY("order", FIELD_WORD, offsetof(struct ddp_settings, order)), .words = ledstrip_rgb_orders,
     .fallback = "rgb",
     .help = "the colours' order in a datagram; the strip's own is the controller's to set"},
    {.key = NULL},
};

static size_t ddp_pixels(const void *settings)
{
    return (size_t)((const struct ddp_settings *)settings)->pixels;
}

static size_t datagrams(const void *settings)
{
    return (ddp_pixels(settings) + DDP_PIXELS_MAX - 1) / DDP_PIXELS_MAX;
}

static size_t ddp_wire_size(const void *settings)
{
    return datagrams(settings) * DDP_HEADER_SIZE + CHANNELS * ddp_pixels(settings);
}

static void add_number(struct wire *wire, size_t number, size_t bytes)
{
    while (bytes-- > 0)
        wire_add(wire, (uint8_t)(number >> 8 * bytes));
}

static void add_header(struct wire *wire, size_t first, size_t count, bool last)
{
    wire_add(wire, FLAG_VERSION_1 | (last ? FLAG_PUSH : 0));
    wire_add(wire, 0); /* counted by the bus */
    wire_add(wire, TYPE_RGB_8);
    wire_add(wire, OWN_OUTPUT);
    add_number(wire, CHANNELS * first, 4);
    add_number(wire, CHANNELS * count, 2);
}

static void ddp_encode(const void *settings, const struct frame *frame, bool raw, struct wire *wire)
{
    const struct ddp_settings *ddp = settings;
    /* Nothing is limited: the supply is the controller's. */
    const struct ledstrip_settings unlimited = {.order = ddp->order};
    struct ledstrip strip;
    size_t count = ddp_pixels(settings);
    ledstrip_begin(&strip, &nature, &unlimited, frame, raw);
    for (size_t first = 0; first < count; first += DDP_PIXELS_MAX) {
        size_t part = count - first < DDP_PIXELS_MAX ? count - first : DDP_PIXELS_MAX;
        add_header(wire, first, part, first + part == count);
        uint8_t *out = wire_reserve(wire, CHANNELS * part);
        for (size_t i = 0; out != NULL && i < part; i++, out += CHANNELS)
            memcpy(out, ledstrip_levels(&strip, first + i), CHANNELS);
        wire_end_message(wire);
    }
}

const struct chip chip_ddp = {
    .name = "ddp",
    .summary = "a controller in the network that takes DDP: WLED, with whatever strip it drives",
    .fields = ddp_fields,
    .settings_size = sizeof(struct ddp_settings),
    .buses = BUS_BIT(BUS_UDP),
    .udp = {.port = DDP_PORT, .counter_at = 1, .counter_from = 1, .counter_to = 15},
    .repeat_ms = DDP_REPEAT_MS,
    .pixels = ddp_pixels,
    .digits = ledstrip_digits,
    .wire_size = ddp_wire_size,
    .encode = ddp_encode,
};
