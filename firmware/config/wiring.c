#include "config/parts.h"

#include <string.h>

static const struct field gpio_fields[] = {
    {.key = "data",
     .type = FIELD_STRING,
     .offset = offsetof(struct gpio_clocked_settings, data),
     .size = BUS_NAME_SIZE,
     .required = true,
     .help = "The line that carries the bits, by name (GPIO23) or by its offset on the chip (23)."},
    {.key = "clock",
     .type = FIELD_STRING,
     .offset = offsetof(struct gpio_clocked_settings, clock),
     .size = BUS_NAME_SIZE,
     .required = true,
     .help = "The line whose rising edge tells the lights to take a bit."},
    {.key = "half_period_us",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct gpio_clocked_settings, half_period_us),
     .max = 1000,
     .fallback = "0",
     .help = "Least time between two edges in microseconds; raise it for long or noisy wires."},
    {.key = NULL},
};

static void read_label(const struct reading *reading, const struct node *node, char *label)
{
    if (!node_is(reading, node, NODE_SCALAR, "the label of a GPIO chip, as gpiodetect prints it")) {
        return;
    }
    if (node->text[0] == '\0' || !text_copy(label, BUS_NAME_SIZE, node->text)) {
        complain_at(reading, node, "a GPIO chip's label has 1 to %d characters; see gpiodetect",
                    BUS_NAME_SIZE - 1);
    }
}

static void read_labels(const struct reading *reading, const struct node *node, void *settings)
{
    struct gpio_clocked_settings *gpio = settings;
    if (node->type == NODE_SCALAR) {
        read_label(reading, node, gpio->chips[0]);
        return;
    }
    if (!node_is(reading, node, NODE_LIST, "a label, or a list of labels")) {
        return;
    }
    if (node->count == 0 || node->count > BUS_LABELS_MAX) {
        complain_at(reading, node, "gpiochip names 1 to %d chips; the first one found is used",
                    BUS_LABELS_MAX);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        read_label(reading, &node->children[i], gpio->chips[i]);
    }
}

static const struct section gpio_sections[] = {
    {.key = "gpiochip",
     .read = read_labels,
     .required = true,
     .hint = "add the chip's label, as gpiodetect prints it in brackets"},
    {.key = NULL},
};

static void read_gpio(const struct reading *reading, const struct node *node,
                      struct bus_settings *bus)
{
    struct gpio_clocked_settings *gpio = &bus->gpio;
    struct keys keys = {gpio_fields, gpio, gpio_sections, gpio};
    fields_read(reading, node, &keys, 1);
    if (gpio->data[0] != '\0' && strcmp(gpio->data, gpio->clock) == 0) {
        complain_at(reading, node, "data and clock are both %s; they are two lines", gpio->data);
    }
}

/* The ways to write `bus:`. A bus more is a row more. */
static const struct bus_form {
    const char *word;
    enum bus_kind kind;
    void (*read)(const struct reading *, const struct node *, struct bus_settings *);
    const char *form; /* read is NULL: the word alone is the bus */
} forms[] = {
    {"gpio", BUS_GPIO, read_gpio, "bus: {gpio: {gpiochip: LABEL, data: LINE, clock: LINE}}"},
    {"stdout", BUS_FILE, NULL, "bus: stdout"},
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static const struct bus_form *find_form(const char *word)
{
    for (size_t i = 0; i < FORMS; i++) {
        if (strcmp(forms[i].word, word) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

/* What the chip can be wired to, as it would be written. */
static const char *form_for(const struct chip *chip)
{
    for (size_t i = 0; i < FORMS; i++) {
        if ((chip->buses & BUS_BIT(forms[i].kind)) != 0) {
            return forms[i].form;
        }
    }
    return "another chip";
}

/* The bus that `node` names: the word itself, or the key of the map's only entry. */
struct naming {
    const struct node *entry; /* NULL: a word */
    const char *word;
    struct node place; /* where the word stands */
};

static struct naming naming_of(const struct node *node)
{
    struct naming naming = {.word = node->text, .place = *node};
    if (node->type == NODE_MAP) {
        naming.entry = &node->children[0];
        naming.word = naming.entry->key;
        naming.place.line = naming.entry->key_line;
        naming.place.column = naming.entry->key_column;
    }
    return naming;
}

static bool check_form(const struct reading *reading, const struct naming *naming,
                       const struct bus_form *form, const struct chip *chip)
{
    if (form == NULL) {
        complain_at(reading, &naming->place, "unknown bus '%.*s'; the chip %s takes %s",
                    READING_SHOWN, naming->word, chip->name, form_for(chip));
    } else if ((chip->buses & BUS_BIT(form->kind)) == 0) {
        complain_at(reading, &naming->place, "the chip %s cannot be wired to %s; write %s",
                    chip->name, form->word, form_for(chip));
    } else if ((naming->entry != NULL) != (form->read != NULL)) {
        complain_at(reading, &naming->place, "the bus %s is written otherwise; write %s",
                    form->word, form->form);
    } else {
        return true;
    }
    return false;
}

void wiring_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    enum node_type type = node->type == NODE_SCALAR ? NODE_SCALAR : NODE_MAP;
    if (!node_is(reading, node, type, form_for(output->chip))) {
        return;
    }
    if (type == NODE_MAP && node->count != 1) {
        complain_at(reading, node, "bus names one bus, not %zu; write %s", node->count,
                    form_for(output->chip));
        return;
    }
    struct naming naming = naming_of(node);
    const struct bus_form *form = find_form(naming.word);
    if (!check_form(reading, &naming, form, output->chip)) {
        return;
    }
    output->bus.kind = form->kind;
    if (form->read != NULL) {
        form->read(reading, naming.entry, &output->bus);
    }
}

const char *bus_word(enum bus_kind kind)
{
    for (size_t i = 0; i < FORMS; i++) {
        if (forms[i].kind == kind) {
            return forms[i].word;
        }
    }
    return "?";
}
