#include "config/yaml/syntax.h"

#include "base/character.h"

#include <string.h>

/*
 * libyaml's problems and their contexts (src/scanner.c and src/parser.c of libyaml 0.2.5), and what
 * they mean to a reader. The first row whose words occur in either is used.
 */
static const struct translation {
    const char *words;
    const char *sentence;
    bool at_context; /* the mistake is where the construct began, not where the parser gave up */
} translations[] = {
    {"directive", "a line that begins with % is a YAML directive, which is not read; remove it",
     true},
    {"a tag", "a value that begins with ! must be in quotes", true},
    {"unexpected ':'", "a ':' is out of place here; put the value in quotes", false},
    {"found unexpected end of stream", "this quote is never closed; add the closing quote", true},
    {"found unexpected document indicator",
     "this quote is not closed before the next ---; add the closing quote", true},
    {"found a tab character", "a tab where spaces belong; YAML is indented with spaces only",
     false},
    {"mapping values are not allowed",
     "a ':' is out of place here; put quotes around a value that holds ': ', or check that the "
     "line before is complete and this one is not indented too far",
     false},
    {"block sequence entries are not allowed",
     "a '-' is out of place here; begin the list on a line of its own", false},
    {"mapping keys are not allowed", "a '?' is out of place here; put the value in quotes", false},
    {"could not find expected ':'", "a key without its ':'; write key: value", true},
    {"did not find expected key",
     "this line does not fit the lines around it; indent it as much as its neighbours, and put "
     "quotes around a value that holds quotes",
     false},
    {"did not find expected '-'",
     "this line does not fit the list above it; begin it with '- ' in the same column, or indent "
     "it as much as its neighbours",
     false},
    {"did not find expected node content", "a value is missing here; write one, or \"\" for none",
     false},
    {"did not find expected <document start>",
     "text after the end of the document; a file holds one map, each key at the line's beginning",
     false},
    {"unknown escape character",
     "a backslash in double quotes begins an escape; double it, or use single quotes", false},
    {"did not find expected hexdecimal number",
     "a \\x, \\u or \\U in double quotes needs its hexadecimal digits; double the backslash, or "
     "use "
     "single quotes",
     false},
    {"invalid Unicode character escape code",
     "there is no such Unicode character; correct the code", false},
    {"did not find expected comment or line break",
     "nothing may follow here; put the text on the next line, indented", false},
    {"indentation indicator equal to 0", "the number after | or > counts from 1; correct it",
     false},
    {"expected alphabetic or numeric character",
     "a value that begins with & or * must be in quotes", true},
    {"incompatible YAML document", "this %YAML version is not read; remove the line", false},
};

/* The bytes of line `line` (from 1), without its end; NULL when there are not so many. */
static const char *line_start(const char *bytes, size_t length, size_t line)
{
    const char *at = bytes;
    const char *end = bytes + length;
    for (size_t i = 1; i < line; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            return NULL;
        at++;
    }
    return at;
}

/* The ASCII character at a position counted in characters; 0 at the end, or when it is no ASCII. */
static char character_at(const char *bytes, size_t length, size_t line, size_t column)
{
    const char *end = bytes + length;
    const char *at = line_start(bytes, length, line);
    for (size_t i = 1; at != NULL && at < end && i < column; i++)
        do {
            at++;
        } while (at < end && ((unsigned char)*at & 0xc0) == 0x80);
    bool plain = at != NULL && at < end && (unsigned char)*at < 0x80;
    if (!plain)
        return '\0';
    return *at;
}

static void complain_start(struct complaints *complaints, const char *name, char first,
                           const struct syntax_fault *fault)
{
    if (first == '\t') {
        complain(complaints, name, fault->line, fault->column,
                 "a tab where spaces belong; YAML is indented with spaces only");
    } else {
        complain(complaints, name, fault->line, fault->column,
                 "a value cannot begin with '%c'; put it in quotes", first);
    }
}

/* Nothing stands before it on its line but the dash of a list: it begins an item, and is no part of
   a value that goes on from the line before. */
static bool begins_item(const char *bytes, size_t length, const struct syntax_fault *fault)
{
    for (size_t column = 1; column < fault->column; column++) {
        const char before = character_at(bytes, length, fault->line, column);
        if (before != ' ' && before != '-')
            return false;
    }
    return true;
}

/* What a reader of PromQL trips over: it holds quotes and brackets, as YAML does. NULL: it is
   something else. */
static const char *about_quotes(const char *bytes, size_t length, const struct syntax_fault *fault,
                                bool flow)
{
    const char here = character_at(bytes, length, fault->line, fault->column);
    size_t column = fault->column;
    char before = ' ';
    while (before == ' ' && column > 1)
        before = character_at(bytes, length, fault->line, --column);
    if (here == '{' || here == '[')
        return begins_item(bytes, length, fault) ? NULL
                                                 : "a value that holds { or [ must be in quotes "
                                                   "here; it may hold the other kind of "
                                                   "quotes: '... \"x\" ...'";
    if (before == '"')
        return flow ? "the quote before this ends the value: a ',' is missing, or the value holds "
                      "\"; put it into '...'"
                    : "the quote before this ends the value; put a value that holds \" into '...'";
    if (before == '\'')
        return flow ? "the quote before this ends the value: a ',' is missing, or the value holds "
                      "'; put it into \"...\""
                    : "the quote before this ends the value; put a value that holds ' into \"...\"";
    return NULL;
}

#define KEY_SIGNS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* "board:terminal" in a line above: a text, of which the parser sees only at the next line's key
   that it cannot go on. An address is one, too. What stands there is not repeated: it may be a
   secret. */
static bool complain_glued(struct complaints *complaints, const char *name, const char *bytes,
                           size_t length, const struct syntax_fault *fault)
{
    for (size_t line = fault->line - 1; line > 0; line--) {
        const char *start = line_start(bytes, length, line), *end = bytes + length;
        const char *at = start;
        if (start == NULL)
            return false; /* other ends of lines than \n are the parser's alone */
        while (at < end && (*at == ' ' || *at == '-'))
            at++;
        if (at == end || *at == '\n' || *at == '#')
            continue;
        const char *key = at;
        while (at < end && *at != '\0' && strchr(KEY_SIGNS, *at) != NULL)
            at++;
        if (at == key || end - at < 2 || *at != ':' || strchr(" \r\n", at[1]) != NULL ||
            (end - at >= 3 && memcmp(at, "://", 3) == 0))
            return false;
        complain(complaints, name, line, (size_t)(at - start) + 2,
                 "a space is missing after this ':'; add it");
        return true;
    }
    return false;
}

static void complain_unclosed(struct complaints *complaints, const char *name, char close,
                              const struct syntax_fault *fault)
{
    complain(complaints, name, fault->line, fault->column,
             "a ',' or '%c' is missing before this; the '%c' in line %zu, column %zu is not closed",
             close, close == ']' ? '[' : '{', fault->context_line, fault->context_column);
}

void syntax_complain(struct complaints *complaints, const char *name, const char *bytes,
                     size_t length, const struct syntax_fault *fault)
{
    if (strstr(fault->problem, "cannot start any token") != NULL) {
        char first = character_at(bytes, length, fault->line, fault->column);
        complain_start(complaints, name, first, fault);
        return;
    }
    const bool separator = strstr(fault->problem, "expected ',' or") != NULL;
    const bool neighbour = strstr(fault->problem, "did not find expected key") != NULL;
    const char *quotes =
        separator || neighbour ? about_quotes(bytes, length, fault, separator) : NULL;
    if (quotes != NULL) {
        complain(complaints, name, fault->line, fault->column, "%s", quotes);
        return;
    }
    if (strstr(fault->problem, "mapping values are not allowed") != NULL &&
        complain_glued(complaints, name, bytes, length, fault))
        return;
    if (separator) {
        char close = strchr(fault->problem, ']') != NULL ? ']' : '}';
        complain_unclosed(complaints, name, close, fault);
        return;
    }
    for (size_t i = 0; i < sizeof translations / sizeof translations[0]; i++) {
        const struct translation *row = &translations[i];
        if (strstr(fault->problem, row->words) != NULL ||
            strstr(fault->context, row->words) != NULL) {
            bool there = row->at_context;
            complain(complaints, name, there ? fault->context_line : fault->line,
                     there ? fault->context_column : fault->column, "%s", row->sentence);
            return;
        }
    }
    complain(complaints, name, fault->line, fault->column,
             "this is no YAML (%s); check the line's quotes, brackets and indentation",
             fault->problem);
}

/*
 * What YAML 1.1 section 4.1 leaves out of its printable characters: C0 but tab and line ends, DEL,
 * C1 but NEL, the byte order mark within a text, U+FFFE and U+FFFF.
 */
static bool is_forbidden(const char *at, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)at;
    if (length == 1)
        return (bytes[0] < 0x20 && memchr("\t\n\r", bytes[0], 3) == NULL) || bytes[0] == 0x7f;
    if (length == 2)
        return bytes[0] == 0xc2 && bytes[1] < 0xa0 && bytes[1] != 0x85;
    return length == 3 &&
           (memcmp(at, "\xef\xbb\xbf", 3) == 0 || memcmp(at, "\xef\xbf\xbe", 3) == 0 ||
            memcmp(at, "\xef\xbf\xbf", 3) == 0);
}

/* A file may begin with a byte order mark: it is passed over. */
static size_t mark_length(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static void complain_forbidden(struct complaints *complaints, const char *name, size_t line,
                               size_t column, unsigned char byte)
{
    if (byte == 0) {
        complain(complaints, name, line, column,
                 "a NUL byte, which no text holds; is this really the file you meant?");
    } else {
        complain(complaints, name, line, column,
                 "a control character (its first byte is 0x%02x); remove it", byte);
    }
}

bool syntax_check_bytes(struct complaints *complaints, const char *name, const char *bytes,
                        size_t length)
{
    size_t line = 1;
    size_t column = 1;
    for (size_t i = mark_length(bytes, length); i < length;) {
        unsigned char byte = (unsigned char)bytes[i];
        size_t step = byte >= 0x80 ? character_length(bytes + i, length - i) : 1;
        if (step == 0) {
            complain(complaints, name, line, column,
                     "byte 0x%02x is no UTF-8; save the file as UTF-8", byte);
            return false;
        }
        if (is_forbidden(bytes + i, step)) {
            complain_forbidden(complaints, name, line, column, byte);
            return false;
        }
        i += step;
        column = byte == '\n' ? 1 : column + 1;
        line += byte == '\n';
    }
    return true;
}
