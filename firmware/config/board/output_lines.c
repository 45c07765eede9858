/*
 * The lines of GPIO chips that an output uses, and what for.
 */
#include "config/config.h"

#include <stdio.h>
#include <string.h>

/* A growing list of uses. */
struct uses {
    struct line_use *list;
    size_t count;
    bool on_header;
};

static void add_use(struct uses *uses, const char *use, const char *line)
{
    if (line[0] == '\0' || uses->count == OUTPUT_LINES_MAX)
        return;
    struct line_use *next = &uses->list[uses->count++];
    snprintf(next->use, sizeof next->use, "%s", use);
    next->line = line;
    next->on_header = uses->on_header;
}

/* A Raspberry Pi's: pinctrl-bcm2835, pinctrl-bcm2711, pinctrl-rp1. */
static bool is_header(const char labels[BUS_LABELS_MAX][BUS_NAME_SIZE])
{
    for (size_t i = 0; i < BUS_LABELS_MAX; i++)
        if (strncmp(labels[i], "pinctrl-bcm", strlen("pinctrl-bcm")) == 0 ||
            strcmp(labels[i], "pinctrl-rp1") == 0)
            return true;
    return false;
}

static void add_gpio(struct uses *uses, const struct output_settings *output)
{
    const struct bus_settings *bus = &output->bus;
    bool two_wire = output->chip->wiring == WIRING_TWO_WIRE;
    add_use(uses, two_wire ? "DIO" : "data", bus->gpio.data);
    add_use(uses, two_wire ? "CLK" : "clock", bus->gpio.clock);
    add_use(uses, "latch", bus->gpio.latch);
    for (size_t i = 0; i < bus->lines.count; i++) {
        char use[LINE_USE_SIZE];
        snprintf(use, sizeof use, "lamp %u", (unsigned)i + 1);
        add_use(uses, use, bus->lines.lines[i].name);
    }
}

/* Of the buses that every 40-pin header has at the same pins (RPiDoc, GPIO). */
static const struct {
    enum bus_kind kind;
    const char *path;
    const char *uses[3], *lines[3];
} headers[] = {
    {BUS_SPI, "/dev/spidev0.0", {"MOSI", "SCLK", "CE0"}, {"GPIO10", "GPIO11", "GPIO8"}},
    {BUS_SPI, "/dev/spidev0.1", {"MOSI", "SCLK", "CE1"}, {"GPIO10", "GPIO11", "GPIO7"}},
    {BUS_SPI, "/dev/spidev1.0", {"MOSI", "SCLK", "CE0"}, {"GPIO20", "GPIO21", "GPIO18"}},
    {BUS_SPI, "/dev/spidev1.1", {"MOSI", "SCLK", "CE1"}, {"GPIO20", "GPIO21", "GPIO17"}},
    {BUS_SPI, "/dev/spidev1.2", {"MOSI", "SCLK", "CE2"}, {"GPIO20", "GPIO21", "GPIO16"}},
    {BUS_I2C, "/dev/i2c-1", {"SDA", "SCL", ""}, {"GPIO2", "GPIO3", ""}},
};

static void add_header(struct uses *uses, const struct output_settings *output)
{
    bool spi = output->bus.kind == BUS_SPI;
    const char *path = spi ? output->bus.spi.path : output->bus.i2c.path;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        bool this = headers[i].kind == output->bus.kind && strcmp(headers[i].path, path) == 0;
        for (size_t j = 0; this && j < 3; j++)
            add_use(uses, headers[i].uses[j], headers[i].lines[j]);
    }
}

size_t output_lines(const struct output_settings *output,
                    struct line_use uses[static OUTPUT_LINES_MAX])
{
    const struct bus_settings *bus = &output->bus;
    struct uses list = {.list = uses, .on_header = true};
    add_header(&list, output);
    add_use(&list, "data", bus->device.line);
    list.on_header = is_header(bus->gpio.chips);
    if (bus->kind == BUS_GPIO)
        add_gpio(&list, output);
    for (size_t i = 0; i < bus->hold.count; i++) {
        add_use(&list, bus->hold.lines[i].level != 0 ? "held high" : "held low",
                bus->hold.lines[i].line);
    }
    return list.count;
}
