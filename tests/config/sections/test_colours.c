/*
 * `colours:` of `display:`: which state each key colours, and with what.
 */
#include "config/expect.h"
#include "config/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same sum of bits is the same colour: nothing is computed twice here. */
static bool is_drive(const struct drive *drive, struct drive expected)
{
    return memcmp(drive, &expected, sizeof expected) == 0;
}

static struct config *read_colour(const char *key, const char *colour)
{
    char text[512];
    snprintf(text, sizeof text, HEAD "display: {colours: {%s: '%s'}}\n", key, colour);
    return read_text(text);
}

static void test_each_key_has_its_hue(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum hue hue;
    } rows[] = {
        {"stable", HUE_GREEN}, {"progressing", HUE_AMBER},   {"warning", HUE_ORANGE},
        {"failed", HUE_RED},   {"stalled", HUE_VERMILION},   {"degraded", HUE_MAGENTA},
        {"paused", HUE_SKY},   {"scaled_to_zero", HUE_REST}, {"unknown", HUE_WHITE},
        {"thinned", HUE_LIME},
    };
    const struct srgb colour = {0x12, 0x89, 0xef};
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct config *config = read_colour(rows[i].key, "#1289ef");
        const struct palette *palette = config->picture.palette;
        for (size_t hue = 0; hue < HUE_COUNT; hue++) {
            const bool chosen = hue == rows[i].hue;
            if (!is_drive(&palette->drives[hue],
                          chosen ? colour_drive(colour) : palettes[PALETTE_DEFAULT].drives[hue]))
                fail_msg("%s: hue %zu", rows[i].key, hue);
        }
        config_free(config);
    }
    scratch_remove();
}

static void test_each_digit_counts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct srgb colour;
    } rows[] = {
        {"#012345", {0x01, 0x23, 0x45}}, {"#6789ab", {0x67, 0x89, 0xab}},
        {"#cdef10", {0xcd, 0xef, 0x10}}, {"#ABCDEF", {0xab, 0xcd, 0xef}},
        {"#fEdCbA", {0xfe, 0xdc, 0xba}}, {"#ffffff", {0xff, 0xff, 0xff}},
        {"#010000", {0x01, 0x00, 0x00}}, {"#000100", {0x00, 0x01, 0x00}},
        {"#000001", {0x00, 0x00, 0x01}}, {"#f0f0f0", {0xf0, 0xf0, 0xf0}},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct config *config = read_colour("failed", rows[i].text);
        if (!is_drive(&config->picture.palette->drives[HUE_RED], colour_drive(rows[i].colour)))
            fail_msg("%s", rows[i].text);
        config_free(config);
    }
    scratch_remove();
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"#12345",  "#1234567", "1234567", "#12345/",
                                        "#12345:", "#12345@",  "#12345G", "#12345`",
                                        "#12345g", "#-12345",  ""};
    struct refused rows[sizeof texts / sizeof texts[0]];
    char said[sizeof texts / sizeof texts[0]][2][512];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(said[i][0], sizeof said[i][0], HEAD "display: {colours: {failed: '%s'}}\n",
                 texts[i]);
        snprintf(said[i][1], sizeof said[i][1],
                 "$:4:29: failed cannot be '%s'; write a colour such as \"#ff9000\"\n", texts[i]);
        rows[i] = (struct refused){texts[i], said[i][0], said[i][1]};
    }
    expect_configs(rows, sizeof rows / sizeof rows[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_key_has_its_hue),
        cmocka_unit_test(test_each_digit_counts),
        cmocka_unit_test(test_refused),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
