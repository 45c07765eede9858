#include "commands/capture.h"
#include "commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* The pins of the board's own pinout (Pimoroni Blinkt!: DAT on pin 16, CLK on pin 18). */
static const char blinkt_rows[] = "                  GPIO22 15 . # 16 GPIO23 < strip data\n"
                                  "                     3V3 17 . # 18 GPIO24 < strip clock\n";

static void test_list(void **state)
{
    (void)state;
    struct captured captured = capture(command_boards, (const char *[4]){"boards"});
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_string_equal(captured.err, "");
    assert_non_null(strstr(captured.out, "pimoroni-blinkt            Pimoroni Blinkt!"));
    assert_non_null(strstr(captured.out, "terminal                   Terminal"));
    assert_true(strstr(captured.out, "frames") < strstr(captured.out, "terminal"));
}

static void test_header(void **state)
{
    (void)state;
    struct captured captured =
        capture(command_boards, (const char *[4]){"boards", "pimoroni-blinkt"});
    size_t used = 0;
    size_t rows = 0;
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_non_null(strstr(captured.out, "data GPIO23 (pin 16), clock GPIO24 (pin 18)\n"));
    assert_non_null(strstr(captured.out, blinkt_rows));
    for (const char *at = strstr(captured.out, "3V3  1 "); *at != '\0'; at++) {
        used += *at == '#';
        rows += *at == '\n';
    }
    assert_int_equal(used, 2);
    assert_int_equal(rows, 20);
}

static void test_no_hardware(void **state)
{
    (void)state;
    struct captured captured =
        capture(command_boards, (const char *[4]){"boards", SOURCE_DIR "/boards/terminal.yaml"});
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    assert_non_null(strstr(captured.out, "screen: terminal, 8 pixels, 4 digits, on stdout\n"));
    assert_non_null(strstr(captured.out, "It needs no hardware"));
    assert_null(strstr(captured.out, "GPIO"));
}

static void test_unknown(void **state)
{
    (void)state;
    struct captured captured = capture(command_boards, (const char *[4]){"boards", "blinkt"});
    assert_int_equal(captured.status, EXIT_STATUS_USAGE);
    assert_string_equal(captured.out, "");
    assert_non_null(strstr(captured.err, "did you mean 'pimoroni-blinkt'?"));
}

static void test_none_installed(void **state)
{
    (void)state;
    setenv("AMBERBAR_BOARDS", "/nowhere", 1);
    struct captured captured = capture(command_boards, (const char *[4]){"boards"});
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    assert_int_equal(captured.status, EXIT_STATUS_USAGE);
    assert_string_equal(captured.err,
                        "amberbar boards: there are none in /nowhere; install them there\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),           cmocka_unit_test(test_header),
        cmocka_unit_test(test_no_hardware),    cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_none_installed),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
