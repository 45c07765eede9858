#include "chips/screen.h"

#include "base/character.h"

#include <string.h>

enum layer { LAYER_FRONT = 38, LAYER_BACK = 48 }; /* of "select graphic rendition", ECMA-48 */

/* The colours that are set on the terminal. */
struct pen {
    enum terminal_colours colours;
    bool front_known, back_known;
    struct srgb front, back;
};

static bool is_same(struct srgb a, struct srgb b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

/* The nearest of the six levels 0, 95, 135, 175, 215, 255 of xterm's colour cube. */
static int cube_level(uint8_t value)
{
    if (value < 48)
        return 0;
    return value < 115 ? 1 : (value - 35) / 40;
}

/* The number of a colour among xterm's 256: dark and grey ones on the grey ramp 8, 18 ... 238. */
static int of_256(struct srgb colour)
{
    int most = colour.red > colour.green ? colour.red : colour.green;
    int least = colour.red < colour.green ? colour.red : colour.green;
    most = most > colour.blue ? most : colour.blue;
    least = least < colour.blue ? least : colour.blue;
    if (most - least < 12)
        return most < 4 ? 16 : most > 246 ? 231 : 232 + (most - 3) / 10 - (most > 242);
    return 16 + 36 * cube_level(colour.red) + 6 * cube_level(colour.green) +
           cube_level(colour.blue);
}

static void set_colour(enum layer layer, struct srgb colour, enum terminal_colours colours,
                       struct wire *wire)
{
    wire_text(wire, "\x1b[");
    wire_number(wire, layer);
    if (colours == COLOURS_256) {
        wire_text(wire, ";5;");
        wire_number(wire, of_256(colour));
    } else {
        const uint8_t parts[] = {colour.red, colour.green, colour.blue};
        wire_text(wire, ";2");
        for (size_t i = 0; i < 3; i++) {
            wire_add(wire, ';');
            wire_number(wire, parts[i]);
        }
    }
    wire_add(wire, 'm');
}

static void put_cell(struct pen *pen, struct srgb top, struct srgb bottom, struct wire *wire)
{
    if (!pen->back_known || !is_same(pen->back, bottom))
        set_colour(LAYER_BACK, bottom, pen->colours, wire);
    pen->back_known = true;
    pen->back = bottom;
    if (is_same(top, bottom)) {
        wire_add(wire, ' ');
        return;
    }
    if (!pen->front_known || !is_same(pen->front, top))
        set_colour(LAYER_FRONT, top, pen->colours, wire);
    pen->front_known = true;
    pen->front = top;
    wire_text(wire, "\u2580"); /* upper half block */
}

/* How bright a cell without colour looks, as a character. */
static const char *shade(struct srgb top, struct srgb bottom)
{
    static const struct {
        int below;
        const char *character;
    } shades[] = {{44, " "},       {70, "\u00b7"},  {120, "\u2591"},
                  {175, "\u2592"}, {225, "\u2593"}, {256, "\u2588"}};
    const uint8_t parts[] = {top.red, top.green, top.blue, bottom.red, bottom.green, bottom.blue};
    int most = 0;
    size_t i = 0;
    for (size_t k = 0; k < sizeof parts; k++)
        most = parts[k] > most ? parts[k] : most;
    while (most >= shades[i].below)
        i++;
    return shades[i].character;
}

void screen_row(const struct canvas *canvas, size_t row, enum terminal_colours colours,
                struct wire *wire)
{
    struct pen pen = {.colours = colours};
    for (size_t x = 0; x < canvas->columns; x++) {
        struct srgb top = canvas_at(canvas, x, 2 * row);
        struct srgb bottom = canvas_at(canvas, x, 2 * row + 1);
        if (colours == COLOURS_NONE)
            wire_text(wire, shade(top, bottom));
        else
            put_cell(&pen, top, bottom, wire);
    }
    wire_text(wire, "\x1b[0m\x1b[K\r\n");
}

/* One character of words, or what stands in its place. */
struct glyph {
    size_t step; /* bytes of the words */
    size_t wide; /* columns */
    bool hidden;
};

static struct glyph glyph_at(const char *words, size_t left)
{
    const size_t length = character_length(words, left);
    const unsigned code = length > 0 ? character_code(words, length) : 0;
    const bool hidden = length == 0 || character_is_hidden(code);
    return (struct glyph){
        .step = length > 0 ? length : 1,
        .wide = hidden ? 1 : character_columns(code),
        .hidden = hidden,
    };
}

/* How many bytes of the words fit into the columns. */
static size_t fit(const char *words, size_t columns)
{
    const size_t length = strlen(words);
    size_t at = 0;
    while (at < length) {
        const struct glyph glyph = glyph_at(words + at, length - at);
        if (glyph.wide > columns)
            break;
        columns -= glyph.wide;
        at += glyph.step;
    }
    return at;
}

/* The same for the beginning of words that do not fit: up to a whole one, unless it is very long.
 */
static size_t fit_whole(const char *words, size_t columns)
{
    const size_t most = fit(words, columns);
    size_t at = most;
    while (at > 0 && words[at] != ' ')
        at--;
    return at >= most / 2 ? at : most;
}

void screen_words(const char *words, size_t columns, struct wire *wire)
{
    static const char more[] = " ...";
    const size_t all = strlen(words);
    size_t end = fit(words, columns);
    const bool shortened =
        end < all && columns >= 4 * sizeof more; /* else there is no room for it */
    if (shortened)
        end = fit_whole(words, columns - (sizeof more - 1));
    for (size_t at = 0; at < end;) {
        const struct glyph glyph = glyph_at(words + at, all - at);
        for (size_t i = 0; !glyph.hidden && i < glyph.step; i++)
            wire_add(wire, (uint8_t)words[at + i]);
        if (glyph.hidden)
            wire_add(wire, '?');
        at += glyph.step;
    }
    if (shortened)
        wire_text(wire, more);
}

struct screen_halves screen_halve(const char *words, size_t columns)
{
    static const char between[] = " | ";
    const size_t all = strlen(words);
    const char *found = strstr(words, between);
    if (fit(words, columns) == all)
        return (struct screen_halves){all, all};
    if (found != NULL) {
        const size_t first = (size_t)(found - words);
        return (struct screen_halves){first, first + sizeof between - 1};
    }
    const size_t first = fit_whole(words, columns);
    return (struct screen_halves){first, first + (words[first] == ' ')};
}
