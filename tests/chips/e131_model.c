/*
 * A controller that takes E1.31, from the published format (ANSI E1.31-2018, table 4-1, and 6.2 to
 * 6.9): each field at its place, sequence numbers, the end of a stream.
 */
#include "e131_model.h"

#include <string.h>

static uint32_t number(const uint8_t *bytes, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Flags 7 and the length of a layer that goes from `at` to the end. */
static bool is_layer(const uint8_t *bytes, size_t at, size_t length)
{
    return number(bytes + at, 2) == (0x7000 | (length - at));
}

static const char *root_fault(const uint8_t *bytes, size_t length)
{
    static const uint8_t identifier[12] = {0x41, 0x53, 0x43, 0x2d, 0x45, 0x31,
                                           0x2e, 0x31, 0x37, 0,    0,    0};
    if (length < 126 || length > 638)
        return "another length than a data packet's";
    if (number(bytes, 2) != 0x0010 || number(bytes + 2, 2) != 0)
        return "preamble or post-amble";
    if (memcmp(bytes + 4, identifier, sizeof identifier) != 0)
        return "no ACN packet";
    if (!is_layer(bytes, 16, length) || number(bytes + 18, 4) != 0x00000004)
        return "root layer: length or vector";
    return NULL;
}

static const char *framing_fault(const uint8_t *bytes, size_t length)
{
    if (!is_layer(bytes, 38, length) || number(bytes + 40, 4) != 0x00000002)
        return "framing layer: length or vector";
    if (memchr(bytes + 44, '\0', 64) == NULL)
        return "a source name without an end";
    if (bytes[108] > 200)
        return "priority";
    if (number(bytes + 109, 2) != 0 || (bytes[112] & ~0x40) != 0)
        return "synchronization, preview or reserved options";
    return NULL;
}

static const char *dmp_fault(const uint8_t *bytes, size_t length)
{
    if (!is_layer(bytes, 115, length) || bytes[117] != 0x02 || bytes[118] != 0xa1)
        return "DMP layer: length, vector or type";
    if (number(bytes + 119, 2) != 0 || number(bytes + 121, 2) != 1)
        return "DMP layer: first address or increment";
    if (number(bytes + 123, 2) != length - 125)
        return "another count of values than there are";
    return bytes[125] != 0 ? "another start code" : NULL;
}

static const char *fault_of(const uint8_t *bytes, size_t length)
{
    const char *fault = root_fault(bytes, length);
    fault = fault != NULL ? fault : framing_fault(bytes, length);
    return fault != NULL ? fault : dmp_fault(bytes, length);
}

/* 6.7.2: what is up to 20 behind comes out of order. */
static bool is_late(const struct e131_universe *universe, uint8_t sequence)
{
    int ahead = (int8_t)(uint8_t)(sequence - universe->sequence);
    return universe->heard && ahead <= 0 && ahead > -20;
}

void e131_receive(struct e131_model *model, const uint8_t *bytes, size_t length)
{
    const char *fault = fault_of(bytes, length);
    uint32_t index = fault == NULL ? number(bytes + 113, 2) - model->first : 0;
    if (fault == NULL && index >= E131_MODEL_UNIVERSES)
        fault = "a universe that is not here";
    if (fault != NULL) {
        model->fault = fault;
        return;
    }
    struct e131_universe *universe = &model->universes[index];
    memcpy(model->cid, bytes + 22, sizeof model->cid);
    memcpy(model->source, bytes + 44, sizeof model->source);
    model->priority = bytes[108];
    if (is_late(universe, bytes[111])) {
        universe->discarded++;
        return;
    }
    universe->sequence = bytes[111];
    universe->heard = true;
    if ((bytes[112] & 0x40) != 0) { /* its values are ignored */
        universe->terminations++;
        return;
    }
    universe->datagrams++;
    universe->slots = length - 126;
    memcpy(universe->shown, bytes + 126, universe->slots);
}
