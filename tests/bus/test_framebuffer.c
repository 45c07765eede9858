/*
 * A framebuffer is found by its name, whatever its number is.
 */
#include "bus/machine.h"

#include "bus/bus.h"

static const struct framebuffer_settings sense = {"RPi-Sense FB"};
static const uint8_t picture[] = {1, 2, 3, 4};

static void test_it_is_found_by_name(void **state)
{
    (void)state;
    char written[32];
    struct error error = {0};
    machine_file("/sys/class/graphics/fb0/name", "vc4drmfb\n");
    machine_file("/sys/class/graphics/fb10/name", "RPi-Sense FB\n");
    machine_file("/sys/class/graphics/fbcon/name", "RPi-Sense FB\n");
    machine_file("/dev/fb0", "screen");
    machine_file("/dev/fb10", "");
    struct bus *bus = bus_open_framebuffer(&sense, &error);
    if (bus == NULL)
        fail_msg("%s", error.text);
    machine.interrupts = 1;
    assert_true(bus_send(bus, picture, sizeof picture, &error));
    assert_true(bus_send(bus, picture, sizeof picture, &error));
    assert_true(bus_send(bus, NULL, 0, &error));
    bus_close(bus);
    machine_read("/dev/fb10", written, sizeof written);
    assert_memory_equal(written, picture, sizeof picture);
    assert_int_equal(written[4], '\0');
    machine_read("/dev/fb0", written, sizeof written);
    assert_string_equal(written, "screen");
}

static void test_what_is_not_there_is_reported(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(bus_open_framebuffer(&sense, &error));
    assert_non_null(strstr(error.text, "no framebuffer has the name 'RPi-Sense FB': is the board"));
    machine_file("/sys/class/graphics/fb0/name", "RPi-Sense FB 2\n");
    assert_null(bus_open_framebuffer(&sense, &error));
    assert_non_null(strstr(error.text, "no framebuffer has the name"));
}

/* In the words that doctor has for it. */
static void test_a_pi_says_what_brings_it(void **state)
{
    (void)state;
    struct error error = {0};
    machine_file("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    machine_file("/boot/firmware/config.txt", "dtparam=spi=on\n");
    assert_null(bus_open_framebuffer(&sense, &error));
    if (strstr(error.text, "put dtoverlay=rpi-sense into /boot/firmware/config.txt and reboot") ==
        NULL)
        fail_msg("%s", error.text);
    machine_file("/boot/firmware/config.txt", "dtoverlay=rpi-sense\n");
    assert_null(bus_open_framebuffer(&sense, &error));
    if (strstr(error.text, "though dtoverlay=rpi-sense is in /boot/firmware/config.txt") == NULL)
        fail_msg("%s", error.text);
}

static void test_whoever_may_not_open_it_is_reported(void **state)
{
    (void)state;
    struct error error = {0};
    machine_file("/sys/class/graphics/fb1/name", "RPi-Sense FB\n");
    machine_file("/dev/fb1", "");
    machine.open_errno = EACCES;
    machine.open_only = "/dev/fb1";
    assert_null(bus_open_framebuffer(&sense, &error));
    assert_non_null(strstr(error.text, "/dev/fb1 could not be opened"));
}

static void test_faults(void **state)
{
    (void)state;
    struct error error = {0};
    machine_file("/sys/class/graphics/fb1/name", "RPi-Sense FB\n");
    machine_file("/dev/fb1", "");
    struct bus *bus = bus_open_framebuffer(&sense, &error);
    assert_non_null(bus);
    machine.write_errno = ENODEV;
    assert_false(bus_send(bus, picture, sizeof picture, &error));
    assert_non_null(strstr(error.text, "/dev/fb1 could not be written: its driver is gone"));
    machine.write_errno = 0;
    machine.write_short = 2;
    assert_false(bus_send(bus, picture, sizeof picture, &error));
    assert_non_null(strstr(error.text, "/dev/fb1 has no room for 4 bytes"));
    machine.write_short = 0;
    bus_close(bus);
    machine.open_errno = EBUSY;
    machine.open_only = "/dev/fb1";
    assert_null(bus_open_framebuffer(&sense, &error));
    assert_non_null(strstr(error.text, "/dev/fb1 could not be opened: another program"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, machine_set_up, machine_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_it_is_found_by_name),
        TEST(test_what_is_not_there_is_reported),
        TEST(test_a_pi_says_what_brings_it),
        TEST(test_whoever_may_not_open_it_is_reported),
        TEST(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
