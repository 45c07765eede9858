/*
 * The files of a machine that `doctor` looks at, one after the other, parted by NULs, in the order
 * of `files`; in a folder that stands for its root.
 */
#include "commands/doctor/accounts.h"
#include "fuzz/fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {
    "/boot/firmware/config.txt",
    "/proc/device-tree/model",
    "/etc/passwd",
    "/etc/group",
    "/ls-dev",
    "/boot/firmware/usercfg.txt",
    "/sys/class/graphics/fb0/name",
};
#define FILES (sizeof files / sizeof files[0])

static char root[] = "/tmp/amberbar-fuzz-XXXXXX";

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static void remove_root(void)
{
    nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *name, const void *bytes, size_t length)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s", root, name);
    for (char *slash = strchr(path + sizeof root, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    must(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static void ask(const struct machine *machine)
{
    static const char *const devices[] = {"/dev/spidev0.0", "/dev/spidev1.1", "/dev/i2c-1",
                                          "/dev/spidev10.0"};
    const struct pio_wish pio = {"/dev/leds0", "GPIO18", 8};
    char value[MACHINE_NAME_SIZE];
    struct advice advice;
    struct text words = {0};
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        const struct wish wish = {devices[i], i % 2 == 0, true, true};
        bool fine = machine_offers(machine, &wish, &advice);
        must(fine || advice.why[0] != '\0');
        advice_words(machine, &advice, &words);
        must(fine || words.length >= strlen(advice.why));
    }
    must(machine_framebuffer(machine, "RPi-Sense FB", value) ==
         machine_framebuffer_fits(machine, "RPi-Sense FB", &advice));
    must(machine_framebuffer_fits(machine, "another", &advice) || advice.why[0] != '\0');
    must(machine_clock_is_steady(machine, &advice) || advice.line[0] != '\0');
    must(machine_pio_fits(machine, &pio, &advice) || advice.why[0] != '\0');
    for (int line = -1; line <= MACHINE_HEADER_LINES; line++)
        must(machine_line_is_free(machine, line, &advice) || advice.why[0] != '\0');
    boot_value(machine, "core_freq", value);
    must(strlen(value) < sizeof value);
    boot_has(machine, "dtparam=spi=on");
    boot_has(machine, "dtoverlay=ws2812-pio,gpio=18");
    text_free(&words);
}

static void look(const struct machine *machine)
{
    struct account account;
    struct access access;
    access_look(machine, "/dev/spidev0.0", &access);
    if (account_find(machine, "amberbar", &account) ||
        account_find_by_id(machine, 1000, &account)) {
        account_is_member(machine, &account, "gpio");
        access_permits(machine, &access, &account, ACCESS_USE);
    }
    account_group_exists(machine, "spi");
    ask(machine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    struct machine machine;
    if (!made) {
        must(mkdtemp(root) != NULL);
        made = atexit(remove_root) == 0;
    }
    for (size_t i = 0; i < FILES; i++) {
        const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
        size_t length = end != NULL ? (size_t)(end - data) : size;
        write_file(files[i], data, length);
        data += length + (end != NULL);
        size -= length + (end != NULL);
    }
    look_at(&machine, root);
    look(&machine);
    look_away(&machine);
    return 0;
}
