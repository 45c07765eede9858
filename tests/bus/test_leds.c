/*
 * The machine's own lights, and a device that takes each picture at its beginning.
 */
#include "bus/machine.h"

#include "bus/bus.h"

static void make_led(const char *name, const char *brightest)
{
    char path[128];
    (void)snprintf(path, sizeof path, "/sys/class/leds/%s/trigger", name);
    machine_file(path, "none [mmc0] timer\n");
    (void)snprintf(path, sizeof path, "/sys/class/leds/%s/brightness", name);
    machine_file(path, "0\n");
    (void)snprintf(path, sizeof path, "/sys/class/leds/%s/max_brightness", name);
    machine_file(path, brightest);
}

/* True when the file begins with the word: sysfs takes a write as a whole, a file keeps the rest.
 */
static bool begins(const char *path, const char *word)
{
    char text[64];
    machine_read(path, text, sizeof text);
    return strncmp(text, word, strlen(word)) == 0;
}

static const struct leds_settings both = {.lights = {{"ACT", 0}, {"PWR", 0}}, .count = 2};

static void test_lights_are_taken_from_their_triggers(void **state)
{
    (void)state;
    make_led("ACT", "1\n");
    make_led("PWR", "255\n");
    struct error error = {0};
    struct bus *bus = bus_open_leds(&both, &error);
    assert_non_null(bus);
    assert_true(begins("/sys/class/leds/ACT/trigger", "none"));
    assert_true(begins("/sys/class/leds/PWR/trigger", "none"));
    assert_true(bus_send(bus, (const uint8_t[]){1, 1}, 2, &error));
    assert_true(begins("/sys/class/leds/ACT/brightness", "1"));
    assert_true(begins("/sys/class/leds/PWR/brightness", "255"));
    assert_true(bus_send(bus, (const uint8_t[]){0, 200}, 2, &error));
    assert_true(begins("/sys/class/leds/ACT/brightness", "0"));
    assert_true(begins("/sys/class/leds/PWR/brightness", "255"));
    bus_close(bus);
}

static void test_older_kernels_call_them_led0_and_led1(void **state)
{
    (void)state;
    make_led("led0", "255\n");
    make_led("PWR", "1\n");
    struct error error = {0};
    struct bus *bus = bus_open_leds(&both, &error);
    assert_non_null(bus);
    assert_true(bus_send(bus, (const uint8_t[]){1, 0}, 2, &error));
    assert_true(begins("/sys/class/leds/led0/trigger", "none"));
    assert_true(begins("/sys/class/leds/led0/brightness", "255"));
    bus_close(bus);
}

static void test_absent_light_is_told_with_those_that_there_are(void **state)
{
    (void)state;
    make_led("mmc0::", "1\n");
    make_led("PWR", "1\n");
    struct error error = {0};
    assert_null(bus_open_leds(&both, &error));
    assert_string_equal(error.text, "there is no /sys/class/leds/ACT/trigger: put one of this "
                                    "machine's lights into the board file; there is PWR, mmc0::");
}

static void test_as_many_lamps_as_lights(void **state)
{
    (void)state;
    make_led("ACT", "1\n");
    make_led("PWR", "1\n");
    struct error error = {0};
    struct bus *bus = bus_open_leds(&both, &error);
    assert_false(bus_send(bus, (const uint8_t[]){1, 1, 1}, 3, &error));
    assert_string_equal(error.text, "the chip has 3 lamps, but 2 lights are named: name one for "
                                    "each lamp in the board file");
    bus_close(bus);
}

/* The model's, which the board file overrules; the bytes of `gpios` are the tree's own. */
static void test_lights_that_are_lit_by_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *model, *flags;
        int said;
        bool inverted;
    } rows[] = {
        {"a Pi 4's is upright", "Raspberry Pi 4 Model B Rev 1.4", NULL, LIGHT_BY_MODEL, false},
        {"a Pi 5's is inverted", "Raspberry Pi 5 Model B Rev 1.0", NULL, LIGHT_BY_MODEL, true},
        {"a Pi 5 with act_led_activelow=off", "Raspberry Pi 5 Model B Rev 1.0", "0", LIGHT_BY_MODEL,
         false},
        {"a Pi 5 whose board file says otherwise", "Raspberry Pi 5 Model B Rev 1.0", NULL,
         LIGHT_UPRIGHT, false},
        {"a light of another machine", "", NULL, LIGHT_INVERTED, true},
        {"a Zero's is upright", "Raspberry Pi Zero W Rev 1.1", NULL, LIGHT_BY_MODEL, false},
        {"an early Zero with a B+'s tree", "Raspberry Pi Zero Rev 1.2", "0", LIGHT_BY_MODEL, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct leds_settings settings = {.lights = {{"ACT", rows[i].said}}, .count = 1};
        struct error error = {0};
        make_led("ACT", "255\n");
        machine_file("/proc/device-tree/model", rows[i].model);
        if (rows[i].flags != NULL)
            machine_file("/proc/device-tree/leds/led-act/gpios", "...\t...0");
        else
            machine_file("/proc/device-tree/leds/led-act/gpios", "");
        struct bus *bus = bus_open_leds(&settings, &error);
        assert_non_null(bus);
        assert_true(bus_send(bus, (const uint8_t[]){1}, 1, &error));
        if (begins("/sys/class/leds/ACT/brightness", "255") == rows[i].inverted)
            fail_msg("%s: on", rows[i].sentence);
        assert_true(bus_send(bus, (const uint8_t[]){0}, 1, &error));
        if (begins("/sys/class/leds/ACT/brightness", "255") != rows[i].inverted)
            fail_msg("%s: off", rows[i].sentence);
        bus_close(bus);
    }
}

static const struct {
    const char *sentence;
    int number;
    size_t missing;
    const char *words;
} led_faults[] = {
    {"a light that was unplugged", ENODEV, 0, "ACT/brightness could not be written: its driver is"},
    {"a light whose write is short", 0, 1, "ACT/brightness took only a part of \"255\""},
};

static void test_light_that_fails(void **state)
{
    (void)state;
    make_led("ACT", "255\n");
    static const struct leds_settings act = {.lights = {{"ACT", 0}}, .count = 1};
    for (size_t i = 0; i < sizeof led_faults / sizeof led_faults[0]; i++) {
        struct error error = {0};
        struct bus *bus = bus_open_leds(&act, &error);
        assert_non_null(bus);
        machine.write_errno = led_faults[i].number;
        machine.write_short = led_faults[i].missing;
        bool sent = bus_send(bus, (const uint8_t[]){1}, 1, &error);
        machine.write_errno = 0;
        machine.write_short = 0;
        if (sent || strstr(error.text, led_faults[i].words) == NULL)
            fail_msg("%s: \"%s\"", led_faults[i].sentence, error.text);
        bus_close(bus);
    }
}

static void test_root_owns_the_lights(void **state)
{
    (void)state;
    make_led("ACT", "1\n");
    machine.open_errno = EACCES;
    struct error error = {0};
    assert_null(bus_open_leds(&both, &error));
    assert_non_null(strstr(error.text, "/sys/class/leds/ACT/trigger could not be opened"));
}

/* /dev/leds0 of the Pi 5's ws2812-pio: four bytes a pixel, always from position 0. */
static const struct device_settings pio = {"/dev/leds0", "GPIO18", 2};
static const uint8_t first[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t second[] = {9, 8, 7, 6, 5, 4, 3, 2};

static void test_each_picture_goes_to_the_beginning(void **state)
{
    (void)state;
    char written[32];
    machine_file("/dev/leds0", "");
    struct error error = {0};
    struct bus *bus = bus_open_device(&pio, &error);
    assert_non_null(bus);
    assert_true(bus_send(bus, first, sizeof first, &error));
    machine.interrupts = 1;
    assert_true(bus_send(bus, second, sizeof second, &error));
    assert_true(bus_send(bus, NULL, 0, &error));
    bus_close(bus);
    machine_read("/dev/leds0", written, sizeof written);
    assert_memory_equal(written, second, sizeof second);
    assert_int_equal(written[8], '\0');
}

static const struct {
    const char *sentence;
    int number;
    size_t missing;
    const char *words;
} device_faults[] = {
    {"more pixels than lights", ENOSPC, 0,
     "/dev/leds0 has no room for 8 bytes: raise num_leds of dtoverlay=ws2812-pio"},
    {"a short write blanks the rest", 0, 4, "/dev/leds0 has no room for 8 bytes"},
    {"the driver is gone", ENODEV, 0, "/dev/leds0 could not be written: its driver is gone"},
};

static void test_device_faults(void **state)
{
    (void)state;
    machine_file("/dev/leds0", "");
    for (size_t i = 0; i < sizeof device_faults / sizeof device_faults[0]; i++) {
        struct error error = {0};
        struct bus *bus = bus_open_device(&pio, &error);
        machine.write_errno = device_faults[i].number;
        machine.write_short = device_faults[i].missing;
        bool sent = bus_send(bus, first, sizeof first, &error);
        machine.write_errno = 0;
        machine.write_short = 0;
        if (sent || strstr(error.text, device_faults[i].words) == NULL)
            fail_msg("%s: \"%s\"", device_faults[i].sentence, error.text);
        assert_true(bus_send(bus, first, sizeof first, &error));
        bus_close(bus);
    }
}

static void test_absent_device_is_told_with_the_overlay(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(bus_open_device(&pio, &error));
    assert_string_equal(error.text,
                        "there is no /dev/leds0, which a Raspberry Pi 5 has by "
                        "dtoverlay=ws2812-pio,gpio=18,num_leds=2 in /boot/firmware/config.txt "
                        "after a restart; elsewhere wire the strip to SPI, see `amberbar boards "
                        "ws2812-spi`");
    machine_file("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0");
    assert_null(bus_open_device(&pio, &error));
    assert_string_equal(error.text,
                        "there is no /dev/leds0: the kernel's driver of WS2812 is not enabled: put "
                        "dtoverlay=ws2812-pio,gpio=18,num_leds=2 into /boot/firmware/config.txt "
                        "and reboot");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, machine_set_up, machine_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lights_are_taken_from_their_triggers),
        TEST(test_lights_that_are_lit_by_nothing),
        TEST(test_older_kernels_call_them_led0_and_led1),
        TEST(test_absent_light_is_told_with_those_that_there_are),
        TEST(test_as_many_lamps_as_lights),
        TEST(test_light_that_fails),
        TEST(test_root_owns_the_lights),
        TEST(test_each_picture_goes_to_the_beginning),
        TEST(test_device_faults),
        TEST(test_absent_device_is_told_with_the_overlay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
