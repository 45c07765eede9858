/*
 * Lamps on lines, and lines that are held: levels from the first moment on, one call a change.
 */
#include "bus/bus.h"
#include "bus/fake_gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A relay board beside a traffic light: the second and the last line are active low. */
static const struct gpio_lines_settings tower = {
    .chips = {"pinctrl-bcm2835"},
    .lines = {{"GPIO9", false}, {"GPIO5", true}, {"GPIO11", false}, {"GPIO6", true}},
    .count = 4,
};
#define ACTIVE_LOW 0xAU

static struct bus *open_lamps(void)
{
    struct error error = {0};
    fake = (struct fake_gpio){0};
    struct bus *bus = bus_open_gpio_lines(&tower, &error);
    assert_non_null(bus);
    return bus;
}

static void test_every_lamp_is_off_from_its_request_on(void **state)
{
    (void)state;
    struct bus *bus = open_lamps();
    assert_int_equal(fake.requests[0].count, 4);
    assert_string_equal(fake.requests[0].lines[3], "GPIO6");
    assert_int_equal(fake.requests[0].levels, ACTIVE_LOW);
    assert_false(fake.requests[0].open_drain);
    assert_int_equal(fake.sets, 0);
    bus_close(bus);
    assert_int_equal(fake.sets, 0); /* a relay does not click when the daemon ends */
    assert_int_equal(fake.closes, 1);
}

static const struct {
    const char *sentence;
    uint8_t lamps[4];
    uint32_t levels;
} rows[] = {
    {"all off", {0, 0, 0, 0}, ACTIVE_LOW},
    {"all on", {1, 1, 1, 1}, 0x5},
    {"an active-high lamp alone", {1, 0, 0, 0}, 0xB},
    {"an active-low lamp alone", {0, 1, 0, 0}, 0x8},
    {"any byte but 0 is on", {0, 0, 255, 7}, 0x6},
};

static void test_lamps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        struct bus *bus = open_lamps();
        bool sent = bus_send(bus, rows[i].lamps, 4, &error);
        if (!sent || fake.driven != rows[i].levels || fake.sets != 1)
            fail_msg("%s: levels %x in %zu calls: %s", rows[i].sentence, fake.driven, fake.sets,
                     error.text);
        bus_close(bus);
    }
}

static void test_as_many_lamps_as_lines(void **state)
{
    (void)state;
    static const uint8_t lamps[5] = {0};
    struct error error = {0};
    struct bus *bus = open_lamps();
    assert_false(bus_send(bus, lamps, 3, &error));
    assert_string_equal(error.text, "the chip has 3 lamps, but 4 lines are wired: name a line for "
                                    "each lamp in the board file");
    assert_false(bus_send(bus, lamps, 5, &error));
    assert_int_equal(fake.sets, 0);
    bus_close(bus);
}

static void test_all_lines_that_there_can_be(void **state)
{
    (void)state;
    static const uint8_t lamps[BUS_LINES_MAX] = {[0] = 1, [BUS_LINES_MAX - 1] = 1};
    struct gpio_lines_settings many = {.count = BUS_LINES_MAX};
    struct error error = {0};
    fake = (struct fake_gpio){0};
    struct bus *bus = bus_open_gpio_lines(&many, &error);
    assert_true(bus_send(bus, lamps, BUS_LINES_MAX, &error));
    assert_int_equal(fake.driven, 1U << (BUS_LINES_MAX - 1) | 1U);
    bus_close(bus);
}

static void test_gone_and_back(void **state)
{
    (void)state;
    static const uint8_t lamps[] = {1, 1, 0, 0};
    struct error error = {0};
    struct bus *bus = open_lamps();
    fake.fail_at = 1;
    assert_false(bus_send(bus, lamps, 4, &error));
    assert_string_equal(error.text, "the chip is gone");
    bus_close(bus);
    fake.refuse = 2;
    assert_null(bus_open_gpio_lines(&tower, &error));
    fake.refuse = fake.fail_at = 0;
    bus = bus_open_gpio_lines(&tower, &error);
    assert_true(bus_send(bus, lamps, 4, &error));
    assert_int_equal(fake.driven, 0x9);
    bus_close(bus);
    assert_int_equal(fake.opens, fake.closes);
}

static const struct gpio_clocked_settings ring = {
    .chips = {"pinctrl-bcm2835"}, .data = "GPIO10", .clock = "GPIO11"};
static const struct gpio_hold_settings power = {
    .chips = {"pinctrl-bcm2835"}, .lines = {{"GPIO5", 1}, {"GPIO7", 0}}, .count = 2};

static void test_lines_are_held_as_long_as_the_bus_is_open(void **state)
{
    (void)state;
    static const uint8_t message[] = {0x01};
    struct error error = {0};
    fake = (struct fake_gpio){0};
    struct bus *bus = bus_hold(&power, bus_open_gpio_clocked(&ring, &error), &error);
    assert_non_null(bus);
    assert_int_equal(fake.opens, 2);
    assert_string_equal(fake.requests[1].lines[0], "GPIO5");
    assert_int_equal(fake.requests[1].count, 2);
    assert_int_equal(fake.requests[1].levels, 1);
    assert_true(bus_send(bus, message, 1, &error));
    assert_int_equal(fake.sets, 16);
    fake.fail_at = fake.calls + 1;
    assert_false(bus_send(bus, message, 1, &error));
    assert_string_equal(error.text, "the chip is gone");
    bus_close(bus);
    assert_int_equal(fake.closes, 2);
    assert_string_equal(fake.closed[0], "GPIO10"); /* the power goes last */
    assert_string_equal(fake.closed[1], "GPIO5");
}

static void test_what_cannot_be_held_closes_the_bus(void **state)
{
    (void)state;
    struct error error = {0};
    fake = (struct fake_gpio){.refuse = 2};
    assert_null(bus_hold(&power, bus_open_gpio_clocked(&ring, &error), &error));
    assert_string_equal(error.text, "refused");
    assert_int_equal(fake.opens, 1);
    assert_int_equal(fake.closes, 1);
    assert_null(bus_hold(&power, NULL, &error));
    assert_int_equal(fake.opens, 1);
}

static void test_nothing_to_hold_changes_nothing(void **state)
{
    (void)state;
    static const struct gpio_hold_settings nothing = {.count = 0};
    struct error error = {0};
    fake = (struct fake_gpio){0};
    struct bus *bus = bus_open_gpio_clocked(&ring, &error);
    assert_ptr_equal(bus_hold(&nothing, bus, &error), bus);
    assert_int_equal(fake.opens, 1);
    bus_close(bus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_lamp_is_off_from_its_request_on),
        cmocka_unit_test(test_lamps),
        cmocka_unit_test(test_as_many_lamps_as_lines),
        cmocka_unit_test(test_all_lines_that_there_can_be),
        cmocka_unit_test(test_gone_and_back),
        cmocka_unit_test(test_lines_are_held_as_long_as_the_bus_is_open),
        cmocka_unit_test(test_what_cannot_be_held_closes_the_bus),
        cmocka_unit_test(test_nothing_to_hold_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
