#include "config/board/needs.h"

#include <stdio.h>
#include <string.h>

const char *output_device(const struct output_settings *output)
{
    switch (output->bus.kind) {
    case BUS_SPI:
        return output->bus.spi.path;
    case BUS_I2C:
        return output->bus.i2c.path;
    case BUS_DEVICE:
        return output->bus.device.path;
    case BUS_GPIO:
    case BUS_FILE:
    case BUS_LEDS:
    case BUS_FRAMEBUFFER: /* its number is not known before it is there */
    case BUS_UDP:
    case BUS_HIDRAW:
        return NULL;
    }
    return NULL;
}

bool output_measures_pulses(const struct output_settings *output)
{
    return output->bus.kind == BUS_SPI && output->chip->spi.timed;
}

bool output_device_fits(const struct machine *machine, const struct output_settings *output,
                        struct advice *advice)
{
    const char *path = output_device(output);
    *advice = (struct advice){0};
    if (output->bus.kind == BUS_FRAMEBUFFER)
        return machine_framebuffer_fits(machine, output->bus.framebuffer.name, advice);
    if (path == NULL)
        return true;
    if (output->bus.kind == BUS_DEVICE) {
        const struct pio_wish pio = {path, output->bus.device.line,
                                     output->chip->pixels(output->chip_settings)};
        return machine_pio_fits(machine, &pio, advice);
    }
    const struct wish wish = {
        .path = path,
        .selects = output->chip->wiring == WIRING_LATCHED,
        .timed = output_measures_pulses(output),
        .clocked = (output->chip->buses & BUS_BIT(BUS_GPIO)) != 0,
    };
    return machine_offers(machine, &wish, advice);
}

bool output_clock_fits(const struct machine *machine, const struct output_settings *output,
                       struct advice *advice)
{
    *advice = (struct advice){0};
    return !output_measures_pulses(output) || machine_clock_is_steady(machine, advice);
}

bool output_drives_line(const struct output_settings *output, const struct line_use *use)
{
    return output->bus.kind == BUS_GPIO || strncmp(use->use, "held", 4) == 0;
}

int output_line_number(const struct line_use *use)
{
    int64_t number;
    const char *digits = strncmp(use->line, "GPIO", 4) == 0 ? use->line + 4 : use->line;
    bool good = use->on_header && text_integer(digits, 0, MACHINE_HEADER_LINES - 1, &number);
    return good ? (int)number : -1;
}

bool output_line_fits(const struct machine *machine, const struct output_settings *output,
                      const struct line_use *use, struct advice *advice)
{
    *advice = (struct advice){0};
    return !output_drives_line(output, use) ||
           machine_line_is_free(machine, output_line_number(use), advice);
}

bool output_lights_fit(const struct machine *machine, const struct output_settings *output,
                       struct advice *advice)
{
    *advice = (struct advice){0};
    for (size_t i = 0; output->bus.kind == BUS_LEDS && i < output->bus.leds.count; i++) {
        const char *name = output->bus.leds.lights[i].name;
        if (machine_light(machine, name) != NULL)
            continue;
        snprintf(advice->why, sizeof advice->why,
                 "this machine has no light %s: name one of /sys/class/leds in the board file",
                 name);
        return false;
    }
    return true;
}

void board_settle_lights(const struct machine *machine, struct board *board)
{
    for (size_t i = 0; i < board->output_count * BUS_LEDS_MAX; i++) {
        struct leds_light *light =
            &board->outputs[i / BUS_LEDS_MAX].bus.leds.lights[i % BUS_LEDS_MAX];
        if (light->inverted == LIGHT_BY_MODEL)
            light->inverted =
                machine_light_inverted(machine, light->name) ? LIGHT_INVERTED : LIGHT_UPRIGHT;
    }
}

static void remark(const struct machine *machine, const struct output_settings *output,
                   const struct advice *advice, struct text *out)
{
    text_addf(out, "%s: ", output->name);
    advice_words(machine, advice, out);
    text_add(out, "\n");
}

static void remark_lines(const struct machine *machine, const struct output_settings *output,
                         struct text *out)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    struct advice advice;
    size_t count = output_lines(output, uses);
    for (size_t i = 0; i < count; i++)
        if (!output_line_fits(machine, output, &uses[i], &advice))
            remark(machine, output, &advice, out);
}

void board_remarks(const struct machine *machine, const struct board *board, struct text *out)
{
    static bool (*const needs[])(const struct machine *, const struct output_settings *,
                                 struct advice *) = {output_device_fits, output_clock_fits,
                                                     output_lights_fit};
    struct advice advice;
    if (machine->model[0] == '\0')
        return;
    for (size_t i = 0; i < board->output_count; i++) {
        for (size_t j = 0; j < sizeof needs / sizeof needs[0]; j++)
            if (!needs[j](machine, &board->outputs[i], &advice))
                remark(machine, &board->outputs[i], &advice, out);
        remark_lines(machine, &board->outputs[i], out);
    }
}
