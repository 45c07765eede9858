/*
 * WS2812 on the data line of SPI: at the clocks that Pis really have, for each kind of LED, and
 * what the model of the LEDs refuses.
 */
#include "chips/ws2812.h"
#include "encoding.h"
#include "strip_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct strip_model model;
static struct pixel pixels[2] = {{65535, 0, 0}, {0xA5A5, 0x0101, 0x8080}};

static struct wire encoded(void)
{
    struct ledstrip_settings settings = {
        .pixels = 2, .order = 3 /* grb */, .max_ma = 1000, .led_ma = 55};
    struct frame frame = {.pixels = pixels, .count = 2};
    return encoding_of(&chip_ws2812, &settings, &frame, true);
}

static void a_frame_is_as_the_reference_writes_it(void **state)
{
    (void)state;
    static const uint8_t lights[24] = {
        0x88, 0x88, 0x88, 0x88, 0xCC, 0xCC, 0xCC, 0xCC, 0x88, 0x88, 0x88, 0x88, /* red */
        0x88, 0x88, 0x88, 0x8C, 0xC8, 0xC8, 0x8C, 0x8C, 0xC8, 0x88, 0x88, 0x88, /* 01 A5 80 */
    };
    static const uint8_t zeros[113] = {0};
    struct wire wire = encoded();
    assert_int_equal(wire.length, 113 + 24 + 113);
    assert_memory_equal(wire.bytes, zeros, sizeof zeros);
    assert_memory_equal(wire.bytes + 113, lights, sizeof lights);
    assert_memory_equal(wire.bytes + 113 + 24, zeros, sizeof zeros);
    assert_true(chip_ws2812.spi.whole && chip_sk6812.spi.whole);
    assert_int_equal(chip_ws2812.spi.hz, 3000000);
}

static void real_clocks_make_legal_pulses(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const struct ws2812_timing *timing;
        double hz, byte_gap_ns;
        bool idles_high;
        const char *fault; /* "": it shows */
    } rows[] = {
        {"the clock that is asked for", &ws2812_classic, 3.0e6, 0, false, ""},
        {"the same, V5", &ws2812_v5, 3.0e6, 0, false, ""},
        {"the same, SK6812", &ws2812_sk6812, 3.0e6, 0, false, ""},
        {"a core of 250 MHz", &ws2812_classic, 250e6 / 84, 0, false, ""},
        {"the same, V5", &ws2812_v5, 250e6 / 84, 0, false, ""},
        {"the same, SK6812", &ws2812_sk6812, 250e6 / 84, 0, false, ""},
        {"a core of 400 MHz", &ws2812_v5, 400e6 / 134, 0, false, ""},
        {"the same, SK6812", &ws2812_sk6812, 400e6 / 134, 0, false, ""},
        {"a Pi 5", &ws2812_classic, 200e6 / 68, 0, false, ""},
        {"the same, V5", &ws2812_v5, 200e6 / 68, 0, false, ""},
        {"the same, SK6812", &ws2812_sk6812, 200e6 / 68, 0, false, ""},
        {"a controller that pauses a bit after each byte", &ws2812_v5, 3.0e6, 333, false, ""},
        {"a line that is high before", &ws2812_v5, 3.0e6, 0, true, ""},
        {"WS2813 at 2.6 MHz", &ws2812_ws2813, 2.6e6, 0, false, ""},
        {"the fastest that may be asked for", &ws2812_v5, 3.08e6, 0, false, ""},
        {"the same, SK6812", &ws2812_sk6812, 3.08e6, 0, false, ""},
        {"WS2813 at 3 MHz", &ws2812_ws2813, 3.0e6, 0, false,
         "a pulse that WS2813 takes for neither bit"},
        {"an idle Pi 4's core clock", &ws2812_classic, 1.19e6, 0, false,
         "a pulse that WS2812B takes for neither bit"},
        {"too slow for V5", &ws2812_v5, 2.4e6, 0, false,
         "a pulse that WS2812B-V5 takes for neither bit"},
        {"too fast", &ws2812_v5, 6.4e6, 0, false, "a pause of 141719 ns within a frame"},
        {"a pause that is too long", &ws2812_v5, 3.0e6, 20000, false,
         "a pause of 21000 ns within a frame"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ws2812_line line = {.timing = rows[i].timing,
                                   .hz = rows[i].hz,
                                   .byte_gap_ns = rows[i].byte_gap_ns,
                                   .idles_high = rows[i].idles_high};
        struct wire wire = encoded();
        strip_power(&model, 2, 3);
        ws2812_receive(&model, &line, wire.bytes, wire.length);
        if (strcmp(model.fault, rows[i].fault) != 0)
            fail_msg("%s: '%s'", rows[i].what, model.fault);
        static const uint8_t shown[2][4] = {{0, 0xFF, 0, STRIP_NEVER},
                                            {0x01, 0xA5, 0x80, STRIP_NEVER}};
        if (rows[i].fault[0] == '\0')
            assert_memory_equal(model.shown, shown, sizeof shown);
    }
}

static void the_model_notices_what_is_wrong(void **state)
{
    (void)state;
    static const struct ws2812_line line = {.timing = &ws2812_v5, .hz = 3.0e6};
    static const struct {
        const char *what;
        size_t skip, cut; /* bytes left out at the start and at the end */
        const char *fault;
    } rows[] = {
        {"a LED too few", 0, 113 + 12, "the frame was never shown"},
        {"no reset at the end", 0, 113, "the frame was never shown"},
        {"100 us at the end", 0, 75, "a pause of 102333 ns within a frame"},
        {"a byte is missing", 114, 0, "46 bits for 2 LEDs"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wire wire = encoded();
        strip_power(&model, 2, 3);
        ws2812_receive(&model, &line, wire.bytes + rows[i].skip,
                       wire.length - rows[i].skip - rows[i].cut);
        if (strcmp(model.fault, rows[i].fault) != 0)
            fail_msg("%s: '%s'", rows[i].what, model.fault);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_as_the_reference_writes_it),
        cmocka_unit_test(real_clocks_make_legal_pulses),
        cmocka_unit_test(the_model_notices_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
