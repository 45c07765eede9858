#include "commands/doctor/machine.h"

#include "base/intake.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 20)

/*
 * Models by the beginning of /proc/device-tree/model, longer ones first, and the conditional
 * sections of config.txt that each obeys (Raspberry Pi documentation, "config.txt: Conditional
 * filters").
 */
static const struct {
    const char *model, *sections;
} models[] = {
    {"Raspberry Pi Zero 2", "pi0 pi02"},
    {"Raspberry Pi Zero W", "pi0 pi0w"},
    {"Raspberry Pi Zero", "pi0"},
    {"Raspberry Pi Compute Module 5", "pi5 cm5"},
    {"Raspberry Pi Compute Module 4S", "pi4 cm4s"},
    {"Raspberry Pi Compute Module 4", "pi4 cm4"},
    {"Raspberry Pi Compute Module 3 Plus", "pi3 pi3+ cm3 cm3+"},
    {"Raspberry Pi Compute Module 3", "pi3 cm3"},
    {"Raspberry Pi Compute Module", "pi1 cm1"},
    {"Raspberry Pi 500", "pi5 pi500"},
    {"Raspberry Pi 5", "pi5"},
    {"Raspberry Pi 400", "pi4 pi400"},
    {"Raspberry Pi 4", "pi4"},
    {"Raspberry Pi 3 Model B Plus", "pi3 pi3+"},
    {"Raspberry Pi 3 Model A Plus", "pi3 pi3+"},
    {"Raspberry Pi 3", "pi3"},
    {"Raspberry Pi 2", "pi2"},
    {"Raspberry Pi Model", "pi1"},
};

void machine_path(const struct machine *machine, const char *path,
                  char out[static MACHINE_PATH_SIZE])
{
    snprintf(out, MACHINE_PATH_SIZE, "%s%s", machine->root, path);
}

bool machine_read(const struct machine *machine, const char *path, struct text *out)
{
    char whole[MACHINE_PATH_SIZE];
    machine_path(machine, path, whole);
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

bool machine_find(const struct machine *machine, const char *folder, const char *beginning)
{
    char whole[MACHINE_PATH_SIZE];
    machine_path(machine, folder, whole);
    DIR *directory = opendir(whole);
    const struct dirent *entry = NULL;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, beginning, strlen(beginning)) == 0)
            break;
    if (directory != NULL)
        closedir(directory);
    return entry != NULL;
}

static void look_at_model(struct machine *machine)
{
    struct text text = {0};
    machine->sections = "";
    if (machine_read(machine, "/proc/device-tree/model", &text))
        text_printable(machine->model, sizeof machine->model, text.data);
    text_free(&text);
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (strncmp(machine->model, models[i].model, strlen(models[i].model)) == 0) {
            machine->sections = models[i].sections;
            return;
        }
    }
}

void machine_look(struct machine *machine, const char *root)
{
    static const char *const places[] = {"/boot/firmware/config.txt", "/boot/config.txt"};
    *machine = (struct machine){.root = root};
    look_at_model(machine);
    for (size_t i = 0; i < sizeof places / sizeof places[0] && machine->boot == NULL; i++)
        if (machine->sections[0] != '\0' && machine_read(machine, places[i], &machine->boot_text))
            machine->boot = places[i];
}

void machine_forget(struct machine *machine)
{
    text_free(&machine->boot_text);
}

static bool has_word(const char *words, const char *word, size_t length)
{
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (size == length && strncmp(at, word, length) == 0)
            return true;
        at += size;
    }
    return false;
}

bool machine_is(const struct machine *machine, const char *family)
{
    size_t length = strcspn(machine->sections, " ");
    return strlen(family) == length && strncmp(machine->sections, family, length) == 0;
}

bool machine_obeys(const struct machine *machine, const char *header)
{
    size_t length = strcspn(header + 1, "]");
    return strncmp(header, "[all]", 5) == 0 || has_word(machine->sections, header + 1, length);
}

/* Calls for each line that counts on this machine, in order, without the spaces around it. */
static void each_boot_line(const struct machine *machine,
                           void (*take)(const char *line, size_t length, void *user), void *user)
{
    const char *line = machine->boot_text.data;
    bool counts = true;
    while (line != NULL && *line != '\0') {
        line += strspn(line, " \t");
        size_t length = strcspn(line, "\r\n");
        if (line[0] == '[')
            counts = machine_obeys(machine, line);
        else if (counts && length > 0 && line[0] != '#')
            take(line, length, user);
        line += length;
        line += strspn(line, "\r\n");
    }
}

struct wanted {
    const char *key, *value;
    size_t key_length;
    char *out;
    bool found;
};

static void take_value(const char *line, size_t length, void *user)
{
    struct wanted *wanted = user;
    if (length > wanted->key_length && line[wanted->key_length] == '=' &&
        strncmp(line, wanted->key, wanted->key_length) == 0)
        snprintf(wanted->out, MACHINE_NAME_SIZE, "%.*s", (int)(length - wanted->key_length - 1),
                 line + wanted->key_length + 1);
}

void machine_boot_value(const struct machine *machine, const char *key,
                        char out[static MACHINE_NAME_SIZE])
{
    struct wanted wanted = {.key = key, .key_length = strlen(key), .out = out};
    out[0] = '\0';
    each_boot_line(machine, take_value, &wanted);
}

/* One parameter of a dtparam line; "spi" alone means "spi=on", and a later line overrules. */
static void take_parameter(struct wanted *wanted, const char *item, size_t length)
{
    size_t name = strcspn(wanted->value, "=");
    if (length < name || strncmp(item, wanted->value, name) != 0 ||
        (length > name && item[name] != '='))
        return;
    const char *wish = wanted->value[name] == '=' ? wanted->value + name + 1 : "on";
    size_t given = length > name ? length - name - 1 : 2;
    wanted->found =
        strlen(wish) == given && strncmp(length > name ? item + name + 1 : "on", wish, given) == 0;
}

static void take_setting(const char *line, size_t length, void *user)
{
    struct wanted *wanted = user;
    if (length <= wanted->key_length || line[wanted->key_length] != '=' ||
        strncmp(line, wanted->key, wanted->key_length) != 0)
        return;
    const char *item = line + wanted->key_length + 1, *end = line + length;
    if (strncmp(wanted->key, "dtparam", wanted->key_length) != 0) {
        size_t name = strcspn(wanted->value, ",");
        size_t given = strcspn(item, ",\r\n ");
        wanted->found = wanted->found || (name == given && strncmp(item, wanted->value, name) == 0);
        return;
    }
    while (item < end) {
        size_t size = strcspn(item, ",\r\n ");
        take_parameter(wanted, item, size);
        item += size + 1;
    }
}

bool machine_boot_has(const struct machine *machine, const char *setting)
{
    struct wanted wanted = {.key = setting, .key_length = strcspn(setting, "=")};
    wanted.value = setting + wanted.key_length + (setting[wanted.key_length] == '=');
    each_boot_line(machine, take_setting, &wanted);
    return wanted.found;
}
