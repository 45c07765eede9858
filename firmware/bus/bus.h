/*
 * A bus moves bytes (or edges) and knows nothing of colours. One open bus a board output.
 * Errors say the path or line, who owns or holds it, and the fix.
 */
#ifndef AMBERBAR_BUS_BUS_H
#define AMBERBAR_BUS_BUS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_NAME_SIZE 64
#define BUS_LABELS_MAX 8
#define BUS_HALF_PERIOD_MAX_US \
    1000 /* a Blinkt! frame then takes 0.65 s, in which nothing else runs */

/* Two or three lines on a GPIO chip. */
struct gpio_clocked_settings {
    char chips[BUS_LABELS_MAX][BUS_NAME_SIZE]; /* labels, first match wins; "" ends the list */
    char data[BUS_NAME_SIZE]; /* line name, e.g. "GPIO23" (falls back to offset 23) or "23" */
    char clock[BUS_NAME_SIZE];
    char latch[BUS_NAME_SIZE]; /* LATCH, LOAD, CS: rises when a message is complete; "": none */
    int64_t half_period_us;    /* least time between two edges, up to BUS_HALF_PERIOD_MAX_US; 0: as
                                  fast as the kernel allows (two-wire: TWOWIRE_HALF_PERIOD_US) */
};

struct bus; /* opaque */

/*
 * Opens the lines, all low: data is sampled by the lights at each rising clock edge. NULL on error.
 * The chip is looked for by label each time: after it went away and came back under another number,
 * closing and opening anew finds it.
 */
struct bus *bus_open_gpio_clocked(const struct gpio_clocked_settings *settings,
                                  struct error *error);

/*
 * TM1637: clock and data (DIO) as open drain, a START, the bytes with the least significant bit
 * first, an ACK from the display after each, a STOP. A display that does not answer is an error.
 * Modules carry capacitors on both lines: 50 us proved too short for some, 100 us for none
 * (avishorp/TM1637#43).
 */
#define TWOWIRE_HALF_PERIOD_US 100
struct bus *bus_open_gpio_twowire(const struct gpio_clocked_settings *settings,
                                  struct error *error);

/*
 * Lamps and relays, one line each. A message has one byte a line, 0: off. All lines change in one
 * system call. They are off from the moment they are requested, whatever "off" is on each.
 */
#define BUS_LINES_MAX 16
struct gpio_line {
    char name[BUS_NAME_SIZE];
    bool active_low; /* on is low: most relay modules */
};
struct gpio_lines_settings {
    char chips[BUS_LABELS_MAX][BUS_NAME_SIZE]; /* as above */
    struct gpio_line lines[BUS_LINES_MAX];
    size_t count;
};
struct bus *bus_open_gpio_lines(const struct gpio_lines_settings *settings, struct error *error);

/*
 * Lines that stay at a level as long as a bus is open: a HAT's power switch, a chip select.
 * bus_hold() takes the bus, also when it fails, and gives it back with its lines held; NULL stays
 * NULL, and a bus with no lines to hold is given back as it is.
 */
#define BUS_HOLD_MAX 8
struct gpio_hold {
    char line[BUS_NAME_SIZE];
    int level; /* 0 or 1 */
};
struct gpio_hold_settings {
    char chips[BUS_LABELS_MAX][BUS_NAME_SIZE]; /* as above */
    struct gpio_hold lines[BUS_HOLD_MAX];
    size_t count;
};
struct bus *bus_hold(const struct gpio_hold_settings *settings, struct bus *bus,
                     struct error *error);

#define BUS_PATH_SIZE 64

/*
 * spidev, mode 0, 8 bits, most significant first. A message is one chip-select period. The kernel
 * takes up to `bufsiz` bytes at once (4096 unless `spidev.bufsiz=` says otherwise); what is longer
 * goes in pieces of that size when the chip does not mind (APA102), else it is an error.
 */
struct spi_settings {
    char path[BUS_PATH_SIZE]; /* /dev/spidev0.0 */
    int64_t speed_hz;         /* the clock is this or slower */
    bool in_pieces;           /* the chip allows pauses, and chip-select edges, within a message */
};
struct bus *bus_open_spi(const struct spi_settings *settings, struct error *error);

/* i2c-dev: a message is one write to the address. A chip that does not answer is an error. */
struct i2c_settings {
    char path[BUS_PATH_SIZE]; /* /dev/i2c-1 */
    int64_t address;          /* 7 bits: 0x08 to 0x77 */
};
struct bus *bus_open_i2c(const struct i2c_settings *settings, struct error *error);
/* Whether a chip answers there now: a byte is read from it, which changes nothing that it shows. */
bool bus_probe_i2c(const struct i2c_settings *settings, struct error *error);

/*
 * The machine's own lights in /sys/class/leds, taken from their triggers. A message has one byte a
 * light, 0: off. ACT and PWR are also found as led0 and led1, their names on older kernels. Some
 * are lit while their brightness is 0, which the model decides unless the board file does.
 */
#define BUS_LEDS_MAX 8
enum light_sense { LIGHT_BY_MODEL, LIGHT_UPRIGHT, LIGHT_INVERTED };
struct leds_light {
    char name[BUS_NAME_SIZE];
    int inverted; /* enum light_sense */
};
struct leds_settings {
    struct leds_light lights[BUS_LEDS_MAX];
    size_t count;
};
struct bus *bus_open_leds(const struct leds_settings *settings, struct error *error);

/*
 * A device file to which each message is one write at its beginning: /dev/leds0 of the Pi 5's
 * ws2812-pio, where a second write() would begin behind the last light.
 */
struct device_settings {
    char path[BUS_PATH_SIZE];
    char line[BUS_NAME_SIZE]; /* the line that the kernel drives for it; "": not said */
    size_t pixels;            /* that it has to have room for */
};
struct bus *bus_open_device(const struct device_settings *settings, struct error *error);

/* A framebuffer, found by the name that the kernel has for it; each message is one write at its
   beginning. */
struct framebuffer_settings {
    char name[BUS_NAME_SIZE]; /* "RPi-Sense FB" */
};
struct bus *bus_open_framebuffer(const struct framebuffer_settings *settings, struct error *error);

/*
 * A controller in the network: a message is one datagram of up to UDP_MESSAGE_MAX bytes to its
 * address, from a socket that is connected to it and sends only. What is lost is lost: a datagram
 * is not answered. But a controller that has no such port refuses it, and one that is not there is
 * reported by the network, both later: by the next message, which then fails. So one that was sent
 * proves nothing for the next seconds.
 *
 * The address is a number, since a name would have to be looked up while the picture waits.
 */
#define UDP_MESSAGE_MAX 1472 /* what an Ethernet frame holds beside IPv4's and UDP's headers */
struct udp_settings {
    char address[BUS_PATH_SIZE]; /* 192.168.1.60, fe80::1%eth0 */
    int64_t port;
    uint8_t counter_at, counter_from, counter_to, counter_of; /* as a chip's struct udp_needs */
};
struct bus *bus_open_udp(const struct udp_settings *settings, struct error *error);
/* Whether it is the address of one controller; true, too, when there is no way to it from here. */
bool udp_is_address(const char *address);
/* An address that is nobody's, for examples and documentation (RFC 5737, RFC 3849). */
bool udp_is_example(const char *address);

/*
 * A light on USB, by its hidraw device (Linux: Documentation/hid/hidraw.rst): a message is one
 * report, its number first, 0 where reports have none. The device is looked for by what it is each
 * time, never by its number: unplugged and plugged in again it is found by opening anew. A device
 * that answers no report costs up to the five seconds that the kernel gives it.
 */
#define HIDRAW_ANY "any"
struct hidraw_settings {
    char serial[BUS_NAME_SIZE]; /* its serial number; HIDRAW_ANY: the first one that there is */
    const char *product;        /* these as a chip's struct hid_needs */
    uint16_t vendor, id;
    bool features;
};
struct bus *bus_open_hidraw(const struct hidraw_settings *settings, struct error *error);
/* Where it is now: /dev/hidraw3. */
bool hidraw_find(const struct hidraw_settings *settings, char path[static BUS_PATH_SIZE],
                 struct error *error);

/*
 * Bytes to an open file descriptor that stays the caller's (standard output). NULL: no memory.
 * A reader that stops reading costs at most BUS_STALL_MS a message, never the loop; of a message up
 * to PIPE_BUF (4096) bytes to a pipe then nothing was written. The process must ignore SIGPIPE: a
 * reader that went away is an error like others.
 */
#define BUS_STALL_MS 500
struct bus *bus_open_file(int fd, struct error *error);

/* Sends one message whole. After an error the bus may be broken: close it and open it anew. */
bool bus_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error);

/*
 * Leaves clocked lines low, and lamps, held lines and lights as they are (on a Pi they stay so).
 * NULL is fine.
 */
void bus_close(struct bus *bus);

#endif
