/*
 * A frame as one output of the board gets it: many times a second.
 */
#ifndef AMBERBAR_DAEMON_OUTPUT_H
#define AMBERBAR_DAEMON_OUTPUT_H

#include "config/config.h"

/*
 * The bytes of a frame for one output: its part of the pixels, the right way round and in the order
 * of its wire, encoded. `raw` as for a chip's encode().
 */
void output_encode(const struct output_settings *output, const struct frame *frame, bool raw,
                   struct wire *wire);

#endif
