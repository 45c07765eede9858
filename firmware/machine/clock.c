/*
 * The clock of SPI 0. On Pis before the 5 it is made from the core's, which falls when the Pi is
 * idle; then every LED that measures pulses reads ones: white (raspberrypi/linux#3381;
 * jgarff/rpi_ws281x, README). Clocked lights do not mind.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

/*
 * The core's clock in MHz as it is without a line in config.txt, when busy and when idle, and the
 * lines that hold it (Raspberry Pi documentation, "Overclocking"). The core of a Pi 1 and 2 stands
 * still by itself; a Pi 5's SPI does not depend on it.
 */
static const struct core {
    const char *family;
    int64_t busy, idle;
    const char *line;
} cores[] = {
    {"pi0", 400, 250, "core_freq=250"},
    {"pi3", 400, 250, "core_freq=250"},
    {"pi4", 500, 200, "core_freq=500\ncore_freq_min=500"},
};

#define PI4_4K_BUSY 550 /* with hdmi_enable_4kp60 */

static bool is_on(const struct machine *machine, const char *key)
{
    char value[MACHINE_NAME_SIZE];
    boot_value(machine, key, value);
    return value[0] != '\0' && strcmp(value, "0") != 0;
}

/* The last of two keys that both set it, or what it is without. */
static int64_t frequency(const struct machine *machine, const char *const keys[2], int64_t usual)
{
    char value[MACHINE_NAME_SIZE];
    for (size_t i = 0; i < 2; i++) {
        boot_value(machine, keys[i], value);
        (void)text_integer(value, 1, 10000, &usual);
    }
    return usual;
}

static bool advise(const struct machine *machine, const struct core *core, int64_t busy,
                   int64_t idle, struct advice *advice)
{
    char set[MACHINE_NAME_SIZE];
    boot_value(machine, "core_freq", set);
    snprintf(
        advice->why, sizeof advice->why,
        "the clock of SPI %s with the core's, from %d to %d MHz, when this Pi is idle, and then "
        "all LEDs turn white",
        machine->boot_count > 0 ? "falls" : "falls, unless config.txt holds it,", (int)busy,
        (int)idle);
    if (set[0] == '\0')
        text_copy(advice->line, sizeof advice->line, core->line);
    else
        snprintf(advice->line, sizeof advice->line, "core_freq_min=%d", (int)busy);
    return false;
}

bool machine_clock_is_steady(const struct machine *machine, struct advice *advice)
{
    static const char *const busy_keys[2] = {"gpu_freq", "core_freq"};
    static const char *const idle_keys[2] = {"gpu_freq_min", "core_freq_min"};
    *advice = (struct advice){0};
    for (size_t i = 0; i < sizeof cores / sizeof cores[0]; i++) {
        const struct core *core = &cores[i];
        if (!machine_is(machine, core->family))
            continue;
        if (is_on(machine, "core_freq_fixed") || is_on(machine, "force_turbo"))
            return true;
        bool large = strcmp(core->family, "pi4") == 0 && is_on(machine, "hdmi_enable_4kp60");
        int64_t busy = frequency(machine, busy_keys, large ? PI4_4K_BUSY : core->busy);
        int64_t idle = frequency(machine, idle_keys, core->idle);
        return busy <= idle || advise(machine, core, busy, idle, advice);
    }
    return true;
}
