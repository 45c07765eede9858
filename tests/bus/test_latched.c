/*
 * Clock, data and latch against a shift register: it takes bits at the clock's rise and shows them
 * at the latch's, as 74HC595 and MAX7219 do.
 */
#include "bus/bus.h"
#include "bus/fake_gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DATA 1U
#define CLOCK 2U
#define LATCH 4U

#define SHOWS_MAX 16

/* Two chained MAX7219, or four 74HC595: 32 bits, the oldest furthest away. */
static struct chip {
    uint32_t shifted;
    uint32_t shown[SHOWS_MAX]; /* at each latch */
    size_t shows;
    size_t bits;   /* since the last latch */
    size_t faults; /* edges that leave to chance what is taken */
} chip;

static void see(uint32_t before, uint32_t after)
{
    uint32_t changes = before ^ after;
    bool rises = (changes & after & CLOCK) != 0;
    bool latches = (changes & after & LATCH) != 0;
    if (rises && (changes & (DATA | LATCH)) != 0)
        chip.faults++;
    if (latches && (changes & (DATA | CLOCK)) != 0)
        chip.faults++;
    if ((before & after & CLOCK) != 0 && (changes & DATA) != 0)
        chip.faults++;
    if (rises) {
        chip.shifted = chip.shifted << 1 | (after & DATA);
        chip.bits++;
        chip.faults += (after & LATCH) != 0 ? 1 : 0; /* a MAX7221 takes none then */
    }
    if (latches) {
        assert_true(chip.shows < SHOWS_MAX);
        chip.shown[chip.shows++] = chip.shifted;
        chip.faults += (after & CLOCK) != 0 ? 1 : 0;
        chip.bits = 0;
    }
}

static const struct gpio_clocked_settings module = {
    .chips = {"pinctrl-bcm2835"}, .data = "GPIO10", .clock = "GPIO11", .latch = "GPIO8"};

static struct bus *open_bus(void)
{
    struct error error = {0};
    chip = (struct chip){0};
    fake = (struct fake_gpio){.changed = see};
    struct bus *bus = bus_open_gpio_clocked(&module, &error);
    assert_non_null(bus);
    return bus;
}

static const struct {
    const char *sentence;
    uint8_t bytes[4];
    size_t length;
    uint32_t shown;
} rows[] = {
    {"one word of a MAX7219", {0x0C, 0x01}, 2, 0x0C01},
    {"the first word goes to the last chip", {0x01, 0x6D, 0x02, 0x30}, 4, 0x016D0230},
    {"a message that begins with a one", {0xFF}, 1, 0xFF},
    {"a message that ends with a one", {0x00, 0x01}, 2, 0x0001},
    {"a byte of zeros is a picture too", {0x00}, 1, 0},
};

static void test_each_message_is_shown_once_and_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        struct bus *bus = open_bus();
        bool sent = bus_send(bus, rows[i].bytes, rows[i].length, &error);
        if (!sent || chip.shows != 1 || chip.shown[0] != rows[i].shown || chip.faults != 0 ||
            fake.driven != 0)
            fail_msg("%s: shown %zu times, %08x, %zu faults, lines %x: %s", rows[i].sentence,
                     chip.shows, chip.shown[0], chip.faults, fake.driven, error.text);
        bus_close(bus);
        assert_int_equal(chip.shows, 1);
    }
}

static void test_messages_follow_each_other(void **state)
{
    (void)state;
    struct error error = {0};
    struct bus *bus = open_bus();
    assert_int_equal(fake.requests[0].count, 3);
    assert_string_equal(fake.requests[0].lines[2], "GPIO8");
    for (uint8_t digit = 1; digit <= 8; digit++)
        assert_true(bus_send(bus, (const uint8_t[]){digit, 0x7F}, 2, &error));
    assert_int_equal(chip.shows, 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(chip.shown[i] & 0xFFFF, (i + 1) << 8 | 0x7F);
    assert_true(bus_send(bus, NULL, 0, &error));
    assert_int_equal(chip.shows, 8);
    bus_close(bus);
}

/* Half a message is never shown, neither by the fault, nor by closing, nor by what comes next. */
static void test_fault_at_every_call(void **state)
{
    (void)state;
    static const uint8_t message[] = {0xA5, 0x3C};
    for (size_t fail_at = 1; fail_at <= 35; fail_at++) {
        for (int anew = 0; anew < 2; anew++) {
            struct error error = {0};
            struct bus *bus = open_bus();
            fake.fail_at = fail_at;
            fake.short_lived = true;
            assert_false(bus_send(bus, message, sizeof message, &error));
            assert_string_equal(error.text, "the chip is gone");
            if (anew) {
                bus_close(bus);
                assert_int_equal(fake.driven, 0);
                bus = bus_open_gpio_clocked(&module, &error);
            }
            assert_true(bus_send(bus, message, sizeof message, &error));
            bus_close(bus);
            for (size_t i = 0; i < chip.shows; i++)
                if ((chip.shown[i] & 0xFFFF) != 0xA53C)
                    fail_msg("a fault at call %zu shows %04x", fail_at, chip.shown[i] & 0xFFFF);
            assert_true(chip.shows >= 1);
            assert_int_equal(chip.faults, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_message_is_shown_once_and_whole),
        cmocka_unit_test(test_messages_follow_each_other),
        cmocka_unit_test(test_fault_at_every_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
