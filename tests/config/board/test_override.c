/*
 * One key of an output set to another value: what a board file could not say is refused alike.
 */
#include "config/config.h"
#include "config/sections/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define OUTPUT "title: T\noutputs:\n  - {name: a, "
#define SPI "bus: {spi: /dev/spidev0.0}}\n"
#define MAPPED "chip: ws2801, pixels: 3, map: [1-2], "
#define MATRIX "chip: ws2801, pixels: 4, matrix: {width: 2, height: 2}, "
#define TOO_FAR "--count: from and pixels together pass 1024, the most that there are; lower it\n"

static const struct {
    const char *sentence, *output, *key, *value;
    const char *complaints; /* "": it is set */
    size_t pixels;          /* of the output after it */
} rows[] = {
    {"another number", OUTPUT "chip: ws2801, pixels: 8, " SPI, "pixels", "12", "", 12},
    {"the most", OUTPUT "chip: ws2801, pixels: 8, max_ma: 100000, " SPI, "pixels", "1024", "",
     1024},
    {"one more", OUTPUT "chip: ws2801, pixels: 8, max_ma: 100000, " SPI, "pixels", "1025",
     "--count: pixels cannot be 1025; write 1 to 1024\n", 8},
    {"none", OUTPUT "chip: ws2801, pixels: 8, " SPI, "pixels", "0",
     "--count: pixels cannot be 0; write 1 to 1024\n", 8},
    {"no number", OUTPUT "chip: ws2801, pixels: 8, " SPI, "pixels", "x",
     "--count: pixels cannot be 'x'; write a whole number\n", 8},
    {"what the chip refuses", OUTPUT "chip: luxafor, pixels: 3, bus: {hidraw: any}}\n", "pixels",
     "4", "--count: a Luxafor Flag shows 1, 3 or 6 pixels, not 4; write one of these\n", 4},
    {"what it does not", OUTPUT "chip: luxafor, pixels: 3, bus: {hidraw: any}}\n", "pixels", "6",
     "", 6},
    {"a chip that refuses nothing", OUTPUT "chip: ddp, pixels: 8, bus: {udp: 192.168.1.60}}\n",
     "pixels", "9", "", 9},
    {"more LEDs than a map has", OUTPUT MAPPED SPI, "pixels", "4",
     "--count: map or matrix is about 3 LEDs; change both in a copy of the board file\n", 2},
    {"fewer", OUTPUT MAPPED SPI, "pixels", "2",
     "--count: map or matrix is about 3 LEDs; change both in a copy of the board file\n", 2},
    {"as many", OUTPUT MAPPED SPI, "pixels", "3", "", 2},
    {"another key beside a map", OUTPUT MAPPED SPI, "order", "bgr", "", 2},
    {"fewer than a matrix has", OUTPUT MATRIX SPI, "pixels", "3",
     "--count: map or matrix is about 4 LEDs; change both in a copy of the board file\n", 4},
    {"up to the picture's end", OUTPUT "chip: ws2801, pixels: 1, from: 1020, " SPI, "pixels", "4",
     "", 4},
    {"past it", OUTPUT "chip: ws2801, pixels: 1, from: 1020, " SPI, "pixels", "5", TOO_FAR, 5},
    {"LEDs that a map leaves out are no pixels", OUTPUT MAPPED "from: 1022, " SPI, "order", "bgr",
     "", 2},
};

static void load(struct board *board, const char *text)
{
    struct text source = {0};
    struct complaints complaints = {0};
    text_add(&source, text);
    if (!board_read_text("b.yaml", &source, board, &complaints))
        fail_msg("%s%s", text, complaints.text.data);
    text_free(&source);
    complaints_free(&complaints);
}

static void it_is_as_if_the_board_file_said_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        struct board board;
        load(&board, rows[i].output);
        const bool good =
            output_override(&board.outputs[0], rows[i].key, rows[i].value, "--count", &complaints);
        const char *said = complaints.count > 0 ? complaints.text.data : "";
        const size_t pixels = output_pixels(&board.outputs[0]);
        if (good != (rows[i].complaints[0] == '\0') || strcmp(said, rows[i].complaints) != 0 ||
            pixels != rows[i].pixels)
            fail_msg("%s: %s, %zu pixels: %s", rows[i].sentence, good ? "set" : "refused", pixels,
                     said);
        board_free(&board);
        complaints_free(&complaints);
    }
}

/* What was complained of before is not of this value. */
static void earlier_complaints_do_not_count(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    struct board board;
    load(&board, OUTPUT "chip: ws2801, pixels: 8, " SPI);
    assert_false(output_override(&board.outputs[0], "pixels", "0", "--count", &complaints));
    assert_true(output_override(&board.outputs[0], "pixels", "12", "--count", &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(output_pixels(&board.outputs[0]), 12);
    board_free(&board);
    complaints_free(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_as_if_the_board_file_said_so),
        cmocka_unit_test(earlier_complaints_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
