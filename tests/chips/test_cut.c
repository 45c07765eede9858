/*
 * Messages that end where a picture's changes end, on chains of LEDs bit by bit: what is not sent
 * stays as it was, and what a spike or a lost plug did to it is put right in time.
 */
#include "apa102_model.h"
#include "chips/apa102.h"
#include "daemon/outputs.h"
#include "encoding.h"
#include "fake_gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 144
#define WIRE_MOST (8 + 4 * MOST + MOST / 16 + 1)
#define FRAME_MS 40

static struct model strip;
static struct pixel pixels[MOST];

static uint32_t word_at(const uint8_t *bytes, size_t led)
{
    const uint8_t *at = bytes + 4 + 4 * led;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The first LED that does not show its part of a whole message; `count`: all do. */
static size_t first_wrong(const uint8_t *whole, size_t count)
{
    size_t led = 0;
    while (led < count && strip.leds[led].shown == word_at(whole, led))
        led++;
    return led;
}

static size_t changed_bytes(const uint8_t *before, const struct wire *now)
{
    size_t count = now->length;
    while (count > 0 && before[count - 1] == now->bytes[count - 1])
        count--;
    return count;
}

/* Sends `now` to a strip that shows `before`; how many bytes that took. */
static size_t send_changes(const struct apa102_settings *settings, const uint8_t *before,
                           const struct wire *now)
{
    static uint8_t bytes[WIRE_MOST];
    struct wire brief = {.bytes = bytes, .capacity = sizeof bytes};
    const struct wire *sent = now;
    if (chip_apa102.cut(settings, now, changed_bytes(before, now), &brief))
        sent = &brief;
    assert_false(sent->overflow);
    assert_int_equal(sent->messages, 1);
    model_send(&strip, sent->bytes, sent->length);
    return sent->length;
}

static void show_pictures(size_t count, bool sk9822)
{
    uint8_t before[WIRE_MOST] = {0};
    const struct apa102_settings settings = {.pixels = (int64_t)count, .max_ma = 100000};
    const struct frame frame = {.pixels = pixels, .count = count};
    size_t spared = 0;
    model_power(&strip, count + 3, sk9822); /* three more LEDs than configured */
    for (size_t picture = 0; picture < 60; picture++) {
        const size_t reach = picture == 0 ? count : 1 + (picture * 7919 + count) % count;
        for (size_t i = 0; i < reach; i++)
            pixels[i] = encoding_noise(i + 1000 * picture);
        const struct wire whole = encoding_of(&chip_apa102, &settings, &frame, false);
        spared += whole.length - send_changes(&settings, before, &whole);
        const size_t wrong = first_wrong(whole.bytes, count);
        if (wrong < count)
            fail_msg("%zu LEDs, picture %zu, changed up to %zu: LED %zu shows %08x, not %08x",
                     count, picture, reach, wrong, (unsigned)strip.leds[wrong].shown,
                     (unsigned)word_at(whole.bytes, wrong));
        for (size_t i = 0; i < count + 3; i++)
            if (strip.leds[i].malformed || (i >= count && strip.leds[i].whole > 0))
                fail_msg("%zu LEDs, picture %zu: LED %zu takes what is not for it", count, picture,
                         i);
        memcpy(before, whole.bytes, whole.length);
    }
    if (count > 16 && spared == 0)
        fail_msg("%zu LEDs: every message was whole", count);
}

static void short_messages_show_what_whole_ones_do(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 8, 15, 16, 17, 32, 33, 64, 65, MOST};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
        for (int sk9822 = 0; sk9822 < 2; sk9822++)
            show_pictures(counts[k], sk9822 != 0);
}

static void what_would_do_harm_or_be_no_shorter_is_not_cut(void **state)
{
    (void)state;
    static uint8_t bytes[WIRE_MOST];
    struct apa102_settings settings = {.pixels = 8, .max_ma = 1000};
    const struct frame frame = {.pixels = pixels, .count = 8};
    const struct wire whole = encoding_of(&chip_apa102, &settings, &frame, false);
    struct wire brief = {.bytes = bytes, .capacity = sizeof bytes};
    assert_false(chip_apa102.cut(&settings, &whole, whole.length, &brief));
    assert_false(chip_apa102.cut(&settings, &whole, 4 + 4 * 7 + 1, &brief)); /* in the last LED */
    assert_false(chip_apa102.cut(&settings, &whole, 4, &brief));             /* before the first */
    assert_int_equal(brief.messages, 0);
    settings.end = APA102_END_ONES; /* the LED behind would take them for white */
    assert_false(chip_apa102.cut(&settings, &whole, 8, &brief));
    settings.end = APA102_END_ZEROS;
    assert_true(chip_apa102.cut(&settings, &whole, 8, &brief));
    assert_int_equal(brief.length, 4 + 4 + 4 + 1);
}

/* As many LEDs as have changed, begun ones too: 4 bytes each behind the first 4. */
static void a_message_ends_behind_the_last_led_that_changed(void **state)
{
    (void)state;
    static uint8_t bytes[WIRE_MOST];
    const struct apa102_settings settings = {.pixels = 40, .max_ma = 100000};
    const struct frame frame = {.pixels = pixels, .count = 40};
    for (size_t i = 0; i < 40; i++)
        pixels[i] = encoding_noise(i);
    const struct wire whole = encoding_of(&chip_apa102, &settings, &frame, false);
    for (size_t changed = 0; changed <= whole.length; changed++) {
        size_t leds = 0;
        while (4 + 4 * leds < changed)
            leds++;
        const size_t length = 4 + 4 * leds + 4 + (leds + 15) / 16;
        struct wire brief = {.bytes = bytes, .capacity = leds < 40 ? length : sizeof bytes};
        memset(bytes, 0xA5, sizeof bytes);
        const bool is_cut = chip_apa102.cut(&settings, &whole, changed, &brief);
        if (is_cut != (leds > 0 && leds < 40) || (is_cut && brief.length != length))
            fail_msg("%zu bytes changed: cut to %zu", changed, is_cut ? brief.length : 0);
        for (size_t i = 0; is_cut && i < length; i++)
            if (bytes[i] != (i < 4 + 4 * leds ? whole.bytes[i] : 0))
                fail_msg("%zu bytes changed: byte %zu is %02x", changed, i, bytes[i]);
    }
    struct wire brief = {.bytes = bytes, .capacity = 4 + 4 + 4 + 1 - 1};
    assert_false(chip_apa102.cut(&settings, &whole, 8, &brief));
}

/* The daemon's outputs, over the real bus, in virtual time. */
#define LEDS 8
#define DATA 1U
#define CLOCK 2U

static struct apa102_settings eight = {.pixels = LEDS, .max_ma = 100000};
static struct board board = {
    .name = "eight",
    .outputs = {{.name = "strip",
                 .chip = &chip_apa102,
                 .chip_settings = &eight,
                 .bus = {.kind = BUS_GPIO, .gpio = {.data = "GPIO23", .clock = "GPIO24"}}}},
    .output_count = 1,
};

static size_t clocks; /* periods on the wire */

static void take_edge(void *model, uint32_t before, uint32_t after)
{
    if ((after & CLOCK) == 0 || (before & CLOCK) != 0)
        return;
    clocks++;
    model_clock(model, (after & DATA) != 0);
}

static struct outputs *open_outputs(void)
{
    struct error error = {0};
    const struct fake_chip chip = {.edge = take_edge, .model = &strip};
    fake_connect(&chip);
    model_power(&strip, LEDS, false);
    clocks = 0;
    struct outputs *outputs = outputs_open(&board, &error);
    assert_non_null(outputs);
    return outputs;
}

/* A light that runs along a green strip, up to its LED `reach`, at a moment. */
static void picture_at(int64_t now_ms, size_t reach)
{
    for (size_t i = 0; i < LEDS; i++)
        pixels[i] = (struct pixel){0, 30000, 0};
    pixels[(size_t)(now_ms / FRAME_MS) % reach] = (struct pixel){60000, 20000, 0};
}

static void show_at(struct outputs *outputs, int64_t now_ms)
{
    const struct frame frame = {.pixels = pixels, .count = LEDS, .time_ms = now_ms};
    assert_true(outputs_show(outputs, &frame, now_ms));
    outputs_update(outputs, now_ms);
}

static bool is_right(void)
{
    const struct frame frame = {.pixels = pixels, .count = LEDS};
    const struct wire whole = encoding_of(&chip_apa102, &eight, &frame, false);
    return first_wrong(whole.bytes, LEDS) == LEDS;
}

static void a_spike_is_put_right_within_a_second_while_it_moves(void **state)
{
    (void)state;
    for (size_t led = 0; led < LEDS; led++)
        for (int64_t spike_ms = 4000; spike_ms < 6000; spike_ms += FRAME_MS) {
            struct outputs *outputs = open_outputs();
            int64_t wrong_ms = 0;
            for (int64_t now_ms = 0; now_ms < 9000; now_ms += FRAME_MS) {
                picture_at(now_ms, 3);
                show_at(outputs, now_ms);
                if (now_ms == spike_ms)
                    strip.leds[led].shown = 0xE4000001;
                wrong_ms = is_right() ? wrong_ms : now_ms;
            }
            outputs_close(outputs);
            if (wrong_ms - spike_ms >= OUTPUT_WHOLE_MS)
                fail_msg("LED %zu is wrong for %lld ms after a spike at %lld ms", led,
                         (long long)(wrong_ms - spike_ms), (long long)spike_ms);
        }
}

static void a_strip_that_was_unplugged_is_whole_in_time(void **state)
{
    (void)state;
    for (int64_t still_ms = 3000; still_ms < 4100; still_ms += FRAME_MS) { /* from then on */
        struct outputs *outputs = open_outputs();
        int64_t wrong_ms = 0;
        for (int64_t now_ms = 0; now_ms < 40000; now_ms += FRAME_MS) {
            if (now_ms <= still_ms)
                picture_at(now_ms, 3);
            show_at(outputs, now_ms);
            if (now_ms == still_ms)
                model_power(&strip, LEDS, false);
            wrong_ms = is_right() ? wrong_ms : now_ms;
        }
        outputs_close(outputs);
        if (wrong_ms - still_ms >= OUTPUT_REPEAT_MS)
            fail_msg("still since %lld ms, and wrong for %lld ms", (long long)still_ms,
                     (long long)(wrong_ms - still_ms));
    }
}

/* The frame that turns the whole strip is lost at its end: the next one, far shorter, puts that
 * right. */
static void what_a_picture_has_changed_is_sent_twice(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    picture_at(0, 1);
    show_at(outputs, 0);
    memset(pixels, 0, sizeof pixels);
    show_at(outputs, FRAME_MS);
    strip.leds[LEDS - 1].shown = 0xE400FF00; /* green still */
    assert_false(is_right());
    pixels[0].red = 65535;
    show_at(outputs, 2 * FRAME_MS);
    assert_true(is_right());
    const size_t before = clocks;
    pixels[0].red = 30000;
    show_at(outputs, 3 * FRAME_MS);
    assert_int_equal(clocks - before, 8 * (4 + 4 + 4 + 1)); /* and no third time */
    outputs_close(outputs);
}

static void the_dark_is_sent_whole(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    memset(pixels, 0, sizeof pixels);
    for (int64_t now_ms = 0; now_ms <= 2 * FRAME_MS; now_ms += FRAME_MS) {
        pixels[0].green = (uint16_t)(65535 - 100 * now_ms);
        show_at(outputs, now_ms);
    }
    strip.leds[LEDS - 1].shown = 0xE400FF00;
    assert_true(outputs_darken(outputs, 3 * FRAME_MS));
    memset(pixels, 0, sizeof pixels);
    assert_true(is_right());
    outputs_close(outputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_messages_show_what_whole_ones_do),
        cmocka_unit_test(what_would_do_harm_or_be_no_shorter_is_not_cut),
        cmocka_unit_test(a_message_ends_behind_the_last_led_that_changed),
        cmocka_unit_test(a_spike_is_put_right_within_a_second_while_it_moves),
        cmocka_unit_test(a_strip_that_was_unplugged_is_whole_in_time),
        cmocka_unit_test(what_a_picture_has_changed_is_sent_twice),
        cmocka_unit_test(the_dark_is_sent_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
