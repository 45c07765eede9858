/* Lines of the header that config.txt gives to something else. */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

#define SOUND_FIRST 18
#define SOUND_LAST 21

static unsigned lines_of(const struct boot_overlay *overlay, const struct overlay_nature *nature)
{
    char value[MACHINE_NAME_SIZE];
    int64_t line;
    if (nature->moves == NULL || !boot_overlay_value(overlay, nature->moves, value))
        return nature->lines;
    return text_integer(value, 0, MACHINE_HEADER_LINES - 1, &line) ? 1U << line : 0;
}

static bool refuse(struct advice *advice, int line, const char *whose, const char *setting,
                   const char *file)
{
    snprintf(advice->why, sizeof advice->why,
             "GPIO%d belongs to %s, by %s in %s: choose another line, or take that out of the file "
             "and reboot",
             line, whose, setting, file);
    return false;
}

static bool is_free_of_overlays(const struct machine *machine, int line, struct advice *advice)
{
    char setting[MACHINE_NAME_SIZE + 16];
    struct boot_overlay overlay;
    for (size_t i = 0; boot_overlay_at(machine, i, &overlay); i++) {
        const struct overlay_nature *nature = overlay_nature(overlay.name);
        snprintf(setting, sizeof setting, "dtoverlay=%s", overlay.name);
        if (nature != NULL && (lines_of(&overlay, nature) >> line & 1U) != 0)
            return refuse(advice, line, nature->purpose, setting, overlay.file);
    }
    return true;
}

bool machine_line_is_free(const struct machine *machine, int line, struct advice *advice)
{
    char value[MACHINE_NAME_SIZE];
    *advice = (struct advice){0};
    if (line < 0 || line >= MACHINE_HEADER_LINES || !machine_is_pi(machine))
        return true;
    boot_value(machine, "enable_dpi_lcd", value);
    if (strcmp(value, "1") == 0)
        return refuse(advice, line, "a parallel display", "enable_dpi_lcd=1", machine->boot);
    if (line >= SOUND_FIRST && line <= SOUND_LAST && boot_parameter(machine, "i2s") == BOOT_ON)
        return refuse(advice, line, "sound", "dtparam=i2s=on", machine->boot);
    return is_free_of_overlays(machine, line, advice);
}
