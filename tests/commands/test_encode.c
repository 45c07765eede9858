#include "commands/capture.h"
#include "commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
        struct captured got = capture(command_encode, words);
        if (got.status != rows[i].status || strcmp(got.out, rows[i].out) != 0 ||
            strstr(got.err, rows[i].err) == NULL)
            fail_msg("%s: exit %d\n%s%s", rows[i].sentence, got.status, got.out, got.err);
    }
}

static void frames_and_terminals_are_printed_as_bytes(void **state)
{
    (void)state;
    const char *const words[4] = {"encode", FRAMES, "--text=42"};
    struct captured got = capture(command_encode, words);
    assert_int_equal(got.status, EXIT_STATUS_OK);
    assert_true(strncmp(got.out, "frames: 7b 22 74 5f 6d 73 22 3a 30 2c", 37) == 0);
    assert_non_null(strstr(got.out, " 22 74 65 78 74 22 3a 22 34 32 22 7d 0a\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_what_goes_over_the_wire),
        cmocka_unit_test(frames_and_terminals_are_printed_as_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
