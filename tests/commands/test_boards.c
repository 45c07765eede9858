#include "commands/capture.h"
#include "commands/commands.h"
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pins of the board's own pinout (Pimoroni Blinkt!: DAT on pin 16, CLK on pin 18). */
static const char blinkt_rows[] = "                  GPIO22 15 . # 16 GPIO23 < strip data\n"
                                  "                     3V3 17 . # 18 GPIO24 < strip clock\n";

/* Whether the number stands in the text, and not within another one. */
static bool names_number(const char *text, const char *number)
{
    size_t length = strlen(number);
    for (const char *at = text; (at = strstr(at, number)) != NULL; at++) {
        bool within = at > text && strchr("0123456789.", at[-1]) != NULL;
        if (!within && strspn(at + length, "0123456789") == 0)
            return true;
    }
    return false;
}

static void test_list(void **state)
{
    (void)state;
    struct captured captured = capture(&command_boards, (const char *[4]){"boards"});
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_string_equal(captured.err, "");
    assert_non_null(strstr(captured.out, "pimoroni-blinkt            Pimoroni Blinkt!"));
    assert_non_null(strstr(captured.out, "terminal                   Terminal"));
    assert_true(strstr(captured.out, "frames") < strstr(captured.out, "terminal"));
}

/* However somebody writes a chip, its name is told as a board file has it. */
static void test_chips_as_a_board_file_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *word, *begins;
    } rows[] = {
        {"apa102", "apa102 is a chip; these boards have it:\n"},
        {"APA102", "APA102 is the chip apa102; these boards have it:\n"},
        {"DotStar", "DotStar is driven as the chip apa102; these boards have it:\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct captured captured =
            capture(&command_boards, (const char *[4]){"boards", rows[i].word});
        assert_int_equal(captured.status, EXIT_STATUS_OK);
        if (strncmp(captured.out, rows[i].begins, strlen(rows[i].begins)) != 0)
            fail_msg("%s: %s", rows[i].word, captured.out);
        assert_non_null(strstr(captured.out, " chip: apa102\n"));
        assert_null(strstr(captured.out, "chip: APA102"));
    }
}

/* What its file begins with is the first thing to know: here that 5 V would harm the Pi. */
static void test_beginning(void **state)
{
    (void)state;
    struct captured captured = capture(&command_boards, (const char *[4]){"boards", "tm1637"});
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_non_null(strstr(captured.out, "\n    Power it from 3.3 V (pin 1 or 17): "));
    assert_null(strstr(captured.out, "title:"));
}

static void test_header(void **state)
{
    (void)state;
    struct captured captured =
        capture(&command_boards, (const char *[4]){"boards", "pimoroni-blinkt"});
    size_t used = 0;
    size_t rows = 0;
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_non_null(strstr(captured.out, "data GPIO23 (pin 16), clock GPIO24 (pin 18)\n"));
    assert_non_null(strstr(captured.out, blinkt_rows));
    for (const char *at = strstr(captured.out, "3V3  1 "); *at != '\0'; at++) {
        used += *at == '#';
        rows += *at == '\n';
    }
    assert_int_equal(used, 2);
    assert_int_equal(rows, 20);
}

/* What is enabled, what conflicts, and the pins of every bus. */
static void test_buses(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *parts[4];
    } rows[] = {
        {"max7219",
         {"MOSI GPIO10 (pin 19), SCLK GPIO11 (pin 23), CE0 GPIO8 (pin 24)\n",
          "Pi in /boot/firmware/config.txt, followed by a restart:\n    dtparam=spi=on\n",
          "Conflicts:\n    another device on SPI 0.0\n",
          "digits SCLK > GPIO11 SCLK 23 # # 24 GPIO8 CE0 < digits CE0\n"}},
        {"ht16k33",
         {"SDA GPIO2 (pin 3), SCL GPIO3 (pin 5)\n", "    dtparam=i2c_arm=on\n",
          "digits SDA > GPIO2 SDA  3 # . 4  5V\n", "digits SCL > GPIO3 SCL  5 # . 6  GND\n"}},
        {"pimoroni-unicorn-hat",
         {"data GPIO18 (pin 12)\n", "    dtoverlay=ws2812-pio,gpio=18,num_leds=64\n",
          "    Raspberry Pis before the 5", "GPIO17 11 . # 12 GPIO18 < matrix data\n"}},
        {"respeaker-4-mic",
         {"CE1 GPIO7 (pin 26), held high GPIO5 (pin 29)\n", "    dtparam=spi=on\n",
          "25 . # 26 GPIO7 CE1 < ring CE1\n", "ring held high > GPIO5 29 # . 30 GND\n"}},
        {"relay-tower",
         {"lamp 1 GPIO4 (pin 7), lamp 2 GPIO5 (pin 29), lamp 3 GPIO6 (pin 31)\n", "1-Wire",
          "lamps lamp 1 > GPIO4  7 # . 8  GPIO14 TXD\n", "lamp 3 > GPIO6 31 # . 32 GPIO12\n"}},
        {"raspberry-pi-leds", {"lights: sysfs-led, 1 pixel, on leds", "Conflicts:\n", "\n", "\n"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct captured captured =
            capture(&command_boards, (const char *[4]){"boards", rows[i].name});
        assert_int_equal(captured.status, EXIT_STATUS_OK);
        for (size_t j = 0; j < 4; j++)
            if (strstr(captured.out, rows[i].parts[j]) == NULL)
                fail_msg("%s: no %s in\n%s", rows[i].name, rows[i].parts[j], captured.out);
    }
}

/* A file's first lines are for people: they name every pin that the data below uses. */
static void test_comments_name_the_pins(void **state)
{
    (void)state;
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    size_t count = board_names(names, BOARDS_MAX);
    for (size_t i = 0; i < count; i++) {
        char path[512], comment[4096], pin[16];
        struct captured captured = capture(&command_boards, (const char *[4]){"boards", names[i]});
        snprintf(path, sizeof path, SOURCE_DIR "/boards/%s.yaml", names[i]);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        comment[fread(comment, 1, sizeof comment - 1, file)] = '\0';
        fclose(file);
        char *end = strstr(comment, "\ntitle: ");
        assert_non_null(end);
        *end = '\0';
        assert_int_equal(comment[0], '#');
        assert_non_null(strstr(comment, "enable"));
        for (const char *at = captured.out; (at = strstr(at, "(pin ")) != NULL; at++) {
            snprintf(pin, sizeof pin, "%.*s", (int)strcspn(at + 5, ")"), at + 5);
            if (!names_number(comment, pin))
                fail_msg("%s: its comment does not name pin %s", names[i], pin);
        }
    }
}

static void test_no_hardware(void **state)
{
    (void)state;
    struct captured captured =
        capture(&command_boards, (const char *[4]){"boards", SOURCE_DIR "/boards/terminal.yaml"});
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_non_null(strstr(captured.out, "screen: terminal, 8 pixels, 4 digits, on stdout\n"));
    assert_non_null(strstr(captured.out, "It needs no hardware"));
    assert_null(strstr(captured.out, "GPIO"));
}

static void test_unknown(void **state)
{
    (void)state;
    struct captured captured = capture(&command_boards, (const char *[4]){"boards", "blinkt"});
    assert_int_equal(captured.status, EXIT_STATUS_USAGE);
    assert_string_equal(captured.out, "");
    assert_non_null(strstr(captured.err, "did you mean 'pimoroni-blinkt'?"));
}

/* By the chip, and by what its lights are sold as; but a board's own name is the board. */
static void test_by_chip(void **state)
{
    (void)state;
    static const struct {
        const char *word, *first, *there, *not_there;
    } rows[] = {
        {"neopixel", "neopixel is driven as the chip ws2812; these boards have it:\n",
         "\nws2812-spi ", "sk6812-rgbw-spi"},
        {"WS2815", "WS2815 is driven as the chip ws2812; these boards have it:\n",
         "\npimoroni-unicorn-hat ", "pimoroni-blinkt"},
        {"apa102", "apa102 is a chip; these boards have it:\n", "\npimoroni-blinkt ", "ws2812"},
        {"hc595", "hc595 is a chip; these boards have it:\n", "\nhc595-spi ", "tm1637"},
        {"tm1637", "TM1637 display (board: tm1637)\n", "DIO", "these boards"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct captured captured =
            capture(&command_boards, (const char *[4]){"boards", rows[i].word});
        assert_int_equal(captured.status, EXIT_STATUS_OK);
        assert_string_equal(captured.err, "");
        if (strncmp(captured.out, rows[i].first, strlen(rows[i].first)) != 0 ||
            strstr(captured.out, rows[i].there) == NULL ||
            strstr(captured.out, rows[i].not_there) != NULL)
            fail_msg("%s:\n%s", rows[i].word, captured.out);
    }
}

/* What hangs there stands in the list. */
static void test_lights_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *board, *lights;
    } rows[] = {
        {"\npimoroni-blinkt ", " 8 lights "},          {"\nmax7219-matrix ", " 32x8 lights "},
        {"\ntm1638 ", " 8 lights, 8 digits "},         {"\nrelay-tower ", " 3 lights "},
        {"\nraspberry-pi-sense-hat ", " 8x8 lights "}, {"\ntm1637 ", " 4 digits "},
        {"\npimoroni-unicorn-phat ", " 8x4 lights "},  {"\nraspberry-pi-leds ", " 2 lights "},
    };
    struct captured captured = capture(&command_boards, (const char *[4]){"boards"});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *line = strstr(captured.out, rows[i].board);
        const char *lights = line != NULL ? strstr(line, rows[i].lights) : NULL;
        if (lights == NULL || lights > strchr(line + 1, '\n'))
            fail_msg("%s:\n%s", rows[i].board, captured.out);
    }
}

static void test_none_installed(void **state)
{
    (void)state;
    setenv("AMBERBAR_BOARDS", "/nowhere", 1);
    struct captured captured = capture(&command_boards, (const char *[4]){"boards"});
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    assert_int_equal(captured.status, EXIT_STATUS_USAGE);
    assert_string_equal(captured.err,
                        "amberbar boards: there are none in /nowhere; say `sudo cmake --install "
                        "build`, or set AMBERBAR_BOARDS to the boards of the source\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_chips_as_a_board_file_has_them),
        cmocka_unit_test(test_beginning),
        cmocka_unit_test(test_buses),
        cmocka_unit_test(test_comments_name_the_pins),
        cmocka_unit_test(test_no_hardware),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_by_chip),
        cmocka_unit_test(test_lights_are_counted),
        cmocka_unit_test(test_none_installed),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
