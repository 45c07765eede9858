/*
 * A frame as one output gets it: its part of the pixels, the right way round, in the order of its
 * wire, and balanced.
 */
#include "daemon/output.h"

#include "chips/ddp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEDS 4
#define N OUTPUT_NO_PIXEL
#define RGB 5 /* of ledstrip_rgb_orders */

/* Pixel i is red of brightness i + 1 of the frame's six; the red of each LED of four is told. */
static const struct {
    const char *sentence;
    struct output_settings output;
    uint16_t map[LEDS];
    size_t mapped;
    const char *leds;
} rows[] = {
    {"as it is", {.from = 0}, {0}, 0, "1 2 3 4"},
    {"from the second on", {.from = 1}, {0}, 0, "2 3 4 5"},
    {"what the frame has not is dark", {.from = 4}, {0}, 0, "5 6 0 0"},
    {"the other way round", {.reverse = true}, {0}, 0, "4 3 2 1"},
    {"both", {.from = 2, .reverse = true}, {0}, 0, "6 5 4 3"},
    {"in the wire's order", {.from = 0}, {2, 0, 3, 1}, 4, "3 1 4 2"},
    {"with a LED that shows nothing", {.from = 1}, {1, N, 0, 2}, 4, "3 0 2 4"},
    {"beyond its map in order", {.from = 0}, {1, 0}, 2, "2 1 3 4"},
};

/* The reds, as 8 bits a LED. */
static void encode(const struct output_settings *output, const struct frame *frame,
                   char out[static 64])
{
    unsigned char bytes[256];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    out[0] = '\0';
    wire_reset(&wire);
    output_encode(output, frame, false, &wire);
    for (size_t i = 0; i < LEDS; i++) {
        const size_t length = strlen(out);
        snprintf(out + length, 64 - length, "%s%d", i > 0 ? " " : "",
                 bytes[DDP_HEADER_SIZE + 3 * i]);
    }
}

static void a_frame_is_cut_and_turned(void **state)
{
    (void)state;
    struct ddp_settings ddp = {.pixels = LEDS, .order = RGB};
    struct pixel pixels[6] = {0};
    for (size_t i = 0; i < 6; i++)
        pixels[i].red = (uint16_t)((i + 1) * 257);
    const struct frame frame = {.pixels = pixels, .count = 6};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct output_settings output = rows[i].output;
        uint16_t map[LEDS];
        char leds[64];
        memcpy(map, rows[i].map, sizeof map);
        output.chip = &chip_ddp;
        output.chip_settings = &ddp;
        output.map = rows[i].mapped > 0 ? map : NULL;
        output.map_count = rows[i].mapped;
        encode(&output, &frame, leds);
        if (strcmp(leds, rows[i].leds) != 0)
            fail_msg("%s: %s, not %s", rows[i].sentence, leds, rows[i].leds);
    }
}

/* Each share by itself, and what is lit stays lit; who tries a chip's own levels has them. */
static void white_is_balanced(void **state)
{
    (void)state;
    static const struct {
        double share[3];
        bool raw;
        struct pixel out;
    } balances[] = {
        {{0, 0, 0}, false, {51400, 51400, 51400}}, /* not said */
        {{1, 1, 1}, false, {51400, 51400, 51400}},   {{0.5, 1, 1}, false, {25700, 51400, 51400}},
        {{1, 0.5, 1}, false, {51400, 25700, 51400}}, {{1, 1, 0.5}, false, {51400, 51400, 25700}},
        {{0.5, 1, 1}, true, {51400, 51400, 51400}},
    };
    struct ddp_settings ddp = {.pixels = 1, .order = RGB};
    struct pixel pixel = {51400, 51400, 51400};
    const struct frame frame = {.pixels = &pixel, .count = 1};
    for (size_t i = 0; i < sizeof balances / sizeof balances[0]; i++) {
        struct output_settings output = {.chip = &chip_ddp, .chip_settings = &ddp};
        unsigned char bytes[64];
        struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
        memcpy(output.white_balance, balances[i].share, sizeof output.white_balance);
        wire_reset(&wire);
        output_encode(&output, &frame, balances[i].raw, &wire);
        const unsigned char *led = bytes + DDP_HEADER_SIZE;
        const struct pixel *out = &balances[i].out;
        if (led[0] != out->red / 257 || led[1] != out->green / 257 || led[2] != out->blue / 257)
            fail_msg("row %zu: %d %d %d", i, led[0], led[1], led[2]);
    }
}

/* As long a frame as there may be; its last LED is the frame's first. */
static void the_longest_frame_is_turned(void **state)
{
    (void)state;
    static struct pixel pixels[FRAME_PIXELS_MAX];
    struct ddp_settings ddp = {.pixels = FRAME_PIXELS_MAX, .order = RGB};
    const struct output_settings output = {
        .chip = &chip_ddp, .chip_settings = &ddp, .reverse = true};
    const struct frame frame = {.pixels = pixels, .count = FRAME_PIXELS_MAX};
    struct wire wire = {.capacity = chip_ddp.wire_size(&ddp)};
    wire.bytes = malloc(wire.capacity);
    assert_non_null(wire.bytes);
    pixels[0].blue = UINT16_MAX;
    wire_reset(&wire);
    output_encode(&output, &frame, false, &wire);
    assert_int_equal(wire.bytes[wire.length - 1], 255);
    free(wire.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_cut_and_turned),
        cmocka_unit_test(white_is_balanced),
        cmocka_unit_test(the_longest_frame_is_turned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
