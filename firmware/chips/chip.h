/*
 * A chip is an encoder and a table of keys: it turns a frame into the exact bytes its lights
 * expect. Pure: no I/O, no clock, no allocation. Adding a chip is one file with a `const struct
 * chip`, one line in CHIPS, its test, and a row in tests/chips/test_every_chip.c.
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
    BUS_FILE,        /* standard output */
    BUS_DEVICE,      /* a file of the kernel's that takes each message whole at its position 0 */
    BUS_LEDS,        /* the machine's own lights in /sys/class/leds: one byte a light, 0 off */
    BUS_FRAMEBUFFER, /* a framebuffer of the kernel's, by its name: a message is all of it */
    BUS_UDP,         /* a controller in the network: a message is a datagram */
    BUS_HIDRAW       /* a light on USB: a message is a report, its number first */
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
    bool timed;             /* the lights measure pulses: the clock must be what was asked for */
};

/* What a chip asks of a BUS_UDP. */
struct udp_needs {
    int64_t port;         /* when the board file names none */
    uint8_t counter_at;   /* the byte of each datagram that the bus counts up; 0: none */
    uint8_t counter_from; /* the first one, ... */
    uint8_t counter_to;   /* ... and the last, after which the first one comes again */
    uint8_t
        counter_of; /* the byte whose low four bits say which of 16 counts it is; 0: one for all */
};

/* What a chip asks of a BUS_HIDRAW: the device that it is. */
struct hid_needs {
    const char *product; /* "blink(1)" */
    uint16_t vendor, id; /* of USB */
    bool features;       /* its reports are feature reports; else output reports */
};

/* What one sees of a chip whose lights are not the frame's pixels one by one. For pictures of it.
 */
struct chip_face {
    /* Of lights, each row as long as the chip has pixels. With more than one its digits are among
       them, else they stand beside. */
    size_t (*rows)(const void *settings);

    /* Row by row from the top left, as it hangs. */
    void (*see)(const void *settings, const struct frame *frame, struct pixel lights[]);
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
    struct udp_needs udp;       /* on BUS_UDP */
    struct hid_needs hid;       /* on BUS_HIDRAW */
    int64_t repeat_ms;          /* lights that go out by themselves want a picture so often, also
                                   when it stands still; 0: as all others */

    bool (*check)(const void *settings,
                  struct error *error);        /* what no table can say; may be NULL */
    size_t (*pixels)(const void *settings);    /* pixels of a frame it shows; 0: none */
    size_t (*digits)(const void *settings);    /* characters it shows; 0: none */
    size_t (*wire_size)(const void *settings); /* upper bound of the bytes of one frame */

    /* Least time between two changes of what is sent, for what wears; may be NULL: none. */
    int64_t (*hold_ms)(const void *settings);

    /* `raw`: leave out the chip's own corrections (gamma, limiter); for `encode --raw`. */
    void (*encode)(const void *settings, const struct frame *frame, bool raw, struct wire *wire);

    /*
     * For chains whose lights keep what they show when they are not reached. `whole` is a frame's
     * one message, which they show already but for its first `changed` bytes: puts a message into
     * `brief` that makes them show all of it. False: it would be no shorter. NULL: no such chip.
     */
    bool (*cut)(const void *settings, const struct wire *whole, size_t changed, struct wire *brief);

    /* What to send after the last (dark) frame, e.g. to give a terminal its cursor back; may be
     * NULL. */
    void (*leave)(const void *settings, struct wire *wire);
    const struct chip_face *face; /* NULL: its lights are the pixels, or lamps */
    bool captioned;   /* shows the frame's caption: a frame differs when only its caption does */
    bool own_colours; /* of its pixels, whatever a frame's are: a palette changes nothing */
    bool lamps;       /* its pixels are single lights that are on or off (struct lamps_settings) */
};

/* Every chip, in the manual's order. */
#define CHIPS(X)         \
    X(apa102)            \
    X(sk9822)            \
    X(ws2812)            \
    X(sk6812)            \
    X(ws2812_pio)        \
    X(ws2801)            \
    X(lpd8806)           \
    X(p9813)             \
    X(tm1637)            \
    X(tm1638)            \
    X(max7219)           \
    X(max7219_matrix)    \
    X(ht16k33)           \
    X(ht16k33_bicolour)  \
    X(is31fl3731_shim)   \
    X(is31fl3731_scroll) \
    X(hc595)             \
    X(sense_hat)         \
    X(lamps)             \
    X(sysfs_led)         \
    X(ddp)               \
    X(e131)              \
    X(blink1)            \
    X(blinkstick)        \
    X(luxafor)           \
    X(terminal)          \
    X(frames)

#define DECLARE_CHIP(name) extern const struct chip chip_##name;
CHIPS(DECLARE_CHIP)
#undef DECLARE_CHIP

extern const struct chip *const chips[]; /* NULL-terminated */

const struct chip *chip_find(const char *name); /* NULL when there is none */

/* The name of the chip that drives lights which are sold under another one, written anyhow:
   "NeoPixel" is ws2812; NULL: not known. `length` bytes of it count. */
const char *chip_same_wire(const char *name, size_t length);

/* One of its own keys; NULL when it has no such one. */
const struct field *chip_field(const struct chip *chip, const char *key);

#endif
