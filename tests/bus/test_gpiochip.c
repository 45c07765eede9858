/*
 * How a chip and its lines are found, and what is said when they are not. The machine of the test
 * need not have a GPIO chip.
 */
#include "bus/gpiochip.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CHIP(number, name, count)                                                                \
    {                                                                                            \
        .path = "/dev/gpiochip" #number, .label = name, .lines = (count), .device = (number) + 1 \
    }

static const struct gpiochip_list pi4 = {
    .chips = {CHIP(0, "pinctrl-bcm2711", 58), CHIP(1, "raspberrypi-exp-gpio", 8)},
    .count = 2,
};
static const struct gpiochip_list pi5 = {
    .chips = {CHIP(10, "gpio-brcmstb@107d508500", 32), CHIP(11, "pinctrl-rp1", 54)},
    .count = 2,
};
static const struct gpiochip_list two_alike = {
    .chips = {CHIP(2, "gpio0", 32), CHIP(3, "gpio0", 32)},
    .count = 2,
};
static const struct gpiochip_list long_label = {
    .chips = {CHIP(0, "a-label-that-the-kernel-cut-off", 4)},
    .count = 1,
};
static const struct gpiochip_list none = {0};
static const struct gpiochip_list gone_first = {
    .chips = {{.path = "/dev/gpiochip0", .device = 1, .fault = ENODEV},
              CHIP(1, "pinctrl-bcm2835", 54)},
    .count = 2,
};

static const struct {
    const char *sentence;
    const struct gpiochip_list *machine;
    char labels[BUS_LABELS_MAX][BUS_NAME_SIZE];
    const char *path;  /* of the chip that is chosen; NULL: none */
    const char *words; /* of the error */
} choices[] = {
    {"the only matching label is taken",
     &pi4,
     {"pinctrl-rp1", "pinctrl-bcm2711"},
     "/dev/gpiochip0",
     NULL},
    {"the number does not matter",
     &pi5,
     {"pinctrl-rp1", "pinctrl-bcm2711"},
     "/dev/gpiochip11",
     NULL},
    {"the first label that a chip has wins, not the first chip",
     &pi4,
     {"raspberrypi-exp-gpio", "pinctrl-bcm2711"},
     "/dev/gpiochip1",
     NULL},
    {"of two chips with one label the lower number is taken",
     &two_alike,
     {"gpio0"},
     "/dev/gpiochip2",
     NULL},
    {"a label is cut at 31 characters as the kernel cuts it",
     &long_label,
     {"a-label-that-the-kernel-cut-off-for-us"},
     "/dev/gpiochip0",
     NULL},
    {"a beginning of a label is not the label", &pi4, {"pinctrl"}, NULL, "labelled pinctrl:"},
    {"a missing label names the wanted ones",
     &pi5,
     {"pinctrl-bcm2711", "pinctrl-bcm2835"},
     NULL,
     "labelled pinctrl-bcm2711 or pinctrl-bcm2835:"},
    {"a missing label lists what there is",
     &pi5,
     {"pinctrl-bcm2711"},
     NULL,
     "/dev/gpiochip10 is \"gpio-brcmstb@107d508500\", /dev/gpiochip11 is \"pinctrl-rp1\""},
    {"a machine without GPIO is told so",
     &none,
     {"pinctrl-rp1"},
     NULL,
     "no GPIO chip on this machine"},
    {"a chip that is gone does not hide another",
     &gone_first,
     {"pinctrl-bcm2835"},
     "/dev/gpiochip1",
     NULL},
    {"a chip that could not be asked is named when none matches",
     &gone_first,
     {"pinctrl-rp1"},
     NULL,
     "/dev/gpiochip0 [label unknown] could not be opened: the chip is gone"},
};

static void test_choices(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        struct error error = {0};
        const struct gpiochip *chip =
            gpiochip_choose(choices[i].machine, choices[i].labels, &error);
        const char *path = chip == NULL ? "" : chip->path;
        bool right = choices[i].path != NULL ? strcmp(path, choices[i].path) == 0
                                             : chip == NULL && strstr(error.text, choices[i].words);
        if (!right)
            fail_msg("%s: chose \"%s\", error \"%s\"", choices[i].sentence, path, error.text);
    }
}

static bool by_name(void *open_chip, const char *name, unsigned *offset)
{
    const char *const *names = open_chip; /* of offsets 0.. */
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            *offset = i;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *sentence;
    const char *data, *clock;
    unsigned offsets[2];
    const char *words; /* of the error; NULL: none */
} lines[] = {
    {"a name is taken before a number", "GPIO4", "P9_12", {1, 0}, NULL},
    {"without the name, GPIO23 is offset 23", "GPIO23", "GPIO24", {23, 24}, NULL},
    {"a plain number is an offset", "10", "11", {10, 11}, NULL},
    {"the last line is one less than their count", "53", "0", {53, 0}, NULL},
    {"no line has their count as its number", "54", "0", {0}, "no line named 54"},
    {"an unknown name is reported with the chip",
     "P8_11",
     "1",
     {0},
     "/dev/gpiochip0 [pinctrl-bcm2835] has no line named P8_11"},
    {"a negative number is no offset", "-1", "1", {0}, "no line named -1"},
    {"an empty name is no line", "", "1", {0}, "no line named "},
    {"a number with letters is no offset", "GPIO23x", "1", {0}, "no line named GPIO23x"},
    {"a huge number is no offset", "99999999999999999999", "1", {0}, "no line named 99999"},
    {"two names for one line are reported",
     "GPIO23",
     "23",
     {0},
     "GPIO23 and 23 are the same line, 23"},
};

static void test_lines(void **state)
{
    (void)state;
    static const char *const named[] = {"P9_12", "GPIO4", NULL};
    static const struct gpiochip chip = CHIP(0, "pinctrl-bcm2835", 54);
    const char *open_chip[3];
    memcpy(open_chip, named, sizeof named);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *const names[] = {lines[i].data, lines[i].clock};
        const struct gpiochip_names wanted = {names, 2, by_name, open_chip};
        unsigned offsets[2] = {0};
        struct error error = {0};
        bool found = gpiochip_offsets(&chip, &wanted, offsets, &error);
        bool right = lines[i].words == NULL
                         ? found && memcmp(offsets, lines[i].offsets, sizeof offsets) == 0
                         : !found && strstr(error.text, lines[i].words) != NULL;
        if (!right)
            fail_msg("%s: %u and %u, error \"%s\"", lines[i].sentence, offsets[0], offsets[1],
                     error.text);
    }
}

static const struct {
    int number;
    const char *words;
} faults[] = {
    {ENODEV, "is gone; plug it in again"},
    {EIO, "did not answer; check its connection"},
    {EINVAL, "correct the lines in the board file"},
    {ENOMEM, "out of memory"},
    {ENXIO, "driver is gone"},
    {EMFILE, "LimitNOFILE="},
    {EFAULT, "could not be set: Bad address; the kernel's log"},
};

static void test_faults_are_sentences(void **state)
{
    (void)state;
    static const struct gpiochip chip = CHIP(0, "pinctrl-bcm2835", 54);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct error error = {0};
        assert_false(gpiochip_fault(&chip, "set", faults[i].number, &error));
        if (strstr(error.text, "/dev/gpiochip0 [pinctrl-bcm2835] could not be set: ") == NULL ||
            strstr(error.text, faults[i].words) == NULL)
            fail_msg("errno %d: \"%s\"", faults[i].number, error.text);
    }
}

static void test_busy_names_the_holder(void **state)
{
    (void)state;
    static const struct gpiochip chip = CHIP(0, "pinctrl-bcm2835", 54);
    static const struct {
        const char *consumer, *words;
    } rows[] = {
        {"spi0 CS0", "GPIO8 (line 8 of /dev/gpiochip0 [pinctrl-bcm2835]) is in use by "
                     "\"spi0 CS0\", which selects chips on SPI: choose another line in the board "
                     "file, or, where nothing else is on SPI: put dtoverlay=spi0-0cs into"},
        {"gpioset", "GPIO8 (line 8 of /dev/gpiochip0 [pinctrl-bcm2835]) is in use by "
                    "\"gpioset\": stop that program"},
        {"amberbar", "in use by another amberbar: stop it (`systemctl stop amberbar`)"},
        {NULL, "in use by \"unnamed\""},
        {"\033[2J", "in use by \"?[2J\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        assert_false(gpiochip_busy(&chip, "GPIO8", 8, rows[i].consumer, &error));
        if (strstr(error.text, rows[i].words) == NULL)
            fail_msg("consumer %zu: \"%s\"", i, error.text);
    }
}

/* A directory of links to devices, as /dev is one. */
static void make_directory(char directory[static 32])
{
    (void)snprintf(directory, 32, "/tmp/gpiochip-XXXXXX");
    assert_non_null(mkdtemp(directory));
}

static void link_to(const char *directory, const char *name, const char *target)
{
    char path[80];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_int_equal(symlink(target, path), 0);
}

static void remove_link(const char *directory, const char *name)
{
    char path[80];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_int_equal(unlink(path), 0);
}

static void test_scan_leaves_out_what_is_no_gpio_chip(void **state)
{
    (void)state;
    char directory[32];
    make_directory(directory);
    link_to(directory, "gpiochip0", "/dev/null");        /* a device, but no GPIO chip */
    link_to(directory, "gpiochip1", "/nothing/is/here"); /* a dangling link */
    link_to(directory, "gpiochip2", "/etc/passwd");      /* no device */
    link_to(directory, "other", "/dev/zero");
    struct gpiochip_list list;
    gpiochip_scan(directory, &list);
    assert_int_equal(list.count, 0);
    for (char i = '0'; i <= '2'; i++)
        remove_link(directory, (const char[]){'g', 'p', 'i', 'o', 'c', 'h', 'i', 'p', i, '\0'});
    remove_link(directory, "other");
    assert_int_equal(rmdir(directory), 0);
    gpiochip_scan(directory, &list); /* no directory at all */
    assert_int_equal(list.count, 0);
}

/* A character device that only root may open; NULL when this machine has none of them. */
static const char *forbidden_device(void)
{
    static const char *const paths[] = {"/dev/mem", "/dev/kmsg", "/dev/console", "/dev/port",
                                        "/dev/loop-control"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct stat status;
        if (stat(paths[i], &status) == 0 && S_ISCHR(status.st_mode) && status.st_uid == 0 &&
            (status.st_mode & 0007) == 0)
            return paths[i];
    }
    return NULL;
}

static void test_scan_remembers_what_may_not_be_opened(void **state)
{
    (void)state;
    const char *device = forbidden_device();
    if (device == NULL)
        skip();
    char directory[32];
    make_directory(directory);
    assert_int_equal(chmod(directory, 0755), 0);
    link_to(directory, "gpiochip0", device);
    link_to(directory, "gpiochip4", device); /* Raspberry Pi OS's compatibility link */

    uid_t user = geteuid();
    if (user == 0)
        assert_int_equal(seteuid(65534), 0);
    struct gpiochip_list list;
    gpiochip_scan(directory, &list);
    static const char labels[BUS_LABELS_MAX][BUS_NAME_SIZE] = {"pinctrl-bcm2835"};
    struct error error = {0};
    const struct gpiochip *chip = gpiochip_choose(&list, labels, &error);
    if (user == 0)
        assert_int_equal(seteuid(0), 0);
    remove_link(directory, "gpiochip0");
    remove_link(directory, "gpiochip4");
    assert_int_equal(rmdir(directory), 0);

    assert_int_equal(list.count, 1);
    assert_null(chip);
    static const char *const words[] = {"/gpiochip0 could not be opened by user ",
                                        "belongs to owner root, group ", "`sudo usermod -aG ",
                                        "start amberbar anew"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(error.text, words[i]) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", words[i], error.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_faults_are_sentences),
        cmocka_unit_test(test_busy_names_the_holder),
        cmocka_unit_test(test_scan_leaves_out_what_is_no_gpio_chip),
        cmocka_unit_test(test_scan_remembers_what_may_not_be_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
