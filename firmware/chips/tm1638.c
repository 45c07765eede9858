#include "chips/tm1638.h"

#include "chips/columns.h"
#include "chips/segments.h"

#define WRITE_DATA 0x40
#define ADDRESS 0xC0
#define DISPLAY_ON 0x88

static const uint8_t duties[] = {1, 2, 4, 10, 11, 12, 13, 14}; /* of 16 */

static const struct field tm1638_fields[] = {
    {KEY("brightness", FIELD_INTEGER, offsetof(struct tm1638_settings, brightness)), RANGE(0, 7),
     .fallback = "2", .help = "by day, from 0, 1/16 of the time, to 7, 14/16; night dims it"},
    {.key = NULL},
};

static size_t tm1638_places(const void *settings)
{
    (void)settings;
    return TM1638_DIGITS;
}

static size_t tm1638_wire_size(const void *settings)
{
    (void)settings;
    return 2 + 1 + 2 * TM1638_DIGITS + 1;
}

/* The bus begins with the most significant bit. */
static void put(struct wire *wire, unsigned byte)
{
    unsigned turned = 0;
    for (unsigned bit = 0; bit < 8; bit++)
        turned |= (byte >> bit & 1) << (7 - bit);
    wire_add(wire, (uint8_t)turned);
}

static void tm1638_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct tm1638_settings *tm1638 = settings;
    struct segments_cell cells[TM1638_DIGITS];
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, true, cells, TM1638_DIGITS);
    for (int twice = 0; twice < 2; twice++) {
        put(wire, WRITE_DATA);
        wire_end_message(wire);
    }
    put(wire, ADDRESS);
    for (size_t i = 0; i < TM1638_DIGITS; i++) {
        put(wire, segments_of_cell(&cells[i]));
        put(wire, columns_lit(frame, i, TM1638_DIGITS));
    }
    wire_end_message(wire);
    put(wire,
        DISPLAY_ON | (unsigned)segments_brightness(duties, tm1638->brightness, frame->text_dimmed));
    wire_end_message(wire);
}

static size_t tm1638_rows(const void *settings)
{
    (void)settings;
    return 1;
}

static void tm1638_see(const void *settings, const struct frame *frame, struct pixel lights[])
{
    (void)settings;
    for (size_t i = 0; i < TM1638_DIGITS; i++)
        lights[i] = columns_lit(frame, i, TM1638_DIGITS) ? columns_on(frame, COLUMNS_RED)
                                                         : (struct pixel){0, 0, 0};
}

static const struct chip_face face = {tm1638_rows, tm1638_see};

const struct chip chip_tm1638 = {
    .name = "tm1638",
    .summary = "TM1638 boards with eight digits, eight lights and keys (LED&KEY)",
    .fields = tm1638_fields,
    .settings_size = sizeof(struct tm1638_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_LATCHED,
    .spi = {.hz = 250000, .min_hz = 10000, .max_hz = 1000000, .whole = true},
    .pixels = tm1638_places,
    .digits = tm1638_places,
    .wire_size = tm1638_wire_size,
    .encode = tm1638_encode,
    .face = &face,
    .own_colours = true,
};
