/*
 * What `identify` lights: on every board that ships each step shows on the wire, differs from the
 * one before, and is what its words say.
 */
#include "commands/identify/steps.h"
#include "config/board/needs.h"
#include "daemon/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 65536

static struct step steps[STEPS_MAX];

static size_t encode(const struct output_settings *output, const struct step *step,
                     int64_t elapsed_ms, uint8_t bytes[static BYTES_MAX])
{
    static struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame = {.pixels = pixels, .count = FRAME_PIXELS_MAX};
    struct wire wire = {.bytes = bytes, .capacity = BYTES_MAX};
    memset(pixels, 0, sizeof pixels);
    if (step != NULL)
        step_draw(output, step, elapsed_ms, &frame);
    output_encode(output, &frame, false, &wire);
    assert_false(wire.overflow);
    return wire.length;
}

static void check_output(const char *name, const struct output_settings *output)
{
    static uint8_t now[BYTES_MAX], before[BYTES_MAX];
    size_t count = steps_of(output, steps);
    size_t before_length = encode(output, NULL, 0, before);
    assert_in_range(count, 1, STEPS_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t length = encode(output, &steps[i], 0, now);
        bool new = length != before_length || memcmp(now, before, length) != 0;
        if (steps[i].runs) { /* either of two moments: it runs over the light before, too */
            length = encode(output, &steps[i], STEP_PIXEL_MS, now);
            new = new || length != before_length || memcmp(now, before, length) != 0;
        }
        if (!new)
            fail_msg("%s: '%s' shows nothing new", name, steps[i].see);
        if (strlen(steps[i].see) + 1 >= STEP_WORDS_SIZE ||
            strlen(steps[i].otherwise) + 1 >= STEP_WORDS_SIZE)
            fail_msg("%s: '%s' has too many words", name, steps[i].see);
        memcpy(before, now, length);
        before_length = length;
    }
}

static void load(const char *name, struct board *board)
{
    struct complaints complaints = {0};
    assert_true(board_read(name, NULL, board, &complaints));
    complaints_free(&complaints);
}

static void each_step_shows_on_every_board(void **state)
{
    (void)state;
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    size_t count = board_names(names, BOARDS_MAX);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        struct board board;
        load(names[i], &board);
        for (size_t j = 0; j < board.output_count; j++)
            check_output(names[i], &board.outputs[j]);
        board_free(&board);
    }
}

/* A lamp at a time, whatever its colour and place, even where lamps mix. */
static void one_lamp_is_on_at_a_time(void **state)
{
    (void)state;
    static const char *const names[] = {"pi-traffic", "relay-tower",  "jamhat",
                                        "ledborg",    "pihut-status", "raspberry-pi-leds"};
    static uint8_t bytes[BYTES_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct board board;
        load(names[i], &board);
        size_t count = steps_of(&board.outputs[0], steps);
        for (size_t lamp = 0; lamp < count; lamp++) {
            assert_int_equal(encode(&board.outputs[0], &steps[lamp], 0, bytes), count);
            for (size_t k = 0; k < count; k++) {
                if (bytes[k] != (k == lamp)) {
                    fail_msg("%s: '%s' and lamp %zu is %d", names[i], steps[lamp].see, k + 1,
                             bytes[k]);
                }
            }
        }
        board_free(&board);
    }
}

/* The steps of one board of each kind, in words. */
static const struct {
    const char *board;
    size_t count, index;
    const char *see, *otherwise;
} rows[] = {
    {"pimoroni-blinkt", 6, 0, "pixel 0, the first, is white, all others are dark.",
     "The one at the other end: reverse. Another one: map or matrix. None: its wires."},
    {"pimoroni-blinkt", 6, 3, "every pixel is red.",
     "Another colour: try --order, then change order, which is bgr."},
    {"sk6812-rgbw-spi", 7, 6, "every pixel is white, lit by its white LED alone.",
     "Another colour: try --order, then change order, which is grbw."},
    {"p9813-spi", 4, 1, "every pixel is red.",
     "Another colour: try --order, then change order, which is bgr."},
    {"pimoroni-unicorn-hat", 6, 2,
     "a white light runs from the first pixel to the last, as one reads or counts them.",
     "It jumps or turns round: map or matrix."},
    {"max7219-matrix", 3 + 8 + 2, 0, "pixel 0, the first, is lit, all others are dark.",
     "The one at the other end: reverse. Another one: first, wired, map or first_chip. None: its "
     "wires."},
    {"max7219-matrix", 3 + 8 + 2, 2, "a light runs from the first pixel to the last.",
     "It jumps or turns round: first, wired, map or first_chip."},
    {"adafruit-bicolour-bar", 3, 2, "a light runs from the first pixel to the last.",
     "It jumps or turns round: first or wired."},
    {"tm1637", 4 + 7 + 1, 1,
     "digit 2 of 4, counted from the left, shows an 8, the others are dark.",
     "Another digit: map. None, or digits too many: try --count, then change digits."},
    {"tm1637", 4 + 7 + 1, 4, "segment a, at the top, of every digit is lit.",
     "Another segment: its wires."},
    {"tm1637", 4 + 7 + 1, 11, "the colon behind the second digit is lit.",
     "None, or others: points."},
    {"adafruit-7-segment", 4 + 7 + 2, 11, "the point behind every 8 is lit.",
     "None, or others: points."},
    {"adafruit-7-segment-large", 4 + 7 + 1, 11, "the colon behind the second digit is lit.",
     "None, or others: points."},
    {"adafruit-14-segment", 4 + 14 + 1, 17,
     "segment n, slanting from the lower right, of every digit is lit.",
     "Another segment: segments."},
    {"hc595-spi", 4 + 7 + 1, 4, "segment a, at the top, of every digit is lit.",
     "Another segment: outputs or common."},
    {"max7219", 8 + 7 + 1, 0,
     "digit 1 of 8, counted from the left, shows an 8, the others are dark.",
     "Another digit: map, first_digit or first_chip. None, or digits too many: try --count, then "
     "change "
     "digits."},
    {"pi-traffic", 3, 1, "lamp 2 of 3 (GPIO10), amber, is on, the others are off.",
     "Another lamp: lines, or the colour in lamps. All but this one: active_low."},
    {"raspberry-pi-leds", 2, 0, "lamp 1 of 2 (ACT), green, is on, the others are off.",
     "Another lamp: leds, or the colour in lamps. All but this one: inverted."},
};

static void the_words_are_these(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct board board;
        load(rows[i].board, &board);
        size_t count = steps_of(&board.outputs[0], steps);
        const struct step *step = &steps[rows[i].index];
        if (count != rows[i].count || strcmp(step->see, rows[i].see) != 0 ||
            strcmp(step->otherwise, rows[i].otherwise) != 0)
            fail_msg("%s, %zu steps: %s %s", rows[i].board, count, step->see, step->otherwise);
        board_free(&board);
    }
}

/* Where the model decides, the words say what it decided. */
static void an_inverted_light_is_called_so(void **state)
{
    (void)state;
    struct machine machine = {.sections = "pi5"};
    struct board board;
    load("raspberry-pi-leds", &board);
    board_settle_lights(&machine, &board);
    assert_int_equal(steps_of(&board.outputs[0], steps), 2);
    assert_string_equal(steps[0].see,
                        "lamp 1 of 2 (ACT, inverted), green, is on, the others are off.");
    assert_string_equal(steps[1].see, "lamp 2 of 2 (PWR), red, is on, the others are off.");
    board_free(&board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_shows_on_every_board),
        cmocka_unit_test(one_lamp_is_on_at_a_time),
        cmocka_unit_test(the_words_are_these),
        cmocka_unit_test(an_inverted_light_is_called_so),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
