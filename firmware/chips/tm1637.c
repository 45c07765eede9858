#include "chips/tm1637.h"

#include "chips/segments.h"

#include <string.h>

#define WRITE_DATA 0x40
#define ADDRESS 0xC0
#define DISPLAY_ON 0x88
#define SECOND_DIGIT 1 /* has the colon of a clock module */

static const uint8_t duties[] = {1, 2, 4, 10, 11, 12, 13, 14}; /* of 16 */

static const char *const points_words[] = {"colon", "each", NULL};

static const struct field tm1637_fields[] = {
    {KEY("digits", FIELD_INTEGER, offsetof(struct tm1637_settings, digits)),
     RANGE(1, TM1637_DIGITS_MAX), .fallback = "4", .help = "how many digits the module has"},
    {KEY("map", FIELD_STRING, offsetof(struct tm1637_settings, map)),
     .size = sizeof((struct tm1637_settings *)NULL)->map, .fallback = "",
     .help = "where the digits are wired, from the left: 210543 on most modules of six"},
    {KEY("points", FIELD_WORD, offsetof(struct tm1637_settings, points)), .words = points_words,
     .fallback = "colon",
     .help = "colon: a clock module, without decimal points; each: a point behind each digit"},
    {KEY("brightness", FIELD_INTEGER, offsetof(struct tm1637_settings, brightness)), RANGE(0, 7),
     .fallback = "7", .help = "by day, from 0, 1/16 of the time, to 7, 14/16; night dims it"},
    {.key = NULL},
};

static size_t tm1637_digits(const void *settings)
{
    return (size_t)((const struct tm1637_settings *)settings)->digits;
}

static bool tm1637_check(const void *settings, struct error *error)
{
    const struct tm1637_settings *tm1637 = settings;
    size_t digits = tm1637_digits(settings);
    unsigned seen = 0;
    for (size_t i = 0; i < strlen(tm1637->map); i++)
        if (tm1637->map[i] >= '0' && (size_t)(tm1637->map[i] - '0') < digits)
            seen |= 1u << (tm1637->map[i] - '0');
    if (tm1637->map[0] == '\0' || (strlen(tm1637->map) == digits && seen + 1 == 1u << digits))
        return true;
    return error_set(error,
                     "map '%s' does not name each of the digits 0 to %d once; "
                     "write e.g. 210543 for six digits, or leave it out",
                     tm1637->map, (int)digits - 1);
}

static size_t tm1637_pixels(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t tm1637_wire_size(const void *settings)
{
    return 3 + tm1637_digits(settings);
}

static size_t grid_of(const struct tm1637_settings *tm1637, size_t digit)
{
    return tm1637->map[0] == '\0' ? digit : (size_t)(tm1637->map[digit] - '0');
}

static uint8_t digit_of(const struct tm1637_settings *tm1637, const struct segments_cell *cell,
                        size_t digit)
{
    if (tm1637->points == TM1637_POINTS_COLON && !(cell->colon && digit == SECOND_DIGIT))
        return segments_of(cell->character);
    return segments_of_cell(cell);
}

static void tm1637_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct tm1637_settings *tm1637 = settings;
    struct segments_cell cells[TM1637_DIGITS_MAX];
    uint8_t grids[TM1637_DIGITS_MAX];
    size_t digits = tm1637_digits(settings);
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, tm1637->points == TM1637_POINTS_EACH, cells, digits);
    for (size_t i = 0; i < digits; i++)
        grids[grid_of(tm1637, i)] = digit_of(tm1637, &cells[i], i);
    wire_add(wire, WRITE_DATA);
    wire_end_message(wire);
    wire_add(wire, ADDRESS);
    for (size_t i = 0; i < digits; i++)
        wire_add(wire, grids[i]);
    wire_end_message(wire);
    wire_add(wire, (uint8_t)(DISPLAY_ON |
                             segments_brightness(duties, tm1637->brightness, frame->text_dimmed)));
    wire_end_message(wire);
}

const struct chip chip_tm1637 = {
    .name = "tm1637",
    .summary = "TM1637 displays of four or six digits, on two GPIO lines",
    .fields = tm1637_fields,
    .settings_size = sizeof(struct tm1637_settings),
    .buses = BUS_BIT(BUS_GPIO),
    .wiring = WIRING_TWO_WIRE,
    .check = tm1637_check,
    .pixels = tm1637_pixels,
    .digits = tm1637_digits,
    .wire_size = tm1637_wire_size,
    .encode = tm1637_encode,
};
