#include "base/text.h"
#include "commands/capture.h"
#include "commands/commands.h"
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLINKT "--board=" SOURCE_DIR "/boards/pimoroni-blinkt.yaml"
#define FRAMES "--board=" SOURCE_DIR "/boards/frames.yaml"
#define DARK_LED " e4 00 00 00"
#define RAW_LED " ff 00 00 00"
#define END " 00 00 00 00 00\n"

static const struct {
    const char *sentence;
    const char *words[3];
    int status;
    const char *out; /* the whole of it */
    const char *err; /* a part of it */
} rows[] = {
    {"without pixels the board is dark",
     {BLINKT},
     EXIT_STATUS_OK,
     "strip: 00 00 00 00" DARK_LED DARK_LED DARK_LED DARK_LED DARK_LED DARK_LED DARK_LED DARK_LED
         END,
     ""},
    {"colours are sRGB, in linear light on the wire",
     {BLINKT, "--pixels=#ff0000,#FFAA00"},
     EXIT_STATUS_OK,
     "strip: 00 00 00 00 ff 00 00 ff ff 00 67 ff" DARK_LED DARK_LED DARK_LED DARK_LED DARK_LED
         DARK_LED END,
     ""},
    {"raw ones are the numbers themselves",
     {BLINKT, "--pixels=#ff0000,#008000", "--raw"},
     EXIT_STATUS_OK,
     "strip: 00 00 00 00 ff 00 00 ff ff 00 80 00" RAW_LED RAW_LED RAW_LED RAW_LED RAW_LED RAW_LED
         END,
     ""},
    {"too many pixels",
     {BLINKT, "--pixels=#000000,#000000,#000000,#000000,#000000,#000000,#000000,#000000,#000000"},
     EXIT_STATUS_USAGE,
     "",
     "the board has fewer pixels"},
    {"a short colour", {BLINKT, "--pixels=#ff00"}, EXIT_STATUS_USAGE, "", "'#ff00'"},
    {"a long colour", {BLINKT, "--pixels=#ff000000"}, EXIT_STATUS_USAGE, "", "#rrggbb"},
    {"no hex digit", {BLINKT, "--pixels=#ff00@0"}, EXIT_STATUS_USAGE, "", "#rrggbb"},
    {"a name",
     {BLINKT, "--pixels=red"},
     EXIT_STATUS_USAGE,
     "",
     "a colour is written '#rrggbb', such as '#ff0000', not 'red'\n"},
    {"an empty colour", {BLINKT, "--pixels=#ff0000,,#ff0000"}, EXIT_STATUS_USAGE, "", "#rrggbb"},
    {"a comma at the end", {BLINKT, "--pixels=#ff0000,"}, EXIT_STATUS_USAGE, "", "#rrggbb"},
    {"a text too long for any display",
     {FRAMES, "--text=123456789012345678901234567890"},
     EXIT_STATUS_USAGE,
     "",
     "no display has room"},
    {"no board",
     {"--raw"},
     EXIT_STATUS_USAGE,
     "",
     "say which board with '--board'\nUsage: amberbar encode [-b BOARD]"},
    {"nothing after an option's =",
     {BLINKT, "--pixels="},
     EXIT_STATUS_USAGE,
     "",
     "a value is missing after '--pixels'\nUsage: amberbar encode"},
    {"an empty word after an option",
     {BLINKT, "--text", ""},
     EXIT_STATUS_USAGE,
     "",
     "a value is missing after '--text'\n"},
    {"nothing after an option",
     {BLINKT, "--text"},
     EXIT_STATUS_USAGE,
     "",
     "a value is missing after '--text'\n"},
    {"a board that is none", {"--board=./nowhere.yaml"}, EXIT_STATUS_USAGE, "", "nowhere.yaml"},
};

static void prints_what_goes_over_the_wire(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const words[4] = {"encode", rows[i].words[0], rows[i].words[1],
                                      rows[i].words[2]};
        struct captured got = capture(&command_encode, words);
        if (got.status != rows[i].status || strcmp(got.out, rows[i].out) != 0 ||
            strstr(got.err, rows[i].err) == NULL)
            fail_msg("%s: exit %d\n%s%s", rows[i].sentence, got.status, got.out, got.err);
    }
}

static void frames_and_terminals_are_printed_as_bytes(void **state)
{
    (void)state;
    const char *const words[4] = {"encode", FRAMES, "--text=42"};
    struct captured got = capture(&command_encode, words);
    assert_int_equal(got.status, EXIT_STATUS_OK);
    assert_true(strncmp(got.out, "frames: 7b 22 74 5f 6d 73 22 3a 30 2c", 37) == 0);
    assert_non_null(strstr(got.out, " 22 74 65 78 74 22 3a 22 34 32 22 7d 0a\n"));
}

/* Takes a line off `at`, which moves behind it; the line, ended by a NUL. */
static char *take_line(char **at)
{
    char *line = *at;
    char *end = strchr(line, '\n');
    assert_non_null(end);
    *end = '\0';
    *at = end + 1;
    return line;
}

static void read_rows(char *text, size_t size)
{
    FILE *file = fopen(SOURCE_DIR "/tests/commands/encode.txt", "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

/*
 * A board of each chip, word for word: encode.txt has command lines, each with what it prints. Its
 * values were checked by hand against data sheets and makers' examples when they were written down.
 */
static void each_chip_word_for_word(void **state)
{
    (void)state;
    static char text[65536];
    read_rows(text, sizeof text);
    for (char *at = text; *at != '\0';) {
        char *line = take_line(&at);
        const char *words[4] = {"encode"};
        char shown[256];
        text_copy(shown, sizeof shown, line);
        assert_int_equal(strncmp(line, "$ ", 2), 0);
        line += 2;
        for (size_t i = 1; i < 4 && line != NULL; i++) {
            words[i] = line;
            line = strchr(line, ' ');
            if (line != NULL)
                *line++ = '\0';
        }
        struct captured got = capture(&command_encode, words);
        const char *expected = take_line(&at);
        size_t length = strlen(expected);
        if (got.status != EXIT_STATUS_OK || strncmp(got.out, expected, length) != 0 ||
            strcmp(got.out + length, "\n") != 0)
            fail_msg("%s\n%s%s", shown, got.out, got.err);
    }
}

static bool board_has(const char *path, const struct chip *chip)
{
    struct board board;
    struct complaints complaints = {0};
    bool has = false;
    assert_true(board_read(path, NULL, &board, &complaints));
    for (size_t i = 0; i < board.output_count; i++)
        has |= board.outputs[i].chip == chip;
    board_free(&board);
    complaints_free(&complaints);
    return has;
}

/* A chip that no board has yet is tried by a test of its own. */
static bool is_tried_alone(const struct chip *chip)
{
    char name[BUS_NAME_SIZE], path[256];
    glob_t boards;
    snprintf(name, sizeof name, "%s", chip->name);
    for (char *at = name; (at = strchr(at, '-')) != NULL;)
        *at = '_';
    snprintf(path, sizeof path, SOURCE_DIR "/tests/chips/test_%s.c", name);
    bool alone = access(path, R_OK) == 0;
    assert_int_equal(glob(SOURCE_DIR "/boards/*.yaml", 0, NULL, &boards), 0);
    for (size_t i = 0; alone && i < boards.gl_pathc; i++)
        alone = !board_has(boards.gl_pathv[i], chip);
    globfree(&boards);
    return alone;
}

/* All but the terminal's, which tests/chips/test_terminal.c looks at as a terminal does. */
static void no_chip_is_left_out(void **state)
{
    (void)state;
    static char text[65536];
    bool seen[64] = {false};
    read_rows(text, sizeof text);
    for (const char *at = text; (at = strstr(at, "$ --board=")) != NULL; at++) {
        char name[BUS_NAME_SIZE];
        struct board board;
        struct complaints complaints = {0};
        const char *from = at + strlen("$ --board=");
        snprintf(name, sizeof name, "%.*s", (int)strcspn(from, " "), from);
        assert_true(board_read(name, NULL, &board, &complaints));
        for (size_t i = 0; chips[i] != NULL; i++)
            seen[i] = seen[i] || chips[i] == board.outputs[0].chip;
        board_free(&board);
        complaints_free(&complaints);
    }
    for (size_t i = 0; chips[i] != NULL; i++)
        if (!seen[i] && strcmp(chips[i]->name, "terminal") != 0 && !is_tried_alone(chips[i]))
            fail_msg("no board with the chip %s is in encode.txt (one that no board has may have "
                     "tests/chips/test_NAME.c instead)",
                     chips[i]->name);
}

int main(void)
{
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_chip_word_for_word),
        cmocka_unit_test(no_chip_is_left_out),
        cmocka_unit_test(prints_what_goes_over_the_wire),
        cmocka_unit_test(frames_and_terminals_are_printed_as_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
