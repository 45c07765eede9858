/*
 * When a picture is encoded, sent and told of, to the millisecond: by a chip that counts, on GPIO
 * lines that only remember.
 */
#include "bus/gpio.h"
#include "daemon/outputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE_MS 60000
#define HOLD_MS 700

/* The lines of one output. */
struct gpio {
    uint32_t levels;
    size_t sets;
    bool fails;
};

static struct gpio wires;

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    if (wires.fails)
        (void)error_set(error, "the chip is gone");
    else
        wires.levels = request->levels;
    return wires.fails ? NULL : &wires;
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

/* Shows the first pixel's red; its settings are whose pictures it counts. */
static size_t one(const void *settings)
{
    (void)settings;
    return 1;
}

static int64_t hold_ms(const void *settings)
{
    (void)settings;
    return HOLD_MS;
}

static size_t encoded[2];

static void encode(const void *settings, const struct frame *frame, bool raw, struct wire *wire)
{
    (void)raw;
    encoded[settings == &encoded[1]]++;
    wire_add(wire, frame->pixels[0].red > 0);
    wire_end_message(wire);
}

static const struct chip plain = {
    .name = "plain", .pixels = one, .wire_size = one, .wiring = WIRING_LINES, .encode = encode};
static const struct chip captioned = {.name = "captioned",
                                      .pixels = one,
                                      .wire_size = one,
                                      .wiring = WIRING_LINES,
                                      .encode = encode,
                                      .captioned = true};
static const struct chip worn = {.name = "worn",
                                 .pixels = one,
                                 .wire_size = one,
                                 .wiring = WIRING_LINES,
                                 .encode = encode,
                                 .hold_ms = hold_ms};

static struct outputs *open_outputs(struct board *board, const struct chip *first,
                                    const struct chip *second)
{
    struct error error = {0};
    const struct chip *const both[] = {first, second};
    *board = (struct board){.name = "lamps", .output_count = second != NULL ? 2 : 1};
    wires = (struct gpio){.levels = 0};
    for (size_t i = 0; i < 2; i++) {
        board->outputs[i] = (struct output_settings){
            .name = "lamp",
            .chip = both[i],
            .chip_settings = &encoded[i],
            .bus = {.kind = BUS_GPIO, .lines = {.lines = {{"GPIO5", false}}, .count = 1}}};
        encoded[i] = 0;
    }
    struct outputs *outputs = outputs_open(board, &error);
    assert_non_null(outputs);
    return outputs;
}

/* What stands still costs nothing; only words concern only whoever shows them. */
static void what_is_the_same_is_not_encoded_again(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        uint16_t red, last;
        size_t count; /* of pixels */
        const char *text;
        uint16_t text_dimmed;
        const char *caption;
        size_t encoded[2]; /* by one without words, and one with them */
    } rows[] = {
        {"the first", 9, 0, 2, "1", 0, "red", {1, 1}},
        {"the same", 9, 0, 2, "1", 0, "red", {0, 0}},
        {"another colour", 8, 0, 2, "1", 0, "red", {1, 1}},
        {"of the last pixel", 8, 1, 2, "1", 0, "red", {1, 1}},
        {"fewer pixels", 8, 1, 1, "1", 0, "red", {1, 1}},
        {"other digits", 8, 1, 1, "2", 0, "red", {1, 1}},
        {"they are dimmed", 8, 1, 1, "2", 300, "red", {1, 1}},
        {"the same again", 8, 1, 1, "2", 300, "red", {0, 0}},
        {"other words", 8, 1, 1, "2", 300, "green", {0, 1}},
        {"the same words", 8, 1, 1, "2", 300, "green", {0, 0}},
        {"other words and colours", 7, 1, 1, "2", 300, "blue", {1, 1}},
    };
    static struct board board;
    struct outputs *outputs = open_outputs(&board, &plain, &captioned);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pixel pixels[] = {{rows[i].red, 0, 0}, {rows[i].last, 0, 0}};
        const size_t before[] = {encoded[0], encoded[1]};
        struct frame frame = {
            .pixels = pixels, .count = rows[i].count, .text_dimmed = rows[i].text_dimmed};
        snprintf(frame.text, sizeof frame.text, "%s", rows[i].text);
        snprintf(frame.caption, sizeof frame.caption, "%s", rows[i].caption);
        assert_true(outputs_show(outputs, &frame, (int64_t)i * 100));
        for (size_t k = 0; k < 2; k++)
            if (encoded[k] - before[k] != rows[i].encoded[k])
                fail_msg("%s: it is encoded %zu times by the chip %s", rows[i].sentence,
                         encoded[k] - before[k], board.outputs[k].chip->name);
    }
    outputs_close(outputs);
}

static bool show(struct outputs *outputs, bool lit, int64_t now_ms)
{
    struct pixel light = {lit ? 9 : 0, 0, 0};
    struct frame frame = {.pixels = &light, .count = 1, .time_ms = now_ms};
    snprintf(frame.text, sizeof frame.text, "%d", (int)now_ms); /* is another each time */
    return outputs_show(outputs, &frame, now_ms);
}

/* What wears changes at the first picture that may change it. */
static void what_wears_changes_when_it_may(void **state)
{
    (void)state;
    static struct board board;
    struct outputs *outputs = open_outputs(&board, &worn, NULL);
    assert_true(show(outputs, true, 1000));
    assert_int_equal(wires.levels, 1);
    assert_true(show(outputs, false, 1000 + HOLD_MS - 1));
    assert_int_equal(wires.levels, 1);
    assert_int_equal(outputs_due_ms(outputs), 1000 + HOLD_MS);
    assert_true(show(outputs, false, 1000 + HOLD_MS));
    assert_int_equal(wires.levels, 0);
    assert_true(show(outputs, true, 1000 + 2 * HOLD_MS)); /* counted from its change */
    assert_int_equal(wires.levels, 1);
    outputs_close(outputs);
}

/* A chip that has nothing to say at its end is sent nothing then. */
static void without_a_goodbye_the_dark_is_the_last_message(void **state)
{
    (void)state;
    static struct board board;
    struct outputs *outputs = open_outputs(&board, &plain, NULL);
    assert_true(show(outputs, true, 0));
    assert_true(outputs_darken(outputs, 100));
    assert_int_equal(outputs_health(outputs, 0).frames, 2);
    assert_int_equal(wires.levels, 0);
    outputs_close(outputs);
}

/* When the log got its lines. */
struct told {
    int log;
    size_t lines;
    int64_t ms[16];
};

static void look_at_log(struct told *told, int64_t now_ms)
{
    char text[8192];
    size_t lines = 0;
    const ssize_t got = pread(told->log, text, sizeof text, 0);
    for (ssize_t i = 0; i < got; i++)
        lines += text[i] == '\n';
    for (; told->lines < lines; told->lines++)
        if (told->lines < 16)
            told->ms[told->lines] = now_ms;
}

/* Its lights fail from 1000 ms on for 3 s, then again, and once more for minutes. No assertions:
   standard error is the log. */
static void fail_and_come_back(struct told *told, struct outputs *outputs)
{
    for (int64_t now_ms = 0; now_ms < 2 * MINUTE_MS + 2000; now_ms++) {
        const bool short_ones =
            (now_ms >= 1000 && now_ms < 4000) || (now_ms >= 6000 && now_ms < 9000);
        wires.fails = short_ones || (now_ms >= 20500 && now_ms < 70500);
        if (now_ms % 500 == 0)
            show(outputs, now_ms % 1000 == 0, now_ms);
        outputs_update(outputs, now_ms);
        look_at_log(told, now_ms);
    }
}

/* What fails and that it is well again, twice, at once: by the try that finds it. From then on a
   line each minute, counted from the first, whether or not it is tried just then. */
static void it_is_told_when_it_may_be(void **state)
{
    (void)state;
    static const int64_t expected_ms[] = {1000, 5000, 6000, 10000, 61000, 121000};
    static struct board board;
    struct told told = {.log = memfd_create("log", MFD_CLOEXEC)};
    int before = dup(STDERR_FILENO);
    struct outputs *outputs = open_outputs(&board, &plain, NULL);
    dup2(told.log, STDERR_FILENO);
    fail_and_come_back(&told, outputs);
    dup2(before, STDERR_FILENO);
    close(before);
    close(told.log);
    outputs_close(outputs);
    assert_int_equal(told.lines, sizeof expected_ms / sizeof expected_ms[0]);
    for (size_t i = 0; i < told.lines; i++)
        if (told.ms[i] != expected_ms[i])
            fail_msg("line %zu is told at %d ms", i + 1, (int)told.ms[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_the_same_is_not_encoded_again),
        cmocka_unit_test(what_wears_changes_when_it_may),
        cmocka_unit_test(without_a_goodbye_the_dark_is_the_last_message),
        cmocka_unit_test(it_is_told_when_it_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
