/*
 * A controller that takes DDP, from the published format (3waylabs, "Distributed Display Protocol",
 * "Packet Format"): it keeps what it gets at its place and shows all of it at a push.
 */
#include "ddp_model.h"

#include <string.h>

static size_t number(const uint8_t *bytes, size_t count)
{
    size_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static const char *fault_of(const uint8_t *bytes, size_t length)
{
    if (length < 10)
        return "no whole header";
    if ((bytes[0] & 0xc0) != 0x40)
        return "another version";
    if ((bytes[0] & 0x3e) != 0)
        return "not plain data: a time code, storage, a query, a reply, or what is reserved";
    if ((bytes[1] & 0xf0) != 0)
        return "the reserved half of the sequence number";
    if (bytes[2] != 0x0b)
        return "not RGB of 8 bits";
    if (bytes[3] != 1)
        return "not for the output";
    if (number(bytes + 8, 2) != length - 10 || length > 10 + 1440)
        return "another length than it says, or than fits";
    if (number(bytes + 4, 4) + length - 10 > DDP_MODEL_BYTES)
        return "beyond the last light";
    return NULL;
}

/* Back-to-back duplicates are ignored; zero is not counted. */
static bool is_duplicate(const struct ddp_model *model, uint8_t sequence)
{
    return sequence != 0 && sequence == model->sequence;
}

void ddp_receive(struct ddp_model *model, const uint8_t *bytes, size_t length)
{
    const char *fault = fault_of(bytes, length);
    if (fault != NULL) {
        model->fault = fault;
        return;
    }
    if (is_duplicate(model, bytes[1] & 0x0f))
        return;
    model->sequence = bytes[1] & 0x0f;
    memcpy(model->buffer + number(bytes + 4, 4), bytes + 10, length - 10);
    model->datagrams++;
    if ((bytes[0] & 0x01) == 0)
        return;
    memcpy(model->shown, model->buffer, sizeof model->shown);
    model->pushes++;
}
