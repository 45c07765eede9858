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

enum bus_kind {
    BUS_GPIO,
    BUS_SPI,
    BUS_I2C,
    BUS_FILE,   /* standard output */
    BUS_DEVICE, /* a file of the kernel's that takes each message whole at its position 0 */
    BUS_LEDS    /* the machine's own lights in /sys/class/leds: one byte a light, 0 off */
};
#define BUS_BIT(kind) (1u << (kind))

/* What the lines of a BUS_GPIO are. Bytes go out most significant bit first unless said. */
enum wiring {
    WIRING_CLOCKED,  /* data, clock: a bit is taken at each rising clock edge; any pause is fine */
    WIRING_LATCHED,  /* data, clock, latch: latch is low during a message, and its rising edge after
                        the last bit makes the chips take what they shifted in */
    WIRING_TWO_WIRE, /* data, clock, both open drain: START, bytes with the least significant bit
                        first and an ACK read after each, STOP */
    WIRING_LINES     /* one line a byte of the message, in the board file's order: 1 active, 0 not;
                        what active means is the line's own flag (active_low), in its request */
};

/* What a chip asks of a BUS_SPI; mode 0 and 8 bits always. */
struct spi_needs {
    int64_t hz;             /* when the board file names no speed */
    int64_t min_hz, max_hz; /* what it may name */
    bool whole;             /* a message must go out in one transfer: a pause in it does harm */
};

struct chip {
    const char *name;           /* the word in a board file's `chip:` */
    const char *summary;        /* one sentence for the manual */
    const struct field *fields; /* its keys beside `name`, `chip` and `bus` */
    size_t settings_size;       /* of the struct that `fields` describes */
    unsigned buses;             /* BUS_BIT()s it can be wired to */
    enum wiring wiring;         /* on BUS_GPIO */
    struct spi_needs spi;       /* on BUS_SPI */
    uint8_t i2c_address;        /* on BUS_I2C, when the board file names none; 7 bits */

    bool (*check)(const void *settings,
                  struct error *error);        /* what no table can say; may be NULL */
    size_t (*pixels)(const void *settings);    /* pixels of a frame it shows; 0: none */
    size_t (*digits)(const void *settings);    /* characters it shows; 0: none */
    size_t (*wire_size)(const void *settings); /* upper bound of the bytes of one frame */

    /* Least time between two changes of what is sent, for what wears; may be NULL: none. */
    int64_t (*hold_ms)(const void *settings);

    /* `raw`: leave out the chip's own corrections (gamma, limiter); for `encode --raw`. */
    void (*encode)(const void *settings, const struct frame *frame, bool raw, struct wire *wire);

    /* What to send after the last (dark) frame, e.g. to give a terminal its cursor back; may be
     * NULL. */
    void (*leave)(const void *settings, struct wire *wire);
    bool captioned; /* shows the frame's caption: a frame differs when only its caption does */
};

extern const struct chip *const chips[]; /* NULL-terminated, in the manual's order */

const struct chip *chip_find(const char *name); /* NULL when there is none */

/* One of its own keys; NULL when it has no such one. */
const struct field *chip_field(const struct chip *chip, const char *key);

#endif
