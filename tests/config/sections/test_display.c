/*
 * `display:`: which pixels a segment has, and what a board makes of the picture.
 */
#include "config/config.h"
#include "config/expect.h"
#include "config/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENTS HEAD "display:\n  segments:\n" /* lines 4 and 5 */
#define TEN "xxxxxxxxxx"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct refused rows[] = {
    {"a pixel twice, in two segments of one each",
     SEGMENTS "    - {pixels: 6, show: rollouts}\n    - {pixels: 6, show: summary}\n",
     "$:7:16: pixels 6 overlap with 6 in line 6; a pixel belongs to one segment\n"},
    {"the first pixel twice",
     SEGMENTS "    - {pixels: 0, show: rollouts}\n    - {pixels: 0, show: summary}\n",
     "$:7:16: pixels 0 overlap with 0 in line 6; a pixel belongs to one segment\n"},
    {"neighbours",
     SEGMENTS "    - {pixels: 0-3, show: rollouts}\n    - {pixels: 4, show: summary}\n"
              "    - {pixels: 5-7, show: rollout cms}\n",
     ""},
    {"the last pixel of one is the first of another",
     SEGMENTS "    - {pixels: 0-4, show: rollouts}\n    - {pixels: 4-7, show: summary}\n",
     "$:7:16: pixels 4-7 overlap with 0-4 in line 6; a pixel belongs to one segment\n"},
    {"one within another",
     SEGMENTS "    - {pixels: 0-7, show: rollouts}\n"
              "    - {pixels: 3, show: summary}\n",
     "$:7:16: pixels 3 overlap with 0-7 in line 6; a pixel belongs to one segment\n"},
    {"a stretch that follows another twice", SEGMENTS "    - {pixels: '1,1', show: summary}\n",
     "$:6:16: pixels 1,1 name a pixel twice; write each once\n"},
    {"stretches that meet", SEGMENTS "    - {pixels: '2-3,0-1,4', show: summary}\n", ""},
    {"what could not be read overlaps with nothing",
     SEGMENTS "    - {pixels: x, show: rollouts}\n    - {pixels: y, show: summary}\n"
              "    - {pixels: 0, show: summary}\n",
     "$:6:16: pixels cannot be 'x'; write e.g. 0-5, or 6\n"
     "$:7:16: pixels cannot be 'y'; write e.g. 0-5, or 6\n"},
    {"the last pixel", SEGMENTS "    - {pixels: 7, show: rollouts}\n", ""},
    {"the one behind it", SEGMENTS "    - {pixels: 8, show: rollouts}\n",
     "$:6:16: pixel 8 is beyond the strip, which has 8 pixels; write 0 to 7\n"},
    {"one and the same pixel as a range", SEGMENTS "    - {pixels: 7-7, show: rollouts}\n", ""},
    {"as many stretches as there can be",
     "board: frames\n" URL ROLLOUTS
     "display: {segments: [{pixels: '0,1,2,3,4,5,6,7', show: summary}]}\n",
     ""},
    {"one more",
     "board: frames\n" URL ROLLOUTS
     "display: {segments: [{pixels: '0,1,2,3,4,5,6,7,7', show: summary}]}\n",
     "$:4:31: pixels cannot be '0,1,2,3,4,5,6,7,7'; write e.g. 0-5, or 6\n"},
    {"pixels that just fit, with spaces",
     SEGMENTS "    - {pixels: '0,                                        "
              "                                                    1', show: summary}\n",
     ""},
    {"pixels of a byte more",
     SEGMENTS "    - {pixels: '0,                                        "
              "                                                     1', show: summary}\n",
     "$:6:16: pixels cannot be so long; at most 95 bytes fit\n"},
    {"a number that just fits", SEGMENTS "    - {pixels: 00000000000000000000007, show: summary}\n",
     ""},
    {"a number of more digits than anybody writes",
     SEGMENTS "    - {pixels: 000000000000000000000007, show: summary}\n",
     "$:6:16: pixels cannot be '000000000000000000000007'; write e.g. 0-5, or 6\n"},
    {"one that is longer than a number's room",
     SEGMENTS "    - {pixels: 0-00000000000000000000000000000007, show: summary}\n",
     "$:6:16: pixels cannot be '0-00000000000000000000000000000007'; write e.g. 0-5, or 6\n"},
    {"the longest name there is",
     BOARD URL "rollouts: [{name: " SIXTY "abc, namespace: b}]\n"
               "display: {segments: [{pixels: 0-7, show: rollout         " SIXTY "abc}]}\n",
     ""},
    {"a space more",
     BOARD URL "rollouts: [{name: " SIXTY "abc, namespace: b}]\n"
               "display: {segments: [{pixels: 0-7, show: rollout          " SIXTY "abc}]}\n",
     "$:4:42: show cannot be so long; at most 79 bytes fit\n"},
    {"a segment of a rollout that there is not, as there is none",
     BOARD URL "rollouts: []\ndisplay: {segments: [{pixels: 0-7, show: rollout a}]}\n",
     "$:3:11: rollouts names 1 to 32 rollouts, not 0; one rollout may hold many workloads by a "
     "regular expression\n"
     "$:4:42: there is no rollout; list it under rollouts\n"},
};

static void test_segments(void **state)
{
    (void)state;
    expect_configs(rows, sizeof rows / sizeof rows[0]);
}

#define STRIP(name, pixels, lines)                                                            \
    "  - {name: " name ", chip: apa102, pixels: " pixels ", bus: {gpio: {gpiochip: a, " lines \
    "}}}\n"
#define BAR STRIP("bar", "8", "data: GPIO5, clock: GPIO6")
#define TWO STRIP("two", "2", "data: GPIO7, clock: GPIO8")
#define THREE STRIP("three", "3", "data: GPIO7, clock: GPIO8")
#define MATRIX_AT(from)                                            \
    "  - {name: matrix, chip: ws2812-pio, pixels: 32, from: " from \
    ", matrix: {width: 8, height: 4}, bus: {file: /dev/leds0, line: GPIO18}}\n"
#define MATRIX MATRIX_AT("0")
#define DIGITS \
    "  - {name: digits, chip: tm1637, digits: 4, bus: {gpio: {clock: GPIO21, dio: GPIO20}}}\n"
#define LAMPS                                                                  \
    "  - {name: lamps, chip: lamps, lamps: [{colour: red}, {colour: green}], " \
    "bus: {gpio: {lines: [GPIO17, GPIO27]}}}\n"
#define RELAYS                                                              \
    "  - {name: relays, chip: lamps, lamps: [{colour: red, relay: true}], " \
    "bus: {gpio: {lines: [GPIO22]}}}\n"

/* All outputs of a board count, in any order. */
static void test_what_fits_a_board(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *outputs;
        size_t width;
        bool blinks;
    } boards[] = {
        {"a bar", BAR, 0, false},
        {"a matrix", MATRIX, 8, false},
        {"a matrix, then a bar", MATRIX BAR, 8, false},
        {"a bar, then a matrix", BAR MATRIX, 8, false},
        {"a matrix, then digits", MATRIX DIGITS, 8, false},
        {"a matrix that goes on where a bar ends", BAR MATRIX_AT("8"), 0, false},
        {"digits", DIGITS, 0, false},
        {"lamps", LAMPS, 0, true},
        {"lamps, then digits", LAMPS DIGITS, 0, true},
        {"digits, then lamps", DIGITS LAMPS, 0, true},
        {"lamps, then a bar", LAMPS BAR, 0, false},
        {"a bar, then lamps", BAR LAMPS, 0, false},
        {"relays, which wear", RELAYS, 0, false},
        {"lamps, then relays", LAMPS RELAYS, 0, false},
        {"relays, then lamps", RELAYS LAMPS, 0, false},
        {"two lights", TWO, 0, true},
        {"three are a bar", THREE, 0, false},
        {"two lights, then lamps", TWO LAMPS, 0, true},
        {"two lights, then a bar", TWO BAR, 0, false},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
        struct text text = {0};
        struct complaints complaints = {0};
        struct board board;
        struct picture_settings picture = {0};
        text_addf(&text, "title: T\noutputs:\n%s", boards[i].outputs);
        const bool good =
            board_read(scratch_write("b.yaml", text.data, text.length), NULL, &board, &complaints);
        expect_complaints(boards[i].sentence, &complaints, "");
        assert_true(good);
        board_fit_picture(&board, &picture);
        if (picture.width != boards[i].width || picture.blinks != boards[i].blinks)
            fail_msg("%s: width %zu, blinks %d", boards[i].sentence, picture.width, picture.blinks);
        board_free(&board);
        text_free(&text);
        complaints_free(&complaints);
    }
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_what_fits_a_board),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
