/* One key of an output set to another value for a while, as `identify` tries it. */
#include "config/schema/fields.h"
#include "config/sections/sections.h"

/* What the sum of the settings cannot be, as for a board file. */
static void check(const struct reading *reading, const struct output_settings *output)
{
    struct error error = {0};
    size_t pixels = output->chip->pixels(output->chip_settings);
    if (output->chip->check != NULL && !output->chip->check(output->chip_settings, &error)) {
        complain(reading->complaints, reading->file, 0, 0, "%s", error.text);
    } else if (output->map != NULL && output->map_count != pixels) {
        complain(reading->complaints, reading->file, 0, 0,
                 "map or matrix is about %zu LEDs; change both in a copy of the board file",
                 output->map_count);
    } else if ((size_t)output->from + output_pixels(output) > FRAME_PIXELS_MAX) {
        complain(reading->complaints, reading->file, 0, 0,
                 "from and pixels together pass %d, the most that there are; lower it",
                 FRAME_PIXELS_MAX);
    }
}

bool output_override(struct output_settings *output, const char *key, const char *value,
                     const char *as, struct complaints *complaints)
{
    const struct field table[] = {*chip_field(output->chip, key), {.key = NULL}};
    const struct keys keys = {table, output->chip_settings, NULL, NULL};
    const struct reading reading = {as, complaints, MANUAL_BOARD};
    struct node entry = {.type = NODE_SCALAR, .key = key, .text = value, .plain = true};
    const struct node map = {.type = NODE_MAP, .children = &entry, .count = 1};
    size_t before = complaints->count;
    fields_read(&reading, &map, &keys, 1);
    /* cppcheck-suppress knownConditionTrueFalse ; `reading` complains */
    if (complaints->count == before)
        check(&reading, output);
    /* cppcheck-suppress knownConditionTrueFalse ; the same */
    return complaints->count == before;
}
