#include "chips/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *what;
    struct frames_settings settings;
    int64_t time_ms;
    struct pixel pixels[3];
    size_t count;
    const char *text, *line;
} documented[] = {
    {"as documented",
     {.pixels = 3, .digits = 4},
     1200,
     {{65535, 26214, 0}, {1, 0, 0}, {0, 0, 0}},
     3,
     "42",
     "{\"t_ms\":1200,\"pixels\":[\"#ffaa00\",\"#010000\",\"#000000\"],\"text\":\"42\"}\n"},
    {"a shorter frame leaves the rest dark",
     {.pixels = 2, .digits = 4},
     0,
     {{65535, 65535, 65535}},
     1,
     "FAIL",
     "{\"t_ms\":0,\"pixels\":[\"#ffffff\",\"#000000\"],\"text\":\"FAIL\"}\n"},
    {"a longer frame is cut",
     {.pixels = 1, .digits = 4},
     -5,
     {{0, 0, 65535}, {1, 1, 1}},
     2,
     "",
     "{\"t_ms\":-5,\"pixels\":[\"#0000ff\"],\"text\":\"\"}\n"},
    {"no pixels, no digits",
     {.pixels = 0, .digits = 0},
     INT64_MAX,
     {{0}},
     0,
     "42",
     "{\"t_ms\":9223372036854775807,\"pixels\":[],\"text\":\"\"}\n"},
    {"words",
     {.pixels = 0, .digits = 4},
     0,
     {{0}},
     0,
     " a~",
     "{\"t_ms\":0,\"pixels\":[],\"text\":\" a~\"}\n"},
    {"one digit",
     {.pixels = 0, .digits = 1},
     0,
     {{0}},
     0,
     "7",
     "{\"t_ms\":0,\"pixels\":[],\"text\":\"7\"}\n"},
    {"text that JSON must escape",
     {.pixels = 0, .digits = 4},
     INT64_MIN,
     {{0}},
     0,
     "\"\\\x01\x7f\xc3z",
     "{\"t_ms\":-9223372036854775808,\"pixels\":[],\"text\":\"\\\"\\\\z\"}\n"},
};

static void a_frame_is_one_line_of_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documented / sizeof documented[0]; i++) {
        struct pixel pixels[3];
        uint8_t bytes[256] = {0};
        struct frame frame = {
            .time_ms = documented[i].time_ms, .pixels = pixels, .count = documented[i].count};
        struct wire wire = {.bytes = bytes,
                            .capacity = chip_frames.wire_size(&documented[i].settings)};
        assert_true(wire.capacity < sizeof bytes);
        memcpy(pixels, documented[i].pixels, sizeof pixels);
        memcpy(frame.text, documented[i].text, strlen(documented[i].text) + 1);
        chip_frames.encode(&documented[i].settings, &frame, false, &wire);
        assert_false(wire.overflow);
        assert_int_equal(wire.messages, 1);
        if (strcmp((const char *)bytes, documented[i].line) != 0)
            fail_msg("%s: %s", documented[i].what, (const char *)bytes);
    }
}

static void the_largest_frame_has_room(void **state)
{
    (void)state;
    static struct pixel pixels[FRAME_PIXELS_MAX];
    static uint8_t bytes[FRAME_PIXELS_MAX * 11 + 200];
    const struct frames_settings settings = {.pixels = FRAME_PIXELS_MAX,
                                             .digits = FRAME_TEXT_SIZE - 1};
    struct frame frame = {.time_ms = INT64_MIN, .pixels = pixels, .count = FRAME_PIXELS_MAX};
    struct wire wire = {.bytes = bytes, .capacity = chip_frames.wire_size(&settings)};
    memset(frame.text, '"', sizeof frame.text - 1);
    assert_true(wire.capacity <= sizeof bytes);
    chip_frames.encode(&settings, &frame, false, &wire);
    assert_false(wire.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_one_line_of_json),
        cmocka_unit_test(the_largest_frame_has_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
