/*
 * Night on digits: each chip's own steps of brightness.
 */
#include "chips/ht16k33.h"
#include "chips/max7219.h"
#include "chips/tm1637.h"
#include "chips/tm1638.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* From full light to none: the board file's brightness first, then never more, and never below 0.
 */
static void digits_dim_with_the_night(void **state)
{
    (void)state;
    static const struct tm1637_settings tm1637 = {.digits = 4, .brightness = 7};
    static const struct tm1637_settings low = {.digits = 4, .brightness = 3};
    static const struct ht16k33_settings ht16k33 = {.digits = 4, .brightness = 15};
    static const struct max7219_settings max7219 = {.chips = 1, .digits = 8, .brightness = 15};
    static const struct {
        const char *what;
        const struct chip *chip;
        const void *settings;
        size_t message, byte;
        uint8_t full, half, least;
    } rows[] = {
        {"TM1637: 7 of 16 is less than step 3", &chip_tm1637, &tm1637, 2, 0, 0x8F, 0x8A, 0x88},
        {"its board file says 3", &chip_tm1637, &low, 2, 0, 0x8B, 0x8A, 0x88},
        {"HT16K33", &chip_ht16k33, &ht16k33, 2, 0, 0xEF, 0xE7, 0xE0},
        {"MAX7219: 15 of 32", &chip_max7219, &max7219, 3, 1, 0x0F, 0x07, 0x00},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint8_t steps[] = {rows[i].full, rows[i].half, rows[i].least, rows[i].least};
        static const uint16_t dimmed[] = {0, 32767, 65534, 65535};
        uint8_t last = rows[i].full;
        for (unsigned level = 0; level <= 65535; level++) {
            struct frame frame = {.text = "42", .text_dimmed = (uint16_t)level};
            struct wire wire = encoding_of(rows[i].chip, rows[i].settings, &frame, false);
            const uint8_t *bytes;
            encoding_message(&wire, rows[i].message, &bytes);
            for (size_t k = 0; k < 4; k++)
                if (level == dimmed[k] && bytes[rows[i].byte] != steps[k])
                    fail_msg("%s: %02x at %u", rows[i].what, bytes[rows[i].byte], level);
            assert_in_range(bytes[rows[i].byte], rows[i].least, last);
            last = bytes[rows[i].byte];
        }
    }
}

/* A chip of digits and its steps' shares of light, as the datasheet has them. */
struct steps {
    const struct chip *chip;
    const void *settings;
    size_t message, byte; /* where the step is */
    bool turned;          /* its bits, since the bus begins with the most significant */
    unsigned first, count;
    unsigned shares[16];
};

static unsigned step_of(const struct steps *steps, double dimmed)
{
    const struct frame frame = {.text = "42", .text_dimmed = (uint16_t)dimmed};
    const uint8_t *bytes;
    struct wire wire = encoding_of(steps->chip, steps->settings, &frame, false);
    encoding_message(&wire, steps->message, &bytes);
    unsigned byte = bytes[steps->byte], turned = 0;
    for (unsigned bit = 0; bit < 8; bit++)
        turned |= (byte >> bit & 1) << (7 - bit);
    return (steps->turned ? turned : byte) - steps->first;
}

/* The largest that is no brighter. */
static void each_step_is_the_datasheets(void **state)
{
    (void)state;
    static const struct tm1637_settings tm1637 = {.digits = 4, .brightness = 7};
    static const struct ht16k33_settings ht16k33 = {.digits = 4, .brightness = 15};
    static const struct max7219_settings max7219 = {.chips = 1, .digits = 8, .brightness = 15};
    static const struct tm1638_settings tm1638 = {.brightness = 7};
    // clang-format off
    static const struct steps rows[] = {
        {&chip_tm1637, &tm1637, 2, 0, false, 0x88, 8, {1, 2, 4, 10, 11, 12, 13, 14}},
        {&chip_tm1638, &tm1638, 3, 0, true, 0x88, 8, {1, 2, 4, 10, 11, 12, 13, 14}},
        {&chip_ht16k33, &ht16k33, 2, 0, false, 0xE0, 16,
         {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
        {&chip_max7219, &max7219, 3, 1, false, 0, 16,
         {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31}},
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const unsigned last = rows[i].count - 1;
        for (unsigned step = 1; step <= last; step++) {
            const double lacks = 65535 * (1 - (double)rows[i].shares[step] / rows[i].shares[last]);
            const unsigned is = step_of(&rows[i], lacks), below = step_of(&rows[i], lacks + 2);
            if (is != step || below != step - 1)
                fail_msg("%s: %u and %u at step %u", rows[i].chip->name, is, below, step);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_dim_with_the_night),
        cmocka_unit_test(each_step_is_the_datasheets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
