/*
 * What a terminal of 256 colours gets, beside what one of all colours gets of the same canvas.
 */
#include "chips/screen.h"

#include "encoding.h"
#include "picture/colour.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIGHTS 8

/* A colour that is set, as both say it. */
struct set {
    int layer; /* 38 or 48 */
    int red, green, blue;
    int number; /* of xterm's 256 */
};

/* The next colour that is set, from `at` on; NULL: there is none. */
static const char *next_set(const char *at, int *layer)
{
    for (; (at = strstr(at, "\x1b[")) != NULL; at += 2)
        if (sscanf(at, "\x1b[%d;", layer) == 1 && (*layer == 38 || *layer == 48))
            return at;
    return NULL;
}

static int distance(int a, int b)
{
    return abs(a - b);
}

static int cube_of(int value)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int nearest = 0;
    for (int i = 1; i < 6; i++)
        nearest = distance(levels[i], value) < distance(levels[nearest], value) ? i : nearest;
    return levels[nearest];
}

/* What xterm shows for a number: its cube, and its ramp of greys. */
static void xterm(int number, int out[static 3])
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    for (int i = 0; i < 3; i++)
        out[i] = number >= 232 ? 8 + 10 * (number - 232)
                               : levels[(number - 16) /
                                        (i == 0   ? 36
                                         : i == 1 ? 6
                                                  : 1) %
                                        6];
}

static int largest(const struct set *set)
{
    int most = set->red > set->green ? set->red : set->green;
    return most > set->blue ? most : set->blue;
}

static int smallest(const struct set *set)
{
    int least = set->red < set->green ? set->red : set->green;
    return least < set->blue ? least : set->blue;
}

static void check(const struct set *set)
{
    const int parts[] = {set->red, set->green, set->blue};
    int shown[3];
    bool good = set->number >= 16 && set->number <= 255;
    xterm(set->number, shown);
    if (largest(set) - smallest(set) < 12) { /* grey: no other grey is nearer */
        const int grey = largest(set);
        int nearest = distance(grey, 0);
        for (int i = 0; i < 24; i++)
            nearest = distance(8 + 10 * i, grey) < nearest ? distance(8 + 10 * i, grey) : nearest;
        nearest = distance(255, grey) < nearest ? distance(255, grey) : nearest;
        good &= shown[0] == shown[1] && shown[1] == shown[2] && distance(shown[0], grey) == nearest;
    }
    for (size_t i = 0; i < 3 && largest(set) - smallest(set) >= 12; i++)
        good &= distance(shown[i], parts[i]) == distance(cube_of(parts[i]), parts[i]);
    if (!good)
        fail_msg("%d, %d, %d is %d: %d, %d, %d", set->red, set->green, set->blue, set->number,
                 shown[0], shown[1], shown[2]);
}

static const char *row_of(const struct canvas *canvas, size_t row, enum terminal_colours colours,
                          uint8_t *bytes, size_t size)
{
    struct wire wire = {.bytes = bytes, .capacity = size - 1};
    screen_row(canvas, row, colours, &wire);
    assert_false(wire.overflow);
    bytes[wire.length] = '\0';
    return (const char *)bytes;
}

/* Both set the same cells, each to its own words for the colour, and no colour a second time. */
static size_t compare(const struct canvas *canvas, size_t row)
{
    static uint8_t fine[65536], coarse[65536];
    const char *true_at = row_of(canvas, row, COLOURS_TRUECOLOUR, fine, sizeof fine);
    const char *at = row_of(canvas, row, COLOURS_256, coarse, sizeof coarse);
    struct set last[2] = {{.red = -1}, {.red = -1}};
    size_t count = 0;
    for (int layer; (true_at = next_set(true_at, &layer)) != NULL; true_at++, at++, count++) {
        struct set set = {.layer = layer};
        assert_int_equal(sscanf(true_at, "\x1b[%*d;2;%d;%d;%dm", &set.red, &set.green, &set.blue),
                         3);
        at = next_set(at, &layer);
        assert_non_null(at);
        assert_int_equal(layer, set.layer);
        assert_int_equal(sscanf(at, "\x1b[%*d;5;%dm", &set.number), 1);
        check(&set);
        struct set *before = &last[layer == 48];
        if (before->red == set.red && before->green == set.green && before->blue == set.blue)
            fail_msg("row %zu sets %d to %d, %d, %d again", row, layer, set.red, set.green,
                     set.blue);
        *before = set;
    }
    assert_null(next_set(at, &(int){0}));
    return count;
}

static size_t show(struct pixel pixels[static LIGHTS])
{
    static struct canvas canvas; /* large */
    const struct terminal_settings settings = {
        .pixels = LIGHTS, .width = 80, .colours = COLOURS_TRUECOLOUR};
    struct frame frame = {.pixels = pixels, .count = LIGHTS};
    size_t count = 0;
    canvas_lay_out(&canvas, &settings);
    canvas_show(&canvas, &frame);
    for (size_t row = 0; row < canvas.strip_rows; row++)
        count += compare(&canvas, row);
    return count;
}

static void the_nearest_of_256_colours_is_taken(void **state)
{
    (void)state;
    struct pixel pixels[LIGHTS];
    size_t count = 0;
    for (unsigned grey = 0; grey < 256; grey++) {
        const uint8_t v = (uint8_t)grey;
        pixels[grey % LIGHTS] = pixel_from_srgb((struct srgb){v, v, v});
        if (grey % LIGHTS == LIGHTS - 1)
            count += show(pixels);
    }
    for (size_t i = 0; i < 8 * LIGHTS; i++) {
        pixels[i % LIGHTS] = encoding_noise(i);
        if (i % LIGHTS == LIGHTS - 1)
            count += show(pixels);
    }
    assert_true(count > 1000);
}

/* Six characters, from dark to full. */
static const char *shade_of(int light)
{
    return light < 44    ? " "
           : light < 70  ? "\u00b7"
           : light < 120 ? "\u2591"
           : light < 175 ? "\u2592"
           : light < 225 ? "\u2593"
                         : "\u2588";
}

/* The most of all channels in the two half cells. */
static int light_at(const struct canvas *canvas, size_t x, size_t row)
{
    const struct srgb top = canvas_at(canvas, x, 2 * row), low = canvas_at(canvas, x, 2 * row + 1);
    const uint8_t parts[] = {top.red, top.green, top.blue, low.red, low.green, low.blue};
    int most = 0;
    for (size_t i = 0; i < sizeof parts; i++)
        most = parts[i] > most ? parts[i] : most;
    return most;
}

static void without_colours_light_is_a_character(void **state)
{
    (void)state;
    static struct canvas canvas; /* large */
    const struct terminal_settings settings = {.pixels = 1, .width = 20, .colours = COLOURS_NONE};
    bool seen[256] = {false};
    for (unsigned i = 0; i < 3 * 65536 / 8; i++) { /* one channel alone */
        uint8_t bytes[512];
        const uint16_t level = (uint16_t)(i / 3 * 8);
        struct pixel pixel = {i % 3 == 0 ? level : 0, i % 3 == 1 ? level : 0,
                              i % 3 == 2 ? level : 0};
        struct frame frame = {.pixels = &pixel, .count = 1};
        canvas_lay_out(&canvas, &settings);
        canvas_show(&canvas, &frame);
        const char *at = row_of(&canvas, 2, COLOURS_NONE, bytes, sizeof bytes);
        for (size_t x = 0; x < canvas.columns; x++) {
            const int light = light_at(&canvas, x, 2);
            const char *shade = shade_of(light);
            if (strncmp(at, shade, strlen(shade)) != 0)
                fail_msg("a light of %d is not '%s': %s", light, shade, at);
            at += strlen(shade);
            seen[light] = true;
        }
    }
    static const int bounds[] = {69, 70, 119, 120, 174, 175, 224, 225, 255};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (!seen[bounds[i]])
            fail_msg("no light of %d was looked at", bounds[i]);
}

/* Every strength that a lit segment may have: the upper half of an 8 is a segment alone. */
static void without_colours_each_strength_has_its_character(void **state)
{
    (void)state;
    static struct canvas canvas; /* large */
    const struct terminal_settings settings = {.digits = 1, .width = 20, .colours = COLOURS_NONE};
    const struct frame frame = {.text = "8"};
    canvas_lay_out(&canvas, &settings);
    canvas_show(&canvas, &frame);
    for (int light = 40; light < 256; light++) /* more than the board's own */
        for (size_t channel = 0; channel < 3; channel++) {
            const uint8_t v = (uint8_t)light;
            uint8_t bytes[512];
            canvas.segment_on =
                (struct srgb){channel == 0 ? v : 0, channel == 1 ? v : 0, channel == 2 ? v : 0};
            const char *row = row_of(&canvas, 0, COLOURS_NONE, bytes, sizeof bytes);
            const char *shade = shade_of(light);
            if (strncmp(row + 2, shade, strlen(shade)) != 0) /* behind two columns of board */
                fail_msg("a segment of %d is not '%s': %s", light, shade, row);
        }
}

/* What does not fit ends with dots, where there is room for a few words before them. */
static void words_are_shortened_where_there_is_room(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        size_t columns;
        const char *shown;
    } rows[] = {
        {"", 0, ""},
        {"one", 0, ""},
        {"one", 3, "one"},
        {"one two", 6, "one tw"},
        {"one two three four five", 19, "one two three four "},
        {"one two three four five", 20, "one two three ..."},
        {"one two three four five", 22, "one two three four ..."},
        {"one two three four five", 23, "one two three four five"},
        {"onetwothreefourfivesix", 20, "onetwothreefourf ..."},
        {"one twothreefourfivesix", 20, "one twothreefour ..."},
        {"12345678 threefourfivesix", 20, "12345678 ..."},
        {"1234567 threefourfivesix7", 20, "1234567 threefou ..."},
        {"\x1b[2J", 9, "?[2J"},
        {"\xff\xff", 9, "??"},
        {"\u20ac\u20ac", 1, "\u20ac"},
        {"\u4e2d\u6587", 3, "\u4e2d"}, /* two columns each */
        {"end\xe2\x82", 9, "end??"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char shown[128];
        struct wire wire = {.bytes = (uint8_t *)shown, .capacity = sizeof shown - 1};
        screen_words(rows[i].words, rows[i].columns, &wire);
        shown[wire.length] = '\0';
        if (strcmp(shown, rows[i].shown) != 0)
            fail_msg("'%s' in %zu columns: '%s'", rows[i].words, rows[i].columns, shown);
    }
}

static void words_are_halved_where_a_reader_would(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        size_t columns;
        const char *first, *second;
    } rows[] = {
        {"a | b", 5, "a | b", ""},      {"a | b", 4, "a", "b"},
        {"a | b | c", 4, "a", "b | c"}, {"one two", 6, "one", "two"},
        {"onetwo", 5, "onetw", "o"},    {"12 4567", 6, "12 456", "7"}, /* a word that is long */
        {"123 567", 6, "123", "567"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct screen_halves halves = screen_halve(rows[i].words, rows[i].columns);
        if (halves.first != strlen(rows[i].first) ||
            strncmp(rows[i].words, rows[i].first, halves.first) != 0 ||
            strcmp(rows[i].words + halves.second, rows[i].second) != 0)
            fail_msg("'%s' in %zu columns: %zu, %zu", rows[i].words, rows[i].columns, halves.first,
                     halves.second);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_of_256_colours_is_taken),
        cmocka_unit_test(without_colours_light_is_a_character),
        cmocka_unit_test(without_colours_each_strength_has_its_character),
        cmocka_unit_test(words_are_shortened_where_there_is_room),
        cmocka_unit_test(words_are_halved_where_a_reader_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
