/*
 * config.txt as the firmware reads it: conditional filters, included files, and the lines of the
 * device tree.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

#define STEPS_MAX 20000 /* lines; a file that includes itself ends */

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

static bool begins(const char *text, size_t length, const char *with)
{
    size_t size = strlen(with);
    return length >= size && strncmp(text, with, size) == 0;
}

/* Kinds of filters: one of a kind takes the place of the last of that kind, [all] of all. */
enum { FILTER_MODEL, FILTER_SERIAL, FILTER_OTHER };

/* "0x12345678": of this machine's serial number the last digits. */
static bool is_serial(const struct machine *machine, const char *word, size_t length)
{
    size_t digits = length - 2, known = strlen(machine->serial);
    return known >= digits && strncmp(machine->serial + known - digits, word + 2, digits) == 0;
}

/* Filters by what is plugged in (EDID, gpio4, tryboot) cannot be known; a port's settings are. */
static void apply_filter(const struct machine *machine, const char *header, bool unfit[4])
{
    const char *word = header + 1;
    size_t length = strcspn(word, "]\r\n");
    if (begins(word, length, "all") && length == 3)
        memset(unfit, 0, 4 * sizeof unfit[0]);
    else if (begins(word, length, "0x"))
        unfit[FILTER_SERIAL] = !is_serial(machine, word, length);
    else if (begins(word, length, "HDMI:"))
        unfit[FILTER_OTHER] = false;
    else if (memchr(word, '=', length) != NULL || begins(word, length, "tryboot"))
        unfit[FILTER_OTHER] = true;
    else
        unfit[FILTER_MODEL] = !has_word(machine->sections, word, length);
}

bool boot_obeys(const struct machine *machine, const char *header)
{
    bool unfit[4] = {false};
    apply_filter(machine, header, unfit);
    return !unfit[0] && !unfit[1] && !unfit[2];
}

/* "include FILE": beside config.txt, as it was loaded. */
static void enter(const struct machine *machine, struct boot_walk *walk,
                  const struct boot_line *line)
{
    const char *name = line->text + strlen("include");
    size_t length = line->length - strlen("include");
    size_t skipped = strspn(name, " \t");
    name += skipped;
    length -= skipped;
    for (size_t i = 1; i < machine->boot_count && walk->depth < MACHINE_BOOT_FILES; i++) {
        const char *slash = strrchr(machine->boot_files[i].path, '/');
        const char *whole = machine->boot_files[i].path;
        const char *folder = strrchr(machine->boot, '/');
        const char *base = folder != NULL ? whole + (folder + 1 - machine->boot) : slash + 1;
        if (strlen(base) == length && strncmp(base, name, length) == 0) {
            walk->stack[walk->depth].file = i;
            walk->stack[walk->depth++].at = machine->boot_files[i].text.data;
            return;
        }
    }
}

static bool is_include(const struct boot_line *line)
{
    return begins(line->text, line->length, "include") && line->length > 8 &&
           (line->text[7] == ' ' || line->text[7] == '\t');
}

/* The next line of the file on top, whichever it is; false: that file has ended. */
static bool take_line(const struct machine *machine, struct boot_walk *walk, struct boot_line *line)
{
    const char *at = walk->stack[walk->depth - 1].at;
    if (at == NULL || *at == '\0')
        return false;
    at += strspn(at, " \t");
    size_t length = strcspn(at, "\r\n");
    line->text = at;
    line->file = machine->boot_files[walk->stack[walk->depth - 1].file].path;
    at += length;
    walk->stack[walk->depth - 1].at = at + strspn(at, "\r\n");
    while (length > 0 && (line->text[length - 1] == ' ' || line->text[length - 1] == '\t'))
        length--;
    line->length = length;
    return true;
}

bool boot_next(const struct machine *machine, struct boot_walk *walk, struct boot_line *line)
{
    if (!walk->begun && machine->boot_count > 0) {
        walk->stack[0].at = machine->boot_files[0].text.data;
        walk->depth = 1;
    }
    walk->begun = true;
    while (walk->depth > 0 && walk->steps++ < STEPS_MAX) {
        if (!take_line(machine, walk, line)) {
            walk->depth--;
            continue;
        }
        if (line->length == 0 || line->text[0] == '#')
            continue;
        bool counts = !walk->unfit[0] && !walk->unfit[1] && !walk->unfit[2];
        if (line->text[0] == '[')
            apply_filter(machine, line->text, walk->unfit);
        else if (is_include(line))
            enter(machine, walk, line);
        else if (counts)
            return true;
    }
    return false;
}

/* What stands behind "KEY="; NULL: another key. */
static const char *value_of(const struct boot_line *line, const char *key, size_t *length)
{
    size_t size = strlen(key);
    if (line->length <= size || line->text[size] != '=' || strncmp(line->text, key, size) != 0)
        return NULL;
    *length = line->length - size - 1;
    return line->text + size + 1;
}

void boot_value(const struct machine *machine, const char *key, char out[static MACHINE_NAME_SIZE])
{
    struct boot_walk walk = {0};
    struct boot_line line;
    size_t length;
    out[0] = '\0';
    while (boot_next(machine, &walk, &line)) {
        const char *value = value_of(&line, key, &length);
        if (value != NULL)
            snprintf(out, MACHINE_NAME_SIZE, "%.*s", (int)length, value);
    }
}

/* The two spellings of each of the firmware's keys. */
static const char *tree_value(const struct boot_line *line, bool overlay, size_t *length)
{
    static const char *const keys[2][2] = {{"dtparam", "device_tree_param"},
                                           {"dtoverlay", "device_tree_overlay"}};
    const char *value = value_of(line, keys[overlay][0], length);
    return value != NULL ? value : value_of(line, keys[overlay][1], length);
}

/* dtoverlay.c of raspberrypi/utils: what counts as yes. */
static bool is_yes(const char *word, size_t length)
{
    static const char words[] = "on y yes true enable okay";
    int64_t number;
    char copy[8] = "";
    if (length == 0 || has_word(words, word, length))
        return true; /* a bare name is switched on */
    snprintf(copy, sizeof copy, "%.*s", (int)(length < sizeof copy ? length : 0), word);
    return text_integer(copy, 0, 9999, &number) && number != 0;
}

/* The last mention of `name` in a list such as "i2c_arm=on,spi". */
static enum boot_switch switch_in(const char *list, size_t length, const char *name,
                                  enum boot_switch before)
{
    size_t wanted = strlen(name);
    for (const char *end = list + length; list < end;) {
        size_t item = 0;
        while (list + item < end && list[item] != ',')
            item++;
        size_t key = 0;
        while (key < item && list[key] != '=')
            key++;
        if (key == wanted && strncmp(list, name, key) == 0)
            before = is_yes(list + key + 1, item > key ? item - key - 1 : 0) ? BOOT_ON : BOOT_OFF;
        list += item + 1;
    }
    return before;
}

enum boot_switch boot_parameter(const struct machine *machine, const char *name)
{
    struct boot_walk walk = {0};
    struct boot_line line;
    enum boot_switch found = BOOT_UNSET;
    size_t length;
    while (boot_next(machine, &walk, &line)) {
        const char *list = tree_value(&line, false, &length);
        if (list != NULL)
            found = switch_in(list, length, name, found);
    }
    return found;
}

/* Parameters that follow an overlay go to it. */
static void add_parameters(struct boot_overlay *overlay, const char *list, size_t length)
{
    size_t used = strlen(overlay->parameters);
    snprintf(overlay->parameters + used, sizeof overlay->parameters - used, "%s%.*s",
             used > 0 ? "," : "", (int)length, list);
}

static void begin_overlay(struct boot_overlay *overlay, const struct boot_line *line,
                          const char *list, size_t length)
{
    size_t name = 0;
    while (name < length && list[name] != ',' && list[name] != ' ')
        name++;
    *overlay = (struct boot_overlay){0};
    snprintf(overlay->name, sizeof overlay->name, "%.*s", (int)name, list);
    text_copy(overlay->file, sizeof overlay->file, line->file);
    if (length > name)
        add_parameters(overlay, list + name + 1, length - name - 1);
}

bool boot_overlay_at(const struct machine *machine, size_t index, struct boot_overlay *overlay)
{
    struct boot_walk walk = {0};
    struct boot_line line;
    size_t count = 0, length, listed;
    while (boot_next(machine, &walk, &line)) {
        const char *list = tree_value(&line, false, &listed);
        const char *name = tree_value(&line, true, &length);
        bool within = count == index + 1;
        if (within && list != NULL)
            add_parameters(overlay, list, listed);
        if (within && name != NULL)
            return true;
        if (name == NULL || length == 0)
            continue;
        if (count++ == index)
            begin_overlay(overlay, &line, name, length);
    }
    return count == index + 1;
}

bool boot_overlay_value(const struct boot_overlay *overlay, const char *name,
                        char out[static MACHINE_NAME_SIZE])
{
    size_t wanted = strlen(name);
    bool found = false;
    for (const char *item = overlay->parameters; *item != '\0'; item += *item == ',') {
        size_t length = strcspn(item, ",");
        if (length > wanted && item[wanted] == '=' && strncmp(item, name, wanted) == 0) {
            snprintf(out, MACHINE_NAME_SIZE, "%.*s", (int)(length - wanted - 1), item + wanted + 1);
            found = true;
        }
        item += length;
    }
    return found;
}

static bool has_overlay(const struct machine *machine, const char *setting)
{
    struct boot_overlay overlay;
    size_t length = strcspn(setting, ",");
    for (size_t i = 0; boot_overlay_at(machine, i, &overlay); i++)
        if (strlen(overlay.name) == length && strncmp(overlay.name, setting, length) == 0)
            return true;
    return false;
}

bool boot_has(const struct machine *machine, const char *setting)
{
    char name[MACHINE_NAME_SIZE], is[MACHINE_NAME_SIZE];
    const struct boot_line line = {setting, strlen(setting), ""};
    size_t length;
    const char *value = tree_value(&line, true, &length);
    if (value != NULL)
        return has_overlay(machine, value);
    value = tree_value(&line, false, &length);
    if (value != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(value, "=,"), value);
        return boot_parameter(machine, name) == switch_in(value, length, name, BOOT_UNSET);
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(setting, "="), setting);
    boot_value(machine, name, is);
    value = value_of(&line, name, &length);
    return value != NULL && strcmp(is, value) == 0;
}

bool boot_is_generated(const struct machine *machine)
{
    const char *text = machine->boot_count > 0 ? machine->boot_files[0].text.data : NULL;
    return text != NULL && strstr(text, "raspi-firmware") != NULL &&
           strstr(text, "automatically generated") != NULL;
}

/* By the tree itself; where that cannot be read, by Debian's names of its own kernels. */
bool boot_is_deaf(const struct machine *machine)
{
    static const char *const flavours[] = {"-arm64", "-arm64-16k", "-armmp", "-armmp-lpae"};
    size_t length = strlen(machine->kernel);
    if (!machine_is_pi(machine))
        return false;
    if (machine->has_tree)
        return !machine->overridable;
    for (size_t i = 0; i < sizeof flavours / sizeof flavours[0]; i++) {
        size_t tail = strlen(flavours[i]);
        if (length > tail && strcmp(machine->kernel + length - tail, flavours[i]) == 0)
            return true;
    }
    return machine->kernel[0] == '\0' && boot_is_generated(machine);
}
