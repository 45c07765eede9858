/*
 * The files of a machine that `doctor` looks at, one after the other, parted by NULs, in the order
 * of `files`; in a folder that stands for its root.
 */
#include "commands/doctor/machine.h"
#include "fuzz/fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {
    "/boot/firmware/config.txt", "/proc/device-tree/model", "/etc/passwd", "/etc/group", "/ls-dev",
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

static void look(const struct machine *machine)
{
    char value[MACHINE_NAME_SIZE];
    struct account account;
    struct access access;
    machine_boot_value(machine, "core_freq", value);
    must(strlen(value) < sizeof value);
    machine_boot_has(machine, "dtparam=spi=on");
    machine_boot_has(machine, "dtoverlay=ws2812-pio,gpio=18");
    machine_is(machine, "pi4");
    machine_access(machine, "/dev/spidev0.0", &access);
    if (machine_account(machine, "amberbar", &account) ||
        machine_account_by_id(machine, 1000, &account)) {
        machine_is_member(machine, &account, "gpio");
        access_permits(machine, &access, &account, ACCESS_USE);
    }
    machine_has_group(machine, "spi");
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
    machine_look(&machine, root);
    look(&machine);
    machine_forget(&machine);
    return 0;
}
