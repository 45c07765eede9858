/*
 * The question about the lights, on machines whose files were recorded: what announces itself is
 * what is proposed.
 */
#include "bus/look.h"
#include "commands/setup/setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char root[] = "/tmp/amberbar-lights-XXXXXX";

static void put_file(const char *path, const char *content)
{
    char whole[128], command[192];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", whole);
    assert_int_equal(system(command), 0);
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fwrite(content, 1, strlen(content) + 1, file); /* the device tree's texts end with a NUL */
    fclose(file);
}

static void expect(const char *proposed, const char *listed)
{
    static struct setup setup; /* large */
    static const struct options options = {.operand = NULL};
    char answer[ANSWER_SIZE] = "";
    setup = (struct setup){.options = &options, .quiet = true};
    look_at(&setup.machine, root);
    question_board.look(&setup, answer);
    look_away(&setup.machine);
    assert_string_equal(answer, proposed);
    bool found = false;
    for (size_t i = 0; i < setup.listed_count; i++)
        found |= strcmp(setup.cards[setup.listed[i]].name, listed) == 0;
    if (!found)
        fail_msg("%s is not listed", listed);
    assert_string_equal(setup.cards[setup.listed[setup.listed_count - 1]].name, "terminal");
}

static void test_machines(void **state)
{
    (void)state;
    expect("terminal", "terminal");
    put_file("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    expect("pimoroni-blinkt", "terminal");
    put_file("dev/spidev0.0", "");
    put_file("boot/firmware/config.txt", "dtparam=spi=on\n");
    expect("pimoroni-blinkt", "apa102-spi");
    put_file("proc/device-tree/hat/vendor", "Raspberry Pi");
    put_file("proc/device-tree/hat/product", "Sense HAT");
    expect("raspberry-pi-sense-hat", "pimoroni-blinkt");
    put_file("proc/device-tree/hat/vendor", "Somebody");
    put_file("proc/device-tree/hat/product", "Unknown HAT");
    expect("pimoroni-blinkt", "apa102-spi");
}

static int make(void **state)
{
    (void)state;
    return setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1) != 0 || mkdtemp(root) == NULL;
}

static int clean(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_machines)};
    return cmocka_run_group_tests(tests, make, clean);
}
