/*
 * The kernel's driver of WS2812 on a Pi 5 (raspberrypi/linux, drivers/misc/ws2812-pio-rp1.c), whose
 * overlay says which line it drives and how many LEDs are on it.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

#define OVERLAY "ws2812-pio"
#define USUAL_LINE 4 /* what the overlay has when its line does not say */
#define USUAL_PIXELS 60

/* /dev/leds0 is the first of its overlays, unless dev_name says otherwise. */
static bool find_overlay(const struct machine *machine, const char *path,
                         struct boot_overlay *overlay)
{
    char named[MACHINE_NAME_SIZE], device[2 * MACHINE_NAME_SIZE];
    unsigned number = 0;
    for (size_t i = 0; boot_overlay_at(machine, i, overlay); i++) {
        if (strcmp(overlay->name, OVERLAY) != 0)
            continue;
        if (boot_overlay_value(overlay, "dev_name", named))
            snprintf(device, sizeof device, "/dev/%s", named);
        else
            snprintf(device, sizeof device, "/dev/leds%u", number);
        number++;
        if (strcmp(device, path) == 0)
            return true;
    }
    return false;
}

static int64_t number_of(const struct boot_overlay *overlay, const char *key, int64_t usual)
{
    char value[MACHINE_NAME_SIZE];
    if (boot_overlay_value(overlay, key, value))
        (void)text_integer(value, 0, 100000, &usual);
    return usual;
}

static void write_line(const struct pio_wish *wish, int64_t line, struct advice *advice)
{
    snprintf(advice->line, sizeof advice->line, "dtoverlay=" OVERLAY ",gpio=%d,num_leds=%zu",
             (int)line, wish->pixels);
}

static bool refuse_absent(const struct machine *machine, const struct pio_wish *wish, int64_t line,
                          struct advice *advice)
{
    if (!machine_is_pi(machine) && machine->model[0] == '\0') {
        write_line(wish, line, advice);
        snprintf(advice->why, sizeof advice->why,
                 "there is no %s, which a Raspberry Pi 5 has by %s in /boot/firmware/config.txt "
                 "after a restart; elsewhere wire the strip to SPI, see `amberbar boards "
                 "ws2812-spi`",
                 wish->path, advice->line);
        advice->line[0] = '\0';
    } else if (!machine_is(machine, "pi5")) {
        snprintf(advice->why, sizeof advice->why,
                 "there is no %s, and on this machine there never is, for the kernel's driver of "
                 "WS2812 is for a Raspberry Pi 5: use one, or wire the strip to SPI, see `amberbar "
                 "boards ws2812-spi`",
                 wish->path);
    } else if (boot_is_deaf(machine)) {
        snprintf(advice->why, sizeof advice->why,
                 "there is no %s, and no line of %s brings it: overlays do nothing with the device "
                 "tree of Debian's own kernel; take Raspberry Pi OS",
                 wish->path, machine->boot);
    } else {
        write_line(wish, line, advice);
        snprintf(advice->why, sizeof advice->why,
                 "there is no %s: the kernel's driver of WS2812 is not enabled", wish->path);
    }
    return false;
}

static bool refuse_other(const struct boot_overlay *overlay, const struct pio_wish *wish,
                         int64_t line, struct advice *advice)
{
    int64_t pixels = number_of(overlay, "num_leds", USUAL_PIXELS);
    snprintf(advice->fix, sizeof advice->fix,
             "sudo sed -i 's/^ *dtoverlay=" OVERLAY ".*/dtoverlay=" OVERLAY
             ",gpio=%d,num_leds=%zu/' %s && sudo reboot",
             (int)line, wish->pixels, overlay->file);
    snprintf(advice->why, sizeof advice->why,
             "dtoverlay=" OVERLAY " in %s drives %d LEDs on GPIO%d, and the board file has %zu on "
             "GPIO%d: make them the same",
             overlay->file, (int)pixels, (int)number_of(overlay, "gpio", USUAL_LINE), wish->pixels,
             (int)line);
    return false;
}

bool machine_pio_fits(const struct machine *machine, const struct pio_wish *wish,
                      struct advice *advice)
{
    struct boot_overlay overlay;
    const char *digits = strncmp(wish->line, "GPIO", 4) == 0 ? wish->line + 4 : wish->line;
    bool there = strncmp(wish->path, "/dev/", 5) != 0 || machine_has(machine, wish->path + 5);
    int64_t line = 18;
    *advice = (struct advice){0};
    bool reported = text_integer(digits, 0, MACHINE_HEADER_LINES - 1, &line);
    if (!find_overlay(machine, wish->path, &overlay) || !machine_is(machine, "pi5"))
        return there || refuse_absent(machine, wish, line, advice);
    if (!reported)
        line = number_of(&overlay, "gpio", USUAL_LINE);
    if (number_of(&overlay, "gpio", USUAL_LINE) != line ||
        number_of(&overlay, "num_leds", USUAL_PIXELS) < (int64_t)wish->pixels)
        return refuse_other(&overlay, wish, line, advice);
    if (!there)
        snprintf(advice->why, sizeof advice->why,
                 "there is no %s, though dtoverlay=" OVERLAY " is in %s: restart the Pi if it has "
                 "not been since; if it has, update its system, whose kernel is too old",
                 wish->path, overlay.file);
    return there;
}
