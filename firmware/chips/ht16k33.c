#include "chips/ht16k33.h"

#include "chips/segments.h"

#include <string.h>

#define OSCILLATOR_ON 0x21
#define BRIGHTNESS 0xE0
#define DISPLAY_ON 0x81
#define COLUMN_BYTES 2
#define COLON_COLUMN 2
#define COLON_BITS 0x02
#define SECOND_DIGIT 1 /* the colon is behind it */

/* As Adafruit's backpacks have them. */
static const char seven_columns[] = "0134", fourteen_columns[] = "01234567";
#define SEVEN_DIGITS (sizeof seven_columns - 1)

static const uint8_t duties[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static const char *const segment_words[] = {"seven", "fourteen", NULL};

static const struct field ht16k33_fields[] = {
    {KEY("segments", FIELD_WORD, offsetof(struct ht16k33_settings, segments)),
     .words = segment_words, .fallback = "seven",
     .help = "how many segments a digit has; fourteen show letters"},
    {KEY("digits", FIELD_INTEGER, offsetof(struct ht16k33_settings, digits)),
     RANGE(1, HT16K33_DIGITS_MAX), .fallback = "4", .help = "how many digits the display has"},
    {KEY("map", FIELD_STRING, offsetof(struct ht16k33_settings, map)),
     .size = sizeof((struct ht16k33_settings *)NULL)->map, .fallback = "",
     .help = "the column of each digit from the left, where it is not wired as Adafruit's: 0123 on "
             "bare modules of four"},
    {KEY("points", FIELD_BOOL, offsetof(struct ht16k33_settings, points)), .fallback = "true",
     .help = "false: its digits have no decimal points, as on the 1.2 inch backpack"},
    {KEY("brightness", FIELD_INTEGER, offsetof(struct ht16k33_settings, brightness)), RANGE(0, 15),
     .fallback = "7", .help = "by day, from 0, 1/16 of the time, to 15, all of it; night dims it"},
    {.key = NULL},
};

static bool ht16k33_check(const void *settings, struct error *error)
{
    const struct ht16k33_settings *ht16k33 = settings;
    if (ht16k33->map[0] != '\0')
        return segments_is_map(ht16k33->map, (size_t)ht16k33->digits) ||
               error_set(error,
                         "map '%s' does not name a column of 0 to 7 for each of %d digits, each "
                         "once; write e.g. 0123 for four, or leave it out",
                         ht16k33->map, (int)ht16k33->digits);
    if (ht16k33->segments == HT16K33_FOURTEEN || ht16k33->digits <= (int64_t)SEVEN_DIGITS)
        return true;
    return error_set(error,
                     "digits cannot be %d: displays of seven segments have 4; "
                     "set digits to 4, add a map, or set segments to fourteen",
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
    return HT16K33_FRAME_SIZE;
}

static const char *columns_of(const struct ht16k33_settings *ht16k33)
{
    if (ht16k33->map[0] != '\0')
        return ht16k33->map;
    return ht16k33->segments == HT16K33_FOURTEEN ? fourteen_columns : seven_columns;
}

static void fill_seven(const struct ht16k33_settings *ht16k33, const struct segments_cell cells[],
                       uint8_t ram[static HT16K33_RAM_SIZE])
{
    const char *columns = columns_of(ht16k33);
    bool has_colon = strchr(columns, '0' + COLON_COLUMN) == NULL;
    for (size_t i = 0; i < (size_t)ht16k33->digits; i++) {
        uint8_t point = ht16k33->points && cells[i].dot ? SEGMENT_DOT : 0;
        ram[COLUMN_BYTES * (size_t)(columns[i] - '0')] = segments_of(cells[i].character) | point;
        if (has_colon && cells[i].colon && i == SECOND_DIGIT)
            ram[COLUMN_BYTES * COLON_COLUMN] = COLON_BITS;
    }
}

static void fill_fourteen(const struct ht16k33_settings *ht16k33,
                          const struct segments_cell cells[], uint8_t ram[static HT16K33_RAM_SIZE])
{
    const char *columns = columns_of(ht16k33);
    for (size_t i = 0; i < (size_t)ht16k33->digits; i++) {
        bool dot = cells[i].dot || cells[i].colon;
        unsigned shape = segments14_of(cells[i].character) | (dot ? SEGMENT14_DOT : 0u);
        uint8_t *column = &ram[COLUMN_BYTES * (size_t)(columns[i] - '0')];
        column[0] = (uint8_t)(shape & 0xFF);
        column[1] = (uint8_t)(shape >> 8);
    }
}

void ht16k33_put(const uint8_t ram[static HT16K33_RAM_SIZE], int64_t brightness, uint16_t dimmed,
                 struct wire *wire)
{
    wire_add(wire, OSCILLATOR_ON);
    wire_end_message(wire);
    wire_add(wire, 0x00);
    for (size_t i = 0; i < HT16K33_RAM_SIZE; i++)
        wire_add(wire, ram[i]);
    wire_end_message(wire);
    wire_add(wire, (uint8_t)(BRIGHTNESS | segments_brightness(duties, brightness, dimmed)));
    wire_end_message(wire);
    wire_add(wire, DISPLAY_ON);
    wire_end_message(wire);
}

static void ht16k33_encode(const void *settings, const struct frame *frame, bool raw,
                           struct wire *wire)
{
    const struct ht16k33_settings *ht16k33 = settings;
    struct segments_cell cells[HT16K33_DIGITS_MAX];
    uint8_t ram[HT16K33_RAM_SIZE] = {0};
    size_t digits = ht16k33_digits(settings);
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, ht16k33->points, cells, digits);
    if (ht16k33->segments == HT16K33_FOURTEEN)
        fill_fourteen(ht16k33, cells, ram);
    else
        fill_seven(ht16k33, cells, ram);
    ht16k33_put(ram, ht16k33->brightness, frame->text_dimmed, wire);
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
