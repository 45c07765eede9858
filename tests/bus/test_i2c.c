/*
 * i2c-dev: one write a message, and what is said when nobody, or a kernel driver, is there.
 */
#include "bus/machine.h"

#include "bus/bus.h"

#include <linux/i2c-dev.h>

static unsigned long address;

static int answer(unsigned long request, void *argument)
{
    if (request == I2C_SLAVE)
        address = (unsigned long)(uintptr_t)argument;
    return 0;
}

static const struct i2c_settings backpack = {.path = "/dev/i2c-1", .address = 0x70};

/* A picture of an HT16K33: RAM from address 0 on. */
static const uint8_t picture[17] = {0x00, 0x06, 0x00, 0x5B, 0x00, 0x02, 0x00, 0x4F, 0x00, 0x66};

static int set_up(void **state)
{
    machine_set_up(state);
    machine.answer = answer;
    address = 0;
    machine_file("/dev/i2c-1", "");
    return 0;
}

static struct bus *open_bus(void)
{
    struct error error = {0};
    struct bus *bus = bus_open_i2c(&backpack, &error);
    if (bus == NULL)
        fail_msg("%s", error.text);
    return bus;
}

static void test_message_is_one_write_to_the_address(void **state)
{
    (void)state;
    char written[64];
    struct error error = {0};
    struct bus *bus = open_bus();
    assert_int_equal(address, 0x70);
    assert_int_equal(machine.ioctls, 1); /* never I2C_SLAVE_FORCE */
    assert_int_equal(machine.requests[0], I2C_SLAVE);
    assert_true(bus_send(bus, (const uint8_t[]){0x21}, 1, &error));
    assert_true(bus_send(bus, picture, sizeof picture, &error));
    bus_close(bus);
    machine_read("/dev/i2c-1", written, sizeof written);
    assert_int_equal(written[0], 0x21);
    assert_memory_equal(written + 1, picture, sizeof picture);
}

static const struct {
    const char *sentence;
    int number;
    const char *words;
} faults[] = {
    {"a NACK on a Pi", EREMOTEIO,
     "nothing answers at 0x70 on /dev/i2c-1: check the display's power and its wires (SDA, SCL), "
     "and its address; `i2cdetect -y 1` lists those that answer"},
    {"a NACK on a Pi 5", EIO, "nothing answers at 0x70 on /dev/i2c-1: "},
    {"a NACK elsewhere", ENXIO, "nothing answers at 0x70 on /dev/i2c-1: "},
    {"a line held low", ETIMEDOUT, "/dev/i2c-1 did not finish within its time: a chip holds SDA"},
    {"another master", EAGAIN, "/dev/i2c-1 was taken by another master"},
    {"no plain I2C", EOPNOTSUPP, "/dev/i2c-1 can do SMBus only"},
    {"the adapter is gone", ENODEV, "/dev/i2c-1 could not be written: its driver is gone"},
    {"the driver was unbound", ESHUTDOWN, "/dev/i2c-1 could not be written: its driver was unbo"},
};

static void test_faults_are_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct error error = {0};
        struct bus *bus = open_bus();
        machine.write_errno = faults[i].number;
        bool sent = bus_send(bus, picture, sizeof picture, &error);
        bus_close(bus);
        machine.write_errno = 0;
        if (sent || strstr(error.text, faults[i].words) == NULL)
            fail_msg("%s: \"%s\"", faults[i].sentence, error.text);
    }
}

static void test_signal_does_not_break_a_message(void **state)
{
    (void)state;
    struct error error = {0};
    struct bus *bus = open_bus();
    machine.interrupts = 3;
    assert_true(bus_send(bus, picture, sizeof picture, &error));
    assert_int_equal(machine.interrupts, 0);
    bus_close(bus);
}

static void test_short_and_long_messages_are_errors(void **state)
{
    (void)state;
    static const uint8_t long_message[8193] = {0};
    struct error error = {0};
    struct bus *bus = open_bus();
    machine.write_short = 1;
    assert_false(bus_send(bus, picture, sizeof picture, &error));
    assert_non_null(strstr(error.text, "0x70 on /dev/i2c-1 took 16 of 17 bytes"));
    machine.write_short = 0;
    assert_false(bus_send(bus, long_message, sizeof long_message, &error));
    assert_non_null(strstr(error.text, "/dev/i2c-1 takes 8192 bytes at once, not 8193"));
    assert_true(bus_send(bus, long_message, sizeof long_message - 1, &error));
    bus_close(bus);
}

static void test_kernel_driver_is_named(void **state)
{
    (void)state;
    machine.failing = I2C_SLAVE;
    machine.ioctl_errno = EBUSY;
    struct error error = {0};
    assert_null(bus_open_i2c(&backpack, &error));
    assert_non_null(strstr(error.text, "the kernel's driver \"?\" holds 0x70 on /dev/i2c-1"));
    machine_link("/sys/bus/i2c/devices/1-0070/driver", "../../../../bus/i2c/drivers/ht16k33");
    assert_null(bus_open_i2c(&backpack, &error));
    assert_string_equal(error.text,
                        "the kernel's driver \"ht16k33\" holds 0x70 on /dev/i2c-1: remove its "
                        "overlay (on a Raspberry Pi from config.txt) and reboot, or for now `echo "
                        "1-0070 | sudo tee /sys/bus/i2c/drivers/ht16k33/unbind`");
    machine.ioctl_errno = ENOTTY;
    assert_null(bus_open_i2c(&backpack, &error));
    assert_non_null(strstr(error.text, "it is no device of this kind; correct the path"));
}

static void test_absent_bus_is_told_with_the_fix(void **state)
{
    (void)state;
    struct i2c_settings other = {.path = "/dev/i2c-3", .address = 0x70};
    struct error error = {0};
    machine_remove("/dev/i2c-1");
    assert_null(bus_open_i2c(&backpack, &error));
    assert_string_equal(error.text,
                        "there is no /dev/i2c-1: enable I2C 1 (on a Raspberry Pi: "
                        "dtparam=i2c_arm=on in /boot/firmware/config.txt, and a restart), or name "
                        "a device of this machine in the board file");
    assert_null(bus_open_i2c(&other, &error));
    assert_non_null(
        strstr(error.text, "there is no /dev/i2c-3, nor any other I2C on this machine: enable"));
}

static void test_missing_permission_names_the_group(void **state)
{
    (void)state;
    struct i2c_settings settings = backpack;
    (void)snprintf(settings.path, sizeof settings.path, "%s/dev/i2c-1", machine.root);
    struct error error = {0};
    machine_forbid("/dev/i2c-1");
    struct bus *bus = bus_open_i2c(&settings, &error);
    machine_as_root();
    assert_null(bus);
    if (strstr(error.text, "run `sudo usermod -aG i2c ") == NULL)
        fail_msg("\"%s\"", error.text);
}

static void test_probe_reads_and_tells_who_is_silent(void **state)
{
    (void)state;
    struct error error = {0};
    assert_true(bus_probe_i2c(&backpack, &error));
    assert_int_equal(address, 0x70);
    assert_int_equal(machine.requests[machine.ioctls - 1], I2C_RDWR);
    machine.failing = I2C_RDWR;
    machine.ioctl_errno = EREMOTEIO;
    assert_false(bus_probe_i2c(&backpack, &error));
    assert_non_null(strstr(error.text, "nothing answers at 0x70 on /dev/i2c-1: "));
    machine.failing = I2C_SLAVE;
    machine.ioctl_errno = EBUSY;
    assert_false(bus_probe_i2c(&backpack, &error));
    assert_non_null(strstr(error.text, "holds 0x70 on /dev/i2c-1"));
    machine_remove("/dev/i2c-1");
    assert_false(bus_probe_i2c(&backpack, &error));
    assert_non_null(strstr(error.text, "there is no /dev/i2c-1: "));
}

/* As the daemon does it after each error: closed, opened anew, everything sent again. */
static void test_unplugged_and_plugged_in_again(void **state)
{
    (void)state;
    struct error error = {0};
    struct bus *bus = open_bus();
    machine.write_errno = EREMOTEIO;
    assert_false(bus_send(bus, picture, sizeof picture, &error));
    bus_close(bus);
    bus = open_bus(); /* opening says nothing of the chip */
    assert_false(bus_send(bus, picture, sizeof picture, &error));
    bus_close(bus);
    machine.write_errno = 0;
    bus = open_bus();
    assert_true(bus_send(bus, picture, sizeof picture, &error));
    bus_close(bus);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, machine_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_message_is_one_write_to_the_address),
        TEST(test_faults_are_sentences),
        TEST(test_signal_does_not_break_a_message),
        TEST(test_short_and_long_messages_are_errors),
        TEST(test_probe_reads_and_tells_who_is_silent),
        TEST(test_kernel_driver_is_named),
        TEST(test_absent_bus_is_told_with_the_fix),
        TEST(test_missing_permission_names_the_group),
        TEST(test_unplugged_and_plugged_in_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
