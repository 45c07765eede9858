/*
 * How much a board file may hold: the least, the most, and one more.
 */
#include "config/config.h"
#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define BOARD "title: T\noutputs: ["
#define STRIP BOARD "{name: a, chip: apa102, pixels: 8, "
#define GPIO STRIP "bus: {gpio: {data: '30', clock: '31', "

/* Lists. Two of them where they have to be of one length; # is the item's number. */
static const struct {
    const char *sentence, *begin, *item, *middle, *other, *end;
    size_t least, most;
} lists[] = {
    {"outputs", BOARD, "{name: o#, chip: blink1, bus: {hidraw: '#'}}", "]\n", NULL, "", 1, 8},
    {"lights", BOARD "{name: a, chip: sysfs-led, lamps: [", "{colour: red}", "], bus: {leds: [",
     "l#", "]}}]\n", 1, 8},
    {"lamps", BOARD "{name: a, chip: lamps, lamps: [", "{colour: red}", "], bus: {gpio: {lines: [",
     "GPIO#", "]}}}]\n", 1, 16},
    {"lines that are held", GPIO "hold: [", "{line: '#', level: low}", "]}}}]\n", NULL, "", 0, 8},
    {"chips of lines", GPIO "gpiochip: [", "c#", "]}}}]\n", NULL, "", 1, 8},
    {"lines held beside SPI", STRIP "bus: {spi: /dev/spidev0.0, hold: [", "{line: '#', level: low}",
     "]}}]\n", NULL, "", 0, 8},
    {"lines to enable", "title: T\nenable: [", "l#",
     "]\noutputs: [{name: a, chip: frames, bus: stdout}]\n", NULL, "", 0, 12},
    {"conflicts", "title: T\nconflicts: [", "l#",
     "]\noutputs: [{name: a, chip: frames, bus: stdout}]\n", NULL, "", 0, 12},
    {"shares of white", STRIP "bus: {spi: /dev/spidev0.0}, white_balance: [", "50%", "]}]\n", NULL,
     "", 3, 3},
};

static void add_items(struct text *text, const char *item, size_t count)
{
    for (size_t i = 0; item != NULL && i < count; i++) {
        text_add(text, i > 0 ? ", " : "");
        for (const char *at = item; *at != '\0'; at++)
            if (*at == '#')
                text_addf(text, "%zu", i);
            else
                text_add_bytes(text, at, 1);
    }
}

static bool is_good(const struct text *text, struct complaints *complaints)
{
    struct board board;
    const bool good = board_read_text("b.yaml", text, &board, complaints);
    board_free(&board);
    return good;
}

static void check_list(size_t row, size_t count)
{
    const bool fits = count >= lists[row].least && count <= lists[row].most;
    struct text text = {0};
    struct complaints complaints = {0};
    text_add(&text, lists[row].begin);
    add_items(&text, lists[row].item, count);
    text_add(&text, lists[row].middle);
    add_items(&text, lists[row].other, count);
    text_add(&text, lists[row].end);
    if (is_good(&text, &complaints) != fits || (complaints.count == 0) != fits)
        fail_msg("%zu %s: %s", count, lists[row].sentence,
                 complaints.count > 0 ? complaints.text.data : "accepted");
    text_free(&text);
    complaints_free(&complaints);
}

static void lists_have_a_least_and_a_most(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (lists[i].least > 0)
            check_list(i, lists[i].least - 1);
        check_list(i, lists[i].least);
        check_list(i, lists[i].most);
        check_list(i, lists[i].most + 1);
    }
}

/* Texts of one letter, so many bytes long. */
static const struct {
    const char *sentence, *begin, *end;
    size_t most;
} texts[] = {
    {"title", "title: ", "\noutputs: [{name: a, chip: frames, bus: stdout}]\n", 127},
    {"line to enable", "title: T\nenable: [",
     "]\noutputs: [{name: a, chip: frames, bus: stdout}]\n", 159},
    {"output's name", BOARD "{name: ", ", chip: frames, bus: stdout}]\n", 63},
    {"label of a chip", GPIO "gpiochip: ", "}}}]\n", 63},
    {"label in a list", GPIO "gpiochip: [", "]}}}]\n", 63},
    {"line", STRIP "bus: {gpio: {clock: '31', data: ", "}}}]\n", 63},
    {"line that is held", GPIO "hold: [{level: low, line: ", "}]}}}]\n", 63},
    {"lamp's line", BOARD "{name: a, chip: lamps, lamps: [{colour: red}], bus: {gpio: {lines: [",
     "]}}}]\n", 63},
    {"lamp's line in a map",
     BOARD "{name: a, chip: lamps, lamps: [{colour: red}], bus: {gpio: {lines: [{line: ",
     "}]}}}]\n", 63},
    {"light", BOARD "{name: a, chip: sysfs-led, lamps: [{colour: red}], bus: {leds: [", "]}}]\n",
     63},
    {"light in a map",
     BOARD "{name: a, chip: sysfs-led, lamps: [{colour: red}], bus: {leds: [{light: ", "}]}}]\n",
     63},
    {"framebuffer", BOARD "{name: a, chip: sense-hat, bus: {framebuffer: ", "}}]\n", 63},
    {"serial number", BOARD "{name: a, chip: blink1, bus: {hidraw: ", "}}]\n", 63},
    {"path behind its beginning", STRIP "bus: {spi: /dev/", "}}]\n", 63 - 5},
    {"line of a device",
     BOARD "{name: a, chip: ws2812-pio, pixels: 8, bus: {file: /d, line: ", "}}]\n", 63},
};

static void check_text(size_t row, size_t length)
{
    const bool fits = length >= 1 && length <= texts[row].most;
    struct text text = {0};
    struct complaints complaints = {0};
    text_add(&text, texts[row].begin);
    for (size_t i = 0; i < length; i++)
        text_add(&text, "x");
    text_add(&text, texts[row].end);
    if (is_good(&text, &complaints) != fits || (complaints.count == 0) != fits)
        fail_msg("%s of %zu bytes: %s", texts[row].sentence, length,
                 complaints.count > 0 ? complaints.text.data : "accepted");
    text_free(&text);
    complaints_free(&complaints);
}

static void texts_have_a_most(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_text(i, 1);
        check_text(i, texts[i].most);
        check_text(i, texts[i].most + 1);
    }
}

#define ADDRESS(text) BOARD "{name: a, chip: ht16k33, bus: {i2c: /dev/i2c-1, address: " text "}}]\n"
#define REFUSED(text) "$:2:68: address cannot be '" text "'; write 0x08 to 0x77\n"
#define FROM(from, pixels)                                          \
    BOARD "{name: a, chip: ws2801, from: " from ", pixels: " pixels \
          ", max_ma: 100000, bus: {spi: /dev/spidev0.0}}]\n"
#define TOO_FAR "$:2:41: from and pixels together pass 1024, the most that there are; lower one\n"
#define MATRIX(pixels, width, height)                                                              \
    BOARD "{name: a, chip: ws2801, pixels: " pixels ", matrix: {width: " width ", height: " height \
          "}, max_ma: 100000, bus: {spi: /dev/spidev0.0}}]\n"
#define WHITE(shares) STRIP "bus: {spi: /dev/spidev0.0}, white_balance: [" shares "]}]\n"
#define NOT_WHITE                                                                                  \
    "$:2:89: white_balance has three shares of 10% to 100%; write e.g. [100%, 70%, 80%] for red, " \
    "green, blue\n"

static const struct refused numbers[] = {
    {"the first address", ADDRESS("0x08"), ""},
    {"the last address", ADDRESS("0x77"), ""},
    {"capitals are fine", ADDRESS("0x4A"), ""},
    {"before the first", ADDRESS("0x07"), REFUSED("0x07")},
    {"behind the last", ADDRESS("0x78"), REFUSED("0x78")},
    {"an address of three digits", ADDRESS("0x070"), REFUSED("0x070")},
    {"an address and what follows", ADDRESS("0x700"), REFUSED("0x700")},
    {"an address of one digit", ADDRESS("0x9"), REFUSED("0x9")},
    {"an address of two words", ADDRESS("1x70"), REFUSED("1x70")},
    {"an address without an x", ADDRESS("0070"), REFUSED("0070")},
    {"neither", ADDRESS("7070"), REFUSED("7070")},
    {"an empty address", ADDRESS("''"), REFUSED("")},
    {"an address whose first digit is none", ADDRESS("0xg0"), REFUSED("0xg0")},
    {"the picture's last pixel", FROM("1023", "1"), ""},
    {"up to the last", FROM("1016", "8"), ""},
    {"from the first to the last", FROM("0", "1024"), ""},
    {"one more", FROM("1017", "8"), TOO_FAR},
    {"one more of many", FROM("1", "1024"), TOO_FAR},
    {"behind the last", FROM("1024", "1"), "$:2:41: from cannot be 1024; write 0 to 1023\n"},
    {"all LEDs in a square", MATRIX("1024", "32", "32"), ""},
    {"one LED", MATRIX("1", "1", "1"), ""},
    {"one row more than there can be", MATRIX("1024", "25", "41"),
     "$:2:57: matrix has 1 to 1024 LEDs, not 1025; correct it\n"},
    {"the least and the most light", WHITE("10%, 100%, 10%"), ""},
    {"too little red", WHITE("9%, 100%, 100%"), NOT_WHITE},
    {"too little blue", WHITE("100%, 100%, 9%"), NOT_WHITE},
    {"too much green", WHITE("100%, 101%, 100%"), NOT_WHITE},
    {"no number", WHITE("100%, x, 100%"), NOT_WHITE},
    {"a list", WHITE("100%, 100%, [100%]"), NOT_WHITE},
};

static void numbers_have_a_least_and_a_most(void **state)
{
    (void)state;
    expect_boards(numbers, sizeof numbers / sizeof numbers[0]);
}

/* Pixels count from the first that an output shows; one without pixels is nowhere. */
static void the_picture_is_as_long_as_the_farthest_output(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text;
        size_t pixels, digits;
    } rows[] = {
        {"one pixel at the beginning", FROM("0", "1"), 1, 0},
        {"one pixel at the end", FROM("1023", "1"), 1024, 0},
        {"two in the middle", FROM("5", "2"), 7, 0},
        {"digits have no place",
         BOARD "{name: a, chip: tm1637, from: 5, bus: {gpio: {clock: '1', dio: '2'}}}]\n", 0, 4},
        {"the longest of two",
         BOARD "{name: a, chip: ddp, pixels: 4, from: 3, bus: {udp: 192.168.1.60}},"
               " {name: b, chip: ddp, pixels: 6, bus: {udp: 192.168.1.61}}]\n",
         7, 0},
        {"the longest of two, the other way round",
         BOARD "{name: a, chip: ddp, pixels: 6, bus: {udp: 192.168.1.60}},"
               " {name: b, chip: ddp, pixels: 4, from: 1, bus: {udp: 192.168.1.61}}]\n",
         6, 0},
        {"pixels and digits",
         BOARD "{name: a, chip: tm1637, bus: {gpio: {clock: '1', dio: '2'}}},"
               " {name: b, chip: ddp, pixels: 4, bus: {udp: 192.168.1.61}}]\n",
         4, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        struct complaints complaints = {0};
        struct board board;
        text_add(&text, rows[i].text);
        if (!board_read_text("b.yaml", &text, &board, &complaints))
            fail_msg("%s: %s", rows[i].sentence, complaints.text.data);
        if (board_pixels(&board) != rows[i].pixels || board_digits(&board) != rows[i].digits)
            fail_msg("%s: %zu pixels and %zu digits", rows[i].sentence, board_pixels(&board),
                     board_digits(&board));
        board_free(&board);
        text_free(&text);
        complaints_free(&complaints);
    }
}

/* As many lamps as there can be, and as many lines held beside them. */
static void all_lines_of_an_output_are_listed(void **state)
{
    (void)state;
    struct line_use uses[OUTPUT_LINES_MAX];
    struct text text = {0};
    struct complaints complaints = {0};
    struct board board;
    text_add(&text, BOARD "{name: a, chip: lamps, lamps: [");
    add_items(&text, "{colour: red}", BUS_LINES_MAX);
    text_add(&text, "], bus: {gpio: {lines: [");
    add_items(&text, "l#", BUS_LINES_MAX);
    text_add(&text, "], hold: [");
    add_items(&text, "{line: h#, level: high}", BUS_HOLD_MAX);
    text_add(&text, "]}}}]\n");
    if (!board_read_text("b.yaml", &text, &board, &complaints))
        fail_msg("%s", complaints.text.data);
    assert_int_equal(output_lines(&board.outputs[0], uses), OUTPUT_LINES_MAX);
    assert_string_equal(uses[0].use, "lamp 1");
    assert_string_equal(uses[0].line, "l0");
    assert_string_equal(uses[BUS_LINES_MAX - 1].use, "lamp 16");
    assert_string_equal(uses[BUS_LINES_MAX].use, "held high");
    assert_string_equal(uses[OUTPUT_LINES_MAX - 1].line, "h7");
    board_free(&board);
    text_free(&text);
    complaints_free(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_have_a_least_and_a_most),
        cmocka_unit_test(texts_have_a_most),
        cmocka_unit_test(numbers_have_a_least_and_a_most),
        cmocka_unit_test(the_picture_is_as_long_as_the_farthest_output),
        cmocka_unit_test(all_lines_of_an_output_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
