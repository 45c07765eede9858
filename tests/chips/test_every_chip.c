/*
 * What holds for every chip, whatever it is: how long its picture is by its data sheet, that it
 * keeps to the room it is given, writes every byte of it, and is dark where a frame has ended.
 */
#include "chips/apa102.h"
#include "chips/ddp.h"
#include "chips/e131.h"
#include "chips/frames.h"
#include "chips/hc595.h"
#include "chips/ht16k33.h"
#include "chips/ht16k33_bicolour.h"
#include "chips/is31fl3731.h"
#include "chips/lamps.h"
#include "chips/max7219_matrix.h"
#include "chips/sense_hat.h"
#include "chips/terminal.h"
#include "chips/tm1637.h"
#include "chips/tm1638.h"
#include "chips/usblight.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROOM_MOST 65536
#define BEHIND 64 /* bytes that are looked at behind the room */

union settings {
    struct apa102_settings apa102;
    struct ledstrip_settings strip;
    struct tm1637_settings tm1637;
    struct tm1638_settings tm1638;
    struct max7219_settings max7219;
    struct max7219_matrix_settings max7219_matrix;
    struct ht16k33_settings ht16k33;
    struct ht16k33_bicolour_settings bicolour;
    struct is31fl3731_settings is31fl3731;
    struct hc595_settings hc595;
    struct sense_hat_settings sense_hat;
    struct lamps_settings lamps;
    struct ddp_settings ddp;
    struct e131_settings e131;
    struct blink1_settings blink1;
    struct blinkstick_settings blinkstick;
    struct luxafor_settings luxafor;
    struct terminal_settings terminal;
    struct frames_settings frames;
};

#define APA102(count)                                    \
    {                                                    \
        .apa102 = {.pixels = (count), .max_ma = 100000 } \
    }
#define RGB 5
#define RGBW 20
#define STRIP(count, words)                                                             \
    {                                                                                   \
        .strip = {.pixels = (count), .order = (words), .max_ma = 100000, .led_ma = 60 } \
    }
#define STICK(count)                                                             \
    {                                                                            \
        .blinkstick.strip = {.pixels = (count), .max_ma = 100000, .led_ma = 55 } \
    }

/*
 * Bytes of a picture, in how many messages, and of the goodbye; 0 bytes: as many as words need.
 * `spare`: room that only other settings need.
 */
static const struct row {
    const char *what;
    const struct chip *chip;
    union settings settings;
    size_t pixels, digits, bytes, messages, goodbye, spare;
} rows[] = {
    /* 4, 4 a LED, 4, and a byte for each 16 begun */
    {"one APA102", &chip_apa102, APA102(1), 1, 0, 13, 1, 0, 0},
    {"a Blinkt", &chip_apa102, APA102(8), 8, 0, 41, 1, 0, 0},
    {"16 APA102", &chip_apa102, APA102(16), 16, 0, 73, 1, 0, 0},
    {"17 APA102", &chip_apa102, APA102(17), 17, 0, 78, 1, 0, 0},
    {"32 SK9822", &chip_sk9822, APA102(32), 32, 0, 138, 1, 0, 0},
    {"33 SK9822", &chip_sk9822, APA102(33), 33, 0, 143, 1, 0, 0},
    /* 226 of silence, 12 a LED, 16 with white */
    {"one WS2812", &chip_ws2812, STRIP(1, RGB), 1, 0, 238, 1, 0, 0},
    {"300 WS2812", &chip_ws2812, STRIP(300, RGB), 300, 0, 3826, 1, 0, 0},
    {"ten SK6812 with white", &chip_sk6812, STRIP(10, RGBW), 10, 0, 386, 1, 0, 0},
    /* the brightness, then 4 a LED */
    {"a Pi 5's strip", &chip_ws2812_pio, STRIP(8, RGB), 8, 0, 33, 2, 0, 0},
    {"the same with white", &chip_ws2812_pio, STRIP(9, RGBW), 9, 0, 37, 2, 0, 0},
    {"one WS2801", &chip_ws2801, STRIP(1, RGB), 1, 0, 3, 1, 0, 0},
    {"60 WS2801", &chip_ws2801, STRIP(60, RGB), 60, 0, 180, 1, 0, 0},
    /* 3 a LED, and before and behind them a byte for each 32 begun */
    {"one LPD8806", &chip_lpd8806, STRIP(1, RGB), 1, 0, 5, 1, 0, 0},
    {"32 LPD8806", &chip_lpd8806, STRIP(32, RGB), 32, 0, 98, 1, 0, 0},
    {"33 LPD8806", &chip_lpd8806, STRIP(33, RGB), 33, 0, 103, 1, 0, 0},
    {"one P9813", &chip_p9813, STRIP(1, RGB), 1, 0, 12, 1, 0, 0},
    {"eight P9813", &chip_p9813, STRIP(8, RGB), 8, 0, 40, 1, 0, 0},
    {"a clock of four digits", &chip_tm1637, {.tm1637 = {.digits = 4}}, 0, 4, 7, 3, 0, 0},
    {"six digits", &chip_tm1637, {.tm1637 = {.digits = 6}}, 0, 6, 9, 3, 0, 0},
    {"LED&KEY", &chip_tm1638, {.tm1638 = {.brightness = 2}}, 8, 8, 20, 4, 0, 0},
    /* 13 words of two bytes a chip */
    {"eight digits", &chip_max7219, {.max7219 = {.chips = 1, .digits = 8}}, 0, 8, 26, 13, 0, 0},
    {"twice four", &chip_max7219, {.max7219 = {.chips = 2, .digits = 4}}, 0, 8, 52, 13, 0, 0},
    {"as many as a text has",
     &chip_max7219,
     {.max7219 = {.chips = 3, .digits = 8}},
     0,
     FRAME_TEXT_SIZE - 1,
     78,
     13,
     0,
     0},
    {"more than a text has",
     &chip_max7219,
     {.max7219 = {.chips = 8, .digits = 8}},
     0,
     FRAME_TEXT_SIZE - 1,
     208,
     13,
     0,
     0},
    {"one matrix", &chip_max7219_matrix, {.max7219_matrix = {.chips = 1}}, 8, 0, 26, 13, 0, 0},
    {"four of them with words",
     &chip_max7219_matrix,
     {.max7219_matrix = {.chips = 4, .text = true}},
     32,
     8,
     104,
     13,
     0,
     0},
    {"the most",
     &chip_max7219_matrix,
     {.max7219_matrix = {.chips = 8, .text = true, .first_chip = MAX7219_LEFT}},
     64,
     16,
     208,
     13,
     0,
     0},
    /* three commands, an address and 16 bytes */
    {"a backpack", &chip_ht16k33, {.ht16k33 = {.digits = 4}}, 0, 4, 20, 4, 0, 0},
    {"letters",
     &chip_ht16k33,
     {.ht16k33 = {.segments = HT16K33_FOURTEEN, .digits = 8}},
     0,
     8,
     20,
     4,
     0,
     0},
    {"a bar", &chip_ht16k33_bicolour, {.bicolour = {.shape = HT16K33_BAR}}, 24, 0, 20, 4, 0, 0},
    {"a matrix of two colours",
     &chip_ht16k33_bicolour,
     {.bicolour = {.shape = HT16K33_MATRIX}},
     8,
     0,
     20,
     4,
     0,
     0},
    /* two pages' names, 18, 18, 144 and 11 bytes, each behind its address */
    {"a LED SHIM", &chip_is31fl3731_shim, {.is31fl3731 = {.text = false}}, 28, 0, 199, 6, 0, 0},
    {"a Scroll pHAT HD",
     &chip_is31fl3731_scroll,
     {.is31fl3731 = {.text = true}},
     17,
     4,
     199,
     6,
     0,
     0},
    {"a graph alone",
     &chip_is31fl3731_scroll,
     {.is31fl3731 = {.text = false}},
     17,
     0,
     199,
     6,
     0,
     0},
    {"three registers",
     &chip_hc595,
     {.hc595 = {.digits = 3, .outputs = "abcdefg."}},
     0,
     3,
     3,
     1,
     0,
     0},
    {"a Sense HAT", &chip_sense_hat, {.sense_hat = {.first = 0}}, 8, 0, 128, 1, 0, 0},
    {"three lamps of one light",
     &chip_lamps,
     {.lamps = {.lamps = {{LAMP_RED, -1, false}, {LAMP_AMBER, -1, false}, {LAMP_GREEN, -1, false}},
                .count = 3}},
     1,
     0,
     3,
     1,
     0,
     0},
    {"two lamps of their own lights",
     &chip_lamps,
     {.lamps = {.lamps = {{LAMP_RED, 4, false}, {LAMP_GREEN, 0, false}}, .count = 2}},
     5,
     0,
     2,
     1,
     0,
     0},
    {"the board's own",
     &chip_sysfs_led,
     {.lamps = {.lamps = {{LAMP_GREEN, -1, false}}, .count = 1}},
     1,
     0,
     1,
     1,
     0,
     0},
    /* 10 a datagram of up to 480 LEDs, and 3 a LED */
    {"480 LEDs of WLED", &chip_ddp, {.ddp = {.pixels = 480}}, 480, 0, 1450, 1, 0, 0},
    {"one more", &chip_ddp, {.ddp = {.pixels = 481}}, 481, 0, 1463, 2, 0, 0},
    {"two full datagrams", &chip_ddp, {.ddp = {.pixels = 960}}, 960, 0, 2900, 2, 0, 0},
    /* 126 a universe of up to 170 LEDs, and 3 a LED; the end is said thrice */
    {"one LED of sACN", &chip_e131, {.e131 = {.pixels = 1, .universe = 1}}, 1, 0, 129, 1, 387, 0},
    {"169", &chip_e131, {.e131 = {.pixels = 169, .universe = 1}}, 169, 0, 633, 1, 1899, 0},
    {"a universe", &chip_e131, {.e131 = {.pixels = 170, .universe = 1}}, 170, 0, 636, 1, 1908, 0},
    {"one more than a universe",
     &chip_e131,
     {.e131 = {.pixels = 171, .universe = 1}},
     171,
     0,
     765,
     2,
     2295,
     0},
    {"two universes",
     &chip_e131,
     {.e131 = {.pixels = 340, .universe = 1}},
     340,
     0,
     1272,
     2,
     3816,
     0},
    /* reports of nine bytes */
    {"a blink(1)", &chip_blink1, {.blink1 = {.pixels = 2, .timer = true}}, 2, 0, 45, 5, 9, 0},
    {"the first model", &chip_blink1, {.blink1 = {.pixels = 1, .timer = false}}, 1, 0, 9, 1, 0, 27},
    {"a flag, both sides", &chip_luxafor, {.luxafor = {.pixels = 6}}, 6, 0, 54, 6, 0, 0},
    {"a flag of two alike", &chip_luxafor, {.luxafor = {.pixels = 3}}, 3, 0, 54, 6, 0, 0},
    {"a flag of one colour", &chip_luxafor, {.luxafor = {.pixels = 1}}, 1, 0, 9, 1, 0, 45},
    /* its number, the channel, and 8, 16, 32 or 64 LEDs */
    {"the first BlinkStick", &chip_blinkstick, STICK(1), 1, 0, 4, 1, 0, 22},
    {"a Nano", &chip_blinkstick, STICK(2), 2, 0, 26, 1, 0, 0},
    {"a Strip", &chip_blinkstick, STICK(8), 8, 0, 26, 1, 0, 0},
    {"nine", &chip_blinkstick, STICK(9), 9, 0, 50, 1, 0, 0},
    {"sixteen", &chip_blinkstick, STICK(16), 16, 0, 50, 1, 0, 0},
    {"seventeen", &chip_blinkstick, STICK(17), 17, 0, 98, 1, 0, 0},
    {"a Flex", &chip_blinkstick, STICK(64), 64, 0, 194, 1, 0, 0},
    {"a terminal",
     &chip_terminal,
     {.terminal = {.pixels = 5, .digits = 4, .width = 40}},
     5,
     4,
     0,
     1,
     0,
     0},
    {"lines of JSON", &chip_frames, {.frames = {.pixels = 3, .digits = 4}}, 3, 4, 0, 1, 0, 0},
};
#define ROWS (sizeof rows / sizeof rows[0])

static uint8_t room[ROOM_MOST + BEHIND];
static struct pixel lights[FRAME_PIXELS_MAX];

static struct frame frame_of(struct pixel pixels[], size_t count)
{
    return (struct frame){.pixels = pixels, .count = count, .text = "12.5", .caption = "rolling"};
}

static void colour_lights(void)
{
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        lights[i] = encoding_noise(i);
}

/* Into so much room, which held `before`; nothing behind it is touched. */
static struct wire encode(const struct row *row, const struct frame *frame, size_t capacity,
                          uint8_t before)
{
    struct wire wire = {.bytes = room, .capacity = capacity};
    assert_in_range(capacity, 0, ROOM_MOST);
    memset(room, before, capacity);
    memset(room + capacity, 0x5A, BEHIND);
    row->chip->encode(&row->settings, frame, false, &wire);
    assert_in_range(wire.length, 0, capacity);
    for (size_t i = 0; i < BEHIND; i++)
        if (room[capacity + i] != 0x5A)
            fail_msg("%s: writes byte %zu of %zu", row->what, capacity + i, capacity);
    return wire;
}

static size_t goodbye_of(const struct row *row, size_t capacity)
{
    struct wire wire = {.bytes = room, .capacity = capacity};
    if (row->chip->leave == NULL)
        return 0;
    row->chip->leave(&row->settings, &wire);
    assert_false(wire.overflow);
    return wire.length;
}

static void every_chip_is_here(void **state)
{
    (void)state;
    for (const struct chip *const *chip = chips; *chip != NULL; chip++) {
        size_t i = 0;
        while (i < ROWS && rows[i].chip != *chip)
            i++;
        if (i == ROWS)
            fail_msg("%s is not", (*chip)->name);
    }
}

static void pictures_are_as_long_as_data_sheets_say(void **state)
{
    (void)state;
    colour_lights();
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        const struct frame frame = frame_of(lights, row->pixels);
        const size_t capacity = row->chip->wire_size(&row->settings);
        if (row->chip->pixels(&row->settings) != row->pixels ||
            row->chip->digits(&row->settings) != row->digits)
            fail_msg("%s: %zu pixels, %zu digits", row->what, row->chip->pixels(&row->settings),
                     row->chip->digits(&row->settings));
        const struct wire wire = encode(row, &frame, capacity, 0);
        assert_false(wire.overflow);
        if (wire.messages != row->messages)
            fail_msg("%s: %zu messages", row->what, wire.messages);
        assert_int_equal(wire.ends[wire.messages - 1], wire.length);
        if (row->bytes == 0)
            continue;
        const size_t goodbye = goodbye_of(row, capacity);
        if (wire.length != row->bytes || goodbye != row->goodbye)
            fail_msg("%s: %zu bytes, %zu at the end", row->what, wire.length, goodbye);
        const size_t most = row->bytes > goodbye ? row->bytes : goodbye;
        if (capacity != most + row->spare)
            fail_msg("%s: asks for room for %zu", row->what, capacity);
    }
}

static void too_little_room_is_told_and_kept_to(void **state)
{
    (void)state;
    colour_lights();
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        const struct frame frame = frame_of(lights, row->pixels);
        const size_t capacity = row->chip->wire_size(&row->settings);
        const size_t need = encode(row, &frame, capacity, 0).length;
        for (size_t less = 0; less < need; less += less < 300 || less + 300 > need ? 1 : 97)
            if (!encode(row, &frame, less, 0).overflow)
                fail_msg("%s: %zu bytes are enough, of %zu", row->what, less, need);
    }
}

static void every_byte_is_written(void **state)
{
    (void)state;
    static uint8_t kept[ROOM_MOST];
    colour_lights();
    for (size_t i = 0; i < ROWS; i++) {
        const struct frame frame = frame_of(lights, rows[i].pixels);
        const size_t capacity = rows[i].chip->wire_size(&rows[i].settings);
        const size_t length = encode(&rows[i], &frame, capacity, 0x00).length;
        memcpy(kept, room, length);
        assert_int_equal(encode(&rows[i], &frame, capacity, 0xFF).length, length);
        for (size_t k = 0; k < length; k++)
            if (room[k] != kept[k])
                fail_msg("%s: byte %zu is what was there before", rows[i].what, k);
        memset(room, 0x00, capacity);
        const size_t goodbye = goodbye_of(&rows[i], capacity);
        memcpy(kept, room, goodbye);
        memset(room, 0xFF, capacity);
        assert_int_equal(goodbye_of(&rows[i], capacity), goodbye);
        assert_memory_equal(room, kept, goodbye);
    }
}

/* As the eye sees it in pictures of it: nothing where its lights are the pixels. */
static size_t see(const struct row *row, const struct frame *frame, struct pixel seen[])
{
    const struct chip_face *face = row->chip->face;
    const size_t count = face != NULL ? face->rows(&row->settings) * row->pixels : 0;
    static const struct pixel behind = {1, 2, 3};
    assert_in_range(count, 0, FRAME_PIXELS_MAX - 1);
    seen[count] = behind;
    if (face != NULL)
        face->see(&row->settings, frame, seen);
    assert_memory_equal(&seen[count], &behind, sizeof behind);
    return count;
}

/* A frame of `count` pixels, of which nothing is read behind the last, is as one that goes on dark.
 */
static void check_short_frame(const struct row *row, size_t count, double brightness)
{
    static uint8_t kept[ROOM_MOST];
    static struct pixel dark[FRAME_PIXELS_MAX], seen[2][FRAME_PIXELS_MAX];
    struct pixel *exactly = malloc(count > 0 ? count * sizeof *exactly : 1);
    assert_non_null(exactly);
    memset(dark, 0, sizeof dark);
    for (size_t i = 0; i < count; i++)
        dark[i] = exactly[i] = lights[i];
    struct frame brief = frame_of(exactly, count), whole = frame_of(dark, row->pixels);
    brief.brightness = whole.brightness = brightness;
    const size_t capacity = row->chip->wire_size(&row->settings);
    const size_t length = encode(row, &whole, capacity, 0).length;
    memcpy(kept, room, length);
    if (encode(row, &brief, capacity, 0).length != length || memcmp(kept, room, length) != 0)
        fail_msg("%s: not dark beyond %zu of %zu pixels, at %g", row->what, count, row->pixels,
                 brightness);
    const size_t all = see(row, &whole, seen[0]);
    if (see(row, &brief, seen[1]) != all || memcmp(seen[0], seen[1], all * sizeof seen[0][0]) != 0)
        fail_msg("%s: not seen dark beyond %zu of %zu pixels", row->what, count, row->pixels);
    free(exactly);
}

static void beyond_the_frame_it_is_dark(void **state)
{
    (void)state;
    colour_lights();
    for (size_t i = 0; i < ROWS; i++)
        for (size_t count = 0; count < rows[i].pixels; count += 1 + count / 8)
            for (unsigned k = 0; k < 2; k++)
                check_short_frame(&rows[i], count, k * 0.5);
}

/* In the words of a board file's writer: what is wrong, and what to write. */
static const struct {
    const struct chip *chip;
    union settings settings;
    const char *words; /* NULL: it is good */
} wrong[] = {
    {&chip_tm1637,
     {.tm1637 = {.digits = 4, .map = "3211"}},
     "map '3211' does not name each of the digits 0 to 3 once; "
     "write e.g. 210543 for six digits, or leave it out"},
    {&chip_tm1637,
     {.tm1637 = {.digits = 1, .map = "1"}},
     "map '1' does not name each of the digits 0 to 0 once; "
     "write e.g. 210543 for six digits, or leave it out"},
    {&chip_tm1637, {.tm1637 = {.digits = 1, .map = "0"}}, NULL},
    {&chip_max7219,
     {.max7219 = {.chips = 1, .digits = 4, .map = "7"}},
     "map '7' does not name a digit of the chip, 0 to 7, for each of 4 places, each once; "
     "write e.g. 76543210 for eight, or leave it out"},
    {&chip_max7219, {.max7219 = {.chips = 1, .digits = 1, .map = "7"}}, NULL},
    {&chip_max7219,
     {.max7219 = {.chips = 1, .digits = 1, .map = "8"}},
     "map '8' does not name a digit of the chip, 0 to 7, for each of 1 places, each once; "
     "write e.g. 76543210 for eight, or leave it out"},
    {&chip_max7219,
     {.max7219 = {.chips = 1, .digits = 1, .map = "7", .first_digit = MAX7219_LEFT}},
     "map says where each digit is: leave first_digit out"},
    {&chip_max7219_matrix,
     {.max7219_matrix = {.chips = 4, .map = "0"}},
     "map '0' does not name each of the chip's digits 0 to 7 once; write e.g. 04152637, or "
     "leave it out"},
    {&chip_ht16k33,
     {.ht16k33 = {.digits = 4, .map = "0"}},
     "map '0' does not name a column of 0 to 7 for each of 4 digits, each once; "
     "write e.g. 0123 for four, or leave it out"},
    {&chip_ht16k33,
     {.ht16k33 = {.digits = 2, .map = "x1"}},
     "map 'x1' does not name a column of 0 to 7 for each of 2 digits, each once; "
     "write e.g. 0123 for four, or leave it out"},
    {&chip_ht16k33,
     {.ht16k33 = {.digits = 2, .map = "9/"}},
     "map '9/' does not name a column of 0 to 7 for each of 2 digits, each once; "
     "write e.g. 0123 for four, or leave it out"},
    {&chip_ht16k33,
     {.ht16k33 = {.digits = 5}},
     "digits cannot be 5: displays of seven segments have 4; set digits to 4, add a map, or "
     "set segments to fourteen"},
    {&chip_ht16k33, {.ht16k33 = {.digits = 4}}, NULL},
    {&chip_ht16k33, {.ht16k33 = {.digits = 5, .segments = HT16K33_FOURTEEN}}, NULL},
    {&chip_hc595,
     {.hc595 = {.digits = 2, .outputs = "abcdefgh"}},
     "outputs 'abcdefgh' does not name each of the segments abcdefg and . once; write them in "
     "the order of Q0 to Q7"},
    {&chip_lamps, {.lamps = {.count = 0}}, "there is no lamp; list them under lamps"},
    {&chip_luxafor,
     {.luxafor = {.pixels = 2}},
     "a Luxafor Flag shows 1, 3 or 6 pixels, not 2; write one of these"},
    {&chip_luxafor,
     {.luxafor = {.pixels = 5}},
     "a Luxafor Flag shows 1, 3 or 6 pixels, not 5; write one of these"},
    {&chip_luxafor, {.luxafor = {.pixels = 3}}, NULL},
    {&chip_e131, {.e131 = {.pixels = 170, .universe = 63999}}, NULL},
    {&chip_e131,
     {.e131 = {.pixels = 171, .universe = 63999}},
     "universe 63999 and the 1 after it go beyond 63999; begin with a lower one"},
    {&chip_e131, {.e131 = {.pixels = 340, .universe = 63998}}, NULL},
    /* 1.118 mA each, dark */
    {&chip_apa102,
     {.apa102 = {.pixels = 17, .max_ma = 19}},
     "max_ma 19 is what 17 dark pixels draw already (1.1 mA each); "
     "set max_ma to what the supply can give"},
    {&chip_apa102, {.apa102 = {.pixels = 16, .max_ma = 18}}, NULL},
};

static void what_cannot_be_is_refused_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error error = {0};
        const bool good = wrong[i].chip->check(&wrong[i].settings, &error);
        if (good != (wrong[i].words == NULL) || (!good && strcmp(error.text, wrong[i].words) != 0))
            fail_msg("%s, row %zu: %s", wrong[i].chip->name, i, good ? "is good" : error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chip_is_here),
        cmocka_unit_test(pictures_are_as_long_as_data_sheets_say),
        cmocka_unit_test(too_little_room_is_told_and_kept_to),
        cmocka_unit_test(every_byte_is_written),
        cmocka_unit_test(beyond_the_frame_it_is_dark),
        cmocka_unit_test(what_cannot_be_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
