#include "chips/frames.h"

static const struct field frames_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct frames_settings, pixels)),
     RANGE(0, FRAME_PIXELS_MAX), .fallback = "8", .help = "how many pixels each line has"},
    {KEY("digits", FIELD_INTEGER, offsetof(struct frames_settings, digits)),
     RANGE(0, FRAME_TEXT_SIZE - 1), .fallback = "4",
     .help = "for how many characters the text is written; 0: no text"},
    {.key = NULL},
};

static size_t frames_pixels(const void *settings)
{
    return (size_t)((const struct frames_settings *)settings)->pixels;
}

static size_t frames_digits(const void *settings)
{
    return (size_t)((const struct frames_settings *)settings)->digits;
}

static size_t frames_wire_size(const void *settings)
{
    return sizeof "{\"t_ms\":-9223372036854775808,\"pixels\":[],\"text\":\"\"}\n" +
           sizeof "\"#rrggbb\"," * frames_pixels(settings) + (size_t)2 * FRAME_TEXT_SIZE;
}

static void add_hex(struct wire *wire, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    wire_add(wire, (uint8_t)digits[byte >> 4]);
    wire_add(wire, (uint8_t)digits[byte & 15]);
}

static void add_colour(struct wire *wire, struct pixel light)
{
    struct srgb colour = pixel_to_srgb(light);
    wire_text(wire, "\"#");
    add_hex(wire, colour.red);
    add_hex(wire, colour.green);
    add_hex(wire, colour.blue);
    wire_add(wire, '"');
}

/* The text is plain ASCII; only what JSON asks for is escaped, and control characters are left out.
 */
static void add_string(struct wire *wire, const char *text)
{
    wire_add(wire, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            wire_add(wire, '\\');
        if ((unsigned char)*text >= ' ' && (unsigned char)*text < 0x7F)
            wire_add(wire, (uint8_t)*text);
    }
    wire_add(wire, '"');
}

static void frames_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    (void)raw; /* nothing is corrected here */
    wire_text(wire, "{\"t_ms\":");
    wire_number(wire, frame->time_ms);
    wire_text(wire, ",\"pixels\":[");
    for (size_t i = 0; i < frames_pixels(settings); i++) {
        struct pixel dark = {0, 0, 0};
        if (i > 0)
            wire_add(wire, ',');
        add_colour(wire, i < frame->count ? frame->pixels[i] : dark);
    }
    wire_text(wire, "],\"text\":");
    add_string(wire, frames_digits(settings) > 0 ? frame->text : "");
    wire_text(wire, "}\n");
    wire_end_message(wire);
}

const struct chip chip_frames = {
    .name = "frames",
    .summary = "one JSON line a frame on standard output, for programs; no hardware",
    .fields = frames_fields,
    .settings_size = sizeof(struct frames_settings),
    .buses = BUS_BIT(BUS_FILE),
    .pixels = frames_pixels,
    .digits = frames_digits,
    .wire_size = frames_wire_size,
    .encode = frames_encode,
};
