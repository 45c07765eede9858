#include "config/schema/fields.h"

#include "base/table.h"
#include "config/schema/keys.h"
#include "config/yaml/values.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TEXT_SHOWN 8192 /* no text field is longer */
#define MAPS_MAX 16     /* FIELD_MAPs of one table, with those within them */

static const char *form_of_type(enum field_type type)
{
    switch (type) {
        ROW(FIELD_STRING, "text");
        ROW(FIELD_PATH, "a file name");
        ROW(FIELD_INTEGER, "a whole number");
        ROW(FIELD_NUMBER, "a number such as 0.5");
        ROW(FIELD_BOOL, "true or false");
        ROW(FIELD_DURATION, "a duration such as 500ms, 10s, 2m or 1h30m");
        ROW(FIELD_BYTES, "a size such as 65536, 512KiB or 4MiB");
        ROW(FIELD_FREQUENCY, "a frequency such as 400kHz or 1MHz");
        ROW(FIELD_PERCENT, "a share such as 30%");
        ROW(FIELD_WORD, "a word");
        ROW(FIELD_MAP, "its keys, indented under it");
    }
    NO_OTHER_ROW;
}

static const char *form_of(const struct field *field)
{
    return field->form != NULL ? field->form : form_of_type(field->type);
}

struct value {
    int64_t whole;
    double real; /* the same, for every type but FIELD_BOOL and FIELD_WORD */
};

struct map {
    const struct node *node; /* NULL: left out */
    struct keys keys;
};

struct maps { /* still to be read: a queue instead of a recursion */
    struct map items[MAPS_MAX];
    size_t count;
};

static size_t count_words(const char *const words[])
{
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    return count;
}

static bool parse_word(const struct field *field, const char *text, struct value *value)
{
    for (size_t i = 0; field->words[i] != NULL; i++) {
        if (strcmp(field->words[i], text) == 0) {
            value->whole = (int64_t)i;
            return true;
        }
    }
    return false;
}

static bool parse_bool(const char *text, struct value *value)
{
    value->whole = strcmp(text, "true") == 0;
    return value->whole != 0 || strcmp(text, "false") == 0;
}

/* Everything but text and maps. */
static bool parse(const struct field *field, const char *text, struct value *value)
{
    bool good = false;
    switch (field->type) {
    case FIELD_STRING:
    case FIELD_PATH:
    case FIELD_MAP:
        return false;
    case FIELD_BOOL:
        return parse_bool(text, value);
    case FIELD_WORD:
        return parse_word(field, text, value);
    case FIELD_NUMBER:
        return text_number(text, &value->real) && value->real - value->real == 0.0; /* finite */
    case FIELD_PERCENT:
        return value_percent(text, &value->real);
    case FIELD_INTEGER:
        good = text_integer(text, INT64_MIN, INT64_MAX, &value->whole);
        break;
    case FIELD_DURATION:
        good = value_duration(text, &value->whole);
        break;
    case FIELD_BYTES:
        good = value_bytes(text, &value->whole);
        break;
    case FIELD_FREQUENCY:
        good = value_frequency(text, &value->whole);
        break;
    }
    value->real = (double)value->whole;
    return good;
}

static void store(const struct field *field, const struct value *value, char *settings)
{
    int word = (int)value->whole;
    bool truth = value->whole != 0;
    switch (field->type) {
    case FIELD_STRING:
    case FIELD_PATH:
    case FIELD_MAP:
        return;
    case FIELD_BOOL:
        memcpy(settings + field->offset, &truth, sizeof truth);
        return;
    case FIELD_WORD:
        memcpy(settings + field->offset, &word, sizeof word);
        return;
    case FIELD_NUMBER:
    case FIELD_PERCENT:
        memcpy(settings + field->offset, &value->real, sizeof value->real);
        return;
    case FIELD_INTEGER:
    case FIELD_DURATION:
    case FIELD_BYTES:
    case FIELD_FREQUENCY:
        memcpy(settings + field->offset, &value->whole, sizeof value->whole);
        return;
    }
}

static bool is_text(const struct field *field)
{
    return field->type == FIELD_STRING || field->type == FIELD_PATH;
}

/* A fallback that is no value of its field is a mistake of ours, which every test of it shows. */
static void store_fallback(const struct field *field, char *settings)
{
    struct value value = {0};
    if (field->fallback == NULL)
        return;
    if (is_text(field)) {
        bool fits = text_copy(settings + field->offset, field->size, field->fallback);
        assert(fits);
        (void)fits;
        return;
    }
    bool good = parse(field, field->fallback, &value);
    assert(good);
    (void)good;
    store(field, &value, settings);
}

/* Without what could move a terminal's cursor or turn its text around; lines and tabs are fine. */
static bool is_printable(const char *text)
{
    char shown[TEXT_SHOWN];
    bool same = true;
    text_printable(shown, sizeof shown, text);
    for (size_t i = 0; same && shown[i] != '\0'; i++)
        same = text[i] == shown[i] || text[i] == '\n' || text[i] == '\t';
    explicit_bzero(shown, sizeof shown);
    return same;
}

/* The text itself is never repeated: it may be a secret. */
static void read_text(const struct reading *reading, const struct node *node,
                      const struct field *field, char *settings)
{
    char *slot = settings + field->offset;
    bool fits = true;
    if (field->required && node->text[0] == '\0') {
        complain_at(reading, node, "%s cannot be empty; write %s", field->key, form_of(field));
    } else if (!is_printable(node->text)) {
        complain_at(reading, node, "%s holds a control character; remove it", field->key);
    } else if (field->type == FIELD_PATH && node->text[0] != '\0') {
        fits = path_credential(node->text, slot, field->size) ||
               path_resolve(reading->file, node->text, slot, field->size);
    } else {
        fits = text_copy(slot, field->size, node->text);
    }
    if (!fits) {
        complain_at(reading, node, "%s cannot be so long; at most %u bytes fit", field->key,
                    field->size - 1);
    }
}

/* Keys whose numbers have the unit in their name, and how people write them with one. */
static const struct {
    const char *ending, *unit;
    double factor;
} units[] = {
    {"_ma", "mA", 1},
    {"_ma", "A", 1000},
    {"_us", "us", 1},
    {"_us", "ms", 1000},
};

/* "3A" for max_ma: 3000. False: it is no number with a unit. */
static bool complain_unit(const struct reading *reading, const struct node *node,
                          const struct field *field)
{
    char number[VALUE_TEXT_SIZE];
    double value;
    size_t length = strspn(node->text, "0123456789.");
    const char *unit = node->text + length + strspn(node->text + length, " ");
    size_t key = strlen(field->key);
    snprintf(number, sizeof number, "%.*s", (int)length, node->text);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t ending = strlen(units[i].ending);
        if (key <= ending || strcmp(field->key + key - ending, units[i].ending) != 0 ||
            strcasecmp(unit, units[i].unit) != 0 || !text_number(number, &value))
            continue;
        complain_at(reading, node, "%s cannot be '%.*s'; write %.0f, the number alone, in %s",
                    field->key, reading_shown(node->text), node->text, value * units[i].factor,
                    units[i].ending[1] == 'm' ? "mA" : "microseconds");
        return true;
    }
    return false;
}

static void complain_form(const struct reading *reading, const struct node *node,
                          const struct field *field)
{
    char advice[DIAGNOSE_ADVICE_SIZE];
    if (field->type == FIELD_WORD) {
        diagnose_advise(advice, node->text, field->words, count_words(field->words));
        complain_at(reading, node, "%s cannot be '%.*s'; %s", field->key, reading_shown(node->text),
                    node->text, advice);
    } else if (field->type != FIELD_INTEGER || !complain_unit(reading, node, field)) {
        complain_at(reading, node, "%s cannot be '%.*s'; write %s", field->key,
                    reading_shown(node->text), node->text, form_of(field));
    }
}

static bool is_in_range(const struct field *field, const struct value *value)
{
    bool any = field->min >= 0.0 && field->max <= 0.0; /* both 0 */
    bool ranged = field->type != FIELD_BOOL && field->type != FIELD_WORD && !any;
    return !ranged || (value->real >= field->min && value->real <= field->max);
}

static void read_scalar(const struct reading *reading, const struct node *node,
                        const struct field *field, char *settings)
{
    char least[VALUE_TEXT_SIZE];
    char most[VALUE_TEXT_SIZE];
    struct value value = {0};
    if (!parse(field, node->text, &value)) {
        complain_form(reading, node, field);
        return;
    }
    if (!is_in_range(field, &value)) {
        value_write(field->type, field->min, least);
        value_write(field->type, field->max, most);
        complain_at(reading, node, "%s cannot be %.*s; write %s to %s", field->key,
                    reading_shown(node->text), node->text, least, most);
        return;
    }
    store(field, &value, settings);
}

static void read_field(const struct reading *reading, const struct node *map,
                       const struct field *field, char *settings, struct maps *maps)
{
    const struct node *node = node_get(map, field->key);
    if (field->type == FIELD_MAP) {
        assert(maps->count < MAPS_MAX);
        maps->items[maps->count++] = (struct map){
            .node = node, .keys = {.fields = field->fields, .settings = settings + field->offset}};
        return;
    }
    store_fallback(field, settings);
    if (node == NULL || !node_is(reading, node, NODE_SCALAR, form_of(field)))
        return;
    if (is_text(field))
        read_text(reading, node, field, settings);
    else
        read_scalar(reading, node, field, settings);
}

static void read_section(const struct reading *reading, const struct node *map,
                         const struct section *section, void *settings)
{
    const struct node *node = node_get(map, section->key);
    if (node != NULL && !node->broken && section->read != NULL)
        section->read(reading, node, settings);
}

static void check_required(const struct reading *reading, const struct node *map,
                           const struct keys groups[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (const struct field *f = groups[i].fields; f != NULL && f->key != NULL; f++) {
            if (f->required && keys_lack(map, f->key, groups, count)) {
                complain_at(reading, map, "the key '%s' is missing here; add it, with %s", f->key,
                            form_of(f));
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (const struct section *s = groups[i].sections; s != NULL && s->key != NULL; s++)
            if (s->required && keys_lack(map, s->key, groups, count))
                complain_at(reading, map, "the key '%s' is missing here; %s", s->key, s->hint);
    }
}

static void read_map(const struct reading *reading, const struct node *node,
                     const struct keys groups[], size_t count, struct maps *maps)
{
    if (node != NULL && (keys_run_together(reading, node, groups, count) ||
                         !node_is(reading, node, NODE_MAP, form_of_type(FIELD_MAP))))
        node = NULL;
    if (node != NULL) {
        keys_check(reading, node, groups, count);
        check_required(reading, node, groups, count);
    }
    for (size_t i = 0; i < count; i++) {
        const struct field *field = groups[i].fields;
        for (; field != NULL && field->key != NULL; field++)
            read_field(reading, node, field, groups[i].settings, maps);
    }
    for (size_t i = 0; i < count; i++) {
        const struct section *section = groups[i].sections;
        for (; section != NULL && section->key != NULL; section++)
            read_section(reading, node, section, groups[i].section_settings);
    }
}

void fields_read(const struct reading *reading, const struct node *node, const struct keys groups[],
                 size_t count)
{
    struct maps maps = {0};
    read_map(reading, node, groups, count, &maps);
    for (size_t i = 0; i < maps.count; i++)
        read_map(reading, maps.items[i].node, &maps.items[i].keys, 1, &maps);
}
