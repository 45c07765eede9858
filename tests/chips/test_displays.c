/*
 * What the models of the displays show after what the encoders and the real buses sent.
 */
#include "base/text.h"
#include "bus/bus.h"
#include "chips/hc595.h"
#include "chips/ht16k33.h"
#include "chips/max7219.h"
#include "chips/max7219_matrix.h"
#include "chips/tm1637.h"
#include "chips/tm1638.h"
#include "display_model.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DIGITS_MAX 64

/* Characters as the models' segments show them, by shape; a dot or colon follows. */
static const struct {
    char character;
    uint8_t segments;
} glyphs[] = {
    {' ', 0x00}, {'0', 0x3F}, {'1', 0x06}, {'2', 0x5B}, {'3', 0x4F}, {'4', 0x66},
    {'5', 0x6D}, {'6', 0x7D}, {'7', 0x07}, {'8', 0x7F}, {'9', 0x6F}, {'-', 0x40},
    {'A', 0x77}, {'E', 0x79}, {'F', 0x71}, {'L', 0x38}, {'P', 0x73}, {'U', 0x3E},
    {'d', 0x5E}, {'n', 0x54}, {'o', 0x5C}, {'r', 0x50}, {'t', 0x78},
};

static void read_digits(const uint8_t digits[], size_t count, char text[static 2 * DIGITS_MAX])
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        char is = '?';
        for (size_t k = 0; k < sizeof glyphs / sizeof glyphs[0]; k++)
            if ((digits[i] & 0x7F) == glyphs[k].segments)
                is = glyphs[k].character;
        text[at++] = is;
        if (digits[i] & 0x80)
            text[at++] = '.';
    }
    text[at] = '\0';
}

/* Sends every message of a text; false when the bus says no. */
static bool send(const struct chip *chip, const void *settings, const char *text, struct bus *bus,
                 struct error *error)
{
    struct wire wire = encoding_of_text(chip, settings, text);
    bool sent = true;
    for (size_t i = 0; sent && i < wire.messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(&wire, i, &bytes);
        sent = bus_send(bus, bytes, length, error);
    }
    return sent;
}

static const struct gpio_clocked_settings lines = {
    .chips = {"chip"}, .data = "1", .clock = "2", .latch = "3"};

static void tm1637_shows_texts(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct tm1637_settings settings;
        const char *text, *shown;
    } rows[] = {
        {"a percentage", {.digits = 4, .brightness = 7}, "42", "  42"},
        {"a word", {.digits = 4, .brightness = 0}, "FAIL", "FA1L"},
        {"a clock", {.digits = 4, .brightness = 7}, "12:34", "12.34"},
        {"nothing", {.digits = 4}, "", "    "},
        {"dashes", {.digits = 4}, "----", "----"},
        {"a number that does not fit", {.digits = 4}, "12345", "----"},
        {"a word that does not fit", {.digits = 4}, "PAUSE", "PAU5"},
        {"a point that a clock module has not", {.digits = 4}, "9.5", "   9"},
        {"a point", {.digits = 4, .points = TM1637_POINTS_EACH}, "9.5", "  9.5"},
        {"six digits wired oddly", {.digits = 6, .map = "210543"}, "123456", "123456"},
        {"two digits", {.digits = 2}, "7", " 7"},
        {"a colon that a clock module has not", {.digits = 4}, "12:3", " 123"},
        {"it as a point", {.digits = 4, .points = TM1637_POINTS_EACH}, "12:3", " 12.3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tm1637 display;
        struct error error = {0};
        const struct tm1637_settings *settings = &rows[i].settings;
        struct fake_chip chip = tm1637_power(&display);
        fake_connect(&chip);
        assert_true(chip_tm1637.check(settings, &error));
        struct bus *bus = bus_open_gpio_twowire(&lines, &error);
        assert_non_null(bus);
        for (int again = 0; again < 2; again++)
            if (!send(&chip_tm1637, settings, rows[i].text, bus, &error))
                fail_msg("%s: %s", rows[i].what, error.text);
        uint8_t digits[6] = {0};
        char shown[2 * DIGITS_MAX];
        for (int64_t k = 0; k < settings->digits; k++)
            digits[k] = display.grids[settings->map[0] != '\0' ? settings->map[k] - '0' : k];
        read_digits(digits, (size_t)settings->digits, shown);
        if (strcmp(shown, rows[i].shown) != 0 || display.fault != NULL)
            fail_msg("%s: '%s' %s", rows[i].what, shown, display.fault ? display.fault : "");
        assert_true(display.on && display.brightness == settings->brightness);
        bus_close(bus);
    }
}

static void tm1637_sends_as_its_data_sheet_has_it(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x40, 0xC0, 0x06, 0xDB, 0x4F, 0x66, 0x8F};
    static const struct tm1637_settings settings = {.digits = 4, .brightness = 7};
    struct wire wire = encoding_of_text(&chip_tm1637, &settings, "12:34");
    assert_int_equal(wire.length, sizeof bytes);
    assert_memory_equal(wire.bytes, bytes, sizeof bytes);
    assert_true(wire.messages == 3 && wire.ends[0] == 1 && wire.ends[1] == 6);
}

static void a_missing_tm1637_is_an_error(void **state)
{
    (void)state;
    struct tm1637 display;
    struct error error = {0};
    static const struct tm1637_settings settings = {.digits = 4};
    struct fake_chip chip = tm1637_power(&display);
    display.absent = true;
    fake_connect(&chip);
    struct bus *bus = bus_open_gpio_twowire(&lines, &error);
    assert_non_null(bus);
    assert_false(send(&chip_tm1637, &settings, "42", bus, &error));
    assert_non_null(strstr(error.text, "display"));
    display.absent = false; /* plugged in again: it lights right */
    if (!send(&chip_tm1637, &settings, "42", bus, &error))
        fail_msg("%s", error.text);
    assert_null(display.fault);
    assert_int_equal(display.grids[3], 0x5B);
    bus_close(bus);
}

static void maps_and_outputs_are_checked(void **state)
{
    (void)state;
    static const struct {
        int64_t digits;
        const char *map;
        bool good;
    } maps[] = {{6, "210543", true}, {4, "", true},      {4, "3210", true},  {4, "321", false},
                {4, "3211", false},  {4, "3214", false}, {4, "32a0", false}, {6, "012344", false}};
    static const struct {
        const char *outputs;
        bool good;
    } wirings[] = {{"abcdefg.", true},  {".gfedcba", true},  {"abcdefg", false},
                   {"aacdefg.", false}, {"abcdefgh", false}, {"", false}};
    struct error error = {0};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        struct tm1637_settings settings = {.digits = maps[i].digits};
        snprintf(settings.map, sizeof settings.map, "%s", maps[i].map);
        if (chip_tm1637.check(&settings, &error) != maps[i].good)
            fail_msg("map '%s' of %d", maps[i].map, (int)maps[i].digits);
    }
    for (size_t i = 0; i < sizeof wirings / sizeof wirings[0]; i++) {
        struct hc595_settings settings = {.digits = 2};
        snprintf(settings.outputs, sizeof settings.outputs, "%s", wirings[i].outputs);
        if (chip_hc595.check(&settings, &error) != wirings[i].good)
            fail_msg("outputs '%s'", wirings[i].outputs);
    }
    struct ht16k33_settings seven = {.digits = 5};
    assert_false(chip_ht16k33.check(&seven, &error));
    assert_non_null(strstr(error.text, "digits cannot be 5"));
    static const struct {
        const char *map;
        int64_t digits;
        bool good;
    } columns[] = {{"0123", 4, true}, {"76543210", 8, true}, {"01234", 5, true}, {"0122", 4, false},
                   {"012", 4, false}, {"0128", 4, false},    {"01x3", 4, false}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        struct ht16k33_settings settings = {.digits = columns[i].digits};
        snprintf(settings.map, sizeof settings.map, "%s", columns[i].map);
        if (chip_ht16k33.check(&settings, &error) != columns[i].good)
            fail_msg("map '%s' of %d", columns[i].map, (int)columns[i].digits);
        struct max7219_settings max7219 = {.chips = 2, .digits = columns[i].digits};
        text_copy(max7219.map, sizeof max7219.map, columns[i].map);
        if (chip_max7219.check(&max7219, &error) != columns[i].good)
            fail_msg("MAX7219: map '%s' of %d", columns[i].map, (int)columns[i].digits);
        max7219.first_digit = MAX7219_LEFT;
        assert_false(chip_max7219.check(&max7219, &error));
        struct max7219_matrix_settings matrix = {.chips = 4};
        text_copy(matrix.map, sizeof matrix.map, columns[i].map);
        assert_int_equal(chip_max7219_matrix.check(&matrix, &error),
                         columns[i].good && columns[i].digits == 8);
    }
}

/* The digits of a chain as they stand before one's eyes. */
static void look_at_max7219(const struct max7219 *display, const struct max7219_settings *settings,
                            char shown[static 2 * DIGITS_MAX])
{
    uint8_t digits[DIGITS_MAX];
    size_t per_chip = (size_t)settings->digits, at = 0;
    for (size_t block = 0; block < display->chips; block++) {
        size_t chip = settings->first_chip == MAX7219_LEFT ? block : display->chips - 1 - block;
        for (size_t i = 0; i < per_chip; i++)
            digits[at++] =
                max7219_digit(display, chip,
                              settings->map[0] != '\0' ? (size_t)settings->map[i] - '0'
                              : settings->first_digit == MAX7219_LEFT ? i
                                                                      : per_chip - 1 - i);
    }
    read_digits(digits, at, shown);
}

static void max7219_shows_texts_however_it_is_chained(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct max7219_settings settings;
        const char *text, *shown;
    } rows[] = {
        {"one chip", {.chips = 1, .digits = 8, .brightness = 7}, "12", "      12"},
        {"a word", {.chips = 1, .digits = 8, .brightness = 15}, "FAIL", "    FA1L"},
        {"from the left", {.chips = 1, .digits = 8, .first_digit = MAX7219_LEFT}, "42", "      42"},
        {"a point", {.chips = 1, .digits = 8}, "1.5", "      1.5"},
        {"four digits", {.chips = 1, .digits = 4}, "12345", "----"},
        {"wired anyhow", {.chips = 2, .digits = 4, .map = "2031"}, "123456", "  123456"},
        {"the upper half", {.chips = 1, .digits = 4, .map = "4567"}, "42", "  42"},
        {"a chain", {.chips = 2, .digits = 4}, "123456", "  123456"},
        {"a chain from the left",
         {.chips = 3, .digits = 4, .first_chip = MAX7219_LEFT},
         "1234567890",
         "  1234567890"},
        {"both from the left",
         {.chips = 2, .digits = 8, .first_chip = MAX7219_LEFT, .first_digit = MAX7219_LEFT},
         "-12-",
         "            -12-"},
    };
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        struct max7219 display;
        struct error error = {0};
        const struct max7219_settings *settings = &rows[i / 2].settings;
        const char *text = rows[i / 2].text;
        struct fake_chip chip = max7219_power(&display, (size_t)settings->chips);
        if (i % 2 == 0) { /* GPIO */
            fake_connect(&chip);
            struct bus *bus = bus_open_gpio_clocked(&lines, &error);
            assert_true(bus != NULL && send(&chip_max7219, settings, text, bus, &error));
            bus_close(bus);
        } else { /* SPI: a message is a CS period */
            struct wire wire = encoding_of_text(&chip_max7219, settings, text);
            for (size_t k = 0; k < wire.messages; k++) {
                const uint8_t *bytes;
                size_t length = encoding_message(&wire, k, &bytes);
                max7219_spi(&display, bytes, length);
            }
        }
        char shown[2 * DIGITS_MAX];
        look_at_max7219(&display, settings, shown);
        if (strcmp(shown, rows[i / 2].shown) != 0 || display.fault != NULL)
            fail_msg("%s: '%s' %s", rows[i / 2].what, shown, display.fault ? display.fault : "");
        for (size_t k = 0; k < display.chips; k++) {
            assert_int_equal(display.registers[k][10], settings->brightness);
            assert_int_equal(display.registers[k][11], 7);
        }
    }
}

static void hc595_shows_texts_however_it_is_wired(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct hc595_settings settings;
        const char *text, *shown;
    } rows[] = {
        {"two digits", {2, "abcdefg.", HC595_CATHODE, HC595_LEFT}, "12", "12"},
        {"the near one at the right", {2, "abcdefg.", HC595_CATHODE, HC595_RIGHT}, "12", "12"},
        {"common anode", {4, "abcdefg.", HC595_ANODE, HC595_LEFT}, "42", "  42"},
        {"wired backwards", {4, ".gfedcba", HC595_CATHODE, HC595_LEFT}, "FAIL", "FA1L"},
        {"wired anyhow", {3, "dc.gabfe", HC595_ANODE, HC595_RIGHT}, "1.5", " 1.5"},
        {"too long", {3, "abcdefg.", HC595_CATHODE, HC595_LEFT}, "1000", "---"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hc595 display;
        struct error error = {0};
        const struct hc595_settings *settings = &rows[i].settings;
        size_t count = (size_t)settings->digits;
        struct fake_chip chip = hc595_power(&display, count);
        fake_connect(&chip);
        struct bus *bus = bus_open_gpio_clocked(&lines, &error);
        assert_true(bus != NULL && send(&chip_hc595, settings, rows[i].text, bus, &error));
        uint8_t digits[HC595_DIGITS_MAX] = {0};
        for (size_t k = 0; k < count; k++) {
            uint8_t outputs =
                display.outputs[settings->first_digit == HC595_LEFT ? k : count - 1 - k];
            if (settings->common == HC595_ANODE)
                outputs = (uint8_t)~outputs;
            for (unsigned bit = 0; bit < 8; bit++)
                if (outputs >> bit & 1)
                    digits[k] |=
                        (uint8_t)(1u << (strchr("abcdefg.", settings->outputs[bit]) - "abcdefg."));
        }
        char shown[2 * DIGITS_MAX];
        read_digits(digits, count, shown);
        if (strcmp(shown, rows[i].shown) != 0 || display.fault != NULL)
            fail_msg("%s: '%s' %s", rows[i].what, shown, display.fault ? display.fault : "");
        bus_close(bus);
    }
}

/* A register of a digit that is not wired may light one that another board has there. */
static void what_is_not_wired_is_dark(void **state)
{
    (void)state;
    static const struct max7219_settings maps[] = {
        {.chips = 2, .digits = 4, .map = "7531"},
        {.chips = 2, .digits = 1, .map = "5"},
        {.chips = 2, .digits = 3},
        {.chips = 2, .digits = 3, .first_digit = MAX7219_LEFT},
    };
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        const struct wire wire = encoding_of_text(&chip_max7219, &maps[i], "88888888");
        for (size_t digit = 0; digit < MAX7219_DIGITS; digit++) {
            const uint8_t *words;
            const size_t places = (size_t)maps[i].digits;
            const bool wired = maps[i].map[0] != '\0'
                                   ? memchr(maps[i].map, (int)('0' + digit), places) != NULL
                                   : digit < places;
            encoding_message(&wire, 4 + digit, &words);
            for (size_t chip = 0; chip < 2; chip++)
                if (words[2 * chip] != 1 + digit || (words[2 * chip + 1] != 0) != wired)
                    fail_msg("map '%s' of %zu: digit %zu is %02x", maps[i].map, places, digit,
                             words[2 * chip + 1]);
        }
    }
    for (int64_t digits = 1; digits <= HT16K33_DIGITS_MAX; digits++) {
        const struct ht16k33_settings letters = {.segments = HT16K33_FOURTEEN, .digits = digits};
        const struct wire wire = encoding_of_text(&chip_ht16k33, &letters, "MMMMMMMM");
        const uint8_t *ram;
        encoding_message(&wire, 1, &ram);
        for (int64_t column = 0; column < 8; column++)
            if ((ram[1 + 2 * column] != 0) != (column < digits))
                fail_msg("letters of %d digits: column %d", (int)digits, (int)column);
    }
}

/* The memory's even bytes, each turned round, since the bus begins with the highest bit. */
static void tm1638_has_points(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint8_t last[3];
    } rows[] = {
        {"19.5", {0x06, 0xEF, 0x6D}},
        {"9:5", {0x00, 0xEF, 0x6D}},
        {"95.", {0x00, 0x6F, 0xED}},
    };
    const struct tm1638_settings settings = {.brightness = 7};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct wire wire = encoding_of_text(&chip_tm1638, &settings, rows[i].text);
        const uint8_t *memory;
        encoding_message(&wire, 2, &memory);
        for (size_t k = 0; k < 3; k++) {
            const unsigned byte = memory[1 + 2 * (5 + k)];
            unsigned turned = 0;
            for (unsigned bit = 0; bit < 8; bit++)
                turned |= (byte >> bit & 1) << (7 - bit);
            if (turned != rows[i].last[k])
                fail_msg("'%s': %02x", rows[i].text, turned);
        }
    }
}

static void hc595_sends_the_furthest_digit_first(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x5B, 0x06};
    static const struct hc595_settings settings = {2, "abcdefg.", HC595_CATHODE, HC595_LEFT};
    struct wire wire = encoding_of_text(&chip_hc595, &settings, "12");
    assert_int_equal(wire.length, 2);
    assert_memory_equal(wire.bytes, bytes, 2);
}

static void write_ht16k33(struct ht16k33 *display, const struct ht16k33_settings *settings,
                          const char *text)
{
    struct wire wire = encoding_of_text(&chip_ht16k33, settings, text);
    for (size_t i = 0; i < wire.messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(&wire, i, &bytes);
        ht16k33_write(display, bytes, length);
    }
    if (display->fault != NULL)
        fail_msg("'%s': %s", text, display->fault);
    assert_true(display->on && display->blink == 0);
    assert_int_equal(display->brightness, settings->brightness);
}

static void ht16k33_shows_seven_segments(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool points;
        uint8_t ram[16];
    } rows[] = {
        {"12:34", true, {0x06, 0, 0x5B, 0, 0x02, 0, 0x4F, 0, 0x66}},
        {"42", true, {0, 0, 0, 0, 0, 0, 0x66, 0, 0x5B}},
        {"1.5", true, {0, 0, 0, 0, 0, 0, 0x86, 0, 0x6D}},
        {"1.5", false, {0, 0, 0, 0, 0, 0, 0, 0, 0x06}},
        {"10000", true, {0x40, 0, 0x40, 0, 0, 0, 0x40, 0, 0x40}},
        {"", true, {0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ht16k33 display;
        struct ht16k33_settings settings = {
            .digits = 4, .points = rows[i].points, .brightness = (int64_t)i};
        ht16k33_power(&display);
        write_ht16k33(&display, &settings, rows[i].text);
        if (memcmp(display.ram, rows[i].ram, sizeof display.ram) != 0)
            fail_msg("'%s': %02x %02x %02x %02x %02x", rows[i].text, display.ram[0], display.ram[2],
                     display.ram[4], display.ram[6], display.ram[8]);
    }
}

/* Modules that are not wired as Adafruit's. */
static void ht16k33_puts_digits_into_the_columns_of_a_map(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *map, *text;
        int segments;
        int64_t digits;
        uint8_t ram[16];
    } rows[] = {
        {"columns side by side have no colon",
         "0123",
         "12:34",
         HT16K33_SEVEN,
         4,
         {0x06, 0, 0x5B, 0, 0x4F, 0, 0x66}},
        {"the first digit in the colon's place",
         "2013",
         "12:34",
         HT16K33_SEVEN,
         4,
         {0x5B, 0, 0x4F, 0, 0x06, 0, 0x66}},
        {"backwards",
         "4310",
         "12:34",
         HT16K33_SEVEN,
         4,
         {0x66, 0, 0x4F, 0, 0x02, 0, 0x5B, 0, 0x06}},
        {"five digits",
         "34567",
         "12345",
         HT16K33_SEVEN,
         5,
         {0, 0, 0, 0, 0, 0, 0x06, 0, 0x5B, 0, 0x4F, 0, 0x66, 0, 0x6D}},
        {"fourteen segments", "32", "L", HT16K33_FOURTEEN, 2, {0, 0, 0, 0, 0x38, 0}},
        {"one digit", "2", "L", HT16K33_SEVEN, 1, {0, 0, 0, 0, 0x38, 0}},
        {"one digit of fourteen", "2", "L", HT16K33_FOURTEEN, 1, {0, 0, 0, 0, 0x38, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ht16k33 display;
        struct ht16k33_settings settings = {.segments = rows[i].segments,
                                            .digits = rows[i].digits,
                                            .points = true,
                                            .brightness = 7};
        snprintf(settings.map, sizeof settings.map, "%s", rows[i].map);
        assert_true(chip_ht16k33.check(&settings, NULL));
        ht16k33_power(&display);
        write_ht16k33(&display, &settings, rows[i].text);
        if (memcmp(display.ram, rows[i].ram, sizeof display.ram) != 0)
            fail_msg("%s: %02x %02x %02x %02x %02x %02x", rows[i].sentence, display.ram[0],
                     display.ram[2], display.ram[4], display.ram[6], display.ram[8],
                     display.ram[10]);
    }
}

static void ht16k33_shows_fourteen_segments(void **state)
{
    (void)state;
    /* As Adafruit's font and the kernel's map_to_14segment.h have them. */
    static const struct {
        char character;
        uint16_t shape;
    } shapes[] = {{'A', 0x00F7}, {'E', 0x00F9}, {'F', 0x00F1}, {'I', 0x1209}, {'K', 0x2470},
                  {'L', 0x0038}, {'M', 0x0536}, {'N', 0x2136}, {'P', 0x00F3}, {'R', 0x20F3},
                  {'S', 0x00ED}, {'U', 0x003E}, {'V', 0x0C30}, {'W', 0x2836}, {'X', 0x2D00},
                  {'Z', 0x0C09}, {'-', 0x00C0}, {'2', 0x00DB}, {'8', 0x00FF}, {' ', 0x0000}};
    struct ht16k33_settings settings = {
        .segments = HT16K33_FOURTEEN, .digits = 4, .points = true, .brightness = 15};
    struct ht16k33 display;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const char text[] = {shapes[i].character, '.', 'L', '\0'};
        ht16k33_power(&display);
        write_ht16k33(&display, &settings, text);
        unsigned shape = display.ram[4] | (unsigned)display.ram[5] << 8;
        if (shape != (shapes[i].shape | 0x4000u))
            fail_msg("'%c': %04x", shapes[i].character, shape);
        assert_true(display.ram[6] == 0x38 && display.ram[7] == 0 && display.ram[1] == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tm1637_shows_texts),
        cmocka_unit_test(tm1637_sends_as_its_data_sheet_has_it),
        cmocka_unit_test(a_missing_tm1637_is_an_error),
        cmocka_unit_test(maps_and_outputs_are_checked),
        cmocka_unit_test(max7219_shows_texts_however_it_is_chained),
        cmocka_unit_test(hc595_shows_texts_however_it_is_wired),
        cmocka_unit_test(what_is_not_wired_is_dark),
        cmocka_unit_test(tm1638_has_points),
        cmocka_unit_test(hc595_sends_the_furthest_digit_first),
        cmocka_unit_test(ht16k33_shows_seven_segments),
        cmocka_unit_test(ht16k33_puts_digits_into_the_columns_of_a_map),
        cmocka_unit_test(ht16k33_shows_fourteen_segments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
