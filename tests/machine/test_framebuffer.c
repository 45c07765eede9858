/*
 * Framebuffers by their names: which device they are, and what is said when there is none.
 */
#include "machine/scene.h"

#define SENSE "RPi-Sense FB"
#define BOTH "fb0 vc4drmfb\nfb1 " SENSE "\n"

static struct machine with(const char *model, const char *config, const char *framebuffers)
{
    static char copy[256];
    struct machine machine = scene(model, config, "");
    (void)text_copy(copy, sizeof copy, framebuffers);
    machine.framebuffers = (struct text){.data = copy, .length = strlen(copy)};
    return machine;
}

static const struct {
    const char *sentence, *model, *config, *framebuffers, *name;
    const char *device; /* "": none */
    const char *words;  /* of why; "": it fits */
    const char *line;
} rows[] = {
    {"there, after the screen", PI4, "", BOTH, SENSE, "/dev/fb1", "", ""},
    {"there, alone", PI5, NULL, "fb0 " SENSE "\n", SENSE, "/dev/fb0", "", ""},
    {"a name that begins alike", PI4, "", "fb0 " SENSE " 2\n", SENSE, "",
     "did not find the Sense HAT", "dtoverlay=rpi-sense"},
    {"a name that ends earlier", PI4, "", "fb0 RPi-Sense\n", SENSE, "",
     "did not find the Sense HAT", "dtoverlay=rpi-sense"},
    {"one that has no name", PI4, "", "fb0 \n", SENSE, "", "did not find the Sense HAT",
     "dtoverlay=rpi-sense"},
    {"no framebuffer at all", PI3, "dtparam=i2c_arm=on\n", "", SENSE, "",
     "press the HAT on the header", "dtoverlay=rpi-sense"},
    {"set, and not there", PI4, "dtoverlay=rpi-sense\n", "fb0 vc4drmfb\n", SENSE, "",
     "though dtoverlay=rpi-sense is in /boot/firmware/config.txt: restart the Pi", ""},
    {"the second edition's, and not there", PI4, "dtoverlay=rpi-sense-v2\n", "", SENSE, "",
     "though dtoverlay=rpi-sense-v2 is in", ""},
    {"set for another Pi", PI4, "[pi3]\ndtoverlay=rpi-sense\n", "", SENSE, "",
     "did not find the Sense HAT", "dtoverlay=rpi-sense"},
    {"another machine", "OrangePi Zero3", NULL, "fb0 sun4i-drmdrmfb\n", SENSE, "",
     "on this machine (OrangePi Zero3) none ever has", ""},
    {"a machine that does not say what it is", "", NULL, "", SENSE, "",
     "is the board on the header", ""},
    {"a name that no driver is known for", PI4, "", BOTH, "fb_ili9341", "",
     "there is vc4drmfb, " SENSE ": name one of this machine's in the board file", ""},
};

static void test_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine machine = with(rows[i].model, rows[i].config, rows[i].framebuffers);
        char device[MACHINE_NAME_SIZE] = "";
        struct advice advice;
        bool found = machine_framebuffer(&machine, rows[i].name, device);
        bool fits = machine_framebuffer_fits(&machine, rows[i].name, &advice);
        if (found != fits || fits != (rows[i].words[0] == '\0') ||
            strcmp(device, rows[i].device) != 0 || strstr(advice.why, rows[i].words) == NULL ||
            strcmp(advice.line, rows[i].line) != 0)
            fail_msg("%s: %s, \"%s\", line \"%s\"", rows[i].sentence, device, advice.why,
                     advice.line);
    }
}

static void test_with_debian_s_own_kernel_no_line_helps(void **state)
{
    (void)state;
    struct machine machine = with(PI4, "", "");
    struct advice advice;
    machine.has_tree = true; /* and knows no parameters */
    assert_false(machine_framebuffer_fits(&machine, SENSE, &advice));
    assert_non_null(strstr(advice.why, "take Raspberry Pi OS"));
    assert_string_equal(advice.line, "");
}

static void test_many_names_are_cut(void **state)
{
    (void)state;
    static char names[4096];
    struct machine machine = scene(PI4, "", "");
    struct advice advice;
    size_t length = 0;
    for (int i = 0; i < 60; i++)
        length += (size_t)snprintf(names + length, sizeof names - length,
                                   "fb%d a-name-that-is-rather-long-%d\n", i, i);
    machine.framebuffers = (struct text){.data = names, .length = length};
    assert_false(machine_framebuffer_fits(&machine, "none", &advice));
    assert_non_null(strstr(advice.why, "a-name-that-is-rather-long-2"));
    assert_non_null(strstr(advice.why, "in the board file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_name),
        cmocka_unit_test(test_with_debian_s_own_kernel_no_line_helps),
        cmocka_unit_test(test_many_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
