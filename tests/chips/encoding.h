/*
 * What the tests of encoders share: a frame, encoded into no more room than wire_size() says.
 */
#ifndef AMBERBAR_TESTS_ENCODING_H
#define AMBERBAR_TESTS_ENCODING_H

#include "chips/chip.h"

#define ENCODING_COUNTS 12
extern const size_t encoding_counts[ENCODING_COUNTS]; /* strips' lengths on each side of a limit */

/* A colour that depends on `index` alone, of any brightness. */
struct pixel encoding_noise(size_t index);

/* The bytes are good until the next call. Fails the test when they do not fit. */
struct wire encoding_of(const struct chip *chip, const void *settings, const struct frame *frame,
                        bool raw);
struct wire encoding_of_text(const struct chip *chip, const void *settings, const char *text);

/* Message `index`; its length. */
size_t encoding_message(const struct wire *wire, size_t index, const uint8_t **bytes);

#endif
