/*
 * LPD8806: a byte with its top bit set is light, which each LED takes three of before it passes
 * them on; one is shown when the next byte comes. A byte of zeros makes LEDs take light anew, 32 of
 * them: the wave loses a quarter of a bit at each. After power came on every LED passes everything
 * on.
 */
#include "strip_model.h"

struct chain {
    struct strip_model *strip;
    size_t ready;  /* LEDs that wait for light, from the first */
    size_t filled; /* bytes of light they took */
    int pending;   /* the byte that waits for the next one; -1: none */
};

static void show(struct chain *chain)
{
    if (chain->pending >= 0)
        chain->strip->shown[(chain->filled - 1) / 3][(chain->filled - 1) % 3] =
            (uint8_t)chain->pending;
    chain->pending = -1;
}

static void take(struct chain *chain, uint8_t byte)
{
    show(chain);
    if ((byte & 0x80) == 0) {
        if (byte != 0)
            strip_fault(chain->strip, "%02x is neither light nor zeros", byte);
        if (chain->filled % 3 != 0)
            strip_fault(chain->strip, "zeros within a LED's light");
        if (chain->filled == 0)
            chain->ready += 32;
        return;
    }
    if (chain->filled == 3 * chain->strip->count) {
        strip_fault(chain->strip, "more light than LEDs");
        return;
    }
    if (chain->filled / 3 >= chain->ready)
        strip_fault(chain->strip, "LED %zu was not told to begin", chain->filled / 3);
    chain->filled++;
    chain->pending = byte & 0x7F;
}

void lpd8806_receive(struct strip_model *strip, const uint8_t *bytes, size_t length)
{
    struct chain chain = {.strip = strip, .pending = -1};
    size_t after = 0;
    for (size_t i = 0; i < length; i++) {
        take(&chain, bytes[i]);
        after = bytes[i] == 0 && chain.filled > 0 ? after + 1 : 0;
    }
    if (chain.pending >= 0)
        strip_fault(strip, "the last byte is not shown");
    if (32 * after < strip->count)
        strip_fault(strip, "%zu zeros at the end reach %zu LEDs only", after, 32 * after);
}
