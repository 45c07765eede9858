#include "chips/terminal.h"

#include "chips/terminal_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct terminal screen;
static struct pixel pixels[FRAME_PIXELS_MAX];
static struct frame frame = {.pixels = pixels, .count = FRAME_PIXELS_MAX};

/* Encodes the frame and shows it; returns the bytes' number. */
static size_t show(const struct terminal_settings *settings)
{
    struct wire wire = {.capacity = chip_terminal.wire_size(settings)};
    wire.bytes = malloc(wire.capacity);
    assert_non_null(wire.bytes);
    chip_terminal.encode(settings, &frame, false, &wire);
    assert_false(wire.overflow);
    assert_int_equal(wire.messages, 1);
    terminal_write(&screen, wire.bytes, wire.length);
    free(wire.bytes);
    return wire.length;
}

static void light_all(struct pixel light)
{
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = light;
}

static bool is_blank(const struct cell *cell)
{
    return cell->text[0] == '\0' || (cell->text[0] == ' ' && cell->back < 0);
}

/* Rows from the first to the last that has anything on it. */
static size_t rows_used(void)
{
    size_t used = 0;
    for (size_t row = 0; row < SCREEN_ROWS; row++)
        for (size_t column = 0; column < screen.columns; column++)
            if (!is_blank(&screen.cells[row][column]))
                used = row + 1;
    return used;
}

static void a_board_of_any_size_fits_its_width(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 3, 8, 9, 10, 16, 25, 30, 60, 76, 77, 144, 512, 1024};
    static const size_t widths[] = {20, 40, 80, 132, 200};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
            for (int colours = COLOURS_TRUECOLOUR; colours <= COLOURS_NONE; colours++) {
                struct terminal_settings settings = {.pixels = (int64_t)counts[k],
                                                     .digits = 4,
                                                     .colours = colours,
                                                     .width = (int64_t)widths[w]};
                for (size_t i = 0; i < FRAME_PIXELS_MAX; i++) /* every light another colour */
                    pixels[i] = (struct pixel){(uint16_t)(i * 7919), (uint16_t)(i * 104729),
                                               (uint16_t)(i * 1299709)};
                memset(frame.caption, 'x', sizeof frame.caption - 1);
                terminal_open(&screen, widths[w]);
                show(&settings);
                if (screen.unknown > 0 || screen.overruns > 0 || screen.row != 0 ||
                    screen.column != 0 || !screen.wraps || screen.updating)
                    fail_msg("%d pixels on %d columns: %u unknown, %u too far, cursor %d,%d",
                             (int)counts[k], (int)widths[w], screen.unknown, screen.overruns,
                             (int)screen.row, (int)screen.column);
                assert_false(screen.cursor);
                size_t used = rows_used();
                show(&settings); /* in place */
                assert_int_equal(rows_used(), used);
            }
    memset(frame.caption, 0, sizeof frame.caption);
}

static void what_stood_there_before_is_gone(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 3, .digits = 2, .width = 80};
    terminal_open(&screen, 80);
    for (size_t i = 0; i < 80 * 9; i++) {
        terminal_write(&screen, (const uint8_t *)"x", 1);
        if (i % 80 == 79)
            terminal_write(&screen, (const uint8_t *)"\n", 1);
    }
    screen.row = 0;
    show(&settings);
    for (size_t row = 0; row < 9; row++)
        for (size_t column = 0; column < 80; column++)
            if (screen.cells[row][column].text[0] == 'x')
                fail_msg("row %d, column %d", (int)row, (int)column);
}

/* The colour at the middle of each of eight lights: six of eight columns, on three rows. */
static int32_t lamp(size_t index)
{
    const struct cell *cell = &screen.cells[2][2 + 8 * index + 4];
    return cell->text[0] == ' ' ? cell->back : cell->front;
}

static void lights_show_their_colour_and_sockets_are_seen(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 8, .digits = 4, .width = 80};
    light_all((struct pixel){0, 0, 0});
    pixels[0] = (struct pixel){65535, 65535, 65535};
    pixels[1] = (struct pixel){65535, 26214, 0}; /* amber */
    pixels[2] = (struct pixel){655, 262, 0};     /* the same at a hundredth of the light */
    terminal_open(&screen, 80);
    show(&settings);
    assert_int_equal(lamp(0), 0xFFFFFF);
    int32_t amber = lamp(1), dim = lamp(2), dark = lamp(3), board = screen.cells[2][0].back;
    assert_int_equal(amber >> 16, 0xFF);
    assert_in_range(amber >> 8 & 0xFF, 0xA0, 0xB0);
    assert_true((dim >> 16) > (dim >> 8 & 0xFF) && (dim >> 8 & 0xFF) > (dim & 0xFF));
    assert_true((dim >> 16) > (dark >> 16) + 20);
    assert_true((dark >> 16) > (board >> 16) + 15);
    for (size_t i = 4; i < 8; i++)
        assert_int_equal(lamp(i), dark);
}

/* Neighbours that differ in one colour alone are told apart: each has its own three. */
static void every_light_has_its_own_three_colours(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 8, .width = 80};
    for (size_t turn = 0; turn < 8; turn++) {
        for (size_t i = 0; i < 8; i++) {
            const unsigned on = (unsigned)((i ^ turn) ^ (i ^ turn) >> 1); /* one after the other */
            pixels[i] =
                (struct pixel){(uint16_t)((on & 1) * 65535u), (uint16_t)((on >> 1 & 1) * 65535u),
                               (uint16_t)((on >> 2 & 1) * 65535u)};
        }
        terminal_open(&screen, 80);
        show(&settings);
        for (size_t i = 0; i < 8; i++) {
            const int32_t seen = lamp(i);
            const unsigned on = (unsigned)((i ^ turn) ^ (i ^ turn) >> 1);
            for (unsigned k = 0; k < 3; k++)
                if (((seen >> (16 - 8 * k) & 255) == 255) != ((on >> k & 1) != 0))
                    fail_msg("light %zu of turn %zu: %06x", i, turn, (unsigned)seen);
        }
    }
}

static void more_light_is_never_darker_on_screen(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 8, .digits = 0, .width = 80};
    int32_t last = 0;
    for (unsigned light = 0; light <= 65535; light += 251) {
        light_all((struct pixel){(uint16_t)light, 0, 0});
        terminal_open(&screen, 80);
        show(&settings);
        if (lamp(5) >> 16 < last)
            fail_msg("light %u is darker than the one before", light);
        last = lamp(5) >> 16;
    }
    assert_int_equal(last, 255);
}

/* What stands in a rectangle of the screen, '#' where the digits' colour is. */
static bool is_lit(size_t half_row, size_t column)
{
    const struct cell *cell = &screen.cells[half_row / 2][column];
    bool upper = half_row % 2 == 0 && cell->text[0] != ' ';
    int32_t colour = upper ? cell->front : cell->back;
    return colour > 0x808080;
}

static void digits_are_seven_segments_to_the_right(void **state)
{
    (void)state;
    static const char *const shapes[] = {
        "................#...#...#####", "................#...#.......#",
        "................#...#.......#", "................#####...#####",
        "....................#...#....", "....................#...#....",
        "....................#...#####",
    };
    const struct terminal_settings settings = {.pixels = 0, .digits = 4, .width = 80};
    memcpy(frame.text, "42", 3);
    terminal_open(&screen, 80);
    show(&settings);
    for (size_t y = 0; y < 7; y++)
        for (size_t x = 0; x < strlen(shapes[y]); x++)
            if (is_lit(y, 2 + x) != (shapes[y][x] == '#'))
                fail_msg("half row %d, column %d", (int)y, (int)x);
    frame.text[0] = '\0';
}

/* Half cells that show a light in full: all of it but its corners, where it is round. */
static void lights_are_as_large_as_there_is_room_for(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        int64_t pixels, per_row;
        size_t full;
    } rows[] = {
        {"six by six, round", 8, 0, 8 * 24},     {"as many as fit so", 9, 0, 9 * 24},
        {"four by four, round", 10, 0, 10 * 12}, {"as many", 15, 0, 15 * 12},
        {"three by four", 16, 0, 16 * 12},       {"all of the row", 19, 0, 19 * 12},
        {"two by four", 20, 0, 20 * 8},          {"as many of them", 25, 0, 25 * 8},
        {"one by four", 26, 0, 26 * 4},          {"all of the row again", 38, 0, 38 * 4},
        {"side by side", 39, 0, 39 * 4},         {"as many side by side", 76, 0, 76 * 4},
        {"on two rows", 77, 0, 77 * 2},          {"a matrix with room", 50, 25, 50 * 4},
        {"a matrix without", 52, 26, 52},        {"a matrix that is too wide", 77, 77, 77 * 2},
    };
    light_all((struct pixel){65535, 65535, 65535});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct terminal_settings settings = {
            .pixels = rows[i].pixels, .per_row = rows[i].per_row, .width = 80};
        size_t full = 0;
        terminal_open(&screen, 80);
        show(&settings);
        for (size_t row = 0; row < SCREEN_ROWS; row++)
            for (size_t column = 0; column < 80; column++) {
                const struct cell *cell = &screen.cells[row][column];
                full += (cell->text[0] != ' ' ? cell->front : cell->back) == 0xFFFFFF;
                full += cell->back == 0xFFFFFF;
            }
        if (full != rows[i].full)
            fail_msg("%s: %zu half cells, and not %zu", rows[i].sentence, full, rows[i].full);
    }
}

/* As bright as the frame says, and always told from a segment that is not lit. */
static void digits_are_dimmer_by_night(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 0, .digits = 4, .width = 80};
    int32_t last = INT32_MAX;
    memcpy(frame.text, "   8", 5);
    for (unsigned dimmed = 0; dimmed <= 65000; dimmed += 5000) {
        frame.text_dimmed = (uint16_t)dimmed;
        terminal_open(&screen, 80);
        show(&settings);
        const struct cell *on = &screen.cells[0][2 + 3 * 8 + 2], *off = &screen.cells[0][2 + 2];
        if (on->front >= last || (on->front >> 16) < (off->front >> 16) + 20)
            fail_msg("dimmed by %u: %06x after %06x, not lit %06x", dimmed, (unsigned)on->front,
                     (unsigned)last, (unsigned)off->front);
        const int32_t red = on->front >> 16, green = on->front >> 8 & 255, blue = on->front & 255;
        if (red <= green || green <= blue || blue < red / 2) /* a warm white */
            fail_msg("dimmed by %u: %06x", dimmed, (unsigned)on->front);
        last = on->front;
    }
    frame.text_dimmed = 0;
    frame.text[0] = '\0';
}

static void no_colour_shows_fill_with_characters(void **state)
{
    (void)state;
    const struct terminal_settings settings = {
        .pixels = 8, .digits = 4, .width = 80, .colours = COLOURS_NONE};
    light_all((struct pixel){0, 0, 0});
    pixels[0] = (struct pixel){65535, 26214, 0};
    pixels[1] = (struct pixel){3000, 1200, 0};
    terminal_open(&screen, 80);
    show(&settings);
    const char *lamps[] = {screen.cells[2][6].text, screen.cells[2][14].text,
                           screen.cells[2][22].text};
    assert_string_equal(lamps[0], "\u2588");
    assert_string_not_equal(lamps[1], lamps[0]);
    assert_string_not_equal(lamps[2], lamps[1]);
    assert_string_not_equal(lamps[2], lamps[0]);
    for (size_t row = 0; row < SCREEN_ROWS; row++)
        for (size_t column = 0; column < 80; column++)
            if (screen.cells[row][column].text[0] != '\0')
                assert_true(screen.cells[row][column].front < 0 &&
                            screen.cells[row][column].back < 0);
}

/* A light a line and three columns where there is room, else two lights a cell. */
static void a_matrix_keeps_its_rows(void **state)
{
    (void)state;
    static const struct {
        int64_t width;
        size_t rows, columns; /* of the terminal, from one light to the next */
    } views[] = {{80, 1, 3}, {20, 0, 1}};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        const struct terminal_settings settings = {
            .pixels = 64, .per_row = 16, .colours = COLOURS_NONE, .width = views[i].width};
        light_all((struct pixel){0, 0, 0});
        pixels[2 * 16 + 5] = (struct pixel){65535, 65535, 65535};
        terminal_open(&screen, (size_t)views[i].width);
        show(&settings);
        size_t row = views[i].rows == 1 ? 2 : 1, column = 2 + 5 * views[i].columns;
        assert_int_equal(terminal_rows(&settings), views[i].rows == 1 ? 6 : 4);
        for (size_t y = 0; y < 4; y++)
            for (size_t x = 0; x < 18; x++) {
                bool is_lit = strcmp(screen.cells[y][x].text, "\u2588") == 0;
                bool lit = y == row && x >= column && x < column + (views[i].rows == 1 ? 2 : 1);
                if (is_lit != lit)
                    fail_msg("%d columns: row %zu, column %zu has '%s'", (int)views[i].width, y, x,
                             screen.cells[y][x].text);
            }
    }
}

static void captions_are_cut_at_a_character_and_cannot_escape(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 1, .digits = 0, .width = 20};
    const char *caption = "\x1b[2Jgr\u00fc\u00df\n\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac"
                          "\u20ac\u20ac\u20ac\u20ac\u20ac";
    memcpy(frame.caption, caption, strlen(caption) + 1);
    terminal_open(&screen, 20);
    show(&settings);
    assert_int_equal(screen.unknown, 0);
    assert_int_equal(screen.overruns, 0);
    assert_string_equal(screen.cells[4][3].text, "[");
    assert_string_equal(screen.cells[4][8].text, "\u00fc");
    assert_string_equal(screen.cells[4][19].text, "\u20ac");
    frame.caption[0] = '\0';
}

/* Row `row` of the screen without its margin and the spaces at its end. */
static void read_row(size_t row, char line[static 256])
{
    line[0] = '\0';
    for (size_t x = 2; x < screen.columns; x++)
        strncat(line, screen.cells[row][x].text, 255 - strlen(line));
    for (size_t length = strlen(line); length > 0 && line[length - 1] == ' '; length--)
        line[length - 1] = '\0';
}

/* What explains an indicator stands at the end of its sentence. */
static void captions_have_two_lines(void **state)
{
    (void)state;
    static const struct {
        const char *caption, *first, *second;
    } rows[] = {
        {"a: fine | b: fine", "a: fine | b: fine", ""},
        {"web: 3 of 12 pods updated | ttfb: explained", "web: 3 of 12 pods updated",
         "ttfb: explained"},
        {"web: 3 of 12 new pods created, 0 of them available | ttfb: 0.5",
         "web: 3 of 12 new pods created, 0 of ...", "ttfb: 0.5"},
        {"a | ttfb: 0.5, warning from 0.4 up; explained by the rollout of web", "a",
         "ttfb: 0.5, warning from 0.4 up; ..."},
        {"ttfb: 0.5, warning from 0.4 up; explained by the rollout of web",
         "ttfb: 0.5, warning from 0.4 up;", "explained by the rollout of web"},
        {"3 of 12 new pods created, 0 of them safe", "3 of 12 new pods created, 0 of them safe",
         ""},
        {"", "", ""},
    };
    const struct terminal_settings settings = {.pixels = 1, .width = 42};
    terminal_open(&screen, 42);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char first[256], second[256];
        memcpy(frame.caption, rows[i].caption, strlen(rows[i].caption) + 1);
        show(&settings); /* over the one before, of which nothing stays */
        read_row(4, first);
        read_row(5, second);
        if (strcmp(first, rows[i].first) != 0 || strcmp(second, rows[i].second) != 0)
            fail_msg("'%s' is shown as '%s' and '%s'", rows[i].caption, first, second);
        assert_int_equal(screen.row, 0);
        assert_int_equal(screen.overruns, 0);
    }
    frame.caption[0] = '\0';
}

static void captions_that_do_not_fit_end_with_a_whole_word(void **state)
{
    (void)state;
    static const struct {
        int64_t width; /* two columns of it are the margin */
        const char *caption, *first, *second;
    } rows[] = {
        {42, "3 of 12 new pods created, 0 of them avail", "3 of 12 new pods created, 0 of them",
         "avail"},
        {42, "3 of 12 new pods created, 0 of them safe", "3 of 12 new pods created, 0 of them safe",
         ""},
        {42, "gr\u00fc\u00df\u00fc\u00df \u20ac\u20ac\u20ac 3 of 12 new pods created, 0 of them",
         "gr\u00fc\u00df\u00fc\u00df \u20ac\u20ac\u20ac 3 of 12 new pods created, 0", "of them"},
        {42, "https://prometheus.example.org/a/very/long/path",
         "https://prometheus.example.org/a/very/lo", "ng/path"},
        {42,
         "3 of 12 new pods created, 0 of them available, the oldest for a minute, more than it has",
         "3 of 12 new pods created, 0 of them", "available, the oldest for a minute, ..."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct terminal_settings settings = {.pixels = 1, .width = rows[i].width};
        char first[256], second[256];
        memcpy(frame.caption, rows[i].caption, strlen(rows[i].caption) + 1);
        terminal_open(&screen, (size_t)rows[i].width);
        show(&settings);
        read_row(4, first);
        read_row(5, second);
        if (strcmp(first, rows[i].first) != 0 || strcmp(second, rows[i].second) != 0)
            fail_msg("'%s' is shown as '%s' and '%s'", rows[i].caption, first, second);
        assert_int_equal(screen.overruns, 0);
    }
    frame.caption[0] = '\0';
}

/* The board stands where the cursor was, and what is above it stays. */
static void what_stands_above_the_board_stays(void **state)
{
    (void)state;
    static const char above[] = "above\r\nit\r\n";
    for (int64_t digits = 0; digits <= 4; digits += 4) {
        const struct terminal_settings settings = {.pixels = 8, .digits = digits, .width = 80};
        terminal_open(&screen, 80);
        terminal_write(&screen, (const uint8_t *)above, sizeof above - 1);
        for (int twice = 0; twice < 2; twice++) {
            show(&settings);
            assert_int_equal(screen.row, 2);
            assert_string_equal(screen.cells[0][0].text, "a");
            assert_string_equal(screen.cells[1][1].text, "t");
            assert_int_equal(rows_used(), 2 + terminal_rows(&settings) - 2); /* no words */
        }
    }
}

/* Words alone, as long as they may be, on one line or two; and no more room than these take. */
static void words_without_lights_have_room(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.width = 1000};
    terminal_open(&screen, 200);
    for (size_t first = 1; first < sizeof frame.caption; first++) {
        memset(frame.caption, 'x', sizeof frame.caption - 1);
        frame.caption[sizeof frame.caption - 1] = '\0';
        if (first + 3 < sizeof frame.caption - 1)
            memcpy(frame.caption + first, " | ", 3);
        assert_in_range(chip_terminal.wire_size(&settings), show(&settings),
                        2 * sizeof frame.caption + 128);
    }
    frame.caption[0] = '\0';
}

static void leaving_puts_the_cursor_below_the_board(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 8, .digits = 4, .width = 80};
    uint8_t bytes[64];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    memcpy(frame.caption, "words", 6);
    terminal_open(&screen, 80);
    show(&settings);
    chip_terminal.leave(&settings, &wire);
    terminal_write(&screen, bytes, wire.length);
    assert_true(screen.cursor);
    assert_int_equal(screen.row, rows_used() + 1);
    assert_int_equal(screen.column, 0);
    assert_true(wire.length <= chip_terminal.wire_size(&settings));
    frame.caption[0] = '\0';
}

static void without_a_terminal_there_are_lines(void **state)
{
    (void)state;
    const struct terminal_settings settings = {.pixels = 8, .digits = 4, .plain = true};
    static const struct {
        const char *text, *caption, *line;
    } rows[] = {
        {"42", "progressing 42 %", "progressing 42 %\n"},
        {"FAIL", "failed", "failed\n"},
        {"", "stable", "stable\n"},
        {"42", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[1024];
        struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
        memcpy(frame.text, rows[i].text, strlen(rows[i].text) + 1);
        memcpy(frame.caption, rows[i].caption, strlen(rows[i].caption) + 1);
        chip_terminal.encode(&settings, &frame, false, &wire);
        assert_int_equal(wire.length, strlen(rows[i].line));
        assert_memory_equal(bytes, rows[i].line, wire.length);
        assert_int_equal(wire.messages, wire.length > 0);
        wire_reset(&wire);
        chip_terminal.leave(&settings, &wire);
        assert_int_equal(wire.length, 0);
    }
}

static void the_environment_decides_what_is_left_open(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct terminal_settings given;
        struct terminal_facts facts;
        int colours;
        int64_t width;
        bool plain;
    } rows[] = {
        {"a modern terminal",
         {0},
         {true, 120, "xterm-256color", "truecolor", NULL},
         COLOURS_TRUECOLOUR,
         120,
         false},
        {"an older one", {0}, {true, 80, "xterm-256color", NULL, NULL}, COLOURS_256, 80, false},
        {"NO_COLOR", {0}, {true, 80, "xterm-256color", "truecolor", "1"}, COLOURS_NONE, 80, false},
        {"NO_COLOR that is empty",
         {0},
         {true, 80, "xterm", "24bit", ""},
         COLOURS_TRUECOLOUR,
         80,
         false},
        {"a file", {0}, {false, 0, "xterm", "truecolor", NULL}, COLOURS_TRUECOLOUR, 80, true},
        {"a dumb terminal", {0}, {true, 80, "dumb", NULL, NULL}, COLOURS_NONE, 80, true},
        {"no TERM", {0}, {true, 80, NULL, NULL, NULL}, COLOURS_NONE, 80, false},
        {"told otherwise",
         {.colours = COLOURS_256, .width = 60},
         {true, 120, "xterm", "truecolor", "1"},
         COLOURS_256,
         60,
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terminal_settings settings = rows[i].given;
        terminal_adapt(&settings, &rows[i].facts);
        if (settings.colours != rows[i].colours || settings.width != rows[i].width ||
            settings.plain != rows[i].plain)
            fail_msg("%s: colours %d, width %d, plain %d", rows[i].what, settings.colours,
                     (int)settings.width, settings.plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_board_of_any_size_fits_its_width),
        cmocka_unit_test(what_stood_there_before_is_gone),
        cmocka_unit_test(lights_show_their_colour_and_sockets_are_seen),
        cmocka_unit_test(every_light_has_its_own_three_colours),
        cmocka_unit_test(more_light_is_never_darker_on_screen),
        cmocka_unit_test(digits_are_seven_segments_to_the_right),
        cmocka_unit_test(lights_are_as_large_as_there_is_room_for),
        cmocka_unit_test(digits_are_dimmer_by_night),
        cmocka_unit_test(no_colour_shows_fill_with_characters),
        cmocka_unit_test(a_matrix_keeps_its_rows),
        cmocka_unit_test(captions_are_cut_at_a_character_and_cannot_escape),
        cmocka_unit_test(captions_have_two_lines),
        cmocka_unit_test(captions_that_do_not_fit_end_with_a_whole_word),
        cmocka_unit_test(what_stands_above_the_board_stays),
        cmocka_unit_test(words_without_lights_have_room),
        cmocka_unit_test(leaving_puts_the_cursor_below_the_board),
        cmocka_unit_test(without_a_terminal_there_are_lines),
        cmocka_unit_test(the_environment_decides_what_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
