/* Models of Raspberry Pis, and what is peculiar to each. */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

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

void machine_recognise(struct machine *machine)
{
    machine->sections = "";
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (strncmp(machine->model, models[i].model, strlen(models[i].model)) == 0) {
            machine->sections = models[i].sections;
            return;
        }
    }
}

bool machine_is_pi(const struct machine *machine)
{
    return machine->sections[0] != '\0';
}

bool machine_is(const struct machine *machine, const char *family)
{
    size_t length = strcspn(machine->sections, " ");
    return strlen(family) == length && strncmp(machine->sections, family, length) == 0;
}

/* A line of the list that is `name`, or begins so. */
static bool lists(const struct text *list, const char *name, bool beginning)
{
    size_t length = strlen(name);
    const char *line = list->data;
    while (line != NULL && *line != '\0') {
        size_t whole = strcspn(line, "\n");
        if (whole >= length && strncmp(line, name, length) == 0 && (beginning || whole == length))
            return true;
        line += whole + (line[whole] == '\n');
    }
    return false;
}

bool machine_has(const struct machine *machine, const char *device)
{
    return lists(&machine->devices, device, false);
}

bool machine_has_some(const struct machine *machine, const char *beginning)
{
    return lists(&machine->devices, beginning, true);
}

/* The kernel's names on a Pi, and those that Raspberry Pi's kernels before 6.1 gave them. */
static const struct {
    const char *name, *older;
} light_names[] = {{"ACT", "led0"}, {"PWR", "led1"}};

const char *machine_light(const struct machine *machine, const char *name)
{
    if (lists(&machine->lights, name, false))
        return name;
    for (size_t i = 0; i < sizeof light_names / sizeof light_names[0]; i++)
        if (strcmp(light_names[i].name, name) == 0 &&
            lists(&machine->lights, light_names[i].older, false))
            return light_names[i].older;
    return NULL;
}

/*
 * Lights whose wiring and whose device tree can differ: the level that lights them, and what the
 * tree says when it cannot be read. A Pi 5's is lit by high, and its tree says low (bcm2712-rpi-5-b
 * .dts: gio_aon 9 GPIO_ACTIVE_LOW); a Zero's is lit by low (GPIO 47; Zero 2 W: 29).
 */
static const struct {
    const char *family, *light, *older;
    bool lit_low, tree_low;
} wired[] = {
    {"pi5", "ACT", "led0", false, true},
    {"pi0", "ACT", "led0", true, true},
};

bool machine_light_inverted(const struct machine *machine, const char *name)
{
    for (size_t i = 0; i < sizeof wired / sizeof wired[0]; i++) {
        if (!machine_is(machine, wired[i].family) ||
            (strcmp(name, wired[i].light) != 0 && strcmp(name, wired[i].older) != 0))
            continue;
        bool reported = machine->act_known ? machine->act_low : wired[i].tree_low;
        return reported != wired[i].lit_low;
    }
    return false;
}
