#include "chips/max7219.h"

#include "chips/segments.h"

enum reg { /* the high byte of a word */
           REG_DIGIT_0 = 0x01,
           REG_DECODE = 0x09,
           REG_INTENSITY = 0x0A,
           REG_SCAN_LIMIT = 0x0B,
           REG_SHUTDOWN = 0x0C,
           REG_DISPLAY_TEST = 0x0F,
};

#define MESSAGES (5 + MAX7219_DIGITS)

static const uint8_t duties[] = {1,  3,  5,  7,  9,  11, 13, 15,
                                 17, 19, 21, 23, 25, 27, 29, 31}; /* of 32 */

static const char *const side_words[] = {"right", "left", NULL};

static const struct field max7219_fields[] = {
    {.key = "chips",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct max7219_settings, chips),
     .min = 1,
     .max = MAX7219_CHIPS_MAX,
     .fallback = "1",
     .help = "how many chips are chained"},
    {.key = "digits",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct max7219_settings, digits),
     .min = 1,
     .max = MAX7219_DIGITS,
     .fallback = "8",
     .help = "how many digits each chip drives"},
    {.key = "first_digit",
     .type = FIELD_WORD,
     .offset = offsetof(struct max7219_settings, first_digit),
     .words = side_words,
     .fallback = "right",
     .help = "where a chip's digit 0 is; left when texts are shown backwards"},
    {.key = "first_chip",
     .type = FIELD_WORD,
     .offset = offsetof(struct max7219_settings, first_chip),
     .words = side_words,
     .fallback = "right",
     .help = "where the chip next to the board is; left when blocks of digits are swapped"},
    {.key = "brightness",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct max7219_settings, brightness),
     .min = 0,
     .max = 15,
     .fallback = "7",
     .help = "by day, from 0, 1/32 of the time, to 15, 31/32; night dims it"},
    {.key = NULL},
};

static size_t max7219_pixels(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t max7219_digits(const void *settings)
{
    const struct max7219_settings *max7219 = settings;
    size_t digits = (size_t)max7219->chips * (size_t)max7219->digits;
    return digits < FRAME_TEXT_SIZE ? digits : FRAME_TEXT_SIZE - 1;
}

static size_t max7219_wire_size(const void *settings)
{
    return (size_t)((const struct max7219_settings *)settings)->chips * MESSAGES * 2;
}

/* The same for every chip. */
static void put_all(const struct max7219_settings *max7219, enum reg reg, uint8_t value,
                    struct wire *wire)
{
    for (int64_t i = 0; i < max7219->chips; i++) {
        wire_add(wire, (uint8_t)reg);
        wire_add(wire, value);
    }
    wire_end_message(wire);
}

/* `chip` counts from the board, `digit` from the chip's digit 0; the place counts from the left. */
static size_t place_of(const struct max7219_settings *max7219, size_t chip, size_t digit)
{
    size_t digits = (size_t)max7219->digits, last = (size_t)max7219->chips - 1;
    size_t block = max7219->first_chip == MAX7219_LEFT ? chip : last - chip;
    size_t place = max7219->first_digit == MAX7219_LEFT ? digit : digits - 1 - digit;
    return block * digits + place;
}

static void put_digit(const struct max7219_settings *max7219, size_t digit,
                      const struct segments_cell cells[], struct wire *wire)
{
    for (size_t chip = (size_t)max7219->chips; chip-- > 0;) {
        uint8_t shape = 0;
        if (digit < (size_t)max7219->digits)
            shape = segments_of_cell(&cells[place_of(max7219, chip, digit)]);
        wire_add(wire, (uint8_t)(REG_DIGIT_0 + digit));
        wire_add(wire, segments_wired(shape, "gfedcba."));
    }
    wire_end_message(wire);
}

static void max7219_encode(const void *settings, const struct frame *frame, bool raw,
                           struct wire *wire)
{
    const struct max7219_settings *max7219 = settings;
    struct segments_cell cells[MAX7219_CHIPS_MAX * MAX7219_DIGITS];
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, true, cells, (size_t)(max7219->chips * max7219->digits));
    put_all(max7219, REG_DISPLAY_TEST, 0, wire);
    put_all(max7219, REG_DECODE, 0, wire);
    put_all(max7219, REG_SCAN_LIMIT, MAX7219_DIGITS - 1, wire);
    put_all(max7219, REG_INTENSITY,
            (uint8_t)segments_brightness(duties, max7219->brightness, frame->text_dimmed), wire);
    for (size_t digit = 0; digit < MAX7219_DIGITS; digit++)
        put_digit(max7219, digit, cells, wire);
    put_all(max7219, REG_SHUTDOWN, 1, wire);
}

const struct chip chip_max7219 = {
    .name = "max7219",
    .summary = "MAX7219 and MAX7221 displays of eight digits, alone or chained",
    .fields = max7219_fields,
    .settings_size = sizeof(struct max7219_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_LATCHED,
    .spi = {.hz = 1000000, .min_hz = 10000, .max_hz = 10000000, .whole = true},
    .pixels = max7219_pixels,
    .digits = max7219_digits,
    .wire_size = max7219_wire_size,
    .encode = max7219_encode,
};
