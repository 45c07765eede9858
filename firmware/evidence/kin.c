#include "evidence/kin.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* A matcher of equality, quotes included where there are any. */
struct matcher {
    const char *name, *value;
    size_t name_length, value_length;
};

/* Words in the names of labels whose values a new pod changes. */
static const char *const passing[] = {
    "instance", "pod",       "node",  "nodename", "host",  "hostname", "ip",   "address",
    "addr",     "container", "image", "uid",      "chart", "version",  "hash", "revision",
};

/* Whatever else is in the name: such a label says where something is. */
#define STAYING "cluster"

/* Behind the quoted string that begins here. */
static const char *skip_quoted(const char *at)
{
    for (at++; *at != '\0' && *at != '"'; at++)
        at += at[0] == '\\' && at[1] != '\0';
    return *at == '\0' ? at : at + 1;
}

static const char *skip_name(const char *at)
{
    return *at == '"' ? skip_quoted(at) : at + strcspn(at, "=");
}

/* The matcher at `at`, and what is behind it and its comma; NULL: there is none. */
static const char *read_matcher(const char *at, struct matcher *matcher)
{
    const char *end = skip_name(at);
    if (*at == '\0' || end[0] != '=' || end[1] != '"')
        return NULL;
    *matcher = (struct matcher){.name = at, .name_length = (size_t)(end - at), .value = end + 1};
    end = skip_quoted(matcher->value);
    matcher->value_length = (size_t)(end - matcher->value);
    return *end == ',' ? end + 1 : end;
}

static bool is_equal(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

static bool has_word(const struct matcher *matcher, const char *word)
{
    size_t length = 0;
    for (size_t at = 0; at < matcher->name_length; at += length + (length == 0)) {
        const char *here = matcher->name + at;
        length = 0;
        while (at + length < matcher->name_length && isalnum((unsigned char)here[length]))
            length++;
        if (is_equal(here, length, word, strlen(word)))
            return true;
    }
    return false;
}

static bool is_passing(const struct matcher *matcher)
{
    bool found = false;
    for (size_t i = 0; !found && i < sizeof passing / sizeof passing[0]; i++)
        found = has_word(matcher, passing[i]);
    return found && !has_word(matcher, STAYING);
}

/* Has `text` that label, with another value? */
static bool contradicts(const char *text, const struct matcher *matcher)
{
    struct matcher other;
    while ((text = read_matcher(text, &other)) != NULL)
        if (is_equal(other.name, other.name_length, matcher->name, matcher->name_length))
            return !is_equal(other.value, other.value_length, matcher->value,
                             matcher->value_length);
    return false;
}

static bool agree(const char *a, const char *b, bool pass)
{
    struct matcher matcher;
    if (*a == '\0' || *b == '\0')
        return false;
    while ((a = read_matcher(a, &matcher)) != NULL)
        if (contradicts(b, &matcher) && !(pass && is_passing(&matcher)))
            return false;
    return true;
}

bool kin_is_heir(const char *a, const char *b)
{
    return agree(a, b, true);
}

bool kin_is_same(const char *a, const char *b)
{
    return agree(a, b, false);
}
