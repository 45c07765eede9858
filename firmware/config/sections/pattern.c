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

/* What stands behind the letter of an escape, of which there are these; 0: not what belongs there.
 */
static size_t braces_length(const char *at, const char *allowed)
{
    const size_t inside = at[0] == '{' ? strspn(at + 1, allowed) : 0;
    return inside > 0 && at[1 + inside] == '}' ? inside + 2 : 0;
}

#define HEXADECIMAL "0123456789abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool measure_number(const char *at, size_t *length, struct error *error)
{
    const size_t braces = braces_length(at + 2, HEXADECIMAL);
    *length = 2 + (braces > 0 ? braces : 2);
    return braces > 0 || strspn(at + 2, HEXADECIMAL) >= 2 ||
           error_set(error, "has a \\x without its two digits; write \\x41 or \\x{1F600}");
}

static bool measure_script(const char *at, size_t *length, struct error *error)
{
    const size_t braces = braces_length(at + 2 + (at[2] == '^'), LETTERS "_^");
    *length = 2 + (braces > 0 ? braces + (at[2] == '^') : 1);
    return braces > 0 || (at[2] != '\0' && strchr(LETTERS, at[2]) != NULL) ||
           error_set(error, "has a \\%c without the name of its characters; write \\%c{Greek}",
                     at[1], at[1]);
}

/* Three octal digits, of which a 0 may be the only one; one other digit would repeat a group. */
static bool measure_octal(const char *at, size_t *length, struct error *error)
{
    const size_t digits = strspn(at + 1, "01234567");
    *length = 1 + (digits < 3 ? digits : 3);
    return digits > 1 || at[1] == '0' ||
           error_set(error,
                     "uses \\%c, a back-reference, which Prometheus's expressions (RE2) do not "
                     "have; write it without",
                     at[1]);
}

/* Of what begins with a backslash: an escape that RE2 knows, in a class or outside. */
static bool measure_escape(const char *at, bool in_class, size_t *length, struct error *error)
{
    const char escaped = at[1];
    const char *known = in_class ? "DSWadfnrstvw" : "ABDSWabdfnrstvwz";
    if (escaped == '\0')
        return error_set(error, "ends with a backslash; write \\\\ for the character itself");
    if (escaped == 'x')
        return measure_number(at, length, error);
    if (escaped == 'p' || escaped == 'P')
        return measure_script(at, length, error);
    if (escaped >= '0' && escaped <= '9')
        return measure_octal(at, length, error);
    *length = 2;
    if ((unsigned char)escaped >= 0x80)
        return error_set(error, "has a backslash before a letter beyond ASCII; write it without");
    return strchr(LETTERS, escaped) == NULL || strchr(known, escaped) != NULL ||
           error_set(error,
                     "uses \\%c%s, which Prometheus's expressions (RE2) do not have; write it "
                     "without",
                     escaped, in_class ? " in a class" : "");
}

static bool pass_escape(struct scan *scan, struct error *error)
{
    size_t length;
    if (scan->at[1] == 'Q')
        return pass_quote(scan, error);
    if (scan->at[1] == 'E')
        return error_set(error, "has a \\E without its \\Q; write it without");
    if (!measure_escape(scan->at, false, &length, error))
        return false;
    scan->at += length;
    scan->repeatable = true;
    scan->repeated = false;
    return true;
}

/* "[:alpha:]", in a class; any other "[:" is two characters. */
static bool measure_named(const char *at, size_t *length, struct error *error)
{
    static const char *const names[] = {"alnum", "alpha", "ascii", "blank", "cntrl",
                                        "digit", "graph", "lower", "print", "punct",
                                        "space", "upper", "word",  "xdigit"};
    const char *end = strncmp(at, "[:", 2) == 0 ? strstr(at + 2, ":]") : NULL;
    *length = end == NULL ? 1 : (size_t)(end + 2 - at);
    if (end == NULL)
        return true;
    const char *name = at + 2 + (at[2] == '^');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == (size_t)(end - name) &&
            strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return error_set(error, "has a class of characters that is not known; write one of [:alpha:], "
                            "[:digit:], [:alnum:] ..., or \\[ for the character itself");
}

/* A ']' that comes first stands for itself: []a] and [^]a] are whole. */
static bool pass_class(struct scan *scan, struct error *error)
{
    const char *at = scan->at + 1;
    at += *at == '^';
    at += *at == ']';
    while (*at != ']' && *at != '\0') {
        size_t length = 1;
        if (at[0] == '\\' && at[1] != '\0' && !measure_escape(at, true, &length, error))
            return false;
        if (at[0] == '[' && !measure_named(at, &length, error))
            return false;
        at += length;
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
