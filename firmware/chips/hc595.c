#include "chips/hc595.h"

static const char *const common_words[] = {"cathode", "anode", NULL};
static const char *const side_words[] = {"left", "right", NULL};

static const struct field hc595_fields[] = {
    {KEY("digits", FIELD_INTEGER, offsetof(struct hc595_settings, digits)),
     RANGE(1, HC595_DIGITS_MAX), .required = true,
     .help = "how many digits there are, each with a register"},
    {KEY("outputs", FIELD_STRING, offsetof(struct hc595_settings, outputs)),
     .size = SEGMENTS_WIRING_SIZE, .fallback = "abcdefg.",
     .help = "the segments at a register's outputs Q0 to Q7, each of abcdefg and the dot once"},
    {KEY("common", FIELD_WORD, offsetof(struct hc595_settings, common)), .words = common_words,
     .fallback = "cathode", .help = "anode: a segment is lit by a low output"},
    {KEY("first_digit", FIELD_WORD, offsetof(struct hc595_settings, first_digit)),
     .words = side_words, .fallback = "left",
     .help = "where the register next to the board is; right when texts are shown backwards"},
    {.key = NULL},
};

static bool hc595_check(const void *settings, struct error *error)
{
    const struct hc595_settings *hc595 = settings;
    if (segments_is_wiring(hc595->outputs))
        return true;
    return error_set(error,
                     "outputs '%s' does not name each of the segments abcdefg and . once; "
                     "write them in the order of Q0 to Q7",
                     hc595->outputs);
}

static size_t hc595_pixels(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t hc595_digits(const void *settings)
{
    return (size_t)((const struct hc595_settings *)settings)->digits;
}

static void hc595_encode(const void *settings, const struct frame *frame, bool raw,
                         struct wire *wire)
{
    const struct hc595_settings *hc595 = settings;
    struct segments_cell cells[HC595_DIGITS_MAX];
    size_t digits = hc595_digits(settings);
    (void)raw; /* nothing is corrected here */
    segments_lay_out(frame->text, true, cells, digits);
    for (size_t i = 0; i < digits; i++) {
        size_t place = hc595->first_digit == HC595_LEFT ? digits - 1 - i : i;
        uint8_t bits = segments_wired(segments_of_cell(&cells[place]), hc595->outputs);
        wire_add(wire, hc595->common == HC595_ANODE ? (uint8_t)~bits : bits);
    }
    wire_end_message(wire);
}

const struct chip chip_hc595 = {
    .name = "hc595",
    .summary = "digits on a chain of 74HC595 shift registers",
    .fields = hc595_fields,
    .settings_size = sizeof(struct hc595_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_LATCHED,
    .spi = {.hz = 1000000, .min_hz = 10000, .max_hz = 10000000, .whole = true},
    .check = hc595_check,
    .pixels = hc595_pixels,
    .digits = hc595_digits,
    .wire_size = hc595_digits,
    .encode = hc595_encode,
};
