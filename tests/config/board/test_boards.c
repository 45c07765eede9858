/*
 * Every board that ships: its wiring as the products' makers have it, written down a second time;
 * and that it loads, and encodes a frame within the room its chip asks for.
 */
#include "config/config.h"
#include "config/expect.h"
#include "daemon/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPI00 "MOSI 10 SCLK 11 CE0 8"
#define SPI01 "MOSI 10 SCLK 11 CE1 7"
#define I2C1 "SDA 2 SCL 3"

static const struct shipped {
    const char *name, *chip;
    size_t pixels, digits;
    const char *lines; /* use and GPIO number, as output_lines() has them */
} shipped[] = {
    {"adafruit-14-segment", "ht16k33", 0, 4, I2C1},
    {"adafruit-7-segment", "ht16k33", 0, 4, I2C1},
    {"adafruit-7-segment-large", "ht16k33", 0, 4, I2C1},
    {"adafruit-bicolour-bar", "ht16k33-bicolour", 24, 0, I2C1},
    {"adafruit-bicolour-matrix", "ht16k33-bicolour", 8, 0, I2C1},
    {"apa102-spi", "apa102", 8, 0, SPI00},
    {"blink1", "blink1", 2, 0, ""},
    {"blinkstick", "blinkstick", 8, 0, ""},
    {"e131", "e131", 60, 0, ""},
    {"fish-dish", "lamps", 1, 0, "lamp 1 9 lamp 2 22 lamp 3 4"},
    {"frames", "frames", 8, 4, ""},
    {"hc595-spi", "hc595", 0, 4, SPI00},
    {"ht16k33", "ht16k33", 0, 4, I2C1},
    {"jamhat", "lamps", 2, 0, "lamp 1 5 lamp 2 12 lamp 3 16 lamp 4 6 lamp 5 13 lamp 6 17"},
    {"ledborg", "lamps", 1, 0, "lamp 1 17 lamp 2 27 lamp 3 22"},
    {"lpd8806-spi", "lpd8806", 8, 0, SPI00},
    {"luxafor-flag", "luxafor", 3, 0, ""},
    {"max7219", "max7219", 0, 8, SPI00},
    {"max7219-matrix", "max7219-matrix", 32, 8, SPI00},
    {"p9813-spi", "p9813", 1, 0, SPI00},
    {"pi-stop-a-plus", "lamps", 1, 0, "lamp 1 21 lamp 2 20 lamp 3 16"},
    {"pi-stop-b-plus", "lamps", 1, 0, "lamp 1 13 lamp 2 19 lamp 3 26"},
    {"pi-traffic", "lamps", 1, 0, "lamp 1 9 lamp 2 10 lamp 3 11"},
    {"pibrella", "lamps", 1, 0, "lamp 1 27 lamp 2 17 lamp 3 4"},
    {"pihut-rgb-xmas-tree", "apa102", 25, 0, "data 12 clock 25"},
    {"pihut-status", "lamps", 5, 0,
     "lamp 1 17 lamp 2 4 lamp 3 22 lamp 4 27 lamp 5 9 lamp 6 10 lamp 7 5 lamp 8 11 lamp 9 13 "
     "lamp 10 6"},
    {"pihut-status-zero", "lamps", 3, 0,
     "lamp 1 17 lamp 2 4 lamp 3 22 lamp 4 27 lamp 5 9 lamp 6 10"},
    {"pimoroni-blinkt", "apa102", 8, 0, "data 23 clock 24"},
    {"pimoroni-four-letter-phat", "ht16k33", 0, 4, I2C1},
    {"pimoroni-keybow", "apa102", 12, 0, SPI00},
    {"pimoroni-led-shim", "is31fl3731-shim", 28, 0, I2C1},
    {"pimoroni-mote-phat", "apa102", 16, 0,
     "data 10 clock 11 held low 8 held low 7 held low 25 held low 24"},
    {"pimoroni-mote-phat-spi", "apa102", 16, 0, SPI00 " held low 7 held low 25 held low 24"},
    {"pimoroni-scroll-phat-hd", "is31fl3731-scroll", 17, 4, I2C1},
    {"pimoroni-unicorn-hat", "ws2812-pio", 64, 0, "data 18"},
    {"pimoroni-unicorn-phat", "ws2812-pio", 32, 0, "data 18"},
    {"raspberry-pi-leds", "sysfs-led", 1, 0, ""},
    {"raspberry-pi-sense-hat", "sense-hat", 8, 0, ""},
    {"relay-tower", "lamps", 1, 0, "lamp 1 4 lamp 2 5 lamp 3 6"},
    {"respeaker-2-mic", "apa102", 3, 0, SPI01},
    {"respeaker-4-mic", "apa102", 12, 0, SPI01 " held high 5"},
    {"sk6812-rgbw-spi", "sk6812", 8, 0, SPI00},
    {"sk9822-spi", "sk9822", 8, 0, SPI00},
    {"terminal", "terminal", 8, 4, ""},
    {"tm1637", "tm1637", 0, 4, "DIO 20 CLK 21"},
    {"tm1638", "tm1638", 8, 8, "data 20 clock 21 latch 16"},
    {"traffic-hat", "lamps", 1, 0, "lamp 1 24 lamp 2 23 lamp 3 22"},
    {"traffic-light", "lamps", 1, 0, "lamp 1 17 lamp 2 27 lamp 3 22"},
    {"traffic-phat", "lamps", 1, 0, "lamp 1 25 lamp 2 24 lamp 3 23"},
    {"wled", "ddp", 60, 0, ""},
    {"ws2801-spi", "ws2801", 8, 0, SPI00},
    {"ws2812-pio", "ws2812-pio", 8, 0, "data 18"},
    {"ws2812-spi", "ws2812", 8, 0, SPI00},
};
#define SHIPPED (sizeof shipped / sizeof shipped[0])

static void load(const char *name, struct board *board)
{
    struct complaints complaints = {0};
    board_read(name, NULL, board, &complaints);
    expect_complaints(name, &complaints, "");
    complaints_free(&complaints);
}

static void test_each_is_known_and_none_is_missing(void **state)
{
    (void)state;
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    size_t count = board_names(names, BOARDS_MAX);
    for (size_t i = 0; i < count && i < SHIPPED; i++)
        assert_string_equal(names[i], shipped[i].name);
    assert_int_equal(count, SHIPPED);
}

static void write_lines(const struct output_settings *output, char *out, size_t size)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    size_t count = output_lines(output, uses);
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && length < size; i++) {
        assert_true(uses[i].on_header);
        assert_int_equal(strncmp(uses[i].line, "GPIO", 4), 0);
        length += (size_t)snprintf(out + length, size - length, "%s%s %s", i > 0 ? " " : "",
                                   uses[i].use, uses[i].line + 4);
    }
}

static void test_wiring_is_the_makers(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHIPPED; i++) {
        char lines[512];
        struct board board;
        load(shipped[i].name, &board);
        write_lines(&board.outputs[0], lines, sizeof lines);
        if (strcmp(lines, shipped[i].lines) != 0)
            fail_msg("%s: %s", shipped[i].name, lines);
        assert_int_equal(board.output_count, 1);
        assert_string_equal(board.outputs[0].chip->name, shipped[i].chip);
        assert_int_equal(board_pixels(&board), shipped[i].pixels);
        assert_int_equal(board_digits(&board), shipped[i].digits);
        board_free(&board);
    }
}

/* Where no chip of lines is named, it is the header's, by every name that it has. */
static void test_lines_are_the_header_s(void **state)
{
    (void)state;
    static const char *const header[] = {"pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835", ""};
    for (size_t i = 0; i < SHIPPED; i++) {
        struct board board;
        load(shipped[i].name, &board);
        const struct bus_settings *bus = &board.outputs[0].bus;
        const bool used = bus->kind == BUS_GPIO || bus->hold.count > 0;
        for (size_t k = 0; k < sizeof header / sizeof header[0]; k++) {
            assert_string_equal(bus->gpio.chips[k], used ? header[k] : "");
            assert_string_equal(bus->lines.chips[k], used ? header[k] : "");
            assert_string_equal(bus->hold.chips[k], used ? header[k] : "");
        }
        board_free(&board);
    }
}

/* A board on one of the kernel's buses says what makes the kernel have it. */
static void test_what_must_be_enabled(void **state)
{
    (void)state;
    static const char *const needs[] = {[BUS_GPIO] = "",
                                        [BUS_SPI] = "dtparam=spi=on",
                                        [BUS_I2C] = "dtparam=i2c_arm=on",
                                        [BUS_FILE] = "",
                                        [BUS_DEVICE] = "dtoverlay=ws2812-pio,gpio=18,num_leds=%zu",
                                        [BUS_LEDS] = "",
                                        [BUS_FRAMEBUFFER] = "dtoverlay=rpi-sense",
                                        [BUS_UDP] = "",
                                        [BUS_HIDRAW] = ""};
    for (size_t i = 0; i < SHIPPED; i++) {
        char need[64];
        struct board board;
        load(shipped[i].name, &board);
        const char *form = needs[board.outputs[0].bus.kind];
        if (strchr(form, '%') != NULL) {
            snprintf(need, sizeof need, "dtoverlay=ws2812-pio,gpio=18,num_leds=%zu",
                     shipped[i].pixels);
        } else {
            snprintf(need, sizeof need, "%s", form);
        }
        assert_string_equal(board.enable.lines[0], need);
        assert_true(board.enable.count == 0 || board.conflicts.count > 0);
        board_free(&board);
    }
}

/* Lamps, and lights that are too few for a bar, tell by their rhythm; relays would wear. */
static void test_which_boards_blink(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool blinks;
    } rows[] = {{"pi-traffic", true},      {"blink1", true},  {"relay-tower", false},
                {"luxafor-flag", false},   {"tm1637", false}, {"wled", false},
                {"pimoroni-blinkt", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture_settings picture = {0};
        struct board board;
        load(rows[i].name, &board);
        board_fit_picture(&board, &picture);
        if (picture.blinks != rows[i].blinks)
            fail_msg("%s", rows[i].name);
        board_free(&board);
    }
}

/* A file that came with the program cannot know where lights in the network are. */
static void test_lights_in_the_network_have_no_address_yet(void **state)
{
    (void)state;
    char names[BOARDS_MAX][BUS_NAME_SIZE];
    const size_t count = board_names(names, BOARDS_MAX);
    size_t found = 0;
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        struct complaints complaints = {0};
        struct board board;
        bool remote = false;
        load(names[i], &board);
        for (size_t k = 0; k < board.output_count; k++)
            remote = remote || board.outputs[k].bus.kind == BUS_UDP;
        board_free(&board);
        const bool lights = board_read_to_light(names[i], &board, &complaints);
        if (lights == remote)
            fail_msg("%s: %s", names[i], remote ? "it has somebody's address" : "it is refused");
        assert_int_equal(complaints.count, remote ? 1 : 0);
        found += remote;
        board_free(&board);
        complaints_free(&complaints);
    }
    assert_true(found >= 2);
    struct complaints complaints = {0};
    struct board board;
    assert_false(board_read_to_light("no-such-board", &board, &complaints));
    assert_int_equal(complaints.count, 1);
    board_free(&board);
    complaints_free(&complaints);
}

/* All lights white, all segments lit; then dark. */
static void encode(const struct board *board, struct pixel light, const char *text)
{
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame = {.pixels = pixels, .count = board_pixels(board)};
    for (size_t i = 0; i < frame.count; i++)
        pixels[i] = light;
    strncpy(frame.text, text, sizeof frame.text - 1);
    for (size_t i = 0; i < board->output_count; i++) {
        const struct output_settings *output = &board->outputs[i];
        struct wire wire = {.capacity = output->chip->wire_size(output->chip_settings)};
        wire.bytes = malloc(wire.capacity);
        assert_non_null(wire.bytes);
        output_encode(output, &frame, false, &wire);
        assert_false(wire.overflow);
        assert_true(wire.messages > 0 && wire.length > 0);
        free(wire.bytes);
    }
}

static void test_each_encodes_a_frame(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHIPPED; i++) {
        struct board board;
        load(shipped[i].name, &board);
        encode(&board, (struct pixel){65535, 65535, 65535}, "8.8.8.8.8.8.8.8.");
        encode(&board, (struct pixel){0, 0, 0}, "");
        board_free(&board);
    }
}

/* Lights that differ in one thing. */
static void change_name(struct output_settings *output)
{
    output->name[0] = '?';
}

static void change_place(struct output_settings *output)
{
    output->from++;
}

static void change_direction(struct output_settings *output)
{
    output->reverse = !output->reverse;
}

static void change_balance(struct output_settings *output)
{
    output->white_balance[1] += 0.1;
}

static void change_bus(struct output_settings *output)
{
    output->bus.kind = output->bus.kind == BUS_SPI ? BUS_I2C : BUS_SPI;
}

static void change_settings(struct output_settings *output)
{
    *(unsigned char *)output->chip_settings ^= 1;
}

static void test_same_lights_or_others(void **state)
{
    static void (*const changes[])(struct output_settings *) = {
        change_name, change_place, change_direction, change_balance, change_bus, change_settings};
    struct board before, board;
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        load("apa102-spi", &before);
        load("apa102-spi", &board);
        assert_true(board_same(&before, &board));
        changes[i](&board.outputs[0]);
        assert_false(board_same(&before, &board));
        board_free(&before);
        board_free(&board);
    }
}

static void test_boards_are_not_the_same(void **state)
{
    (void)state;
    struct board before, board;
    load("apa102-spi", &before);
    load("fish-dish", &board);
    assert_false(board_same(&before, &board));
    board_free(&board);
    load("ws2812-spi", &board);
    assert_false(board_same(&before, &board));
    board_free(&board);
    board_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_known_and_none_is_missing),
        cmocka_unit_test(test_wiring_is_the_makers),
        cmocka_unit_test(test_lines_are_the_header_s),
        cmocka_unit_test(test_what_must_be_enabled),
        cmocka_unit_test(test_which_boards_blink),
        cmocka_unit_test(test_lights_in_the_network_have_no_address_yet),
        cmocka_unit_test(test_each_encodes_a_frame),
        cmocka_unit_test(test_same_lights_or_others),
        cmocka_unit_test(test_boards_are_not_the_same),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
