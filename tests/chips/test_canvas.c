/*
 * The terminal's board, colour by colour: walls/terminal.txt. A letter is a colour, in the order in
 * which they come; two half rows are a row of characters.
 */
#include "chips/canvas.h"

#include "chips/scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WIDTH 20 /* columns: room for 16 */
#define COLOURS_MAX 52

static const struct {
    const char *sentence;
    struct terminal_settings settings;
    const char *text;
    uint16_t dimmed;
} scenes[] = {
    {"two large lights", {.pixels = 2, .width = WIDTH}, "", 0},
    {"three", {.pixels = 3, .width = WIDTH}, "", 0},
    {"four", {.pixels = 4, .width = WIDTH}, "", 0},
    {"five", {.pixels = 5, .width = WIDTH}, "", 0},
    {"eight", {.pixels = 8, .width = WIDTH}, "", 0},
    {"sixteen", {.pixels = 16, .width = WIDTH}, "", 0},
    {"one more, on two rows", {.pixels = 17, .width = WIDTH}, "", 0},
    {"a matrix", {.pixels = 8, .per_row = 5, .width = WIDTH}, "", 0},
    {"a wide matrix", {.pixels = 8, .per_row = 6, .width = WIDTH}, "", 0},
    {"one of three rows, half a line each", {.pixels = 13, .per_row = 6, .width = WIDTH}, "", 0},
    {"a matrix that is too wide", {.pixels = 17, .per_row = 17, .width = WIDTH}, "", 0},
    {"two large lights in few colours",
     {.pixels = 2, .colours = COLOURS_256, .width = WIDTH},
     "",
     0},
    {"few colours", {.pixels = 3, .colours = COLOURS_256, .width = WIDTH}, "", 0},
    {"digits", {.digits = 2, .width = WIDTH}, "4.2", 0},
    {"digits by night", {.digits = 2, .width = WIDTH}, "1:3", 60000},
    {"more digits than there is room for", {.digits = 3, .width = WIDTH}, "567", 0},
    {"a light above digits", {.pixels = 1, .digits = 1, .width = WIDTH}, "8", 1},
    {"a terminal of one column", {.pixels = 1, .digits = 1, .width = 1}, "0", 0},
    {"which is too narrow for more", {.pixels = 2, .digits = 2, .width = 1}, "12", 0},
    {"one that is not known has 80 columns", {.pixels = 38, .digits = 9}, "123456789", 0},
};

/* Red, amber, green, blue, white, from full to a trace; the last light is beyond the frame. */
static struct pixel light(size_t index)
{
    static const struct pixel hues[] = {{65535, 0, 0},
                                        {65535, 26214, 0},
                                        {0, 40000, 4000},
                                        {0, 9000, 65535},
                                        {50000, 50000, 50000}};
    const struct pixel hue = hues[index % 5];
    const unsigned shift = (unsigned)(index % 4) * 2;
    return (struct pixel){(uint16_t)(hue.red >> shift), (uint16_t)(hue.green >> shift),
                          (uint16_t)(hue.blue >> shift)};
}

static size_t letter_of(struct srgb colour, struct srgb known[static COLOURS_MAX], size_t *count)
{
    size_t i = 0;
    while (i < *count && memcmp(&known[i], &colour, sizeof colour) != 0)
        i++;
    assert_true(i < COLOURS_MAX);
    known[i] = colour;
    *count += i == *count;
    return i;
}

static void draw(const struct canvas *canvas, char out[static SCENES_TEXT_SIZE])
{
    struct srgb known[COLOURS_MAX];
    size_t count = 0, length = 0;
    for (size_t y = 0; y < 2 * canvas->rows; y++) {
        for (size_t x = 0; x < canvas->columns; x++) {
            const size_t i = letter_of(canvas_at(canvas, x, y), known, &count);
            out[length++] = (char)(i < 26 ? 'a' + i : 'A' + i - 26);
        }
        out[length++] = '\n';
    }
    for (size_t i = 0; i < count; i++)
        length +=
            (size_t)snprintf(out + length, SCENES_TEXT_SIZE - length, "%c %02x%02x%02x%s",
                             (char)(i < 26 ? 'a' + i : 'A' + i - 26), known[i].red, known[i].green,
                             known[i].blue, i + 1 == count || i % 6 == 5 ? "\n" : ", ");
}

static void a_board_is_drawn_colour_by_colour(void **state)
{
    (void)state;
    static char text[SCENES_TEXT_SIZE];
    static struct canvas canvas; /* large */
    size_t length = 0;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        static char picture[SCENES_TEXT_SIZE];
        struct pixel pixels[40];
        const size_t count = (size_t)scenes[i].settings.pixels;
        struct frame frame = {.pixels = pixels,
                              .count = count > 1 ? count - 1 : count,
                              .text_dimmed = scenes[i].dimmed};
        for (size_t k = 0; k < frame.count; k++)
            pixels[k] = light(k);
        snprintf(frame.text, sizeof frame.text, "%s", scenes[i].text);
        canvas_lay_out(&canvas, &scenes[i].settings);
        canvas_show(&canvas, &frame);
        draw(&canvas, picture);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s:\n%s",
                                   i > 0 ? "\n" : "", scenes[i].sentence, picture);
        assert_true(length < sizeof text);
    }
    scenes_expect(TESTS_DIR "/chips/walls/terminal.txt", text);
}

static void a_width_that_nobody_knows_is_80(void **state)
{
    (void)state;
    static struct canvas canvas; /* large */
    const struct terminal_settings settings = {.pixels = 77};
    canvas_lay_out(&canvas, &settings);
    assert_int_equal(canvas.width, 80);
    assert_int_equal(canvas.lamps.rows, 2); /* 76 stand side by side between the margins */
}

static struct srgb shown_of(struct canvas *canvas, struct pixel pixel)
{
    const struct frame frame = {.pixels = &pixel, .count = 1};
    canvas_show(canvas, &frame);
    return canvas->lights[0];
}

/*
 * Each colour is treated as the others: what blue is for a blue light red is for a red one, beside
 * any other light. And it is the formula's: five times as much, bent so that full stays full.
 */
static void colours_are_exposed_alike(void **state)
{
    (void)state;
    static struct canvas canvas; /* large */
    const struct terminal_settings settings = {.pixels = 1, .width = WIDTH};
    canvas_lay_out(&canvas, &settings);
    for (unsigned light = 0; light <= 65535; light++)
        for (unsigned beside = 0; beside <= 65535; beside += 65535) {
            const uint16_t a = (uint16_t)light, b = (uint16_t)beside;
            const struct srgb red = shown_of(&canvas, (struct pixel){a, b, 0});
            const struct srgb green = shown_of(&canvas, (struct pixel){0, a, b});
            const struct srgb blue = shown_of(&canvas, (struct pixel){b, 0, a});
            const double most = light > beside ? light : beside;
            const uint16_t bent = (uint16_t)(5.0 * light * 65535 / (65535 + 4 * most));
            const struct srgb exact = pixel_to_srgb((struct pixel){bent, b, 0});
            if (red.red != green.green || red.red != blue.blue || red.red != exact.red ||
                red.green != green.blue || red.green != blue.red)
                fail_msg("light %u beside %u: %u, %u, %u; %u", light, beside, red.red, green.green,
                         blue.blue, exact.red);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_board_is_drawn_colour_by_colour),
                                       cmocka_unit_test(a_width_that_nobody_knows_is_80),
                                       cmocka_unit_test(colours_are_exposed_alike)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
