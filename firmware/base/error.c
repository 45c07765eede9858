#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 0))) static void fill(char *to, size_t size, const char *format,
                                                       va_list arguments)
{
    char whole[2 * ERROR_TEXT_SIZE];
    vsnprintf(whole, sizeof whole, format, arguments);
    if (!text_copy(to, size, whole))
        text_copy(to + size - sizeof "...", sizeof "...", "...");
}

bool error_set(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

bool error_vset(struct error *error, const char *format, va_list arguments)
{
    fill(error->text, sizeof error->text, format, arguments);
    return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
    char prefix[ERROR_TEXT_SIZE / 2];
    va_list arguments;
    va_start(arguments, format);
    fill(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    struct error before = *error;
    return error_set(error, "%s: %s", prefix, before.text);
}
