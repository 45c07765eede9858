#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const size_t encoding_counts[ENCODING_COUNTS] = {1, 2, 8, 31, 32, 33, 64, 65, 144, 257, 511, 1000};

struct pixel encoding_noise(size_t index)
{
    uint64_t state = (index + 1) * 0x9E3779B97F4A7C15u; /* splitmix64 */
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9u;
    state = (state ^ state >> 27) * 0x94D049BB133111EBu;
    unsigned dimmer = (unsigned)(state >> 60);
    return (struct pixel){(uint16_t)((uint16_t)state >> dimmer),
                          (uint16_t)((uint16_t)(state >> 16) >> dimmer),
                          (uint16_t)((uint16_t)(state >> 32) >> dimmer)};
}

struct wire encoding_of(const struct chip *chip, const void *settings, const struct frame *frame,
                        bool raw)
{
    static const uint8_t behind[16] = "what stood there";
    static uint8_t bytes[32768 + sizeof behind];
    struct wire wire = {.bytes = bytes, .capacity = chip->wire_size(settings)};
    assert_in_range(wire.capacity, 1, sizeof bytes - sizeof behind);
    memcpy(bytes + wire.capacity, behind, sizeof behind);
    chip->encode(settings, frame, raw, &wire);
    if (memcmp(bytes + wire.capacity, behind, sizeof behind) != 0)
        fail_msg("%s: writes beyond wire_size() %zu", chip->name, wire.capacity);
    if (wire.overflow)
        fail_msg("%s: wire_size() %zu is too little", chip->name, wire.capacity);
    assert_true(wire.messages > 0 && wire.ends[wire.messages - 1] == wire.length);
    return wire;
}

struct wire encoding_of_text(const struct chip *chip, const void *settings, const char *text)
{
    struct pixel dark = {0, 0, 0};
    struct frame frame = {.pixels = &dark, .count = 1};
    snprintf(frame.text, sizeof frame.text, "%s", text);
    return encoding_of(chip, settings, &frame, false);
}

size_t encoding_message(const struct wire *wire, size_t index, const uint8_t **bytes)
{
    assert_in_range(index, 0, wire->messages - 1);
    size_t from = index > 0 ? wire->ends[index - 1] : 0;
    *bytes = wire->bytes + from;
    return wire->ends[index] - from;
}
