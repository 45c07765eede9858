#include "base/say.h"

#include "base/text.h"

#include <string.h>
#include <sys/ioctl.h>

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

/* A usual line takes no memory; of a longer one, when there is none, the beginning is said. */
void say_line(FILE *to, const char *format, ...)
{
    char usual[PIECE_SIZE] = "";
    struct text longer = {0};
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(usual, sizeof usual, format, arguments);
    va_end(arguments);
    if (length >= PIECE_SIZE) {
        va_start(arguments, format);
        text_vaddf(&longer, format, arguments);
        va_end(arguments);
    }
    if (longer.length > 0 && !longer.failed)
        say_part(to, longer.data, longer.length);
    else
        say_part(to, usual, strlen(usual));
    fputc('\n', to);
    text_free(&longer);
}

/* 0: it is none, or does not say. */
static size_t terminal_columns(FILE *to)
{
    struct winsize size;
    return ioctl(fileno(to), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void say_wrapped(FILE *to, const char *sentence)
{
    struct text shown = {0}, wrapped = {0};
    text_add_shown(&shown, sentence);
    if (!shown.failed && shown.data != NULL)
        text_add_wrapped(&wrapped, shown.data, terminal_columns(to));
    if (!wrapped.failed && wrapped.data != NULL)
        fputs(wrapped.data, to);
    text_free(&wrapped);
    text_free(&shown);
}

void say_sentence(FILE *to, const char *format, ...)
{
    struct text sentence = {0};
    va_list arguments;
    va_start(arguments, format);
    text_vaddf(&sentence, format, arguments);
    va_end(arguments);
    if (!sentence.failed && sentence.data != NULL)
        say_wrapped(to, sentence.data);
    fputc('\n', to);
    text_free(&sentence);
}

void say_prompt(FILE *to, const char *prompt)
{
    say_wrapped(to, prompt);
    fflush(to);
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
