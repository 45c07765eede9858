/*
 * The two-wire bus against a TM1637 that reads its edges: what arrives, what may not happen on the
 * wires, and what is said when nobody answers.
 */
#include "bus/bus.h"
#include "bus/fake_gpio.h"
#include "bus/tm1637.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tm1637 chip;

static const struct gpio_clocked_settings module = {
    .chips = {"pinctrl-bcm2835"},
    .data = "GPIO20",
    .clock = "GPIO21",
};

/* "12:34" at full brightness: the datasheet's three commands. */
static const uint8_t set_data[] = {0x40};
static const uint8_t digits[] = {0xC0, 0x06, 0xDB, 0x4F, 0x66};
static const uint8_t control[] = {0x8F};
static const struct {
    const uint8_t *bytes;
    size_t length;
} picture[] = {{set_data, sizeof set_data}, {digits, sizeof digits}, {control, sizeof control}};

static void see(uint32_t before, uint32_t after)
{
    (void)before;
    tm1637_see(&chip, after, fake.now_us);
}

static uint32_t wires(uint32_t driven)
{
    return tm1637_wires(&chip, driven);
}

static void plug_in(void)
{
    chip = (struct tm1637){.present = true,
                           .least_us = TWOWIRE_HALF_PERIOD_US,
                           .levels = TM1637_CLK | TM1637_DIO,
                           .clock_us = INT32_MIN,
                           .dio_us = INT32_MIN};
    fake = (struct fake_gpio){.driven = TM1637_CLK | TM1637_DIO, .changed = see, .wires = wires};
}

static struct bus *open_bus(void)
{
    struct error error = {0};
    struct bus *bus = bus_open_gpio_twowire(&module, &error);
    assert_non_null(bus);
    return bus;
}

static bool send_picture(struct bus *bus, struct error *error)
{
    for (size_t i = 0; i < sizeof picture / sizeof picture[0]; i++)
        if (!bus_send(bus, picture[i].bytes, picture[i].length, error))
            return false;
    return true;
}

static void expect_picture(const char *when, size_t which)
{
    if (memcmp(chip.ram, digits + 1, sizeof digits - 1) != 0 || chip.control != 0x8F ||
        chip.faults != 0)
        fail_msg("%s %zu: RAM %02x %02x %02x %02x, control %02x, %zu faults", when, which,
                 chip.ram[0], chip.ram[1], chip.ram[2], chip.ram[3], chip.control, chip.faults);
}

static void test_display_shows_what_was_sent(void **state)
{
    (void)state;
    plug_in();
    struct error error = {0};
    struct bus *bus = open_bus();
    assert_true(fake.requests[0].open_drain);
    assert_int_equal(fake.requests[0].levels, TM1637_CLK | TM1637_DIO);
    assert_string_equal(fake.requests[0].lines[0], "GPIO21");
    assert_string_equal(fake.requests[0].lines[1], "GPIO20");
    assert_true(send_picture(bus, &error));
    expect_picture("at message", 1);
    assert_int_equal(chip.messages, 3);
    assert_int_equal(chip.bytes, 7);
    assert_int_equal(chip.aborts, 0);
    assert_int_equal(fake.driven, TM1637_CLK | TM1637_DIO);
    assert_int_equal(fake.sets, 7 * 9 * 3 + 3 * (1 + 4)); /* an edge a call, and DIO each bit */
    assert_true(bus_send(bus, NULL, 0, &error));
    assert_int_equal(chip.messages, 3);
    bus_close(bus);
    assert_int_equal(fake.closes, 1);
}

static const struct {
    const char *sentence;
    uint8_t byte;
} bytes[] = {
    {"the least significant bit comes first", 0x01},
    {"and the most significant last", 0x80},
    {"all bits low leave only the clock", 0x00},
    {"all bits high", 0xFF},
    {"neighbours differ", 0xA5},
};

static void test_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        plug_in();
        struct error error = {0};
        struct bus *bus = open_bus();
        const uint8_t message[] = {0xC5, bytes[i].byte};
        bool sent = bus_send(bus, message, sizeof message, &error);
        if (!sent || chip.ram[5] != bytes[i].byte || chip.faults != 0)
            fail_msg("%s: %02x came as %02x, %zu faults: %s", bytes[i].sentence, bytes[i].byte,
                     chip.ram[5], chip.faults, error.text);
        bus_close(bus);
    }
}

static void test_wire_gets_its_time(void **state)
{
    (void)state;
    struct gpio_clocked_settings slow = module;
    slow.half_period_us = 300;
    plug_in();
    chip.least_us = 300;
    struct error error = {0};
    struct bus *bus = bus_open_gpio_twowire(&slow, &error);
    assert_true(send_picture(bus, &error));
    expect_picture("at us", 300);
    bus_close(bus);
    plug_in();
    chip.least_us = TWOWIRE_HALF_PERIOD_US + 1; /* the model does notice */
    bus = open_bus();
    assert_true(send_picture(bus, &error));
    assert_true(chip.faults > 0);
    bus_close(bus);
}

static void test_nobody_on_the_wires(void **state)
{
    (void)state;
    plug_in();
    chip.present = false;
    struct error error = {0};
    struct bus *bus = open_bus();
    assert_false(send_picture(bus, &error));
    assert_string_equal(error.text,
                        "no display on CLK GPIO21 and DIO GPIO20, for nothing pulls GPIO21 and "
                        "GPIO20 up: check its wires and its power (3.3 V and ground)");
    bus_close(bus);
}

static uint32_t clock_alone(uint32_t driven)
{
    return driven & TM1637_CLK;
}

static void test_one_wire_is_off(void **state)
{
    (void)state;
    plug_in();
    fake.wires = clock_alone;
    struct error error = {0};
    struct bus *bus = open_bus();
    assert_false(send_picture(bus, &error));
    assert_non_null(strstr(error.text, "nothing pulls GPIO20 up"));
    bus_close(bus);
}

/* A display that stops answering is reported, its lines rest, and it is found again. */
static void test_display_falls_silent_at_every_byte(void **state)
{
    (void)state;
    for (size_t heard = 1; heard < 7; heard++) {
        plug_in();
        chip.deaf_after = heard;
        struct error error = {0};
        struct bus *bus = open_bus();
        bool sent = send_picture(bus, &error);
        if (sent ||
            strstr(error.text, "no answer from the display on CLK GPIO21 and DIO GPIO20") == NULL)
            fail_msg("deaf after %zu bytes: \"%s\"", heard, error.text);
        assert_int_equal(fake.driven, TM1637_CLK | TM1637_DIO);
        assert_int_equal(chip.faults, 0);
        chip.deaf_after = 0;
        assert_true(send_picture(bus, &error));
        expect_picture("heard again after byte", heard);
        bus_close(bus);
    }
}

/* A fault in any call: it is reported, and the next picture is whole, on this bus and on a new one.
 */
static void test_fault_at_every_call(void **state)
{
    (void)state;
    for (size_t fail_at = 2; fail_at < 7 * 28 + 3 * 6; fail_at++) {
        for (int anew = 0; anew < 2; anew++) {
            plug_in();
            struct error error = {0};
            struct bus *bus = open_bus();
            fake.fail_at = fail_at;
            fake.short_lived = true;
            assert_false(send_picture(bus, &error));
            assert_string_equal(error.text, "the chip is gone");
            if (anew) {
                bus_close(bus);
                bus = open_bus();
            }
            error.text[0] = '\0';
            if (!send_picture(bus, &error))
                fail_msg("after a fault at call %zu: %s", fail_at, error.text);
            expect_picture("after a fault at call", fail_at);
            bus_close(bus);
        }
    }
}

/* Whoever held the lines before was killed while the display held its ACK, or inside a byte. */
static void test_display_left_in_the_middle_of_a_byte(void **state)
{
    (void)state;
    for (unsigned clocks = 0; clocks <= 9; clocks++) {
        plug_in();
        chip.begun = true;
        chip.clocks = clocks;
        chip.holds = clocks == 9;
        chip.levels = tm1637_wires(&chip, TM1637_CLK | TM1637_DIO);
        struct error error = {0};
        struct bus *bus = open_bus();
        bool sent = send_picture(bus, &error);
        bus_close(bus);
        if (!sent || memcmp(chip.ram, digits + 1, sizeof digits - 1) != 0)
            fail_msg("after %u clocks: %s", clocks, error.text);
    }
}

static void test_open_error_is_handed_on(void **state)
{
    (void)state;
    plug_in();
    fake.refuse = 1;
    struct error error = {0};
    assert_null(bus_open_gpio_twowire(&module, &error));
    assert_string_equal(error.text, "refused");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_display_shows_what_was_sent),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_wire_gets_its_time),
        cmocka_unit_test(test_nobody_on_the_wires),
        cmocka_unit_test(test_one_wire_is_off),
        cmocka_unit_test(test_display_falls_silent_at_every_byte),
        cmocka_unit_test(test_fault_at_every_call),
        cmocka_unit_test(test_display_left_in_the_middle_of_a_byte),
        cmocka_unit_test(test_open_error_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
