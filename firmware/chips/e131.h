/*
 * Controllers in the network that take E1.31, streaming ACN or sACN (ANSI E1.31-2018): WLED,
 * Falcon, and lighting desks' gear. As many universes as it takes, 170 pixels each, one datagram a
 * universe. Numbers have their highest byte first; lengths count from their own place to the end,
 * behind 7 in the highest four bits.
 *
 *     0-15     0010, 0000, "ASC-E1.17" and three zeros
 *     16-37    length, 00000004, the sender's CID: 16 bytes, the same for ever
 *     38-43    length, 00000002
 *     44-107   the sender's name in UTF-8, which ends with a zero
 *     108-110  priority, 0 to 200; no synchronization
 *     111      sequence number, 0 to 255, of each universe by itself; counted by the bus
 *     112      options; 0x40: the stream is terminated
 *     113-114  universe, 1 to 63999
 *     115-122  length, 02, a1, 0000, 0001
 *     123-124  how many bytes follow
 *     125      0, the start code; then red, green and blue of each pixel
 *
 * A receiver gives a stream up 2.5 s after its last datagram (E131_NETWORK_DATA_LOSS_TIMEOUT), so a
 * picture is sent each 0.9 s, and one or two may be lost. The end is said thrice, in datagrams
 * whose pixels do not count: then the receiver does at once what it does without a stream.
 */
#ifndef AMBERBAR_CHIPS_E131_H
#define AMBERBAR_CHIPS_E131_H

#include "chips/ledstrip.h"

#define E131_PORT 5568
#define E131_HEADER_SIZE 126
#define E131_PIXELS_MAX 170 /* of a universe of 512 bytes */
#define E131_REPEAT_MS 900
#define E131_UNIVERSE_MAX 63999
#define E131_SOURCE_SIZE 64

struct e131_settings {
    int64_t pixels;
    int order; /* of ledstrip_rgb_orders */
    int64_t universe, priority;
    char source[E131_SOURCE_SIZE]; /* the sender's name, by which its CID is made */
};

#endif
