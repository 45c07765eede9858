#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINE_SIZE 2048

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

/*
 * Scrolls until line and picture fit below the cursor, then inserts (ECMA-48 IL) as many rows as
 * the line takes, its breaks at the right margin included.
 */
static void make_room(const char *line)
{
    struct winsize size;
    if (picture_rows == 0 || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return;
    int rows = (int)strlen(line) / size.ws_col + 1;
    int room = rows + picture_rows;
    if (room >= size.ws_row)
        room = size.ws_row - 1;
    fputs("\033[m\r", stderr); /* a picture that was cut off may have left its colours */
    for (int i = 0; i < room; i++)
        fputc('\n', stderr);
    if (room > 0)
        fprintf(stderr, "\033[%dA\033[%dL", room, rows);
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level > threshold)
        return;
    char raw[2 * LINE_SIZE]; /* so that it is text_printable() that cuts, between characters */
    char clean[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    text_printable(clean, sizeof clean, raw);
    make_room(clean);
    fprintf(stderr, "%s%s\n", priority(level), clean);
}
