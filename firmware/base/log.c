#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_SIZE 2048

static enum log_level threshold = LOG_LEVEL_INFO;

void log_threshold(enum log_level level)
{
    threshold = level;
}

static const char *line_start(enum log_level level)
{
    static const char *const priorities[] = {"<0>", "<1>", "<2>", "<3>",
                                             "<4>", "<5>", "<6>", "<7>"};
    if (getenv("JOURNAL_STREAM") != NULL)
        return priorities[level];
    return isatty(STDERR_FILENO) ? "\r\033[J" : "";
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level > threshold)
        return;
    char raw[LINE_SIZE];
    char clean[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    text_printable(clean, sizeof clean, raw);
    fprintf(stderr, "%s%s\n", line_start(level), clean);
}
