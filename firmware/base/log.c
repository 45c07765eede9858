#include "base/log.h"

#include "base/character.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINE_SIZE 2048
#define MINUTE_MS 60000
#define LAST_WORDS "that was much for a minute: more like it is counted, and left out"

static enum log_level threshold = LOG_LEVEL_INFO;

void log_threshold(enum log_level level)
{
    threshold = level;
}

static int picture_rows;

void log_above_picture(int rows)
{
    picture_rows = rows;
}

static const char *priority(enum log_level level)
{
    static const char *const prefixes[] = {"<0>", "<1>", "<2>", "<3>", "<4>", "<5>", "<6>", "<7>"};
    return getenv("JOURNAL_STREAM") != NULL ? prefixes[level] : "";
}

/* How many rows of a terminal the line takes, with its breaks at the right margin. One that just
   fits breaks nowhere. */
static int rows_of(const char *line, size_t columns)
{
    size_t left = strlen(line), column = 0;
    int rows = 1;
    while (left > 0) {
        const size_t length = character_length(line, left);
        const size_t wide = length > 0 ? character_columns(character_code(line, length)) : 1;
        if (column + wide > columns) {
            rows++;
            column = 0;
        }
        column += wide;
        line += length > 0 ? length : 1;
        left -= length > 0 ? length : 1;
    }
    return rows;
}

/*
 * Scrolls until line and picture fit below the cursor, then inserts (ECMA-48 IL) as many rows as
 * the line takes, its breaks at the right margin included.
 */
static void make_room(const char *line)
{
    struct winsize size;
    if (picture_rows == 0 || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return;
    int rows = rows_of(line, size.ws_col);
    int room = rows + picture_rows;
    if (room >= size.ws_row)
        room = size.ws_row - 1;
    fputs("\033[m\r", stderr); /* a picture that was cut off may have left its colours */
    for (int i = 0; i < room; i++)
        fputc('\n', stderr);
    if (room > 0)
        fprintf(stderr, "\033[%dA\033[%dL", room, rows);
}

/* Lines in the minute that began then. */
static struct {
    int64_t began_ms;
    unsigned written, complaints, left_out;
} minute;

static bool is_complaint(enum log_level level)
{
    return level > LOG_LEVEL_ERROR && level != LOG_LEVEL_NOTICE;
}

static void write_line(enum log_level level, const char *line)
{
    make_room(line);
    fprintf(stderr, "%s%s\n", priority(level), line);
}

/* False: there were enough. */
static bool may_write(enum log_level level)
{
    char words[64];
    const int64_t now_ms = clock_monotonic_ms();
    if (minute.written == 0 || now_ms - minute.began_ms >= MINUTE_MS) {
        const unsigned left_out = minute.left_out;
        minute.began_ms = now_ms;
        minute.written = minute.complaints = minute.left_out = 0;
        snprintf(words, sizeof words, "%u lines were left out before this one", left_out);
        if (left_out > 0)
            write_line(LOG_LEVEL_WARNING, words);
    }
    const bool complaint = is_complaint(level);
    if (level > LOG_LEVEL_ERROR && (minute.written >= LOG_MINUTE_LINES ||
                                    (complaint && minute.complaints >= LOG_MINUTE_COMPLAINTS))) {
        minute.left_out++;
        return false;
    }
    minute.written++;
    minute.complaints += complaint;
    return true;
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level > threshold || !may_write(level))
        return;
    char raw[2 * LINE_SIZE]; /* so that it is text_printable() that cuts, between characters */
    char clean[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    text_printable(clean, sizeof clean, raw);
    write_line(level, clean);
    if (minute.written == LOG_MINUTE_LINES ||
        (is_complaint(level) && minute.complaints == LOG_MINUTE_COMPLAINTS))
        write_line(LOG_LEVEL_WARNING, LAST_WORDS);
}
