#include "chips/ht16k33.h"

#include "chips/segments.h"

#define OSCILLATOR_ON 0x21
#define BRIGHTNESS 0xE0
#define DISPLAY_ON 0x81
#define RAM_SIZE 16
#define COLON_AT 4
#define COLON_BITS 0x02
#define SECOND_DIGIT 1 /* the colon is behind it */

static const uint8_t seven_at[] = {0, 2, 6, 8};
#define SEVEN_DIGITS (sizeof seven_at)

static const uint8_t duties[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static const char *const segment_words[] = {"seven", "fourteen", NULL};

static const struct field ht16k33_fields[] = {
    {.key = "segments",
     .type = FIELD_WORD,
     .offset = offsetof(struct ht16k33_settings, segments),
     .words = segment_words,
     .fallback = "seven",
     .help = "how many segments a digit has; fourteen show letters"},
    {.key = "digits",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct ht16k33_settings, digits),
     .min = 1,
     .max = HT16K33_DIGITS_MAX,
     .fallback = "4",
     .help = "how many digits the display has"},
    {.key = "points",
     .type = FIELD_BOOL,
     .offset = offsetof(struct ht16k33_settings, points),
     .fallback = "true",
     .help = "false: its digits have no decimal points, as on the 1.2 inch backpack"},
    {.key = "brightness",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct ht16k33_settings, brightness),
     .min = 0,
     .max = 15,
     .fallback = "7",
     .help = "by day, from 0, 1/16 of the time, to 15, all of it; night dims it"},
    {.key = NULL},
};

static bool ht16k33_check(const void *settings, struct error *error)
{
    const struct ht16k33_settings *ht16k33 = settings;
    if (ht16k33->segments == HT16K33_FOURTEEN || ht16k33->digits <= (int64_t)SEVEN_DIGITS)
        return true;
    return error_set(error,
                     "digits cannot be %d: displays of seven segments have 4; "
                     "set digits to 4, or segments to fourteen",
                     (int)ht16k33->digits);
}

static size_t ht16k33_pixels(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t ht16k33_digits(const void *settings)
{
    return (size_t)((const struct ht16k33_settings *)settings)->digits;
}

static size_t ht16k33_wire_size(const void *settings)
{
    (void)settings;
    return 1 + 1 + RAM_SIZE + 1 + 1;
}

static void fill_seven(const struct segments_cell cells[], size_t digits, bool points,
                       uint8_t ram[static RAM_SIZE])
{
    for (size_t i = 0; i < digits && i < SEVEN_DIGITS; i++) {
        uint8_t point = points && cells[i].dot ? SEGMENT_DOT : 0;
        ram[seven_at[i]] = segments_of(cells[i].character) | point;
        if (cells[i].colon && i == SECOND_DIGIT)
            ram[COLON_AT] = COLON_BITS;
    }
}

static void fill_fourteen(const struct segments_cell cells[], size_t digits,
                          uint8_t ram[static RAM_SIZE])
{
    for (size_t i = 0; i < digits && i < HT16K33_DIGITS_MAX; i++) {
        bool dot = cells[i].dot || cells[i].colon;
        unsigned shape = segments14_of(cells[i].character) | (dot ? SEGMENT14_DOT : 0u);
        ram[2 * i] = (uint8_t)(shape & 0xFF);
        ram[2 * i + 1] = (uint8_t)(shape >> 8);
    }
}

static void ht16k33_encode(const void *settings, const struct frame *frame, bool raw,
                           struct wire *wire)
{
    const struct ht16k33_settings *ht16k33 = settings;
    struct segments_cell cells[HT16K33_DIGITS_MAX];
    uint8_t ram[RAM_SIZE] = {0};
    size_t digits = ht16k33_digits(settings);
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, ht16k33->points, cells, digits);
    if (ht16k33->segments == HT16K33_FOURTEEN)
        fill_fourteen(cells, digits, ram);
    else
        fill_seven(cells, digits, ht16k33->points, ram);
    wire_add(wire, OSCILLATOR_ON);
    wire_end_message(wire);
    wire_add(wire, 0x00);
    for (size_t i = 0; i < RAM_SIZE; i++)
        wire_add(wire, ram[i]);
    wire_end_message(wire);
    wire_add(wire, (uint8_t)(BRIGHTNESS |
                             segments_brightness(duties, ht16k33->brightness, frame->text_dimmed)));
    wire_end_message(wire);
    wire_add(wire, DISPLAY_ON);
    wire_end_message(wire);
}

const struct chip chip_ht16k33 = {
    .name = "ht16k33",
    .summary = "HT16K33 displays of seven or fourteen segments, on I2C",
    .fields = ht16k33_fields,
    .settings_size = sizeof(struct ht16k33_settings),
    .buses = BUS_BIT(BUS_I2C),
    .i2c_address = 0x70,
    .check = ht16k33_check,
    .pixels = ht16k33_pixels,
    .digits = ht16k33_digits,
    .wire_size = ht16k33_wire_size,
    .encode = ht16k33_encode,
};
