#include "config/schema/diagnose.h"

#include "base/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

__attribute__((format(printf, 4, 0))) static void complain_with(const struct reading *reading,
                                                                size_t line, size_t column,
                                                                const char *format,
                                                                va_list arguments)
{
    char sentence[DIAGNOSE_ADVICE_SIZE + 512];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    complain(reading->complaints, reading->file, line, column, "%s", sentence);
}

int reading_shown(const char *text)
{
    return (int)text_fit(text, DIAGNOSE_SHOWN);
}

void complain_at(const struct reading *reading, const struct node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_with(reading, node->line, node->column, format, arguments);
    va_end(arguments);
}

void complain_at_key(const struct reading *reading, const struct node *node, const char *format,
                     ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (node->key != NULL)
        complain_with(reading, node->key_line, node->key_column, format, arguments);
    else
        complain_with(reading, node->line, node->column, format, arguments);
    va_end(arguments);
}

static const struct node *find_entry(const struct node *map, const char *key, size_t length)
{
    for (size_t i = 0; map->type == NODE_MAP && i < map->count; i++) {
        const struct node *child = &map->children[i];
        if (strlen(child->key) == length && strncmp(child->key, key, length) == 0)
            return child;
    }
    return NULL;
}

const struct node *node_about(const struct node *map, const char *sentence)
{
    const struct node *node = map;
    const struct node *child;
    while ((child = find_entry(node, sentence, strcspn(sentence, ": "))) != NULL) {
        node = child;
        sentence += strlen(child->key);
        if (strncmp(sentence, ": ", 2) != 0)
            break;
        sentence += 2;
    }
    return node;
}

void complain_about(const struct reading *reading, const struct node *map, const char *sentence)
{
    const struct node *node = node_about(map, sentence);
    if (node->type == NODE_SCALAR)
        complain_at(reading, node, "%s", sentence);
    else
        complain_at_key(reading, node, "%s", sentence);
}

/* What YAML calls true and false, where on and off are asked for. */
static const char *other_spelling(const char *word, const char *const words[], size_t count)
{
    static const char *const spellings[][2] = {
        {"yes", "on"}, {"true", "on"}, {"no", "off"}, {"false", "off"}};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        for (size_t j = 0; j < count; j++)
            if (strcmp(word, spellings[i][0]) == 0 && strcmp(words[j], spellings[i][1]) == 0)
                return words[j];
    }
    return NULL;
}

static bool has_same_digits(const char *a, const char *b)
{
    static const char digits[] = "0123456789";
    for (;;) {
        a += strcspn(a, digits);
        b += strcspn(b, digits);
        if (*a != *b || *a == '\0')
            return *a == *b;
        a++;
        b++;
    }
}

static const char *same_but_for_case(const char *word, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words[i] != NULL && strcasecmp(word, words[i]) == 0)
            return words[i];
    return NULL;
}

const char *diagnose_part(const char *word, const char *const words[], size_t count)
{
    const char *near = same_but_for_case(word, words, count);
    for (size_t i = 0; near == NULL && i < count; i++) {
        const char *one[] = {words[i]};
        if (words[i] != NULL && has_same_digits(word, words[i]))
            near = text_suggest(word, one, 1);
    }
    return near;
}

void diagnose_list(char out[static DIAGNOSE_ADVICE_SIZE], const char *const words[], size_t count)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && length < DIAGNOSE_ADVICE_SIZE; i++) {
        const char *joint = i == 0 ? "write " : i + 1 < count ? ", " : " or ";
        length +=
            (size_t)snprintf(out + length, DIAGNOSE_ADVICE_SIZE - length, "%s%s", joint, words[i]);
    }
}

bool diagnose_advise(char out[static DIAGNOSE_ADVICE_SIZE], const char *word,
                     const char *const words[], size_t count)
{
    const char *near = other_spelling(word, words, count);
    near = near != NULL ? near : same_but_for_case(word, words, count);
    near = near != NULL ? near : text_suggest(word, words, count);
    if (near != NULL)
        snprintf(out, DIAGNOSE_ADVICE_SIZE, "did you mean '%s'?", near);
    else
        diagnose_list(out, words, count);
    return near != NULL;
}

static bool is_null(const struct node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"}; /* YAML 1.1 tag:null */
    for (size_t i = 0; node->plain && i < sizeof nulls / sizeof nulls[0]; i++)
        if (strcmp(node->text, nulls[i]) == 0)
            return true;
    return false;
}

/* What a word processor makes of " and '. */
static bool is_typographic(const char *text)
{
    static const char *const quotes[] = {"\u201c", "\u201d", "\u201e", "\u201f", "\u2018",
                                         "\u2019", "\u201a", "\u201b", "\u00ab", "\u00bb"};
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++)
        if (strncmp(text, quotes[i], strlen(quotes[i])) == 0)
            return true;
    return false;
}

static const char *words_of(enum node_type type)
{
    switch (type) {
        ROW(NODE_SCALAR, "a single value");
        ROW(NODE_LIST, "a list");
        ROW(NODE_MAP, "a map of keys");
    }
    NO_OTHER_ROW;
}

bool node_is(const struct reading *reading, const struct node *node, enum node_type type,
             const char *form)
{
    const char *name = node->key != NULL ? node->key : "this";

    if (node->broken)
        return false;
    if (node->type == NODE_SCALAR && node->plain && is_typographic(node->text)) {
        complain_at(reading, node,
                    "%.*s cannot begin with a typographic quote; write plain ones: \"...\"",
                    reading_shown(name), name);
        return false;
    }
    if (node->type == NODE_SCALAR && is_null(node)) {
        complain_at(reading, node, "%.*s cannot be empty; write %s", reading_shown(name), name,
                    form);
        return false;
    }
    if (node->type != type) {
        complain_at(reading, node, "%.*s cannot be %s; write %s", reading_shown(name), name,
                    words_of(node->type), form);
        return false;
    }
    return true;
}

bool path_resolve(const char *file, const char *name, char *out, size_t size)
{
    const char *slash = file != NULL && name[0] != '/' ? strrchr(file, '/') : NULL;
    if (slash == NULL)
        return text_copy(out, size, name);
    int length = snprintf(out, size, "%.*s/%s", (int)(slash - file), file, name);
    return length >= 0 && (size_t)length < size;
}

bool path_credential(const char *name, char *out, size_t size)
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    if (directory == NULL || directory[0] != '/' || strchr(name, '/') != NULL || name[0] == '.')
        return false;
    int length = snprintf(out, size, "%s/%s", directory, name);
    return length >= 0 && (size_t)length < size && access(out, R_OK) == 0;
}
