#include "prometheus/answer/json.h"

#include "base/table.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* The quote that closes the string whose text begins at `start`; NULL when none does. */
static const char *closing_quote(const char *start, const char *end)
{
    for (const char *at = start; at < end; at++) {
        at = memchr(at, '"', (size_t)(end - at));
        if (at == NULL)
            return NULL;
        const char *escapes = at;
        while (escapes > start && escapes[-1] == '\\')
            escapes--;
        if ((at - escapes) % 2 == 0)
            return at;
    }
    return NULL;
}

static bool has_nul(const char *bytes, const char *end)
{
    if (memchr(bytes, '\0', (size_t)(end - bytes)) != NULL)
        return true;
    for (const char *at = bytes; end - at >= 6; at += 2) { /* 2: an escaped backslash is no start */
        at = memchr(at, '\\', (size_t)(end - at));
        if (at == NULL)
            return false;
        if (end - at >= 6 && memcmp(at, "\\u0000", 6) == 0)
            return true;
    }
    return false;
}

/* A text of which only the brackets and strings are looked at. */
struct walk {
    const char *bytes, *end;
    size_t depth;
    const char *names[2]; /* the last string at depth 1 and 2: where a bracket follows, its name */
    size_t lengths[2];
    struct json_list *list;
    bool within; /* the list */
};

static bool is_named(const struct walk *walk, size_t depth, const char *name)
{
    const size_t length = strlen(name);
    return walk->lengths[depth - 1] == length && memcmp(walk->names[depth - 1], name, length) == 0;
}

bool json_has_list(const struct json_list *list)
{
    return list->end > 0;
}

/* An opening bracket, now counted in `depth`. */
static void enter(struct walk *walk, const char *at)
{
    if (walk->depth != 3 || *at != '[' || json_has_list(walk->list) || !is_named(walk, 1, "data") ||
        !is_named(walk, 2, "result"))
        return;
    const char *first = skip_space(at + 1, walk->end);
    walk->within = true;
    walk->list->start = (size_t)(at + 1 - walk->bytes);
    walk->list->count = first < walk->end && *first != ']';
}

/* A closing bracket, not counted yet. */
static void leave(struct walk *walk, const char *at)
{
    if (walk->within && walk->depth == 3) {
        walk->within = false;
        walk->list->end = (size_t)(at - walk->bytes);
    }
    if (walk->depth == 2)
        walk->lengths[1] = 0;
    walk->depth--;
}

/* The string that begins behind the quote at `at`; its closing quote, NULL: there is none. */
static const char *take_string(struct walk *walk, const char *at)
{
    const char *quote = closing_quote(at + 1, walk->end);
    if (quote != NULL && (walk->depth == 1 || walk->depth == 2)) {
        walk->names[walk->depth - 1] = at + 1;
        walk->lengths[walk->depth - 1] = (size_t)(quote - at - 1);
    }
    return quote;
}

/* Counts brackets outside of strings up to the one that closes the first. */
static enum json_flaw walk_through(struct walk *walk, const char *at)
{
    for (; at < walk->end; at++) {
        if (*at == '"') {
            at = take_string(walk, at);
            if (at == NULL)
                return JSON_ENDS_EARLY;
        } else if (*at == '{' || *at == '[') {
            if (++walk->depth > JSON_DEPTH_MAX)
                return JSON_TOO_DEEP;
            enter(walk, at);
        } else if (*at == '}' || *at == ']') {
            leave(walk, at);
            if (walk->depth == 0)
                return skip_space(at + 1, walk->end) == walk->end ? JSON_NO_FLAW : JSON_GOES_ON;
        } else if (*at == ',' && walk->within && walk->depth == 3) {
            walk->list->count++;
        }
    }
    return JSON_ENDS_EARLY;
}

enum json_flaw json_flaw(const char *bytes, size_t length, struct json_list *list)
{
    const char *end = bytes + length;
    *list = (struct json_list){0};
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return JSON_BOM;
    const char *at = skip_space(bytes, end);
    if (at == end || *at != '{')
        return JSON_NO_OBJECT;
    if (has_nul(at, end))
        return JSON_NUL;
    struct walk walk = {.bytes = bytes, .end = end, .list = list};
    return walk_through(&walk, at);
}

size_t json_skip_space(const char *bytes, size_t at, size_t end)
{
    return (size_t)(skip_space(bytes + at, bytes + end) - bytes);
}

const char *json_flaw_words(enum json_flaw flaw)
{
    switch (flaw) {
        ROW(JSON_NO_FLAW, "it breaks the grammar");
        ROW(JSON_NO_OBJECT, "it is no JSON object");
        ROW(JSON_BOM, "it begins with a byte order mark");
        ROW(JSON_NUL, "it holds a NUL character");
        ROW(JSON_TOO_DEEP, "it nests deeper than 64");
        ROW(JSON_ENDS_EARLY, "incomplete response: it ends early");
        ROW(JSON_GOES_ON, "something follows its end");
    }
    NO_OTHER_ROW;
}
