#include "chips/ws2812_pio.h"

#define PIXEL_BYTES 4

/* As WS2812 on SPI. */
static const struct ledstrip_nature nature = {.steps = 255, .weights = {16, 11, 15}};

static const struct field pio_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgbw_orders, "grb", "55"),
    LEDSTRIP_FIELD_WHITE,
    {.key = NULL},
};

/* The byte whose gamma is nearest to a level; the smaller one of two. */
// clang-format off
static const uint8_t before_gamma[256] = {
    0, 22, 29, 35, 40, 44, 48, 51, 54, 57, 60, 62, 65, 67, 70, 72,
    74, 76, 78, 80, 82, 83, 85, 87, 89, 90, 92, 93, 95, 96, 98, 99,
    101, 102, 103, 105, 106, 107, 109, 110, 111, 113, 114, 115, 116, 117, 118, 120,
    121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136,
    137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 147, 148, 149, 150, 151,
    152, 153, 153, 154, 155, 156, 157, 157, 158, 159, 160, 161, 161, 162, 163, 164,
    165, 165, 166, 167, 168, 168, 169, 170, 171, 171, 172, 173, 173, 174, 175, 176,
    176, 177, 178, 178, 179, 180, 180, 181, 182, 183, 183, 184, 185, 185, 186, 186,
    187, 188, 188, 189, 190, 190, 191, 192, 192, 193, 194, 194, 195, 195, 196, 197,
    197, 198, 199, 199, 200, 200, 201, 202, 202, 203, 203, 204, 204, 205, 206, 206,
    207, 207, 208, 209, 209, 210, 210, 211, 211, 212, 213, 213, 214, 214, 215, 215,
    216, 216, 217, 218, 218, 219, 219, 220, 220, 221, 221, 222, 222, 223, 223, 224,
    224, 225, 226, 226, 227, 227, 228, 228, 229, 229, 230, 230, 231, 231, 232, 232,
    233, 233, 234, 234, 235, 235, 236, 236, 237, 237, 238, 238, 239, 239, 240, 240,
    241, 241, 242, 242, 242, 243, 243, 244, 244, 245, 245, 246, 246, 247, 247, 248,
    248, 249, 249, 250, 250, 250, 251, 251, 252, 252, 253, 253, 254, 254, 255, 255,
};
// clang-format on

static bool pio_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

static size_t pio_wire_size(const void *settings)
{
    return 1 + PIXEL_BYTES * ledstrip_pixels(settings);
}

static void pio_encode(const void *settings, const struct frame *frame, bool raw, struct wire *wire)
{
    /* Of a LED's four bytes the driver sends the second first. */
    static const uint8_t places[PIXEL_BYTES] = {1, 0, 2, 3};
    struct ledstrip strip;
    size_t count = ledstrip_pixels(settings);
    ledstrip_begin(&strip, &nature, settings, frame, raw);
    wire->limited = strip.limit < LEDSTRIP_LIMIT_NONE;
    wire_add(wire, 255);
    wire_end_message(wire);
    uint8_t *out = wire_reserve(wire, PIXEL_BYTES * count);
    for (size_t i = 0; out != NULL && i < count; i++, out += PIXEL_BYTES) {
        const uint8_t *levels = ledstrip_levels(&strip, i);
        out[3] = 0;
        for (size_t c = 0; c < strip.channels; c++)
            out[places[c]] = raw ? levels[c] : before_gamma[levels[c]];
    }
    wire_end_message(wire);
}

const struct chip chip_ws2812_pio = {
    .name = "ws2812-pio",
    .summary = "WS2812 LEDs on any header pin of a Pi 5, through its kernel's /dev/leds0",
    .fields = pio_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_DEVICE),
    .check = pio_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = pio_wire_size,
    .encode = pio_encode,
};
