/*
 * A chip is an encoder and a table of keys: it turns a frame into the exact bytes its lights
 * expect. Pure: no I/O, no clock, no allocation. Adding a chip is one file with a `const struct
 * chip`, one line in chip.c's list, and its test.
 */
#ifndef AMBERBAR_CHIPS_CHIP_H
#define AMBERBAR_CHIPS_CHIP_H

#include "base/error.h"
#include "base/field.h"
#include "chips/wire.h"
#include "picture/frame.h"

enum bus_kind { BUS_GPIO, BUS_SPI, BUS_I2C, BUS_FILE };
#define BUS_BIT(kind) (1u << (kind))

struct chip {
    const char *name;           /* the word in a board file's `chip:` */
    const char *summary;        /* one sentence for the manual */
    const struct field *fields; /* its keys beside `name`, `chip` and `bus` */
    size_t settings_size;       /* of the struct that `fields` describes */
    unsigned buses;             /* BUS_BIT()s it can be wired to */

    bool (*check)(const void *settings,
                  struct error *error);        /* what no table can say; may be NULL */
    size_t (*pixels)(const void *settings);    /* pixels of a frame it shows; 0: none */
    size_t (*digits)(const void *settings);    /* characters it shows; 0: none */
    size_t (*wire_size)(const void *settings); /* upper bound of the bytes of one frame */

    /* `raw`: leave out the chip's own corrections (gamma, limiter); for `encode --raw`. */
    void (*encode)(const void *settings, const struct frame *frame, bool raw, struct wire *wire);

    /* What to send after the last (dark) frame, e.g. to give a terminal its cursor back; may be
     * NULL. */
    void (*leave)(const void *settings, struct wire *wire);
    bool captioned; /* shows the frame's caption: a frame differs when only its caption does */
};

extern const struct chip *const chips[]; /* NULL-terminated, in the manual's order */

const struct chip *chip_find(const char *name); /* NULL when there is none */

#endif
