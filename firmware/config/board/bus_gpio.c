#include "config/board/bus_gpio.h"

#include "base/table.h"

#include <string.h>

/* The keys that wirings share; each takes a beginning of its own and these two ends. */
#define LINE_FIELD(word, member, text)                                                   \
    {                                                                                    \
        .key = (word), .type = FIELD_STRING,                                             \
        .offset = offsetof(struct gpio_clocked_settings, member), .size = BUS_NAME_SIZE, \
        .required = true, .help = (text)                                                 \
    }
#define PERIOD_FIELD(usual, text)                                          \
    {                                                                      \
        .key = "half_period_us", .type = FIELD_INTEGER,                    \
        .offset = offsetof(struct gpio_clocked_settings, half_period_us),  \
        .max = BUS_HALF_PERIOD_MAX_US, .fallback = (usual), .help = (text) \
    }

#define DATA_HELP \
    "The line that carries the bits, by name (GPIO23) or by its offset on the chip (23)."
#define CLOCK_HELP "The line whose rising edge tells the lights to take a bit."
#define PERIOD_HELP \
    "Least time between two edges in microseconds; raise it for long or noisy wires."

const struct field bus_gpio_clocked_fields[] = {
    LINE_FIELD("data", data, DATA_HELP),
    LINE_FIELD("clock", clock, CLOCK_HELP),
    PERIOD_FIELD("0", PERIOD_HELP),
    {.key = NULL},
};

const struct field bus_gpio_latched_fields[] = {
    LINE_FIELD("data", data, DATA_HELP),
    LINE_FIELD("clock", clock, CLOCK_HELP),
    LINE_FIELD("latch", latch, "The line (LATCH, LOAD, CS) whose rising edge shows what came."),
    PERIOD_FIELD("0", PERIOD_HELP),
    {.key = NULL},
};

const struct field bus_gpio_two_wire_fields[] = {
    LINE_FIELD("clock", clock, "The line to the display's CLK."),
    LINE_FIELD("dio", data, "The line to the display's DIO."),
    PERIOD_FIELD("100", "Least time between two edges in microseconds; modules have capacitors on "
                        "both lines."),
    {.key = NULL},
};

#define PIN_FIELD(holder, member)                                                \
    {                                                                            \
        .key = "line", .type = FIELD_STRING, .offset = offsetof(holder, member), \
        .size = BUS_NAME_SIZE, .required = true,                                 \
        .help = "The line by name (GPIO5) or by its offset on the chip (5)."     \
    }

const struct field bus_gpio_lamp_line_fields[] = {
    PIN_FIELD(struct gpio_line, name),
    {KEY("active_low", FIELD_BOOL, offsetof(struct gpio_line, active_low)), .fallback = "false",
     .help = "True when the lamp or relay is on while the line is low."},
    {.key = NULL},
};

static const char *const level_words[] = {"low", "high", NULL};

const struct field bus_gpio_hold_fields[] = {
    PIN_FIELD(struct gpio_hold, line),
    {KEY("level", FIELD_WORD, offsetof(struct gpio_hold, level)), .words = level_words,
     .required = true, .help = "What the line is as long as the lights are in use."},
    {.key = NULL},
};

static void read_label(const struct reading *reading, const struct node *node, char *label)
{
    if (!node_is(reading, node, NODE_SCALAR, "the label of a GPIO chip, as gpiodetect prints it"))
        return;
    if (node->text[0] == '\0' || !text_copy(label, BUS_NAME_SIZE, node->text)) {
        complain_at(reading, node, "a GPIO chip's label has 1 to %d characters; see gpiodetect",
                    BUS_NAME_SIZE - 1);
    }
}

static void read_labels(const struct reading *reading, const struct node *node, void *settings)
{
    struct gpio_clocked_settings *gpio = &((struct output_settings *)settings)->bus.gpio;
    if (node->type == NODE_SCALAR) {
        read_label(reading, node, gpio->chips[0]);
        return;
    }
    if (!node_is(reading, node, NODE_LIST, "a label, or a list of labels"))
        return;
    if (node->count == 0 || node->count > BUS_LABELS_MAX) {
        complain_at(reading, node, "gpiochip names 1 to %d chips; the first one found is used",
                    BUS_LABELS_MAX);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_label(reading, &node->children[i], gpio->chips[i]);
}

static void read_hold(const struct reading *reading, const struct node *node, void *settings)
{
    struct gpio_hold_settings *hold = &((struct output_settings *)settings)->bus.hold;
    if (!node_is(reading, node, NODE_LIST, "a list such as [{line: GPIO5, level: high}]"))
        return;
    if (node->count > BUS_HOLD_MAX) {
        complain_at(reading, node, "at most %d lines can be held; there are %zu", BUS_HOLD_MAX,
                    node->count);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct keys keys = {bus_gpio_hold_fields, &hold->lines[i], NULL, NULL};
        fields_read(reading, &node->children[i], &keys, 1);
        hold->count++;
    }
}

/* GPIO9, or {line: GPIO9, active_low: true}. */
static void read_lamp_line(const struct reading *reading, const struct node *node,
                           struct gpio_line *line)
{
    const struct keys keys = {bus_gpio_lamp_line_fields, line, NULL, NULL};
    if (node->type != NODE_SCALAR) {
        fields_read(reading, node, &keys, 1);
    } else if (node_is(reading, node, NODE_SCALAR, "a line such as GPIO9") &&
               !text_copy(line->name, sizeof line->name, node->text)) {
        complain_at(reading, node, "a line's name has 1 to %d characters; see gpioinfo",
                    BUS_NAME_SIZE - 1);
    }
}

static void read_lamp_lines(const struct reading *reading, const struct node *node, void *settings)
{
    struct gpio_lines_settings *lines = &((struct output_settings *)settings)->bus.lines;
    if (!node_is(reading, node, NODE_LIST, "a list such as [GPIO9, GPIO10, GPIO11]"))
        return;
    if (node->count == 0 || node->count > BUS_LINES_MAX) {
        complain_at(reading, node, "lines are 1 to %d, one a lamp, not %zu; correct the list",
                    BUS_LINES_MAX, node->count);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        read_lamp_line(reading, &node->children[i], &lines->lines[i]);
        lines->count++;
    }
}

#define LABELS_FORM "a label, or a list of them"
#define LABELS_HELP                                                                            \
    "The GPIO chip, as gpiodetect prints it in brackets; of a list the first one found. Left " \
    "out: "                                                                                    \
    "that of the header of any Raspberry Pi."
#define HOLD_SECTION                                                                     \
    {                                                                                    \
        .key = "hold", .read = read_hold, .form = "a list of 0 to 8 maps, below",        \
        .help = "Lines that are kept at a level: a board's power switch, a select line." \
    }

#define LABELS_SECTION                                                                   \
    {                                                                                    \
        .key = "gpiochip", .read = read_labels, .form = LABELS_FORM, .help = LABELS_HELP \
    }

const struct section bus_gpio_clocked_sections[] = {
    LABELS_SECTION,
    HOLD_SECTION,
    {.key = NULL},
};

const struct section bus_gpio_lines_sections[] = {
    LABELS_SECTION,
    {.key = "lines",
     .read = read_lamp_lines,
     .required = true,
     .hint = "add a line for each lamp, e.g. lines: [GPIO9, GPIO10, GPIO11]",
     .form = "a list of 1 to 16 lines",
     .help = "A lamp each, by name (GPIO9) or as a map, below."},
    HOLD_SECTION,
    {.key = NULL},
};

const struct section bus_gpio_beside[] = {
    {.key = "gpiochip",
     .read = read_labels,
     .form = LABELS_FORM,
     .help = "With hold: the GPIO chip of its lines, as above."},
    HOLD_SECTION,
    {.key = NULL},
};

struct wiring_keys {
    const struct field *fields;
    const struct section *sections;
    const char *form;
};

static const struct wiring_keys *keys_of(enum wiring wiring)
{
    TABLE_OF(struct wiring_keys);
    switch (wiring) {
        ROW_OF(WIRING_CLOCKED, bus_gpio_clocked_fields, bus_gpio_clocked_sections,
               "bus: {gpio: {data: LINE, clock: LINE}}");
        ROW_OF(WIRING_LATCHED, bus_gpio_latched_fields, bus_gpio_clocked_sections,
               "bus: {gpio: {data: LINE, clock: LINE, latch: LINE}}");
        ROW_OF(WIRING_TWO_WIRE, bus_gpio_two_wire_fields, bus_gpio_clocked_sections,
               "bus: {gpio: {clock: LINE, dio: LINE}}");
        ROW_OF(WIRING_LINES, NULL, bus_gpio_lines_sections,
               "bus: {gpio: {lines: [LINE, LINE, LINE]}}");
    }
    NO_OTHER_ROW;
}

const char *bus_gpio_form(enum wiring wiring)
{
    return keys_of(wiring)->form;
}

/* The header's chip: of a Pi 5; of a Pi 4; of older ones and Zeros. */
static const char *const header_chips[] = {"pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"};

void bus_gpio_settle(struct bus_settings *settings)
{
    const bool used = settings->kind == BUS_GPIO || settings->hold.count > 0;
    const bool given = settings->gpio.chips[0][0] != '\0';
    for (size_t i = 0; used && !given && i < sizeof header_chips / sizeof header_chips[0]; i++)
        text_copy(settings->gpio.chips[i], BUS_NAME_SIZE, header_chips[i]);
    memcpy(settings->lines.chips, settings->gpio.chips, sizeof settings->lines.chips);
    memcpy(settings->hold.chips, settings->gpio.chips, sizeof settings->hold.chips);
}

void bus_gpio_read(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    const struct wiring_keys *of = keys_of(output->chip->wiring);
    const struct keys keys = {of->fields, &output->bus.gpio, of->sections, output};
    fields_read(reading, node, &keys, 1);
}
