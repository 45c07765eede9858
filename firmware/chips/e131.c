#include "chips/e131.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#define CHANNELS 3
#define TERMINATED 0x40
#define TERMINATED_TIMES 3
#define LENGTH_FLAGS 0x7000u

enum place {
    PLACE_ROOT = 16,
    PLACE_CID = 22,
    PLACE_FRAMING = 38,
    PLACE_SOURCE = 44,
    PLACE_PRIORITY = 108,
    PLACE_SEQUENCE = 111,
    PLACE_OPTIONS = 112,
    PLACE_UNIVERSE = 113,
    PLACE_DMP = 115,
    PLACE_COUNT = 123,
    PLACE_DATA = E131_HEADER_SIZE
};

static const uint8_t header[E131_HEADER_SIZE] = {
    [1] = 0x10, [4] = 'A', 'S',      'C',      '-',       'E',          '1',       '.',
    '1',        '7',       [21] = 4, [43] = 2, [117] = 2, [118] = 0xa1, [122] = 1,
};

static const struct ledstrip_nature nature = {.steps = 255};

static const struct field e131_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct e131_settings, pixels)),
     RANGE(1, FRAME_PIXELS_MAX), .required = true, .help = "how many LEDs the controller has"},
    {KEY("order", FIELD_WORD, offsetof(struct e131_settings, order)), .words = ledstrip_rgb_orders,
     .fallback = "rgb",
     .help = "the colours' order in a datagram; the strip's own is the controller's to set"},
    {KEY("universe", FIELD_INTEGER, offsetof(struct e131_settings, universe)),
     RANGE(1, E131_UNIVERSE_MAX), .fallback = "1",
     .help = "that of the first pixel; the next has those from the 171st on"},
    {KEY("priority", FIELD_INTEGER, offsetof(struct e131_settings, priority)), RANGE(0, 200),
     .fallback = "100", .help = "of several senders the controller shows the highest"},
    {KEY("source", FIELD_STRING, offsetof(struct e131_settings, source)), .size = E131_SOURCE_SIZE,
     .fallback = "amberbar",
     .help = "the sender's name, of its own where several send to one controller"},
    {.key = NULL},
};

static size_t e131_pixels(const void *settings)
{
    return (size_t)((const struct e131_settings *)settings)->pixels;
}

static size_t universes(const void *settings)
{
    return (e131_pixels(settings) + E131_PIXELS_MAX - 1) / E131_PIXELS_MAX;
}

static bool e131_check(const void *settings, struct error *error)
{
    const struct e131_settings *e131 = settings;
    if (e131->universe + (int64_t)universes(settings) - 1 <= E131_UNIVERSE_MAX)
        return true;
    return error_set(error, "universe %d and the %zu after it go beyond %d; begin with a lower one",
                     (int)e131->universe, universes(settings) - 1, E131_UNIVERSE_MAX);
}

/* The end is longer than a frame. */
static size_t e131_wire_size(const void *settings)
{
    return TERMINATED_TIMES *
           (universes(settings) * E131_HEADER_SIZE + CHANNELS * e131_pixels(settings));
}

static void put(uint8_t *at, size_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

/* A UUID of the name, marked as one that is made of a hash (RFC 9562, version 8). */
static void put_cid(const char *source, uint8_t cid[static 16])
{
    const uint64_t halves[] = {hash_text(hash_of("amberbar E1.31"), source), hash_of(source)};
    for (size_t i = 0; i < 16; i++)
        cid[i] = (uint8_t)(halves[i / 8] >> 8 * (7 - i % 8));
    cid[6] = (uint8_t)((cid[6] & 0x0f) | 0x80);
    cid[8] = (uint8_t)((cid[8] & 0x3f) | 0x80);
}

/* The datagram of a universe, dark; where its pixels go, `*count` of them. NULL: no room. */
static uint8_t *add(const struct e131_settings *e131, size_t index, uint8_t options,
                    struct wire *wire, size_t *count)
{
    size_t left = (size_t)e131->pixels - index * E131_PIXELS_MAX;
    *count = left < E131_PIXELS_MAX ? left : E131_PIXELS_MAX;
    size_t length = E131_HEADER_SIZE + CHANNELS * *count;
    uint8_t *out = wire_reserve(wire, length);
    if (out == NULL)
        return NULL;
    memset(out, 0, length);
    memcpy(out, header, sizeof header);
    put(out + PLACE_ROOT, LENGTH_FLAGS | (length - PLACE_ROOT));
    put_cid(e131->source, out + PLACE_CID);
    put(out + PLACE_FRAMING, LENGTH_FLAGS | (length - PLACE_FRAMING));
    memcpy(out + PLACE_SOURCE, e131->source, strnlen(e131->source, E131_SOURCE_SIZE - 1));
    out[PLACE_PRIORITY] = (uint8_t)e131->priority;
    out[PLACE_OPTIONS] = options;
    put(out + PLACE_UNIVERSE, (size_t)e131->universe + index);
    put(out + PLACE_DMP, LENGTH_FLAGS | (length - PLACE_DMP));
    put(out + PLACE_COUNT, 1 + CHANNELS * *count);
    wire_end_message(wire);
    return out + PLACE_DATA;
}

static void e131_encode(const void *settings, const struct frame *frame, bool raw,
                        struct wire *wire)
{
    const struct e131_settings *e131 = settings;
    /* Nothing is limited: the supply is the controller's. */
    const struct ledstrip_settings unlimited = {.order = e131->order};
    struct ledstrip strip;
    ledstrip_begin(&strip, &nature, &unlimited, frame, raw);
    for (size_t index = 0; index < universes(settings); index++) {
        size_t count;
        uint8_t *out = add(e131, index, 0, wire, &count);
        for (size_t i = 0; out != NULL && i < count; i++, out += CHANNELS)
            memcpy(out, ledstrip_levels(&strip, index * E131_PIXELS_MAX + i), CHANNELS);
    }
}

static void e131_leave(const void *settings, struct wire *wire)
{
    for (size_t i = 0; i < TERMINATED_TIMES * universes(settings); i++) {
        size_t count;
        (void)add(settings, i % universes(settings), TERMINATED, wire, &count);
    }
}

const struct chip chip_e131 = {
    .name = "e131",
    .summary = "a controller in the network that takes E1.31 (sACN), with whatever it drives",
    .fields = e131_fields,
    .settings_size = sizeof(struct e131_settings),
    .buses = BUS_BIT(BUS_UDP),
    .udp = {.port = E131_PORT,
            .counter_at = PLACE_SEQUENCE,
            .counter_to = UINT8_MAX,
            .counter_of = PLACE_UNIVERSE + 1},
    .repeat_ms = E131_REPEAT_MS,
    .check = e131_check,
    .pixels = e131_pixels,
    .digits = ledstrip_digits,
    .wire_size = e131_wire_size,
    .encode = e131_encode,
    .leave = e131_leave,
};
