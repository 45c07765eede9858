#include "base/text.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

bool text_copy(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size);
    if (length < size) {
        memcpy(to, from, length + 1);
        return true;
    }
    length = size - 1;
    while (length > 0 && is_continuation(from[length]))
        length--;
    memcpy(to, from, length);
    to[length] = '\0';
    return false;
}

/* True for the forms Prometheus and people write; strtod() would also take spaces, hex and
 * "nan(x)". */
static bool is_number_form(const char *text)
{
    static const char *const words[] = {"NaN", "Inf", "+Inf", "-Inf"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    if (*text == '+' || *text == '-')
        text++;
    if (strpbrk(text, "0123456789") == NULL || (*text != '.' && (*text < '0' || *text > '9')))
        return false;
    return strspn(text, "0123456789.eE+-") == strlen(text);
}

bool text_number(const char *text, double *value)
{
    static locale_t c_locale;
    if (c_locale == NULL)
        c_locale = newlocale(LC_ALL_MASK, "C", NULL);
    if (c_locale == NULL || !is_number_form(text))
        return false;
    char *end;
    double number = strtod_l(text, &end, c_locale);
    if (*end != '\0')
        return false;
    *value = number;
    return true;
}

bool text_integer(const char *text, int64_t min, int64_t max, int64_t *value)
{
    const char *digits = *text == '-' ? text + 1 : text;
    if (*digits == '\0' || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    if (errno != 0 || number < min || number > max)
        return false;
    *value = number;
    return true;
}

/* The length of the well-formed UTF-8 character at `bytes` (RFC 3629), 0 when there is none. */
static size_t character_length(const char *bytes, size_t left)
{
    static const struct {
        unsigned char lead_first, lead_last, second_first, second_last;
        size_t length;
    } forms[] = {
        {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    if (left == 0)
        return 0;
    unsigned char lead = (unsigned char)bytes[0];
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (lead < forms[i].lead_first || lead > forms[i].lead_last)
            continue;
        if (forms[i].length == 1)
            return 1;
        if (left < forms[i].length || (unsigned char)bytes[1] < forms[i].second_first ||
            (unsigned char)bytes[1] > forms[i].second_last)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if (!is_continuation(bytes[k]))
                return 0;
        return forms[i].length;
    }
    return 0;
}

bool text_is_utf8(const char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t step = character_length(bytes + at, length - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

/* Controls that could move the cursor, hide text or turn its direction around. */
static bool is_unprintable(const char *bytes, size_t length)
{
    unsigned char first = (unsigned char)bytes[0];
    if (length == 1)
        return first < 0x20 || first == 0x7F;
    unsigned char second = (unsigned char)bytes[1];
    if (length == 2) /* C1: U+0080..U+009F; U+061C ARABIC LETTER MARK */
        return (first == 0xC2 && second < 0xA0) || (first == 0xD8 && second == 0x9C);
    if (length != 3 || first != 0xE2)
        return false;
    unsigned char third = (unsigned char)bytes[2];
    return (second == 0x80 &&
            (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE))) ||
           (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

void text_printable(char *to, size_t size, const char *from)
{
    size_t left = strlen(from);
    size_t length = 0;
    while (left > 0) {
        size_t step = character_length(from, left);
        bool keep = step > 0 && !is_unprintable(from, step);
        size_t wide = keep ? step : 1;
        if (length + wide >= size)
            break;
        if (keep)
            memcpy(to + length, from, step);
        else
            to[length] = '?';
        length += wide;
        from += step > 0 ? step : 1;
        left -= step > 0 ? step : 1;
    }
    to[length] = '\0';
}

#define SUGGEST_MAX 40 /* longer words are no typing mistakes */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) from one word to another: the optimal string
   alignment distance, in three rows. */
static size_t edits(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][SUGGEST_MAX + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

#define BEGINNING 4 /* letters of a word that tell which is meant */

const char *text_suggest(const char *word, const char *const words[], size_t count)
{
    size_t length = strlen(word);
    const char *best = NULL;
    size_t best_edits = (length + 2) / 3; /* a third of the letters may be wrong */
    bool is_part = false;                 /* the beginning of a word is meant before all else */
    if (length > SUGGEST_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (words[i] == NULL || strlen(words[i]) > SUGGEST_MAX)
            continue;
        size_t needed = edits(word, length, words[i], strlen(words[i]));
        bool begins = length >= BEGINNING && strncmp(words[i], word, length) == 0;
        if ((begins && !is_part) || (begins == is_part && needed < best_edits) ||
            (needed == best_edits && best == NULL)) {
            best = words[i];
            best_edits = needed;
            is_part = begins;
        }
    }
    return best;
}

static bool reserve(struct text *text, size_t more)
{
    if (text->failed)
        return false;
    size_t needed = text->length + more + 1;
    if (needed <= text->capacity)
        return true;
    size_t capacity = text->capacity == 0 ? 256 : text->capacity;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(text->data, capacity);
    if (data == NULL) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (!reserve(text, length))
        return;
    if (length > 0)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

/* Prints into what room there is; the length that it takes, or -1. */
static int print_at_end(struct text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static int print_at_end(struct text *text, const char *format, va_list arguments)
{
    return vsnprintf(text->data + text->length, text->capacity - text->length, format, arguments);
}

void text_addf(struct text *text, const char *format, ...)
{
    if (!reserve(text, 64)) /* enough for most: one pass */
        return;
    va_list arguments;
    va_start(arguments, format);
    int length = print_at_end(text, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length >= text->capacity - text->length) {
        text->data[text->length] = '\0';
        if (!reserve(text, (size_t)length))
            return;
        va_start(arguments, format);
        length = print_at_end(text, format, arguments);
        va_end(arguments);
    }
    if (length < 0)
        text->failed = true;
    else
        text->length += (size_t)length;
}

/* The code point of the well-formed character of `length` bytes. */
static unsigned code_point(const char *bytes, size_t length)
{
    static const unsigned char lead_masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned code = (unsigned char)bytes[0] & lead_masks[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)bytes[i] & 0x3F);
    return code;
}

/* Controls, and what YAML 1.1 (in which JSON is read here) does not allow as it is. */
static bool is_escaped_in_json(unsigned code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFEFF || code == 0xFFFE ||
           code == 0xFFFF;
}

/* Bytes from here on that need no look: ASCII that JSON takes as it is. */
static size_t plain_length(const char *string)
{
    size_t length = 0;
    while (string[length] >= ' ' && string[length] < 0x7F && string[length] != '"' &&
           string[length] != '\\')
        length++;
    return length;
}

void text_add_json(struct text *text, const char *string)
{
    size_t left = strlen(string);
    text_add(text, "\"");
    while (left > 0) {
        size_t plain = plain_length(string);
        text_add_bytes(text, string, plain);
        string += plain;
        left -= plain;
        if (left == 0)
            break;
        size_t step = character_length(string, left);
        unsigned code = step > 0 ? code_point(string, step) : 0xFFFD;
        if (code == '"' || code == '\\')
            text_addf(text, "\\%c", (int)code);
        else if (step == 0 || is_escaped_in_json(code))
            text_addf(text, "\\u%04x", code);
        else
            text_add_bytes(text, string, step);
        string += step > 0 ? step : 1;
        left -= step > 0 ? step : 1;
    }
    text_add(text, "\"");
}

void text_clear(struct text *text)
{
    text->length = 0;
    text->failed = false;
    if (text->data != NULL)
        text->data[0] = '\0';
}

void text_cut(struct text *text, size_t length)
{
    if (length >= text->length)
        return;
    text->length = length;
    text->data[length] = '\0';
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}
