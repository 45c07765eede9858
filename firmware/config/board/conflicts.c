/* What two outputs of a board cannot share. */
#include "base/table.h"
#include "config/sections/sections.h"

#include <string.h>

/* GPIO23 and 23 are the same line. */
static bool is_same_line(const char *a, const char *b)
{
    a += strncmp(a, "GPIO", 4) == 0 ? 4 : 0;
    b += strncmp(b, "GPIO", 4) == 0 ? 4 : 0;
    return strcmp(a, b) == 0;
}

static bool is_same_chip(const struct output_settings *a, const struct line_use *mine,
                         const struct output_settings *b, const struct line_use *theirs)
{
    return mine->on_header == theirs->on_header &&
           (mine->on_header || strcmp(a->bus.gpio.chips[0], b->bus.gpio.chips[0]) == 0);
}

/* Buses are made to be shared: their own lines are no conflict. */
static bool is_shared(const struct output_settings *a, const struct output_settings *b)
{
    return a->bus.kind == b->bus.kind && (a->bus.kind == BUS_SPI || a->bus.kind == BUS_I2C);
}

static void check_lines(const struct reading *reading, const struct node *node,
                        const struct output_settings *a, const struct output_settings *b)
{
    struct line_use mine[OUTPUT_LINES_MAX], theirs[OUTPUT_LINES_MAX];
    size_t count = is_shared(a, b) ? 0 : output_lines(a, mine);
    size_t others = output_lines(b, theirs);
    for (size_t i = 0; i < count * others; i++) {
        const struct line_use *line = &mine[i / others];
        const struct line_use *other = &theirs[i % others];
        if (is_same_chip(a, line, b, other) && is_same_line(line->line, other->line)) {
            complain_at(reading, node, "the output %s uses the line %s already; take another",
                        b->name, line->line);
        }
    }
}

/*
 * Lights without a latch take every byte on their wires, whichever chip it is for; the selected
 * ones have the same bus and another last number: /dev/spidev0.0, /dev/spidev0.1.
 */
static bool is_overheard(const struct output_settings *a, const struct output_settings *b)
{
    size_t bus = strcspn(a->bus.spi.path, ".");
    bool latched = a->chip->wiring == WIRING_LATCHED && b->chip->wiring == WIRING_LATCHED;
    return !latched && strncmp(a->bus.spi.path, b->bus.spi.path, bus + 1) == 0;
}

static void check_spi(const struct reading *reading, const struct node *node,
                      const struct output_settings *a, const struct output_settings *b)
{
    if (strcmp(a->bus.spi.path, b->bus.spi.path) == 0) {
        complain_at(reading, node, "the output %s is on %s already; chain the lights as one output",
                    b->name, a->bus.spi.path);
    } else if (is_overheard(a, b)) {
        complain_at(reading, node,
                    "the output %s is on the same wires, and its lights take what is for others; "
                    "take another SPI, or GPIO",
                    b->name);
    }
}

static void check_i2c(const struct reading *reading, const struct node *node,
                      const struct output_settings *a, const struct output_settings *b)
{
    if (strcmp(a->bus.i2c.path, b->bus.i2c.path) == 0 && a->bus.i2c.address == b->bus.i2c.address) {
        complain_at(reading, node, "the output %s is at 0x%02x on %s already; set another address",
                    b->name, (unsigned)a->bus.i2c.address, a->bus.i2c.path);
    }
}

static void check_file(const struct reading *reading, const struct node *node,
                       const struct output_settings *a, const struct output_settings *b)
{
    (void)a;
    complain_at(reading, node, "the output %s writes to standard output already; keep one",
                b->name);
}

static void check_device(const struct reading *reading, const struct node *node,
                         const struct output_settings *a, const struct output_settings *b)
{
    if (strcmp(a->bus.device.path, b->bus.device.path) == 0) {
        complain_at(reading, node, "the output %s writes to %s already; keep one", b->name,
                    a->bus.device.path);
    }
}

static void check_framebuffer(const struct reading *reading, const struct node *node,
                              const struct output_settings *a, const struct output_settings *b)
{
    if (strcmp(a->bus.framebuffer.name, b->bus.framebuffer.name) == 0) {
        complain_at(reading, node, "the output %s writes to %s already; keep one", b->name,
                    a->bus.framebuffer.name);
    }
}

static void check_leds(const struct reading *reading, const struct node *node,
                       const struct output_settings *a, const struct output_settings *b)
{
    for (size_t i = 0; i < a->bus.leds.count * b->bus.leds.count; i++) {
        const char *name = a->bus.leds.lights[i / b->bus.leds.count].name;
        if (strcmp(name, b->bus.leds.lights[i % b->bus.leds.count].name) == 0) {
            complain_at(reading, node, "the output %s uses the light %s already; take another",
                        b->name, name);
        }
    }
}

static void check_udp(const struct reading *reading, const struct node *node,
                      const struct output_settings *a, const struct output_settings *b)
{
    if (strcmp(a->bus.udp.address, b->bus.udp.address) == 0 && a->bus.udp.port == b->bus.udp.port) {
        complain_at(reading, node, "the output %s sends to %s already; keep one", b->name,
                    a->bus.udp.address);
    }
}

static void check_hidraw(const struct reading *reading, const struct node *node,
                         const struct output_settings *a, const struct output_settings *b)
{
    const char *mine = a->bus.hidraw.serial, *theirs = b->bus.hidraw.serial;
    bool named = strcmp(mine, HIDRAW_ANY) != 0 && strcmp(theirs, HIDRAW_ANY) != 0;
    if (a->chip == b->chip && (!named || strcmp(mine, theirs) == 0)) {
        complain_at(reading, node,
                    "the output %s may be the same %s; name the serial number of each", b->name,
                    a->bus.hidraw.product);
    }
}

/* What two outputs on the same kind of bus cannot share. */
typedef void check(const struct reading *, const struct node *, const struct output_settings *,
                   const struct output_settings *);

static check *check_of(enum bus_kind kind)
{
    switch (kind) {
        ROW(BUS_GPIO, NULL);
        ROW(BUS_SPI, check_spi);
        ROW(BUS_I2C, check_i2c);
        ROW(BUS_FILE, check_file);
        ROW(BUS_DEVICE, check_device);
        ROW(BUS_LEDS, check_leds);
        ROW(BUS_FRAMEBUFFER, check_framebuffer);
        ROW(BUS_UDP, check_udp);
        ROW(BUS_HIDRAW, check_hidraw);
    }
    NO_OTHER_ROW;
}

void conflicts_check(const struct reading *reading, const struct node *node,
                     const struct output_settings *a, const struct output_settings *b)
{
    if (strcmp(a->name, b->name) == 0) {
        complain_at(reading, node, "another output is called %s too; give each its own name",
                    a->name);
    }
    if (a->chip == NULL || b->chip == NULL)
        return;
    if (a->bus.kind == b->bus.kind && check_of(a->bus.kind) != NULL)
        check_of(a->bus.kind)(reading, node, a, b);
    check_lines(reading, node, a, b);
}

void conflicts_check_lines(const struct reading *reading, const struct node *node,
                           const struct output_settings *output)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    size_t count = output_lines(output, uses);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (uses[i].on_header == uses[j].on_header &&
                is_same_line(uses[i].line, uses[j].line)) {
                complain_at(reading, node, "%s and %s are both %s; they are two lines", uses[j].use,
                            uses[i].use, uses[i].line);
            }
        }
    }
}
