#include "config/yaml/complaint.h"

#include <stdio.h>
#include <string.h>

#define LINE_SIZE 2048 /* a path, its position and one sentence */
#define NAME_SIZE 1024 /* of that, the path */

static bool is_about(const char *line, const char *file)
{
    size_t length = strlen(file);
    return strncmp(line, file, length) == 0 && line[length] == ':';
}

/* The place of a new line among `count` kept ones: after those of its file that stand before it. */
static size_t place_of(const struct complaints *complaints, size_t count, const char *file,
                       size_t line, size_t column)
{
    size_t place = count;
    while (place > 0) {
        const struct complaint *before = &complaints->kept[place - 1];
        bool later = before->line > line || (before->line == line && before->column > column);
        if (!later || !is_about(complaints->text.data + before->offset, file))
            break;
        place--;
    }
    return place;
}

static size_t end_of_kept(const struct complaints *complaints, size_t place, size_t count)
{
    return place < count ? complaints->kept[place].offset : complaints->text.length;
}

/* Adds the line at the end of the text, then moves what belongs after it behind it. */
static void insert_line(struct complaints *complaints, size_t place, const char *line)
{
    size_t length = strlen(line);
    size_t count = complaints->count;
    size_t offset = end_of_kept(complaints, place, count);
    size_t behind = complaints->text.length - offset;

    text_add(&complaints->text, line);
    if (complaints->text.failed)
        return;
    char *at = complaints->text.data + offset;
    memmove(at + length, at, behind);
    memcpy(at, line, length);
    for (size_t i = count; i > place; i--) {
        complaints->kept[i] = complaints->kept[i - 1];
        complaints->kept[i].offset += length;
    }
    complaints->kept[place].offset = offset;
}

/* The last line of the text, rewritten with each complaint that is not kept. */
static void count_further(struct complaints *complaints)
{
    size_t last = complaints->kept[COMPLAINTS_MAX - 1].offset;
    char *end = strchr(complaints->text.data + last, '\n');
    if (end != NULL)
        complaints->text.length = (size_t)(end + 1 - complaints->text.data);
    text_addf(&complaints->text, "and %zu more\n", complaints->count + 1 - COMPLAINTS_MAX);
}

/* "FILE:LINE:COL: ", or "FILE: " about the file as a whole; the length of it. A name of NAME_SIZE
   leaves room for the numbers. */
static size_t format_place(char out[static LINE_SIZE], const char *file, size_t line, size_t column)
{
    if (line == 0)
        return (size_t)snprintf(out, LINE_SIZE, "%s: ", file);
    return (size_t)snprintf(out, LINE_SIZE, "%s:%zu:%zu: ", file, line, column);
}

void complain(struct complaints *complaints, const char *file, size_t line, size_t column,
              const char *format, ...)
{
    char raw[2 * LINE_SIZE];
    char safe[LINE_SIZE + 1];
    char name[NAME_SIZE];
    va_list arguments;

    if (!complaints->text.failed && complaints->count >= COMPLAINTS_MAX) {
        count_further(complaints);
    } else if (!complaints->text.failed) {
        text_printable(name, sizeof name, file);
        size_t start = format_place(raw, name, line, column);
        va_start(arguments, format);
        vsnprintf(raw + start, sizeof raw - start, format, arguments);
        va_end(arguments);
        text_printable(safe, LINE_SIZE, raw);
        memcpy(safe + strlen(safe), "\n", 2);
        size_t place = place_of(complaints, complaints->count, name, line, column);
        insert_line(complaints, place, safe);
        complaints->kept[place].line = line;
        complaints->kept[place].column = column;
    }
    complaints->count++;
}

void complaints_free(struct complaints *complaints)
{
    text_free(&complaints->text);
    memset(complaints, 0, sizeof *complaints);
}
