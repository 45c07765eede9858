/*
 * The edges of the clocked bus, seen by a GPIO chip that only remembers: this file implements
 * gpio.h, so that no real back end is linked.
 */
#include "bus/bus.h"
#include "bus/gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define DATA 1U
#define CLOCK 2U
#define MESSAGE_MAX 64

struct gpio { /* the recorder */
    struct gpio_request request;
    uint32_t levels;
    size_t sets;
    size_t fail_at; /* this set fails, counted from 1; 0: none does */
    uint8_t received[MESSAGE_MAX];
    size_t bits;
    size_t unstable; /* data changes in the call that raises the clock, or while it is high */
    bool open;
};

static struct gpio recorder;
static bool refuse_open;

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    if (refuse_open) {
        (void)error_set(error, "refused");
        return NULL;
    }
    recorder = (struct gpio){.request = *request, .open = true};
    return &recorder;
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    gpio->sets++;
    if (gpio->sets == gpio->fail_at)
        return error_set(error, "the chip is gone");
    uint32_t before = gpio->levels;
    uint32_t after = (before & ~mask) | (levels & mask);
    bool data_changes = ((before ^ after) & DATA) != 0;
    if ((after & CLOCK) != 0 && data_changes)
        gpio->unstable++;
    if ((before & CLOCK) == 0 && (after & CLOCK) != 0) {
        assert_true(gpio->bits < sizeof gpio->received * 8);
        if ((after & DATA) != 0)
            gpio->received[gpio->bits / 8] |= (uint8_t)(0x80U >> gpio->bits % 8);
        gpio->bits++;
    }
    gpio->levels = after;
    return true;
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    (void)error;
    *levels = gpio->levels;
    return true;
}

void gpio_close(struct gpio *gpio)
{
    gpio->open = false;
}

static const struct gpio_clocked_settings blinkt = {
    .chips = {"pinctrl-rp1", "pinctrl-bcm2835"},
    .data = "GPIO23",
    .clock = "GPIO24",
};

static struct bus *open_bus(const struct gpio_clocked_settings *settings)
{
    struct error error = {0};
    struct bus *bus = bus_open_gpio_clocked(settings, &error);
    assert_non_null(bus);
    return bus;
}

struct row {
    const char *sentence;
    uint8_t bytes[MESSAGE_MAX];
    size_t length;
    size_t sets;
};

static const struct row rows[] = {
    {"nothing sent is no edge", {0}, 0, 0},
    {"eight zero bits take two calls each", {0x00}, 1, 16},
    {"the last bit may be a one and the lines still end low", {0x01}, 1, 16},
    {"alternating bits arrive in order, most significant first", {0x55, 0x2a}, 2, 32},
    {"a message that begins with a one needs one call more", {0x80}, 1, 17},
    {"all ones need the clock to fall between them", {0xff, 0xff}, 2, 33},
    {"a start frame and an LED of an APA102", {0, 0, 0, 0, 0xff, 0x12, 0x34, 0x56}, 8, 128},
};

static void test_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct error error = {0};
        struct bus *bus = open_bus(&blinkt);
        if (!bus_send(bus, row->bytes, row->length, &error) || recorder.sets != row->sets ||
            recorder.bits != row->length * 8 || recorder.unstable != 0 || recorder.levels != 0 ||
            memcmp(recorder.received, row->bytes, row->length) != 0)
            fail_msg("%s: %zu sets, %zu bits, %zu unstable, levels %u, first byte %02x: %s",
                     row->sentence, recorder.sets, recorder.bits, recorder.unstable,
                     recorder.levels, recorder.received[0], error.text);
        size_t sets = recorder.sets;
        bus_close(bus);
        assert_int_equal(recorder.sets, sets); /* low already: closing has nothing to set */
        assert_false(recorder.open);
    }
}

/* 4 + 4 n + 4 + ceil(n / 16) bytes; the lines clock whole bytes. */
static void test_two_calls_a_bit_for_every_frame(void **state)
{
    (void)state;
    uint8_t frame[41] = {0};
    for (size_t i = 4; i < 36; i++)
        frame[i] = i % 4 == 0 ? 0xff : (uint8_t)(i * 37);
    struct error error = {0};
    struct bus *bus = open_bus(&blinkt);
    for (size_t sent = 1; sent <= 3; sent++) {
        recorder.bits = 0;
        memset(recorder.received, 0, sizeof recorder.received);
        assert_true(bus_send(bus, frame, sizeof frame, &error));
        assert_int_equal(recorder.sets, sent * sizeof frame * 8 * 2);
        assert_memory_equal(recorder.received, frame, sizeof frame);
    }
    assert_int_equal(recorder.unstable, 0);
    bus_close(bus);
}

static void test_asks_for_data_then_clock(void **state)
{
    (void)state;
    struct bus *bus = open_bus(&blinkt);
    assert_int_equal(recorder.request.count, 2);
    assert_string_equal(recorder.request.lines[0], "GPIO23");
    assert_string_equal(recorder.request.lines[1], "GPIO24");
    assert_string_equal(recorder.request.chips[1], "pinctrl-bcm2835");
    bus_close(bus);
}

static void test_fault_at_every_call(void **state)
{
    (void)state;
    static const uint8_t message[] = {0x5a};
    for (size_t fail_at = 1; fail_at <= 16; fail_at++) {
        struct error error = {0};
        struct bus *bus = open_bus(&blinkt);
        recorder.fail_at = fail_at;
        assert_false(bus_send(bus, message, sizeof message, &error));
        assert_string_equal(error.text, "the chip is gone");
        assert_int_equal(recorder.sets, fail_at);

        /* After a fault the lines are put low first; then the message goes out whole. */
        recorder.bits = 0;
        memset(recorder.received, 0, sizeof recorder.received);
        assert_true(bus_send(bus, message, sizeof message, &error));
        assert_int_equal(recorder.bits, 8);
        assert_int_equal(recorder.received[0], message[0]);
        bus_close(bus);
        assert_int_equal(recorder.levels, 0);
    }
}

static void test_closing_after_a_fault_leaves_the_lines_low(void **state)
{
    (void)state;
    static const uint8_t ones[] = {0xff};
    for (size_t fail_at = 1; fail_at <= 17; fail_at++) {
        struct error error = {0};
        struct bus *bus = open_bus(&blinkt);
        recorder.fail_at = fail_at;
        assert_false(bus_send(bus, ones, sizeof ones, &error));
        bus_close(bus);
        assert_int_equal(recorder.levels, 0);
        assert_false(recorder.open);
    }
}

static int64_t now_us(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A lower bound holds on any machine, however loaded. */
static void test_half_period_is_kept(void **state)
{
    (void)state;
    static const int64_t half_periods_us[] = {3, 60};
    static const uint8_t message[] = {0x0f, 0x55};
    for (size_t i = 0; i < 2; i++) {
        struct gpio_clocked_settings slow = blinkt;
        slow.half_period_us = half_periods_us[i];
        struct error error = {0};
        struct bus *bus = open_bus(&slow);
        int64_t start = now_us();
        assert_true(bus_send(bus, message, sizeof message, &error));
        assert_true(now_us() - start >= (int64_t)recorder.sets * slow.half_period_us);
        bus_close(bus);
    }
}

static void test_open_error_is_handed_on(void **state)
{
    (void)state;
    struct error error = {0};
    refuse_open = true;
    assert_null(bus_open_gpio_clocked(&blinkt, &error));
    refuse_open = false;
    assert_string_equal(error.text, "refused");
    bus_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_two_calls_a_bit_for_every_frame),
        cmocka_unit_test(test_asks_for_data_then_clock),
        cmocka_unit_test(test_fault_at_every_call),
        cmocka_unit_test(test_closing_after_a_fault_leaves_the_lines_low),
        cmocka_unit_test(test_half_period_is_kept),
        cmocka_unit_test(test_open_error_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
