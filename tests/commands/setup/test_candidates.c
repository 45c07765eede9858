#include "commands/setup/candidates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* What memories of HATs say, and the titles of boards. */
static void test_hats(void **state)
{
    (void)state;
    static const struct {
        const char *title, *vendor, *product;
        bool is;
    } rows[] = {
        {"Raspberry Pi Sense HAT", "Raspberry Pi", "Sense HAT", true},
        {"Raspberry Pi Sense HAT", "Raspberry Pi", "Sense Hat v2", true},
        {"Pimoroni Unicorn HAT (Pi 5)", "Pimoroni Ltd.", "Unicorn HAT", true},
        {"Pimoroni Unicorn HAT (Pi 5)", "Pimoroni Ltd.", "Unicorn HAT HD", false},
        {"Pimoroni Unicorn pHAT (Pi 5)", "Pimoroni Ltd.", "Unicorn HAT", false},
        {"Traffic HAT", "Ryanteck Ltd.", "Traffic HAT", false},
        {"Pimoroni Blinkt!", "Pimoroni", "Blinkt", true},
        {"Pimoroni Blinkt!", "Pimoroni", "Blink", false},
        {"Terminal", "", "", false},
        {"Terminal", "Raspberry Pi", "", false},
        {"The Pi Hut STATUS board", "The Pi Hut", "STATUS", true},
        {"ReSpeaker 2-Mics Pi HAT", "Raspberry Pi", "PoE+ HAT", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (candidates_is_hat(rows[i].title, rows[i].vendor, rows[i].product) != rows[i].is)
            fail_msg("%s, %s: %s%s", rows[i].vendor, rows[i].product, rows[i].is ? "not " : "",
                     rows[i].title);
}

static void expect(const struct card cards[], size_t count, bool pi, const char *wanted)
{
    size_t chosen[CANDIDATES_MAX], length = 0;
    char names[512] = "";
    const size_t found = candidates_choose(cards, count, pi, chosen);
    for (size_t i = 0; i < found; i++)
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", i > 0 ? " " : "",
                                   cards[chosen[i]].name);
    assert_string_equal(names, wanted);
}

static void test_lists(void **state)
{
    (void)state;
    static const struct card cards[] = {
        {"apa102-spi", "", SIGN_NONE},
        {"blink1", "", SIGN_PLUGGED},
        {"pimoroni-blinkt", "", SIGN_READY},
        {"raspberry-pi-leds", "", SIGN_READY},
        {"raspberry-pi-sense-hat", "", SIGN_HAT},
        {"terminal", "", SIGN_READY},
        {"tm1637", "", SIGN_READY},
        {"ws2812-spi", "", SIGN_READY},
    };
    const size_t count = sizeof cards / sizeof cards[0];
    expect(cards, count, true,
           "raspberry-pi-sense-hat blink1 pimoroni-blinkt ws2812-spi tm1637 raspberry-pi-leds "
           "terminal");
    expect(cards, count, false, "raspberry-pi-sense-hat blink1 terminal");
    expect(&cards[5], 1, true, "terminal");
    expect(cards, 0, true, "");
}

/* However much is found, no light at all can still be chosen. */
static void test_no_light_is_always_listed(void **state)
{
    (void)state;
    struct card cards[20];
    for (size_t i = 0; i < 20; i++) {
        cards[i] = (struct card){.sign = SIGN_PLUGGED};
        snprintf(cards[i].name, sizeof cards[i].name, i == 19 ? "terminal" : "light-%zu", i);
        if (i == 19)
            cards[i].sign = SIGN_NONE;
    }
    size_t chosen[CANDIDATES_MAX];
    assert_int_equal(candidates_choose(cards, 20, true, chosen), CANDIDATES_MAX);
    assert_int_equal(chosen[CANDIDATES_MAX - 1], 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hats),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_no_light_is_always_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
