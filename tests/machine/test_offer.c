/*
 * What a machine offers: devices, steady clocks, lines, and the words for what is missing.
 */
#include "machine/scene.h"

enum { PLAIN, SELECTS, TIMED };

static const struct {
    const char *sentence, *model, *config, *devices, *path;
    int kind;
    const char *words; /* of why; "": it fits */
    const char *fixes; /* the line, or words of the command; "" for neither */
} devices[] = {
    {"there", PI4, "", "spidev0.0\n", "/dev/spidev0.0", PLAIN, "", ""},
    {"there without any line", PI5, "", "spidev0.0\n", "/dev/spidev0.0", TIMED, "", ""},
    {"off", PI4, "", "i2c-1\n", "/dev/spidev0.0", PLAIN, "SPI 0 is not enabled", "dtparam=spi=on"},
    {"I2C off", PI4, "dtparam=i2c_arm=off", "", "/dev/i2c-1", PLAIN, "I2C 1 is not enabled",
     "dtparam=i2c_arm=on"},
    {"I2C by another name, its driver not loaded", PI4, "dtparam=i2c=on", "", "/dev/i2c-1", PLAIN,
     "i2c-dev is not loaded", "modprobe i2c-dev"},
    {"SPI 1 off", PI4, "", "", "/dev/spidev1.0", PLAIN, "SPI 1 is not enabled",
     "dtoverlay=spi1-1cs"},
    {"on, and not there", PI4, "dtparam=spi=on", "", "/dev/spidev0.0", PLAIN,
     "restart the Pi if it has not been since", ""},
    {"a display has it", PI3, "dtparam=spi=on\ndtoverlay=waveshare35a\n", "", "/dev/spidev0.0",
     PLAIN, "dtoverlay=waveshare35a in /boot/firmware/config.txt has that select of SPI 0", ""},
    {"a CAN adapter has the other one", PI3, "dtoverlay=mcp2515-can1\n", "spidev0.0\n",
     "/dev/spidev0.0", PLAIN, "", ""},
    {"one select", PI3, "dtoverlay=spi0-1cs\n", "spidev0.0\n", "/dev/spidev0.1", SELECTS,
     "leaves SPI 0 with one chip select", "dtoverlay=spi0-2cs"},
    {"one select, and lights that need none", PI3, "dtoverlay=spi0-1cs\n", "spidev0.0\n",
     "/dev/spidev0.1", PLAIN, "work on /dev/spidev0.0", "dtoverlay=spi0-2cs"},
    {"no select", PI5, "dtoverlay=spi0-0cs\n", "spidev0.0\n", "/dev/spidev0.0", SELECTS,
     "stay dark", "dtoverlay=spi0-1cs"},
    {"no select, and lights that need none", PI5, "dtoverlay=spi0-0cs\n", "spidev0.0\n",
     "/dev/spidev0.0", PLAIN, "", ""},
    {"pulses on SPI 1", PI4, "dtoverlay=spi1-1cs", "spidev1.0\n", "/dev/spidev1.0", TIMED,
     "pauses within a frame", ""},
    {"clocked lights on SPI 1", PI4, "dtoverlay=spi1-1cs", "spidev1.0\n", "/dev/spidev1.0", SELECTS,
     "", ""},
    {"pulses on a Pi 5's SPI 1", PI5, "dtoverlay=spi1-1cs", "spidev1.0\n", "/dev/spidev1.0", TIMED,
     "", ""},
    {"a Pi 5's memory", PI5, "", "spidev10.0\n", "/dev/spidev10.0", PLAIN, "never for lights", ""},
    {"it is not offered", PI5, "", "spidev10.0\n", "/dev/spidev3.0", PLAIN, "nor any other SPI",
     ""},
    {"another board's", "OrangePi Zero3", NULL, "spidev10.0\nspidev1.1\n", "/dev/spidev0.0", PLAIN,
     "there is spidev10.0, spidev1.1: name one", ""},
    {"another board without any", "OrangePi Zero3", NULL, "i2c-1\n", "/dev/spidev0.0", PLAIN,
     "nor any other SPI on this machine (OrangePi Zero3)", ""},
    {"nobody says what it is", "", NULL, "", "/dev/spidev0.0", PLAIN, "on a Raspberry Pi: dtparam",
     ""},
};

static void test_devices(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        struct machine machine = scene(devices[i].model, devices[i].config, devices[i].devices);
        const struct wish wish = {devices[i].path, devices[i].kind == SELECTS,
                                  devices[i].kind == TIMED, devices[i].kind == PLAIN};
        struct advice advice;
        bool fits = machine_offers(&machine, &wish, &advice);
        const char *fixes = advice.line[0] != '\0' ? advice.line : advice.fix;
        if (fits != (devices[i].words[0] == '\0') || strstr(advice.why, devices[i].words) == NULL ||
            strstr(fixes, devices[i].fixes) == NULL ||
            (fixes[0] != '\0') != (devices[i].fixes[0] != '\0'))
            fail_msg("%s: \"%s\", fixed by \"%s\"", devices[i].sentence, advice.why, fixes);
    }
}

static void test_a_driver_that_has_the_device_is_named(void **state)
{
    (void)state;
    static char drivers[] = "spi0.1 spidev\nspi0.0 ads7846\n";
    struct machine machine = scene(PI4, "dtparam=spi=on", "spidev0.1\n");
    const struct wish wish = {.path = "/dev/spidev0.0"};
    struct advice advice;
    machine.drivers = (struct text){.data = drivers, .length = strlen(drivers)};
    assert_false(machine_offers(&machine, &wish, &advice));
    assert_non_null(strstr(advice.why, "driver ads7846 has that select"));
}

static const struct {
    const char *sentence, *model, *config;
    const char *line; /* that holds the clock; NULL: it stands still */
} clocks[] = {
    {"a Pi 3's falls", PI3, "", "core_freq=250"},
    {"a Zero's falls", "Raspberry Pi Zero W Rev 1.1", "", "core_freq=250"},
    {"a Pi 4's falls", PI4, "", "core_freq=500\ncore_freq_min=500"},
    {"a Pi 2's does not", "Raspberry Pi 2 Model B Rev 1.1", "", NULL},
    {"a Pi 5's does not", PI5, "", NULL},
    {"nor does another machine's", "OrangePi Zero3", NULL, NULL},
    {"the slowest there is", PI3, "core_freq=250", NULL},
    {"the slowest is the fastest", PI3, "core_freq=400\ncore_freq_min=400", NULL},
    {"the slowest is the usual fastest", PI4, "core_freq_min=500", NULL},
    {"by the other key", PI4, "gpu_freq_min=500", NULL},
    {"not with 4K at 60 Hz", PI4, "core_freq_min=500\nhdmi_enable_4kp60=1", "core_freq=500\n"},
    {"a fastest without a slowest", PI4, "core_freq=500", "core_freq_min=500"},
    {"another fastest", PI3, "core_freq=400", "core_freq_min=400"},
    {"core_freq_fixed", PI4, "core_freq_fixed=1", NULL},
    {"force_turbo", PI4, "force_turbo=1", NULL},
    {"force_turbo off", PI4, "force_turbo=0", "core_freq=500\ncore_freq_min=500"},
    {"in another's section", PI4, "[pi3]\ncore_freq_fixed=1", "core_freq=500"},
};

static void test_clocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        struct machine machine = scene(clocks[i].model, clocks[i].config, "");
        struct advice advice;
        bool steady = machine_clock_is_steady(&machine, &advice);
        if (steady != (clocks[i].line == NULL) ||
            (!steady && strstr(advice.line, clocks[i].line) == NULL))
            fail_msg("%s: \"%s\" by \"%s\"", clocks[i].sentence, advice.why, advice.line);
    }
}

static const struct {
    const char *sentence, *model, *config;
    int line;
    const char *whose; /* NULL: free */
} lines[] = {
    {"nothing", PI4, "", 23, NULL},
    {"a parallel display", PI4, "dtoverlay=vc4-kms-dpi-hyperpixel4", 23, "a parallel display"},
    {"a parallel display of the firmware", PI4, "enable_dpi_lcd=1", 5, "a parallel display"},
    {"a parallel display of 18 bits", PI4, "dtoverlay=dpi18", 26, NULL},
    {"sound", PI4, "dtoverlay=hifiberry-dac", 21, "sound"},
    {"sound by a parameter", PI4, "dtparam=i2s=on", 18, "sound"},
    {"sound beside it", PI4, "dtparam=i2s=on", 17, NULL},
    {"a name in two halves", PI4, "dtoverlay=seeed-2mic-voicecard", 19, "sound"},
    {"a fan where it usually is", PI4, "dtoverlay=gpio-fan", 12, "a fan"},
    {"a fan elsewhere", PI4, "dtoverlay=gpio-fan,gpiopin=14", 12, NULL},
    {"there", PI4, "dtoverlay=gpio-fan,gpiopin=14", 14, "a fan"},
    {"another model's", PI4, "[pi3]\ndtoverlay=gpio-fan", 12, NULL},
    {"a video driver takes none", PI4, "dtoverlay=vc4-kms-v3d", 12, NULL},
    {"no line of the header", PI4, "dtoverlay=vc4-kms-dpi-hyperpixel4", -1, NULL},
    {"another machine", "OrangePi Zero3", NULL, 23, NULL},
};

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct machine machine = scene(lines[i].model, lines[i].config, "");
        struct advice advice;
        bool free_line = machine_line_is_free(&machine, lines[i].line, &advice);
        if (free_line != (lines[i].whose == NULL) ||
            (!free_line && strstr(advice.why, lines[i].whose) == NULL))
            fail_msg("%s: \"%s\"", lines[i].sentence, advice.why);
    }
}

static const struct {
    const char *sentence, *model, *config, *devices, *line;
    const char *words; /* "": it fits */
    const char *fixes;
} pios[] = {
    {"as the board has it", PI5, "dtoverlay=ws2812-pio,gpio=18,num_leds=64", "leds0\n", "GPIO18",
     "", ""},
    {"room for more", PI5, "dtoverlay=ws2812-pio,gpio=18,num_leds=99", "leds0\n", "18", "", ""},
    {"loaded by hand", PI5, "", "leds0\n", "GPIO18", "", ""},
    {"another line", PI5, "dtoverlay=ws2812-pio,gpio=21,num_leds=64", "leds0\n", "GPIO18",
     "drives 64 LEDs on GPIO21, and the board file has 64 on GPIO18", "gpio=18,num_leds=64"},
    {"too few", PI5, "dtoverlay=ws2812-pio,gpio=18,num_leds=8", "leds0\n", "GPIO18",
     "drives 8 LEDs on GPIO18", "gpio=18,num_leds=64"},
    {"the overlay's own line and number", PI5, "dtoverlay=ws2812-pio", "leds0\n", "GPIO18",
     "drives 60 LEDs on GPIO4", "gpio=18,num_leds=64"},
    {"a board file without a line", PI5, "dtoverlay=ws2812-pio,gpio=21,num_leds=64", "leds0\n", "",
     "", ""},
    {"the second overlay is another device", PI5,
     "dtoverlay=ws2812-pio,gpio=18,num_leds=64\ndtoverlay=ws2812-pio,gpio=21,num_leds=8",
     "leds0\nleds1\n", "GPIO18", "", ""},
    {"none", PI5, "", "", "GPIO18", "is not enabled", "dtoverlay=ws2812-pio,gpio=18,num_leds=64"},
    {"set, and not there", PI5, "dtoverlay=ws2812-pio,gpio=18,num_leds=64", "", "GPIO18",
     "restart the Pi", ""},
    {"a Pi 4 never has it", PI4, "dtoverlay=ws2812-pio,gpio=18,num_leds=64", "", "GPIO18",
     "on this machine there never is", ""},
};

static void test_pio(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pios / sizeof pios[0]; i++) {
        struct machine machine = scene(pios[i].model, pios[i].config, pios[i].devices);
        const struct pio_wish wish = {"/dev/leds0", pios[i].line, 64};
        struct advice advice;
        bool fits = machine_pio_fits(&machine, &wish, &advice);
        const char *fixes = advice.line[0] != '\0' ? advice.line : advice.fix;
        if (fits != (pios[i].words[0] == '\0') || strstr(advice.why, pios[i].words) == NULL ||
            strstr(fixes, pios[i].fixes) == NULL)
            fail_msg("%s: \"%s\", fixed by \"%s\"", pios[i].sentence, advice.why, fixes);
    }
}

static void test_selects_that_are_left(void **state)
{
    (void)state;
    struct machine machine = scene(PI4, "dtparam=spi=on\ndtoverlay=spi0-1cs\n", "spidev0.0\n");
    assert_true(machine_select_is_left(&machine, 7));
    assert_false(machine_select_is_left(&machine, 8));
    machine = scene(PI4, "dtparam=spi=on\n", "spidev0.0\nspidev0.1\n");
    assert_false(machine_select_is_left(&machine, 7));
}

static void test_words_say_which_file(void **state)
{
    (void)state;
    struct machine machine = scene(PI4, "", "");
    const struct wish wish = {.path = "/dev/spidev0.0"};
    struct advice advice;
    struct text words = {0};
    assert_false(machine_offers(&machine, &wish, &advice));
    machine.boot = "/boot/config.txt";
    advice_words(&machine, &advice, &words);
    assert_string_equal(words.data, "there is no /dev/spidev0.0: SPI 0 is not enabled: put "
                                    "dtparam=spi=on into /boot/config.txt and reboot");
    text_clear(&words);
    machine_kernel_command(&machine, "spidev.bufsiz=32768", &words);
    assert_string_equal(
        words.data, "sudo sed -i '1s/$/ spidev.bufsiz=32768/' /boot/cmdline.txt && sudo reboot");
    text_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_a_driver_that_has_the_device_is_named),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_pio),
        cmocka_unit_test(test_selects_that_are_left),
        cmocka_unit_test(test_words_say_which_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
