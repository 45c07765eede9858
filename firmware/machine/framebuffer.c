/*
 * Framebuffers that lights are behind, which the kernel's drivers name (Linux:
 * /sys/class/graphics/fbN/name; raspberrypi/linux, drivers/video/fbdev/rpisense-fb.c, and
 * boot/overlays/README of raspberrypi/firmware: rpi-sense, rpi-sense-v2).
 */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

#define OTHERS_SIZE 160

static const struct source {
    const char *name, *product;
    const char *overlay; /* its beginning, too: the second edition's goes on */
    const char *module;
} sources[] = {{"RPi-Sense FB", "Sense HAT", "rpi-sense", "rpisense_fb"}};

static const struct source *source_of(const char *name)
{
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        if (strcmp(sources[i].name, name) == 0)
            return &sources[i];
    return NULL;
}

bool machine_framebuffer(const struct machine *machine, const char *name,
                         char device[static MACHINE_NAME_SIZE])
{
    size_t wanted = strlen(name);
    for (const char *line = machine->framebuffers.data; line != NULL && *line != '\0';) {
        size_t number = strcspn(line, " "), length = strcspn(line, "\n");
        if (length == number + 1 + wanted && strncmp(line + number + 1, name, wanted) == 0) {
            int written = snprintf(device, MACHINE_NAME_SIZE, "/dev/%.*s", (int)number, line);
            return written > 0 && written < MACHINE_NAME_SIZE;
        }
        line += length + (line[length] == '\n');
    }
    return false;
}

/* "; there is vc4drmfb, RPi-Sense FB": what could be meant instead. */
static void list_others(const struct machine *machine, char out[static OTHERS_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (const char *line = machine->framebuffers.data;
         line != NULL && *line != '\0' && used < OTHERS_SIZE;) {
        size_t number = strcspn(line, " "), length = strcspn(line, "\n");
        if (length > number + 1)
            used += (size_t)snprintf(out + used, OTHERS_SIZE - used, "%s%.*s",
                                     used == 0 ? "; there is " : ", ", (int)(length - number - 1),
                                     line + number + 1);
        line += length + (line[length] == '\n');
    }
}

static bool find_overlay(const struct machine *machine, const struct source *source,
                         struct boot_overlay *overlay)
{
    for (size_t i = 0; boot_overlay_at(machine, i, overlay); i++)
        if (strncmp(overlay->name, source->overlay, strlen(source->overlay)) == 0)
            return true;
    return false;
}

/* A name that no driver is known for, or a machine that is not known. */
static bool refuse_unknown(const struct machine *machine, const char *name, struct advice *advice)
{
    char others[OTHERS_SIZE];
    list_others(machine, others);
    if (source_of(name) != NULL && machine->model[0] == '\0')
        snprintf(advice->why, sizeof advice->why,
                 "no framebuffer has the name '%.63s'%s: is the board on the header, and was it "
                 "when the machine started? Else put what `amberbar boards` says must be enabled "
                 "into /boot/firmware/config.txt and reboot",
                 name, others);
    else
        snprintf(advice->why, sizeof advice->why,
                 "no framebuffer has the name '%.63s'%s: name one of this machine's in the board "
                 "file (`cat /sys/class/graphics/fb*/name` lists them)",
                 name, others);
    return false;
}

static bool refuse_late(const struct source *source, const struct boot_overlay *overlay,
                        struct advice *advice)
{
    snprintf(advice->why, sizeof advice->why,
             "no framebuffer has the name '%s', though dtoverlay=%s is in %s: restart the Pi if it "
             "has not been since; if it has, press the %s on the header anew, and see what the "
             "driver says (`sudo modprobe %s; dmesg | grep -i sense`)",
             source->name, overlay->name, overlay->file, source->product, source->module);
    return false;
}

bool machine_framebuffer_fits(const struct machine *machine, const char *name,
                              struct advice *advice)
{
    char device[MACHINE_NAME_SIZE];
    struct boot_overlay overlay;
    const struct source *source = source_of(name);
    *advice = (struct advice){0};
    if (machine_framebuffer(machine, name, device))
        return true;
    if (source == NULL || machine->model[0] == '\0')
        return refuse_unknown(machine, name, advice);
    if (find_overlay(machine, source, &overlay))
        return refuse_late(source, &overlay, advice);
    if (!machine_is_pi(machine))
        snprintf(advice->why, sizeof advice->why,
                 "no framebuffer has the name '%s', and on this machine (%s) none ever has: the "
                 "driver of the %s is of a Raspberry Pi's kernel",
                 name, machine->model, source->product);
    else if (boot_is_deaf(machine))
        snprintf(advice->why, sizeof advice->why,
                 "no framebuffer has the name '%s', and no line of %s brings it: overlays do "
                 "nothing with the device tree of Debian's own kernel; take Raspberry Pi OS",
                 name, machine->boot);
    else {
        snprintf(advice->why, sizeof advice->why,
                 "no framebuffer has the name '%s': the Pi did not find the %s when it started; "
                 "switch it off, press the HAT on the header and switch it on again, or, where the "
                 "HAT's own memory is not read or another HAT is beside it",
                 name, source->product);
        snprintf(advice->line, sizeof advice->line, "dtoverlay=%s", source->overlay);
    }
    return false;
}
