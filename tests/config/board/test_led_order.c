/*
 * `map:` and `matrix:`: what is read and refused, and that a frame goes out in the wire's order,
 * with `from` and `reverse` beside them.
 */
#include "config/config.h"
#include "config/expect.h"
#include "daemon/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define STRIP(pixels) \
    "title: T\noutputs:\n  - {name: a, chip: ws2801, pixels: " pixels ", order: rgb, "
#define BUS "bus: {spi: /dev/spidev0.0}}\n"

static const struct refused refused[] = {
    {"a range beyond the strip", STRIP("3") "map: [1-3], " BUS,
     "$:3:58: a LED cannot be '1-3'; there are 0 to 2\n"},
    {"a range that names one twice", STRIP("3") "map: [0-1, 1-2], " BUS,
     "$:3:63: LED 1 is named twice; name each once, or leave it out\n"},
    {"a range without its end", STRIP("3") "map: [0-], " BUS,
     "$:3:58: a LED cannot be '0-'; there are 0 to 2\n"},
    {"a map and a picture too long", STRIP("3") "map: [1-2], from: 1023, " BUS,
     "$:3:70: from and pixels together pass 1024, the most that there are; lower one\n"},
    {"a LED twice", STRIP("3") "map: [0, 1, 1], " BUS,
     "$:3:64: LED 1 is named twice; name each once, or leave it out\n"},
    {"a LED that is not there", STRIP("3") "map: [1, 2, 3], " BUS,
     "$:3:64: a LED cannot be '3'; there are 0 to 2\n"},
    {"a LED that is no number", STRIP("3") "map: [1, 2, [0]], " BUS,
     "$:3:64: this cannot be a list; write a LED's number, from 0 at the beginning of the wire, or "
     "a range such as 1-7\n"},
    {"a map of nothing", STRIP("3") "map: [], " BUS,
     "$:3:57: map names no LED; name one for each pixel\n"},
    {"a map that is one number", STRIP("3") "map: 210, " BUS,
     "$:3:57: map cannot be a single value; write the LED that each pixel is, a list such as "
     "[2, 1, 0] or [1-7]\n"},
    {"a matrix larger than the strip", STRIP("3") "matrix: {width: 2, height: 2}, " BUS,
     "$:3:60: matrix has 4 LEDs, and pixels is 3; make them equal\n"},
    {"a matrix larger than any strip", STRIP("3") "matrix: {width: 100, height: 100}, " BUS,
     "$:3:60: matrix has 1 to 1024 LEDs, not 10000; correct it\n"},
    {"a matrix without its height", STRIP("3") "matrix: {width: 3, first: middle}, " BUS,
     "$:3:60: the key 'height' is missing here; add it, with a whole number\n"
     "$:3:78: first cannot be 'middle'; write top-left, top-right, bottom-left or bottom-right\n"},
    {"a white balance of two", STRIP("3") "white_balance: [100%, 50%], " BUS,
     "$:3:67: white_balance has three shares of 10% to 100%; write e.g. [100%, 70%, 80%] for red, "
     "green, blue\n"},
    {"a white balance of none", STRIP("3") "white_balance: [100%, 50%, 0%], " BUS,
     "$:3:67: white_balance has three shares of 10% to 100%; write e.g. [100%, 70%, 80%] for red, "
     "green, blue\n"},
    {"both", STRIP("2") "map: [1, 0], matrix: {width: 2, height: 1}, " BUS,
     "$:3:65: map and matrix both say the order of the LEDs; keep one\n"},
    {"a matrix of digits",
     "title: T\noutputs:\n  - {name: a, chip: ht16k33, matrix: {}, bus: {i2c: /dev/i2c-1}}\n",
     "$:3:30: unknown key 'matrix'; write name, from, reverse, chip, bus, segments, digits, map, "
     "points or brightness\n"},
    {"notes that are no list",
     "title: T\nenable: dtparam=spi=on\nconflicts: [a, [b]]\n"
     "outputs:\n  - {name: a, chip: frames, bus: stdout}\n",
     "$:2:9: enable cannot be a single value; write a list of lines\n"
     "$:3:16: line cannot be a list; write text\n"},
    {"too many notes",
     "title: T\nenable: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]\n"
     "outputs:\n  - {name: a, chip: frames, bus: stdout}\n",
     "$:2:9: enable has at most 12 lines, not 13; shorten it\n"},
};

static void test_refused(void **state)
{
    (void)state;
    expect_boards(refused, sizeof refused / sizeof refused[0]);
}

/* The frame's pixels are 10, 11, 12 ... in red; what each LED gets, from the beginning of the wire.
 */
static const struct {
    const char *sentence, *text;
    size_t pixels; /* of the picture */
    const char *leds;
} orders[] = {
    {"in order", STRIP("3") BUS, 3, "10 11 12"},
    {"a map says which LED each pixel is", STRIP("3") "map: [1, 2, 0], " BUS, 3, "12 10 11"},
    {"a map turned round", STRIP("3") "map: [1, 2, 0], reverse: true, " BUS, 3, "10 12 11"},
    {"a first LED that only passes the data on", STRIP("4") "map: [1-3], " BUS, 3, "0 10 11 12"},
    {"the same turned round", STRIP("4") "map: [1-3], reverse: true, " BUS, 3, "0 12 11 10"},
    {"a dead LED within", STRIP("4") "map: [0, 2-3], " BUS, 3, "10 0 11 12"},
    {"a range that runs backwards", STRIP("4") "map: [3-1], from: 1, " BUS, 4, "0 13 12 11"},
    {"a map of the strip's end", STRIP("3") "map: [1, 2, 0], from: 2, " BUS, 5, "14 12 13"},
    {"a snake", STRIP("4") "matrix: {width: 2, height: 2, serpentine: true}, " BUS, 4,
     "10 11 13 12"},
    {"a snake turned round",
     STRIP("4") "reverse: true, matrix: {width: 2, height: 2, serpentine: true}, " BUS, 4,
     "13 12 10 11"},
    {"columns", STRIP("4") "matrix: {width: 2, height: 2, filled: columns}, " BUS, 4,
     "10 12 11 13"},
};

static void write_reds(const struct output_settings *output, size_t count, char *out)
{
    struct pixel pixels[8];
    uint8_t bytes[64];
    struct frame frame = {.pixels = pixels, .count = count};
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    for (size_t i = 0; i < count; i++)
        pixels[i] = (struct pixel){.red = (uint16_t)((10 + i) * 257)};
    output_encode(output, &frame, true, &wire);
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i + 2 < wire.length; i += 3)
        used += (size_t)snprintf(out + used, sizeof "  255", "%s%d", i > 0 ? " " : "", bytes[i]);
}

static void test_white_balance(void **state)
{
    (void)state;
    static const char text[] = STRIP("2") "white_balance: [100%, 50%, 10%], " BUS;
    struct pixel pixels[] = {{65535, 65535, 65535}, {0, 0, 1}};
    struct frame frame = {.pixels = pixels, .count = 2};
    struct board board;
    struct complaints complaints = {0};
    uint8_t bytes[64];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    scratch_make();
    board_read(scratch_write("b.yaml", text, strlen(text)), NULL, &board, &complaints);
    expect_complaints("a white balance", &complaints, "");
    output_encode(&board.outputs[0], &frame, false, &wire);
    assert_int_equal(bytes[0], 255);
    assert_int_equal(bytes[1], 128);
    assert_int_equal(bytes[2], 26);
    assert_int_equal(bytes[5], 1); /* what is lit stays lit */
    wire_reset(&wire);
    output_encode(&board.outputs[0], &frame, true, &wire); /* raw */
    assert_int_equal(bytes[1], 255);
    board_free(&board);
    scratch_remove();
}

/* One picture of four on two strips of two, and on one beside its mirror. */
static void test_two_strips(void **state)
{
    (void)state;
    static const char beginning[] =
        "title: T\noutputs:\n"
        "  - {name: a, chip: ws2801, pixels: 2, order: rgb, bus: {spi: /dev/spidev0.0}}\n"
        "  - {name: b, chip: ws2801, pixels: 2, order: rgb, bus: {spi: /dev/spidev1.0}, ";
    static const struct {
        const char *sentence, *end;
        size_t pixels;
        const char *first, *second;
    } rows[] = {
        {"end to end", "from: 2}\n", 4, "10 11", "12 13"},
        {"end to end, back to back", "from: 2, reverse: true}\n", 4, "10 11", "13 12"},
        {"the same", "from: 0}\n", 2, "10 11", "10 11"},
        {"mirrored", "reverse: true}\n", 2, "10 11", "11 10"},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512], leds[2][128];
        struct board board;
        struct complaints complaints = {0};
        snprintf(text, sizeof text, "%s%s", beginning, rows[i].end);
        board_read(scratch_write("b.yaml", text, strlen(text)), NULL, &board, &complaints);
        expect_complaints(rows[i].sentence, &complaints, "");
        assert_int_equal(board_pixels(&board), rows[i].pixels);
        for (size_t j = 0; j < 2; j++)
            write_reds(&board.outputs[j], rows[i].pixels, leds[j]);
        if (strcmp(leds[0], rows[i].first) != 0 || strcmp(leds[1], rows[i].second) != 0)
            fail_msg("%s: %s and %s", rows[i].sentence, leds[0], leds[1]);
        board_free(&board);
        complaints_free(&complaints);
    }
    scratch_remove();
}

static void test_orders(void **state)
{
    (void)state;
    scratch_make();
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        char leds[128];
        struct board board;
        struct complaints complaints = {0};
        board_read(scratch_write("b.yaml", orders[i].text, strlen(orders[i].text)), NULL, &board,
                   &complaints);
        expect_complaints(orders[i].sentence, &complaints, "");
        assert_int_equal(board_pixels(&board), orders[i].pixels);
        write_reds(&board.outputs[0], orders[i].pixels, leds);
        if (strcmp(leds, orders[i].leds) != 0)
            fail_msg("%s: %s", orders[i].sentence, leds);
        board_free(&board);
        complaints_free(&complaints);
    }
    scratch_remove();
}

static void read_order(const char *keys, struct board *board)
{
    struct text text = {0};
    struct complaints complaints = {0};
    text_addf(&text, STRIP("4") "%s" BUS, keys);
    board_read_text("b.yaml", &text, board, &complaints);
    expect_complaints(keys, &complaints, "");
    text_free(&text);
    complaints_free(&complaints);
}

/* Lights in another order are others, and are opened anew. */
static void test_same_order_or_another(void **state)
{
    (void)state;
    static const struct {
        const char *before, *now;
        bool same;
    } rows[] = {
        {"", "", true},
        {"map: [3, 2, 1, 0], ", "map: [3-0], ", true},
        {"map: [3-0], ", "map: [0-3], ", false},
        {"map: [0-3], ", "map: [0, 1, 3, 2], ", false},
        {"map: [0-3], ", "", false},
        {"", "map: [0-3], ", false},
        {"map: [1-2], ", "map: [1-2], ", true},
        {"map: [1-2], ", "map: [2-1], ", false},
        {"map: [1-2], ", "map: [1-3], ", false},
        {"matrix: {width: 2, height: 2}, ", "matrix: {width: 2, height: 2}, ", true},
        {"matrix: {width: 2, height: 2}, ", "matrix: {width: 4, height: 1}, ", false},
        {"matrix: {width: 2, height: 2}, ", "map: [0-3], ", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct board before, now;
        read_order(rows[i].before, &before);
        read_order(rows[i].now, &now);
        if (board_same(&before, &now) != rows[i].same)
            fail_msg("%s then %s: %s", rows[i].before, rows[i].now,
                     rows[i].same ? "others" : "the same");
        board_free(&before);
        board_free(&now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused), cmocka_unit_test(test_orders),
        cmocka_unit_test(test_white_balance), cmocka_unit_test(test_two_strips),
        cmocka_unit_test(test_same_order_or_another)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
