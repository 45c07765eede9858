/*
 * SK9822: APA102's bytes on a strip that shows them only at the next start frame, and with a field
 * that is left alone unless asked for.
 */
#include "apa102_model.h"
#include "chips/apa102.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void one_frame_shows_at_every_length(void **state)
{
    (void)state;
    static struct model strip;
    static struct pixel pixels[FRAME_PIXELS_MAX];
    for (size_t k = 0; k < ENCODING_COUNTS; k++) {
        size_t count = encoding_counts[k];
        struct apa102_settings settings = {
            .pixels = (int64_t)count, .max_ma = 100000, .brightness_field = APA102_FIELD_FIXED};
        for (size_t i = 0; i < count; i++)
            pixels[i] = encoding_noise(i);
        struct frame frame = {.pixels = pixels, .count = count};
        struct wire wire = encoding_of(&chip_sk9822, &settings, &frame, false);
        model_power(&strip, count, true);
        model_send(&strip, wire.bytes, wire.length);
        for (size_t i = 0; i < count; i++) {
            uint32_t red = strip.leds[i].shown & 0xFF, header = strip.leds[i].shown >> 24;
            double exact = pixels[i].red * 255.0 / 65535;
            if (header != 0xFF || red > exact + 1 || red + 1 < exact)
                fail_msg("%zu LEDs: LED %zu shows %08x", count, i, (unsigned)strip.leds[i].shown);
        }
    }
}

static void its_field_is_fixed_unless_asked_for(void **state)
{
    (void)state;
    for (const struct field *field = chip_sk9822.fields; field->key != NULL; field++)
        if (strcmp(field->key, "brightness_field") == 0)
            assert_string_equal(field->fallback, "fixed");
    for (const struct field *field = chip_apa102.fields; field->key != NULL; field++)
        if (strcmp(field->key, "brightness_field") == 0)
            assert_string_equal(field->fallback, "scaled");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_frame_shows_at_every_length),
        cmocka_unit_test(its_field_is_fixed_unless_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
