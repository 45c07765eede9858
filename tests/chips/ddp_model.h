/*
 * What a controller that takes DDP shows after the datagrams it got.
 */
#ifndef AMBERBAR_TESTS_DDP_MODEL_H
#define AMBERBAR_TESTS_DDP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DDP_MODEL_BYTES (3 * 1024)

struct ddp_model {
    uint8_t buffer[DDP_MODEL_BYTES], shown[DDP_MODEL_BYTES];
    uint8_t sequence; /* of the last datagram */
    size_t datagrams, pushes;
    const char *fault; /* the last; NULL: none */
};

void ddp_receive(struct ddp_model *model, const uint8_t *bytes, size_t length);

#endif
