#include "commands/identify/steps.h"

#include "base/table.h"
#include "chips/lamps.h"
#include "chips/segments.h"
#include "daemon/output.h"
#include "picture/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIM 16384    /* of 65535: it does not hurt at arm's length */
#define FULL 65535   /* for lamps, which are on or off */
#define NOTHING 0x1F /* a character that no font has */

struct list {
    const struct output_settings *output;
    struct step *steps;
    size_t count;
    size_t pixels, digits; /* of the output */
};

static struct step *add(struct list *list)
{
    static struct step none; /* beyond the last; nobody shows it */
    struct step *step = list->count < STEPS_MAX ? &list->steps[list->count++] : &none;
    *step = (struct step){.first = 1}; /* no pixel */
    return step;
}

static bool has_key(const struct output_settings *output, const char *key)
{
    return chip_field(output->chip, key) != NULL;
}

#define KEYS_MAX 4

/* Those that the chip has: "map, digits or points"; "its wires" for none. */
static void name_keys(const struct output_settings *output, const char *const keys[KEYS_MAX],
                      char out[static STEP_WORDS_SIZE])
{
    const char *had[KEYS_MAX];
    size_t count = 0, length = 0;
    for (size_t i = 0; i < KEYS_MAX && keys[i] != NULL; i++)
        if (has_key(output, keys[i]))
            had[count++] = keys[i];
    snprintf(out, STEP_WORDS_SIZE, "its wires");
    for (size_t i = 0; i < count; i++) {
        const char *separator = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        length +=
            (size_t)snprintf(out + length, STEP_WORDS_SIZE - length, "%s%s", separator, had[i]);
    }
}

/* Lights of one colour are lit, whatever their colour is. */
static const char *white(const struct list *list)
{
    return list->output->chip->own_colours ? "lit" : "white";
}

/* The keys that say where a pixel is. */
static void name_place(const struct list *list, char out[static STEP_WORDS_SIZE])
{
    static const char *const keys[KEYS_MAX] = {"first", "wired", "map", "first_chip"};
    if (has_key(list->output, keys[0]))
        name_keys(list->output, keys, out);
    else
        snprintf(out, STEP_WORDS_SIZE, "map or matrix");
}

static void add_place(struct list *list, size_t pixel, const char *which, const char *otherwise)
{
    struct step *step = add(list);
    step->light = (struct pixel){DIM, DIM, DIM};
    step->first = step->last = pixel;
    snprintf(step->see, sizeof step->see, "pixel %zu, the %s, is %s, all others are dark.", pixel,
             which, white(list));
    snprintf(step->otherwise, sizeof step->otherwise, "%s", otherwise);
}

static void add_places(struct list *list)
{
    char place[STEP_WORDS_SIZE], first[STEP_WORDS_SIZE];
    name_place(list, place);
    snprintf(first, sizeof first,
             "The one at the other end: reverse. Another one: %.60s. None: its wires.", place);
    add_place(list, 0, "first", first);
    if (list->pixels == 1)
        return;
    add_place(list, list->pixels - 1, "last",
              "None, or lights go on behind it: try --count, then change pixels.");
    struct step *step = add(list);
    step->light = (struct pixel){DIM, DIM, DIM};
    step->last = list->pixels - 1;
    step->first = 0;
    step->runs = true;
    snprintf(step->see, sizeof step->see, "a %s runs from the first pixel to the last%s.",
             list->output->chip->own_colours ? "light" : "white light",
             list->output->map != NULL ? ", as one reads or counts them" : "");
    snprintf(step->otherwise, sizeof step->otherwise, "It jumps or turns round: %.60s.", place);
}

/* The order of the colours on the wire; NULL: the chip has no such key. */
static const char *order_of(const struct output_settings *output)
{
    const struct field *field = chip_field(output->chip, "order");
    int word = 0;
    if (field == NULL)
        return NULL;
    memcpy(&word, (const char *)output->chip_settings + field->offset, sizeof word);
    return field->words[word];
}

static void add_colour(struct list *list, const char *name, struct pixel light)
{
    const char *order = order_of(list->output);
    struct step *step = add(list);
    step->light = light;
    step->first = 0;
    step->last = list->pixels - 1;
    snprintf(step->see, sizeof step->see, "every pixel is %s.", name);
    if (order != NULL)
        snprintf(step->otherwise, sizeof step->otherwise,
                 "Another colour: try --order, then change order, which is %s.", order);
}

static void add_colours(struct list *list)
{
    const char *order = order_of(list->output);
    add_colour(list, "red", (struct pixel){DIM, 0, 0});
    add_colour(list, "green", (struct pixel){0, DIM, 0});
    add_colour(list, "blue", (struct pixel){0, 0, DIM});
    if (order != NULL && strchr(order, 'w') != NULL)
        add_colour(list, "white, lit by its white LED alone", (struct pixel){DIM, DIM, DIM});
}

static void add_digit(struct list *list, size_t digit)
{
    static const char *const keys[KEYS_MAX] = {"map", "first_digit", "first_chip"};
    char names[STEP_WORDS_SIZE];
    struct step *step = add(list);
    memset(step->text, ' ', list->digits);
    step->text[digit] = '8';
    name_keys(list->output, keys, names);
    snprintf(step->see, sizeof step->see,
             "digit %zu of %zu, counted from the left, shows an 8, the others are dark.", digit + 1,
             list->digits);
    snprintf(step->otherwise, sizeof step->otherwise,
             "Another digit: %.100s. None, or digits too many: try --count, then change digits.",
             names);
}

/* The same character on every digit. */
static void fill_text(const struct list *list, char character, char text[static FRAME_TEXT_SIZE])
{
    memset(text, character, list->digits);
    text[list->digits] = '\0';
}

static size_t encode_text(const struct output_settings *output, const char *text, uint8_t *bytes,
                          size_t size)
{
    struct frame frame = {0};
    struct wire wire = {.bytes = bytes, .capacity = size};
    text_copy(frame.text, sizeof frame.text, text);
    output_encode(output, &frame, false, &wire);
    return wire.length;
}

/* Whether the output can tell two texts apart. */
static bool tells_apart(const struct output_settings *output, const char *a, const char *b)
{
    size_t size = output->chip->wire_size(output->chip_settings);
    uint8_t *bytes = malloc(2 * size);
    if (bytes == NULL)
        return false;
    size_t length = encode_text(output, a, bytes, size);
    bool same = length == encode_text(output, b, bytes + size, size) &&
                memcmp(bytes, bytes + size, length) == 0;
    free(bytes);
    return !same;
}

static const char *const segment_names[SEGMENTS_SINGLES] = {
    "a, at the top,",
    "b, upper right,",
    "c, lower right,",
    "d, at the bottom,",
    "e, lower left,",
    "f, upper left,",
    "g, in the middle,",
    "g, in the middle on the right,",
    "h, slanting from the upper left,",
    "j, upright in the upper half,",
    "k, slanting from the upper right,",
    "l, slanting from the lower left,",
    "m, upright in the lower half,",
    "n, slanting from the lower right,",
};

static void add_segments(struct list *list)
{
    static const char *const keys[KEYS_MAX] = {"outputs", "segments", "common"};
    char names[STEP_WORDS_SIZE], nothing[FRAME_TEXT_SIZE], text[FRAME_TEXT_SIZE];
    name_keys(list->output, keys, names);
    fill_text(list, NOTHING, nothing);
    for (size_t i = 0; i < SEGMENTS_SINGLES; i++) {
        fill_text(list, (char)(i + 1), text);
        if (!tells_apart(list->output, text, nothing))
            continue;
        struct step *step = add(list);
        memcpy(step->text, text, sizeof step->text);
        snprintf(step->see, sizeof step->see, "segment %s of every digit is lit.",
                 segment_names[i]);
        snprintf(step->otherwise, sizeof step->otherwise, "Another segment: %.100s.", names);
    }
}

static void add_text(struct list *list, const char *text, const char *see)
{
    static const char *const keys[KEYS_MAX] = {"points"};
    char names[STEP_WORDS_SIZE];
    struct step *step = add(list);
    name_keys(list->output, keys, names);
    text_copy(step->text, sizeof step->text, text);
    snprintf(step->see, sizeof step->see, "%s", see);
    snprintf(step->otherwise, sizeof step->otherwise, "None, or others: %.100s.", names);
}

/* Points and colon, where there are any. */
static void add_points(struct list *list)
{
    char plain[FRAME_TEXT_SIZE], colon[FRAME_TEXT_SIZE + 1], point[FRAME_TEXT_SIZE + 1];
    char points[FRAME_TEXT_SIZE] = "";
    for (size_t i = 0; i < list->digits && 2 * i + 3 <= sizeof points; i++)
        memcpy(points + 2 * i, "8.", sizeof "8.");
    if (tells_apart(list->output, "8.", "8"))
        add_text(list, points, "the point behind every 8 is lit.");
    fill_text(list, '8', plain);
    if (list->digits < 3 || list->digits + 2 > sizeof plain)
        return;
    snprintf(colon, sizeof colon, "88:%s", plain + 2);
    snprintf(point, sizeof point, "88.%s", plain + 2);
    if (tells_apart(list->output, colon, plain) && tells_apart(list->output, colon, point))
        add_text(list, colon, "the colon behind the second digit is lit.");
}

static const struct pixel *light_of(enum lamp_colour colour)
{
    TABLE_OF(struct pixel);
    switch (colour) {
        ROW_OF(LAMP_RED, FULL, 0, 0);
        ROW_OF(LAMP_AMBER, FULL, FULL / 5 * 2, 0);
        ROW_OF(LAMP_GREEN, 0, FULL, 0);
        ROW_OF(LAMP_BLUE, 0, 0, FULL);
        ROW_OF(LAMP_WHITE, FULL, FULL, FULL);
    }
    NO_OTHER_ROW;
}

static void add_lamp(struct list *list, const struct lamps_settings *lamps, size_t index)
{
    const struct lamp *lamp = &lamps->lamps[index];
    bool any = lamp->pixel == LAMPS_ANY_PIXEL, leds = list->output->bus.kind == BUS_LEDS;
    struct step *step = add(list);
    step->light = *light_of((enum lamp_colour)lamp->colour);
    step->first = any ? 0 : (size_t)lamp->pixel;
    step->last = any ? list->pixels - 1 : step->first;
    const struct leds_light *light = leds ? &list->output->bus.leds.lights[index] : NULL;
    snprintf(step->see, sizeof step->see, "lamp %zu of %d (%s%s), %s, is on, the others are off.",
             index + 1, (int)lamps->count,
             leds ? light->name : list->output->bus.lines.lines[index].name,
             leds && light->inverted == LIGHT_INVERTED ? ", inverted" : "",
             lamp_fields[0].words[lamp->colour]);
    snprintf(step->otherwise, sizeof step->otherwise,
             leds ? "Another lamp: leds, or the colour in lamps. All but this one: inverted."
                  : "Another lamp: lines, or the colour in lamps. All but this one: active_low.");
}

static void add_lamps(struct list *list)
{
    const struct lamps_settings *lamps = list->output->chip_settings;
    for (size_t i = 0; i < (size_t)lamps->count; i++)
        add_lamp(list, lamps, i);
}

size_t steps_of(const struct output_settings *output, struct step steps[static STEPS_MAX])
{
    struct list list = {.output = output, .steps = steps};
    list.pixels = output_pixels(output);
    list.digits = output->chip->digits(output->chip_settings);
    if (list.digits >= FRAME_TEXT_SIZE)
        list.digits = FRAME_TEXT_SIZE - 1;
    if (output->chip->lamps) {
        add_lamps(&list);
        return list.count;
    }
    if (list.pixels > 0) {
        add_places(&list);
        if (!output->chip->own_colours)
            add_colours(&list);
    }
    for (size_t i = 0; i < list.digits; i++)
        add_digit(&list, i);
    if (list.digits > 0) {
        add_segments(&list);
        add_points(&list);
    }
    return list.count;
}

void step_draw(const struct output_settings *output, const struct step *step, int64_t elapsed_ms,
               struct frame *frame)
{
    size_t first = step->first, last = step->last;
    picture_blank(frame);
    if (step->runs)
        first = last = first + (size_t)(elapsed_ms / STEP_PIXEL_MS) % (last - first + 1);
    for (size_t i = first; i <= last; i++)
        if ((size_t)output->from + i < frame->count)
            frame->pixels[(size_t)output->from + i] = step->light;
    text_copy(frame->text, sizeof frame->text, step->text);
}
