/*
 * What matrices of single lights show of states, seen through the models of their chips.
 */
#include "base/text.h"
#include "bus/bus.h"
#include "chips/ht16k33_bicolour.h"
#include "chips/is31fl3731.h"
#include "chips/matrix.h"
#include "chips/max7219.h"
#include "chips/max7219_matrix.h"
#include "chips/tm1638.h"
#include "display_model.h"
#include "encoding.h"
#include "scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SIDE 8
#define WALL_SIZE (SIDE * (SIDE * MAX7219_CHAIN_MAX + 1) + 1)

/* Which digit and segment of its chip drives a light at x, y of a module as it hangs. */
typedef void soldering(size_t x, size_t y, size_t *digit, size_t *segment);

static void fc16(size_t x, size_t y, size_t *digit, size_t *segment)
{
    *digit = y;
    *segment = x;
}

static void fc16_upside_down(size_t x, size_t y, size_t *digit, size_t *segment)
{
    fc16(7 - x, 7 - y, digit, segment);
}

static void fc16_turned_right(size_t x, size_t y, size_t *digit, size_t *segment)
{
    fc16(y, 7 - x, digit, segment);
}

static void fc16_turned_left(size_t x, size_t y, size_t *digit, size_t *segment)
{
    fc16(7 - y, x, digit, segment);
}

static void parola(size_t x, size_t y, size_t *digit, size_t *segment)
{
    *digit = y;
    *segment = 7 - x;
}

static void single(size_t x, size_t y, size_t *digit, size_t *segment)
{
    *digit = 7 - x;
    *segment = y;
}

static void icstation(size_t x, size_t y, size_t *digit, size_t *segment)
{
    *digit = 7 - y;
    *segment = 7 - x;
}

/* A bare matrix on a board of wires. */
#define BARE_MAP "04152637"
static void bare(size_t x, size_t y, size_t *digit, size_t *segment)
{
    static const size_t digits[SIDE] = {0, 4, 1, 5, 2, 6, 3, 7};
    *digit = digits[y];
    *segment = x;
}

static void bare_by_columns(size_t x, size_t y, size_t *digit, size_t *segment)
{
    static const size_t digits[SIDE] = {0, 4, 1, 5, 2, 6, 3, 7};
    *digit = digits[7 - x];
    *segment = y;
}

/* The modules side by side, the input at the right unless said. */
static void look(const struct max7219 *display, soldering *solder, bool input_left, char out[])
{
    for (size_t y = 0; y < SIDE; y++) {
        for (size_t x = 0; x < SIDE * display->chips; x++) {
            size_t digit, segment;
            size_t module = input_left ? x / SIDE : display->chips - 1 - x / SIDE;
            solder(x % SIDE, y, &digit, &segment);
            *out++ = max7219_light(display, module, digit, segment) ? '#' : '.';
        }
        *out++ = '\n';
    }
    *out = '\0';
}

static const struct gpio_clocked_settings lines = {
    .chips = {"chip"}, .data = "1", .clock = "2", .latch = "3"};

/* Over GPIO, with the real bus, or SPI; a message is a period of CS. */
static void show(struct max7219 *display, const struct max7219_matrix_settings *settings,
                 const struct frame *frame, bool gpio)
{
    struct error error = {0};
    struct fake_chip chip = max7219_power(display, (size_t)settings->chips);
    struct wire wire = encoding_of(&chip_max7219_matrix, settings, frame, false);
    fake_connect(&chip);
    struct bus *bus = bus_open_gpio_clocked(&lines, &error);
    assert_non_null(bus);
    for (size_t i = 0; i < wire.messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(&wire, i, &bytes);
        if (!gpio)
            max7219_spi(display, bytes, length);
        else if (!bus_send(bus, bytes, length, &error))
            fail_msg("%s", error.text);
    }
    bus_close(bus);
    if (display->fault != NULL)
        fail_msg("%s", display->fault);
}

static void max7219_matrix_shows_states(void **state)
{
    (void)state;
    static const char *const files[] = {TESTS_DIR "/chips/walls/max7219-graph.txt",
                                        TESTS_DIR "/chips/walls/max7219-text.txt"};
    for (size_t text = 0; text < 2; text++) {
        const struct max7219_matrix_settings settings = {
            .chips = 4, .text = text == 1, .brightness = 3};
        static char pictures[SCENES_TEXT_SIZE];
        pictures[0] = '\0';
        for (size_t i = 0; i < SCENES; i++) {
            struct frame frame = scene_frame(i, 32, text * 8);
            struct max7219 display;
            char wall[WALL_SIZE];
            show(&display, &settings, &frame, i % 2 == 0);
            look(&display, fc16, false, wall);
            scenes_expect_face(&chip_max7219_matrix, &settings, &frame, wall);
            scenes_add(pictures, i, wall);
        }
        scenes_expect(files[text], pictures);
    }
}

/* Whatever the modules are, and however they hang: the same picture before one's eyes. */
static void max7219_matrix_is_upright_on_every_module(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        soldering *solder;
        int first, wired, first_chip;
        const char *map;
    } rows[] = {
        {"FC-16", fc16, MATRIX_TOP_LEFT, MATRIX_ROWS, MAX7219_RIGHT, ""},
        {"FC-16, swapped", fc16, MATRIX_TOP_LEFT, MATRIX_ROWS, MAX7219_LEFT, ""},
        {"FC-16, upside down", fc16_upside_down, MATRIX_BOTTOM_RIGHT, MATRIX_ROWS, MAX7219_LEFT,
         ""},
        {"FC-16, turned right", fc16_turned_right, MATRIX_TOP_RIGHT, MATRIX_COLUMNS, MAX7219_RIGHT,
         ""},
        {"FC-16, turned left", fc16_turned_left, MATRIX_BOTTOM_LEFT, MATRIX_COLUMNS, MAX7219_RIGHT,
         ""},
        {"Parola", parola, MATRIX_TOP_RIGHT, MATRIX_ROWS, MAX7219_RIGHT, ""},
        {"single", single, MATRIX_TOP_RIGHT, MATRIX_COLUMNS, MAX7219_RIGHT, ""},
        {"ICStation", icstation, MATRIX_BOTTOM_RIGHT, MATRIX_ROWS, MAX7219_RIGHT, ""},
        {"bare", bare, MATRIX_TOP_LEFT, MATRIX_ROWS, MAX7219_RIGHT, BARE_MAP},
        {"bare, swapped", bare, MATRIX_TOP_LEFT, MATRIX_ROWS, MAX7219_LEFT, BARE_MAP},
        {"bare, its columns", bare_by_columns, MATRIX_TOP_RIGHT, MATRIX_COLUMNS, MAX7219_RIGHT,
         BARE_MAP},
    };
    char first[WALL_SIZE] = "", wall[WALL_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct max7219_matrix_settings settings = {.chips = 3,
                                                   .first = rows[i].first,
                                                   .wired = rows[i].wired,
                                                   .first_chip = rows[i].first_chip,
                                                   .text = true};
        struct frame frame = scene_frame(3, 24, 6);
        struct max7219 display;
        text_copy(settings.map, sizeof settings.map, rows[i].map);
        show(&display, &settings, &frame, true);
        look(&display, rows[i].solder, rows[i].first_chip == MAX7219_LEFT, i == 0 ? first : wall);
        if (i > 0 && strcmp(wall, first) != 0)
            fail_msg("%s:\n%snot\n%s", rows[i].what, wall, first);
    }
}

static void write_ht16k33(struct ht16k33 *display, const struct ht16k33_bicolour_settings *settings,
                          const struct frame *frame)
{
    struct wire wire = encoding_of(&chip_ht16k33_bicolour, settings, frame, false);
    ht16k33_power(display);
    for (size_t i = 0; i < wire.messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(&wire, i, &bytes);
        ht16k33_write(display, bytes, length);
    }
    if (display->fault != NULL)
        fail_msg("%s", display->fault);
}

static char colour_of(bool red, bool green)
{
    return red && green ? 'A' : red ? 'R' : green ? 'G' : '.';
}

/* As the bar's schematic has it: two packages of 12, each 3 groups of 4. */
static void look_at_bar(const struct ht16k33 *display, char out[])
{
    for (size_t package = 0; package < 2; package++)
        for (size_t group = 0; group < 3; group++)
            for (size_t k = 0; k < 4; k++)
                *out++ = colour_of(ht16k33_light(display, group, 4 * package + k),
                                   ht16k33_light(display, group, 4 * package + k + 8));
    *out++ = '\n';
    *out = '\0';
}

static void look_at_square(const struct ht16k33 *display, bool turned, char out[])
{
    for (size_t y = 0; y < SIDE; y++) {
        for (size_t x = 0; x < SIDE; x++) { /* turned right: what was the left is at the top */
            size_t com = turned ? 7 - x : y, row = turned ? y : x;
            *out++ =
                colour_of(ht16k33_light(display, com, row + 8), ht16k33_light(display, com, row));
        }
        *out++ = '\n';
    }
    *out = '\0';
}

static void bicolour_displays_show_states(void **state)
{
    (void)state;
    static char bars[SCENES_TEXT_SIZE], squares[SCENES_TEXT_SIZE];
    for (size_t i = 0; i < SCENES; i++) {
        struct ht16k33_bicolour_settings settings = {.shape = HT16K33_BAR, .brightness = 15};
        struct ht16k33 display;
        char wall[WALL_SIZE], turned[WALL_SIZE];
        struct frame frame = scene_frame(i, 24, 0);
        write_ht16k33(&display, &settings, &frame);
        look_at_bar(&display, wall);
        scenes_expect_face(&chip_ht16k33_bicolour, &settings, &frame, wall);
        scenes_add(bars, i, wall);
        settings.shape = HT16K33_MATRIX;
        frame = scene_frame(i, 8, 0);
        write_ht16k33(&display, &settings, &frame);
        look_at_square(&display, false, wall);
        scenes_add(squares, i, wall);
        settings.first = MATRIX_TOP_RIGHT;
        settings.wired = MATRIX_COLUMNS;
        write_ht16k33(&display, &settings, &frame);
        look_at_square(&display, true, turned);
        scenes_expect_face(&chip_ht16k33_bicolour, &settings, &frame, wall);
        assert_string_equal(turned, wall);
    }
    scenes_expect(TESTS_DIR "/chips/walls/bicolour-bar.txt", bars);
    scenes_expect(TESTS_DIR "/chips/walls/bicolour-matrix.txt", squares);
}

static char digit_of(uint8_t segments)
{
    static const struct {
        char character;
        uint8_t segments;
    } glyphs[] = {{' ', 0x00}, {'0', 0x3F}, {'1', 0x06}, {'2', 0x5B}, {'3', 0x4F},
                  {'4', 0x66}, {'5', 0x6D}, {'6', 0x7D}, {'7', 0x07}, {'8', 0x7F},
                  {'9', 0x6F}, {'-', 0x40}, {'A', 0x77}, {'C', 0x39}, {'E', 0x79},
                  {'F', 0x71}, {'G', 0x3D}, {'L', 0x38}, {'P', 0x73}, {'U', 0x3E},
                  {'d', 0x5E}, {'n', 0x54}, {'o', 0x5C}, {'r', 0x50}, {'t', 0x78}};
    for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++)
        if (glyphs[i].segments == segments)
            return glyphs[i].character;
    return '?';
}

/* The lights over the digits. */
static void look_at_tm1638(const struct tm1638 *display, char out[])
{
    for (size_t i = 0; i < TM1638_DIGITS; i++) {
        bool lit = display->on && (display->memory[2 * i + 1] & 1) != 0;
        out[i] = lit ? 'R' : '.';
        out[TM1638_DIGITS + 1 + i] = display->on ? digit_of(display->memory[2 * i]) : '?';
    }
    out[TM1638_DIGITS] = out[2 * TM1638_DIGITS + 1] = '\n';
    out[2 * TM1638_DIGITS + 2] = '\0';
}

static void send_tm1638(struct tm1638 *display, const struct frame *frame, struct bus *bus)
{
    const struct tm1638_settings settings = {.brightness = 5};
    struct error error = {0};
    struct wire wire = encoding_of(&chip_tm1638, &settings, frame, false);
    for (size_t i = 0; i < wire.messages; i++) {
        const uint8_t *bytes;
        size_t length = encoding_message(&wire, i, &bytes);
        if (bus == NULL)
            tm1638_spi(display, bytes, length);
        else if (!bus_send(bus, bytes, length, &error))
            fail_msg("%s", error.text);
    }
}

static void tm1638_shows_states(void **state)
{
    (void)state;
    static char pictures[SCENES_TEXT_SIZE];
    for (size_t i = 0; i < SCENES; i++) {
        struct frame frame = scene_frame(i, TM1638_DIGITS, TM1638_DIGITS);
        struct tm1638 display;
        struct error error = {0};
        struct fake_chip chip = tm1638_power(&display);
        char wall[WALL_SIZE];
        fake_connect(&chip);
        struct bus *bus = i % 2 == 0 ? bus_open_gpio_clocked(&lines, &error) : NULL;
        send_tm1638(&display, &frame, bus);
        bus_close(bus);
        if (display.fault != NULL || display.brightness != 5)
            fail_msg("%s at %u", display.fault != NULL ? display.fault : "", display.brightness);
        look_at_tm1638(&display, wall);
        scenes_expect_face(&chip_tm1638, &(struct tm1638_settings){0}, &frame, wall);
        scenes_add(pictures, i, wall);
    }
    scenes_expect(TESTS_DIR "/chips/walls/tm1638.txt", pictures);
}

/* One that died left a byte half, or an instruction that reads keys. */
static void tm1638_recovers_from_what_another_left(void **state)
{
    (void)state;
    for (unsigned left = 0; left < 16; left++) {
        struct frame frame = scene_frame(6, TM1638_DIGITS, TM1638_DIGITS);
        struct tm1638 display;
        struct error error = {0};
        struct fake_chip chip = tm1638_power(&display);
        char wall[WALL_SIZE];
        fake_connect(&chip);
        struct bus *bus = bus_open_gpio_clocked(&lines, &error);
        display.bits = left;
        display.bytes = left / 8;
        display.instruction = 1;
        display.fixed = true;
        send_tm1638(&display, &frame, bus);
        bus_close(bus);
        look_at_tm1638(&display, wall);
        if (strcmp(wall, ".R.R.R.R\n    FA1L\n") != 0)
            fail_msg("%u bits were left:\n%s", left, wall);
    }
}

static void write_is31fl3731(struct is31fl3731 *display, const struct chip *chip,
                             const struct is31fl3731_settings *settings, const struct frame *frame)
{
    struct wire wire = encoding_of(chip, settings, frame, false);
    is31fl3731_power(display);
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < wire.messages; i++) {
            const uint8_t *bytes;
            size_t length = encoding_message(&wire, i, &bytes);
            is31fl3731_write(display, bytes, length);
        }
    if (display->fault != NULL)
        fail_msg("%s", display->fault);
}

#define SCROLL_WIDTH 17
#define SCROLL_HEIGHT 7

/* The left nine columns run upwards from the right, the others downwards from their left. */
static void look_at_scroll(const struct is31fl3731 *display, bool turned, char out[])
{
    size_t level = 0;
    for (size_t y = 0; y < SCROLL_HEIGHT; y++) {
        for (size_t x = 0; x < SCROLL_WIDTH; x++) {
            size_t at_x = turned ? 16 - x : x, at_y = turned ? 6 - y : y;
            size_t light = at_x < 9 ? 16 * (8 - at_x) + (6 - at_y) : 16 * (at_x - 9) + 8 + at_y;
            uint8_t pwm = is31fl3731_light(display, light);
            if (pwm > 0 && level > 0)
                assert_int_equal(pwm, level);
            level = pwm > 0 ? pwm : level;
            *out++ = pwm > 0 ? '#' : '.';
        }
        *out++ = '\n';
    }
    *out = '\0';
    assert_in_range(level, 15, 17); /* 30 % of brightness is 6 % of light */
}

static void scroll_phat_hd_shows_states(void **state)
{
    (void)state;
    static char pictures[SCENES_TEXT_SIZE];
    for (int text = 0; text < 2; text++) {
        pictures[0] = '\0';
        for (size_t i = 0; i < SCENES; i++) {
            struct is31fl3731_settings settings = {.text = text != 0};
            struct is31fl3731 display;
            char wall[WALL_SIZE], turned[WALL_SIZE];
            struct frame frame = scene_frame(i, SCROLL_WIDTH, text != 0 ? 4 : 0);
            write_is31fl3731(&display, &chip_is31fl3731_scroll, &settings, &frame);
            look_at_scroll(&display, false, wall);
            scenes_add(pictures, i, wall);
            settings.upside_down = true;
            write_is31fl3731(&display, &chip_is31fl3731_scroll, &settings, &frame);
            look_at_scroll(&display, true, turned);
            scenes_expect_face(&chip_is31fl3731_scroll, &settings, &frame, wall);
            assert_string_equal(turned, wall);
        }
        scenes_expect(text != 0 ? TESTS_DIR "/chips/walls/scroll-phat-hd-text.txt"
                                : TESTS_DIR "/chips/walls/scroll-phat-hd-graph.txt",
                      pictures);
    }
}

/* Where a LED's colours are: runs of neighbours, as the shim's traces go. */
static size_t shim_light(size_t led, size_t colour)
{
    static const struct {
        size_t first;
        int from, step;
    } runs[3][8] = {
        {{0, 118, -1}, {7, 134, -1}, {14, 127, 0}, {15, 121, 1}, {21, 15, 0}, {22, 8, 1}},
        {{0, 69, -1},
         {2, 84, -1},
         {7, 21, -1},
         {12, 33, -1},
         {14, 47, -6},
         {16, 25, 1},
         {21, 95, -6},
         {23, 90, 1}},
        {{0, 85, 16},
         {2, 100, -1},
         {7, 37, -1},
         {11, 50, -1},
         {14, 63, -6},
         {16, 58, -16},
         {18, 43, 1},
         {21, 111, -6}},
    };
    size_t run = 0;
    for (size_t i = 1; i < 8; i++)
        if (runs[colour][i].from > 0 && led >= runs[colour][i].first)
            run = i;
    if (colour == 1 && led >= 26)
        return led + 50;
    if (colour == 2 && led >= 23)
        return led < 27 ? led + 83 : 93;
    return (size_t)(runs[colour][run].from +
                    runs[colour][run].step * (int)(led - runs[colour][run].first));
}

static void led_shim_has_each_colour_in_its_place(void **state)
{
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        const struct is31fl3731_settings settings = {.upside_down = turned != 0};
        struct pixel pixels[28];
        struct frame frame = {.pixels = pixels, .count = 28};
        struct is31fl3731 display;
        for (size_t i = 0; i < 28; i++)
            pixels[i] = (struct pixel){(uint16_t)(257 * (200 + i)), (uint16_t)(257 * (100 + i)),
                                       (uint16_t)(257 * (40 + i))};
        write_is31fl3731(&display, &chip_is31fl3731_shim, &settings, &frame);
        size_t lit = 0;
        for (size_t i = 0; i < IS31FL3731_LIGHTS; i++)
            lit += is31fl3731_light(&display, i) > 0;
        assert_int_equal(lit, 3 * 28); /* each is another */
        for (size_t i = 0; i < 28; i++)
            for (size_t c = 0; c < 3; c++) {
                size_t led = turned != 0 ? 27 - i : i, base[3] = {200, 100, 40};
                uint8_t pwm = is31fl3731_light(&display, shim_light(led, c));
                if (pwm != base[c] + i)
                    fail_msg("colour %zu of LED %zu: %u", c, i, pwm);
            }
    }
}

/* A light that is not soldered is neither switched on nor given any. */
static void only_lights_that_there_are_are_driven(void **state)
{
    (void)state;
    static const struct {
        const struct chip *chip;
        size_t lights;
    } boards[] = {{&chip_is31fl3731_shim, 28 * 3}, {&chip_is31fl3731_scroll, 17 * 7}};
    for (size_t i = 0; i < 2; i++) {
        const struct is31fl3731_settings settings = {.text = false};
        struct pixel pixels[28];
        const struct frame frame = {.pixels = pixels, .count = 28};
        const uint8_t *control, *pwm;
        size_t there = 0;
        memset(pixels, 0xFF, sizeof pixels);
        const struct wire wire = encoding_of(boards[i].chip, &settings, &frame, false);
        encoding_message(&wire, 1, &control);
        encoding_message(&wire, 3, &pwm);
        for (size_t light = 0; light < IS31FL3731_LIGHTS; light++) {
            const bool on = (control[1 + light / 8] >> light % 8 & 1) != 0;
            there += on;
            if (on != (pwm[1 + light] > 0))
                fail_msg("%s: light %zu has %u", boards[i].chip->name, light, pwm[1 + light]);
        }
        assert_int_equal(there, boards[i].lights);
    }
}

/* However much of it is done, and at each moment: full is the bar of what is done. */
static void bicolour_bar_is_never_full_before_the_end(void **state)
{
    (void)state;
    const struct ht16k33_bicolour_settings settings = {.shape = HT16K33_BAR, .brightness = 15};
    for (int64_t ms = 0; ms < 2000; ms += 50)
        for (int p = 90; p < 100; p++) {
            struct ht16k33 display;
            char wall[WALL_SIZE];
            struct frame frame = scene_progress(p / 100.0, ms, 24, 0);
            write_ht16k33(&display, &settings, &frame);
            look_at_bar(&display, wall);
            if (strchr(wall, '.') == NULL || strchr(wall, 'G') != NULL)
                fail_msg("%d %% at %d ms: %s", p, (int)ms, wall);
        }
}

/* Of the bar alone, of the lowest row or rows: its end is not as high as the rest. */
static void no_graph_is_full_before_the_end(void **state)
{
    (void)state;
    static const struct {
        bool text;
        size_t row; /* that a whole bar reaches */
    } rows[] = {{false, 1}, {true, 6}};
    for (size_t i = 0; i < 2; i++)
        for (int64_t ms = 0; ms < 2000; ms += 50)
            for (int p = 90; p <= 100; p++) {
                const struct max7219_matrix_settings settings = {.chips = 4, .text = rows[i].text};
                struct frame frame = scene_progress(p / 100.0, ms, 32, rows[i].text ? 8 : 0);
                struct max7219 display;
                char wall[WALL_SIZE];
                show(&display, &settings, &frame, false);
                look(&display, fc16, false, wall);
                const char *row = wall + rows[i].row * 33;
                if (row[0] != '#' || (row[31] == '#' && p < 100))
                    fail_msg("%d %% at %d ms:\n%s", p, (int)ms, wall);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(max7219_matrix_shows_states),
        cmocka_unit_test(max7219_matrix_is_upright_on_every_module),
        cmocka_unit_test(bicolour_displays_show_states),
        cmocka_unit_test(tm1638_shows_states),
        cmocka_unit_test(tm1638_recovers_from_what_another_left),
        cmocka_unit_test(scroll_phat_hd_shows_states),
        cmocka_unit_test(led_shim_has_each_colour_in_its_place),
        cmocka_unit_test(only_lights_that_there_are_are_driven),
        cmocka_unit_test(no_graph_is_full_before_the_end),
        cmocka_unit_test(bicolour_bar_is_never_full_before_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
