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

static const uint8_t duties[] = {1,  3,  5,  7,  9,  11, 13, 15,
                                 17, 19, 21, 23, 25, 27, 29, 31}; /* of 32 */

static const char *const side_words[] = {"right", "left", NULL};

static const struct field max7219_fields[] = {
    {KEY("chips", FIELD_INTEGER, offsetof(struct max7219_settings, chips)),
     RANGE(1, MAX7219_CHIPS_MAX), .fallback = "1", .help = "how many chips are chained"},
    {KEY("digits", FIELD_INTEGER, offsetof(struct max7219_settings, digits)),
     RANGE(1, MAX7219_DIGITS), .fallback = "8", .help = "how many digits each chip drives"},
    {KEY("first_digit", FIELD_WORD, offsetof(struct max7219_settings, first_digit)),
     .words = side_words, .fallback = "right",
     .help = "where a chip's digit 0 is; left when texts are shown backwards"},
    {KEY("map", FIELD_STRING, offsetof(struct max7219_settings, map)),
     .size = sizeof((struct max7219_settings *)NULL)->map, .fallback = "",
     .help = "the chip's digit of each place from the left, where they are not in a row: 1032"},
    {KEY("first_chip", FIELD_WORD, offsetof(struct max7219_settings, first_chip)),
     .words = side_words, .fallback = "right",
     .help = "where the chip next to the board is; left when blocks of digits are swapped"},
    {KEY("brightness", FIELD_INTEGER, offsetof(struct max7219_settings, brightness)), RANGE(0, 15),
     .fallback = "7", .help = "by day, from 0, 1/32 of the time, to 15, 31/32; night dims it"},
    {.key = NULL},
};

static bool max7219_check(const void *settings, struct error *error)
{
    const struct max7219_settings *max7219 = settings;
    if (max7219->map[0] == '\0')
        return true;
    if (!segments_is_map(max7219->map, (size_t)max7219->digits))
        return error_set(error,
                         "map '%s' does not name a digit of the chip, 0 to 7, for each of %d "
                         "places, each once; write e.g. 76543210 for eight, or leave it out",
                         max7219->map, (int)max7219->digits);
    return max7219->first_digit == MAX7219_RIGHT ||
           error_set(error, "map says where each digit is: leave first_digit out");
}

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
    return MAX7219_FRAME_SIZE * (size_t)((const struct max7219_settings *)settings)->chips;
}

/* The same for every chip. */
static void put_all(size_t count, enum reg reg, uint8_t value, struct wire *wire)
{
    for (size_t i = 0; i < count; i++) {
        wire_add(wire, (uint8_t)reg);
        wire_add(wire, value);
    }
    wire_end_message(wire);
}

/* The furthest chip's word goes first. */
static void put_digit(const struct max7219_digits chain[], size_t count, size_t digit,
                      struct wire *wire)
{
    for (size_t chip = count; chip-- > 0;) {
        wire_add(wire, (uint8_t)(REG_DIGIT_0 + digit));
        wire_add(wire, chain[chip].digits[digit]);
    }
    wire_end_message(wire);
}

void max7219_put(const struct max7219_digits chain[], size_t count, uint8_t intensity,
                 struct wire *wire)
{
    put_all(count, REG_DISPLAY_TEST, 0, wire);
    put_all(count, REG_DECODE, 0, wire);
    put_all(count, REG_SCAN_LIMIT, MAX7219_DIGITS - 1, wire);
    put_all(count, REG_INTENSITY, intensity, wire);
    for (size_t digit = 0; digit < MAX7219_DIGITS; digit++)
        put_digit(chain, count, digit, wire);
    put_all(count, REG_SHUTDOWN, 1, wire);
}

uint8_t max7219_intensity(int64_t most, uint16_t dimmed)
{
    return (uint8_t)segments_brightness(duties, most, dimmed);
}

/* The chip's digit of a place of its block, which counts from the left. */
static size_t digit_of(const struct max7219_settings *max7219, size_t place)
{
    if (max7219->map[0] != '\0')
        return (size_t)(max7219->map[place] - '0');
    return max7219->first_digit == MAX7219_LEFT ? place : (size_t)max7219->digits - 1 - place;
}

/* The first cell of a chip's block; `chip` counts from the board. */
static size_t block_of(const struct max7219_settings *max7219, size_t chip)
{
    size_t last = (size_t)max7219->chips - 1;
    return (max7219->first_chip == MAX7219_LEFT ? chip : last - chip) * (size_t)max7219->digits;
}

static void max7219_encode(const void *settings, const struct frame *frame, bool raw,
                           struct wire *wire)
{
    const struct max7219_settings *max7219 = settings;
    struct segments_cell cells[MAX7219_CHIPS_MAX * MAX7219_DIGITS];
    struct max7219_digits chain[MAX7219_CHIPS_MAX] = {{{0}}};
    size_t count = (size_t)max7219->chips, digits = (size_t)max7219->digits;
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, true, cells, count * digits);
    for (size_t chip = 0; chip < count; chip++)
        for (size_t place = 0; place < digits; place++)
            chain[chip].digits[digit_of(max7219, place)] = segments_wired(
                segments_of_cell(&cells[block_of(max7219, chip) + place]), "gfedcba.");
    max7219_put(chain, count, max7219_intensity(max7219->brightness, frame->text_dimmed), wire);
}

const struct chip chip_max7219 = {
    .name = "max7219",
    .summary = "MAX7219 and MAX7221 displays of eight digits, alone or chained",
    .fields = max7219_fields,
    .settings_size = sizeof(struct max7219_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_LATCHED,
    .spi = MAX7219_SPI,
    .check = max7219_check,
    .pixels = max7219_pixels,
    .digits = max7219_digits,
    .wire_size = max7219_wire_size,
    .encode = max7219_encode,
};
