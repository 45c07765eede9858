#include "base/say.h"

#include "base/text.h"

#include <string.h>

#define PIECE_SIZE 4096

/* Cut into pieces between characters, however long it is. */
static void say_part(FILE *to, const char *part, size_t length)
{
    char raw[PIECE_SIZE], shown[PIECE_SIZE];
    while (length > 0) {
        size_t fit = text_fit(part, length < sizeof raw ? length : sizeof raw - 1);
        fit = fit > 0 ? fit : 1;
        memcpy(raw, part, fit);
        raw[fit] = '\0';
        text_printable(shown, sizeof shown, raw);
        fputs(shown, to);
        part += fit;
        length -= fit;
    }
}

void say_line(FILE *to, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    va_start(arguments, format);
    text_vaddf(&line, format, arguments);
    va_end(arguments);
    if (line.failed)
        fputs("not enough memory", to);
    else
        say_part(to, line.data, line.length);
    fputc('\n', to);
    text_free(&line);
}

void say_lines(FILE *to, const char *text)
{
    if (text == NULL)
        text = "not enough memory\n";
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        say_part(to, text, length);
        text += length;
        if (*text == '\n')
            fputc(*text++, to);
    }
}
