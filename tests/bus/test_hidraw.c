/*
 * Lights on USB as sysfs describes them: which one is meant, what it gets, what is said when it is
 * gone.
 */
#include "bus/machine.h"

#include "bus/bus.h"

#include <linux/hidraw.h>

#define BLINK1 "HID_ID=0003:000027B8:000001ED\n"

static uint8_t report[64];
static uint16_t product;

static int answer(unsigned long request, void *argument)
{
    if (request == HIDIOCGRAWINFO)
        *(struct hidraw_devinfo *)argument =
            (struct hidraw_devinfo){.bustype = 3, .vendor = 0x27b8, .product = (int16_t)product};
    if (request == HIDIOCSFEATURE(9))
        memcpy(report, argument, 9);
    return request == HIDIOCSFEATURE(9) ? 9 : 0;
}

static int set_up(void **state)
{
    machine_set_up(state);
    machine.answer = answer;
    product = 0x01ed;
    memset(report, 0, sizeof report);
    return 0;
}

static void plug(int number, const char *uevent)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/class/hidraw/hidraw%d/device/uevent", number);
    machine_file(path, uevent);
    snprintf(path, sizeof path, "/dev/hidraw%d", number);
    machine_file(path, "");
}

static const struct hidraw_settings any = {
    .serial = "any", .product = "blink(1)", .vendor = 0x27b8, .id = 0x01ed, .features = true};

static void test_the_light_is_found_by_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        const char *serial;
        const char *found; /* a path, or words */
        bool fails;
    } rows[] = {
        {"the first one, by number and not by letters", "any", "/dev/hidraw3", false},
        {"one of several", "30000002", "/dev/hidraw10", false},
        {"one that is not there", "30000009",
         "there is no blink(1) with the serial number 30000009: plug it in, or correct the board "
         "file; there is 30000001, 30000002, one without a number",
         true},
    };
    char path[BUS_PATH_SIZE];
    plug(0, "HID_ID=0003:0000046D:0000C31C\nHID_NAME=A keyboard\n");
    plug(1, "HID_ID=0005:000027B8:000001ED\nHID_NAME=Of Bluetooth\n");
    plug(2, "HID_ID=0003:000027B8:000001EDF\n");
    plug(3, "DRIVER=thingm\n" BLINK1 "HID_NAME=ThingM blink(1) mk2\nHID_UNIQ=30000001\n");
    plug(10, BLINK1 "HID_UNIQ=30000002\nMODALIAS=hid:b0003\n");
    plug(11, BLINK1 "HID_UNIQ=\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hidraw_settings settings = any;
        struct error error = {0};
        snprintf(settings.serial, sizeof settings.serial, "%s", rows[i].serial);
        bool found = hidraw_find(&settings, path, &error);
        if (found == rows[i].fails || strcmp(found ? path : error.text, rows[i].found) != 0)
            fail_msg("%s: %s%s", rows[i].sentence, path, error.text);
    }
}

static void test_no_light_at_all(void **state)
{
    (void)state;
    char path[BUS_PATH_SIZE];
    struct error error = {0};
    assert_false(hidraw_find(&any, path, &error));
    assert_string_equal(error.text, "there is no blink(1) on USB (27b8:01ed): plug it in");
    assert_null(bus_open_hidraw(&any, &error));
}

static struct bus *open_plugged(void)
{
    struct error error = {0};
    plug(3, BLINK1);
    struct bus *bus = bus_open_hidraw(&any, &error);
    if (bus == NULL)
        fail_msg("%s", error.text);
    return bus;
}

static void test_feature_reports(void **state)
{
    (void)state;
    static const uint8_t red[9] = {1, 'c', 255};
    struct bus *bus = open_plugged();
    struct error error = {0};
    assert_true(bus_send(bus, red, sizeof red, &error));
    assert_memory_equal(report, red, sizeof red);
    bus_close(bus);
}

static void test_output_reports(void **state)
{
    (void)state;
    char got[16];
    struct hidraw_settings settings = any;
    struct error error = {0};
    settings.features = false;
    plug(3, BLINK1);
    struct bus *bus = bus_open_hidraw(&settings, &error);
    assert_non_null(bus);
    machine.interrupts = 2;
    assert_true(bus_send(bus, (const uint8_t *)"light", 5, &error));
    machine_read("/dev/hidraw3", got, sizeof got);
    assert_string_equal(got, "light");
    bus_close(bus);
}

/* It was unplugged, and its number went to a keyboard. */
static void test_number_that_went_to_another_device(void **state)
{
    (void)state;
    struct error error = {0};
    plug(3, BLINK1);
    product = 0xc31c;
    assert_null(bus_open_hidraw(&any, &error));
    assert_string_equal(error.text, "the blink(1) at /dev/hidraw3 takes nothing: plug it in again");
}

static void test_unplugged(void **state)
{
    (void)state;
    static const int gone[] = {ENODEV, EIO, EPIPE, EPROTO, ETIMEDOUT};
    static const uint8_t red[9] = {1, 'c', 255};
    struct bus *bus = open_plugged();
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        struct error error = {0};
        machine.failing = HIDIOCSFEATURE(9);
        machine.ioctl_errno = gone[i];
        assert_false(bus_send(bus, red, sizeof red, &error));
        assert_string_equal(error.text,
                            "the blink(1) at /dev/hidraw3 takes nothing: plug it in again");
    }
    bus_close(bus);
}

static void test_root_owns_it(void **state)
{
    (void)state;
    struct error error = {0};
    plug(3, BLINK1);
    machine_forbid("/dev/hidraw3");
    struct bus *bus = bus_open_hidraw(&any, &error);
    machine_as_root();
    assert_null(bus);
    if (strstr(error.text, "/dev/hidraw3 could not be opened") == NULL)
        fail_msg("%s", error.text);
}

static void test_report_that_is_too_long(void **state)
{
    (void)state;
    static const uint8_t bytes[257];
    struct bus *bus = open_plugged();
    struct error error = {0};
    assert_false(bus_send(bus, bytes, sizeof bytes, &error));
    assert_string_equal(error.text, "a report holds 256 bytes, not 257: have fewer pixels");
    bus_close(bus);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, machine_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_light_is_found_by_what_it_is),
        TEST(test_no_light_at_all),
        TEST(test_feature_reports),
        TEST(test_output_reports),
        TEST(test_number_that_went_to_another_device),
        TEST(test_unplugged),
        TEST(test_root_owns_it),
        TEST(test_report_that_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
