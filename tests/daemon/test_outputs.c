/*
 * Several outputs from one picture, in virtual time, on GPIO lines that only remember: what fails
 * does not stop the others and comes back whole; what wears changes no faster than it may.
 */
#include "bus/gpio.h"
#include "chips/lamps.h"
#include "daemon/outputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LAMPS 2

/* One request of lines, by the name of its first. */
struct gpio {
    const char *line;
    uint32_t levels;
    size_t sets, opens;
    bool refuses, fails;
};

static struct gpio wires[2] = {{.line = "GPIO5"}, {.line = "GPIO9"}};

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    for (size_t i = 0; i < 2; i++) {
        struct gpio *gpio = &wires[i];
        if (strcmp(gpio->line, request->lines[0]) != 0)
            continue;
        gpio->opens++;
        gpio->levels = request->levels;
        if (!gpio->refuses)
            return gpio;
    }
    (void)error_set(error, "refused");
    return NULL;
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    gpio->sets++;
    if (gpio->fails)
        return error_set(error, "the chip is gone");
    gpio->levels = (gpio->levels & ~mask) | (levels & mask);
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
    (void)gpio;
}

static struct lamps_settings plain = {
    .lamps = {{LAMP_RED, LAMPS_ANY_PIXEL, false}, {LAMP_GREEN, LAMPS_ANY_PIXEL, false}},
    .count = LAMPS};
static struct lamps_settings relays = {
    .lamps = {{LAMP_RED, LAMPS_ANY_PIXEL, true}, {LAMP_GREEN, LAMPS_ANY_PIXEL, true}},
    .count = LAMPS};

static struct board board = {
    .name = "two",
    .outputs = {{.name = "lamps",
                 .chip = &chip_lamps,
                 .chip_settings = &plain,
                 .bus = {.kind = BUS_GPIO,
                         .lines = {.lines = {{"GPIO5", false}, {"GPIO6", false}}, .count = LAMPS}}},
                {.name = "relays",
                 .chip = &chip_lamps,
                 .chip_settings = &relays,
                 .bus = {.kind = BUS_GPIO,
                         .lines = {.lines = {{"GPIO9", true}, {"GPIO10", true}}, .count = LAMPS}}}},
    .output_count = 2,
};

#define PLAIN wires[0]
#define RELAYS wires[1]
#define RED 1U /* on plain lamps; relays are the other way round */
#define GREEN 2U

static struct outputs *open_outputs(void)
{
    struct error error = {0};
    for (size_t i = 0; i < 2; i++)
        wires[i] = (struct gpio){.line = wires[i].line};
    struct outputs *outputs = outputs_open(&board, &error);
    assert_non_null(outputs);
    return outputs;
}

static bool show(struct outputs *outputs, struct pixel light, int64_t now_ms)
{
    const struct frame frame = {.time_ms = now_ms, .pixels = &light, .count = 1};
    return outputs_show(outputs, &frame, now_ms);
}

static const struct pixel red = {65535, 0, 0}, green = {0, 65535, 0};

static void test_one_picture_feeds_all(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    assert_true(show(outputs, green, 0));
    assert_int_equal(PLAIN.levels, GREEN);
    assert_int_equal(RELAYS.levels, RED); /* active low: the green one is low */
    assert_int_equal(outputs_due_ms(outputs), OUTPUT_REPEAT_MS);
    outputs_close(outputs);
}

static void test_one_that_fails_does_not_stop_the_other(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    PLAIN.refuses = true;
    assert_false(show(outputs, green, 0));
    assert_string_equal(outputs_fault(outputs), "refused");
    assert_int_equal(RELAYS.levels, RED);
    assert_int_equal(outputs_due_ms(outputs), OUTPUT_RETRY_MS);
    outputs_tend(outputs, OUTPUT_RETRY_MS - 1);
    assert_int_equal(PLAIN.opens, 1); /* not in a tight loop */
    PLAIN.refuses = false;
    outputs_tend(outputs, OUTPUT_RETRY_MS);
    assert_int_equal(PLAIN.levels, GREEN);
    assert_null(outputs_fault(outputs));
    outputs_close(outputs);
}

static void test_unplugged_and_back_with_the_newest_picture(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    assert_true(show(outputs, green, 0));
    PLAIN.fails = true;
    assert_false(show(outputs, red, 5000));
    assert_int_equal(RELAYS.levels, GREEN);
    assert_false(show(outputs, green, 6000)); /* while it is away */
    PLAIN.fails = false;
    outputs_tend(outputs, 7000);
    assert_int_equal(PLAIN.opens, 2);
    assert_int_equal(PLAIN.levels, GREEN);
    assert_null(outputs_fault(outputs));
    outputs_close(outputs);
}

static void test_still_picture_is_sent_again(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    assert_true(show(outputs, green, 0));
    PLAIN.levels = 0; /* a spike */
    outputs_tend(outputs, OUTPUT_REPEAT_MS);
    assert_int_equal(PLAIN.levels, GREEN);
    outputs_close(outputs);
}

static void test_relays_change_once_a_second(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    assert_true(show(outputs, green, 1000));
    size_t sets = RELAYS.sets;
    assert_true(show(outputs, red, 1400));
    assert_int_equal(PLAIN.levels, RED); /* at once */
    assert_int_equal(RELAYS.levels, RED);
    assert_int_equal(outputs_due_ms(outputs), 1000 + LAMPS_RELAY_HOLD_MS);
    outputs_tend(outputs, 1999);
    assert_int_equal(RELAYS.sets, sets);
    outputs_tend(outputs, 2000);
    assert_int_equal(RELAYS.levels, GREEN);

    sets = RELAYS.sets;
    assert_true(show(outputs, green, 2100)); /* there and back within the second: no click */
    assert_true(show(outputs, red, 2200));
    outputs_tend(outputs, 3000);
    assert_int_equal(RELAYS.sets, sets);
    outputs_close(outputs);
}

static void test_darkening_does_not_wait(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    assert_true(show(outputs, green, 100));
    assert_true(outputs_darken(outputs, 200));
    assert_int_equal(PLAIN.levels, 0);
    assert_int_equal(RELAYS.levels, RED | GREEN);
    outputs_close(outputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_picture_feeds_all),
        cmocka_unit_test(test_one_that_fails_does_not_stop_the_other),
        cmocka_unit_test(test_unplugged_and_back_with_the_newest_picture),
        cmocka_unit_test(test_still_picture_is_sent_again),
        cmocka_unit_test(test_relays_change_once_a_second),
        cmocka_unit_test(test_darkening_does_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
