/*
 * What a controller that takes E1.31 shows after the datagrams it got.
 */
#ifndef AMBERBAR_TESTS_E131_MODEL_H
#define AMBERBAR_TESTS_E131_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define E131_MODEL_UNIVERSES 8

struct e131_universe {
    uint8_t shown[512];
    size_t slots; /* that the last datagram had */
    uint8_t sequence;
    bool heard; /* since it was lost or terminated: the sequence counts */
    size_t datagrams, terminations, discarded;
};

struct e131_model {
    uint16_t first; /* its first universe */
    struct e131_universe universes[E131_MODEL_UNIVERSES];
    uint8_t cid[16], priority;
    char source[64];
    const char *fault; /* the last; NULL: none */
};

void e131_receive(struct e131_model *model, const uint8_t *bytes, size_t length);

#endif
