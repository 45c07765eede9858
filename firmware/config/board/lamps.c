/* `lamps:` of an output: the colour of each light. */
#include "chips/lamps.h"
#include "config/sections/sections.h"

static void read_lamps(const struct reading *reading, const struct node *node, void *settings)
{
    struct lamps_settings *lamps = settings;
    if (!node_is(reading, node, NODE_LIST, "a list such as [{colour: red}, {colour: green}]"))
        return;
    if (node->count == 0 || node->count > LAMPS_MAX) {
        complain_at(reading, node, "there are 1 to %d lamps, not %zu; correct the list", LAMPS_MAX,
                    node->count);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct keys keys = {lamp_fields, &lamps->lamps[i], NULL, NULL};
        const struct node *lamp = &node->children[i];
        lamps->count++;
        if (lamp->type == NODE_SCALAR && !lamp->broken) {
            complain_at(reading, lamp, "a lamp is a map of keys; write {colour: %.*s}",
                        reading_shown(lamp->text), lamp->text);
            continue;
        }
        fields_read(reading, lamp, &keys, 1);
    }
}

const struct section lamps_sections[] = {
    {.key = "lamps",
     .read = read_lamps,
     .required = true,
     .hint = "add the list of lamps in the order of their lines, e.g. lamps: [{colour: red}, "
             "{colour: amber}, {colour: green}]",
     .form = "a list of 1 to 16 maps, below",
     .help = "The lamps in the order of their lines or lights."},
    {.key = NULL},
};

void lamps_check_count(const struct reading *reading, const struct node *node,
                       const struct output_settings *output)
{
    const struct lamps_settings *lamps = output->chip_settings;
    bool leds = output->bus.kind == BUS_LEDS;
    size_t wired = leds ? output->bus.leds.count : output->bus.lines.count;
    if ((size_t)lamps->count != wired) {
        const char *word = leds ? "leds" : "lines";
        complain_at(reading, node, "lamps and %s differ in number, %zu and %zu; name one for each",
                    word, (size_t)lamps->count, wired);
    }
}
