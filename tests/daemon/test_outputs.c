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
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define LAMPS 2
#define MINUTE_MS 60000

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

/* Lines on standard error, read from where it goes meanwhile. */
static size_t lines_told(int log)
{
    static char text[65536];
    ssize_t got = pread(log, text, sizeof text, 0);
    size_t count = 0;
    assert_true(got >= 0 && got < (ssize_t)sizeof text);
    for (ssize_t i = 0; i < got; i++)
        count += text[i] == '\n';
    return count;
}

/* What was found of a contact that is lost every other four seconds, and well from `well_ms` on. */
struct contact {
    int log;
    int64_t well_ms;
    size_t told; /* lines */
    int64_t told_ms[32];
    int64_t wrong_ms; /* when the lights were wrong; -1: never */
};

/* Red and green in turn, each second until `end_ms`. No assertions: standard error is the log. */
static void hold(struct contact *contact, struct outputs *outputs, int64_t end_ms)
{
    contact->wrong_ms = -1;
    for (int64_t now = 0; now < end_ms; now += 1000) {
        bool even = now / 1000 % 2 == 0;
        PLAIN.fails = now < contact->well_ms && now / 4000 % 2 == 1;
        show(outputs, even ? red : green, now);
        outputs_tend(outputs, now);
        bool settled = now >= contact->well_ms + OUTPUT_RETRY_MS || now % 8000 >= OUTPUT_RETRY_MS;
        if (!PLAIN.fails && settled && PLAIN.levels != (even ? RED : GREEN))
            contact->wrong_ms = now;
        for (size_t lines = lines_told(contact->log); contact->told < lines; contact->told++)
            if (contact->told < 32)
                contact->told_ms[contact->told] = now;
    }
}

static void test_loose_contact_is_told_once_a_minute(void **state)
{
    (void)state;
    int error = dup(STDERR_FILENO);
    struct outputs *outputs = open_outputs();
    struct contact contact = {.log = memfd_create("log", MFD_CLOEXEC), .well_ms = 10 * MINUTE_MS};
    assert_true(contact.log >= 0 && error >= 0);
    dup2(contact.log, STDERR_FILENO);
    hold(&contact, outputs, 13 * MINUTE_MS);
    const char *fault = outputs_fault(outputs);
    PLAIN.fails = true; /* after minutes of calm: at once, as the first time */
    show(outputs, red, 13 * MINUTE_MS);
    size_t after = lines_told(contact.log);
    dup2(error, STDERR_FILENO);
    close(error);
    close(contact.log);
    outputs_close(outputs);
    if (contact.wrong_ms >= 0)
        fail_msg("at %lld ms the contact is good, and the lights are wrong",
                 (long long)contact.wrong_ms);
    if (contact.told < 4 || contact.told > 14)
        fail_msg("%zu log lines tell of 10 minutes: not a line a minute", contact.told);
    assert_int_equal(contact.told_ms[0], 4000);
    assert_int_equal(contact.told_ms[1], 8000);
    for (size_t i = 4; i < contact.told; i++) /* a minute each, counted from the first */
        if (contact.told_ms[i] < contact.told_ms[0] + (int64_t)(i - 3) * MINUTE_MS)
            fail_msg("line %zu is told %lld ms after the first: more than one a minute", i + 1,
                     (long long)(contact.told_ms[i] - contact.told_ms[0]));
    assert_int_equal(contact.told % 2, 0); /* the last: lit again */
    assert_null(fault);
    assert_int_equal(after, contact.told + 1);
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
        cmocka_unit_test(test_loose_contact_is_told_once_a_minute),
        cmocka_unit_test(test_still_picture_is_sent_again),
        cmocka_unit_test(test_relays_change_once_a_second),
        cmocka_unit_test(test_darkening_does_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
