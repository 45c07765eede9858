#include "config/sections/pattern.h"

#include "prometheus/promql/query.h"

#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

/* By what can be shown of it: of a letter of several bytes, the first alone is none. */
static bool refuse_character(char bad, struct error *error)
{
    char shown[] = "'x'";
    const char *what = shown;
    shown[1] = bad;
    if ((unsigned char)bad >= 0x80)
        what = "a character that is not ASCII";
    else if (bad < ' ' || bad == 0x7f)
        what = "a hidden character";
    return error_set(error,
                     "holds %s, which no Kubernetes name holds; names are lower-case letters, "
                     "digits and '-'",
                     what);
}

/* RFC 1123 as Kubernetes checks it (apimachinery pkg/util/validation); dots make it no plain name.
 */
static bool check_name(const char *name, size_t max, struct error *error)
{
    size_t length = strlen(name);
    size_t good = strspn(name, NAME_CHARACTERS);
    if (length == 0)
        return error_set(error, "is empty; write a name, or .* for all");
    if (length > max)
        return error_set(error, "has more than %zu characters, which no name has; shorten it", max);
    if (good < length)
        return refuse_character(name[good], error);
    if (name[0] == '-' || name[length - 1] == '-') {
        return error_set(error,
                         "begins or ends with '-', which no Kubernetes name does; correct it");
    }
    return true;
}

/* What goes by while an expression is read from left to right. */
struct scan {
    const char *at;
    size_t groups;   /* '(' that wait for their ')' */
    bool repeatable; /* something stands before that * + ? { may repeat */
    bool repeated;   /* ... and was repeated already */
};

/* Of "(", "(?:", "(?i-s:", "(?P<name>" or "(?<name>"; "(?i)" is no group, and is whole. */
static size_t opening_length(const char *at)
{
    if (at[1] != '?')
        return 1;
    const size_t flags = 2 + strspn(at + 2, "imsU-");
    if (at[flags] == ':' || at[flags] == ')')
        return flags + 1;
    const char *end = at[2] == 'P' || at[2] == '<' ? strchr(at, '>') : NULL;
    return end != NULL ? (size_t)(end - at) + 1 : 2;
}

/* Groups of Perl and PCRE that RE2 leaves out, because they need backtracking (RE2 doc/syntax.txt).
 */
static bool open_group(struct scan *scan, struct error *error)
{
    static const char *const refused[] = {"(?=", "(?!", "(?<=", "(?<!", "(?>", "(?#", "(?|", "(?("};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (strncmp(scan->at, refused[i], strlen(refused[i])) == 0) {
            return error_set(error,
                             "uses %s, which Prometheus's expressions (RE2) do not have; "
                             "write it without",
                             refused[i]);
        }
    }
    scan->at += opening_length(scan->at);
    if (scan->at[-1] == ')') /* flags alone: what stood before them is still there to repeat */
        return true;
    scan->groups++;
    scan->repeatable = false;
    return true;
}

static bool close_group(struct scan *scan, struct error *error)
{
    if (scan->groups == 0)
        return error_set(error, "has a ')' without its '('; write \\) for the character itself");
    scan->groups--;
    scan->at++;
    scan->repeatable = true;
    scan->repeated = false;
    return true;
}

/* From \Q to \E, all stands for itself: what stood before nothing is still there to repeat.
   Prometheus puts brackets around the whole, and loses the second where there is no \E. */
static bool pass_quote(struct scan *scan, struct error *error)
{
    const char *begin = scan->at + 2, *end = strstr(begin, "\\E");
    if (end == NULL)
        return error_set(error, "has a \\Q without its \\E; write \\E behind what is to stand for "
                                "itself");
    scan->repeatable |= end > begin;
    scan->repeated = false;
    scan->at = end + 2;
    return true;
}

static bool pass_escape(struct scan *scan, struct error *error)
{
    char escaped = scan->at[1];
    if (escaped == 'Q')
        return pass_quote(scan, error);
    if (escaped == 'E')
        return error_set(error, "has a \\E without its \\Q; write it without");
    if (escaped == '\0')
        return error_set(error, "ends with a backslash; write \\\\ for the character itself");
    if (escaped == '8' || escaped == '9' ||
        (escaped >= '1' && escaped <= '7' && (scan->at[2] < '0' || scan->at[2] > '7'))) {
        return error_set(error,
                         "uses \\%c, a back-reference, which Prometheus's expressions (RE2) do "
                         "not have; write it without",
                         escaped);
    }
    scan->at += 2;
    scan->repeatable = true;
    scan->repeated = false;
    return true;
}

/* A ']' that comes first stands for itself: []a] and [^]a] are whole. */
static bool pass_class(struct scan *scan, struct error *error)
{
    const char *at = scan->at + 1;
    at += *at == '^';
    at += *at == ']';
    while (*at != ']' && *at != '\0') {
        const char *end = strncmp(at, "[:", 2) == 0 ? strstr(at + 2, ":]") : NULL;
        if (end != NULL)
            at = end + 2;
        else
            at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    }
    if (*at == '\0')
        return error_set(error, "has a '[' without its ']'; write \\[ for the character itself");
    scan->at = at + 1;
    scan->repeatable = true;
    scan->repeated = false;
    return true;
}

/* The length of {2}, {2,} or {2,5}; 0 for any other '{', which stands for itself. */
static size_t count_length(const char *at)
{
    size_t length = 1 + strspn(at + 1, "0123456789");
    if (length == 1)
        return 0;
    if (at[length] == ',') {
        length++;
        length += strspn(at + length, "0123456789");
    }
    return at[length] == '}' ? length + 1 : 0;
}

static bool pass_repeat(struct scan *scan, size_t length, struct error *error)
{
    if (!scan->repeatable) {
        return error_set(error,
                         "has a '%c' with nothing before it to repeat; write .* for anything, or "
                         "\\%c for the character itself",
                         *scan->at, *scan->at);
    }
    if (scan->repeated)
        return error_set(error, "repeats a repetition with '%c'; write one of them", *scan->at);
    scan->at += length;
    scan->at += *scan->at == '?'; /* as few as possible */
    scan->repeated = true;
    return true;
}

static bool pass_other(struct scan *scan, struct error *error)
{
    size_t repeat = *scan->at == '{' ? count_length(scan->at) : strchr("*+?", *scan->at) != NULL;
    if (repeat > 0)
        return pass_repeat(scan, repeat, error);
    scan->repeatable = *scan->at != '|';
    scan->repeated = false;
    scan->at++;
    return true;
}

static bool check_expression(const char *expression, struct error *error)
{
    struct scan scan = {.at = expression};
    bool good = true;
    while (good && *scan.at != '\0') {
        switch (*scan.at) {
        case '(':
            good = open_group(&scan, error);
            break;
        case ')':
            good = close_group(&scan, error);
            break;
        case '[':
            good = pass_class(&scan, error);
            break;
        case '\\':
            good = pass_escape(&scan, error);
            break;
        default:
            good = pass_other(&scan, error);
            break;
        }
    }
    if (good && scan.groups > 0)
        return error_set(error, "has a '(' without its ')'; write \\( for the character itself");
    return good;
}

#define GLOB_MAX 128

/* A shell's pattern, a name with stars: as an expression "shop*" asks for sho, shop and shopp. What
   one means would go unwatched, and nobody would see it. */
static bool check_glob(const char *pattern, struct error *error)
{
    char meant[GLOB_MAX] = "";
    size_t length = 0;
    if (strchr(pattern, '*') == NULL || pattern[strspn(pattern, NAME_CHARACTERS "*")] != '\0')
        return true;
    for (; *pattern != '\0' && length + 3 < sizeof meant; pattern++) {
        if (*pattern == '*')
            meant[length++] = '.';
        meant[length++] = *pattern;
    }
    return error_set(error,
                     "is read as a regular expression, in which '*' repeats the character before "
                     "it; write %s if '*' is to stand for anything",
                     meant);
}

bool pattern_check_expression(const char *pattern, struct error *error)
{
    return check_expression(pattern, error) && check_glob(pattern, error);
}

bool pattern_check(const char *pattern, size_t max, struct error *error)
{
    if (promql_is_plain(pattern))
        return check_name(pattern, max, error);
    return pattern_check_expression(pattern, error);
}
