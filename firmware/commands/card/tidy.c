#include "commands/card/tidy.h"

#include "base/character.h"

#include <ctype.h>
#include <string.h>

#define MARK 0xfeff /* byte order mark; zero width no-break space */
#define NO_BREAK_SPACE 0x00a0

static void add_code(struct text *out, unsigned code)
{
    const unsigned rest[] = {code >> 18, code >> 12 & 63, code >> 6 & 63, code & 63};
    char bytes[4];
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(rest[4 - length + i] | (i > 0 ? 0x80u : 0u));
    bytes[0] = (char)(length == 1 ? code : rest[4 - length] | first[length]);
    text_add_bytes(out, bytes, length);
}

static unsigned unit_at(const struct text *bytes, size_t at, bool big)
{
    unsigned first = (unsigned char)bytes->data[at], second = (unsigned char)bytes->data[at + 1];
    return big ? first << 8 | second : second << 8 | first;
}

/* RFC 2781. Half a pair is no character. */
static bool decode_utf16(const struct text *bytes, bool big, struct text *out)
{
    for (size_t at = 2; at + 1 < bytes->length; at += 2) {
        unsigned code = unit_at(bytes, at, big);
        if (code >= 0xdc00 && code < 0xe000)
            return false;
        if (code >= 0xd800 && code < 0xdc00) {
            unsigned low = at + 3 < bytes->length ? unit_at(bytes, at + 2, big) : 0;
            if (low < 0xdc00 || low >= 0xe000)
                return false;
            code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
            at += 2;
        }
        if (code == 0)
            return false;
        add_code(out, code);
    }
    return bytes->length % 2 == 0;
}

static bool begins(const struct text *bytes, unsigned char first, unsigned char second)
{
    return bytes->length >= 2 && (unsigned char)bytes->data[0] == first &&
           (unsigned char)bytes->data[1] == second;
}

/* Ends of lines, and characters that nobody sees. */
static void add_tidy(const struct text *utf8, struct text *out)
{
    for (size_t at = 0; at < utf8->length;) {
        const char *here = utf8->data + at;
        size_t length = character_length(here, utf8->length - at);
        unsigned code = character_code(here, length);
        bool ends_twice = code == '\r' && here[1] == '\n'; /* it is NUL-terminated */
        at += length;
        if (code == '\r' && !ends_twice)
            text_add(out, "\n");
        else if (code == NO_BREAK_SPACE)
            text_add(out, " ");
        else if (code != '\r' && code != MARK && (code < 0x80 || !character_is_hidden(code)))
            text_add_bytes(out, here, length);
    }
}

bool tidy_text(const struct text *bytes, struct text *out)
{
    struct text decoded = {0};
    const struct text *utf8 = bytes;
    bool good = true;
    if (begins(bytes, 0xff, 0xfe) || begins(bytes, 0xfe, 0xff)) {
        good = decode_utf16(bytes, begins(bytes, 0xfe, 0xff), &decoded) && !decoded.failed;
        utf8 = &decoded;
    }
    good = good && (utf8->length == 0 || text_is_utf8(utf8->data, utf8->length));
    if (good)
        add_tidy(utf8, out);
    text_wipe(&decoded);
    return good && !out->failed;
}

/* What stands for a typographic quote; NULL: it is none. */
static const char *plain_quote(unsigned code)
{
    if ((code >= 0x201c && code <= 0x201f) || code == 0xab || code == 0xbb || code == 0x2033)
        return "\"";
    return (code >= 0x2018 && code <= 0x201b) || code == 0x2032 ? "'" : NULL;
}

static bool is_word(char character)
{
    return isalnum((unsigned char)character) || (unsigned char)character >= 0x80;
}

/* A quote's own bytes look like a letter's. */
static bool begins_word(const char *text, size_t left)
{
    const size_t length = character_length(text, left);
    return length > 0 && is_word(*text) && plain_quote(character_code(text, length)) == NULL;
}

bool tidy_quotes(const char *text, struct text *out)
{
    size_t left = strlen(text);
    bool any = false;
    char before = ' ';
    while (left > 0) {
        size_t length = character_length(text, left);
        length = length > 0 ? length : 1;
        const char *plain = plain_quote(character_code(text, length));
        bool within = plain != NULL && *plain == '\'' && is_word(before) &&
                      begins_word(text + length, left - length);
        if (plain != NULL && !within) {
            text_add(out, plain);
            any = true;
        } else {
            text_add_bytes(out, text, length);
        }
        before = out->length > 0 ? out->data[out->length - 1] : ' ';
        text += length;
        left -= length;
    }
    return any;
}

/* The bytes of a quote at the start of `word`, of any kind; 0: there is none. */
static size_t quote_length(const char *word)
{
    size_t length = character_length(word, strlen(word));
    bool quote = length > 0 && (*word == '"' || *word == '\'' ||
                                plain_quote(character_code(word, length)) != NULL);
    return quote ? length : 0;
}

/* Where the last character begins. */
static char *last_of(char *word)
{
    char *last = word + strlen(word) - 1;
    while (last > word && ((unsigned char)*last & 0xc0) == 0x80)
        last--;
    return last;
}

static char *trim(char *word)
{
    word += strspn(word, " \t");
    size_t length = strlen(word);
    while (length > 0 && strchr(" \t", word[length - 1]) != NULL)
        word[--length] = '\0';
    return word;
}

char *tidy_word(char *word)
{
    word = trim(word);
    size_t quote = quote_length(word);
    char *last = *word != '\0' ? last_of(word) : word;
    if (quote == 0 || last < word + quote || quote_length(last) == 0)
        return word;
    *last = '\0';
    return word + quote;
}
