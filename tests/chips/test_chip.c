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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chips_are_found_by_their_name),
        cmocka_unit_test(every_chip_is_described_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
