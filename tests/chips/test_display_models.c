/*
 * The displays' models by themselves: they notice what no display would put up with.
 */
#include "display_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_models_notice_what_is_wrong(void **state)
{
    (void)state;
    struct ht16k33 display;
    ht16k33_power(&display);
    ht16k33_write(&display, (const uint8_t[]){0x21}, 1);
    ht16k33_write(&display, (const uint8_t[]){0x81}, 1);
    assert_string_equal(display.fault, "on with random RAM");

    struct max7219 chain;
    max7219_power(&chain, 2);
    max7219_spi(&chain, (const uint8_t[]){0x0C, 0x01}, 2);
    assert_string_equal(chain.fault, "not a word a chip");

    struct tm1637 digits;
    struct fake_chip chip = tm1637_power(&digits);
    chip.edge(&digits, 3, 1); /* START, and STOP after five bits */
    for (int bit = 0; bit < 5; bit++) {
        chip.edge(&digits, 1, 0);
        chip.edge(&digits, 0, 1);
    }
    chip.edge(&digits, 1, 3);
    assert_string_equal(digits.fault, "STOP within a byte");

    struct tm1638 board;
    tm1638_power(&board);
    tm1638_spi(&board, (const uint8_t[]){0x11}, 1); /* 88, the least significant bit first */
    assert_string_equal(board.fault, "on with random memory");
    tm1638_power(&board);
    tm1638_spi(&board, (const uint8_t[]){0x40}, 1); /* the most significant bit first */
    assert_string_equal(board.fault, "no instruction");
    struct is31fl3731 shim;
    is31fl3731_power(&shim);
    is31fl3731_write(&shim, (const uint8_t[]){0xFD, 0x0B}, 2);
    is31fl3731_write(&shim, (const uint8_t[]){0x0A, 0x01}, 2);
    assert_string_equal(shim.fault, "runs with random memory");
    is31fl3731_power(&shim);
    is31fl3731_write(&shim, (const uint8_t[]){0xFD, 0x09}, 2);
    assert_string_equal(shim.fault, "no page");

    chip = tm1638_power(&board);
    chip.edge(&board, 4, 0);
    chip.edge(&board, 0, 2);
    chip.edge(&board, 2, 6);
    assert_string_equal(board.fault, "STB rises within a byte");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_models_notice_what_is_wrong)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
