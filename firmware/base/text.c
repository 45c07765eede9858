#include "base/text.h"

#include "base/character.h"

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
    length = text_fit(from, size - 1);
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

/* The character at `from`: its bytes in `step` (1 for a byte that is in none), and whether it is
   to be seen. */
static bool is_shown(const char *from, size_t left, size_t *step)
{
    *step = 1;
    if (*from >= ' ' && *from <= '~') /* nearly all */
        return true;
    size_t length = character_length(from, left);
    *step = length > 0 ? length : 1;
    return length > 0 && !character_is_hidden(character_code(from, length));
}

void text_printable(char *to, size_t size, const char *from)
{
    size_t left = strlen(from);
    size_t length = 0, step;
    for (; left > 0; from += step, left -= step) {
        bool shown = is_shown(from, left, &step);
        size_t wide = shown ? step : 1;
        if (length + wide >= size)
            break;
        memcpy(to + length, shown ? from : "?", wide);
        length += wide;
    }
    to[length] = '\0';
}

void text_shorten(char *to, size_t size, const char *from)
{
    static const char more[] = " ...";
    text_printable(to, size, from);
    if (strlen(from) < size || size < 2 * sizeof more) /* no room for both */
        return;
    size_t end = text_fit(to, size - sizeof more);
    const size_t most = end;
    while (end > 0 && to[end] != ' ')
        end--;
    if (end < most / 2) /* one long word: a piece of it says more than nothing */
        end = most;
    memcpy(to + end, more, sizeof more);
}

size_t text_fit(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    if (length <= most)
        return length;
    length = most;
    while (length > 0 && is_continuation(text[length]))
        length--;
    return length;
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

void text_add_shown(struct text *text, const char *string)
{
    text_add_cell(text, string, 0, SIZE_MAX);
}

void text_add_cell(struct text *text, const char *string, size_t least, size_t most)
{
    size_t left = strlen(string);
    size_t columns = 0, step;
    for (; left > 0; string += step, left -= step) {
        bool shown = is_shown(string, left, &step);
        size_t wide = shown ? character_columns(character_code(string, step)) : 1;
        if (wide > most - columns)
            break;
        columns += wide;
        text_add_bytes(text, shown ? string : "?", shown ? step : 1);
    }
    for (; columns < least; columns++)
        text_add_bytes(text, " ", 1);
}

static size_t columns_of(const char *string, size_t length)
{
    size_t columns = 0, step;
    for (; length > 0; string += step, length -= step)
        columns +=
            is_shown(string, length, &step) ? character_columns(character_code(string, step)) : 1;
    return columns;
}

void text_add_wrapped(struct text *text, const char *line, size_t columns)
{
    const size_t begins = strspn(line, " 0123456789.");
    const size_t indent = begins < columns / 2 ? begins : 0;
    size_t column = 0;
    while (*line != '\0') {
        const size_t gap = strspn(line, " "), word = strcspn(line + gap, " ");
        const size_t wide = columns_of(line + gap, word);
        if (columns > 0 && column > indent && word > 0 && column + gap + wide > columns) {
            text_add(text, "\n");
            text_add_cell(text, "", indent, SIZE_MAX);
            column = indent;
        } else {
            text_add_bytes(text, line, gap);
            column += gap;
        }
        text_add_bytes(text, line + gap, word);
        column += wide;
        line += gap + word;
    }
}

/* Prints into what room there is; the length that it takes, or -1. */
static int print_at_end(struct text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static int print_at_end(struct text *text, const char *format, va_list arguments)
{
    return vsnprintf(text->data + text->length, text->capacity - text->length, format, arguments);
}

void text_vaddf(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    if (!reserve(text, 64)) /* enough for most: one pass */
        return;
    va_copy(again, arguments);
    int length = print_at_end(text, format, arguments);
    if (length >= 0 && (size_t)length >= text->capacity - text->length) {
        text->data[text->length] = '\0';
        if (reserve(text, (size_t)length))
            length = print_at_end(text, format, again);
    }
    va_end(again);
    if (length < 0)
        text->failed = true;
    else if (!text->failed)
        text->length += (size_t)length;
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_vaddf(text, format, arguments);
    va_end(arguments);
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

/* What is not shown in four digits. An invalid byte, and what would take two escapes (YAML, by
   which the status file is read, does not join them), is U+FFFD: no text that anybody writes has
   those. */
static unsigned code_in_json(const char *bytes, size_t left)
{
    size_t length = character_length(bytes, left);
    unsigned code = length > 0 ? character_code(bytes, length) : 0xFFFD;
    return code <= 0xFFFF ? code : 0xFFFD;
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
        size_t step;
        bool shown = is_shown(string, left, &step);
        if (*string == '"' || *string == '\\')
            text_addf(text, "\\%c", *string);
        else if (shown)
            text_add_bytes(text, string, step);
        else
            text_addf(text, "\\u%04x", code_in_json(string, left));
        string += step;
        left -= step;
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

void text_wipe(struct text *text)
{
    if (text->data != NULL)
        explicit_bzero(text->data, text->capacity);
    text_free(text);
}
