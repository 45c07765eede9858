#include "chips/wire.h"

#include <string.h>

void wire_reset(struct wire *wire)
{
    wire->length = 0;
    wire->messages = 0;
    wire->limited = false;
    wire->overflow = false;
}

uint8_t *wire_reserve(struct wire *wire, size_t count)
{
    if (count > wire->capacity - wire->length) {
        wire->overflow = true;
        return NULL;
    }
    uint8_t *bytes = wire->bytes + wire->length;
    wire->length += count;
    return bytes;
}

void wire_add(struct wire *wire, uint8_t byte)
{
    wire_fill(wire, byte, 1);
}

void wire_fill(struct wire *wire, uint8_t byte, size_t count)
{
    uint8_t *bytes = wire_reserve(wire, count);
    if (bytes != NULL)
        memset(bytes, byte, count);
}

void wire_text(struct wire *wire, const char *text)
{
    size_t length = strlen(text);
    uint8_t *bytes = wire_reserve(wire, length);
    if (bytes != NULL)
        memcpy(bytes, text, length);
}

void wire_number(struct wire *wire, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    wire_text(wire, digits + at);
}

void wire_end_message(struct wire *wire)
{
    if (wire->messages == WIRE_MESSAGES_MAX) {
        wire->overflow = true;
        return;
    }
    wire->ends[wire->messages++] = wire->length;
}
