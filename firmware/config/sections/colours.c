/* `colours:` of `display:`, and the palette that fills in the rest. */
#include "config/sections/sections.h"

#include <string.h>

/* What a user may colour, and the hue that it has in the tables of looks. */
static const struct {
    const char *key;
    enum hue hue;
} colour_keys[] = {
    {"stable", HUE_GREEN}, {"progressing", HUE_AMBER},   {"warning", HUE_ORANGE},
    {"failed", HUE_RED},   {"stalled", HUE_VERMILION},   {"degraded", HUE_MAGENTA},
    {"paused", HUE_SKY},   {"scaled_to_zero", HUE_REST}, {"unknown", HUE_WHITE},
    {"thinned", HUE_LIME},
};
#define COLOUR_KEYS (sizeof colour_keys / sizeof colour_keys[0])

static int hex_digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, character | ('A' <= character && character <= 'F' ? 32 : 0));
    return at != NULL && character != '\0' ? (int)(at - digits) : -1;
}

/* "#rrggbb" */
static bool parse_colour(const char *text, struct srgb *colour)
{
    int digits[6];
    if (text[0] != '#' || strlen(text) != 7)
        return false;
    for (size_t i = 0; i < 6; i++) {
        digits[i] = hex_digit(text[i + 1]);
        if (digits[i] < 0)
            return false;
    }
    *colour =
        (struct srgb){(uint8_t)(16 * digits[0] + digits[1]), (uint8_t)(16 * digits[2] + digits[3]),
                      (uint8_t)(16 * digits[4] + digits[5])};
    return true;
}

static void read_colour(const struct reading *reading, const struct node *node,
                        struct config *config)
{
    const char *words[COLOUR_KEYS];
    char advice[DIAGNOSE_ADVICE_SIZE];
    struct srgb colour;
    size_t i = 0;
    while (i < COLOUR_KEYS && strcmp(colour_keys[i].key, node->key) != 0) {
        words[i] = colour_keys[i].key;
        i++;
    }
    if (i == COLOUR_KEYS) {
        diagnose_advise(advice, node->key, words, COLOUR_KEYS);
        complain_at_key(reading, node, "nothing has the colour '%.*s'; %s",
                        reading_shown(node->key), node->key, advice);
    } else if (!node_is(reading, node, NODE_SCALAR, "a colour such as \"#ff9000\", in quotes")) {
        return;
    } else if (!parse_colour(node->text, &colour)) {
        complain_at(reading, node, "%s cannot be '%.*s'; write a colour such as \"#ff9000\"",
                    node->key, reading_shown(node->text), node->text);
    } else if (colour.red == 0 && colour.green == 0 && colour.blue == 0) {
        complain_at(reading, node, "%s cannot be black, which says that nothing works", node->key);
    } else {
        config->palette.drives[colour_keys[i].hue] = colour_drive(colour);
    }
}

void colours_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    if (!node_is(reading, node, NODE_MAP, "states and colours, e.g. {stable: \"#0072b2\"}"))
        return;
    for (size_t i = 0; i < node->count; i++)
        read_colour(reading, &node->children[i], settings);
}

void colours_complete(struct config *config)
{
    const struct palette *base = &palettes[config->palette_name];
    for (size_t i = 0; i < HUE_COUNT; i++) {
        struct drive *drive = &config->palette.drives[i];
        if (drive->red <= 0 && drive->green <= 0 && drive->blue <= 0)
            *drive = base->drives[i];
    }
    config->picture.palette = &config->palette;
}
