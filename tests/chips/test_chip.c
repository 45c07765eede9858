#include "chips/chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void chips_are_found_by_their_name(void **state)
{
    (void)state;
    for (const struct chip *const *chip = chips; *chip != NULL; chip++)
        assert_ptr_equal(chip_find((*chip)->name), *chip);
    assert_null(chip_find("apa103"));
    assert_null(chip_find(""));
}

static void every_chip_is_described_whole(void **state)
{
    (void)state;
    for (const struct chip *const *chip = chips; *chip != NULL; chip++) {
        assert_true((*chip)->buses != 0 && strlen((*chip)->summary) > 0);
        assert_true((*chip)->pixels && (*chip)->digits && (*chip)->wire_size && (*chip)->encode);
        for (const struct field *field = (*chip)->fields; field->key != NULL; field++) {
            if (field->help == NULL || field->offset >= (*chip)->settings_size)
                fail_msg("%s: key %s", (*chip)->name, field->key);
            assert_true(field->required || field->fallback != NULL);
            assert_ptr_equal(chip_field(*chip, field->key), field);
        }
        assert_null(chip_field(*chip, "no such key"));
    }
}

static void lights_are_found_by_the_names_they_are_sold_under(void **state)
{
    (void)state;
    static const struct {
        const char *name, *chip; /* NULL: none is known */
        size_t length;           /* 0: all of the name */
    } rows[] = {
        {"ws2812b", "ws2812", 0},
        {"WS2812-B", "ws2812", 0},
        {" Neo Pixel! ", "ws2812", 0},
        {"ws2812bx", NULL, 0},
        {"ws2812bx", "ws2812", 7},
        {"dotsta", NULL, 0},
        {"dotstar", NULL, 6},
        {"LPD8803", "lpd8806", 0},
        {"MAX7221", "max7219", 0},
        {"xdotstar", NULL, 0},
        {"-", NULL, 0},
        {"", NULL, 0},
        {"DotStar-", "apa102", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t length = rows[i].length > 0 ? rows[i].length : strlen(rows[i].name);
        char *exactly = malloc(length > 0 ? length : 1); /* nothing behind it is looked at */
        assert_non_null(exactly);
        memcpy(exactly, rows[i].name, length);
        const char *chip = chip_same_wire(exactly, length);
        free(exactly);
        if ((chip == NULL) != (rows[i].chip == NULL) ||
            (chip != NULL && strcmp(chip, rows[i].chip) != 0))
            fail_msg("'%s' is %s", rows[i].name, chip == NULL ? "none" : chip);
    }
}

/* Of data sheets; ws2812's are its bit times: 417, 333 and 325 ns a third. */
static void each_clock_is_what_its_data_sheet_allows(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t hz, min_hz, max_hz;
    } rows[] = {
        {"apa102", 1000000, 100000, 12000000}, {"sk9822", 1000000, 100000, 12000000},
        {"hc595", 1000000, 10000, 10000000},   {"lpd8806", 2000000, 100000, 12000000},
        {"p9813", 1000000, 100000, 15000000},  {"tm1638", 250000, 10000, 1000000},
        {"ws2801", 1000000, 100000, 25000000}, {"ws2812", 3000000, 2250000, 3080000},
        {"max7219", 1000000, 10000, 10000000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct chip *chip = chip_find(rows[i].name);
        assert_non_null(chip);
        if (chip->spi.hz != rows[i].hz || chip->spi.min_hz != rows[i].min_hz ||
            chip->spi.max_hz != rows[i].max_hz)
            fail_msg("%s: %d, %d to %d Hz", chip->name, (int)chip->spi.hz, (int)chip->spi.min_hz,
                     (int)chip->spi.max_hz);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chips_are_found_by_their_name),
        cmocka_unit_test(every_chip_is_described_whole),
        cmocka_unit_test(lights_are_found_by_the_names_they_are_sold_under),
        cmocka_unit_test(each_clock_is_what_its_data_sheet_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
