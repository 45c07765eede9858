/*
 * config.txt: which lines a machine obeys, and what they mean.
 */
#include "machine/scene.h"

static const struct {
    const char *sentence, *model, *config, *key, *value;
} values[] = {
    {"the last one counts", PI4, "core_freq=400\ncore_freq=500\n", "core_freq", "500"},
    {"a comment does not", PI4, "#core_freq=500\n", "core_freq", ""},
    {"a key that begins alike does not", PI4, "core_freq_min=500\n", "core_freq", ""},
    {"another model's section does not", PI4, "[pi3]\ncore_freq=250\n", "core_freq", ""},
    {"[all] ends it", PI4, "[pi3]\n[all]\ncore_freq=250\n", "core_freq", "250"},
    {"[none] is nobody's", PI4, "[none]\ncore_freq=250\n", "core_freq", ""},
    {"a family's section", "Raspberry Pi Zero 2 W Rev 1.0", "[pi0]\ncore_freq=250", "core_freq",
     "250"},
    {"a section within a family", "Raspberry Pi 400 Rev 1.0", "[pi400]\ncore_freq=1", "core_freq",
     "1"},
    {"filters of two kinds must both let through", PI4, "[EDID=VSC-TD2220]\n[pi4]\ncore_freq=1\n",
     "core_freq", ""},
    {"a filter of the same kind takes the place of the last", PI4, "[pi3]\n[pi4]\ncore_freq=1\n",
     "core_freq", "1"},
    {"another serial number", PI4, "[0x12345678]\ncore_freq=1\n", "core_freq", ""},
    {"tryboot", PI4, "[tryboot]\ncore_freq=1\n", "core_freq", ""},
    {"a port's section is no filter", PI4, "[HDMI:1]\ncore_freq=1\n", "core_freq", "1"},
    {"spaces and Windows line ends", PI4, "  core_freq=500 \r\n", "core_freq", "500"},
    {"no newline at the end", PI4, "core_freq=500", "core_freq", "500"},
    {"an empty file", PI4, "", "core_freq", ""},
    {"no file", PI4, NULL, "core_freq", ""},
};

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct machine machine = scene(values[i].model, values[i].config, "");
        char is[MACHINE_NAME_SIZE];
        boot_value(&machine, values[i].key, is);
        if (strcmp(is, values[i].value) != 0)
            fail_msg("%s: '%s'", values[i].sentence, is);
    }
}

static void test_a_serial_number(void **state)
{
    (void)state;
    struct machine machine = scene(PI4, "[0x12345678]\ncore_freq=1\n", "");
    char is[MACHINE_NAME_SIZE];
    (void)text_copy(machine.serial, sizeof machine.serial, "1000000012345678");
    boot_value(&machine, "core_freq", is);
    assert_string_equal(is, "1");
}

static const struct {
    const char *sentence, *config;
    enum boot_switch is;
} switches[] = {
    {"on", "dtparam=spi=on", BOOT_ON},
    {"yes", "dtparam=spi=yes", BOOT_ON},
    {"true", "dtparam=spi=true", BOOT_ON},
    {"a number", "dtparam=spi=1", BOOT_ON},
    {"bare", "dtparam=spi", BOOT_ON},
    {"the long name", "device_tree_param=spi=on", BOOT_ON},
    {"among others", "dtparam=i2c_arm=on,spi=on,audio=off", BOOT_ON},
    {"behind an overlay that does not know it", "dtoverlay=vc4-kms-v3d\ndtparam=spi=on", BOOT_ON},
    {"off", "dtparam=spi=off", BOOT_OFF},
    {"nought", "dtparam=spi=0", BOOT_OFF},
    {"the last one counts", "dtparam=spi=on\ndtparam=spi=no", BOOT_OFF},
    {"a name that begins alike", "dtparam=spix=on", BOOT_UNSET},
    {"nothing", "arm_64bit=1", BOOT_UNSET},
};

static void test_switches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        struct machine machine = scene(PI4, switches[i].config, "");
        if (boot_parameter(&machine, "spi") != switches[i].is)
            fail_msg("%s: %d", switches[i].sentence, (int)boot_parameter(&machine, "spi"));
    }
}

static const struct {
    const char *sentence, *config, *name, *gpio;
} overlays[] = {
    {"on its line", "dtoverlay=ws2812-pio,gpio=21,num_leds=8", "ws2812-pio", "21"},
    {"on lines that follow", "dtoverlay=ws2812-pio\ndtparam=gpio=21\n", "ws2812-pio", "21"},
    {"behind the end of its scope", "dtoverlay=ws2812-pio\ndtoverlay=\ndtparam=gpio=21\n",
     "ws2812-pio", ""},
    {"behind another overlay", "dtoverlay=ws2812-pio\ndtoverlay=w1-gpio\ndtparam=gpio=21\n",
     "ws2812-pio", ""},
    {"the last one counts", "dtoverlay=ws2812-pio,gpio=4\ndtparam=gpio=21\n", "ws2812-pio", "21"},
    {"the long name", "device_tree_overlay=ws2812-pio,gpio=5\n", "ws2812-pio", "5"},
};

static void test_overlays(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof overlays / sizeof overlays[0]; i++) {
        struct machine machine = scene(PI5, overlays[i].config, "");
        struct boot_overlay overlay;
        char gpio[MACHINE_NAME_SIZE] = "";
        assert_true(boot_overlay_at(&machine, 0, &overlay));
        (void)boot_overlay_value(&overlay, "gpio", gpio);
        if (strcmp(overlay.name, overlays[i].name) != 0 || strcmp(gpio, overlays[i].gpio) != 0)
            fail_msg("%s: %s with '%s'", overlays[i].sentence, overlay.name, gpio);
    }
}

static void include(struct machine *machine, const char *path, char *text)
{
    struct boot_file *file = &machine->boot_files[machine->boot_count++];
    (void)text_copy(file->path, sizeof file->path, path);
    file->text = (struct text){.data = text, .length = strlen(text)};
}

static void test_included_files_stand_in_their_place(void **state)
{
    (void)state;
    struct machine machine =
        scene(PI4, "core_freq=1\ninclude usercfg.txt\n[all]\ncore_freq_min=7\n", "");
    struct boot_walk walk = {0};
    struct boot_line line;
    char first[] = "core_freq=500\ninclude more.txt\ninclude gone.txt\n", second[] = "[pi3]\n";
    char is[MACHINE_NAME_SIZE];
    include(&machine, "/boot/firmware/usercfg.txt", first);
    include(&machine, "/boot/firmware/more.txt", second);
    boot_value(&machine, "core_freq", is);
    assert_string_equal(is, "500");
    boot_value(&machine, "core_freq_min", is);
    assert_string_equal(is, "7");
    assert_true(boot_next(&machine, &walk, &line) && boot_next(&machine, &walk, &line));
    assert_string_equal(line.file, "/boot/firmware/usercfg.txt");
}

static void test_a_file_that_includes_itself_ends(void **state)
{
    (void)state;
    struct machine machine = scene(PI4, "include usercfg.txt\ncore_freq=1\n", "");
    char text[] = "include usercfg.txt\ninclude usercfg.txt\n", is[MACHINE_NAME_SIZE];
    include(&machine, "/boot/firmware/usercfg.txt", text);
    boot_value(&machine, "core_freq", is);
    assert_string_equal(is, "1");
}

static void test_whose_config_and_tree_it_is(void **state)
{
    (void)state;
    static const char generated[] =
        "# It is automatically generated upon install of the kernel.\n"
        "# parameters: /etc/default/raspi-firmware-custom\narm_64bit=1\n";
    struct machine machine = scene(PI4, generated, "");
    struct text words = {0};
    assert_true(boot_is_generated(&machine) && boot_is_deaf(&machine));
    machine_line_command(&machine, "core_freq=250", &words);
    assert_non_null(strstr(words.data, "tee -a /etc/default/raspi-firmware-custom && sudo "
                                       "update-initramfs -u"));
    (void)text_copy(machine.kernel, sizeof machine.kernel, "6.12.25+rpt-rpi-v8");
    assert_false(boot_is_deaf(&machine));
    machine = scene(PI4, "dtparam=spi=on", "");
    assert_false(boot_is_generated(&machine) || boot_is_deaf(&machine));
    (void)text_copy(machine.kernel, sizeof machine.kernel, "6.12.48+deb13-arm64");
    assert_true(boot_is_deaf(&machine));
    machine.has_tree = machine.overridable = true; /* the tree knows better than a name */
    assert_false(boot_is_deaf(&machine));
    text_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_a_serial_number),
        cmocka_unit_test(test_switches),
        cmocka_unit_test(test_overlays),
        cmocka_unit_test(test_included_files_stand_in_their_place),
        cmocka_unit_test(test_a_file_that_includes_itself_ends),
        cmocka_unit_test(test_whose_config_and_tree_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
