/*
 * Bytes on their way to a bus: one or several messages, each sent in one transaction of its own
 * (one chip-select period, one START..STOP, one I2C write).
 */
#ifndef AMBERBAR_CHIPS_WIRE_H
#define AMBERBAR_CHIPS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_MESSAGES_MAX 64

struct wire {
    uint8_t *bytes; /* owned by the caller */
    size_t capacity;
    size_t length;
    size_t ends[WIRE_MESSAGES_MAX]; /* message i is bytes[ends[i-1] .. ends[i]) */
    size_t messages;
    bool limited;  /* the supply's limit has dimmed the frame */
    bool overflow; /* a byte or message did not fit: a bug in the chip's wire_size() */
};

void wire_reset(struct wire *wire);
void wire_add(struct wire *wire, uint8_t byte);
void wire_fill(struct wire *wire, uint8_t byte, size_t count);
void wire_text(struct wire *wire, const char *text);    /* without its NUL */
void wire_number(struct wire *wire, int64_t number);    /* decimal */
uint8_t *wire_reserve(struct wire *wire, size_t count); /* NULL when it does not fit */
void wire_end_message(struct wire *wire);

#endif
