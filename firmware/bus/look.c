#include "bus/look.h"

#include "base/intake.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)1 << 20)
#define NAMES_MAX 256 /* of a folder */
#define MOVED "has moved to /boot/firmware/config.txt"
#define FRAMEBUFFERS "/sys/class/graphics"
#define BOOT "/boot/firmware/config.txt"
#define BOOT_BEFORE_DEBIAN_12 "/boot/config.txt"

void look_path(const struct machine *machine, const char *path, char out[static LOOK_PATH_SIZE])
{
    snprintf(out, LOOK_PATH_SIZE, "%s%s", machine->root, path);
}

bool look_read(const struct machine *machine, const char *path, struct text *out)
{
    char whole[LOOK_PATH_SIZE];
    look_path(machine, path, whole);
    bool good = intake_file(whole, INTAKE_FILE, FILE_MAX_BYTES, out);
    if (out->data == NULL)
        text_add(out, "");
    size_t kept = 0;
    for (size_t i = 0; i < out->length; i++) /* /proc/device-tree ends its texts with a NUL */
        if (out->data[i] != '\0')
            out->data[kept++] = out->data[i];
    text_cut(out, kept);
    return good && !out->failed;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Names of a folder, a line each, those that begin with one of `kinds` (NULL: all). */
static void list_folder(const struct machine *machine, const char *folder,
                        const char *const kinds[], struct text *out)
{
    char whole[LOOK_PATH_SIZE];
    struct dirent **entries = NULL;
    look_path(machine, folder, whole);
    int count = scandir(whole, &entries, is_visible, versionsort);
    for (int i = 0; i < count; i++) {
        bool wanted = kinds == NULL && i < NAMES_MAX;
        for (size_t k = 0; kinds != NULL && kinds[k] != NULL; k++)
            wanted = wanted || strncmp(entries[i]->d_name, kinds[k], strlen(kinds[k])) == 0;
        if (wanted)
            text_addf(out, "%s\n", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static bool exists(const struct machine *machine, const char *path)
{
    char whole[LOOK_PATH_SIZE];
    look_path(machine, path, whole);
    return access(whole, F_OK) == 0;
}

bool look_finds(const struct machine *machine, const char *folder, const char *beginning)
{
    const char *const kinds[] = {beginning, NULL};
    struct text found = {0};
    if (beginning[0] == '\0')
        return exists(machine, folder);
    list_folder(machine, folder, kinds, &found);
    bool any = found.length > 0;
    text_free(&found);
    return any;
}

static void read_word(const struct machine *machine, const char *path, char *out, size_t size)
{
    struct text text = {0};
    if (look_read(machine, path, &text)) {
        text.data[strcspn(text.data, "\n")] = '\0';
        text_printable(out, size, text.data);
    }
    text_free(&text);
}

/* What is recorded in a folder stands in its list, device files being hard to copy. */
static void add_listed(struct machine *machine)
{
    struct text list = {0};
    (void)look_read(machine, "/ls-dev", &list);
    char *rest = list.data, *line;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
        const char *name = strstr(line, " /dev/");
        if (name != NULL && !machine_has(machine, name + strlen(" /dev/")))
            text_addf(&machine->devices, "%s\n", name + strlen(" /dev/"));
    }
    text_free(&list);
}

static void look_at_drivers(struct machine *machine)
{
    static const char *const kinds[] = {"spi", NULL};
    struct text names = {0};
    list_folder(machine, "/sys/bus/spi/devices", kinds, &names);
    char *rest = names.data, *name;
    while (rest != NULL && (name = strsep(&rest, "\n")) != NULL && *name != '\0') {
        char path[LOOK_PATH_SIZE], whole[LOOK_PATH_SIZE], target[256];
        snprintf(path, sizeof path, "/sys/bus/spi/devices/%.64s/driver", name);
        look_path(machine, path, whole);
        ssize_t length = readlink(whole, target, sizeof target - 1);
        if (length <= 0)
            continue;
        target[length] = '\0';
        const char *slash = strrchr(target, '/');
        text_addf(&machine->drivers, "%s ", name);
        text_add_shown(&machine->drivers, slash != NULL ? slash + 1 : target);
        text_add(&machine->drivers, "\n");
    }
    text_free(&names);
}

static bool is_framebuffer(const char *name)
{
    size_t digits = strspn(name + 2, "0123456789");
    return digits > 0 && name[2 + digits] == '\0'; /* beside them stands fbcon */
}

void look_at_framebuffers(struct machine *machine)
{
    static const char *const kinds[] = {"fb", NULL};
    struct text names = {0};
    list_folder(machine, FRAMEBUFFERS, kinds, &names);
    char *rest = names.data, *name;
    while (rest != NULL && (name = strsep(&rest, "\n")) != NULL && *name != '\0') {
        char path[LOOK_PATH_SIZE], word[MACHINE_NAME_SIZE] = "";
        if (!is_framebuffer(name))
            continue;
        snprintf(path, sizeof path, FRAMEBUFFERS "/%.64s/name", name);
        read_word(machine, path, word, sizeof word);
        text_addf(&machine->framebuffers, "%s %s\n", name, word);
    }
    text_free(&names);
}

/* The flags of a `gpios` property are its last cell; bit 0: active low (dt-bindings/gpio/gpio.h).
 */
static void look_at_act(struct machine *machine)
{
    static const char *const places[] = {
        "/sys/class/leds/ACT/of_node/gpios", "/sys/class/leds/led0/of_node/gpios",
        "/proc/device-tree/leds/led-act/gpios", "/proc/device-tree/leds/act/gpios"};
    for (size_t i = 0; i < sizeof places / sizeof places[0] && !machine->act_known; i++) {
        char whole[LOOK_PATH_SIZE];
        struct text cells = {0};
        look_path(machine, places[i], whole);
        machine->act_known =
            intake_file(whole, INTAKE_FILE, FILE_MAX_BYTES, &cells) && cells.length >= 4;
        machine->act_low = machine->act_known && (cells.data[cells.length - 1] & 1) != 0;
        text_free(&cells);
    }
}

static bool add_boot_file(struct machine *machine, const char *path)
{
    if (machine->boot_count == MACHINE_BOOT_FILES)
        return false;
    struct boot_file *file = &machine->boot_files[machine->boot_count];
    if (!look_read(machine, path, &file->text)) {
        text_free(&file->text);
        return false;
    }
    text_printable(file->path, sizeof file->path, path);
    machine->boot_count++;
    return true;
}

static bool is_loaded(const struct machine *machine, const char *path)
{
    for (size_t i = 0; i < machine->boot_count; i++)
        if (strcmp(machine->boot_files[i].path, path) == 0)
            return true;
    return false;
}

/* Files are named as seen from config.txt's folder. */
static void add_included(struct machine *machine, const char *line)
{
    char path[sizeof machine->boot_files[0].path];
    const char *name = line + strlen("include");
    name += strspn(name, " \t");
    int folder = (int)(strrchr(machine->boot, '/') + 1 - machine->boot);
    int length = snprintf(path, sizeof path, "%.*s%.*s", folder, machine->boot,
                          (int)strcspn(name, "\r\n"), name);
    while (length > 0 && (size_t)length < sizeof path && path[length - 1] == ' ')
        path[--length] = '\0';
    if ((size_t)length < sizeof path && !is_loaded(machine, path))
        (void)add_boot_file(machine, path);
}

static void look_at_includes(struct machine *machine)
{
    for (size_t i = 0; i < machine->boot_count; i++) {
        const char *line = machine->boot_files[i].text.data;
        while (line != NULL && *line != '\0') {
            line += strspn(line, " \t");
            if (strncmp(line, "include", 7) == 0 && (line[7] == ' ' || line[7] == '\t'))
                add_included(machine, line);
            line += strcspn(line, "\r\n");
            line += strspn(line, "\r\n");
        }
    }
}

/* In /boot stands the file itself, or a note that it has moved. */
static void look_at_boot(struct machine *machine)
{
    if (!machine_is_pi(machine))
        return;
    machine->boot = BOOT;
    if (!add_boot_file(machine, BOOT) && add_boot_file(machine, BOOT_BEFORE_DEBIAN_12)) {
        if (strstr(machine->boot_files[0].text.data, MOVED) == NULL)
            machine->boot = BOOT_BEFORE_DEBIAN_12;
        else
            text_free(&machine->boot_files[--machine->boot_count].text);
    }
    look_at_includes(machine);
}

void look_at(struct machine *machine, const char *root)
{
    static const char *const kinds[] = {"spidev", "i2c-", "leds", "gpiochip", "serial", NULL};
    *machine = (struct machine){.root = root, .sections = ""};
    read_word(machine, "/proc/device-tree/model", machine->model, sizeof machine->model);
    read_word(machine, "/proc/device-tree/serial-number", machine->serial, sizeof machine->serial);
    read_word(machine, "/proc/sys/kernel/osrelease", machine->kernel, sizeof machine->kernel);
    machine->has_tree = exists(machine, "/proc/device-tree/#address-cells");
    machine->overridable = exists(machine, "/proc/device-tree/__overrides__");
    machine_recognise(machine);
    list_folder(machine, "/dev", kinds, &machine->devices);
    if (root[0] != '\0')
        add_listed(machine);
    list_folder(machine, "/sys/class/leds", NULL, &machine->lights);
    look_at_drivers(machine);
    look_at_framebuffers(machine);
    look_at_act(machine);
    look_at_boot(machine);
}

void look_away(struct machine *machine)
{
    for (size_t i = 0; i < machine->boot_count; i++)
        text_free(&machine->boot_files[i].text);
    text_free(&machine->devices);
    text_free(&machine->lights);
    text_free(&machine->drivers);
    text_free(&machine->framebuffers);
    machine->boot_count = 0;
}
