/*
 * `map:`, `matrix:` and `white_balance:` of an output: which LED shows which pixel, and how white.
 */
#include "chips/matrix.h"
#include "config/sections/sections.h"
#include "config/yaml/values.h"

#include <stdlib.h>

/* Room for `count` LEDs; what was there before goes. */
static bool make_map(const struct reading *reading, const struct node *node, size_t count,
                     struct output_settings *output)
{
    if (output->map != NULL) {
        complain_at_key(reading, node, "map and matrix both say the order of the LEDs; keep one");
        return false;
    }
    if (count == 0 || count > FRAME_PIXELS_MAX) {
        complain_at(reading, node, "%s has 1 to %d LEDs, not %zu; correct it", node->key,
                    FRAME_PIXELS_MAX, count);
        return false;
    }
    output->map = calloc(count, sizeof *output->map);
    output->map_count = output->map != NULL ? count : 0;
    if (output->map == NULL)
        complain_at(reading, node, "there is not enough memory for this output");
    return output->map != NULL;
}

/* The LED that shows the next pixel. */
static void name_led(const struct reading *reading, const struct node *node, size_t led,
                     struct output_settings *output)
{
    if (led >= output->map_count) {
        complain_at(reading, node, "a LED cannot be '%.*s'; there are 0 to %zu",
                    reading_shown(node->text), node->text, output->map_count - 1);
    } else if (output->map[led] != OUTPUT_NO_PIXEL) {
        complain_at(reading, node, "LED %zu is named twice; name each once, or leave it out", led);
    } else {
        output->map[led] = (uint16_t)output->shown++;
    }
}

/* One LED, or a range of them, 1-7, which may run backwards, 7-0. */
static void read_leds(const struct reading *reading, const struct node *node,
                      struct output_settings *output)
{
    size_t first, last, before = reading->complaints->count;
    if (!node_is(reading, node, NODE_SCALAR,
                 "a LED's number, from 0 at the beginning of the wire, or a range such as 1-7"))
        return;
    if (!value_range(node->text, &first, &last)) {
        complain_at(reading, node, "a LED cannot be '%.*s'; there are 0 to %zu",
                    reading_shown(node->text), node->text, output->map_count - 1);
        return;
    }
    size_t count = (first < last ? last - first : first - last) + 1;
    for (size_t i = 0; i < count && reading->complaints->count == before; i++)
        name_led(reading, node, first < last ? first + i : first - i, output);
}

/* Written the way one looks at it, LED by pixel; encoded the way it is wired, pixel by LED. */
static void read_map(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    size_t pixels = output->chip->pixels(output->chip_settings);
    if (!node_is(reading, node, NODE_LIST,
                 "the LED that each pixel is, a list such as [2, 1, 0] or [1-7]") ||
        pixels == 0 || !make_map(reading, node, pixels, output))
        return;
    if (node->count == 0)
        complain_at(reading, node, "map names no LED; name one for each pixel");
    for (size_t i = 0; i < output->map_count; i++)
        output->map[i] = OUTPUT_NO_PIXEL;
    for (size_t i = 0; i < node->count; i++)
        read_leds(reading, &node->children[i], output);
}

static void read_matrix(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    struct matrix matrix = {0};
    const struct keys keys = {matrix_fields, &matrix, NULL, NULL};
    size_t before = reading->complaints->count;
    fields_read(reading, node, &keys, 1);
    if (reading->complaints->count != before ||
        !make_map(reading, node, (size_t)(matrix.width * matrix.height), output))
        return;
    for (size_t i = 0; i < output->map_count; i++)
        output->map[i] = (uint16_t)matrix_pixel(&matrix, i);
    output->width = (size_t)matrix.width;
    output->shown = output->map_count;
}

static void read_white_balance(const struct reading *reading, const struct node *node,
                               void *settings)
{
    struct output_settings *output = settings;
    if (!node_is(reading, node, NODE_LIST, "shares of red, green, blue: [100%, 70%, 80%]"))
        return;
    for (size_t i = 0; i < node->count || i < 3; i++) {
        const struct node *share = i < node->count ? &node->children[i] : NULL;
        bool good = i < 3 && share != NULL && share->type == NODE_SCALAR &&
                    value_percent(share->text, &output->white_balance[i]) &&
                    output->white_balance[i] >= 0.1 && output->white_balance[i] <= 1;
        if (!good) {
            complain_at(reading, node,
                        "white_balance has three shares of 10%% to 100%%; write "
                        "e.g. [100%%, 70%%, 80%%] for red, green, blue");
            return;
        }
    }
}

const struct section led_order_sections[] = {
    {.key = "map",
     .read = read_map,
     .form = "a list of numbers and ranges",
     .help = "The LED that each pixel is, counted along the wire from 0, when the eye's order is "
             "another: [2, 1, 0], or some LEDs stay dark: [1-7] for a first one that only passes "
             "the data on."},
    {.key = "matrix",
     .read = read_matrix,
     .form = "a map of keys, below",
     .help = "The same for LEDs in rows and columns."},
    {.key = "white_balance",
     .read = read_white_balance,
     .form = "a list of three shares",
     .help =
         "How much of red, green and blue light looks white on this strip, where colours of two "
         "strips differ: [100%, 70%, 80%]."},
    {.key = NULL},
};

void led_order_check(const struct reading *reading, const struct node *node,
                     const struct output_settings *output)
{
    size_t pixels = output->chip->pixels(output->chip_settings);
    if (output->map != NULL && output->map_count != pixels) {
        complain_at(reading, node_get(node, "matrix"),
                    "matrix has %zu LEDs, and pixels is %zu; make them equal", output->map_count,
                    pixels);
    }
}
