#include "prometheus/answer/json.h"

#include <stdbool.h>
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

/* Counts brackets outside of strings up to the one that closes the first. */
static enum json_flaw walk(const char *at, const char *end)
{
    size_t depth = 0;
    for (; at < end; at++) {
        if (*at == '"') {
            at = closing_quote(at + 1, end);
            if (at == NULL)
                return JSON_ENDS_EARLY;
        } else if (*at == '{' || *at == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return JSON_TOO_DEEP;
        } else if ((*at == '}' || *at == ']') && --depth == 0) {
            return skip_space(at + 1, end) == end ? JSON_NO_FLAW : JSON_GOES_ON;
        }
    }
    return JSON_ENDS_EARLY;
}

enum json_flaw json_flaw(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return JSON_BOM;
    const char *at = skip_space(bytes, end);
    if (at == end || *at != '{')
        return JSON_NO_OBJECT;
    if (has_nul(at, end))
        return JSON_NUL;
    return walk(at, end);
}

const char *json_flaw_words(enum json_flaw flaw)
{
    static const char *const words[] = {
        [JSON_NO_FLAW] = "it breaks the grammar",
        [JSON_NO_OBJECT] = "it is no JSON object",
        [JSON_BOM] = "it begins with a byte order mark",
        [JSON_NUL] = "it holds a NUL character",
        [JSON_TOO_DEEP] = "it nests deeper than 64",
        [JSON_ENDS_EARLY] = "incomplete response: it ends early",
        [JSON_GOES_ON] = "something follows its end",
    };
    return words[flaw];
}
