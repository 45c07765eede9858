#include "commands/setup/order.h"

#include <string.h>

static unsigned place_bit(const char *order, char colour)
{
    return 1u << strcspn(order, (const char[]){colour, '\0'});
}

/* White stays where it is: it cannot be told by a colour. */
static bool may_be(const struct order_search *search, const char *order)
{
    const char *now = search->now;
    return strlen(order) == strlen(now) && place_bit(order, 'w') == place_bit(now, 'w') &&
           (place_bit(order, 'r') & search->not_red) == 0 &&
           (place_bit(order, 'g') & search->not_green) == 0;
}

const char *order_next(struct order_search *search, char colour)
{
    const bool red = colour == 'r';
    const unsigned seen = place_bit(search->now, 'r'); /* right, once green is asked for */
    *(red ? &search->not_red : &search->not_green) |= place_bit(search->now, colour);
    for (size_t i = 0; search->words[i] != NULL; i++) {
        const char *order = search->words[i];
        if (may_be(search, order) && (red || place_bit(order, 'r') == seen)) {
            search->now = order;
            return order;
        }
    }
    return NULL;
}

/* A line of an output's own keys: its spaces, perhaps with the dash of the list. */
static size_t indent_of(const char *line)
{
    return strspn(line, " -");
}

static bool has_key(const char *line, const char *key)
{
    const char *word = line + indent_of(line);
    const size_t length = strlen(key);
    return strncmp(word, key, length) == 0 && word[length] == ':';
}

static void add_line(struct text *out, size_t indent, const char *key, const char *value)
{
    for (size_t i = 0; i < indent; i++)
        text_add(out, " ");
    text_addf(out, "%s: %s\n", key, value);
}

/* Where the value stood already, it is replaced; else its line comes after the output's first. */
bool order_write(const char *board, size_t index, const char *key, const char *value,
                 struct text *out)
{
    size_t outputs = 0, first_end = 0, indent = 0;
    bool replaced = false, listed = false;
    for (const char *line = board; *line != '\0';) {
        const char *next = line + strcspn(line, "\n");
        next += *next == '\n';
        const bool begins = listed && line[indent_of(line)] != '#' && strncmp(line, "  - ", 4) == 0;
        outputs += begins;
        if (outputs == index + 1 && has_key(line, key)) {
            text_add_bytes(out, line, indent_of(line));
            text_addf(out, "%s: %s\n", key, value);
            replaced = true;
        } else {
            text_add_bytes(out, line, (size_t)(next - line));
        }
        if (begins && outputs == index + 1) {
            first_end = out->length;
            indent = indent_of(line);
        }
        listed |= strncmp(line, "outputs:", strlen("outputs:")) == 0;
        line = next;
    }
    if (!replaced && first_end > 0) {
        struct text whole = {0};
        text_add_bytes(&whole, out->data, first_end);
        add_line(&whole, indent, key, value);
        text_add(&whole, out->data + first_end);
        text_free(out);
        *out = whole;
    }
    return (replaced || first_end > 0) && !out->failed;
}
