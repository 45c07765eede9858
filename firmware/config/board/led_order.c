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
    output->map = calloc(count, sizeof(*output->map));
    output->map_count = output->map != NULL ? count : 0;
    if (output->map == NULL) {
        complain_at(reading, node, "there is not enough memory for this output");
    }
    return output->map != NULL;
}

#define NO_PIXEL UINT16_MAX

/* The LED that shows `pixel`; of two, the first is meant. */
static void read_led(const struct reading *reading, const struct node *node, size_t pixel,
                     struct output_settings *output)
{
    int64_t led;
    size_t last = output->map_count - 1;
    if (!node_is(reading, node, NODE_SCALAR,
                 "a LED's number, from 0 at the beginning of the wire")) {
        return;
    }
    if (!text_integer(node->text, 0, (int64_t)last, &led)) {
        complain_at(reading, node, "a LED cannot be '%.*s'; there are 0 to %zu",
                    reading_shown(node->text), node->text, last);
    } else if (output->map[led] != NO_PIXEL) {
        complain_at(reading, node, "LED %d is named twice; name each of 0 to %zu once", (int)led,
                    last);
    } else {
        output->map[led] = (uint16_t)pixel;
    }
}

/* Written the way one looks at it, LED by pixel; encoded the way it is wired, pixel by LED. */
static void read_map(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    if (!node_is(reading, node, NODE_LIST,
                 "the LED that each pixel is, a list such as [2, 1, 0]") ||
        !make_map(reading, node, node->count, output)) {
        return;
    }
    for (size_t i = 0; i < output->map_count; i++) {
        output->map[i] = NO_PIXEL;
    }
    for (size_t i = 0; i < output->map_count; i++) {
        read_led(reading, &node->children[i], i, output);
    }
}

static void read_matrix(const struct reading *reading, const struct node *node, void *settings)
{
    struct output_settings *output = settings;
    struct matrix matrix = {0};
    const struct keys keys = {matrix_fields, &matrix, NULL, NULL};
    size_t before = reading->complaints->count;
    fields_read(reading, node, &keys, 1);
    if (reading->complaints->count != before ||
        !make_map(reading, node, (size_t)(matrix.width * matrix.height), output)) {
        return;
    }
    for (size_t i = 0; i < output->map_count; i++) {
        output->map[i] = (uint16_t)matrix_pixel(&matrix, i);
    }
    output->width = (size_t)matrix.width;
}

static void read_white_balance(const struct reading *reading, const struct node *node,
                               void *settings)
{
    struct output_settings *output = settings;
    if (!node_is(reading, node, NODE_LIST, "shares of red, green, blue: [100%, 70%, 80%]")) {
        return;
    }
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
     .form = "a list of numbers",
     .help = "The LED that each pixel is, counted along the wire from 0, when the eye's order is "
             "another: [2, 1, 0]."},
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
    const char *key = node_get(node, "map") != NULL ? "map" : "matrix";
    size_t pixels = output->chip->pixels(output->chip_settings);
    if (output->map != NULL && output->map_count != pixels) {
        complain_at(reading, node_get(node, key),
                    "%s has %zu LEDs, and pixels is %zu; make them equal", key, output->map_count,
                    pixels);
    }
}
