#include "strip_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void strip_power(struct strip_model *strip, size_t count, size_t channels)
{
    memset(strip, 0, sizeof *strip);
    memset(strip->shown, STRIP_NEVER, sizeof strip->shown);
    strip->count = count;
    strip->channels = channels;
}

void strip_fault(struct strip_model *strip, const char *format, ...)
{
    va_list arguments;
    if (strip->fault[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(strip->fault, sizeof strip->fault, format, arguments);
    va_end(arguments);
}
