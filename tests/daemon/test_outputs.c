/*
 * Several outputs from one picture, in virtual time, on GPIO lines that only remember: what fails
 * does not stop the others and comes back whole; what wears changes no faster than it may.
 */
#include "bus/gpio.h"
#include "chips/ddp.h"
#include "chips/frames.h"
#include "chips/lamps.h"
#include "chips/terminal.h"
#include "daemon/outputs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
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
    outputs_update(outputs, OUTPUT_RETRY_MS - 1);
    assert_int_equal(PLAIN.opens, 1); /* not in a tight loop */
    PLAIN.refuses = false;
    outputs_update(outputs, OUTPUT_RETRY_MS);
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
    assert_int_equal(PLAIN.opens, 1);
    PLAIN.fails = false;
    outputs_update(outputs, 7000);
    assert_int_equal(PLAIN.opens, 2);
    assert_int_equal(PLAIN.levels, GREEN);
    assert_null(outputs_fault(outputs));
    outputs_close(outputs);
}

/* Lines on standard error, read from where it goes meanwhile. */
static size_t lines_reported(int log)
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
    size_t reported; /* lines */
    int64_t reported_ms[32];
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
        outputs_update(outputs, now);
        bool settled = now >= contact->well_ms + OUTPUT_RETRY_MS || now % 8000 >= OUTPUT_RETRY_MS;
        if (!PLAIN.fails && settled && PLAIN.levels != (even ? RED : GREEN))
            contact->wrong_ms = now;
        for (size_t lines = lines_reported(contact->log); contact->reported < lines;
             contact->reported++)
            if (contact->reported < 32)
                contact->reported_ms[contact->reported] = now;
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
    size_t after = lines_reported(contact.log);
    dup2(error, STDERR_FILENO);
    close(error);
    close(contact.log);
    outputs_close(outputs);
    if (contact.wrong_ms >= 0)
        fail_msg("at %lld ms the contact is good, and the lights are wrong",
                 (long long)contact.wrong_ms);
    if (contact.reported < 4 || contact.reported > 14)
        fail_msg("%zu log lines tell of 10 minutes: not a line a minute", contact.reported);
    for (size_t i = 0; i < 4; i++) /* what fails and that it is well again, twice */
        assert_int_equal(contact.reported_ms[i], 4000 * ((int64_t)i + 1));
    for (size_t i = 4; i < contact.reported; i++) /* a minute each, counted from the first */
        if (contact.reported_ms[i] < contact.reported_ms[0] + (int64_t)(i - 3) * MINUTE_MS)
            fail_msg("line %zu is reported %lld ms after the first: more than one a minute", i + 1,
                     (long long)(contact.reported_ms[i] - contact.reported_ms[0]));
    assert_int_equal(contact.reported % 2, 0); /* the last: lit again */
    assert_null(fault);
    assert_int_equal(after, contact.reported + 1);
}

static void test_still_picture_is_sent_again(void **state)
{
    (void)state;
    struct outputs *outputs = open_outputs();
    assert_true(show(outputs, green, 0));
    PLAIN.levels = 0; /* a spike */
    outputs_update(outputs, OUTPUT_REPEAT_MS);
    assert_int_equal(PLAIN.levels, GREEN);
    outputs_close(outputs);
}

/* Of a picture's parts each output is sent those that it shows: colours and digits, or words. */
static void test_what_is_new_is_sent(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        struct pixel light;
        const char *text, *caption;
        size_t lines[2]; /* of paper, of words */
    } rows[] = {
        {"the first", {65535, 0, 0}, "1", "red", {1, 1}},
        {"the same", {65535, 0, 0}, "1", "red", {0, 0}},
        {"another colour", {0, 65535, 0}, "1", "red", {1, 0}},
        {"other digits", {0, 65535, 0}, "2", "red", {1, 0}},
        {"other words", {0, 65535, 0}, "2", "green", {0, 1}},
        {"the same again", {0, 65535, 0}, "2", "green", {0, 0}},
        {"all of it", {0, 0, 65535}, "3", "blue", {1, 1}},
    };
    static struct frames_settings paper = {.pixels = 1, .digits = 1};
    static struct terminal_settings words = {.pixels = 1, .plain = true, .width = 80};
    struct board both = {.name = "both", .output_count = 2};
    both.outputs[0] = (struct output_settings){
        .name = "paper", .chip = &chip_frames, .chip_settings = &paper, .bus = {.kind = BUS_FILE}};
    both.outputs[1] = (struct output_settings){.name = "words",
                                               .chip = &chip_terminal,
                                               .chip_settings = &words,
                                               .bus = {.kind = BUS_FILE}};
    size_t lines[sizeof rows / sizeof rows[0]][2] = {{0}};
    int memory = memfd_create("output", MFD_CLOEXEC), output = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(memory, STDOUT_FILENO);
    struct outputs *outputs = outputs_open(&both, &(struct error){0});
    for (size_t i = 0; outputs != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        struct pixel light = rows[i].light;
        struct frame frame = {.pixels = &light, .count = 1};
        snprintf(frame.text, sizeof frame.text, "%s", rows[i].text);
        snprintf(frame.caption, sizeof frame.caption, "%s", rows[i].caption);
        outputs_show(outputs, &frame, (int64_t)i * 100);
        for (size_t k = 0; k < 2; k++)
            lines[i][k] = outputs_health(outputs, k).frames;
    }
    dup2(output, STDOUT_FILENO);
    close(output);
    close(memory);
    outputs_close(outputs);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t k = 0; k < 2; k++)
            if (lines[i][k] - (i > 0 ? lines[i - 1][k] : 0) != rows[i].lines[k])
                fail_msg("%s: %zu lines of output %zu", rows[i].sentence, lines[i][k], k);
}

/* Whoever works on in it begins below the picture, which is dark. */
static void test_a_terminal_is_left_below_the_picture(void **state)
{
    (void)state;
    static struct terminal_settings terminal = {.pixels = 1, .width = 80};
    struct board screen = {.name = "screen", .output_count = 1};
    char text[16384];
    screen.outputs[0] = (struct output_settings){.name = "screen",
                                                 .chip = &chip_terminal,
                                                 .chip_settings = &terminal,
                                                 .bus = {.kind = BUS_FILE}};
    int memory = memfd_create("output", MFD_CLOEXEC), output = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(memory, STDOUT_FILENO);
    struct outputs *outputs = outputs_open(&screen, &(struct error){0});
    const bool shown = show(outputs, red, 0), dark = outputs_darken(outputs, 100);
    dup2(output, STDOUT_FILENO);
    const ssize_t got = pread(memory, text, sizeof text - 1, 0);
    close(output);
    close(memory);
    assert_true(shown && dark);
    assert_int_equal(outputs_health(outputs, 0).frames, 3); /* lit, dark, left */
    assert_true(got > 8);
    assert_memory_equal(text + got - 7, "\n\x1b[?25h", 7);
    outputs_close(outputs);
}

/* A controller in the network, on this machine's loopback. */
struct controller {
    struct ddp_settings settings;
    struct board board;
    struct sockaddr_in address;
    struct outputs *outputs;
    int fd; /* -1: nobody listens at its port */
};

static void listen_again(struct controller *controller)
{
    controller->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(
        bind(controller->fd, (struct sockaddr *)&controller->address, sizeof controller->address),
        0);
}

static void hang_up(struct controller *controller)
{
    close(controller->fd);
    controller->fd = -1;
}

static void begin(struct controller *controller)
{
    socklen_t size = sizeof controller->address;
    struct error error = {0};
    *controller = (struct controller){
        .settings = {.pixels = 1, .order = 5},
        .board = {.name = "wled", .output_count = 1},
        .address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    listen_again(controller);
    getsockname(controller->fd, (struct sockaddr *)&controller->address, &size);
    controller->board.outputs[0] = (struct output_settings){
        .name = "strip",
        .chip = &chip_ddp,
        .chip_settings = &controller->settings,
        .bus = {.kind = BUS_UDP,
                .udp = {.address = "127.0.0.1", .port = ntohs(controller->address.sin_port)}}};
    controller->outputs = outputs_open(&controller->board, &error);
    assert_non_null(controller->outputs);
}

static void end(struct controller *controller)
{
    outputs_close(controller->outputs);
    if (controller->fd >= 0)
        close(controller->fd);
}

/* Datagrams of a green light that have come. */
static size_t greens(const struct controller *controller)
{
    uint8_t got[64];
    size_t count = 0;
    while (recv(controller->fd, got, sizeof got, MSG_DONTWAIT) == 13)
        count += got[11] == 255 ? 1 : 0;
    return count;
}

static void test_controller_gets_a_still_picture_each_second(void **state)
{
    (void)state;
    struct controller controller;
    begin(&controller);
    assert_true(show(controller.outputs, green, 0));
    for (int64_t now_ms = 0; now_ms < 10000; now_ms += 100) {
        assert_true(show(controller.outputs, green, now_ms)); /* is shown already */
        outputs_update(controller.outputs, now_ms);
    }
    assert_int_equal(greens(&controller), 10);
    assert_int_equal(outputs_due_ms(controller.outputs), 10000);
    end(&controller);
}

/* Each datagram has its own part of the picture. */
static void test_a_long_picture_goes_in_two_datagrams(void **state)
{
    (void)state;
    static struct pixel pixels[DDP_PIXELS_MAX + 2];
    struct controller controller;
    uint8_t got[DDP_HEADER_SIZE + 3 * DDP_PIXELS_MAX + 1];
    begin(&controller);
    controller.settings.pixels = DDP_PIXELS_MAX + 2;
    outputs_close(controller.outputs);
    controller.outputs = outputs_open(&controller.board, &(struct error){0});
    pixels[0].red = pixels[DDP_PIXELS_MAX].green = UINT16_MAX;
    const struct frame frame = {.pixels = pixels, .count = DDP_PIXELS_MAX + 2};
    assert_true(outputs_show(controller.outputs, &frame, 0));
    assert_int_equal(recv(controller.fd, got, sizeof got, MSG_DONTWAIT), sizeof got - 1);
    assert_int_equal(got[DDP_HEADER_SIZE], 255);
    assert_int_equal(recv(controller.fd, got, sizeof got, MSG_DONTWAIT), DDP_HEADER_SIZE + 6);
    assert_int_equal(got[DDP_HEADER_SIZE + 1], 255);
    assert_int_equal(outputs_health(controller.outputs, 0).frames, 1);
    end(&controller);
}

/* Nobody says that datagrams arrive; that they do not is said after the next one. */
static void test_refusal_is_a_fault_until_none_comes_for_long(void **state)
{
    (void)state;
    struct controller controller;
    int64_t now_ms = 0;
    begin(&controller);
    assert_true(show(controller.outputs, green, now_ms));
    hang_up(&controller);
    for (; now_ms < 3000; now_ms += 100)
        outputs_update(controller.outputs, now_ms);
    assert_non_null(outputs_fault(controller.outputs));
    for (; now_ms < 60000; now_ms += 100) { /* opened, sent to and refused again and again */
        outputs_update(controller.outputs, now_ms);
        if (outputs_fault(controller.outputs) == NULL)
            fail_msg("well at %d ms", (int)now_ms);
    }
    listen_again(&controller);
    int64_t back_ms = now_ms;
    while (outputs_fault(controller.outputs) != NULL && now_ms < back_ms + MINUTE_MS)
        outputs_update(controller.outputs, now_ms += 100);
    assert_in_range(now_ms - back_ms, OUTPUT_PROVE_MS,
                    OUTPUT_PROVE_MS + OUTPUT_RETRY_MS + DDP_REPEAT_MS);
    assert_true(greens(&controller) >= 5); /* lit at once, believed later */
    end(&controller);
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
    outputs_update(outputs, 1999);
    assert_int_equal(RELAYS.sets, sets);
    outputs_update(outputs, 2000);
    assert_int_equal(RELAYS.levels, GREEN);

    sets = RELAYS.sets;
    assert_true(show(outputs, green, 2100)); /* there and back within the second: no click */
    assert_true(show(outputs, red, 2200));
    outputs_update(outputs, 3000);
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

/* Only lights that showed something can be left lit; a loose one is tried twice. */
static void test_what_is_left_lit_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool plain_fails, relays_fail, were_lit;
        bool before; /* it fails already */
        size_t errors;
        const char *left; /* NULL: none */
    } rows[] = {
        {"none", false, false, true, false, 0, NULL},
        {"the first", true, false, true, false, 2, "lamps"},
        {"the second", false, true, true, false, 0, "relays"},
        {"both, of which the first is named", true, true, true, false, 2, "lamps"},
        {"they never were", true, true, false, false, 2, NULL},
        {"the first, which is waited for", true, false, true, true, 3, "lamps"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outputs *outputs = open_outputs();
        if (rows[i].were_lit)
            assert_true(show(outputs, green, 100));
        PLAIN.fails = PLAIN.refuses = rows[i].plain_fails;
        RELAYS.fails = RELAYS.refuses = rows[i].relays_fail;
        if (rows[i].before)
            assert_false(show(outputs, red, 150));
        const bool fails = rows[i].plain_fails || rows[i].relays_fail;
        const bool dark = outputs_darken(outputs, 200);
        const char *left = outputs_left_lit(outputs);
        const bool named = left == NULL ? rows[i].left == NULL
                                        : rows[i].left != NULL && strcmp(left, rows[i].left) == 0;
        if (dark == fails || !named)
            fail_msg("%s: dark %d, %s", rows[i].sentence, dark, left != NULL ? left : "none");
        assert_int_equal(outputs_health(outputs, 0).errors, rows[i].errors);
        outputs_close(outputs);
    }
}

/* What is written to a pipe that nobody reads, or to a disk that is full, and lamps beside it. */
static void test_it_is_abandoned_when_nobody_reads_and_nothing_else_shines(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool is_pipe, has_reader, has_lamps;
        bool fails, is_abandoned;
        bool is_closed; /* by whoever began the program */
    } rows[] = {
        {"somebody reads", true, true, false, false, false, false},
        {"nobody reads", true, false, false, true, true, false},
        {"nobody reads, and lamps shine", true, false, true, true, false, false},
        {"it cannot be written, and might be again", false, true, false, true, false, false},
        {"there never was any", true, true, false, true, false, true},
    };
    static struct frames_settings settings = {.pixels = 1};
    struct sigaction before, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, &before);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int ends[2], stdout_before = dup(STDOUT_FILENO),
                     full = open("/dev/full", O_WRONLY | O_CLOEXEC);
        struct board paper = {.name = "paper", .output_count = rows[i].has_lamps ? 2 : 1};
        assert_int_equal(pipe(ends), 0);
        paper.outputs[0] = (struct output_settings){.name = "paper",
                                                    .chip = &chip_frames,
                                                    .chip_settings = &settings,
                                                    .bus = {.kind = BUS_FILE}};
        paper.outputs[1] = board.outputs[0];
        if (!rows[i].has_reader)
            close(ends[0]);
        fflush(stdout);
        dup2(rows[i].is_pipe ? ends[1] : full, STDOUT_FILENO);
        if (rows[i].is_closed)
            close(STDOUT_FILENO);
        wires[0] = (struct gpio){.line = wires[0].line};
        struct outputs *outputs = outputs_open(&paper, &(struct error){0});
        const bool fine = outputs != NULL && show(outputs, green, 0);
        const bool is_abandoned = outputs != NULL && outputs_abandoned(outputs);
        dup2(stdout_before, STDOUT_FILENO);
        outputs_close(outputs);
        close(stdout_before);
        close(full);
        close(ends[1]);
        if (rows[i].has_reader)
            close(ends[0]);
        if (fine == rows[i].fails || is_abandoned != rows[i].is_abandoned)
            fail_msg("%s: fine %d, abandoned %d", rows[i].sentence, fine, is_abandoned);
    }
    sigaction(SIGPIPE, &before, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_picture_feeds_all),
        cmocka_unit_test(test_one_that_fails_does_not_stop_the_other),
        cmocka_unit_test(test_unplugged_and_back_with_the_newest_picture),
        cmocka_unit_test(test_loose_contact_is_told_once_a_minute),
        cmocka_unit_test(test_still_picture_is_sent_again),
        cmocka_unit_test(test_what_is_new_is_sent),
        cmocka_unit_test(test_a_terminal_is_left_below_the_picture),
        cmocka_unit_test(test_controller_gets_a_still_picture_each_second),
        cmocka_unit_test(test_a_long_picture_goes_in_two_datagrams),
        cmocka_unit_test(test_refusal_is_a_fault_until_none_comes_for_long),
        cmocka_unit_test(test_relays_change_once_a_second),
        cmocka_unit_test(test_darkening_does_not_wait),
        cmocka_unit_test(test_what_is_left_lit_is_named),
        cmocka_unit_test(test_it_is_abandoned_when_nobody_reads_and_nothing_else_shines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
